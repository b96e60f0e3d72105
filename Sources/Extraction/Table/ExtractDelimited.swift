internal import Bytes
package import Formats
internal import Records

/// Extracts a file of delimited values, CSV or TSV, as a table: a record is a row.
///
/// - Output: valid UTF-8 in NFC. The first record is the table's head, unless figures in it show
///   that it is data. Lines of one value before the first whole record are paragraphs.
/// - Throws: `.empty` (no values), `.corrupt` (binary content).
/// - Complexity: O(n).
/// - Source: RFC 4180, and W3C "Model for Tabular Data" §8 for what stands before a table.
package func extractDelimited(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
    let text = try readableText(bytes)
    var writer = BlockWriter()
    text.bytes.withUnsafeBufferPointer { write($0, to: &writer) }
    var content = try writer.finished("the table has no values")
    text.addWarnings(to: &content)
    return content
}

private func write(_ bytes: UnsafeBufferPointer<UInt8>, to writer: inout BlockWriter) {
    var start = 0
    var dialect: DelimitedDialect
    if let (delimiter, end) = declaredDelimiter(bytes) {
        dialect = DelimitedDialect(delimiter: delimiter)
        start = end
    } else if let sniffed = sniffDialect(bytes) {
        dialect = sniffed
    } else {
        // One column: a line feed ends each value.
        dialect = DelimitedDialect(delimiter: .lineFeed)
    }
    var shape = TableShape(wholeLines(bytes, from: start), dialect)
    var records = DelimitedRecords(bytes, dialect, from: start)
    var fields: [DelimitedField] = []
    var scratch: [UInt8] = []
    while shape.preambleCount > 0, records.next(into: &fields) {
        shape.preambleCount -= 1
        for field in fields.prefix(1) {
            records.withBytes(of: field, &scratch) { writer.paragraph($0) }
        }
    }
    var table = TableWriter(columns: shape.width)
    if !shape.hasHead { table.addEmptyHead() }
    while records.next(into: &fields) {
        guard fields.contains(where: { !$0.range.isEmpty }) else { continue }
        for field in fields { records.withBytes(of: field, &scratch) { table.add($0) } }
        table.endRow()
    }
    writer.table(table)
}

/// `sep=;` on the first line, which spreadsheets write and read.
private func declaredDelimiter(
    _ bytes: UnsafeBufferPointer<UInt8>
) -> (delimiter: UInt8, end: Int)? {
    guard matches("sep=", bytes, at: 0), bytes.count > 5, bytes[5] == .lineFeed else { return nil }
    return (bytes[4], 6)
}

/// What the first records say of a table before its rows are written.
private struct TableShape {
    /// Values of the widest of them.
    private(set) var width = 1
    /// Records of one value before the first of several.
    var preambleCount = 0
    private(set) var hasHead = true

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ dialect: DelimitedDialect) {
        var records = DelimitedRecords(bytes, dialect)
        var fields: [DelimitedField] = []
        var first: [CellSign] = []
        var numbers: [Int] = []
        var rows = 0
        while records.next(into: &fields) {
            self.width = max(self.width, fields.count)
            if self.width == 1 { self.preambleCount += 1 }
            guard fields.count > 1, rows <= Self.sampleCount else { continue }
            rows += 1
            let signs = fields.map { CellSign(bytes, $0) }
            if rows == 1 {
                first = signs
                numbers = signs.map { _ in 0 }
            } else {
                for (column, sign) in signs.prefix(numbers.count).enumerated() where sign.isNumber {
                    numbers[column] += 1
                }
            }
        }
        if self.width == 1 { self.preambleCount = 0 }
        self.hasHead = Self.isHead(first, numbers: numbers, rows: rows - 1)
    }

    private static let sampleCount = 100

    /// Numbers over columns of numbers are data, unless they are years.
    private static func isHead(_ first: [CellSign], numbers: [Int], rows: Int) -> Bool {
        let figures = zip(first, numbers).filter { $0.0.isNumber }
        guard rows > 0, !figures.isEmpty, !figures.allSatisfy({ $0.0.isYear }) else { return true }
        return !figures.contains { $0.1 * 10 >= rows * 9 }
    }
}

/// Whether a value is a number, and perhaps a year.
private struct CellSign {
    private(set) var isNumber: Bool
    private(set) var isYear = false

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ field: DelimitedField) {
        let cell = bytes[field.range]
        self.isNumber =
            cell.contains(where: \.isASCIIDigit)
            && cell.allSatisfy { $0.isASCIIDigit || " +-.,%eE".utf8.contains($0) }
        guard self.isNumber, cell.count == 4, cell.allSatisfy(\.isASCIIDigit) else { return }
        let first = cell[cell.startIndex]
        self.isYear = first == UInt8(ascii: "1") || first == UInt8(ascii: "2")
    }
}

extension DelimitedOptions: Extractor {
    package func content(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
        try extractDelimited(bytes)
    }
}
