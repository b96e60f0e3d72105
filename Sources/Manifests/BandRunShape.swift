internal import Records

/// A group under one of its band keys.
struct BandEntry: Hashable, Comparable {
    var key: UInt64
    var number: Int64

    static func < (left: Self, right: Self) -> Bool {
        left.key == right.key ? left.number < right.number : left.key < right.key
    }
}

/// How the entries of a run lie in its file; see `Manifests.docc/Schema.md`.
///
/// Keys are hashes, so their high bits part them into buckets of about one size, and an entry holds the rest
/// of its key and its number above the lowest one, in as few bits as all of them need.
struct BandRunShape: Hashable {
    /// Choice: as many bits of a bucket's place as of what its entries need not hold.
    private static let entriesPerBucket = 32
    /// An entry that begins within a byte is read as one 64-bit word.
    private static let entryBitsMax = 57
    /// More groups than a run can have.
    private static let numberBitsMax = 40
    static let countMax = Int(UInt32.max)

    let low: Int64
    let high: Int64
    let bucketBits: Int
    let numberBits: Int

    /// - Parameter low, high: the smallest and the largest number.
    /// - Parameter count: at least so many entries as there will be.
    init(low: Int64, high: Int64, count: Int) {
        precondition(low <= high && count <= Self.countMax, "a run has numbers that fit")
        self.low = low
        self.high = high
        self.numberBits = Int64.bitWidth - (high - low).leadingZeroBitCount
        precondition(self.numberBits <= Self.numberBitsMax, "numbers are given out in turn")
        let buckets = max(1, count / Self.entriesPerBucket)
        let even = Int.bitWidth - 1 - buckets.leadingZeroBitCount
        let needed = BandKey.bitCount + self.numberBits - Self.entryBitsMax
        self.bucketBits = max(even, needed)
    }

    /// Nil for numbers that no run has.
    init?(low: Int64, high: Int64, bucketBits: Int, numberBits: Int) {
        let (range, overflow) = high.subtractingReportingOverflow(low)
        guard !overflow, range >= 0, (0...30).contains(bucketBits),
            numberBits == Int64.bitWidth - range.leadingZeroBitCount,
            BandKey.bitCount - bucketBits + numberBits <= Self.entryBitsMax
        else { return nil }
        self.low = low
        self.high = high
        self.bucketBits = bucketBits
        self.numberBits = numberBits
    }

    var bucketCount: Int { 1 << self.bucketBits }
    var entryBits: Int { BandKey.bitCount - self.bucketBits + self.numberBits }

    func bucket(of key: UInt64) -> Int { Int(key >> UInt64(BandKey.bitCount - self.bucketBits)) }

    /// What stands for an entry within its bucket; ascends with key and number.
    func value(of entry: BandEntry) -> UInt64 {
        self.floor(of: entry.key) | UInt64(entry.number - self.low)
    }

    /// The least value that an entry with this key may have.
    func floor(of key: UInt64) -> UInt64 {
        let rest = key & (1 << UInt64(BandKey.bitCount - self.bucketBits) - 1)
        return rest << UInt64(self.numberBits)
    }

    func entry(_ value: UInt64, bucket: Int) -> BandEntry {
        let high = UInt64(bucket) << UInt64(BandKey.bitCount - self.bucketBits)
        return BandEntry(key: high | value >> UInt64(self.numberBits), number: self.number(value))
    }

    func number(_ value: UInt64) -> Int64 {
        self.low + Int64(value & (1 << UInt64(self.numberBits) - 1))
    }

    func entryByteCount(_ count: Int) -> Int { (count * self.entryBits + 7) / 8 }

    /// Of a whole file: entries, room to read the last one as a word, the buckets' places, the trailer.
    func fileByteCount(_ count: Int) -> Int {
        self.entryByteCount(count) + 8 + 4 * (self.bucketCount + 1) + Self.trailerByteCount
    }
}

// MARK: The trailer

extension BandRunShape {
    static let trailerByteCount = 48
    /// `MRBANDS1`.
    private static let magic: UInt64 = 0x3153_444E_4142_524D

    func trailer(count: Int) -> [UInt8] {
        var writer = ByteWriter(reserving: Self.trailerByteCount)
        writer.write(fixed64: Self.magic)
        writer.write(fixed64: UInt64(bitPattern: self.low))
        writer.write(fixed64: UInt64(bitPattern: self.high))
        writer.write(fixed64: UInt64(count))
        writer.write(fixed64: UInt64(self.bucketBits))
        writer.write(fixed64: UInt64(self.numberBits))
        return writer.bytes
    }

    /// - Throws: ``BadColumn`` for what no writer writes.
    static func read(
        _ file: UnsafeRawBufferPointer
    ) throws -> (shape: BandRunShape, count: Int) {
        guard file.count >= Self.trailerByteCount else { throw BadColumn() }
        var reader = ByteReader([UInt8](file.suffix(Self.trailerByteCount)))
        guard try reader.readFixed64() == Self.magic else { throw BadColumn() }
        let low = Int64(bitPattern: try reader.readFixed64())
        let high = Int64(bitPattern: try reader.readFixed64())
        let count = try reader.readFixed64()
        let bucketBits = try reader.readFixed64()
        let numberBits = try reader.readFixed64()
        guard let count = Int(exactly: count), count <= Self.countMax, bucketBits < 64,
            numberBits < 64,
            let shape = BandRunShape(
                low: low,
                high: high,
                bucketBits: Int(bucketBits),
                numberBits: Int(numberBits)
            ), shape.fileByteCount(count) == file.count
        else { throw BadColumn() }
        return (shape, count)
    }
}
