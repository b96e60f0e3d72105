internal import Bytes

extension PDFBlockBuilder {
    mutating func addParagraph(_ column: PDFColumn, _ start: Int) -> Int {
        var end = start + 1
        while end < column.rows.count, self.continuesParagraph(column, start, end) { end += 1 }
        let rows = column.rows[start..<end]
        let last = column.rows[end - 1]
        let text = self.joiner.joined(rows)
        let endsFull = fills(last, column)
        if start == 0, self.continuePrevious(with: text, rows[start], column, endsFull) {
            return end
        }
        self.blocks.append(
            PDFBlock(
                content: self.content(of: text, column, start..<end),
                page: column.page,
                box: box(of: rows),
                size: column.rows[start].size,
                endsFull: endsFull,
                element: last.element
            )
        )
        return end
    }

    func continuesParagraph(_ column: PDFColumn, _ start: Int, _ index: Int) -> Bool {
        let row = column.rows[index]
        let previous = column.rows[index - 1]
        if self.isSameParagraph(row.element, previous.element) { return true }
        guard self.isClose(column, index), self.step(column, index) > 0.3 * row.size else {
            return false
        }
        let isSameSize =
            abs(row.size - previous.size) <= 0.08 * max(row.size, previous.size)
            || row.isFixedPitch || previous.isFixedPitch
        guard isSameSize, !self.isCode(column, index), self.marker(column, index) == nil,
            self.headingLength(column, index) == nil,
            table(in: column.rows[...], at: index) == nil
        else { return false }
        if self.isIndentedStart(column, start, index) { return false }
        if self.leadings.isWide(row.size), !nearlyFills(previous, column) { return false }
        return !self.endsParagraph(column, index - 1)
    }

    /// Whether the structure tree puts both into one paragraph.
    private func isSameParagraph(_ element: Int32, _ other: Int32) -> Bool {
        element >= 0 && element == other && self.source.structure?.role(element) == .paragraph
    }

    /// A first-line indent: this row stands in, the rows around it do not.
    func isIndentedStart(_ column: PDFColumn, _ start: Int, _ index: Int) -> Bool {
        let row = column.rows[index]
        let previous = column.rows[index - 1]
        let indent = 0.8 * row.size
        let change = column.indent(of: row) - column.indent(of: previous)
        if change < -indent { return index - 1 > start }
        guard change > indent else { return false }
        let isHanging =
            index - 1 == start && index + 1 < column.rows.count
            && abs(column.indent(of: column.rows[index + 1]) - column.indent(of: row)) < indent
            && self.isClose(column, index + 1)
        return !isHanging
    }

    /// The line was broken on purpose: the next line's first word would have fitted.
    func endsParagraph(_ column: PDFColumn, _ index: Int) -> Bool {
        let row = column.rows[index]
        guard let tail = self.text(row).last, ".!?:".utf8.contains(tail) else { return false }
        let next = column.rows[index + 1]
        let first =
            next.isRightToLeft
            ? next.fragments.last?.words.last : next.fragments.first?.words.first
        guard let first else { return false }
        let word = self.source.pages[next.page].words[first]
        let slack = column.slack(of: row)
        return slack > word.box.width + 1.5 * row.size && slack > 0.1 * (column.right - column.left)
    }

    func content(
        of text: [UInt8],
        _ column: PDFColumn,
        _ range: Range<Int>
    ) -> PDFBlock.Content {
        if isCaption(text) { return .caption(text) }
        let first = column.rows[range.lowerBound]
        let isSmall = first.size <= 0.92 * self.layout.body.size
        let isLow = first.box.top > 0.6 * self.source.pages[column.page].height
        if isSmall, isLow, startsLikeFootnote(text), !first.isFixedPitch { return .footnote(text) }
        return .paragraph(text)
    }

    /// Joins a paragraph with the one it continues from the column or page before.
    mutating func continuePrevious(
        with text: [UInt8],
        _ row: PDFRow,
        _ column: PDFColumn,
        _ endsFull: Bool
    ) -> Bool {
        guard let index = self.openBlock(), !isCaption(text),
            self.goesOn(in: self.blocks[index], text, row)
        else { return false }
        self.blocks[index].extend(with: text, self.joiner)
        self.blocks[index].endsFull = endsFull
        return true
    }

    /// Whether text that starts a column belongs to a block before it.
    private func goesOn(in block: PDFBlock, _ text: [UInt8], _ row: PDFRow) -> Bool {
        let isSameSize = abs(block.size - row.size) <= 0.05 * row.size
        switch block.content {
        case .paragraph(let before):
            return self.isSameParagraph(row.element, block.element)
                || (isSameSize && continues(before, text, isFull: block.endsFull))
        case .list(let items):
            guard let last = items.last else { return false }
            return isSameSize && continues(last.text, text, isFull: block.endsFull)
        default:
            return false
        }
    }

    /// The last block of running text; footnotes, captions and tables may stand behind it.
    func openBlock() -> Int? {
        var aside = 0
        for index in self.blocks.indices.reversed() {
            switch self.blocks[index].content {
            case .paragraph, .list: return index
            case .heading, .code: return nil
            case .running: continue
            case .table, .caption, .footnote: aside += 1
            }
            if aside == mostBlocksAside { return nil }
        }
        return nil
    }
}

/// A paragraph goes on behind at most this many notes and pictures.
private let mostBlocksAside = 4

/// Whether a row reaches the right edge of a column of text.
func fills(_ row: PDFRow, _ column: PDFColumn) -> Bool {
    column.slack(of: row) < 2 * row.size && row.box.width > 15 * row.size
}

/// Whether a row is as long as a line of ragged text.
func nearlyFills(_ row: PDFRow, _ column: PDFColumn) -> Bool {
    column.slack(of: row) < 0.25 * (column.right - column.left) && row.box.width > 15 * row.size
}

/// Whether text that starts a column goes on with the sentence before it.
private func continues(_ before: [UInt8], _ text: [UInt8], isFull: Bool) -> Bool {
    guard let tail = before.last, let head = text.first else { return false }
    if lineEndHyphen(before) != nil { return true }
    if ".!?:;".utf8.contains(tail) { return false }
    return head.isASCIILowercase || isFull || head >= 0x80
}

private func isCaption(_ text: [UInt8]) -> Bool {
    for word in ["Figure ", "Fig. ", "Table ", "Abbildung ", "Tabelle ", "Tableau ", "Figura "] {
        guard text.starts(with: word.utf8) else { continue }
        let rest = text.dropFirst(word.utf8.count)
        let number = rest.prefix { $0.isASCIIDigit || $0 == .fullStop || $0 == .hyphen }
        guard !number.isEmpty else { return false }
        let mark = rest.dropFirst(number.count).first
        return number.last == 0x2E || mark == 0x3A || mark == nil
    }
    return false
}

private func startsLikeFootnote(_ text: [UInt8]) -> Bool {
    guard let first = text.first else { return false }
    let symbols: [[UInt8]] = [Array("†".utf8), Array("‡".utf8), Array("§".utf8), [0x2A]]
    return first.isASCIIDigit || symbols.contains { text.starts(with: $0) }
}
