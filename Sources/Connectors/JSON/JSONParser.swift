/// Parses one JSON value, bounded in depth.
///
/// Source: RFC 8259.
struct JSONParser {
    private static let depthMaximum = 200

    private let bytes: ArraySlice<UInt8>
    private var index: Int
    private var depth = 0

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        self.index = bytes.startIndex
    }

    /// Nil unless all of the bytes are one value.
    mutating func parseWhole() -> JSONValue? {
        guard let value = self.parse() else { return nil }
        self.skipSpaces()
        return self.index == self.bytes.endIndex ? value : nil
    }

    private var next: UInt8? {
        self.index < self.bytes.endIndex ? self.bytes[self.index] : nil
    }

    private mutating func skipSpaces() {
        while let byte = self.next, byte == 0x20 || (0x09...0x0D).contains(byte) {
            self.index += 1
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        self.skipSpaces()
        guard self.next == byte else { return false }
        self.index += 1
        return true
    }

    private mutating func parse() -> JSONValue? {
        self.skipSpaces()
        guard let byte = self.next, self.depth < Self.depthMaximum else { return nil }
        self.depth += 1
        defer { self.depth -= 1 }
        switch byte {
        case UInt8(ascii: "{"): return self.parseObject()
        case UInt8(ascii: "["): return self.parseArray()
        case UInt8(ascii: "\""): return self.parseString().map { .string($0) }
        case UInt8(ascii: "t"): return self.takeWord("true") ? .bool(true) : nil
        case UInt8(ascii: "f"): return self.takeWord("false") ? .bool(false) : nil
        case UInt8(ascii: "n"): return self.takeWord("null") ? .null : nil
        default: return self.parseNumber()
        }
    }

    private mutating func takeWord(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard self.bytes.endIndex - self.index >= count else { return false }
        let isEqual = word.withUTF8Buffer {
            $0.elementsEqual(self.bytes[self.index..<(self.index + count)])
        }
        if isEqual { self.index += count }
        return isEqual
    }

    private mutating func parseObject() -> JSONValue? {
        self.index += 1
        var members: [JSONValue.Member] = []
        if self.take(UInt8(ascii: "}")) { return .object([]) }
        repeat {
            self.skipSpaces()
            guard self.next == UInt8(ascii: "\""), let key = self.parseString(),
                self.take(UInt8(ascii: ":")), let value = self.parse()
            else { return nil }
            members.append(JSONValue.Member(key: key, value: value))
        } while self.take(UInt8(ascii: ","))
        return self.take(UInt8(ascii: "}")) ? .object(members) : nil
    }

    private mutating func parseArray() -> JSONValue? {
        self.index += 1
        var values: [JSONValue] = []
        if self.take(UInt8(ascii: "]")) { return .array([]) }
        repeat {
            guard let value = self.parse() else { return nil }
            values.append(value)
        } while self.take(UInt8(ascii: ","))
        return self.take(UInt8(ascii: "]")) ? .array(values) : nil
    }

    private mutating func parseNumber() -> JSONValue? {
        let start = self.index
        while let byte = self.next, "+-.eE0123456789".utf8.contains(byte) { self.index += 1 }
        let text = String(decoding: self.bytes[start..<self.index], as: UTF8.self)
        return Double(text) == nil ? nil : .number(text)
    }

    /// What stands between two quotes; nil for what is no text.
    private mutating func parseString() -> String? {
        self.index += 1
        var output: [UInt8] = []
        var start = self.index
        while let byte = self.next {
            switch byte {
            case UInt8(ascii: "\""):
                output += self.bytes[start..<self.index]
                self.index += 1
                return String(validating: output, as: UTF8.self)
            case UInt8(ascii: "\\"):
                output += self.bytes[start..<self.index]
                self.index += 1
                guard self.parseEscape(to: &output) else { return nil }
                start = self.index
            case 0..<0x20: return nil
            default: self.index += 1
            }
        }
        return nil
    }

    private mutating func parseEscape(to output: inout [UInt8]) -> Bool {
        guard let byte = self.next else { return false }
        self.index += 1
        switch byte {
        case UInt8(ascii: "n"): output.append(0x0A)
        case UInt8(ascii: "t"): output.append(0x09)
        case UInt8(ascii: "r"): output.append(0x0D)
        case UInt8(ascii: "b"): output.append(0x08)
        case UInt8(ascii: "f"): output.append(0x0C)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): output.append(byte)
        case UInt8(ascii: "u"): return self.parseUnicode(to: &output)
        default: return false
        }
        return true
    }

    /// A lone half of a surrogate pair becomes U+FFFD.
    private mutating func parseUnicode(to output: inout [UInt8]) -> Bool {
        guard let first = self.parseHex() else { return false }
        var scalar = UInt32(first)
        if (0xD800..<0xDC00).contains(first) {
            let before = self.index
            if self.takeWord("\\u"), let second = self.parseHex(),
                (0xDC00..<0xE000).contains(second)
            {
                scalar = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
            } else {
                self.index = before
            }
        }
        let character = Unicode.Scalar(scalar) ?? "\u{FFFD}"
        output += Array(String(Character(character)).utf8)
        return true
    }

    private mutating func parseHex() -> UInt16? {
        guard self.bytes.endIndex - self.index >= 4 else { return nil }
        let digits = self.bytes[self.index..<(self.index + 4)]
        guard let value = UInt16(String(decoding: digits, as: UTF8.self), radix: 16) else {
            return nil
        }
        self.index += 4
        return value
    }
}
