internal import Records

/// Extracts a PDF's text in reading order as Markdown, plain text and blocks with page numbers.
///
/// - Input: the bytes of the file. Poppler cannot be interrupted within an operator, so call this
///   in a process with limits on time and memory.
/// - Output: valid UTF-8 in NFC; each block's page is 1-based.
///   Running headers, footers and page numbers are left out, words broken at line ends are whole.
/// - Throws: `.empty` (no bytes, or pages without any text), `.encrypted` (a user password is
///   needed), `.corrupt` (not readable as PDF), `.needsOCR` (only images), `.lowTextQuality` (most
///   glyphs have no reading), `.limitExceeded` (nothing could be read within the limits).
package func extractPDF(
    _ bytes: [UInt8],
    options: PDFOptions = PDFOptions()
) throws(ExtractionError) -> ExtractedContent {
    guard !bytes.isEmpty else { throw ExtractionError(.empty, "the file has no bytes") }
    var source = try readPDF(bytes, options: options)
    try checkText(source)
    let layout = layOut(source)
    var builder = PDFBlockBuilder(layout: layout, source: source)
    builder.build()
    var content = ExtractedContent()
    for block in builder.blocks {
        let page = source.pages[block.page]
        block.append(to: &content, place: page.place(of: block.box), pageNumber: page.number)
    }
    guard !content.blocks.isEmpty else {
        throw ExtractionError(.empty, "\(source.pages.count) pages hold no text")
    }
    source.text = []
    addMetadata(source, builder.blocks, to: &content)
    addWarnings(source, to: &content)
    return content
}

/// Share of glyphs without a reading from which a document is refused, and from which it is warned of.
private let refusedUnmappedShare = 0.5
private let warnedUnmappedShare = 0.02

private func checkText(_ source: PDFSource) throws(ExtractionError) {
    let hasText = source.pages.contains { !$0.words.isEmpty || !$0.turnedWords.isEmpty }
    if source.characterCount > 0,
        Double(source.unmappedCount) > refusedUnmappedShare * Double(source.characterCount)
    {
        throw ExtractionError(
            .lowTextQuality,
            "\(source.unmappedCount) of \(source.characterCount) glyphs map to no character; "
                + "the fonts lack a usable ToUnicode map, OCR is needed"
        )
    }
    guard !hasText else { return }
    if source.isTruncated {
        throw ExtractionError(.limitExceeded, "no text within the limits of one page")
    }
    if source.pages.contains(where: \.showsOnlyImages) {
        throw ExtractionError(
            .needsOCR,
            "\(source.pages.count) pages hold images and no text; run OCR first"
        )
    }
    throw ExtractionError(.empty, "\(source.pages.count) pages hold no text")
}

private func addWarnings(_ source: PDFSource, to content: inout ExtractedContent) {
    if source.isTruncated { content.warn("truncated") }
    content.warn("unreadable_pages", count: source.unreadablePageCount)
    let silent = source.pages.filter { $0.words.isEmpty && $0.turnedWords.isEmpty }
    content.warn("pages_without_text", count: silent.count)
    content.warn("text_beyond_page", count: source.overflowCount)
    content.warn("needs_ocr", count: silent.filter(\.showsOnlyImages).count)
    if Double(source.unmappedCount) > warnedUnmappedShare * Double(source.characterCount) {
        content.warn("low_text_quality", count: source.unmappedCount)
    }
}
