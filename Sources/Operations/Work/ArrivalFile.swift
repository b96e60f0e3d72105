internal import Bytes
internal import Records
internal import Text

/// Where an arrival stands: the shard and its number among those of the shard, by ascending id.
struct ArrivalPlace: Hashable, Comparable {
    var shard: Int
    var index: Int

    /// In the same order.
    var word: UInt64 { UInt64(self.shard) << 32 | UInt64(self.index) }

    init(shard: Int, index: Int) {
        self.shard = shard
        self.index = index
    }

    init(word: UInt64) {
        self.init(shard: Int(word >> 32), index: Int(word & 0xFFFF_FFFF))
    }

    static func < (left: Self, right: Self) -> Bool { left.word < right.word }
}

/// A band key of an arrival.
struct ArrivalBand: Comparable {
    /// The key, and in the lowest bits the shard.
    private let word: UInt64
    private let index: UInt32

    static let byteCount = 12
    private static let shardBits = UInt64(UInt64.bitWidth - BandKey.bitCount)

    init(key: UInt64, place: ArrivalPlace) {
        self.word = key << Self.shardBits | UInt64(place.shard)
        self.index = UInt32(place.index)
    }

    /// - Precondition: its bytes are there.
    init(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        self.word = bytes.word(at: offset)
        self.index = bytes.halfWord(at: offset + 8)
    }

    var key: UInt64 { self.word >> Self.shardBits }
    var shard: Int { Int(self.word & (1 << Self.shardBits - 1)) }
    var place: ArrivalPlace { ArrivalPlace(shard: self.shard, index: Int(self.index)) }

    func write(to writer: inout ByteWriter) {
        writer.write(fixed64: self.word)
        writer.write(fixed32: self.index)
    }

    static func < (left: Self, right: Self) -> Bool {
        left.word == right.word ? left.index < right.index : left.word < right.word
    }

    /// The bucket of a key: ranges of keys of about one size, in their order.
    static func bucket(of key: UInt64, count: Int) -> Int {
        // Swift shifts before it multiplies.
        Int((key * UInt64(count)) >> UInt64(BandKey.bitCount))
    }
}

/// What the search for duplicates has to know of the documents of one shard that came or changed, and their band
/// keys by bucket.
struct ArrivalFile {
    /// `MRARRIV1`.
    static let kind: UInt64 = 0x3156_4952_5241_524D

    private enum Section {
        static let records = 0
        static let starts = 1
        static let buckets = 2
    }

    private let file: SectionFile
    let count: Int

    init(_ name: String, _ files: WorkFiles) throws {
        self.file = try SectionFile(name, kind: Self.kind, files)
        guard self.file.sectionCount >= Section.buckets else { throw self.file.damage }
        self.count = self.file[Section.starts].count / 8 - 1
        guard self.count >= 0 else { throw self.file.damage }
    }

    /// Holds what it says of documents to its checksum.
    func checkRecords() throws {
        try self.file.check(Section.records)
        try self.file.check(Section.starts)
    }

    func id(at index: Int) throws -> DocumentID {
        let bytes = try self.bytes(at: index)
        return DocumentID(high: bytes.word(at: 0), low: bytes.word(at: 8))
    }

    func record(at index: Int) throws -> ArrivalRecord {
        guard let record = ArrivalRecord(try self.bytes(at: index)) else { throw self.file.damage }
        return record
    }

    /// The first index from which on ids are at least `id`.
    func index(of id: DocumentID) throws -> Int {
        try lowerBound(of: self.count) { try self.id(at: $0) >= id }
    }

    /// Appends the bands of a bucket.
    func read(bucket: Int, into bands: inout [ArrivalBand]) throws {
        let section = Section.buckets + bucket
        guard section < self.file.sectionCount else { throw self.file.damage }
        try self.file.check(section)
        let bytes = self.file[section]
        for offset in stride(from: 0, to: bytes.count, by: ArrivalBand.byteCount) {
            bands.append(ArrivalBand(bytes, at: offset))
        }
    }

    private func bytes(at index: Int) throws -> UnsafeRawBufferPointer {
        let starts = self.file[Section.starts]
        let records = self.file[Section.records]
        guard let start = Int(exactly: starts.word(at: 8 * index)),
            let end = Int(exactly: starts.word(at: 8 * index + 8)),
            0 <= start, end <= records.count, end - start >= ArrivalRecord.fixedByteCount
        else { throw self.file.damage }
        return UnsafeRawBufferPointer(rebasing: records[start..<end])
    }
}

/// Writes an ``ArrivalFile``.
struct ArrivalFileWriter {
    private let shard: Int
    private var file: SectionFileWriter
    private var starts = ByteWriter()
    private var byteCount = 0
    private var buckets: [ByteWriter]
    private(set) var count = 0

    init(shard: Int, bucketCount: Int, _ files: WorkFiles) throws {
        self.shard = shard
        self.file = try SectionFileWriter(kind: ArrivalFile.kind, files)
        self.buckets = Array(repeating: ByteWriter(), count: bucketCount)
        self.starts.write(fixed64: 0)
    }

    /// - Precondition: ids ascend.
    mutating func add(_ record: ArrivalRecord) throws {
        let bytes = record.bytes
        try self.file.write(bytes)
        self.byteCount += bytes.count
        self.starts.write(fixed64: UInt64(self.byteCount))
        let place = ArrivalPlace(shard: self.shard, index: self.count)
        for key in record.arrival?.bandKeys ?? [] {
            let bucket = ArrivalBand.bucket(of: key, count: self.buckets.count)
            ArrivalBand(key: key, place: place).write(to: &self.buckets[bucket])
        }
        self.count += 1
    }

    /// - Returns: the name of the file.
    mutating func finish() throws -> String {
        self.file.endSection()
        try self.file.section(self.starts.bytes)
        for bucket in self.buckets { try self.file.section(bucket.bytes) }
        return try self.file.finish()
    }
}

/// A document that came, changed or went.
struct ArrivalRecord {
    var id: DocumentID
    /// Nil where it is compared with nothing any more.
    var arrival: DedupeArrival?
    /// Whether the shard has it for a copy of another, or in a group.
    var isResolved: Bool

    static let fixedByteCount = 66

    private enum Flags {
        static let arrives: UInt8 = 1
        static let isResolved: UInt8 = 2
    }

    init(id: DocumentID, arrival: DedupeArrival?, isResolved: Bool) {
        self.id = id
        self.arrival = arrival
        self.isResolved = isResolved
    }

    var bytes: [UInt8] {
        let rank = self.arrival?.rank
        let keys = self.arrival?.bandKeys ?? []
        let exact = self.arrival?.exact ?? .zero
        var writer = ByteWriter(reserving: Self.fixedByteCount + 128 + 5 * keys.count)
        writer.write(fixed64: self.id.high)
        writer.write(fixed64: self.id.low)
        for word in [exact.word0, exact.word1, exact.word2, exact.word3] {
            writer.write(fixed64: word)
        }
        writer.write(fixed64: self.arrival?.facts ?? 0)
        writer.write(fixed32: UInt32(bitPattern: Int32(rank?.containedAt ?? -1)))
        writer.write(fixed32: UInt32(rank?.bytes.count ?? 0))
        writer.write(
            (self.arrival == nil ? 0 : Flags.arrives) | (self.isResolved ? Flags.isResolved : 0)
        )
        writer.write(UInt8(keys.count))
        for byte in rank?.bytes ?? [] { writer.write(byte) }
        for key in keys {
            writer.write(fixed32: UInt32(truncatingIfNeeded: key))
            writer.write(UInt8(key >> 32))
        }
        return writer.bytes
    }

    /// Nil for bytes that are no record.
    ///
    /// - Precondition: there are ``fixedByteCount`` of them.
    init?(_ bytes: UnsafeRawBufferPointer) {
        let rankEnd = Self.fixedByteCount + Int(bytes.halfWord(at: 60))
        let keyCount = Int(bytes[65])
        guard rankEnd + 5 * keyCount == bytes.count else { return nil }
        let flags = bytes[64]
        self.init(
            id: DocumentID(high: bytes.word(at: 0), low: bytes.word(at: 8)),
            arrival: nil,
            isResolved: flags & Flags.isResolved != 0
        )
        guard flags & Flags.arrives != 0 else { return }
        let containedAt = Int(Int32(bitPattern: bytes.halfWord(at: 56)))
        self.arrival = DedupeArrival(
            id: self.id,
            isHeld: false,
            rank: PreferenceRank(
                bytes: Array(bytes[Self.fixedByteCount..<rankEnd]),
                containedAt: containedAt < 0 ? nil : containedAt
            ),
            exact: Digest(
                bytes.word(at: 16),
                bytes.word(at: 24),
                bytes.word(at: 32),
                bytes.word(at: 40)
            ),
            facts: bytes.word(at: 48),
            bandKeys: (0..<keyCount).map { number in
                let offset = rankEnd + 5 * number
                return UInt64(bytes.halfWord(at: offset)) | UInt64(bytes[offset + 4]) << 32
            }
        )
    }
}
