package import Formats
internal import Records

/// Extracts a PDF's text in reading order as Markdown, plain text and blocks with page numbers.
///
/// - Input: the bytes of the file. Poppler cannot be interrupted within an operator, so call this
///   in a process with limits on time and memory.
/// - Output: valid UTF-8 in NFC; each block's page is 1-based.
///   Headers and footers are blocks of their own, copies of them and page numbers are left out
///   (`chrome_removed` counts them); words broken at line ends are whole.
/// - Throws: `.empty` (no bytes, or pages without any text), `.encrypted` (a user password is
///   needed), `.corrupt` (not readable as PDF), `.needsOCR` (only pictures, with or without a stamp),
///   `.lowTextQuality` (most glyphs have no reading), `.limitExceeded` (nothing could be read within the limits).
package func extractPDF(
    _ bytes: [UInt8],
    options: PDFOptions = PDFOptions()
) throws(ExtractionError) -> ExtractedContent {
    guard !bytes.isEmpty else { throw ExtractionError(.empty, "the file has no bytes") }
    var source = try readPDF(bytes, options: options)
    let scans = scannedPages(of: source)
    let reading = readScans(of: &source, scans: scans, bytes: bytes, options: options)
    try checkText(source, scans: scans.subtracting(reading.read))
    try checkConfidence(source, reading, options.ocr)
    var content = try writtenContent(of: &source, headers: options.headers)
    addWarnings(source, scans: scans, to: &content)
    content.noteOCR(pages: reading.read.count)
    content.warn("low_text_quality", count: reading.unsure.count)
    return content
}

/// The text of pages as blocks, with its metadata.
///
/// - Parameter source: its text of words is given up.
func writtenContent(
    of source: inout PDFSource,
    headers: PDFOptions.Headers
) throws(ExtractionError) -> ExtractedContent {
    let layout = layOut(source, headers: headers)
    let keepsRunning = headers == .keep
    var builder = PDFBlockBuilder(layout: layout, source: source, keepsRunning: keepsRunning)
    builder.build()
    var content = ExtractedContent()
    for block in builder.blocks {
        let page = source.pages[block.page]
        let first = content.blocks.count
        block.append(
            to: &content,
            place: page.place(of: block.box),
            pageNumber: page.number,
            keepsRunning: keepsRunning
        )
        for index in first..<content.blocks.count { content.blocks[index].origin = page.origin }
    }
    guard !content.blocks.isEmpty else {
        throw ExtractionError(.empty, "\(source.pages.count) pages hold no text")
    }
    source.text = []
    addMetadata(source, builder.blocks, builder.joiner.vocabulary, to: &content)
    content.warn("chrome_removed", count: layout.chromeCount)
    content.warn("line_numbers_removed", count: layout.lineNumberCount)
    content.warn("watermark", count: layout.watermarkCount)
    content.warn("table_heads_removed", count: builder.repeatedHeadCount)
    return content
}

/// Refuses a document of which OCR alone has read anything, and no page surely.
func checkConfidence(
    _ source: PDFSource,
    _ reading: ScanReading,
    _ options: OCROptions
) throws(ExtractionError) {
    let pages = Set(source.pages.indices.filter { source.pages[$0].hasText })
    guard !pages.isEmpty, reading.unsure == pages else { return }
    throw ExtractionError(
        .lowTextQuality,
        "OCR reads all \(pages.count) pages with less confidence than "
            + "\(options.minimumConfidence) of 100; name the languages in ocr_languages, or scan at "
            + "300 pixels an inch"
    )
}

/// Share of glyphs without a reading from which a document is refused, and from which it is warned of.
private let refusedUnmappedShare = 0.5
private let warnedUnmappedShare = 0.02

private func checkText(_ source: PDFSource, scans: Set<Int>) throws(ExtractionError) {
    let hasText = source.pages.indices.contains { page in
        source.pages[page].hasText && !scans.contains(page)
    }
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
    if !scans.isEmpty {
        let stamped = scans.contains { source.pages[$0].hasText }
        throw ExtractionError(
            .needsOCR,
            "\(scans.count) of \(source.pages.count) pages are pictures "
                + (stamped ? "with a stamp for text" : "without text")
                + "; install Tesseract and its languages for the key 'ocr', or run OCR first"
        )
    }
    throw ExtractionError(.empty, "\(source.pages.count) pages hold no text")
}

private func addWarnings(_ source: PDFSource, scans: Set<Int>, to content: inout ExtractedContent) {
    if source.isTruncated { content.warn("truncated") }
    content.warn("unreadable_pages", count: source.unreadablePageCount)
    let silent = source.pages.filter { !$0.hasText }
    content.warn("pages_without_text", count: silent.count)
    content.warn("text_beyond_page", count: source.overflowCount)
    content.warn("needs_ocr", count: scans.count)
    if Double(source.unmappedCount) > warnedUnmappedShare * Double(source.characterCount) {
        content.warn("low_text_quality", count: source.unmappedCount)
    }
}

extension PDFOptions: Extractor {
    package func load() {
        if self.ocr.mode != .off { OCREngine.load(self.ocr.languages) }
    }

    package func content(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
        try extractPDF(bytes, options: self)
    }
}
