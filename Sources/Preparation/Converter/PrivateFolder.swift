internal import CProcess
internal import Foundation
internal import Glibc

/// A folder in memory, of this process alone, that is gone when the value is.
///
/// Text must not reach a disk, so only a file system in memory will do. A process that is killed cannot
/// take its folder away: the next one does. It finds that the owner is gone by the lock that the owner
/// held, which the system takes away with it.
struct PrivateFolder: ~Copyable {
    let path: String
    private let lock: Int32

    /// - Parameter place: a folder whose files are in memory; see ``place()``.
    /// - Throws: an `errno` where no folder can be made in it.
    init(in place: String) throws(POSIXError) {
        Self.sweep(place)
        while true {
            let (path, lock) = try Self.make(in: place)
            // One who sweeps may have come between the making and the lock.
            if access(path, F_OK) == 0 {
                self.path = path
                self.lock = lock
                return
            }
            close(lock)
        }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: self.path)
        close(self.lock)
    }

    private static func make(in place: String) throws(POSIXError) -> (String, Int32) {
        var template = Array("\(place)/\(prefix)\(getuid())-XXXXXX".utf8CString)
        // mkdtemp gives the folder the mode 0700.
        guard mkdtemp(&template) != nil else { throw lastError() }
        let path = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } }
        guard let path else { throw POSIXError(.EINVAL) }
        let lock = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard lock >= 0, flock(lock, LOCK_EX) == 0 else {
            let error = lastError()
            if lock >= 0 { close(lock) }
            rmdir(path)
            throw error
        }
        return (path, lock)
    }

    /// Where files are in memory: shared memory, or else this user's folder for what lasts a session.
    ///
    /// - Returns: nil where neither is a file system in memory that this process may write to.
    static func place() -> String? {
        let named = getenv("XDG_RUNTIME_DIR").map { [String(cString: $0)] } ?? []
        return (["/dev/shm"] + named + ["/run/user/\(getuid())"]).first { path in
            path.hasPrefix("/") && cprocess_is_in_memory(path) != 0
                && access(path, W_OK | X_OK) == 0
        }
    }

    /// Takes away the folders whose owners have ended.
    private static func sweep(_ place: String) {
        let own = "\(prefix)\(getuid())-"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
        for name in names.sorted() where name.hasPrefix(own) {
            let path = "\(place)/\(name)"
            let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard folder >= 0 else { continue }
            if flock(folder, LOCK_EX | LOCK_NB) == 0 {
                try? FileManager.default.removeItem(atPath: path)
            }
            close(folder)
        }
    }

    /// The bytes of all files below, as far as they can be counted.
    func byteCount() -> Int {
        let files = FileManager.default.enumerator(
            at: URL(filePath: self.path),
            includingPropertiesForKeys: [.fileSizeKey]
        )
        var sum = 0
        while let file = files?.nextObject() as? URL {
            sum += (try? file.resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? 0
        }
        return sum
    }

    private static let prefix = "millrace-convert-"
}

private func lastError() -> POSIXError { POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
