import Foundation
import Testing

/// The built program, beside the test bundle.
enum WorkerBinary {
    static let path: String = {
        let bundle = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        return bundle.deletingLastPathComponent().appendingPathComponent("millrace").path
    }()

    static var isBuilt: Bool { FileManager.default.isExecutableFile(atPath: self.path) }
    static let absence: Comment = "no millrace beside the test bundle; build the package first"
}
