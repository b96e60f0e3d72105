internal import CFaults
internal import Glibc

/// The system calls that make bytes and names durable, as a value, so that any of them can be let fail.
struct FileCalls: Sendable {
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

    /// What the system does; with a ``FaultPlan`` armed, what the plan lets it do.
    static var system: FileCalls { cfaults_is_armed() == 0 ? .direct : .faulted }

    static let direct = FileCalls(
        write: { Glibc.pwrite($0, $1, $2, off_t($3)) },
        sync: { Glibc.fsync($0) },
        rename: { Glibc.rename($0, $1) },
        remove: { Glibc.unlink($0) },
        makeFolder: { Glibc.mkdir($0, $1) },
        create: { Glibc.open($0, $1, $2) }
    )

    private static let faulted = FileCalls(
        write: { cfaults_pwrite($0, $1, $2, off_t($3)) },
        sync: { cfaults_fsync($0) },
        rename: { cfaults_rename($0, $1) },
        remove: { cfaults_unlink($0) },
        makeFolder: { cfaults_mkdir($0, $1) },
        create: { cfaults_create($0, $1, $2) }
    )
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
