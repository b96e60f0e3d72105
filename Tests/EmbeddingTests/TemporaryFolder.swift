import Foundation

/// A folder that is gone when the test is.
final class TemporaryFolder {
    let url: URL
    var path: String { self.url.path }

    init() throws {
        self.url = FileManager.default.temporaryDirectory
            .appending(path: "millrace-embedding-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: self.url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: self.url) }
}
