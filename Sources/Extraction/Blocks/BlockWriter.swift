internal import Bytes
internal import Records

/// Writes the blocks of a document that has structure of its own, as Markdown and as plain text.
///
/// Text is written as it is: what would be a mark in Markdown stays, as in the other formats.
struct BlockWriter {
    private(set) var content = ExtractedContent()
    /// What the blocks that follow stand on: a sheet, a slide, a cue; 0 for nothing of the kind.
    private var page: Int32 = 0
    private var place: PagePlace?

    /// Blocks that follow are cited by this number, or by the label where there is one.
    mutating func beginPage(_ number: Int, label: String = "") {
        self.page = Int32(clamping: number)
        self.place =
            label.isEmpty ? nil : PagePlace(label: label, left: 0, top: 0, right: 0, bottom: 0)
    }

    mutating func setTitle(_ title: String) { self.content.title = title }

    mutating func setMetadata(_ key: String, _ value: String?) {
        if let value, !value.isEmpty { self.content.metadata[key] = value }
    }

    mutating func warn(_ code: String, count: Int = 1) { self.content.warn(code, count: count) }

    /// The content, titled by its first heading where nothing else names it.
    ///
    /// - Throws: `.empty` where nothing was written.
    func finished(_ emptiness: String) throws(ExtractionError) -> ExtractedContent {
        guard !self.content.blocks.isEmpty else { throw ExtractionError(.empty, emptiness) }
        var content = self.content
        if content.title.isEmpty { content.title = firstHeading(of: content) }
        return content
    }

    mutating func heading(_ text: some Collection<UInt8>, level: Int) {
        let line = oneLine(text)
        guard !line.isEmpty else { return }
        let level = UInt8(max(1, min(level, 6)))
        let marks = Array(repeating: UInt8.numberSign, count: Int(level)) + [.space]
        self.append(.heading, level: level, markdown: marks + line, text: line)
    }

    mutating func paragraph(_ text: some Collection<UInt8>, kind: Block.Kind = .paragraph) {
        let lines = trimmedBytes(Array(text))
        self.append(kind, markdown: lines, text: lines)
    }

    mutating func quote(_ text: some Collection<UInt8>) {
        let lines = trimmedBytes(Array(text))
        let quoteMark = Array("> ".utf8)
        self.append(.quote, markdown: indented(lines, by: quoteMark, first: quoteMark), text: lines)
    }

    mutating func note(_ text: some Collection<UInt8>, label: some Collection<UInt8>) {
        let line = oneLine(text)
        guard !line.isEmpty else { return }
        let mark = Array("[^".utf8) + label + Array("]: ".utf8)
        self.append(.footnote, markdown: mark + line, text: line)
    }

    mutating func code(_ code: some Collection<UInt8>, language: String = "") {
        let text = withoutBlankEnds(Array(code))
        guard !text.isEmpty else { return }
        let fence = codeFence(around: text)
        let first = fence + Array(language.utf8) + [.lineFeed]
        self.append(.code, markdown: first + text + [.lineFeed] + fence, text: text)
    }

    mutating func table(_ table: TableWriter) {
        guard !table.isEmpty else { return }
        self.append(.table, markdown: table.markdown, text: table.text)
    }

    /// An item of a list: how deep it lies, its number where it has one, and its text.
    struct Item {
        var level = 0
        var number: Int?
        var text: [UInt8]
    }

    mutating func list(_ items: [Item]) {
        var markdown: [UInt8] = []
        var text: [UInt8] = []
        var widths = [Int](repeating: 0, count: 10)
        for item in items {
            let lines = trimmedBytes(item.text)
            guard !lines.isEmpty else { continue }
            if !text.isEmpty {
                markdown.append(.lineFeed)
                text.append(.lineFeed)
            }
            let level = max(0, min(item.level, 8))
            let mark = Array((item.number.map { "\($0). " } ?? "- ").utf8)
            let indent = widths[..<level].reduce(0, +)
            widths[level] = mark.count
            for deeper in widths.indices[(level + 1)...] { widths[deeper] = 0 }
            let blanks = Array(repeating: UInt8.space, count: indent)
            let rest = blanks + Array(repeating: .space, count: mark.count)
            markdown += indented(lines, by: rest, first: blanks + mark)
            text += lines
        }
        self.append(.list, markdown: markdown, text: text)
    }

    /// The blocks of another reader's document, as a part of this one.
    mutating func embed(_ other: ExtractedContent) {
        self.content.append(contentsOf: other, page: self.page, place: self.place)
    }

    private mutating func append(
        _ kind: Block.Kind,
        level: UInt8 = 0,
        markdown: some Collection<UInt8>,
        text: some Collection<UInt8>
    ) {
        self.content.append(
            kind: kind,
            level: level,
            page: self.page,
            place: self.place,
            markdown: markdown,
            text: text
        )
    }
}

/// Without white space at its ends.
func trimmedBytes(_ text: [UInt8]) -> [UInt8] {
    guard let last = text.lastIndex(where: { !$0.isASCIISpace }) else { return [] }
    return Array(text[...last].drop(while: \.isASCIISpace))
}

/// Words separated by single blanks.
func oneLine(_ text: some Collection<UInt8>) -> [UInt8] {
    Array(text.split(whereSeparator: \.isASCIISpace).joined(separator: [.space]))
}

/// Without blank lines at its ends, and with the indent of its first line.
private func withoutBlankEnds(_ code: [UInt8]) -> [UInt8] {
    guard let last = code.lastIndex(where: { !$0.isASCIISpace }),
        let first = code.firstIndex(where: { !$0.isASCIISpace })
    else { return [] }
    let start = code[..<first].lastIndex(of: .lineFeed).map { $0 + 1 } ?? 0
    return Array(code[start...last])
}
