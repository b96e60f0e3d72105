internal import Bytes

/// How a file of delimited values is written.
struct DelimitedDialect: Equatable {
    var delimiter: UInt8 = .comma
    var quote: UInt8 = .quotationMark
}

/// One value of a record: where it is, without its quotes.
struct DelimitedField {
    var range: Range<Int>
    /// A quote inside is written twice, or behind a backslash.
    var hasEscapes = false
    var isQuoted = false
}

/// The records of a file of delimited values, one after the other.
///
/// A quoted value may hold line ends. A quote that never closes ends at the file's end, and one inside
/// an unquoted value is a character; text behind a closing quote belongs to the value.
///
/// - Source: RFC 4180, and the dialects of spreadsheets and databases beside it.
struct DelimitedRecords {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let dialect: DelimitedDialect
    private(set) var position: Int
    /// Values beyond this many of a record belong to the last one.
    static let fieldLimit = 16_384

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ dialect: DelimitedDialect, from start: Int = 0) {
        self.bytes = bytes
        self.dialect = dialect
        self.position = start
    }

    /// Reads the next record that is no blank line.
    ///
    /// - Returns: false at the end.
    mutating func next(into fields: inout [DelimitedField]) -> Bool {
        fields.removeAll(keepingCapacity: true)
        while self.position < self.bytes.count, self.bytes[self.position] == .lineFeed {
            self.position += 1
        }
        guard self.position < self.bytes.count else { return false }
        while true {
            fields.append(self.field())
            guard self.position < self.bytes.count else { return true }
            let end = self.bytes[self.position]
            self.position += 1
            if end == .lineFeed { return true }
            if fields.count == Self.fieldLimit { return self.skipRest(of: &fields) }
            if self.position == self.bytes.count {
                fields.append(DelimitedField(range: self.position..<self.position))
                return true
            }
        }
    }

    private mutating func skipRest(of fields: inout [DelimitedField]) -> Bool {
        let end = firstIndex(of: .lineFeed, in: self.bytes, from: self.position) ?? self.bytes.count
        fields[fields.count - 1].range = fields[fields.count - 1].range.lowerBound..<end
        self.position = min(end + 1, self.bytes.count)
        return true
    }

    /// A value up to the delimiter, the line feed or the end that follows it.
    private mutating func field() -> DelimitedField {
        var start = self.position
        // Blanks before a quote are not part of the value.
        while start < self.bytes.count, self.bytes[start] == .space { start += 1 }
        if start < self.bytes.count, self.bytes[start] == self.dialect.quote,
            let quoted = self.quotedField(from: start + 1)
        {
            return quoted
        }
        return self.plainField()
    }

    private mutating func plainField() -> DelimitedField {
        let start = self.position
        var end = start
        let delimiter = self.dialect.delimiter
        while end < self.bytes.count {
            let byte = self.bytes[end]
            if byte == delimiter || byte == .lineFeed { break }
            end += 1
        }
        self.position = end
        return DelimitedField(range: start..<end)
    }

    /// Nil for a quote that opens nothing: one without an end, or with text behind it.
    private mutating func quotedField(from start: Int) -> DelimitedField? {
        let quote = self.dialect.quote
        var hasEscapes = false
        var index = start
        while let found = firstIndex(of: quote, in: self.bytes, from: index) {
            let next = found + 1 < self.bytes.count ? self.bytes[found + 1] : .lineFeed
            if next == quote {
                hasEscapes = true
                index = found + 2
            } else if let end = self.endOfField(behind: found) {
                self.position = end
                return DelimitedField(
                    range: start..<found,
                    hasEscapes: hasEscapes,
                    isQuoted: true
                )
            } else if found > start, self.bytes[found - 1] == .backslash {
                hasEscapes = true
                index = found + 1
            } else {
                return nil
            }
        }
        return nil
    }

    /// Where the value ends whose closing quote is at `quote`; nil where text follows.
    private func endOfField(behind quote: Int) -> Int? {
        var end = quote + 1
        while end < self.bytes.count, self.bytes[end] == .space { end += 1 }
        guard end < self.bytes.count else { return end }
        return self.bytes[end] == .lineFeed || self.bytes[end] == self.dialect.delimiter ? end : nil
    }

    /// Hands the value's own bytes to `body`.
    func withBytes(
        of field: DelimitedField,
        _ scratch: inout [UInt8],
        _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        let whole = UnsafeBufferPointer(rebasing: self.bytes[field.range])
        guard field.hasEscapes else { return body(withoutBlanks(whole)) }
        scratch.removeAll(keepingCapacity: true)
        var index = 0
        while index < whole.count {
            let byte = whole[index]
            let next = index + 1 < whole.count ? whole[index + 1] : 0
            let isEscape = byte == self.dialect.quote || byte == .backslash
            if isEscape, next == self.dialect.quote { index += 1 }
            scratch.append(whole[index])
            index += 1
        }
        scratch.withUnsafeBufferPointer { body(withoutBlanks($0)) }
    }
}

private func withoutBlanks(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var start = 0
    var end = bytes.count
    while start < end, bytes[start].isASCIISpace { start += 1 }
    while end > start, bytes[end - 1].isASCIISpace { end -= 1 }
    return UnsafeBufferPointer(rebasing: bytes[start..<end])
}
