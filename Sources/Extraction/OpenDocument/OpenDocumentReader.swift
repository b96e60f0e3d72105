internal import Bytes
internal import Records

/// Reads the content of an OpenDocument text, spreadsheet or presentation, and writes its blocks.
///
/// - Source: OpenDocument 1.3 part 3, chapters 5 (text), 9 (tables), 10 (drawings).
final class OpenDocumentReader: XMLEvents {
    private(set) var blocks: BlockWriter
    private var collector: OpenDocumentStyleCollector
    private let keepsHidden: Bool
    private(set) var isOverLimit = false

    /// Elements inside of one that is left out.
    private var skippedDepth = 0
    /// Paragraphs that are open: a note's stands inside of another.
    private var texts: [[UInt8]] = []
    private var paragraphs: [Paragraph] = []
    private var lists: [List] = []
    private var items: [BlockWriter.Item] = []
    private var code: [[UInt8]] = []
    private var tables: [Table] = []
    private var notes: [(label: [UInt8], text: [UInt8])] = []
    private var openNotes: [(label: [UInt8], text: [UInt8])] = []
    private var isCitation = false
    private var frameClasses: [String] = []
    private var spans: [Span] = []
    private var pageNumber = 0
    private var sheet: SpreadsheetTable?
    private var isSpreadsheet = false
    private var isInNotesPage = false

    private struct Paragraph {
        var role: WordRole
        var isHidden: Bool
    }

    /// Where an open span began: in which of the open texts, and at which byte of it.
    private struct Span {
        var raise: WordRaise
        var text: Int
        var start: Int
    }

    private struct List {
        var style: String?
        var isNumbered: Bool
        var count = 0
        /// An item has begun whose first paragraph is still to come.
        var isItemNew = false
        var isHeader = false
    }

    private struct Table {
        var rows: [[[UInt8]]] = []
        var cell: [UInt8] = []
        var span = 1
        var isCovered = false
    }

    init(_ collector: OpenDocumentStyleCollector, _ blocks: BlockWriter, keepsHidden: Bool) {
        self.collector = collector
        self.blocks = blocks
        self.keepsHidden = keepsHidden
    }

    private var styles: OpenDocumentStyles { self.collector.styles }

    // MARK: Elements

    func start(_ element: XMLElement) {
        guard self.skippedDepth == 0 else {
            self.skippedDepth += 1
            return
        }
        switch element.name.vocabulary {
        case .odfText: self.startText(element)
        case .odfTable: self.startTable(element)
        case .odfDraw: self.startDraw(element)
        case .odfPresentation: if element.name.local == "notes" { self.startNotes() }
        case .odfStyle: self.collector.start(element)
        case .odfOffice: self.startOffice(element)
        default: break
        }
    }

    private func skip(_ warning: String? = nil) {
        self.skippedDepth = 1
        if let warning { self.blocks.warn(warning) }
    }

    private func startOffice(_ element: XMLElement) {
        switch element.name.local {
        case "spreadsheet": self.isSpreadsheet = true
        case "annotation": self.skip("comments_left_out")
        case "settings", "scripts", "master-styles", "binary-data", "forms": self.skip()
        default: break
        }
    }

    private func startText(_ element: XMLElement) {
        switch element.name.local {
        case "p", "h": self.startParagraph(element)
        case "s":
            let count = element["c"].flatMap { Int($0) } ?? 1
            self.append(Array(repeating: .space, count: max(1, min(count, 256))))
        case "tab": self.append([.tab])
        case "line-break": self.append([.lineFeed])
        case "span":
            // The text of a hidden span is skipped with all in it.
            if self.styles.isHidden(element["style-name"], family: "text") {
                self.skip("hidden_content")
            } else {
                let start = self.texts.last?.count ?? 0
                let raise = self.styles.raise(ofText: element["style-name"])
                self.spans.append(Span(raise: raise, text: self.texts.count, start: start))
            }
        case "list": self.startList(element)
        case "list-item": self.startItem()
        case "list-header":
            self.startItem()
            if let last = self.lists.indices.last { self.lists[last].isHeader = true }
        case "note": self.openNotes.append(([], []))
        case "note-citation":
            self.isCitation = true
            self.texts.append([])
        case "tracked-changes": self.skip("deleted_text_left_out")
        case "table-of-content", "illustration-index", "table-index", "object-index", "user-index",
            "alphabetical-index":
            self.skip("contents_left_out")
        case "section":
            let isHidden = element["display"] == "none"
            if isHidden || self.styles.isHidden(element["style-name"], family: "section") {
                self.skip("hidden_content")
            }
        case "hidden-text", "hidden-paragraph": self.skip("hidden_content")
        case "list-style", "list-level-style-number": self.collector.start(element)
        case "ruby-text": self.skip()
        case "page-number" where self.isInNotesPage: self.skip()
        default: break
        }
    }

    func end(_ name: XMLName) {
        guard self.skippedDepth == 0 else {
            self.skippedDepth -= 1
            return
        }
        switch (name.vocabulary, name.local) {
        case (.odfText, "p"), (.odfText, "h"): self.endParagraph()
        case (.odfText, "span"): self.endSpan()
        case (.odfText, "list"): self.endList()
        case (.odfText, "list-header"):
            if let last = self.lists.indices.last { self.lists[last].isHeader = false }
        case (.odfText, "note"): self.endNote()
        case (.odfText, "note-citation"):
            self.isCitation = false
            let label = self.texts.popLast() ?? []
            if let last = self.openNotes.indices.last {
                self.openNotes[last].label = trimmedBytes(label)
            }
        case (.odfTable, "table-cell"), (.odfTable, "covered-table-cell"): self.endCell()
        case (.odfTable, "table-row"): self.sheet?.endRow()
        case (.odfTable, "table"): self.endTable()
        case (.odfDraw, "frame"), (.odfDraw, "custom-shape"): _ = self.frameClasses.popLast()
        case (.odfDraw, "page"): self.endBlocks()
        case (.odfPresentation, "notes"):
            self.endBlocks()
            self.isInNotesPage = false
        case (.odfOffice, "body"): self.endBlocks()
        default: break
        }
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard self.skippedDepth == 0, let last = self.texts.indices.last else { return }
        // White space of the file is one blank; more are written as elements.
        for byte in bytes {
            if !byte.isASCIISpace {
                self.texts[last].append(byte)
            } else if let before = self.texts[last].last, before != .space, before != .lineFeed {
                self.texts[last].append(.space)
            }
        }
    }

    private func append(_ bytes: [UInt8]) {
        if let last = self.texts.indices.last { self.texts[last] += bytes }
    }

    /// Marks what stands above or below the line, so that 10⁶ does not become 106.
    private func endSpan() {
        guard let span = self.spans.popLast(), span.raise != .none, span.text > 0,
            span.text == self.texts.count, self.texts[span.text - 1].count > span.start
        else { return }
        let inner = Array(self.texts[span.text - 1][span.start...])
        self.texts[span.text - 1].removeSubrange(span.start...)
        self.append(
            raisedText(
                inner,
                isAbove: span.raise == .superscript,
                after: self.texts[span.text - 1]
            )
        )
    }

    // MARK: Paragraphs

    private func startParagraph(_ element: XMLElement) {
        let style = element["style-name"]
        var role = self.styles.role(ofParagraph: style)
        if element.name.local == "h" {
            let level = element["outline-level"].flatMap { UInt8($0) } ?? 1
            role = .heading(max(1, min(level, 6)))
        }
        let isHidden = self.styles.isHidden(style, family: "paragraph")
        self.paragraphs.append(Paragraph(role: role, isHidden: isHidden))
        self.texts.append([])
    }

    private func endParagraph() {
        guard let paragraph = self.paragraphs.popLast(), let text = self.texts.popLast() else {
            return
        }
        guard !paragraph.isHidden else {
            if text.contains(where: { $0 > .space }) { self.blocks.warn("hidden_content") }
            return
        }
        if let note = self.openNotes.indices.last, self.paragraphs.count > 0 {
            if !self.openNotes[note].text.isEmpty { self.openNotes[note].text.append(.space) }
            self.openNotes[note].text += text
        } else if let table = self.tables.indices.last {
            if !self.tables[table].cell.isEmpty { self.tables[table].cell.append(.lineFeed) }
            self.tables[table].cell += text
        } else if self.sheet != nil {
            self.sheet?.append(text)
        } else if !self.paragraphs.isEmpty {
            // A text box inside of a paragraph is read where it is anchored.
            let isApart = self.texts.last?.last.map(\.isASCIISpace) ?? true
            self.append((isApart ? [] : [.space]) + trimmedBytes(text) + [.space])
        } else {
            self.write(text, as: paragraph.role)
        }
    }

    private func write(_ text: [UInt8], as role: WordRole) {
        if role != .code { self.endCode() }
        if let list = self.lists.last, text.contains(where: { $0 > .space }) {
            self.writeItem(text, list)
            return
        }
        if self.lists.isEmpty { self.endListBlocks() }
        let frame = self.frameClasses.last { !$0.isEmpty } ?? ""
        if self.isInNotesPage {
            self.blocks.quote(text)
        } else if frame == "title" {
            self.blocks.heading(text, level: self.pageNumber <= 1 ? 1 : 2)
        } else {
            self.writeBody(text, as: role)
        }
        if self.lists.isEmpty { self.writeNotes() }
    }

    private func writeBody(_ text: [UInt8], as role: WordRole) {
        switch role {
        case .title: self.blocks.heading(text, level: 1)
        case .heading(let level): self.blocks.heading(text, level: Int(level))
        case .code: self.code.append(text)
        case .quote: self.blocks.quote(text)
        case .caption: self.blocks.paragraph(text, kind: .caption)
        case .body, .contents: self.blocks.paragraph(text)
        }
    }

    private func endCode() {
        guard !self.code.isEmpty else { return }
        self.blocks.code(Array(self.code.joined(separator: [.lineFeed])))
        self.code.removeAll()
    }

    private func writeNotes() {
        for note in self.notes { self.blocks.note(note.text, label: note.label) }
        self.notes.removeAll()
    }

    private func endBlocks() {
        self.endCode()
        self.endListBlocks()
        self.writeNotes()
    }

    // MARK: Lists

    private func startList(_ element: XMLElement) {
        self.endCode()
        let style = element["style-name"] ?? self.lists.last?.style
        let isNumbered = self.styles.isNumbered(style, level: self.lists.count + 1)
        self.lists.append(List(style: style, isNumbered: isNumbered))
    }

    private func startItem() {
        guard let last = self.lists.indices.last else { return }
        self.lists[last].isItemNew = true
        self.lists[last].count += 1
    }

    private func writeItem(_ text: [UInt8], _ list: List) {
        let last = self.lists.count - 1
        if list.isItemNew || self.items.isEmpty {
            self.lists[last].isItemNew = false
            let number = list.isNumbered && !list.isHeader ? list.count : nil
            self.items.append(BlockWriter.Item(level: last, number: number, text: text))
        } else {
            self.items[self.items.count - 1].text += [.lineFeed] + text
        }
    }

    private func endList() {
        guard self.lists.popLast() != nil, self.lists.isEmpty else { return }
        self.endListBlocks()
        self.writeNotes()
    }

    private func endListBlocks() {
        if self.isInNotesPage {
            for item in self.items { self.blocks.quote(item.text) }
        } else {
            self.blocks.list(self.items)
        }
        self.items.removeAll()
    }

    private func endNote() {
        guard let note = self.openNotes.popLast() else { return }
        let label = note.label.filter { $0.isASCIIAlphanumeric }
        self.notes.append((label.isEmpty ? Array("note".utf8) : label, note.text))
    }

    // MARK: Tables

    private func startTable(_ element: XMLElement) {
        switch element.name.local {
        case "table": self.beginTable(element)
        case "table-row":
            self.sheet?.beginRow(repeated: element["number-rows-repeated"].flatMap { Int($0) } ?? 1)
            if let last = self.tables.indices.last { self.tables[last].rows.append([]) }
            if ["collapse", "filter"].contains(element["visibility"] ?? "") {
                self.blocks.warn("hidden_rows_kept")
            }
        case "table-cell", "covered-table-cell": self.beginCell(element)
        case "shapes": self.skip()
        // What a sheet shows of another file, and how cells may be filled.
        case "content-validations", "named-expressions", "tracked-changes", "dde-links": self.skip()
        default: break
        }
    }

    private func beginTable(_ element: XMLElement) {
        guard self.isSpreadsheet, self.sheet == nil, self.tables.isEmpty else {
            self.endCode()
            self.tables.append(Table())
            return
        }
        self.pageNumber += 1
        let isHidden = self.styles.isHidden(element["style-name"], family: "table")
        if isHidden {
            self.blocks.warn("hidden_sheets")
            guard self.keepsHidden else { return self.skip() }
        }
        let name = element["name"] ?? ""
        self.blocks.beginPage(self.pageNumber, label: name)
        self.sheet = SpreadsheetTable(name: name)
    }

    private func beginCell(_ element: XMLElement) {
        let repeated = element["number-columns-repeated"].flatMap { Int($0) } ?? 1
        if let last = self.tables.indices.last {
            self.tables[last].cell.removeAll()
            self.tables[last].isCovered = element.name.local == "covered-table-cell"
            self.tables[last].span = max(1, min(repeated, 64))
        } else {
            let numbers = ["float", "percentage", "currency", "date", "time"]
            self.sheet?.beginCell(
                repeated: repeated,
                isNumber: numbers.contains(element["value-type"] ?? ""),
                isCovered: element.name.local == "covered-table-cell"
            )
        }
    }

    private func endCell() {
        guard let last = self.tables.indices.last else {
            self.sheet?.endCell()
            return
        }
        guard let row = self.tables[last].rows.indices.last else { return }
        let cell = self.tables[last].isCovered ? [] : trimmedBytes(self.tables[last].cell)
        for _ in 0..<self.tables[last].span { self.tables[last].rows[row].append(cell) }
        self.tables[last].cell.removeAll()
    }

    private func endTable() {
        if let table = self.tables.popLast() { return self.write(table) }
        guard let sheet = self.sheet else { return }
        self.sheet = nil
        self.isOverLimit = self.isOverLimit || sheet.cells.isOverLimit
        guard !self.isOverLimit, !sheet.cells.cells.isEmpty else { return }
        self.blocks.heading(Array(sheet.name.utf8), level: 1)
        SheetWriter(sheet.cells).write(to: &self.blocks)
    }

    /// A table inside of another, or of a list, is text of it.
    private func write(_ table: Table) {
        let rows = table.rows.filter { $0.contains { !$0.isEmpty } }
        if let outer = self.tables.indices.last {
            self.tables[outer].cell += Array(rows.joined().joined(separator: [.space]))
        } else if rows.contains(where: { $0.count > 1 }), rows.count > 1 {
            self.endListBlocks()
            self.blocks.table(TableWriter(rows: rows))
        } else {
            // What has one row or one column lays out the page.
            for cell in rows.joined() { self.blocks.paragraph(cell) }
        }
        if self.tables.isEmpty, self.lists.isEmpty { self.writeNotes() }
    }

    // MARK: Drawings

    private func startDraw(_ element: XMLElement) {
        switch element.name.local {
        case "page": self.beginPage(element)
        case "frame", "custom-shape":
            self.frameClasses.append(element["class"] ?? "")
        case "object", "object-ole": self.skip("embedded_parts")
        default: break
        }
    }

    private func beginPage(_ element: XMLElement) {
        self.pageNumber += 1
        if self.styles.isHidden(element["style-name"], family: "drawing-page") {
            self.blocks.warn("hidden_slides")
            guard self.keepsHidden else { return self.skip() }
        }
        self.blocks.beginPage(self.pageNumber, label: "\(self.pageNumber)")
    }

    private func startNotes() {
        self.endBlocks()
        self.isInNotesPage = true
    }
}
