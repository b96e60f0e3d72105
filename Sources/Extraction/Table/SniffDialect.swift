internal import Bytes

/// Finds the delimiter and the quote of a file of delimited values.
///
/// Each delimiter is tried on the first records: the one that gives most of them as many values, two
/// at least, wins; a tie goes to the one with more values, then to the order of the list.
///
/// - Output: nil where nothing separates values: the file is a list of lines.
func sniffDialect(_ bytes: UnsafeBufferPointer<UInt8>) -> DelimitedDialect? {
    let head = wholeLines(bytes, from: 0)
    var best: (dialect: DelimitedDialect, regular: Int, width: Int)?
    // What does not occur separates and encloses nothing.
    for delimiter in [UInt8.tab, .comma, .semicolon, .verticalBar] where occurs(delimiter, in: head)
    {
        for quote in [UInt8.quotationMark, .apostrophe]
        where quote == .quotationMark || occurs(quote, in: head) {
            let dialect = DelimitedDialect(delimiter: delimiter, quote: quote)
            let shape = DialectShape(head, dialect)
            // An apostrophe is a quote only where it encloses values throughout.
            if quote == .apostrophe, shape.quoted * 2 < shape.values || shape.values == 0 {
                continue
            }
            guard shape.width >= 2 else { continue }
            let isBetter =
                best.map { best in
                    (shape.regular, shape.width) > (best.regular, best.width)
                } ?? true
            if isBetter { best = (dialect, shape.regular, shape.width) }
        }
    }
    return best?.dialect
}

private func occurs(_ byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    firstIndex(of: byte, in: bytes, from: 0) != nil
}

/// The first lines from `start` on, as far as they are whole.
func wholeLines(
    _ bytes: UnsafeBufferPointer<UInt8>,
    from start: Int
) -> UnsafeBufferPointer<UInt8> {
    guard bytes.count - start > headByteCount else {
        return UnsafeBufferPointer(rebasing: bytes[start...])
    }
    let range = start..<start + headByteCount
    let end = lastIndex(of: .lineFeed, in: bytes, within: range) ?? range.upperBound
    return UnsafeBufferPointer(rebasing: bytes[start..<end])
}

private let headByteCount = 64 << 10

/// What the first records look like in one dialect.
private struct DialectShape {
    /// The number of values that most records have.
    private(set) var width = 0
    /// Records of this many values, in thousandths of all.
    private(set) var regular = 0
    private(set) var values = 0
    private(set) var quoted = 0

    init(_ head: UnsafeBufferPointer<UInt8>, _ dialect: DelimitedDialect) {
        var records = DelimitedRecords(head, dialect)
        var fields: [DelimitedField] = []
        var counts: [Int: Int] = [:]
        var total = 0
        while total < 500, records.next(into: &fields) {
            total += 1
            counts[fields.count, default: 0] += 1
            for field in fields where !field.range.isEmpty {
                self.values += 1
                if field.isQuoted { self.quoted += 1 }
            }
        }
        let most = counts.max { ($0.value, $0.key) < ($1.value, $1.key) }
        self.width = most?.key ?? 0
        self.regular = (most?.value ?? 0) * 1_000 / max(1, total)
    }
}
