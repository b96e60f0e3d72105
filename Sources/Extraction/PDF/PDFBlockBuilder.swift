internal import Records

/// Turns rows in reading order into blocks.
struct PDFBlockBuilder {
    private let layout: PDFLayout
    private let source: PDFSource
    private let headings: PDFHeadings
    private let leadings: PDFLeadings
    private let joiner: PDFLineJoiner
    private(set) var blocks: [PDFBlock] = []

    init(layout: PDFLayout, source: PDFSource) {
        self.layout = layout
        self.source = source
        self.headings = PDFHeadings(layout, outline: source.outline)
        self.leadings = PDFLeadings(layout)
        self.joiner = PDFLineJoiner(layout)
    }

    /// Reads all columns; text that runs sideways follows its page.
    mutating func build() {
        for (index, column) in self.layout.columns.enumerated() {
            self.add(column)
            let isPageEnd =
                index + 1 == self.layout.columns.count
                || self.layout.columns[index + 1].page != column.page
            if isPageEnd { self.addTurnedText(column.page) }
        }
    }

    private mutating func add(_ original: PDFColumn) {
        var column = original
        var index = 0
        while index < column.rows.count {
            if let length = self.runInHeading(column, index) {
                self.addRunInHeading(&column, index, length)
            }
            if let number = ruledTable(column, index) {
                self.addRuledTable(self.layout.ruledTables[column.page][number], column)
                index += 1
            } else if self.isCode(column, index) {
                index = self.addCode(column, index)
            } else if let count = self.headingLength(column, index) {
                index = self.addHeading(column, index, count)
            } else if self.contentsEntry(column, index) != nil {
                index = self.addContents(column, index)
            } else if let table = table(in: column.rows[...], at: index),
                !self.isList(column, index, table)
            {
                index = self.addTable(column, index, table)
            } else if self.marker(column, index) != nil {
                index = self.addList(column, index)
            } else {
                index = self.addParagraph(column, index)
            }
        }
    }

    private mutating func addTurnedText(_ page: Int) {
        let text = Array(self.layout.text[self.layout.turnedText[page]])
        guard !text.isEmpty else { return }
        self.blocks.append(PDFBlock(content: .paragraph(text), page: page, size: 0))
    }

    private func text(_ row: PDFRow) -> ArraySlice<UInt8> { self.layout.text[row.text] }

    private func step(_ column: PDFColumn, _ index: Int) -> Float {
        column.rows[index].baseline - column.rows[index - 1].baseline
    }

    private func isClose(_ column: PDFColumn, _ index: Int) -> Bool {
        self.step(column, index)
            <= 1.25 * self.leadings.leading(of: column.rows[index].size) + 0.5
    }
}

// MARK: - Code

extension PDFBlockBuilder {
    /// A row in fixed pitch, unless it is one line of a paragraph that is all inline code.
    private func isCode(_ column: PDFColumn, _ index: Int) -> Bool {
        let row = column.rows[index]
        guard row.isFixedPitch, !self.headings.looksLikeHeading(row) else { return false }
        guard index > 0, index + 1 < column.rows.count else { return true }
        let previous = column.rows[index - 1]
        let next = column.rows[index + 1]
        let isInside =
            !previous.isFixedPitch && !next.isFixedPitch && self.isClose(column, index)
            && self.isClose(column, index + 1) && abs(previous.box.left - row.box.left) < row.size
            && column.right - previous.box.right < 6 * row.size
        return !isInside
    }

    private mutating func addCode(_ column: PDFColumn, _ start: Int) -> Int {
        var end = start + 1
        while end < column.rows.count, column.rows[end].isFixedPitch,
            self.step(column, end) < 4 * column.rows[end].size,
            !self.headings.looksLikeHeading(column.rows[end])
        {
            end += 1
        }
        let rows = column.rows[start..<end]
        let code = PDFCodeWriter(source: self.source, page: column.page).text(of: rows)
        if start == 0, let last = self.blocks.last, case .code(let before) = last.content,
            last.page != column.page
        {
            self.blocks[self.blocks.count - 1].content = .code(before + [0x0A] + code)
        } else {
            self.blocks.append(
                PDFBlock(content: .code(code), page: column.page, size: rows[start].size)
            )
        }
        return end
    }
}

// MARK: - Headings

extension PDFBlockBuilder {
    /// How many rows from `index` form one heading, or nil.
    private func headingLength(_ column: PDFColumn, _ index: Int) -> Int? {
        let first = column.rows[index]
        guard self.headings.looksLikeHeading(first) else { return nil }
        var end = index + 1
        while end < column.rows.count, self.isSameHeading(column, end) { end += 1 }
        let count = end - index
        let text = self.joiner.joined(column.rows[index..<end])
        guard text.contains(where: { isLetter($0) }), text.count >= 2, text.count <= 300 else {
            return nil
        }
        if self.headings.outlineDepth(text) != nil, count <= 4 { return count }
        if self.headings.isLarge(first) { return count <= 4 ? count : nil }
        return self.isBoldHeading(column, index..<end, text) ? count : nil
    }

    private func isSameHeading(_ column: PDFColumn, _ index: Int) -> Bool {
        let row = column.rows[index]
        let previous = column.rows[index - 1]
        return self.headings.looksLikeHeading(row) && row.isBold == previous.isBold
            && abs(row.size - previous.size) <= 0.04 * previous.size
            && self.step(column, index) <= 1.6 * row.size
    }

    /// Bold type of the body's size is a heading when it stands alone and is no sentence.
    private func isBoldHeading(
        _ column: PDFColumn,
        _ range: Range<Int>,
        _ text: [UInt8]
    ) -> Bool {
        guard range.count <= 2, let last = text.last, !".,;:".utf8.contains(last) else {
            return false
        }
        guard listMarker(text[...])?.number != nil || listMarker(text[...]) == nil else {
            return false
        }
        let isApart =
            range.lowerBound == 0
            || self.step(column, range.lowerBound)
                >= 1.15 * self.leadings.leading(of: column.rows[range.lowerBound].size)
        guard isApart, column.rows[range].allSatisfy({ $0.fragments.count == 1 }) else {
            return false
        }
        return range.upperBound < column.rows.count
    }

    private mutating func addHeading(_ column: PDFColumn, _ start: Int, _ count: Int) -> Int {
        let rows = column.rows[start..<start + count]
        let text = self.joiner.joined(rows)
        let level = self.headings.level(rows[start], text: text)
        self.blocks.append(
            PDFBlock(
                content: .heading(level: level, text: text),
                page: column.page,
                size: rows[start].size
            )
        )
        return start + count
    }
}

// MARK: - Headings that share a line with their paragraph

extension PDFBlockBuilder {
    /// How many fragments at the start of a paragraph are a bold heading, set off by a wide gap
    /// (LaTeX's `\paragraph`), or nil.
    private func runInHeading(_ column: PDFColumn, _ index: Int) -> Int? {
        let row = column.rows[index]
        guard row.fragments.count >= 2, !row.isBold, !self.layout.bodyIsBold, !row.isFixedPitch,
            index == 0 || !self.isClose(column, index),
            table(in: column.rows[...], at: index) == nil
        else { return nil }
        let first = row.fragments[0]
        guard self.isBold(first, page: row.page), !self.isBold(row.fragments[1], page: row.page)
        else { return nil }
        let gap = row.fragments[1].box.left - first.box.right
        let words = self.source.pages[row.page].words[first.words]
        let length = words.reduce(0) { $0 + Int($1.textEnd - $1.textStart) }
        guard gap < 2 * row.size, length <= 100, length >= 3 else { return nil }
        return 1
    }

    private func isBold(_ fragment: PDFFragment, page: Int) -> Bool {
        let words = self.source.pages[page].words[fragment.words]
        let plain = words.filter {
            $0.style >= 0 && !self.source.styles[Int($0.style)].isFixedPitch
        }
        return !plain.isEmpty && plain.allSatisfy { self.source.styles[Int($0.style)].isBold }
    }

    /// Writes the heading and leaves the rest of its row to the paragraph.
    private mutating func addRunInHeading(
        _ column: inout PDFColumn,
        _ index: Int,
        _ length: Int
    ) {
        var writer = PDFRowWriter(source: self.source, reserving: 0)
        var row = column.rows[index]
        let text = writer.write(Array(row.fragments[..<length]), page: row.page)
        self.blocks.append(
            PDFBlock(
                content: .heading(level: self.headings.runInLevel, text: Array(writer.text[text])),
                page: column.page,
                size: row.size
            )
        )
        // The row's text ends with that of its last fragments.
        row.fragments.removeFirst(length)
        row.text = row.text.lowerBound + min(text.count + 1, row.text.count)..<row.text.upperBound
        row.box.left = row.fragments[0].box.left
        column.rows[index] = row
    }
}

// MARK: - Tables

extension PDFBlockBuilder {
    /// A first column of nothing but markers is a list, not a table.
    private func isList(_ column: PDFColumn, _ start: Int, _ table: PDFTable) -> Bool {
        let rows = column.rows[start..<start + table.rowCount]
        let withMarker = rows.filter { listMarker(self.text($0)) != nil }.count
        return table.columns.count == 2 && withMarker * 2 >= rows.count
    }

    private mutating func addTable(
        _ column: PDFColumn,
        _ start: Int,
        _ table: PDFTable
    ) -> Int {
        let rows = column.rows[start..<start + table.rowCount]
        let starts = tableRowStarts(rows, columns: table.columns)
        var cells: [[[UInt8]]] = []
        var writer = PDFRowWriter(source: self.source, reserving: 0)
        for (index, row) in zip(rows.indices, rows) {
            if cells.isEmpty || starts.contains(index) {
                cells.append([[UInt8]](repeating: [], count: table.columns.count))
            }
            for fragment in row.fragments {
                let range = writer.write([fragment], page: row.page)
                let target = tableColumn(of: fragment, in: table.columns)
                self.joiner.append(
                    writer.text[range],
                    to: &cells[cells.count - 1][target]
                )
            }
        }
        self.blocks.append(
            PDFBlock(content: .table(cells), page: column.page, size: rows[start].size)
        )
        return start + table.rowCount
    }
}

// MARK: - Tables with drawn cells

/// The drawn table that a row stands for.
private func ruledTable(_ column: PDFColumn, _ index: Int) -> Int? {
    column.rows[index].fragments.lazy.compactMap(\.table).first
}

extension PDFBlockBuilder {
    private mutating func addRuledTable(_ table: PDFRuledTable, _ column: PDFColumn) {
        let cells = table.cells.map { row in
            row.map { lines in
                var text: [UInt8] = []
                for line in lines { self.joiner.append(self.layout.text[line], to: &text) }
                return text
            }
        }
        self.blocks.append(
            PDFBlock(content: .table(cells), page: column.page, size: table.size)
        )
    }
}

// MARK: - Tables of contents

extension PDFBlockBuilder {
    private func contentsEntry(_ column: PDFColumn, _ index: Int) -> PDFContentsEntry? {
        Extraction.contentsEntry(self.text(column.rows[index]))
    }

    /// Entries with leaders, and lines among them that end at the same right edge in a number.
    private mutating func addContents(_ column: PDFColumn, _ start: Int) -> Int {
        var items: [PDFListItem] = []
        var lefts: [Float] = []
        var index = start
        while index < column.rows.count {
            let row = column.rows[index]
            let isNear = index == start || self.step(column, index) < 4 * row.size
            guard isNear, let text = self.contentsText(column, index, from: start) else { break }
            while let last = lefts.last, row.box.left < last - 0.5 * row.size { lefts.removeLast() }
            if lefts.last.map({ row.box.left > $0 + 0.5 * row.size }) ?? true {
                lefts.append(row.box.left)
            }
            items.append(PDFListItem(depth: min(lefts.count - 1, 8), number: nil, text: text))
            index += 1
        }
        self.blocks.append(
            PDFBlock(content: .list(items), page: column.page, size: column.rows[start].size)
        )
        return index
    }

    private func contentsText(_ column: PDFColumn, _ index: Int, from start: Int) -> [UInt8]? {
        if let entry = self.contentsEntry(column, index) { return entry.text }
        let row = column.rows[index]
        guard row.fragments.count >= 2, let tail = self.text(row).last, tail >= 0x30, tail <= 0x39,
            abs(row.box.right - column.rows[start].box.right) < 2
        else { return nil }
        return Array(self.text(row))
    }
}

// MARK: - Lists

extension PDFBlockBuilder {
    private func marker(_ column: PDFColumn, _ index: Int) -> PDFListMarker? {
        let row = column.rows[index]
        guard let marker = listMarker(self.text(row)) else { return nil }
        guard let number = marker.number else { return marker }
        // A sentence may end in a number that the next line starts with.
        let isIndented = row.box.left > column.left + 0.5 * row.size
        let isApart = index == 0 || !self.isClose(column, index)
        return isIndented || isApart || number <= 1 ? marker : nil
    }

    private mutating func addList(_ column: PDFColumn, _ start: Int) -> Int {
        var items: [PDFListItem] = []
        var lefts: [Float] = []
        var index = start
        while index < column.rows.count {
            let row = column.rows[index]
            let found = self.itemMarker(column, index, isFirst: items.isEmpty, items: items)
            if let marker = found {
                while let last = lefts.last, row.box.left < last - 0.5 * row.size {
                    lefts.removeLast()
                }
                if lefts.last.map({ row.box.left > $0 + 0.5 * row.size }) ?? true {
                    lefts.append(row.box.left)
                }
                let text = self.text(row).dropFirst(marker.length)
                    .drop { $0 == 0x20 }
                items.append(
                    PDFListItem(
                        depth: min(lefts.count - 1, 8),
                        number: marker.number,
                        text: Array(text)
                    )
                )
            } else if !items.isEmpty, self.continuesItem(column, index, markerLeft: lefts.last) {
                self.joiner.append(self.text(row), to: &items[items.count - 1].text)
            } else {
                break
            }
            index += 1
        }
        let last = column.rows[index - 1]
        self.blocks.append(
            PDFBlock(
                content: .list(items),
                page: column.page,
                size: last.size,
                endsFull: fills(last, column)
            )
        )
        return index
    }

    private func itemMarker(
        _ column: PDFColumn,
        _ index: Int,
        isFirst: Bool,
        items: [PDFListItem]
    ) -> PDFListMarker? {
        guard let marker = listMarker(self.text(column.rows[index])) else { return nil }
        if isFirst { return marker }
        let row = column.rows[index]
        guard !self.isCode(column, index), self.step(column, index) < 3.5 * row.size else {
            return nil
        }
        if let number = marker.number, let last = items.last(where: { $0.number != nil })?.number {
            return number == last + 1 || self.marker(column, index) != nil ? marker : nil
        }
        return marker.number == nil ? marker : self.marker(column, index)
    }

    private func continuesItem(
        _ column: PDFColumn,
        _ index: Int,
        markerLeft: Float?
    ) -> Bool {
        let row = column.rows[index]
        guard let markerLeft, self.isClose(column, index), !self.isCode(column, index),
            abs(row.size - column.rows[index - 1].size) <= 0.08 * row.size || row.isFixedPitch,
            self.headingLength(column, index) == nil
        else { return false }
        if row.box.left > markerLeft + 0.4 * row.size { return true }
        let previous = column.rows[index - 1]
        return row.box.left > markerLeft - 0.4 * row.size
            && column.right - previous.box.right < 6 * row.size
            && listMarker(self.text(previous)) != nil
    }
}

// MARK: - Paragraphs

extension PDFBlockBuilder {
    private mutating func addParagraph(_ column: PDFColumn, _ start: Int) -> Int {
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
                size: column.rows[start].size,
                endsFull: endsFull
            )
        )
        return end
    }

    private func continuesParagraph(_ column: PDFColumn, _ start: Int, _ index: Int) -> Bool {
        let row = column.rows[index]
        let previous = column.rows[index - 1]
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
        return !self.endsParagraph(column, index - 1)
    }

    /// A first-line indent: this row stands in, the rows around it do not.
    private func isIndentedStart(_ column: PDFColumn, _ start: Int, _ index: Int) -> Bool {
        let row = column.rows[index]
        let previous = column.rows[index - 1]
        let indent = 0.8 * row.size
        if row.box.left < previous.box.left - indent { return index - 1 > start }
        guard row.box.left > previous.box.left + indent else { return false }
        let isHanging =
            index - 1 == start && index + 1 < column.rows.count
            && abs(column.rows[index + 1].box.left - row.box.left) < indent
            && self.isClose(column, index + 1)
        return !isHanging
    }

    /// The line was broken on purpose: the next line's first word would have fitted.
    private func endsParagraph(_ column: PDFColumn, _ index: Int) -> Bool {
        let row = column.rows[index]
        guard let tail = self.text(row).last, ".!?:".utf8.contains(tail) else { return false }
        let next = column.rows[index + 1]
        guard let fragment = next.fragments.first else { return false }
        let word = self.source.pages[next.page].words[fragment.words.lowerBound]
        let slack = column.right - row.box.right
        return slack > word.box.width + 1.5 * row.size && slack > 0.1 * (column.right - column.left)
    }

    private func content(
        of text: [UInt8],
        _ column: PDFColumn,
        _ range: Range<Int>
    ) -> PDFBlock.Content {
        if isCaption(text) { return .caption(text) }
        let first = column.rows[range.lowerBound]
        let isSmall = first.size <= 0.92 * self.layout.bodySize
        let isLow = first.box.top > 0.6 * self.source.pages[column.page].height
        if isSmall, isLow, startsLikeFootnote(text), !first.isFixedPitch { return .footnote(text) }
        return .paragraph(text)
    }

    /// Joins a paragraph with the one it continues from the column or page before.
    private mutating func continuePrevious(
        with text: [UInt8],
        _ row: PDFRow,
        _ column: PDFColumn,
        _ endsFull: Bool
    ) -> Bool {
        guard let index = self.openBlock(), !isCaption(text) else { return false }
        let block = self.blocks[index]
        guard abs(block.size - row.size) <= 0.05 * row.size else { return false }
        switch block.content {
        case .paragraph(var before):
            guard continues(before, text, isFull: block.endsFull) else { return false }
            self.joiner.append(text[...], to: &before)
            self.blocks[index].content = .paragraph(before)
        case .list(var items):
            guard let last = items.last, continues(last.text, text, isFull: block.endsFull) else {
                return false
            }
            self.joiner.append(text[...], to: &items[items.count - 1].text)
            self.blocks[index].content = .list(items)
        default:
            return false
        }
        self.blocks[index].endsFull = endsFull
        return true
    }

    /// The last block of running text; footnotes, captions and tables may stand behind it.
    private func openBlock() -> Int? {
        for index in self.blocks.indices.suffix(4).reversed() {
            switch self.blocks[index].content {
            case .paragraph, .list: return index
            case .heading, .code: return nil
            case .table, .caption, .footnote: continue
            }
        }
        return nil
    }
}

/// Whether a row reaches the right edge of a column of text.
private func fills(_ row: PDFRow, _ column: PDFColumn) -> Bool {
    column.right - row.box.right < 2 * row.size && row.box.width > 15 * row.size
}

/// Whether text that starts a column goes on with the sentence before it.
private func continues(_ before: [UInt8], _ text: [UInt8], isFull: Bool) -> Bool {
    guard let tail = before.last, let head = text.first else { return false }
    if lineEndHyphen(before) != nil { return true }
    if ".!?:;".utf8.contains(tail) { return false }
    let startsLower = head >= 0x61 && head <= 0x7A
    return startsLower || isFull || head >= 0x80
}

private func isCaption(_ text: [UInt8]) -> Bool {
    for word in ["Figure ", "Fig. ", "Table ", "Abbildung ", "Tabelle ", "Tableau ", "Figura "] {
        guard text.starts(with: word.utf8) else { continue }
        let rest = text.dropFirst(word.utf8.count)
        let number = rest.prefix { ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2E || $0 == 0x2D }
        guard !number.isEmpty else { return false }
        let mark = rest.dropFirst(number.count).first
        return number.last == 0x2E || mark == 0x3A || mark == nil
    }
    return false
}

private func startsLikeFootnote(_ text: [UInt8]) -> Bool {
    guard let first = text.first else { return false }
    let symbols: [[UInt8]] = [Array("†".utf8), Array("‡".utf8), Array("§".utf8), [0x2A]]
    return (first >= 0x30 && first <= 0x39) || symbols.contains { text.starts(with: $0) }
}

private func isLetter(_ byte: UInt8) -> Bool {
    byte >= 0x80 || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A)
}
