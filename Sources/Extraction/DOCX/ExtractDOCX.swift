internal import Bytes
package import Formats
internal import Records

/// Extracts a Word document: headings, lists, tables, notes, code and text in reading order.
///
/// - Input: the bytes of an Office Open XML word-processing file.
/// - Output: valid UTF-8 in NFC. Notes follow their section; numbers of headings and clauses are
///   printed; formulas are LaTeX; lines of contents are blocks of their kind. Deleted and hidden text,
///   headers, footers, comments and prompts of forms are left out, and counted in the warnings.
/// - Throws: `.encrypted`, `.empty`, `.corrupt` for damaged zip or XML, `.limitExceeded` for bombs,
///   `.tooLarge` for a part over its limit.
/// - Complexity: O(n) in the bytes of the parts that are read.
/// - Source: ECMA-376, parts 1 and 2.
package func extractDOCX(
    _ bytes: [UInt8],
    options: DOCXOptions = DOCXOptions()
) throws(ExtractionError) -> ExtractedContent {
    guard !isEncryptedOffice(bytes) else {
        throw ExtractionError(.encrypted, "the document needs a password; save it without one")
    }
    var archive = try ZipArchive(bytes)
    let package = try relationships(of: "", in: &archive)
    let main = package.target("officeDocument") ?? "word/document.xml"
    guard let body = try archive.read(main, byteLimit: partByteLimit) else {
        throw ExtractionError(.corrupt, "the zip file holds no word-processing document")
    }
    let parts = try relationships(of: main, in: &archive)
    func part(_ type: String) throws(ExtractionError) -> [UInt8]? {
        let name = parts.target(type) ?? resolvedPartName("\(type).xml", from: main)
        guard let name else { return nil }
        return try archive.read(name, byteLimit: partByteLimit)
    }
    var styles = WordStyles()
    if let sheet = try part("styles") { styles = try WordStyles(sheet) }
    var numbering = WordNumbering()
    if let lists = try part("numbering") { numbering = try WordNumbering(lists) }

    let reader = WordReader(styles: styles, numbering: numbering, options: options)
    reader.addresses = parts.addresses
    for (id, name) in parts.targets("chart") + parts.targets("diagramData") {
        guard let part = try archive.read(name, byteLimit: partByteLimit) else { continue }
        reader.figures[id] = try figureBlocks(part)
    }
    try readXML(body, into: reader)
    for type in ["footnotes", "endnotes", "comments"] where !reader.references.isEmpty {
        guard let notes = try part(type) else { continue }
        let name = parts.target(type) ?? resolvedPartName("\(type).xml", from: main)
        reader.addresses = try relationships(of: name ?? "", in: &archive).addresses
        try readXML(notes, into: reader)
    }
    var writer = WordWriter(notes: reader.references.map { reader.notes[$0] ?? [] })
    writer.write(reader.blocks)
    var content = writer.content
    guard !content.blocks.isEmpty else { throw ExtractionError(.empty, "the document has no text") }
    if let name = package.target("core-properties"),
        let core = try archive.read(name, byteLimit: partByteLimit)
    {
        try addCoreProperties(core, to: &content)
    }
    if content.title.isEmpty {
        content.title =
            writer.title.map { String(decoding: $0, as: UTF8.self) }
            ?? firstHeading(of: content)
    }
    content.warn("hidden_content", count: reader.hiddenCount)
    content.warn("invisible_characters", count: reader.invisibleCount)
    content.warn("embedded_parts", count: reader.embeddedCount)
    content.warn("comments_left_out", count: reader.commentCount)
    content.warn("contents_left_out", count: reader.contentsCount)
    content.warn("placeholders_left_out", count: reader.placeholderCount)
    content.warn("unknown_symbols", count: reader.symbolCount)
    var edges = 0
    for (_, name) in parts.targets("header") + parts.targets("footer") {
        guard let part = try archive.read(name, byteLimit: partByteLimit) else { continue }
        let edge = WordReader(styles: styles, numbering: WordNumbering(), options: DOCXOptions())
        try readXML(part, into: edge)
        if edge.blocks.contains(where: \.hasText) { edges += 1 }
    }
    content.warn("headers_footers_left_out", count: edges)
    return content
}

/// A part of a chart or of a diagram's data; the other reader finds nothing in it.
func figureBlocks(_ part: [UInt8]) throws(ExtractionError) -> [WordBlock] {
    let chart = WordChartReader()
    try readXML(part, into: chart)
    guard chart.blocks.isEmpty else { return chart.blocks }
    let diagram = WordDiagramReader()
    try readXML(part, into: diagram)
    return diagram.blocks
}

/// A thousand pages of text are 10 to 20 MB of markup.
private let partByteLimit = 256 << 20

private func relationships(
    of part: String,
    in archive: inout ZipArchive
) throws(ExtractionError) -> Relationships {
    let name = part.isEmpty ? "_rels/.rels" : Relationships.partName(for: part)
    guard let bytes = try archive.read(name, byteLimit: partByteLimit) else {
        return Relationships()
    }
    return try Relationships(bytes, of: part)
}

/// Title, author, dates, description and language from `docProps/core.xml`.
private func addCoreProperties(
    _ part: [UInt8],
    to content: inout ExtractedContent
) throws(ExtractionError) {
    let reader = DublinCoreReader()
    try readXML(part, into: reader)
    if let title = reader.first("title"), isSensibleTitle(title) { content.title = title }
    content.metadata["author"] = reader.all("creator")
    content.metadata["published"] = reader.first("created").flatMap { isoDate($0) }
    content.metadata["modified"] = reader.first("modified").flatMap { isoDate($0) }
    content.metadata["description"] = reader.first("description") ?? reader.first("subject")
    content.metadata["language"] = reader.first("language")
}

/// The first heading of level 1, or else the first heading.
func firstHeading(of content: ExtractedContent) -> String {
    let headings = zip(content.blocks, content.plainRanges).filter { $0.0.kind == .heading }
    let best = headings.first { $0.0.level == 1 } ?? headings.first
    return best.map { String(decoding: content.text[$0.1], as: UTF8.self) } ?? ""
}

extension DOCXOptions: Extractor {
    package func content(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
        try extractDOCX(bytes, options: self)
    }
}
