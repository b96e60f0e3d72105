import Foundation
import Testing

/// The built program, beside the test bundle.
enum WorkerBinary {
    static let path: String = {
        let bundle = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        return bundle.deletingLastPathComponent().appendingPathComponent("millrace-worker").path
    }()

    static var isBuilt: Bool { FileManager.default.isExecutableFile(atPath: self.path) }
    static let absence: Comment = "no millrace-worker beside the tests; build the package first"
}
