internal import Foundation

/// Where a program of ours lies: all of them are installed into one folder.
///
/// - Returns: the path of `name` beside the running program, whether it is there or not.
package func programBeside(_ name: String) -> String {
    URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: name).path
}
