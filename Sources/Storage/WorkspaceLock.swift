internal import Foundation
internal import Glibc

/// Who holds a workspace; written into the lock file for people and for error messages.
package struct LockHolder: Hashable, Sendable, Codable {
    package var host: String
    package var processID: Int32
    /// The verb at work, such as `sync`.
    package var verb: String
    /// Milliseconds since 1970, by the holder's clock.
    package var startedMilliseconds: Int64

    package init(host: String, processID: Int32, verb: String, startedMilliseconds: Int64) {
        self.host = host
        self.processID = processID
        self.verb = verb
        self.startedMilliseconds = startedMilliseconds
    }

    /// This process on this host.
    package static func current(verb: String, startedMilliseconds: Int64) -> LockHolder {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        let host = name.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { String(cString: $0) } ?? ""
        }
        return LockHolder(
            host: host,
            processID: getpid(),
            verb: verb,
            startedMilliseconds: startedMilliseconds
        )
    }
}

/// The one writer of a workspace, for as long as this object lives.
///
/// The lock is `flock(2)` on a file that is never removed or replaced: the kernel releases it when the
/// process dies, however it dies, and two processes can never hold locks on two files of that name.
/// Readers do not take it.
package final class WorkspaceLock: Sendable {
    package let path: String
    package let holder: LockHolder
    private let descriptor: Int32
    private let isShared: Bool

    private init(path: String, holder: LockHolder, descriptor: Int32, isShared: Bool = false) {
        self.path = path
        self.holder = holder
        self.descriptor = descriptor
        self.isShared = isShared
    }

    deinit {
        // What a shared lock's file says is of someone else.
        if !self.isShared { ftruncate(self.descriptor, 0) }
        // Closing is not enough: a child that is just being started has the descriptor until it runs.
        flock(self.descriptor, LOCK_UN)
        close(self.descriptor)
    }

    /// Takes the lock at `path` or fails at once; to wait, ask again.
    ///
    /// - Throws: ``StorageError`` `.locked` naming the holder, `.permission` or `.io`.
    package static func acquire(
        _ path: String,
        as holder: LockHolder
    ) throws(StorageError) -> WorkspaceLock {
        let descriptor = try openFile(path, O_RDWR | O_CREAT)
        do {
            try Self.lock(descriptor, path: path)
            try Self.write(holder, to: descriptor, path: path)
        } catch {
            close(descriptor)
            throw error
        }
        return WorkspaceLock(path: path, holder: holder, descriptor: descriptor)
    }

    /// Takes the lock at `path` beside others that share it, and against those who want it alone, or fails
    /// at once.
    ///
    /// - Throws: as ``acquire(_:as:)``.
    package static func share(
        _ path: String,
        as holder: LockHolder
    ) throws(StorageError) -> WorkspaceLock {
        let descriptor = try openFile(path, O_RDWR | O_CREAT)
        do {
            try Self.lock(descriptor, path: path, LOCK_SH)
        } catch {
            close(descriptor)
            throw error
        }
        return WorkspaceLock(path: path, holder: holder, descriptor: descriptor, isShared: true)
    }

    /// What the lock file says; nil when no one holds the lock or the file cannot be read.
    package static func holder(at path: String) -> LockHolder? {
        guard let bytes = try? readFile(path, maximumBytes: 1 << 16), !bytes.isEmpty,
            let descriptor = try? openFile(path, O_RDONLY)
        else { return nil }
        defer { close(descriptor) }
        // A holder that was killed leaves its name behind; the kernel knows better.
        if flock(descriptor, LOCK_SH | LOCK_NB) == 0 {
            flock(descriptor, LOCK_UN)
            return nil
        }
        return try? JSONDecoder().decode(LockHolder.self, from: Data(bytes))
    }

    private static func lock(
        _ descriptor: Int32,
        path: String,
        _ kind: Int32 = LOCK_EX
    ) throws(StorageError) {
        // Whoever asks for the holder's name has the lock for a moment: see `holder(at:)`.
        let attemptLimit = 10
        var attempts = 1
        while flock(descriptor, kind | LOCK_NB) != 0 {
            switch errno {
            case EINTR: continue
            case EWOULDBLOCK where attempts < attemptLimit:
                attempts += 1
                usleep(5_000)
            case EWOULDBLOCK: throw Self.lockedError(path: path)
            case let systemCode: throw StorageError("lock", path: path, systemCode: systemCode)
            }
        }
    }

    private static func lockedError(path: String) -> StorageError {
        let bytes = (try? readFile(path, maximumBytes: 1 << 16)) ?? []
        let holder = try? JSONDecoder().decode(LockHolder.self, from: Data(bytes))
        let name =
            holder.map { "'\($0.verb)' (process \($0.processID) on \($0.host))" }
            ?? "another process"
        return StorageError(
            .locked,
            path: path,
            "in use by \(name); wait for it to end, or stop it",
            holder: holder
        )
    }

    private static func write(
        _ holder: LockHolder,
        to descriptor: Int32,
        path: String
    ) throws(StorageError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        guard let json = try? encoder.encode(holder) else { return }
        var bytes = [UInt8](json)
        bytes.append(UInt8(ascii: "\n"))
        ftruncate(descriptor, 0)
        try bytes.withRawBytes { (raw) throws(StorageError) in
            try FileCalls.system.writeAll(raw, to: descriptor, at: 0, path: path)
        }
    }
}
