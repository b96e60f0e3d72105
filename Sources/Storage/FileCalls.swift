package import Glibc
internal import Synchronization

/// The system calls that make bytes and names durable, as a value, so that any of them can be let fail.
package struct FileCalls: Sendable {
    /// `pwrite(2)`: descriptor, bytes, byte count, file offset.
    var write: @Sendable (Int32, UnsafeRawPointer, Int, Int) -> Int
    /// `fsync(2)` of a file or folder.
    var sync: @Sendable (Int32) -> Int32
    /// `rename(2)`: from, to.
    var rename: @Sendable (String, String) -> Int32
    /// `unlink(2)`.
    var remove: @Sendable (String) -> Int32
    /// `mkdir(2)`.
    var makeFolder: @Sendable (String, mode_t) -> Int32
    /// `open(2)` of a file that may have to be made.
    var create: @Sendable (String, Int32, mode_t) -> Int32

    /// What the system does, or what stands before it since ``interpose(_:)``.
    static var system: FileCalls { interposed.withLock { $0 } ?? .direct }

    private static let interposed = Mutex<FileCalls?>(nil)

    /// Puts `calls` in the place of the system's for the rest of this process's life.
    ///
    /// For a program that tests recovery: it counts the calls and lets one of them fail.
    package static func interpose(_ calls: FileCalls) {
        self.interposed.withLock { $0 = calls }
    }

    static let direct = FileCalls(
        write: { Glibc.pwrite($0, $1, $2, off_t($3)) },
        sync: { Glibc.fsync($0) },
        rename: { Glibc.rename($0, $1) },
        remove: { Glibc.unlink($0) },
        makeFolder: { Glibc.mkdir($0, $1) },
        create: { Glibc.open($0, $1, $2) }
    )

    package init(
        write: @escaping @Sendable (Int32, UnsafeRawPointer, Int, Int) -> Int,
        sync: @escaping @Sendable (Int32) -> Int32,
        rename: @escaping @Sendable (String, String) -> Int32,
        remove: @escaping @Sendable (String) -> Int32,
        makeFolder: @escaping @Sendable (String, mode_t) -> Int32,
        create: @escaping @Sendable (String, Int32, mode_t) -> Int32
    ) {
        self.write = write
        self.sync = sync
        self.rename = rename
        self.remove = remove
        self.makeFolder = makeFolder
        self.create = create
    }
}

extension FileCalls {
    /// Writes all of `bytes` at `offset`, however short the single writes are.
    func writeAll(
        _ bytes: UnsafeRawBufferPointer,
        to descriptor: Int32,
        at offset: Int,
        path: String
    ) throws(StorageError) {
        guard let base = bytes.baseAddress else { return }
        var done = 0
        while done < bytes.count {
            let count = self.write(descriptor, base + done, bytes.count - done, offset + done)
            if count > 0 {
                done += count
            } else if count == 0 {
                throw StorageError("write", path: path, systemCode: ENOSPC)
            } else if errno != EINTR {
                throw StorageError("write", path: path, systemCode: errno)
            }
        }
    }

    func syncAll(_ descriptor: Int32, path: String) throws(StorageError) {
        while self.sync(descriptor) != 0 {
            // Only an interrupted call may be repeated: after EIO the pages count as clean, and a
            // second fsync would report a success that never was.
            guard errno == EINTR else {
                throw StorageError("sync", path: path, systemCode: errno)
            }
        }
    }

    /// Opens `path`, never leaking the descriptor into a child process.
    func openFile(
        _ path: String,
        _ flags: Int32,
        mode: mode_t = 0o644
    ) throws(StorageError) -> Int32 {
        while true {
            let descriptor =
                flags & O_CREAT == 0
                ? Glibc.open(path, flags | O_CLOEXEC) : self.create(path, flags | O_CLOEXEC, mode)
            if descriptor >= 0 { return descriptor }
            guard errno == EINTR else {
                throw StorageError("open", path: path, systemCode: errno)
            }
        }
    }
}

/// Opens `path`, never leaking the descriptor into a child process.
func openFile(
    _ path: String,
    _ flags: Int32,
    mode: mode_t = 0o644
) throws(StorageError) -> Int32 {
    try FileCalls.system.openFile(path, flags, mode: mode)
}
