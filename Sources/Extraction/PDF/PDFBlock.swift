internal import Bytes
internal import Records

/// A block of a PDF before it is written as Markdown and as plain text.
struct PDFBlock {
    enum Content {
        case paragraph([UInt8])
        case heading(level: UInt8, text: [UInt8])
        case list([PDFListItem])
        case code([UInt8])
        case table([[[UInt8]]])
        case caption([UInt8])
        case footnote([UInt8])
        /// A header or footer.
        case running([UInt8], isTop: Bool)
    }

    var content: Content
    /// Index into the source's pages, of the block's first row.
    var page: Int
    /// Of the rows on that page and in its first column.
    var box: PDFBox
    /// The type size, to see whether a paragraph goes on in the next column.
    var size: Float
    /// Whether its last row reaches the right edge of its column.
    var endsFull = false
    /// The structure tree's element of its last row.
    var element = PDFStructure.none
    /// Of a table: where its columns stand.
    var columns: [ClosedRange<Float>] = []
    /// Of a table: whether its first row is known to be a header.
    var hasHeader = false
    /// The page its last row is on, where that is another.
    var endPage: Int?

    /// Adds text to the paragraph or to the last item of the list.
    ///
    /// - Complexity: O(text): the block's own grows in place, as a paragraph may go on for as long as
    ///   the document does.
    mutating func extend(with text: [UInt8], _ joiner: PDFLineJoiner) {
        switch self.content {
        case .paragraph(var before):
            self.content = .paragraph([])
            joiner.append(text[...], to: &before)
            self.content = .paragraph(before)
        case .list(var items) where !items.isEmpty:
            self.content = .list([])
            joiner.append(text[...], to: &items[items.count - 1].text)
            self.content = .list(items)
        default:
            break
        }
    }

    var isRunning: Bool {
        if case .running = self.content { return true }
        return false
    }
}

struct PDFListItem {
    var depth: Int
    var number: Int?
    /// What is printed before it where that is more than a bullet: `12.`, `b)`.
    var label: [UInt8] = []
    var text: [UInt8]

    /// Plain text has the labels; Markdown numbers by itself, but knows no letters.
    var plain: [UInt8] { self.label.isEmpty ? self.text : self.label + [.space] + self.text }
    var isLettered: Bool { self.label.contains(where: \.isASCIILetter) }
}

extension PDFBlock {
    /// - Parameter keepsRunning: headers and footers are paragraphs like others.
    func append(
        to content: inout ExtractedContent,
        place: PagePlace,
        pageNumber: Int32,
        keepsRunning: Bool
    ) {
        switch self.content {
        case .paragraph(let text):
            content.append(
                kind: .paragraph,
                page: pageNumber,
                place: place,
                markdown: escapedParagraph(text),
                text: text
            )
        case .caption(let text):
            content.append(
                kind: .caption,
                page: pageNumber,
                place: place,
                markdown: escapedParagraph(text),
                text: text
            )
        case .footnote(let text):
            content.append(
                kind: .footnote,
                page: pageNumber,
                place: place,
                markdown: escapedParagraph(text),
                text: text
            )
        case .running(let text, let isTop):
            content.append(
                kind: keepsRunning ? .paragraph : isTop ? .header : .footer,
                page: pageNumber,
                place: place,
                markdown: escapedParagraph(text),
                text: text
            )
        case .heading(let level, let text):
            let marks = [UInt8](repeating: 0x23, count: Int(level)) + [0x20]
            content.append(
                kind: .heading,
                level: level,
                page: pageNumber,
                place: place,
                markdown: marks + text,
                text: text
            )
        case .list(let items):
            content.append(
                kind: .list,
                page: pageNumber,
                place: place,
                markdown: listMarkdown(items),
                text: Array(items.map(\.plain).joined(separator: [.lineFeed]))
            )
        case .code(let text):
            let fence = codeFence(around: text)
            content.append(
                kind: .code,
                page: pageNumber,
                place: place,
                markdown: fence + [0x0A] + text + [0x0A] + fence,
                text: text
            )
        case .table(let rows):
            content.append(
                kind: .table,
                page: pageNumber,
                place: place,
                markdown: tableMarkdown(rows),
                text: Array(
                    rows.map { row in Array(row.joined(separator: [0x09])) }
                        .joined(separator: [0x0A])
                )
            )
        }
    }
}

/// A paragraph that would read as a heading, quote or fence gets a backslash.
private func escapedParagraph(_ text: [UInt8]) -> [UInt8] {
    guard let first = text.first else { return text }
    let isFence = text.starts(with: [0x60, 0x60, 0x60]) || text.starts(with: [0x7E, 0x7E, 0x7E])
    return first == 0x23 || first == 0x3E || isFence ? [0x5C] + text : text
}

private func listMarkdown(_ items: [PDFListItem]) -> [UInt8] {
    var result: [UInt8] = []
    for item in items {
        if !result.isEmpty { result.append(0x0A) }
        result.append(contentsOf: repeatElement(0x20, count: 2 * item.depth))
        let number = item.isLettered ? nil : item.number
        result.append(contentsOf: (number.map { "\($0). " } ?? "- ").utf8)
        result.append(contentsOf: item.isLettered ? item.plain : item.text)
    }
    return result
}

private func tableMarkdown(_ rows: [[[UInt8]]]) -> [UInt8] {
    var result: [UInt8] = []
    for (index, row) in rows.enumerated() {
        if index > 0 { result.append(0x0A) }
        result.append(0x7C)
        for cell in row {
            result.append(0x20)
            for byte in cell {
                if byte == 0x7C { result.append(0x5C) }
                result.append(byte)
            }
            result.append(contentsOf: [0x20, 0x7C])
        }
        if index == 0 {
            result.append(contentsOf: [0x0A, 0x7C])
            for _ in row { result.append(contentsOf: " --- |".utf8) }
        }
    }
    return result
}
