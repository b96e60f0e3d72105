internal import Records

/// 32-bit numbers of about one size in Rice coding: a count, the number of low bits, and for each number its
/// high part as so many ones and a zero, then its low bits, from the lowest bit of each byte.
///
/// The differences between the 430 hashes of a page take 25 bits each, half a bit more than any coding could
/// do with.
enum RiceCoding {
    private static let lowBitsMax = 31

    static func encode(_ values: [UInt32], to writer: inout ByteWriter) {
        let lowBits = self.lowBits(of: values)
        writer.write(count: values.count)
        writer.write(UInt8(lowBits))
        var bits = BitWriter()
        for value in values {
            bits.write(ones: value >> lowBits)
            bits.write(value & ((1 << lowBits) - 1), count: lowBits)
        }
        for byte in bits.finish() { writer.write(byte) }
    }

    /// Reads up to where the last number ends.
    ///
    /// - Throws: ``BadColumn`` for what no encoder writes.
    static func decode(_ reader: inout ByteReader) throws -> [UInt32] {
        let count = try reader.readCount()
        let lowBits = Int(try reader.readByte())
        let rest = reader.bytes.count - reader.offset
        // A number takes a bit at least, so a larger count is a lie.
        guard count <= rest * 8, lowBits <= Self.lowBitsMax else { throw BadColumn() }
        var bits = BitReader(reader.bytes, offset: reader.offset)
        var values: [UInt32] = []
        values.reserveCapacity(count)
        for _ in 0..<count {
            let high = try bits.ones(maximum: UInt32.max >> lowBits)
            values.append(high << lowBits | UInt32(try bits.read(lowBits)))
        }
        let end = try bits.finish()
        while reader.offset < end { _ = try reader.readByte() }
        return values
    }

    /// The number of low bits that makes the fewest bytes; one of the two about the mean.
    private static func lowBits(of values: [UInt32]) -> Int {
        guard !values.isEmpty else { return 0 }
        let mean = values.reduce(UInt64(0)) { $0 + UInt64($1) } / UInt64(values.count)
        let above = mean == 0 ? 0 : 63 - mean.leadingZeroBitCount
        func cost(_ lowBits: Int) -> UInt64 {
            values.reduce(UInt64(values.count * lowBits)) { $0 + UInt64($1 >> lowBits) }
        }
        return above > 0 && cost(above - 1) <= cost(above) ? above - 1 : above
    }
}

/// Ascending 32-bit numbers as differences.
///
/// Before schema 13 the differences stood in LEB128 behind their count. A number that no count can be stands
/// before what came later.
enum AscendingCoding {
    private static let inBits = UInt64(1) << 32 + 2

    /// - Precondition: `values` ascend; equal neighbours are allowed.
    static func encode(_ values: [UInt32]) -> [UInt8] {
        var differences: [UInt32] = []
        differences.reserveCapacity(values.count)
        var previous: UInt32 = 0
        for value in values {
            precondition(value >= previous, "the values ascend")
            differences.append(value - previous)
            previous = value
        }
        var writer = ByteWriter(reserving: values.count * 3 + values.count / 4 + 12)
        writer.write(varint: self.inBits)
        RiceCoding.encode(differences, to: &writer)
        return writer.bytes
    }

    static func decode(_ bytes: [UInt8]) throws -> [UInt32] {
        guard !bytes.isEmpty else { return [] }
        var reader = ByteReader(bytes)
        let first = try reader.readVarint()
        var values: [UInt32]
        if first == self.inBits {
            values = try RiceCoding.decode(&reader)
        } else {
            // A value takes a byte at least, so a larger count is a lie.
            guard let count = Int(exactly: first), count <= bytes.count else { throw BadColumn() }
            values = []
            values.reserveCapacity(count)
            for _ in 0..<count {
                guard let value = UInt32(exactly: try reader.readVarint()) else {
                    throw BadColumn()
                }
                values.append(value)
            }
        }
        guard reader.isAtEnd else { throw BadColumn() }
        for index in values.indices.dropFirst() {
            let (value, overflow) = values[index - 1].addingReportingOverflow(values[index])
            guard !overflow else { throw BadColumn() }
            values[index] = value
        }
        return values
    }
}

/// The band keys of a signature: a zero byte, then five bytes each, lowest first; none are no bytes.
///
/// Before schema 16 the minimums stood there that they follow from, which begin with another byte or are longer.
enum BandKeyCoding {
    private static let keyByteCount = BandKey.bitCount / 8
    private static let byteCountMax = 1 + Signature.bandCount * Self.keyByteCount

    static func encode(_ keys: [UInt64]) -> [UInt8] {
        guard !keys.isEmpty else { return [] }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCountMax)
        bytes.append(0)
        for key in keys {
            for place in 0..<Self.keyByteCount {
                bytes.append(UInt8(truncatingIfNeeded: key >> UInt64(8 * place)))
            }
        }
        return bytes
    }

    static func decode(_ bytes: UnsafeRawBufferPointer) throws -> [UInt64] {
        guard bytes.first == 0, bytes.count <= Self.byteCountMax else {
            return BandKey.stored(BandKey.whole(ofMinimums: try MinimumCoding.decode(bytes)))
        }
        let (count, rest) = (bytes.count - 1).quotientAndRemainder(dividingBy: Self.keyByteCount)
        guard count > 0, rest == 0 else { throw BadColumn() }
        return (0..<count).map { index in
            let start = 1 + index * Self.keyByteCount
            return bytes[start..<start + Self.keyByteCount].reversed()
                .reduce(0) { $0 << 8 | UInt64($1) }
        }
    }
}

/// The minimums of a signature of before schema 16, which are small beside 2^32: in Rice coding, and a zero
/// byte where their length would be a multiple of four.
///
/// Before schema 13 they were little-endian 32-bit words. A length that no words have tells what came later.
enum MinimumCoding {
    static func decode(_ bytes: UnsafeRawBufferPointer) throws -> [UInt32] {
        if bytes.count.isMultiple(of: 4) { return try [UInt32](blob: bytes) }
        var reader = ByteReader([UInt8](bytes))
        let values = try RiceCoding.decode(&reader)
        if !reader.isAtEnd, reader.offset.isMultiple(of: 4) {
            guard try reader.readByte() == 0 else { throw BadColumn() }
        }
        guard reader.isAtEnd, !values.isEmpty else { throw BadColumn() }
        return values
    }
}

private struct BitWriter {
    private var bytes: [UInt8] = []
    private var window: UInt64 = 0
    private var count = 0

    /// - Parameter count: at most 32, and no bit of `value` above them is set.
    mutating func write(_ value: UInt32, count: Int) {
        self.window |= UInt64(value) << self.count
        self.count += count
        while self.count >= 8 {
            self.bytes.append(UInt8(truncatingIfNeeded: self.window))
            self.window >>= 8
            self.count -= 8
        }
    }

    /// So many ones and a zero.
    mutating func write(ones: UInt32) {
        var rest = ones
        while rest >= 16 {
            self.write(0xFFFF, count: 16)
            rest -= 16
        }
        self.write(1 << rest - 1, count: Int(rest) + 1)
    }

    mutating func finish() -> [UInt8] {
        if self.count > 0 { self.write(0, count: 8 - self.count) }
        return self.bytes
    }
}

private struct BitReader {
    private let bytes: [UInt8]
    /// Of the next byte that is not in the window.
    private var offset: Int
    private var window: UInt64 = 0
    private var count = 0

    init(_ bytes: [UInt8], offset: Int) {
        self.bytes = bytes
        self.offset = offset
    }

    private mutating func refill() {
        while self.count <= 56, self.offset < self.bytes.count {
            self.window |= UInt64(self.bytes[self.offset]) << self.count
            self.offset += 1
            self.count += 8
        }
    }

    mutating func read(_ count: Int) throws -> UInt64 {
        self.refill()
        guard count <= self.count else { throw BadColumn() }
        defer { self.drop(count) }
        return self.window & ((1 << count) - 1)
    }

    /// How many ones stand before the next zero.
    mutating func ones(maximum: UInt32) throws -> UInt32 {
        var total = 0
        while true {
            self.refill()
            let ones = min((~self.window).trailingZeroBitCount, self.count)
            total += ones
            guard total <= Int(maximum), ones < self.count || self.offset < self.bytes.count else {
                throw BadColumn()
            }
            let isEnd = ones < self.count
            self.drop(isEnd ? ones + 1 : ones)
            if isEnd { return UInt32(total) }
        }
    }

    /// Where the bytes that were begun end; the bits that are left of the last are zeros.
    func finish() throws -> Int {
        let bits = self.count % 8
        guard self.window & ((1 << bits) - 1) == 0 else { throw BadColumn() }
        return self.offset - self.count / 8
    }

    private mutating func drop(_ count: Int) {
        self.window >>= count
        self.count -= count
    }
}
