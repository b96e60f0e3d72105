internal import Foundation

/// A folder of a selftest, removed with everything in it when the value goes.
final class WorkFolder {
    let path: String

    init(in parent: String) throws {
        var template = Array("\(parent)/millrace-selftest-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw SelftestError("no folder can be made in \(parent); name another with --directory")
        }
        self.path = template.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { String(cString: $0) } ?? ""
        }
    }

    deinit { removeTree(self.path) }

    func callAsFunction(_ name: String) -> String { "\(self.path)/\(name)" }
}

/// Why a selftest could not do its work; nothing about what it tests.
package struct SelftestError: Error, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

func removeTree(_ path: String) { _ = try? FileManager.default.removeItem(atPath: path) }

/// Every regular file below `root`, by path in order.
func regularFiles(below root: String) -> [String] {
    guard let walker = FileManager.default.enumerator(atPath: root) else { return [] }
    return walker.compactMap { $0 as? String }.map { "\(root)/\($0)" }.filter { path in
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }.sorted()
}
