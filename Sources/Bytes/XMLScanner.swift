/// Why a text is no XML that this scanner reads.
package enum XMLFault: Error, Hashable, Sendable {
    /// Not well-formed, or cut off.
    case malformed
    /// Nested deeper, longer or with more parts than the limits allow.
    case tooLarge
}

/// What an XML text from outside may ask for; what is more is ``XMLFault/tooLarge``.
package struct XMLLimits: Hashable, Sendable {
    /// Elements within each other.
    package var depth = 64
    /// Bytes of one name.
    package var nameBytes = 256
    package var attributes = 64
    /// Bytes of one attribute's value or of the text of one element.
    package var textBytes = 1 << 20

    package init() {}
}

/// What ``readXML(_:limits:_:)`` shows of an element.
package enum XMLVisit: Hashable, Sendable {
    /// The attributes, by their names as written.
    case opened([String: String])
    /// The text that stands directly in the element, without that of the elements in it.
    case closed(text: String)
}

/// Reads the XML that servers answer with: listings, sitemaps, feeds.
///
/// For text of others: no entity but the five of XML and the numeric ones is expanded (what else is
/// named stays as it is written), a document type is passed over, nothing is fetched, and depth, names
/// and texts are bounded. Names keep their prefix.
/// - Parameters:
///   - bytes: UTF-8, or one of UTF-16 and ISO 8859-1 where a byte order mark or the declaration says so.
///   - visit: called with the names from the root to the element, at its start and at its end.
/// - Throws: ``XMLFault``, of the text or of `visit`; a text that is cut off is malformed, whatever was
///   visited before.
/// - Complexity: O(bytes).
/// - Source: Extensible Markup Language (XML) 1.0, fifth edition.
package func readXML(
    _ bytes: [UInt8],
    limits: XMLLimits = XMLLimits(),
    _ visit: ([String], XMLVisit) throws(XMLFault) -> Void
) throws(XMLFault) {
    var scanner = XMLScanner(xmlInUTF8(bytes), limits)
    var path: [String] = []
    var texts: [[UInt8]] = []
    while let token = try scanner.next() {
        switch token {
        case .start(let name, let attributes):
            guard path.count < limits.depth else { throw .tooLarge }
            path.append(name)
            texts.append([])
            try visit(path, .opened(attributes))
        case .text(let range, let isLiteral):
            guard let last = texts.indices.last else { throw .malformed }
            guard texts[last].count + range.count <= limits.textBytes else { throw .tooLarge }
            scanner.append(range, isLiteral: isLiteral, to: &texts[last])
        case .end(let name):
            guard path.last == name, let text = texts.popLast() else { throw .malformed }
            try visit(path, .closed(text: String(decoding: text, as: UTF8.self)))
            path.removeLast()
            if path.isEmpty { scanner.rootHasEnded = true }
        }
    }
    guard scanner.rootHasEnded else { throw .malformed }
}

private enum XMLToken {
    case start(String, [String: String])
    case text(Range<Int>, isLiteral: Bool)
    case end(String)
}

/// The marks of an XML text, one after the other.
private struct XMLScanner {
    let bytes: [UInt8]
    let limits: XMLLimits
    var place = 0
    var rootHasEnded = false
    private var rootHasBegun = false
    /// The name of an element that ended with its own start: `<a/>`.
    private var emptyElement: String?

    init(_ bytes: [UInt8], _ limits: XMLLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    mutating func next() throws(XMLFault) -> XMLToken? {
        if let name = self.emptyElement {
            self.emptyElement = nil
            return .end(name)
        }
        while self.place < self.bytes.count {
            if self.bytes[self.place] != .lessThan {
                if let text = try self.text() { return text }
            } else if let token = try self.mark() {
                return token
            }
        }
        return nil
    }

    /// Text up to the next mark; nil for white space outside of the root.
    private mutating func text() throws(XMLFault) -> XMLToken? {
        let start = self.place
        while self.place < self.bytes.count, self.bytes[self.place] != .lessThan { self.place += 1 }
        let isBlank = self.bytes[start..<self.place].allSatisfy(\.isASCIISpace)
        let isOutside = !self.rootHasBegun || self.rootHasEnded
        if isOutside, isBlank { return nil }
        if isOutside { throw .malformed }
        return .text(start..<self.place, isLiteral: false)
    }

    private mutating func mark() throws(XMLFault) -> XMLToken? {
        if self.takes("<!--") {
            _ = try self.skip(past: "-->")
        } else if self.takes("<![CDATA[") {
            let start = self.place
            let end = try self.skip(past: "]]>")
            if !self.rootHasBegun || self.rootHasEnded { throw .malformed }
            return .text(start..<end, isLiteral: true)
        } else if self.takes("<!DOCTYPE") {
            try self.skipDocumentType()
        } else if self.takes("<?") {
            _ = try self.skip(past: "?>")
        } else if self.takes("</") {
            let name = try self.name()
            self.skipBlanks()
            guard self.takes(">") else { throw .malformed }
            return .end(name)
        } else {
            return try self.start()
        }
        return nil
    }

    private mutating func start() throws(XMLFault) -> XMLToken {
        guard !self.rootHasEnded else { throw .malformed }
        self.place += 1
        self.rootHasBegun = true
        let name = try self.name()
        var attributes: [String: String] = [:]
        while true {
            let hadBlank = self.skipBlanks()
            if self.takes("/>") {
                self.emptyElement = name
                return .start(name, attributes)
            }
            if self.takes(">") { return .start(name, attributes) }
            guard hadBlank else { throw .malformed }
            guard attributes.count < self.limits.attributes else { throw .tooLarge }
            let key = try self.name()
            guard attributes.updateValue(try self.attributeValue(), forKey: key) == nil else {
                throw .malformed
            }
        }
    }

    private mutating func attributeValue() throws(XMLFault) -> String {
        self.skipBlanks()
        guard self.takes("=") else { throw .malformed }
        self.skipBlanks()
        guard self.place < self.bytes.count else { throw .malformed }
        let quote = self.bytes[self.place]
        guard quote == .quotationMark || quote == .apostrophe else { throw .malformed }
        self.place += 1
        let start = self.place
        while self.place < self.bytes.count, self.bytes[self.place] != quote {
            guard self.bytes[self.place] != .lessThan else { throw .malformed }
            self.place += 1
        }
        guard self.place < self.bytes.count else { throw .malformed }
        guard self.place - start <= self.limits.textBytes else { throw .tooLarge }
        var value: [UInt8] = []
        self.append(start..<self.place, isLiteral: false, to: &value)
        self.place += 1
        return String(decoding: value, as: UTF8.self)
    }

    private mutating func name() throws(XMLFault) -> String {
        let start = self.place
        while self.place < self.bytes.count, isNameByte(self.bytes[self.place]) { self.place += 1 }
        guard self.place > start, !self.bytes[start].isASCIIDigit else { throw .malformed }
        guard self.place - start <= self.limits.nameBytes else { throw .tooLarge }
        return String(decoding: self.bytes[start..<self.place], as: UTF8.self)
    }

    /// Passes over a document type with the declarations in its brackets; none of them counts.
    private mutating func skipDocumentType() throws(XMLFault) {
        var brackets = 0
        while self.place < self.bytes.count {
            let byte = self.bytes[self.place]
            if byte == .quotationMark || byte == .apostrophe {
                self.place += 1
                while self.place < self.bytes.count, self.bytes[self.place] != byte {
                    self.place += 1
                }
            } else if self.takes("<!--") {
                _ = try self.skip(past: "-->")
                continue
            } else if byte == .leftBracket {
                brackets += 1
            } else if byte == .rightBracket {
                brackets -= 1
            } else if byte == .greaterThan, brackets <= 0 {
                self.place += 1
                return
            }
            self.place += 1
        }
        throw .malformed
    }

    // MARK: Bytes

    private mutating func takes(_ mark: StaticString) -> Bool {
        let count = mark.utf8CodeUnitCount
        guard self.place + count <= self.bytes.count else { return false }
        for offset in 0..<count where self.bytes[self.place + offset] != mark.utf8Start[offset] {
            return false
        }
        self.place += count
        return true
    }

    /// The place of `mark`; goes on behind it.
    private mutating func skip(past mark: StaticString) throws(XMLFault) -> Int {
        let first = mark.utf8Start[0]
        while self.place < self.bytes.count {
            if self.bytes[self.place] == first {
                let start = self.place
                if self.takes(mark) { return start }
            }
            self.place += 1
        }
        throw .malformed
    }

    @discardableResult
    private mutating func skipBlanks() -> Bool {
        let start = self.place
        while self.place < self.bytes.count, self.bytes[self.place].isASCIISpace { self.place += 1 }
        return self.place > start
    }

    /// Appends the bytes of a text, with its references resolved unless it is literal.
    func append(_ range: Range<Int>, isLiteral: Bool, to output: inout [UInt8]) {
        guard !isLiteral else { return output += self.bytes[range] }
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = self.bytes[index]
            if byte == .ampersand,
                let (scalar, end) = characterReference(self.bytes, at: index, in: range)
            {
                appendScalar(scalar, to: &output)
                index = end
            } else {
                output.append(byte)
                index += 1
            }
        }
    }
}

/// What a reference at an `&` stands for and where it ends; nil for one that XML does not know.
package func characterReference(
    _ bytes: [UInt8],
    at start: Int,
    in range: Range<Int>
) -> (scalar: UInt32, end: Int)? {
    let window = bytes[(start + 1)..<min(range.upperBound, start + 12)]
    guard let semicolon = window.firstIndex(of: .semicolon) else { return nil }
    let name = window[..<semicolon]
    let end = semicolon + 1
    if name.first == .numberSign {
        let isHexadecimal = name.dropFirst().first.map { $0 | 0x20 } == UInt8(ascii: "x")
        let digits = name.dropFirst(isHexadecimal ? 2 : 1)
        guard digits.first?.asciiHexadecimalValue != nil,
            let value = UInt32(
                String(decoding: digits, as: UTF8.self),
                radix: isHexadecimal ? 16 : 10
            ), value != 0, Unicode.Scalar(value) != nil
        else { return nil }
        return (value, end)
    }
    for (known, scalar) in namedReferences where name.elementsEqual(known.utf8) {
        return (scalar, end)
    }
    return nil
}

private let namedReferences: [(String, UInt32)] = [
    ("amp", 0x26), ("lt", 0x3C), ("gt", 0x3E), ("quot", 0x22), ("apos", 0x27),
]

private func isNameByte(_ byte: UInt8) -> Bool {
    byte.isASCIIAlphanumeric || byte >= 0x80 || byte == .colon || byte == .underscore
        || byte == .hyphen || byte == .fullStop
}

/// The text in UTF-8 without a byte order mark, by its mark or its declaration.
private func xmlInUTF8(_ bytes: [UInt8]) -> [UInt8] {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return Array(bytes.dropFirst(3)) }
    if bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE]) {
        let high = bytes[0] == 0xFE ? 0 : 1
        let units = stride(from: 2, to: bytes.count - 1, by: 2).map {
            UInt16(bytes[$0 + high]) << 8 | UInt16(bytes[$0 + 1 - high])
        }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }
    let head = String(decoding: bytes.prefix(200), as: UTF8.self).lowercased()
    guard head.hasPrefix("<?xml"), let declaration = head.split(separator: "?>").first,
        ["iso-8859-1", "latin1", "windows-1252"].contains(where: declaration.contains)
    else { return bytes }
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count + bytes.count / 8)
    for byte in bytes { appendScalar(UInt32(byte), to: &output) }
    return output
}
