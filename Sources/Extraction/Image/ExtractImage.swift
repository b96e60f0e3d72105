package import Formats
internal import Records

/// Reads the text on an image by OCR, each picture of a TIFF file as a page.
///
/// - Output: blocks whose boxes are in points of the image's own resolution.
/// - Throws: `.needsOCR` (no Tesseract or language here), `.empty` (no text on it), `.corrupt` (not
///   readable), `.limitExceeded` (too many pixels), `.lowTextQuality` (less confidence on every page than
///   the options ask for).
package func extractImage(
    _ bytes: [UInt8],
    options: ImageOptions
) throws(ExtractionError) -> ExtractedContent {
    guard let engine = OCREngine.open(options.ocr.languages) else {
        throw ExtractionError(
            .needsOCR,
            "an \(kind(of: bytes)) is read by OCR; install Tesseract (tesseract-ocr) with the languages "
                + options.ocr.languages.joined(separator: ", ")
        )
    }
    var source = PDFSource()
    var reading = ScanReading()
    var oversized = 0
    var unreadable = 0
    var isAtEnd = false
    while !isAtEnd, source.pages.count < options.ocr.maximumPages {
        allowTimeForPage()
        let index = source.pages.count
        let result = bytes.withUnsafeBufferPointer {
            engine.read(file: $0, index: index, pixelLimit: pixelLimit)
        }
        switch result {
        case .success(let page): add(page, to: &source, &reading, options.ocr)
        case .failure(.pastEnd): isAtEnd = true
        case .failure(let failure):
            if failure == .tooLarge { oversized += 1 } else { unreadable += 1 }
            source.pages.append(emptyPage(number: index))
        }
    }
    try check(source, oversized: oversized, unreadable: unreadable, kind: kind(of: bytes))
    try checkConfidence(source, reading, options.ocr)
    var content = try writtenContent(of: &source, headers: .first)
    let isTIFF = sniffMediaType(bytes, declared: .unknown).type == .tiff
    if isTIFF, !isAtEnd { content.warn("truncated") }
    content.warn("unreadable_pages", count: oversized + unreadable)
    content.warn("pages_without_text", count: source.pages.count { !$0.hasText })
    content.noteOCR(pages: reading.read.count)
    content.warn("low_text_quality", count: reading.unsure.count)
    return content
}

/// A sheet of A4 at 600 pixels an inch has 35 million.
private let pixelLimit = 36_000_000
/// Where an image says none that can be.
private let usualResolution = 300

private func add(
    _ page: OCRPage,
    to source: inout PDFSource,
    _ reading: inout ScanReading,
    _ options: OCROptions
) {
    let index = source.pages.count
    let resolution = Float(page.resolution > 0 ? page.resolution : usualResolution)
    var entry = emptyPage(number: index)
    entry.width = Float(page.width) * 72 / resolution
    entry.height = Float(page.height) * 72 / resolution
    if source.styles.isEmpty { source.styles.append(PDFStyle(isBold: false, isFixedPitch: false)) }
    let placement = OCRWordPlacement(page, width: entry.width, height: entry.height)
    entry.words = placement.words(addingTo: &source.text, style: 0)
    source.pages.append(entry)
    guard entry.hasText else { return }
    reading.read.insert(index)
    if !page.isSure(options) { reading.unsure.insert(index) }
}

private func emptyPage(number index: Int) -> PDFPage {
    var page = PDFPage(
        number: Int32(index + 1),
        label: String(index + 1),
        width: 1,
        height: 1,
        words: [],
        turnedWords: []
    )
    page.origin = .ocr
    return page
}

private func check(
    _ source: PDFSource,
    oversized: Int,
    unreadable: Int,
    kind: String
) throws(ExtractionError) {
    guard !source.pages.contains(where: \.hasText) else { return }
    if oversized > 0 {
        throw ExtractionError(
            .limitExceeded,
            "the \(kind) has more than \(pixelLimit / 1_000_000) million pixels; make it smaller"
        )
    }
    if unreadable > 0 || source.pages.isEmpty {
        throw ExtractionError(.corrupt, "the \(kind) is damaged or cut short; save it anew")
    }
    throw ExtractionError(.empty, "OCR finds no text on the \(kind)")
}

/// What people call it: `image (PNG)`.
private func kind(of bytes: [UInt8]) -> String {
    sniffMediaType(bytes, declared: .unknown).type.kind ?? "image"
}

extension ImageOptions: Extractor {
    package func load() { OCREngine.load(self.ocr.languages) }

    package func content(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
        try extractImage(bytes, options: self)
    }
}
