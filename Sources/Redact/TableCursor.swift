internal import Bytes

/// Walks the rows of a table or of tuples along with the candidates, and knows the head of each column.
///
/// The head of a Markdown table, of lines parted by commas, semicolons, tabs or bars, and the columns
/// that an `INSERT` names are the context of the values below them.
struct TableCursor {
    /// A column's head, and where the candidate's cell starts.
    struct Head {
        var context: Context
        var cellStart: Int
    }

    /// Lines in a row that hold the delimiter; the first one is the head.
    private var lines: Range<Int> = 0..<0
    private var delimiter: UInt8 = 0
    private var heads = ColumnHeads()
    /// The columns of the last `INSERT`, for tuples up to where it was looked at last.
    private var inserted = ColumnHeads()
    private var insertedEnd = -1
    /// Whether the text has an `INSERT` with values; looked for once.
    private var hasTuples: Bool?
    private var row = Row()
    /// The last value asked for, and where its line starts.
    private var known = (value: 0, lineStart: 0)

    /// How far into its line a value is.
    private struct Row {
        var start = -1
        var index = 0
        var columns = 0
        var delimiter: UInt8 = 0
        var isQuoted = false
        var cellStart = 0
    }

    static let lineLimit = 4_096
    static let columnLimit = 256
    static let tupleLimit = 512

    /// The head of the column in which a value starts at `start`; nil where there is none.
    ///
    /// - Complexity: O(1) for a value that no delimiter stands beside; the lines of a table are walked
    ///   over once.
    mutating func head(
        of start: Int,
        in text: UnsafeBufferPointer<UInt8>,
        steps: inout Int
    ) -> Head? {
        guard let delimiter = besideDelimiter(text, start) else { return nil }
        if delimiter == 0x2C || delimiter == 0x28 {
            let hasTuples = self.hasTuples ?? holdsTuples(text)
            self.hasTuples = hasTuples
            if hasTuples, let head = self.insertedHead(of: start, in: text, steps: &steps) {
                return head
            }
        }
        let lineStart = self.lineStart(of: start, in: text, steps: &steps)
        if start - lineStart < Self.lineLimit,
            self.extend(to: lineStart, delimiter, in: text, steps: &steps)
        {
            let column = self.column(of: start, from: lineStart, in: text, steps: &steps)
            if let head = self.heads.context(of: column, in: text) {
                // A head that says nothing keeps the others' words away.
                return Head(context: head, cellStart: head.isEmpty ? lineStart : self.row.cellStart)
            }
        }
        return nil
    }

    /// Where the line of the value at `start` begins; the way back ends at the last value.
    private mutating func lineStart(
        of start: Int,
        in text: UnsafeBufferPointer<UInt8>,
        steps: inout Int
    ) -> Int {
        let floor = start >= self.known.value ? self.known.value : 0
        var first = lastIndex(of: 0x0A, in: text, within: floor..<start).map { $0 + 1 } ?? floor
        steps += start - first
        let isSameLine = first == floor && floor > 0 && text[first - 1] != 0x0A
        if isSameLine { first = self.known.lineStart }
        self.known = (start, first)
        return first
    }

    /// Whether the line at `lineStart` belongs to a table; takes in the lines up to it.
    private mutating func extend(
        to lineStart: Int,
        _ delimiter: UInt8,
        in text: UnsafeBufferPointer<UInt8>,
        steps: inout Int
    ) -> Bool {
        let delimiter = delimiter == 0x28 ? 0x2C : delimiter
        if delimiter == self.delimiter, lineStart >= self.lines.lowerBound {
            if lineStart < self.lines.upperBound { return lineStart > self.lines.lowerBound }
            var next = self.lines.upperBound
            while next < lineStart, let end = lineEnd(text, from: next, holding: delimiter) {
                steps += end - next
                next = end
            }
            if next == lineStart {
                return self.take(lineStart, in: text)
            }
        }
        // Lines that were part of another block are not looked at again.
        let floor = delimiter == self.delimiter ? self.lines.upperBound : 0
        self.delimiter = delimiter
        var first = lineStart
        var count = 0
        while first > floor, count < 64 {
            let previous = lineBefore(text, first)
            guard first - previous < Self.lineLimit,
                lineEnd(text, from: previous, holding: delimiter) != nil
            else { break }
            steps += first - previous
            first = previous
            count += 1
        }
        self.heads = ColumnHeads(text, line: first, delimiter)
        self.lines = first..<lineStart
        return self.take(lineStart, in: text) && first < lineStart
    }

    private mutating func take(_ lineStart: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        let end = endOfLine(text, from: lineStart)
        self.lines = self.lines.lowerBound..<min(text.count, end + 1)
        return lineStart > self.lines.lowerBound
    }

    /// The column at `start`, counted on from the last value of the same line.
    private mutating func column(
        of start: Int,
        from lineStart: Int,
        in text: UnsafeBufferPointer<UInt8>,
        steps: inout Int
    ) -> Int {
        if self.row.start != lineStart || self.row.delimiter != self.delimiter
            || self.row.index > start
        {
            self.row = Row(
                start: lineStart,
                index: lineStart,
                delimiter: self.delimiter,
                cellStart: lineStart
            )
        }
        steps += start - self.row.index
        while self.row.index < start {
            let byte = text[self.row.index]
            if byte == 0x22 { self.row.isQuoted.toggle() }
            self.row.index += 1
            if byte == self.delimiter, !self.row.isQuoted {
                self.row.columns += 1
                self.row.cellStart = self.row.index
            }
        }
        return self.row.columns
    }

    /// The head of a value in a tuple after `INSERT … (a, b) VALUES`.
    private mutating func insertedHead(
        of start: Int,
        in text: UnsafeBufferPointer<UInt8>,
        steps: inout Int
    ) -> Head? {
        guard let tuple = tupleStart(text, before: start, steps: &steps) else { return nil }
        if let heads = columnsNamed(text, before: tuple.open) {
            self.inserted = heads
        } else {
            guard self.insertedEnd >= 0, tuple.open - self.insertedEnd < 2 * Self.tupleLimit,
                self.insertedEnd <= tuple.open,
                !text[self.insertedEnd..<tuple.open].contains(0x3B)
            else { return nil }
        }
        self.insertedEnd = start
        guard let head = self.inserted.context(of: tuple.column, in: text), !head.isEmpty else {
            return nil
        }
        return Head(context: head, cellStart: tuple.cellStart)
    }
}

extension ScanPass {
    /// The head of the column that a value at `start` is in.
    mutating func columnHead(of start: Int) -> TableCursor.Head? {
        self.table.head(of: start, in: self.text, steps: &self.steps)
    }
}

private func isDelimiter(_ byte: UInt8) -> Bool {
    byte == 0x2C || byte == 0x3B || byte == 0x09 || byte == 0x7C
}

/// The delimiter before a value, or after the first value of a line.
///
/// Quotes, a sign and spaces may stand between. An opening bracket is that of a tuple.
private func besideDelimiter(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> UInt8? {
    var index = start - 1
    while index >= 0, start - index < 5 {
        let byte = text[index]
        if isDelimiter(byte) { return byte }
        if byte == 0x0A { break }
        if byte == 0x28, index + 1 == start || text[index + 1] == 0x27 { return byte }
        guard byte == 0x20 || byte == 0x22 || byte == 0x27 || byte == 0x2B || byte == 0x28 else {
            return nil
        }
        index -= 1
    }
    guard index < 0 || text[index] == 0x0A else { return nil }
    var end = start
    while end < text.count, end - start < 48, text[end] != 0x0A {
        if isDelimiter(text[end]) { return text[end] }
        end += 1
    }
    return nil
}

/// The start of the line before the one at `start`, or where that gets too long.
private func lineBefore(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    let floor = max(0, start - TableCursor.lineLimit)
    return lastIndex(of: 0x0A, in: text, within: floor..<max(floor, start - 1)).map { $0 + 1 }
        ?? floor
}

/// Whether `VALUES` and a bracket stand anywhere in the text.
private func holdsTuples(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = 0
    while let found = firstIndex(of: "values", in: text, from: index) {
        index = found + 6
        while index < text.count, text[index] == 0x20 || text[index] == 0x0A { index += 1 }
        if index < text.count, text[index] == 0x28 { return true }
    }
    return false
}

/// Where the line at `start` ends, or where it gets so long that no table has it.
private func endOfLine(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    let limit = min(text.count, start + 16 * TableCursor.lineLimit)
    return firstIndex(of: 0x0A, in: UnsafeBufferPointer(rebasing: text[..<limit]), from: start)
        ?? limit
}

/// Past the end of the line at `start`, if it holds the delimiter.
private func lineEnd(
    _ text: UnsafeBufferPointer<UInt8>,
    from start: Int,
    holding delimiter: UInt8
) -> Int? {
    guard let end = firstIndex(of: 0x0A, in: text, from: start),
        text[start..<end].contains(delimiter)
    else { return nil }
    return end + 1
}

/// What the columns of a table speak of; a head is read when a value below it asks for it.
///
/// A cell with a digit is a value, and no head.
private struct ColumnHeads {
    private var cells: [Range<Int>] = []
    private var contexts: [Context?] = []

    init() {}

    /// - Parameter line: where the line of the heads starts.
    init(_ text: UnsafeBufferPointer<UInt8>, line start: Int, _ delimiter: UInt8) {
        self.init(text, in: start..<endOfLine(text, from: start), delimiter)
    }

    init(_ text: UnsafeBufferPointer<UInt8>, in range: Range<Int>, _ delimiter: UInt8) {
        var cellStart = range.lowerBound
        var hasDigits = false
        var isQuoted = false
        for index in range.lowerBound...range.upperBound {
            let isEnd = index == range.upperBound
            let byte = isEnd ? delimiter : text[index]
            if byte == 0x22 { isQuoted.toggle() }
            hasDigits = hasDigits || byte &- 0x30 < 10
            guard isEnd || byte == delimiter && !isQuoted else { continue }
            let cell = cellStart..<min(index, cellStart + 64)
            self.cells.append(cell)
            self.contexts.append(hasDigits ? Context() : nil)
            cellStart = index + 1
            hasDigits = false
            if self.cells.count == TableCursor.columnLimit { break }
        }
    }

    /// nil where the table has no such column.
    mutating func context(of column: Int, in text: UnsafeBufferPointer<UInt8>) -> Context? {
        guard column < self.cells.count else { return nil }
        if let known = self.contexts[column] { return known }
        let cell = self.cells[column]
        let context = Context(text, in: cell, candidate: cell.upperBound)
        self.contexts[column] = context
        return context
    }
}

/// The bracket that opens the tuple around `index`, and the place of `index` in it.
private func tupleStart(
    _ text: UnsafeBufferPointer<UInt8>,
    before index: Int,
    steps: inout Int
) -> (open: Int, column: Int, cellStart: Int)? {
    var column = 0
    var cellStart: Int?
    var isQuoted = false
    var place = index - 1
    let least = max(0, index - TableCursor.tupleLimit)
    // A value may be in quotes itself.
    if place >= least, text[place] == 0x27 { place -= 1 }
    while place >= least {
        let byte = text[place]
        if byte == 0x27 { isQuoted.toggle() }
        if !isQuoted {
            if byte == 0x2C {
                column += 1
                cellStart = cellStart ?? place + 1
            }
            if byte == 0x28 {
                steps += index - place
                return (place, column, cellStart ?? place + 1)
            }
            if byte == 0x29 || byte == 0x3B { break }
        }
        place -= 1
    }
    steps += index - max(place, least)
    return nil
}

/// The columns in brackets before `VALUES`, where that word stands before the bracket at `open`.
private func columnsNamed(_ text: UnsafeBufferPointer<UInt8>, before open: Int) -> ColumnHeads? {
    var index = open
    func skipSpaces() {
        while index > 0,
            text[index - 1] == 0x20 || text[index - 1] == 0x0A
                || text[index - 1] == 0x0D
        {
            index -= 1
        }
    }
    skipSpaces()
    let word = Array("values".utf8)
    guard index >= word.count,
        word.indices.allSatisfy({ text[index - word.count + $0] | 0x20 == word[$0] })
    else { return nil }
    index -= word.count
    skipSpaces()
    guard index > 0, text[index - 1] == 0x29 else { return nil }
    let end = index - 1
    var start = end
    while start > 0, end - start < TableCursor.lineLimit, text[start - 1] != 0x28 { start -= 1 }
    guard start > 0, text[start - 1] == 0x28 else { return nil }
    return ColumnHeads(text, in: start..<end, 0x2C)
}
