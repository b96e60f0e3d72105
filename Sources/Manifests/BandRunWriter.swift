internal import Hashing
internal import Records
internal import Storage

/// Writes one run, entry by entry, in memory that does not grow with their number but by a byte for eight.
struct BandRunWriter: ~Copyable {
    /// Choice: large beside an entry, small beside anything else.
    private static let pieceByteCount = 1 << 16

    private let shape: BandRunShape
    private var file: StagedFile
    private var hasher = StreamingSHA256()
    private var piece: [UInt8] = []
    private var window: UInt64 = 0
    private var windowBits = 0
    /// How many entries each bucket has, behind a zero.
    private var counts: [UInt32]
    private(set) var count = 0

    init(_ shape: BandRunShape, in folder: String) throws {
        self.shape = shape
        self.file = try StagedFile(in: folder)
        self.counts = [UInt32](repeating: 0, count: shape.bucketCount + 1)
        self.piece.reserveCapacity(Self.pieceByteCount + 8)
    }

    /// - Precondition: entries ascend, and their numbers are within the shape.
    mutating func append(_ entry: BandEntry) throws {
        self.counts[self.shape.bucket(of: entry.key) + 1] += 1
        self.count += 1
        self.window |= self.shape.value(of: entry) << UInt64(self.windowBits)
        self.windowBits += self.shape.entryBits
        while self.windowBits >= 8 {
            self.piece.append(UInt8(truncatingIfNeeded: self.window))
            self.window >>= 8
            self.windowBits -= 8
        }
        if self.piece.count >= Self.pieceByteCount { try self.flush() }
    }

    /// Makes the run durable under its name, if it has an entry.
    consuming func finish() throws -> BandRun? {
        guard self.count > 0 else { return nil }
        if self.windowBits > 0 { self.piece.append(UInt8(truncatingIfNeeded: self.window)) }
        self.piece += [UInt8](repeating: 0, count: 8)
        var start: UInt32 = 0
        for count in self.counts {
            start += count
            withUnsafeBytes(of: start.littleEndian) { self.piece += $0 }
            if self.piece.count >= Self.pieceByteCount { try self.flush() }
        }
        self.piece += self.shape.trailer(count: self.count)
        try self.flush()
        let digest = self.hasher.finish()
        let folder = self.file.folder
        try self.file.commit(to: BandRun.path(digest, in: folder))
        return try BandRun(written: digest, in: folder)
    }

    private mutating func flush() throws {
        self.hasher.update(self.piece)
        try self.file.write(self.piece)
        self.piece.removeAll(keepingCapacity: true)
    }
}
