internal import Bytes
internal import Formats
internal import Records

/// Whether a JSON document is a Jupyter notebook.
func isNotebook(_ document: JSONDocument) -> Bool {
    document.member("nbformat", of: 0) != nil
        && (document.member("cells", of: 0) ?? document.member("worksheets", of: 0)) != nil
}

/// Writes a notebook's cells in order: prose as Markdown, code, and what the code printed.
///
/// Pictures and other outputs without text are counted as `images_left_out`. A cell is cited by its
/// number.
///
/// - Source: nbformat 4.5, "The notebook file format"; version 3 for `worksheets` and `input`.
func notebookBlocks(_ document: JSONDocument) throws(ExtractionError) -> BlockWriter {
    var writer = NotebookWriter(document)
    for (index, cell) in writer.cells.enumerated() {
        writer.beginCell(index + 1)
        try writer.write(cell)
    }
    return writer.blocks
}

private struct NotebookWriter {
    private let document: JSONDocument
    private let language: String
    private(set) var blocks = BlockWriter()

    init(_ document: JSONDocument) {
        self.document = document
        self.language = Self.language(of: document)
        if let metadata = document.member("metadata", of: 0),
            let title = document.member("title", of: metadata), document.kind(title) == .string
        {
            self.blocks.setTitle(String(decoding: oneLine(document.text(title)), as: UTF8.self))
        }
    }

    /// The kernel's language where it is one plain word.
    private static func language(of document: JSONDocument) -> String {
        guard let metadata = document.member("metadata", of: 0) else { return "" }
        for (group, key) in [("language_info", "name"), ("kernelspec", "language")] {
            guard let group = document.member(group, of: metadata),
                let name = document.member(key, of: group)
            else { continue }
            let word = document.text(name)
            if word.count <= 24,
                word.allSatisfy({ $0.isASCIIAlphanumeric || "+#-".utf8.contains($0) })
            {
                return String(decoding: word.map(\.asciiLowercased), as: UTF8.self)
            }
        }
        return ""
    }

    var cells: [Int] {
        if let cells = self.document.member("cells", of: 0) {
            return self.document.members(of: cells)
        }
        guard let sheets = self.document.member("worksheets", of: 0) else { return [] }
        return self.document.members(of: sheets).flatMap { sheet in
            self.document.member("cells", of: sheet).map(self.document.members(of:)) ?? []
        }
    }

    mutating func beginCell(_ number: Int) {
        self.blocks.beginPage(number, label: "cell \(number)")
    }

    mutating func write(_ cell: Int) throws(ExtractionError) {
        let type = self.string("cell_type", of: cell) ?? []
        let source = self.string("source", of: cell) ?? self.string("input", of: cell) ?? []
        switch String(decoding: type, as: UTF8.self) {
        case "markdown": self.embed(source, extractMarkdown)
        case "heading":
            let level = self.string("level", of: cell).map { String(decoding: $0, as: UTF8.self) }
            self.blocks.heading(source, level: level.flatMap { Int($0) } ?? 1)
        case "code":
            self.blocks.code(source, language: self.language)
            for output in self.members("outputs", of: cell) { self.writeOutput(output) }
        default: self.blocks.paragraph(source)
        }
    }

    private mutating func writeOutput(_ output: Int) {
        if let text = self.string("text", of: output) {
            return self.blocks.code(text)
        }
        if let name = self.string("ename", of: output) {
            let value = self.string("evalue", of: output) ?? []
            return self.blocks.code(name + [.colon, .space] + value)
        }
        // In version 3 the forms of an output are its own members.
        let data = self.document.member("data", of: output) ?? output
        if let markdown = self.string("text/markdown", of: data) {
            self.embed(markdown, extractMarkdown)
        } else if let page = self.string("text/html", of: data), self.isTable(page) {
            self.embedPage(page)
        } else if let text = self.string("text/plain", of: data), !self.isPlaceholder(text, data) {
            self.blocks.code(text)
        } else if let page = self.string("text/html", of: data) {
            self.embedPage(page)
        }
        let images = self.document.members(of: data)
            .count { self.document.key($0).starts(with: "image/".utf8) }
        self.blocks.warn("images_left_out", count: images)
    }

    /// A frame of data is printed as a table too, which says more than its columns of blanks.
    private func isTable(_ page: [UInt8]) -> Bool {
        page.withUnsafeBufferPointer { contains("<table", $0) }
    }

    private mutating func embedPage(_ page: [UInt8]) {
        var options = HTMLOptions()
        options.content = .all
        self.embed(page) { bytes throws(ExtractionError) in
            try extractHTML(bytes, options: options)
        }
    }

    /// `<Figure size 640x480 with 1 Axes>`, which stands for a picture or a page.
    private func isPlaceholder(_ text: [UInt8], _ data: Int) -> Bool {
        let line = trimmedBytes(text)
        guard line.first == .lessThan, line.last == .greaterThan, !line.contains(.lineFeed) else {
            return false
        }
        return self.document.members(of: data).count > 1
    }

    /// Prose that is damaged or empty leaves nothing.
    private mutating func embed(
        _ bytes: [UInt8],
        _ extract: ([UInt8]) throws(ExtractionError) -> ExtractedContent
    ) {
        do throws(ExtractionError) {
            self.blocks.embed(try extract(bytes))
        } catch {
            if error.code != .empty { self.blocks.paragraph(bytes) }
        }
    }

    private func members(_ key: String, of index: Int) -> [Int] {
        self.document.member(key, of: index).map(self.document.members(of:)) ?? []
    }

    /// A string, or a list of strings that are its lines.
    private func string(_ key: String, of index: Int) -> [UInt8]? {
        guard let member = self.document.member(key, of: index) else { return nil }
        guard self.document.kind(member) == .array else {
            return self.document.kind(member) == .object ? nil : self.document.text(member)
        }
        return self.document.members(of: member).flatMap(self.document.text)
    }
}
