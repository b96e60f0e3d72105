internal import Bytes
package import Formats
internal import Records

/// Extracts a book: its pages in reading order, and what its package document says of it.
///
/// - Input: the bytes of an EPUB 2 or 3 file, and whether links are written with their addresses.
/// - Output: valid UTF-8 in NFC; tables of contents are left out, but a page without headings takes
///   its name from them. A page that is missing or cannot be read is counted as a warning,
///   `missing_parts`.
/// - Throws: `.encrypted` (DRM), `.empty`, `.corrupt`, `.limitExceeded` for bombs.
/// - Complexity: O(n) in the bytes of the pages.
/// - Source: EPUB 3.3.
package func extractEPUB(
    _ bytes: [UInt8],
    links: LinkStyle = .text
) throws(ExtractionError) -> ExtractedContent {
    var options = bookPageOptions
    options.links = links
    var archive = try ZipArchive(bytes)
    let name = try packageDocumentName(in: &archive)
    let encrypted = try encryptedParts(in: &archive)
    guard !encrypted.contains(name), let part = try archive.read(name, byteLimit: 64 << 20) else {
        throw encrypted.contains(name)
            ? encryptedBook : ExtractionError(.corrupt, "the book's package document is missing")
    }
    let book = try PackageDocument(part, name: name)
    var content = ExtractedContent()
    var missing = 0
    var noteCount = 0
    var names = ChapterNames()
    for part in book.contents where !encrypted.contains(part) {
        if let bytes = try archive.read(part, byteLimit: pageByteLimit) {
            names.read(bytes, name: part)
        }
    }
    for item in book.spine where isPage(item) && !item.isNavigation {
        guard !encrypted.contains(item.name) else { throw encryptedBook }
        switch try page(item.name, in: &archive, options: options) {
        case .some(var page):
            if !page.blocks.isEmpty, !page.blocks.contains(where: { $0.kind == .heading }) {
                addHeading(names.name(of: item.name), to: &content)
                let divided = try divided(item.name, in: &archive, names, options: options)
                page = divided ?? page
            }
            append(page, to: &content, noteCount: &noteCount)
        case nil: missing += 1
        }
    }
    guard !content.blocks.isEmpty else {
        guard missing == 0 else {
            throw ExtractionError(.corrupt, "none of the book's pages can be read")
        }
        throw ExtractionError(.empty, "the book's pages show no text")
    }
    content.title = book.title ?? firstHeading(of: content)
    content.metadata = book.metadata
    content.warn("missing_parts", count: missing)
    return content
}

private let encryptedBook = ExtractionError(
    .encrypted,
    "the book is protected (DRM); get it without protection, or exclude it"
)

/// A chapter larger than this is data.
private let pageByteLimit = 64 << 20

private func isPage(_ item: PackageDocument.Item) -> Bool {
    [MediaType.xhtml.name, MediaType.html.name, "text/x-oeb1-document"].contains(item.mediaType)
}

/// A page's content, which may be empty: covers are pictures; nil for a page that cannot be read.
private func page(
    _ name: String,
    in archive: inout ZipArchive,
    options: HTMLOptions
) throws(ExtractionError) -> ExtractedContent? {
    do {
        guard let bytes = try archive.read(name, byteLimit: pageByteLimit) else { return nil }
        return try extractHTML(bytes, options: options)
    } catch {
        switch error.code {
        case .empty: return ExtractedContent()
        // One bad page loses a page; a bomb or a lock is the whole book's.
        case .corrupt, .tooLarge, .unsupportedType: return nil
        default: throw error
        }
    }
}

/// A page that holds several chapters, with their names as headings; nil for any other.
private func divided(
    _ name: String,
    in archive: inout ZipArchive,
    _ names: ChapterNames,
    options: HTMLOptions
) throws(ExtractionError) -> ExtractedContent? {
    guard let bytes = try archive.read(name, byteLimit: pageByteLimit),
        let marked = names.withHeadings(bytes, of: name)
    else { return nil }
    return try extractHTML(marked, options: options)
}

/// The name of a chapter that has no heading of its own.
private func addHeading(_ name: String?, to content: inout ExtractedContent) {
    guard let name else { return }
    let text = Array(name.utf8)
    content.append(kind: .heading, level: 1, markdown: Array("# ".utf8) + text, text: text)
}

/// Adds a page's blocks; its notes are numbered on from those of the pages before it.
private func append(
    _ page: ExtractedContent,
    to content: inout ExtractedContent,
    noteCount before: inout Int
) {
    // Each note is a block that begins with its mark.
    let own = page.blocks.count { page.markdown[$0.range].starts(with: [0x5B, 0x5E]) }
    defer { before += own }
    for (block, plain) in zip(page.blocks, page.plainRanges) {
        let markdown = page.markdown[block.range]
        content.append(
            kind: block.kind,
            level: block.level,
            markdown: block.kind == .code
                ? Array(markdown) : renumbered(markdown, by: before, upTo: own),
            text: page.text[plain]
        )
    }
    for warning in page.warnings { content.warn(warning.code, count: warning.count) }
}

/// Adds `offset` to the marks `[^1]` to `[^count]`.
private func renumbered(
    _ markdown: ArraySlice<UInt8>,
    by offset: Int,
    upTo count: Int
) -> [UInt8] {
    guard offset > 0, count > 0 else { return Array(markdown) }
    var result: [UInt8] = []
    var index = markdown.startIndex
    while index < markdown.endIndex {
        if let (number, end) = noteNumber(markdown, at: index), (1...count).contains(number) {
            result += Array("[^\(number + offset)".utf8)
            index = end
        } else {
            result.append(markdown[index])
            index += 1
        }
    }
    return result
}

/// The number of a mark such as `[^12]` at `index`, and where its bracket closes.
private func noteNumber(_ markdown: ArraySlice<UInt8>, at index: Int) -> (number: Int, end: Int)? {
    guard markdown[index...].starts(with: [0x5B, 0x5E]) else { return nil }
    let digits = markdown[(index + 2)...].prefix(while: \.isASCIIDigit)
    guard digits.endIndex < markdown.endIndex, markdown[digits.endIndex] == 0x5D,
        let number = Int(String(decoding: digits, as: UTF8.self))
    else { return nil }
    return (number, digits.endIndex)
}

extension EPUBOptions: Extractor {
    package func content(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
        try extractEPUB(bytes, links: self.links)
    }
}
