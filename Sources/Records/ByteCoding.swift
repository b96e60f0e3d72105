/// Appends values to a byte buffer: little-endian, lengths as unsigned LEB128.
///
/// Used for frames between processes and for compact manifest columns, both written and read by
/// the same binary family; each user puts its own version number in front.
package struct ByteWriter: Sendable {
    package private(set) var bytes: [UInt8]

    package init(reserving byteCount: Int = 0) {
        self.bytes = []
        self.bytes.reserveCapacity(byteCount)
    }

    package mutating func write(_ value: UInt8) { self.bytes.append(value) }

    package mutating func write(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            self.bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        self.bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// - Precondition: `value` is not negative.
    package mutating func write(count value: Int) {
        precondition(value >= 0, "a count is never negative")
        self.write(varint: UInt64(value))
    }

    package mutating func write(fixed32 value: UInt32) {
        withUnsafeBytes(of: value.littleEndian) { self.bytes.append(contentsOf: $0) }
    }

    package mutating func write(fixed64 value: UInt64) {
        withUnsafeBytes(of: value.littleEndian) { self.bytes.append(contentsOf: $0) }
    }

    package mutating func write(_ value: Float) { self.write(fixed32: value.bitPattern) }

    package mutating func write(_ value: [UInt8]) {
        self.write(count: value.count)
        self.bytes.append(contentsOf: value)
    }

    package mutating func write(_ value: String) {
        let utf8 = value.utf8
        self.write(count: utf8.count)
        self.bytes.append(contentsOf: utf8)
    }

    package mutating func write(_ value: Digest) {
        for word in [value.word0, value.word1, value.word2, value.word3] {
            self.bytes.append(bigEndian: word)
        }
    }

    package mutating func write(words values: [UInt32]) {
        self.write(count: values.count)
        // Every platform this runs on is little-endian, so the memory image is the format.
        values.withUnsafeBytes { self.bytes.append(contentsOf: $0) }
    }
}

/// The bytes ended early or held an impossible value.
package struct ByteReaderError: Error, Sendable, CustomStringConvertible {
    package let offset: Int
    package let message: String

    package var description: String { "at byte \(self.offset): \(self.message)" }
}

/// Reads what ``ByteWriter`` wrote; every length is checked before it is believed.
package struct ByteReader: Sendable {
    package let bytes: [UInt8]
    package private(set) var offset: Int

    package init(_ bytes: [UInt8], offset: Int = 0) {
        self.bytes = bytes
        self.offset = offset
    }

    package var isAtEnd: Bool { self.offset == self.bytes.count }

    package mutating func readByte() throws -> UInt8 {
        try self.need(1)
        defer { self.offset += 1 }
        return self.bytes[self.offset]
    }

    package mutating func readVarint() throws -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try self.readByte()
            guard shift < 63 || byte <= 1 else { throw self.error("integer over 64 bits") }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }

    package mutating func readCount() throws -> Int {
        let value = try self.readVarint()
        guard value <= UInt64(Int32.max) * 64 else {
            throw self.error("count \(value) is too large")
        }
        return Int(value)
    }

    package mutating func readFixed32() throws -> UInt32 {
        try self.need(4)
        defer { self.offset += 4 }
        return self.bytes.withUnsafeBytes {
            UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: self.offset, as: UInt32.self))
        }
    }

    package mutating func readFixed64() throws -> UInt64 {
        try self.need(8)
        defer { self.offset += 8 }
        return self.bytes.withUnsafeBytes {
            UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: self.offset, as: UInt64.self))
        }
    }

    package mutating func readFloat() throws -> Float {
        Float(bitPattern: try self.readFixed32())
    }

    package mutating func readBytes() throws -> [UInt8] {
        let count = try self.readCount()
        try self.need(count)
        defer { self.offset += count }
        return Array(self.bytes[self.offset..<self.offset + count])
    }

    package mutating func readString() throws -> String {
        let count = try self.readCount()
        try self.need(count)
        defer { self.offset += count }
        return String(decoding: self.bytes[self.offset..<self.offset + count], as: UTF8.self)
    }

    package mutating func readDigest() throws -> Digest {
        try self.need(Digest.byteCount)
        defer { self.offset += Digest.byteCount }
        guard let digest = Digest(bytes: self.bytes[self.offset..<self.offset + Digest.byteCount])
        else { throw self.error("digest expected") }
        return digest
    }

    package mutating func readWords() throws -> [UInt32] {
        let count = try self.readCount()
        let (byteCount, overflow) = count.multipliedReportingOverflow(by: 4)
        guard !overflow else { throw self.error("count \(count) is too large") }
        try self.need(byteCount)
        defer { self.offset += byteCount }
        return self.bytes.withUnsafeBytes { raw in
            [UInt32](unsafeUninitializedCapacity: count) { target, initialized in
                if let base = raw.baseAddress, count > 0 {
                    UnsafeMutableRawBufferPointer(target)
                        .copyMemory(
                            from: UnsafeRawBufferPointer(
                                start: base + self.offset,
                                count: byteCount
                            )
                        )
                }
                initialized = count
            }
        }
    }

    private func need(_ count: Int) throws {
        guard count <= self.bytes.count - self.offset else {
            throw self.error("\(count) bytes expected, \(self.bytes.count - self.offset) left")
        }
    }

    private func error(_ message: String) -> ByteReaderError {
        ByteReaderError(offset: self.offset, message: message)
    }
}
