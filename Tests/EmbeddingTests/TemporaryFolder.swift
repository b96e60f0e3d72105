import Foundation
import Synchronization

/// A folder that is gone when the tests are: what reads it may live longer than the name it was made under.
final class TemporaryFolder: Sendable {
    let url: URL
    var path: String { self.url.path }

    init() throws {
        self.url = FileManager.default.temporaryDirectory
            .appending(path: "millrace-embedding-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: self.url, withIntermediateDirectories: true)
        made.withLock { made in
            if made.isEmpty { atexit { removeMadeFolders() } }
            made.append(self.url)
        }
    }
}

private let made = Mutex<[URL]>([])

private func removeMadeFolders() {
    for url in made.withLock({ $0 }) { try? FileManager.default.removeItem(at: url) }
}
