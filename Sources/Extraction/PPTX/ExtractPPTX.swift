internal import Bytes
package import Formats
internal import Records

/// Extracts a PowerPoint presentation: slides in order, each cited by its number.
///
/// - Output: valid UTF-8 in NFC. A slide's title is its heading, its notes are quotes behind it;
///   charts and diagrams say their texts. Hidden slides are left out, unless they are kept, and
///   counted as `hidden_slides`; hidden shapes as `hidden_content`; dates, footers and numbers as
///   `headers_footers_left_out`.
/// - Throws: `.encrypted`, `.empty`, `.corrupt` for damaged zip or XML, `.limitExceeded` for bombs,
///   `.tooLarge` for a part over its limit.
/// - Complexity: O(n) in the bytes of the parts that are read.
/// - Source: ECMA-376 part 1, chapters 19 and 21.
package func extractPPTX(
    _ bytes: [UInt8],
    keepsHidden: Bool = false
) throws(ExtractionError) -> ExtractedContent {
    var package = try OfficePackage(bytes)
    guard let main = try package.mainPart(default: "ppt/presentation.xml") else {
        throw ExtractionError(.corrupt, "the zip file holds no presentation")
    }
    let presentation = PresentationReader()
    try readXML(main.bytes, into: presentation)
    let parts = try package.relationships(of: main.name)
    let names = Dictionary(parts.targets("slide").map { ($0.id, $0.name) }) { first, _ in first }
    var writer = BlockWriter()
    try package.addCoreProperties(to: &writer)
    for (index, id) in presentation.slides.enumerated() {
        guard let name = names[id], let part = try package.read(name) else { continue }
        writer.beginPage(index + 1, label: "\(index + 1)")
        try writeSlide(part, name, number: index + 1, keepsHidden, &package, to: &writer)
    }
    writer.warn("comments_left_out", count: try package.commentCount(of: Array(names.values)))
    return try writer.finished("the presentation's slides have no text")
}

private func writeSlide(
    _ part: [UInt8],
    _ name: String,
    number: Int,
    _ keepsHidden: Bool,
    _ package: inout OfficePackage,
    to writer: inout BlockWriter
) throws(ExtractionError) {
    let slide = SlideReader()
    try readXML(part, into: slide)
    if slide.isHidden {
        writer.warn("hidden_slides")
        guard keepsHidden else { return }
    }
    let parts = try package.relationships(of: name)
    var figures: [String: ExtractedContent] = [:]
    for (id, part) in parts.targets("chart") + parts.targets("diagramData") {
        guard let bytes = try package.read(part) else { continue }
        figures[id] = writtenFigure(try figureBlocks(bytes))
    }
    SlideWriter(shapes: slide.shapes, figures: figures, number: number).write(to: &writer)
    guard let notes = try package.part("notesSlide", of: parts) else { return }
    let reader = SlideReader()
    try readXML(notes, into: reader)
    for shape in reader.shapes where shape.role == .body || shape.role == .other {
        let lines = shape.paragraphs.map { oneLine($0.text) }.filter { !$0.isEmpty }
        writer.quote(Array(lines.joined(separator: [.lineFeed])))
    }
}

func writtenFigure(_ blocks: [WordBlock]) -> ExtractedContent {
    var writer = WordWriter(notes: [])
    writer.write(blocks)
    return writer.content
}

/// Writes a slide's shapes: the title, then the others in their order.
private struct SlideWriter {
    let shapes: [SlideShape]
    let figures: [String: ExtractedContent]
    let number: Int

    func write(to writer: inout BlockWriter) {
        let shown = self.shapes.filter { !$0.isHidden && $0.role != .running }
        writer.warn("hidden_content", count: self.shapes.count { $0.isHidden && hasText($0) })
        writer.warn(
            "headers_footers_left_out",
            count: self.shapes.count { $0.role == .running && !$0.isHidden && hasText($0) }
        )
        let titles = shown.filter { $0.role == .title && hasText($0) }
        if titles.isEmpty, shown.contains(where: { hasText($0) || $0.figure != nil }) {
            // Without a title of its own a slide would stand under the one before it.
            writer.heading(Array("Slide \(self.number)".utf8), level: 2)
        }
        for title in titles {
            let lines = title.paragraphs.map(\.text)
            writer.heading(
                Array(lines.joined(separator: [.space])),
                level: self.number == 1 ? 1 : 2
            )
        }
        for shape in shown where shape.role != .title { self.write(shape, to: &writer) }
    }

    private func write(_ shape: SlideShape, to writer: inout BlockWriter) {
        writer.table(TableWriter(rows: shape.rows))
        if let figure = shape.figure.flatMap({ self.figures[$0] }) { writer.embed(figure) }
        let filled = shape.paragraphs.filter { $0.text.contains { $0 > .space } }
        // One line alone in a body is no list.
        let isList = shape.role == .body && filled.count > 1
        var items: [BlockWriter.Item] = []
        var numbers = [Int](repeating: 0, count: 10)
        for paragraph in filled {
            let level = max(0, min(paragraph.level, 8))
            guard paragraph.isItem ?? (isList || level > 0) else {
                writer.list(items)
                items.removeAll()
                writer.paragraph(paragraph.text)
                continue
            }
            numbers[level] = paragraph.isNumbered ? numbers[level] + 1 : 0
            for deeper in (level + 1)..<numbers.count { numbers[deeper] = 0 }
            let number = paragraph.isNumbered ? numbers[level] : nil
            items.append(BlockWriter.Item(level: level, number: number, text: paragraph.text))
        }
        writer.list(items)
    }
}

private func hasText(_ shape: SlideShape) -> Bool {
    !shape.rows.isEmpty || shape.paragraphs.contains { $0.text.contains { $0 > .space } }
}

extension PPTXOptions: Extractor {
    package func content(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
        try extractPPTX(bytes, keepsHidden: self.hidden == .keep)
    }
}
