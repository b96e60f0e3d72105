internal import Bytes
internal import Records

/// Takes paragraphs, cells and notes as they end, and writes their blocks.
struct RTFOutput {
    var blocks = BlockWriter()
    var replacedCount = 0
    private var text: [UInt8] = []
    private var note: [UInt8]?
    private var notes: [[UInt8]] = []
    private var noteCount = 0
    private var listMark: [UInt8]?
    private var items: [BlockWriter.Item] = []
    private var code: [[UInt8]] = []
    private var cell: [UInt8] = []
    private var row: [[UInt8]] = []
    private var rows: [[[UInt8]]] = []

    /// Cells of a row.
    private static let columnLimit = 256

    mutating func append(_ text: [UInt8], raised raise: WordRaise) {
        let bytes =
            raise == .none
            ? text
            : RaisedText(raise: raise, text: text).written(after: self.note ?? self.text)
        if self.note != nil {
            self.note? += bytes
        } else {
            self.text += bytes
        }
    }

    mutating func countHidden(_ bytes: [UInt8], isDeleted: Bool) {
        guard bytes.contains(where: { $0 > .space }) else { return }
        self.blocks.warn(isDeleted ? "deleted_text_left_out" : "hidden_content")
    }

    mutating func setInfo(_ key: String, _ value: [UInt8]) {
        let text = String(decoding: oneLine(value), as: UTF8.self)
        if key == "title" {
            if isSensibleTitle(text) { self.blocks.setTitle(text) }
        } else {
            self.blocks.setMetadata(key, text)
        }
    }

    // MARK: Notes and lists

    mutating func beginNote() { self.note = [] }

    mutating func endNote() {
        guard let note = self.note else { return }
        self.note = nil
        self.notes.append(note)
    }

    mutating func endListText(_ mark: [UInt8]) { self.listMark = oneLine(mark) }

    /// The number where the mark is one that Markdown prints alike.
    private func listItem(_ mark: [UInt8], _ text: [UInt8], level: Int) -> BlockWriter.Item {
        let digits = mark.prefix(while: \.isASCIIDigit)
        let rest = mark.dropFirst(digits.count)
        if !digits.isEmpty, digits.count <= 6, rest == [.fullStop] || rest == [.rightParenthesis] {
            let number = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
            return BlockWriter.Item(level: level, number: number, text: text)
        }
        let isLabel = mark.contains(where: \.isASCIIAlphanumeric)
        return BlockWriter.Item(level: level, text: isLabel ? mark + [.space] + text : text)
    }

    // MARK: Paragraphs

    mutating func endParagraph(_ role: WordRole, _ properties: RTFReader.ParagraphProperties) {
        guard self.note == nil else {
            self.note?.append(.space)
            return
        }
        let text = self.text
        self.text.removeAll()
        let mark = self.listMark
        self.listMark = nil
        if properties.isInTable {
            let line = (mark.map { $0 + [.space] } ?? []) + text
            if !line.isEmpty { self.cell += (self.cell.isEmpty ? [] : [.lineFeed]) + line }
            return
        }
        self.endTable()
        guard text.contains(where: { $0 > .space }) else { return self.writeNotes() }
        if let mark {
            self.items.append(self.listItem(mark, text, level: properties.listLevel))
            return
        }
        self.write(text, role)
    }

    private mutating func write(_ text: [UInt8], _ role: WordRole) {
        self.endList()
        if role == .code { return self.code.append(text) }
        self.endCode()
        switch role {
        case .title: self.blocks.heading(text, level: 1)
        case .heading(let level): self.blocks.heading(text, level: Int(level))
        case .quote: self.blocks.quote(text)
        case .caption: self.blocks.paragraph(text, kind: .caption)
        case .contents: self.blocks.warn("contents_left_out")
        case .body, .code: self.blocks.paragraph(text)
        }
        self.writeNotes()
    }

    private mutating func endList() {
        self.blocks.list(self.items)
        self.items.removeAll()
    }

    private mutating func endCode() {
        guard !self.code.isEmpty else { return }
        self.blocks.code(Array(self.code.joined(separator: [.lineFeed])))
        self.code.removeAll()
    }

    private mutating func writeNotes() {
        guard self.items.isEmpty else { return }
        for note in self.notes {
            self.noteCount += 1
            self.blocks.note(note, label: Array("\(self.noteCount)".utf8))
        }
        self.notes.removeAll()
    }

    // MARK: Tables

    /// A cell of a table inside of a cell is text of it.
    mutating func endCell(isNested: Bool) {
        guard self.note == nil else { return }
        if !self.text.isEmpty { self.cell += (self.cell.isEmpty ? [] : [.lineFeed]) + self.text }
        self.text.removeAll()
        self.listMark = nil
        guard !isNested else { return }
        if self.row.count < Self.columnLimit { self.row.append(trimmedBytes(self.cell)) }
        self.cell.removeAll()
    }

    mutating func endRow() {
        guard !self.row.isEmpty else { return }
        self.rows.append(self.row)
        self.row.removeAll()
    }

    private mutating func endTable() {
        self.endRow()
        guard !self.rows.isEmpty else { return }
        self.endList()
        self.endCode()
        let rows = self.rows.filter { $0.contains { !$0.isEmpty } }
        self.rows.removeAll()
        if rows.count > 1, rows.contains(where: { $0.count > 1 }) {
            self.blocks.table(TableWriter(rows: rows))
        } else {
            // What has one row or one column lays out the page.
            for cell in rows.joined() { self.blocks.paragraph(cell) }
        }
        self.writeNotes()
    }

    mutating func endDocument() {
        self.endParagraph(.body, RTFReader.ParagraphProperties())
        self.endTable()
        self.endList()
        self.endCode()
        self.writeNotes()
    }
}
