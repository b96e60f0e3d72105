internal import Records

/// Writes blocks as Markdown: neighbouring items become one list, lines of code one block.
///
/// Notes follow the section that refers to them.
struct WordWriter {
    /// The blocks of each note by its number, from 1.
    let notes: [[WordBlock]]
    private(set) var content = ExtractedContent()
    private(set) var title: [UInt8]?
    private var list: [WordParagraph] = []
    private var code: [WordParagraph] = []
    private var pendingNotes: [Int] = []
    private var written: Set<Int> = []

    init(notes: [[WordBlock]]) { self.notes = notes }

    mutating func write(_ blocks: [WordBlock]) {
        self.writeBlocks(blocks)
        self.writeNotes()
    }

    private mutating func writeBlocks(_ blocks: [WordBlock]) {
        for block in blocks {
            switch block {
            case .paragraph(let paragraph): self.write(paragraph)
            case .table(let table): self.write(table)
            }
        }
        self.flush()
    }

    /// Writes the notes referred to since the last heading; a note may refer to others.
    private mutating func writeNotes() {
        self.flush()
        var index = 0
        while index < self.pendingNotes.count {
            let number = self.pendingNotes[index]
            index += 1
            guard number <= self.notes.count, self.written.insert(number).inserted else { continue }
            let line = lineOfCell(self.notes[number - 1])
            self.pendingNotes.append(contentsOf: line.notes)
            self.content.append(
                kind: .footnote,
                markdown: Array("[^\(number)]: ".utf8) + line.markdown,
                text: line.text
            )
        }
        self.pendingNotes.removeAll()
    }

    private mutating func write(_ paragraph: WordParagraph) {
        if !self.continuesList(paragraph) { self.flushList() }
        if paragraph.role != .code { self.flushCode() }
        let line = paragraph.line
        switch paragraph.role {
        case .title, .heading: self.writeNotes()
        default: break
        }
        self.pendingNotes.append(contentsOf: line.notes)
        switch paragraph.role {
        case .code: self.code.append(paragraph)
        case .title:
            if self.title == nil { self.title = line.text }
            self.writeHeading(line, level: 1)
        case .heading(let level): self.writeHeading(line, level: level)
        case .quote:
            let marks = Array("> ".utf8)
            let quoted = indented(line.markdown, by: marks, first: marks)
            self.content.append(kind: .quote, markdown: quoted, text: line.text)
        case .caption:
            self.content.append(kind: .caption, markdown: line.markdown, text: line.text)
        case .body where paragraph.item != nil: self.list.append(paragraph)
        case .contents:
            self.content.append(kind: .contents, markdown: line.markdown, text: line.text)
        case .body:
            self.content.append(kind: .paragraph, markdown: line.markdown, text: line.text)
        }
    }

    /// Bullets and numbers at the outermost level are two lists.
    private func continuesList(_ paragraph: WordParagraph) -> Bool {
        guard let item = paragraph.item else { return false }
        guard item.level == 0, let first = self.list.first?.item, first.level == 0 else {
            return true
        }
        return first.isNumbered == item.isNumbered
    }

    private mutating func writeHeading(_ line: WordLine, level: UInt8) {
        let marks = Array(repeating: UInt8(ascii: "#"), count: Int(level)) + [0x20]
        let text = withoutLineBreaks(line)
        self.content.append(
            kind: .heading,
            level: level,
            markdown: marks + text.markdown,
            text: text.text
        )
    }

    private mutating func flush() {
        self.flushList()
        self.flushCode()
    }

    /// Items below the marks of the items above them; a level that is left out has no width.
    private mutating func flushList() {
        guard !self.list.isEmpty else { return }
        var markdown: [UInt8] = []
        var text: [UInt8] = []
        var widths = Array(repeating: 0, count: 9)
        for paragraph in self.list {
            guard let item = paragraph.item else { continue }
            if !text.isEmpty {
                markdown.append(0x0A)
                text.append(0x0A)
            }
            let mark = Array((item.mark.number.map { "\($0). " } ?? "- ").utf8)
            // What Markdown cannot print by itself is part of the text.
            let label = item.isNumbered ? [] : item.mark.printed
            let indent = Array(repeating: UInt8(0x20), count: widths[..<item.level].reduce(0, +))
            widths[item.level] = mark.count
            for deeper in widths.indices[(item.level + 1)...] { widths[deeper] = 0 }
            let rest = indent + Array(repeating: 0x20, count: mark.count)
            markdown += indented(paragraph.line.markdown, by: rest, first: indent + mark + label)
            text += label + paragraph.line.text
        }
        self.content.append(kind: .list, markdown: markdown, text: text)
        self.list.removeAll()
    }

    private mutating func flushCode() {
        let lines = self.code.map(\.line.text)
        self.code.removeAll()
        let first = lines.firstIndex { !$0.isEmpty } ?? lines.endIndex
        let end = (lines.lastIndex { !$0.isEmpty } ?? -1) + 1
        guard first < end else { return }
        let text = Array(lines[first..<end].joined(separator: [0x0A]))
        let fence = codeFence(around: text)
        self.content.append(
            kind: .code,
            markdown: fence + [0x0A] + text + [0x0A] + fence,
            text: text
        )
    }

    /// A table of data as Markdown; one that lays out the page as what is in its cells.
    private mutating func write(_ table: WordTable) {
        self.flush()
        guard isDataTable(table) else {
            for row in table.rows {
                for cell in row { self.writeBlocks(cell) }
            }
            return
        }
        let rows = table.rows.map { $0.map(lineOfCell) }
            .filter { $0.contains { !$0.text.isEmpty } }
        self.pendingNotes.append(contentsOf: rows.flatMap { $0.flatMap(\.notes) })
        let width = rows.map(\.count).max() ?? 0
        var markdown: [UInt8] = []
        var text: [UInt8] = []
        for (index, row) in rows.enumerated() {
            if index > 0 {
                markdown.append(0x0A)
                text.append(0x0A)
            }
            appendRow(row.map(\.markdown), width: width, to: &markdown)
            text += row.map(\.text).joined(separator: [0x09])
            if index == 0 {
                markdown += Array("\n|".utf8)
                for _ in 0..<width { markdown += Array(" --- |".utf8) }
            }
        }
        self.content.append(kind: .table, markdown: markdown, text: text)
    }
}

/// Two rows and two columns at least, and no cell with headings, code, tables or pages of prose.
private func isDataTable(_ table: WordTable) -> Bool {
    let filled = table.rows.filter { $0.contains { !$0.isEmpty } }
    guard filled.count >= 2, filled.contains(where: { $0.count >= 2 }) else { return false }
    return filled.allSatisfy { $0.allSatisfy(fitsOneLine) }
}

private func fitsOneLine(_ cell: [WordBlock]) -> Bool {
    var byteCount = 0
    for block in cell {
        guard case .paragraph(let paragraph) = block else { return false }
        switch paragraph.role {
        case .heading, .title: return false
        case .code where cell.count > 1: return false
        default: byteCount += paragraph.line.text.count
        }
    }
    return byteCount <= 2_000
}

private func lineOfCell(_ blocks: [WordBlock]) -> WordLine {
    var line = WordLine()
    for block in blocks {
        let part: WordLine
        switch block {
        case .paragraph(let paragraph): part = withoutLineBreaks(paragraph.line)
        case .table(let table): part = lineOfCell(table.rows.flatMap { $0.flatMap { $0 } })
        }
        guard !part.text.isEmpty else { continue }
        if !line.text.isEmpty { line.append(CollectionOfOne(0x20)) }
        line.append(part)
    }
    return line
}

private func withoutLineBreaks(_ line: WordLine) -> WordLine {
    WordLine(
        markdown: line.markdown.map { $0 < 0x20 ? 0x20 : $0 },
        text: line.text.map { $0 < 0x20 ? 0x20 : $0 },
        notes: line.notes
    )
}

private func appendRow(_ cells: [[UInt8]], width: Int, to output: inout [UInt8]) {
    output.append(0x7C)
    for column in 0..<width {
        output.append(0x20)
        if column < cells.count {
            for byte in cells[column] {
                if byte == 0x7C { output.append(0x5C) }
                output.append(byte)
            }
        }
        output.append(contentsOf: [0x20, 0x7C])
    }
}
