internal import Records

extension [UInt8] {
    mutating func append(little value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { self.append(contentsOf: $0) }
    }

    mutating func append(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            self.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        self.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func append(_ digest: Digest) {
        self.append(little: digest.word0.byteSwapped)
        self.append(little: digest.word1.byteSwapped)
        self.append(little: digest.word2.byteSwapped)
        self.append(little: digest.word3.byteSwapped)
    }

    /// The text's UTF-8 behind its byte count as 32 bits.
    mutating func append(counted text: String) {
        self.append(little: UInt32(text.utf8.count))
        self.append(contentsOf: text.utf8)
    }
}

extension UnsafeRawBufferPointer {
    /// - Precondition: the value lies within the buffer.
    @inline(__always)
    func little<Value: FixedWidthInteger>(_ type: Value.Type, at offset: Int) -> Value {
        Value(littleEndian: self.loadUnaligned(fromByteOffset: offset, as: type))
    }

    func digest(at offset: Int) -> Digest {
        Digest(
            self.little(UInt64.self, at: offset).byteSwapped,
            self.little(UInt64.self, at: offset + 8).byteSwapped,
            self.little(UInt64.self, at: offset + 16).byteSwapped,
            self.little(UInt64.self, at: offset + 24).byteSwapped
        )
    }
}

/// Reads forward through mapped bytes; nil at the first value that is not wholly there.
struct ByteCursor {
    let bytes: UnsafeRawBufferPointer
    var offset = 0

    init(_ bytes: UnsafeRawBufferPointer, offset: Int = 0) {
        self.bytes = bytes
        self.offset = offset
    }

    var isAtEnd: Bool { self.offset >= self.bytes.count }

    @inline(__always)
    mutating func varint() -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while self.offset < self.bytes.count, shift < 64 {
            let byte = self.bytes[self.offset]
            self.offset += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }

    /// A varint that fits what `limit` allows.
    @inline(__always)
    mutating func count(atMost limit: Int) -> Int? {
        guard let value = self.varint(), value <= UInt64(limit) else { return nil }
        return Int(value)
    }

    mutating func little32() -> Int? {
        guard self.bytes.count - self.offset >= 4 else { return nil }
        defer { self.offset += 4 }
        return Int(self.bytes.little(UInt32.self, at: self.offset))
    }

    mutating func slice(_ count: Int) -> UnsafeRawBufferPointer? {
        guard count >= 0, count <= self.bytes.count - self.offset else { return nil }
        defer { self.offset += count }
        return UnsafeRawBufferPointer(rebasing: self.bytes[self.offset..<self.offset + count])
    }

    /// A text written by `append(counted:)`.
    mutating func countedText() -> String? {
        self.countedBytes().map { String(decoding: $0, as: UTF8.self) }
    }

    /// The bytes of a text written by `append(counted:)`.
    mutating func countedBytes() -> UnsafeRawBufferPointer? {
        guard let count = self.little32() else { return nil }
        return self.slice(count)
    }
}
