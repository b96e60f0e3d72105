/// Rows of PostgreSQL's binary COPY.
///
/// - Source: PostgreSQL documentation, COPY, "Binary Format"; the send functions of each type.
struct BinaryCopy {
    private(set) var bytes: [UInt8] = []

    static let header: [UInt8] =
        Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00] + [0, 0, 0, 0] + [0, 0, 0, 0]
    static let trailer: [UInt8] = [0xFF, 0xFF]

    private static let textType: UInt32 = 25
    private static let realType: UInt32 = 700

    mutating func removeAll() { self.bytes.removeAll(keepingCapacity: true) }

    mutating func row(fieldCount: Int) { self.big(UInt16(fieldCount)) }

    mutating func null() { self.big(UInt32.max) }

    /// Text without U+0000, which PostgreSQL cannot hold.
    mutating func text(_ text: String) {
        var clean = storable(text)
        clean.withUTF8 { utf8 in
            self.big(UInt32(utf8.count))
            self.bytes.append(contentsOf: utf8)
        }
    }

    mutating func integer(_ value: Int) {
        self.big(UInt32(4))
        self.big(UInt32(bitPattern: Int32(clamping: value)))
    }

    mutating func json(_ json: [UInt8]) {
        self.big(UInt32(json.count + 1))
        self.bytes.append(1)
        self.bytes.append(contentsOf: json)
    }

    mutating func texts(_ texts: [String]) {
        self.counted { copy in
            copy.arrayHead(texts.count, of: Self.textType)
            for text in texts { copy.text(text) }
        }
    }

    mutating func reals(_ values: [Float]) {
        self.counted { copy in
            copy.arrayHead(values.count, of: Self.realType)
            for value in values {
                copy.big(UInt32(4))
                copy.big(value.bitPattern)
            }
        }
    }

    /// A value of pgvector's type `vector`: its dimensions, a field of zeros, the values.
    mutating func vector(_ values: [Float]) {
        self.counted { copy in
            copy.big(UInt16(values.count))
            copy.big(UInt16(0))
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: values.count) { words in
                for (index, value) in values.enumerated() {
                    words[index] = value.bitPattern.bigEndian
                }
                copy.bytes.append(contentsOf: UnsafeRawBufferPointer(words))
            }
        }
    }

    private mutating func arrayHead(_ count: Int, of type: UInt32) {
        self.big(UInt32(count == 0 ? 0 : 1))
        self.big(UInt32(0))
        self.big(type)
        guard count > 0 else { return }
        self.big(UInt32(count))
        self.big(UInt32(1))
    }

    /// Puts the count of bytes before what `body` writes.
    private mutating func counted(_ body: (inout BinaryCopy) -> Void) {
        let start = self.bytes.count
        self.big(UInt32(0))
        body(&self)
        let count = UInt32(self.bytes.count - start - 4)
        for (offset, shift) in [24, 16, 8, 0].enumerated() {
            self.bytes[start + offset] = UInt8(truncatingIfNeeded: count >> UInt32(shift))
        }
    }

    private mutating func big<Value: FixedWidthInteger>(_ value: Value) {
        withUnsafeBytes(of: value.bigEndian) { self.bytes.append(contentsOf: $0) }
    }
}

/// `text` with U+FFFD for U+0000.
func storable(_ text: String) -> String {
    var bytes = text
    guard bytes.withUTF8({ $0.contains(0) }) else { return text }
    return String(
        String.UnicodeScalarView(text.unicodeScalars.map { $0.value == 0 ? "\u{FFFD}" : $0 })
    )
}
