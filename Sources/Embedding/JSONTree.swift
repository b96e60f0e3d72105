internal import Glibc

/// A JSON value of a server's answer or a tokeniser's file, in which arrays of numbers are kept as such.
///
/// Strict (RFC 8259): `NaN`, a comma too many or bytes behind the value make it none. Its depth is
/// bounded, since neither is ours.
indirect enum JSONTree {
    case null
    case bool(Bool)
    case number(Double)
    case string([UInt8])
    /// An array of numbers only, one at least.
    case numbers([Float])
    case array([JSONTree])
    case object([(key: [UInt8], value: JSONTree)])

    /// Nil for what is no JSON.
    init?(_ bytes: [UInt8]) {
        var parser = Parser(bytes)
        guard let value = parser.document() else { return nil }
        self = value
    }

    subscript(name: StaticString) -> JSONTree? {
        guard case .object(let members) = self else { return nil }
        return members.first { member in
            name.withUTF8Buffer { member.key.elementsEqual($0) }
        }?.value
    }

    /// An integer that a `Double` holds exactly.
    var integer: Int? {
        guard case .number(let value) = self, value == value.rounded(), abs(value) < 1e15 else {
            return nil
        }
        return Int(value)
    }

    /// The elements of an array, numbers as values of their own.
    var elements: [JSONTree]? {
        switch self {
        case .array(let elements): elements
        case .numbers(let numbers): numbers.map { .number(Double($0)) }
        default: nil
        }
    }
}

private struct Parser {
    private static let depthMaximum = 12

    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() -> JSONTree? {
        guard let value = self.value(depth: 0) else { return nil }
        self.skipSpace()
        return self.place == self.bytes.count ? value : nil
    }

    private var next: UInt8? { self.place < self.bytes.count ? self.bytes[self.place] : nil }

    private mutating func skipSpace() {
        while let byte = self.next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            self.place += 1
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        self.skipSpace()
        guard self.next == byte else { return false }
        self.place += 1
        return true
    }

    private mutating func value(depth: Int) -> JSONTree? {
        guard depth < Self.depthMaximum else { return nil }
        self.skipSpace()
        switch self.next {
        case UInt8(ascii: "{"): return self.object(depth)
        case UInt8(ascii: "["): return self.array(depth)
        case UInt8(ascii: "\""): return self.string().map { .string($0) }
        case UInt8(ascii: "t"): return self.word("true") ? .bool(true) : nil
        case UInt8(ascii: "f"): return self.word("false") ? .bool(false) : nil
        case UInt8(ascii: "n"): return self.word("null") ? .null : nil
        default: return self.number().map { .number($0) }
        }
    }

    private mutating func word(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard self.place + count <= self.bytes.count,
            word.withUTF8Buffer({
                self.bytes[self.place..<self.place + count].elementsEqual($0)
            })
        else { return false }
        self.place += count
        return true
    }

    private mutating func object(_ depth: Int) -> JSONTree? {
        self.place += 1
        var members: [(key: [UInt8], value: JSONTree)] = []
        if self.take(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            self.skipSpace()
            guard self.next == UInt8(ascii: "\""), let key = self.string(),
                self.take(UInt8(ascii: ":")), let value = self.value(depth: depth + 1)
            else { return nil }
            members.append((key, value))
        } while self.take(UInt8(ascii: ","))
        return self.take(UInt8(ascii: "}")) ? .object(members) : nil
    }

    private mutating func array(_ depth: Int) -> JSONTree? {
        self.place += 1
        if self.take(UInt8(ascii: "]")) { return .array([]) }
        var numbers: [Float] = []
        var values: [JSONTree] = []
        repeat {
            guard let value = self.value(depth: depth + 1) else { return nil }
            if case .number(let number) = value, values.isEmpty {
                numbers.append(Float(number))
            } else {
                if values.isEmpty { values = numbers.map { .number(Double($0)) } }
                values.append(value)
            }
        } while self.take(UInt8(ascii: ","))
        guard self.take(UInt8(ascii: "]")) else { return nil }
        return values.isEmpty ? .numbers(numbers) : .array(values)
    }

    /// The bytes between quotes; an escape that is none makes it nil, half a surrogate pair becomes U+FFFD.
    private mutating func string() -> [UInt8]? {
        self.place += 1
        var text: [UInt8] = []
        while let byte = self.next {
            self.place += 1
            switch byte {
            case UInt8(ascii: "\""): return text
            case 0..<0x20: return nil
            case UInt8(ascii: "\\"):
                guard let escaped = self.escape() else { return nil }
                text += escaped
            default: text.append(byte)
            }
        }
        return nil
    }

    private mutating func escape() -> [UInt8]? {
        guard let byte = self.next else { return nil }
        self.place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"):
            guard var code = self.hexadecimal() else { return nil }
            if code & 0xFC00 == 0xD800, self.place + 1 < self.bytes.count,
                self.bytes[self.place] == UInt8(ascii: "\\"),
                self.bytes[self.place + 1] == UInt8(ascii: "u")
            {
                let before = self.place
                self.place += 2
                guard let low = self.hexadecimal() else { return nil }
                if low & 0xFC00 == 0xDC00 {
                    code = 0x10000 + ((code & 0x3FF) << 10 | low & 0x3FF)
                } else {
                    self.place = before
                }
            }
            return Array(String(UnicodeScalar(code) ?? "\u{FFFD}").utf8)
        default: return nil
        }
    }

    private mutating func hexadecimal() -> UInt32? {
        guard self.place + 4 <= self.bytes.count else { return nil }
        var code: UInt32 = 0
        for byte in self.bytes[self.place..<self.place + 4] {
            guard let digit = Character(UnicodeScalar(byte)).hexDigitValue else { return nil }
            code = code << 4 | UInt32(digit)
        }
        self.place += 4
        return code
    }

    /// RFC 8259, 6.
    ///
    /// Up to 18 digits and a power of ten that a `Double` holds exactly are computed here; the rest
    /// is `strtod`'s.
    private mutating func number() -> Double? {
        let start = self.place
        var isNegative = false
        if self.next == UInt8(ascii: "-") {
            isNegative = true
            self.place += 1
        }
        var mantissa: UInt64 = 0
        var digits = 0
        var exponent = 0
        let whole = self.digits(into: &mantissa, count: &digits)
        guard whole > 0 else { return nil }
        if whole > 1, self.bytes[isNegative ? start + 1 : start] == UInt8(ascii: "0") { return nil }
        if self.next == UInt8(ascii: ".") {
            self.place += 1
            let fraction = self.digits(into: &mantissa, count: &digits)
            guard fraction > 0 else { return nil }
            exponent -= fraction
        }
        if self.next == UInt8(ascii: "e") || self.next == UInt8(ascii: "E") {
            self.place += 1
            var sign = 1
            if self.next == UInt8(ascii: "-") || self.next == UInt8(ascii: "+") {
                sign = self.next == UInt8(ascii: "-") ? -1 : 1
                self.place += 1
            }
            var power: UInt64 = 0
            var count = 0
            guard self.digits(into: &power, count: &count) > 0, count < 6 else { return nil }
            exponent += sign * Int(power)
        }
        if digits <= 18, mantissa <= 1 << 53, abs(exponent) <= 22 {
            let value = Double(mantissa)
            let scaled =
                exponent < 0 ? value / Self.powers[-exponent] : value * Self.powers[exponent]
            return isNegative ? -scaled : scaled
        }
        var text = self.bytes[start..<self.place].map { CChar(bitPattern: $0) }
        text.append(0)
        return strtod(text, nil)
    }

    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]

    /// How many digits there were; past 18 the value is not kept.
    private mutating func digits(into value: inout UInt64, count: inout Int) -> Int {
        let start = self.place
        while let byte = self.next, byte >= 0x30, byte <= 0x39 {
            if count < 18 { value = value * 10 + UInt64(byte - 0x30) }
            // Leading zeros are no digits of the value.
            if value > 0 || count > 0 { count += 1 }
            self.place += 1
        }
        return self.place - start
    }
}
