/// Why a text is no JSON of the form that was asked for.
package enum JSONFault: Error, Hashable, Sendable {
    /// No JSON at all (RFC 8259), or nested deeper than ``JSONReader/depthLimit``.
    case malformed
    /// Another kind of value than the caller reads.
    case otherKind
}

/// JSON that is read once, from front to back, without a tree of its values (RFC 8259).
///
/// The caller asks for each value in turn, by its kind, and skips what it does not know.
/// - Complexity: O(text).
package struct JSONReader {
    package enum Kind: Sendable {
        case object, array, string, number, literal
    }

    /// Objects and arrays within each other; the same as that of Foundation's `JSONDecoder`.
    package static let depthLimit = 512

    private let text: UnsafeBufferPointer<UInt8>
    private var place = 0
    private var depth = 0

    /// - Precondition: the text is valid UTF-8; ``readObject(_:_:)`` sees to that.
    private init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

    /// Reads a text that is one object, behind a byte order mark if there is one.
    ///
    /// - Parameter member: called for each member with its name; reads or skips the value.
    /// - Throws: ``JSONFault``, of the text or of `member`.
    package static func readObject(
        _ text: [UInt8],
        _ member: (inout JSONReader, String) throws(JSONFault) -> Void
    ) throws(JSONFault) {
        let result: Result<Void, JSONFault> = text.withUnsafeBufferPointer { bytes in
            guard isValidUTF8(bytes) else { return .failure(.malformed) }
            var reader = JSONReader(bytes)
            if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { reader.place = 3 }
            do throws(JSONFault) {
                try reader.object(member)
                reader.skipBlanks()
                return reader.place == bytes.count ? .success(()) : .failure(.malformed)
            } catch {
                return .failure(error)
            }
        }
        try result.get()
    }

    /// The kind of the next value, by its first byte.
    package mutating func kind() throws(JSONFault) -> Kind {
        self.skipBlanks()
        switch self.byte {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"): return .literal
        default: throw .malformed
        }
    }

    // MARK: Values

    package mutating func object(
        _ member: (inout JSONReader, String) throws(JSONFault) -> Void
    ) throws(JSONFault) {
        try self.elements(of: .object, until: UInt8(ascii: "}")) { reader throws(JSONFault) in
            guard try reader.kind() == .string else { throw .malformed }
            let name = String(decoding: try reader.string(), as: UTF8.self)
            reader.skipBlanks()
            try reader.take(UInt8(ascii: ":"))
            try member(&reader, name)
        }
    }

    /// The bytes of a string, with its escapes resolved; half a surrogate pair is malformed.
    package mutating func string() throws(JSONFault) -> [UInt8] {
        guard try self.kind() == .string else { throw .otherKind }
        self.place += 1
        var bytes: [UInt8] = []
        // Most strings have no escaped quote: the first one ends them.
        if let end = firstIndex(of: UInt8(ascii: "\""), in: self.text, from: self.place) {
            bytes.reserveCapacity(end - self.place)
        }
        while true {
            let end = plainEnd(self.text, from: self.place)
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: self.text[self.place..<end]))
            self.place = end
            switch self.byte {
            case UInt8(ascii: "\""):
                self.place += 1
                return bytes
            case UInt8(ascii: "\\"): try self.unescape(into: &bytes)
            default: throw .malformed
            }
        }
    }

    /// A whole number, in whatever form; `otherKind` for one with a fraction or of more than 64 bits.
    package mutating func integer() throws(JSONFault) -> Int {
        guard try self.kind() == .number else { throw .otherKind }
        let start = self.place
        try self.skipNumber()
        let digits = String(decoding: self.text[start..<self.place], as: UTF8.self)
        if let value = Int(digits) { return value }
        guard let value = Double(digits).flatMap({ Int(exactly: $0) }) else { throw .otherKind }
        return value
    }

    /// Passes over the next value, which must be well-formed.
    package mutating func skip() throws(JSONFault) {
        switch try self.kind() {
        case .object: try self.object { reader, _ throws(JSONFault) in try reader.skip() }
        case .array:
            try self.elements(of: .array, until: UInt8(ascii: "]")) { reader throws(JSONFault) in
                try reader.skip()
            }
        case .string: _ = try self.string()
        case .number: try self.skipNumber()
        case .literal: try self.skipLiteral()
        }
    }

    /// Passes over `null`; whether it was there.
    package mutating func takesNull() throws(JSONFault) -> Bool {
        guard try self.kind() == .literal, self.byte == UInt8(ascii: "n") else { return false }
        try self.skipLiteral()
        return true
    }

    // MARK: Parts

    /// The byte at hand; 0, which stands nowhere in JSON, at the end.
    private var byte: UInt8 { self.place < self.text.count ? self.text[self.place] : 0 }

    private mutating func skipBlanks() {
        while [0x20, 0x0A, 0x0D, 0x09].contains(self.byte) { self.place += 1 }
    }

    private mutating func take(_ byte: UInt8) throws(JSONFault) {
        guard self.byte == byte else { throw .malformed }
        self.place += 1
    }

    /// Reads what stands between two brackets, with commas between.
    private mutating func elements(
        of kind: Kind,
        until bracket: UInt8,
        _ read: (inout JSONReader) throws(JSONFault) -> Void
    ) throws(JSONFault) {
        guard try self.kind() == kind else { throw .otherKind }
        guard self.depth < Self.depthLimit else { throw .malformed }
        self.depth += 1
        self.place += 1
        self.skipBlanks()
        if self.byte != bracket {
            try read(&self)
            self.skipBlanks()
            while self.byte != bracket {
                try self.take(UInt8(ascii: ","))
                try read(&self)
                self.skipBlanks()
            }
        }
        self.place += 1
        self.depth -= 1
    }

    private mutating func skipLiteral() throws(JSONFault) {
        for word in ["true", "false", "null"] where self.text[self.place...].starts(with: word.utf8)
        {
            self.place += word.utf8.count
            return
        }
        throw .malformed
    }

    private mutating func skipNumber() throws(JSONFault) {
        if self.byte == UInt8(ascii: "-") { self.place += 1 }
        let hasZero = self.byte == UInt8(ascii: "0")
        let first = self.place
        try self.skipDigits()
        guard !hasZero || self.place == first + 1 else { throw .malformed }
        if self.byte == UInt8(ascii: ".") {
            self.place += 1
            try self.skipDigits()
        }
        if self.byte | 0x20 == UInt8(ascii: "e") {
            self.place += 1
            if [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(self.byte) { self.place += 1 }
            try self.skipDigits()
        }
    }

    private mutating func skipDigits() throws(JSONFault) {
        guard self.byte.isASCIIDigit else { throw .malformed }
        while self.byte.isASCIIDigit { self.place += 1 }
    }

    /// Reads an escape from its backslash on.
    private mutating func unescape(into bytes: inout [UInt8]) throws(JSONFault) {
        self.place += 1
        let byte = self.byte
        self.place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(byte)
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "n"): bytes.append(0x0A)
        case UInt8(ascii: "r"): bytes.append(0x0D)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "u"): appendScalar(try self.escapedScalar(), to: &bytes)
        default: throw .malformed
        }
    }

    private mutating func escapedScalar() throws(JSONFault) -> UInt32 {
        let unit = try self.hexadecimalUnit()
        guard 0xD800...0xDFFF ~= unit else { return unit }
        guard unit < 0xDC00 else { throw .malformed }
        try self.take(UInt8(ascii: "\\"))
        try self.take(UInt8(ascii: "u"))
        let low = try self.hexadecimalUnit()
        guard 0xDC00...0xDFFF ~= low else { throw .malformed }
        return 0x1_0000 + (unit - 0xD800) << 10 + (low - 0xDC00)
    }

    private mutating func hexadecimalUnit() throws(JSONFault) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = self.byte.asciiHexadecimalValue else { throw .malformed }
            unit = unit << 4 | UInt32(digit)
            self.place += 1
        }
        return unit
    }
}

/// Where the first byte that JSON escapes stands, from `start` on: a quote, backslash or control.
private func plainEnd(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    guard let base = UnsafeRawPointer(text.baseAddress) else { return text.count }
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    var index = start
    while index + 8 <= text.count {
        let word = base.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        let quote = word ^ ones &* 0x22
        let backslash = word ^ ones &* 0x5C
        // The high bit of each byte below 0x20, or that equals one of the two (Hacker's Delight §6-1).
        let below = (word &- ones &* 0x20) & ~word
        let equal = ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)
        if (below | equal) & highs != 0 { break }
        index += 8
    }
    while index < text.count, text[index] >= 0x20, text[index] != 0x22, text[index] != 0x5C {
        index += 1
    }
    return index
}
