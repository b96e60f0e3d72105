internal import CKernels

/// JSON that is written byte by byte into one buffer, kept from line to line (RFC 8259).
///
/// The caller writes keys in ascending order, so that a line has the bytes `JSONEncoder` gives with
/// sorted keys and plain slashes.
package struct JSONText {
    package private(set) var bytes: [UInt8] = []
    /// The next key or element follows another in the same object or array.
    private var needsComma = false

    package init() {}

    /// Empties the text and keeps its memory.
    package mutating func removeAll() {
        self.bytes.removeAll(keepingCapacity: true)
        self.needsComma = false
    }

    // MARK: Structure

    package mutating func object(_ members: (inout JSONText) throws -> Void) rethrows {
        self.open(0x7B)
        try members(&self)
        self.close(0x7D)
    }

    package mutating func array<Elements: Sequence>(
        _ elements: Elements,
        _ write: (inout JSONText, Elements.Element) -> Void
    ) {
        self.open(0x5B)
        for element in elements { write(&self, element) }
        self.close(0x5D)
    }

    /// The name of the next value.
    package mutating func key(_ name: StaticString) {
        self.separate()
        let count = name.utf8CodeUnitCount
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count + 3) { written in
            written[0] = 0x22
            for offset in 0..<count { written[1 + offset] = name.utf8Start[offset] }
            written[count + 1] = 0x22
            written[count + 2] = 0x3A
            self.bytes.append(contentsOf: written)
        }
        self.needsComma = false
    }

    /// As ``key(_:)``, for names that are data.
    package mutating func key(_ name: String) {
        self.string(name)
        self.bytes.append(0x3A)
        self.needsComma = false
    }

    private mutating func open(_ bracket: UInt8) {
        self.separate()
        self.bytes.append(bracket)
        self.needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        self.bytes.append(bracket)
        self.needsComma = true
    }

    private mutating func separate() {
        if self.needsComma { self.bytes.append(0x2C) }
        self.needsComma = true
    }

    // MARK: Values

    /// A whole value that is JSON already.
    package mutating func value(_ json: some Sequence<UInt8>) {
        self.separate()
        self.bytes.append(contentsOf: json)
    }

    package mutating func null() { self.value("null".utf8) }

    package mutating func integer(_ value: Int) {
        self.separate()
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var rest = value.magnitude
            var start = digits.count
            repeat {
                start -= 1
                digits[start] = 0x30 + UInt8(rest % 10)
                rest /= 10
            } while rest > 0
            if value < 0 { self.bytes.append(0x2D) }
            self.bytes.append(contentsOf: UnsafeBufferPointer(rebasing: digits[start...]))
        }
    }

    /// The shortest digits that are read back as the same number.
    ///
    /// - Precondition: `value` is finite.
    package mutating func number(_ value: some BinaryFloatingPoint & CustomStringConvertible) {
        precondition(value.isFinite, "JSON has no number for it")
        let digits = value.description.utf8
        self.value(digits.suffix(2).elementsEqual(".0".utf8) ? digits.dropLast(2) : digits[...])
    }

    package mutating func boolean(_ value: Bool) { self.value((value ? "true" : "false").utf8) }

    package mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { self.quote($0) }
    }

    /// A string of UTF-8; what is malformed becomes U+FFFD.
    package mutating func string(_ utf8: some Collection<UInt8>) {
        let isWritten = utf8.withContiguousStorageIfAvailable { bytes in
            guard isValidUTF8(bytes) else { return false }
            self.quote(bytes)
            return true
        }
        if isWritten != true { self.string(String(decoding: utf8, as: UTF8.self)) }
    }

    /// A string of a part of a text.
    ///
    /// - Precondition: the text is valid UTF-8 and the range begins and ends between its characters.
    package mutating func string(_ range: Range<Int>, ofValid text: [UInt8]) {
        text.withUnsafeBufferPointer { self.quote(UnsafeBufferPointer(rebasing: $0[range])) }
    }

    /// - Precondition: the text is valid UTF-8.
    private mutating func quote(_ text: UnsafeBufferPointer<UInt8>) {
        self.separate()
        self.bytes.append(0x22)
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 6 * Self.pieceBytes) { written in
            var start = 0
            while start < text.count {
                let count = min(Self.pieceBytes, text.count - start)
                let piece = UnsafeBufferPointer(rebasing: text[start..<start + count])
                let writtenCount = ck_json_escape(piece.baseAddress, count, written.baseAddress)
                self.bytes.append(contentsOf: written[..<writtenCount])
                start += count
            }
        }
        self.bytes.append(0x22)
    }

    private static let pieceBytes = 1024
}
