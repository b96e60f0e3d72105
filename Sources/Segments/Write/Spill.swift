internal import Storage

/// Bytes that are appended now and read once at the end: in memory while few, then in a temporary
/// file that vanishes with this object.
final class Spill {
    private let folder: String
    private let bufferByteCount: Int
    private var buffer: [UInt8] = []
    private var file: StagedFile?
    private var flushedChecksum: UInt32 = 0
    private(set) var byteCount = 0

    /// - Parameter bufferByteCount: Bytes held in memory before any goes to a file.
    init(in folder: String, bufferByteCount: Int) {
        self.folder = folder
        self.bufferByteCount = max(bufferByteCount, 1)
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws {
        self.buffer.append(contentsOf: bytes)
        try self.grew(by: bytes.count)
    }

    func append(_ bytes: [UInt8]) throws {
        self.buffer.append(contentsOf: bytes)
        try self.grew(by: bytes.count)
    }

    func append(little value: some FixedWidthInteger) throws {
        self.buffer.append(little: value)
        try self.grew(by: value.bitWidth / 8)
    }

    func append<Value: BitwiseCopyable>(values: [Value]) throws {
        try values.withUnsafeBytes { try self.append($0) }
    }

    /// CRC-32 of all bytes.
    var checksum: UInt32 { crc32(self.buffer, continuing: self.flushedChecksum) }

    /// Calls `body` with the bytes in order.
    func forEachPiece(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        if self.file != nil { try self.map().forEachPiece(body) }
        try self.buffer.withUnsafeBytes { try body($0) }
    }

    /// All bytes in one piece.
    func contiguous() throws -> SpilledBytes {
        guard self.file != nil else { return SpilledBytes(copying: self.buffer) }
        try self.flush()
        return SpilledBytes(mapping: try self.map(), of: self)
    }

    private func grew(by count: Int) throws {
        self.byteCount += count
        if self.buffer.count >= self.bufferByteCount { try self.flush() }
    }

    private func flush() throws {
        guard !self.buffer.isEmpty else { return }
        if self.file == nil { self.file = try StagedFile(in: self.folder) }
        self.flushedChecksum = crc32(self.buffer, continuing: self.flushedChecksum)
        try self.file?.write(self.buffer)
        self.buffer.removeAll(keepingCapacity: true)
    }

    private func map() throws -> MappedFile {
        // Replacing nothing makes the staged file pass on what it still buffers.
        try self.file?.pwrite([], at: 0)
        return try MappedFile(path: self.file?.path ?? "")
    }
}

/// The bytes of a spill in one piece, in place while this object lives.
final class SpilledBytes {
    let bytes: UnsafeRawBufferPointer
    private let copy: UnsafeMutableRawBufferPointer?
    private let file: MappedFile?
    /// Keeps the temporary file until the bytes have been read.
    private let spill: Spill?
    /// Choice: a system call a megabyte of each run.
    private static let releasedByteCount = 1 << 20
    private var released = 0

    fileprivate init(copying buffer: [UInt8]) {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: buffer.count, alignment: 8)
        copy.copyBytes(from: buffer)
        self.bytes = UnsafeRawBufferPointer(copy)
        self.copy = copy
        self.file = nil
        self.spill = nil
    }

    fileprivate init(mapping file: MappedFile, of spill: Spill) {
        self.bytes = file.bytes
        self.copy = nil
        self.file = file
        self.spill = spill
    }

    deinit { self.copy?.deallocate() }

    /// What comes before `offset` is not read again soon.
    func release(before offset: Int) {
        let start = self.released
        guard let file, offset - start >= Self.releasedByteCount else { return }
        file.release(start..<offset)
        self.released = offset
    }
}
