internal import Foundation
internal import Storage
internal import Telemetry

/// A folder of a selftest, removed with everything in it when the value goes.
///
/// It is locked while it is in use, so that the next selftest can remove what one that was killed left.
final class WorkFolder {
    private static let prefix = "millrace-selftest-"

    let path: String
    private let lock: Int32

    init(in parent: String) throws {
        Self.removeAbandoned(in: parent)
        var template = Array("\(parent)/\(Self.prefix)XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw SelftestError("no folder can be made in \(parent); name another with --directory")
        }
        self.path = template.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { String(cString: $0) } ?? ""
        }
        self.lock = open(self.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        flock(self.lock, LOCK_EX | LOCK_NB)
    }

    deinit {
        removeTree(self.path)
        close(self.lock)
    }

    func callAsFunction(_ name: String) -> String { "\(self.path)/\(name)" }

    /// Removes folders of this user that nobody holds and that were made long ago: a new one may be
    /// about to be locked.
    private static func removeAbandoned(in parent: String) {
        guard let entries = try? folderEntries(parent) else { return }
        let hourAgo = WallClock.system.milliseconds() / 1_000 - 3_600
        for name in entries.compactMap(\.name) where name.hasPrefix(self.prefix) {
            let path = "\(parent)/\(name)"
            let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_uid == geteuid(),
                status.st_mtim.tv_sec < hourAgo, flock(descriptor, LOCK_EX | LOCK_NB) == 0
            else { continue }
            removeTree(path)
        }
    }
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
