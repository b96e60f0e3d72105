internal import Glibc
internal import Synchronization

/// A file under a temporary name, which appears under its own name whole and durable, or never.
///
/// A crash leaves at most a file whose name starts with ``namePrefix``; ``removeStagedFiles(in:)``
/// sweeps those. Dropped without ``commit(to:)``, it removes itself.
package struct StagedFile: ~Copyable {
    package static let namePrefix = ".tmp-"
    /// Choice: large enough that system calls do not count, small beside the memory budget.
    private static let bufferByteCount = 1 << 16
    private static let counter = Atomic<UInt64>(0)

    package let folder: String
    /// The temporary path.
    package let path: String
    /// Bytes written so far.
    package private(set) var byteCount = 0
    /// Negative once committed or closed.
    private var descriptor: Int32
    private var buffer: [UInt8] = []
    private let calls: FileCalls

    /// Opens a new temporary file in `folder`, which must exist.
    package init(in folder: String) throws(StorageError) {
        try self.init(in: folder, calls: .system)
    }

    init(in folder: String, calls: FileCalls) throws(StorageError) {
        self.folder = folder
        self.calls = calls
        (self.path, self.descriptor) = try Self.open(in: folder, calls: calls)
    }

    deinit {
        guard self.descriptor >= 0 else { return }
        close(self.descriptor)
        unlink(self.path)
    }

    /// Appends `bytes`.
    package mutating func write(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
        if self.buffer.count + bytes.count > Self.bufferByteCount { try self.flush() }
        if bytes.count >= Self.bufferByteCount {
            try self.calls.writeAll(
                bytes,
                to: self.descriptor,
                at: self.byteCount,
                path: self.path
            )
        } else {
            self.buffer.append(contentsOf: bytes)
        }
        self.byteCount += bytes.count
    }

    /// Appends `bytes`.
    package mutating func write(_ bytes: [UInt8]) throws(StorageError) {
        try bytes.withRawBytes { (raw) throws(StorageError) in try self.write(raw) }
    }

    /// Replaces bytes that were written before, such as a header known only at the end.
    ///
    /// - Precondition: the range lies within what was written.
    package mutating func pwrite(
        _ bytes: UnsafeRawBufferPointer,
        at offset: Int
    ) throws(StorageError) {
        precondition(
            offset >= 0 && offset <= self.byteCount - bytes.count,
            "pwrite replaces bytes, it does not add any"
        )
        try self.flush()
        try self.calls.writeAll(bytes, to: self.descriptor, at: offset, path: self.path)
    }

    /// Replaces bytes that were written before.
    package mutating func pwrite(_ bytes: [UInt8], at offset: Int) throws(StorageError) {
        try bytes.withRawBytes { (raw) throws(StorageError) in
            try self.pwrite(raw, at: offset)
        }
    }

    /// Makes the file durable under `path`, in the same folder, replacing what was there.
    ///
    /// Order: fsync of the file, rename, fsync of the folder. After an error before the rename the old
    /// file is untouched; after it, the new file is there and may be lost by a power cut only.
    package mutating func commit(to path: String) throws(StorageError) {
        precondition(self.descriptor >= 0, "a staged file is committed once")
        precondition(parentFolder(of: path) == self.folder, "a rename must not cross folders")
        try self.flush()
        let size = try FileStatus(descriptor: self.descriptor, path: self.path).size
        guard size == self.byteCount else {
            throw StorageError(
                .io,
                path: self.path,
                "\(size) bytes on disk, \(self.byteCount) were written"
            )
        }
        try self.calls.syncAll(self.descriptor, path: self.path)
        guard self.calls.rename(self.path, path) == 0 else {
            throw StorageError("rename to \(path)", path: self.path, systemCode: errno)
        }
        close(self.descriptor)
        self.descriptor = -1
        try syncFolder(self.folder, calls: self.calls)
    }

    /// Makes the file durable under `path`, in the same folder, where nothing has that name yet.
    ///
    /// - Returns: false, with nothing changed, when something has.
    package mutating func commitNew(to path: String) throws(StorageError) -> Bool {
        precondition(self.descriptor >= 0, "a staged file is committed once")
        precondition(parentFolder(of: path) == self.folder, "a link must not cross folders")
        try self.flush()
        try self.calls.syncAll(self.descriptor, path: self.path)
        // Unlike a rename, a link replaces nothing.
        let isMade = link(self.path, path) == 0
        let code = errno
        close(self.descriptor)
        self.descriptor = -1
        unlink(self.path)
        guard isMade || code == EEXIST else {
            throw StorageError("link to \(path)", path: self.path, systemCode: code)
        }
        try syncFolder(self.folder, calls: self.calls)
        return isMade
    }

    private mutating func flush() throws(StorageError) {
        guard !self.buffer.isEmpty else { return }
        let offset = self.byteCount - self.buffer.count
        try self.buffer.withRawBytes { (raw) throws(StorageError) in
            try self.calls.writeAll(raw, to: self.descriptor, at: offset, path: self.path)
        }
        self.buffer.removeAll(keepingCapacity: true)
    }

    private static func open(
        in folder: String,
        calls: FileCalls
    ) throws(StorageError) -> (String, Int32) {
        while true {
            let number = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
            let path = "\(folder)/\(Self.namePrefix)\(getpid())-\(number)"
            do {
                return (path, try calls.openFile(path, O_RDWR | O_CREAT | O_EXCL))
            } catch  where error.code == .alreadyExists {
                continue
            }
        }
    }
}
