package import Formats
import Records

/// Extracts title, metadata and main content of a web page as Markdown, plain text and blocks.
///
/// - Input: the page's bytes in any charset of the web, well formed or not.
/// - Output: a pure function of the bytes and the options; all of it valid UTF-8 in NFC. Metadata keys:
///   `author`, `published`, `modified` (ISO 8601), `canonical`, `site`, `description`, `language`,
///   `licence`, `charset`. Warnings: `charset_guessed`, `invalid_utf8`, `flattened`,
///   `invisible_characters`, `hidden_content`; `main_not_found` where all text is kept for want of a
///   main part; and how much visible text was left out: `navigation_removed`, `comments_removed`,
///   `promotion_removed`, `byline_removed`, `chrome_removed`.
/// - Throws: `.empty` where a page shows no text, `.tooLarge` over the limit, `.corrupt` for bytes
///   that are no text.
/// - Complexity: O(n); memory is a small multiple of n. Safe to call from many threads at once.
package func extractHTML(
    _ bytes: [UInt8],
    options: HTMLOptions = HTMLOptions()
) throws(ExtractionError) -> ExtractedContent {
    guard bytes.count <= options.byteLimit else {
        throw ExtractionError(
            .tooLarge,
            "page is \(bytes.count) bytes, limit \(options.byteLimit); raise the limit or exclude it"
        )
    }
    guard !isUTF32(bytes) else {
        throw ExtractionError(.corrupt, "the page is in UTF-32, which the web does not have")
    }
    let isForeign = isForeignFormat(bytes)
    let decoded = decodeHTML(isForeign ? [] : bytes, declared: options.declaredCharset)
    guard !isForeign, !startsBinary(decoded.utf8) else {
        throw ExtractionError(.corrupt, "the bytes are not text in any charset of the web")
    }
    let (scanned, tree) = scanPage(decoded.utf8)
    var arena = tree
    let linked = decoded.utf8.withUnsafeBufferPointer { LinkedData($0, scanned.head.linkedData) }
    let selection = selectContent(in: &arena, scanned, decoded.utf8, linked, options)
    let metadata = readMetadata(decoded.utf8, scanned, linked, arena, roots: selection.bodyRoots)
    if options.content == .main, !selection.isFallback {
        dropRepeatedMetadata(metadata, in: &arena, scanned, selection)
    }
    var content = write(arena, scanned, selection, decoded.utf8, options)
    guard !content.blocks.isEmpty else {
        throw ExtractionError(.empty, emptiness(scanned, selection))
    }
    content.title = metadata.title
    content.metadata = metadata.values
    content.metadata["charset"] = decoded.charset
    content.warn("charset_guessed", count: decoded.isGuessed ? 1 : 0)
    content.warn("invalid_utf8", count: decoded.replaced)
    content.warn("flattened", count: scanned.flattenedCount)
    content.warn("invisible_characters", count: scanned.invisibleCount)
    content.warn("hidden_content", count: selection.hiddenCount)
    content.warn("main_not_found", count: selection.isFallback ? 1 : 0)
    for (code, count) in selection.removed.counts { content.warn(code, count: count) }
    return content
}

/// Why a page has no text.
private func emptiness(_ scanned: ScannedPage, _ selection: ContentSelection) -> String {
    if scanned.scriptCount > 0 {
        return "the page shows no text until its scripts run; save it as a browser renders it"
    }
    if selection.hiddenCount > 0 {
        return "all text of the page is hidden; 'hidden: keep' takes it"
    }
    return "the page shows no text"
}

/// The page's tree, and what its nodes refer to.
///
/// Style sheets that leave little of a page's text are not heard: its scripts show the rest.
func scanPage(_ source: [UInt8]) -> (ScannedPage, HTMLArena) {
    source.withUnsafeBufferPointer { bytes in
        var prescan = HTMLPrescan(bytes)
        let page = prescan.run()
        let hidden = page.0.styledBytes
        guard page.0.scriptCount > 0, hidden > 1_000, hidden * 3 > page.0.text.count else {
            return page
        }
        var plain = HTMLPrescan(bytes, readsStyle: false)
        return plain.run()
    }
}

private func write(
    _ arena: HTMLArena,
    _ scanned: ScannedPage,
    _ selection: ContentSelection,
    _ source: [UInt8],
    _ options: HTMLOptions
) -> ExtractedContent {
    source.withUnsafeBufferPointer { bytes in
        var writer = MarkdownWriter(
            arena: arena,
            scanned: scanned,
            statistics: selection.statistics,
            source: bytes,
            options: options,
            footnotes: Footnotes(in: arena, scanned, bytes, roots: selection.roots)
        )
        writer.write(selection.roots)
        return writer.content
    }
}

/// Whether a byte order mark says UTF-32; a browser would show one NUL and more for each character.
///
/// - Source: WHATWG HTML §13.2.3.3: user agents must not support UTF-32.
private func isUTF32(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0xFF, 0xFE, 0x00, 0x00]) || bytes.starts(with: [0x00, 0x00, 0xFE, 0xFF])
}

/// A gzip, zip or PDF file under a wrong name.
private func isForeignFormat(_ bytes: [UInt8]) -> Bool {
    let signatures: [[UInt8]] = [[0x1F, 0x8B], Array("PK\u{3}\u{4}".utf8), Array("%PDF-".utf8)]
    return signatures.contains { bytes.starts(with: $0) }
}

/// Whether many of the first characters are controls, which no text has.
private func startsBinary(_ text: [UInt8]) -> Bool {
    text.withUnsafeBufferPointer { text in
        let window = UnsafeBufferPointer(rebasing: text.prefix(4_096))
        var controls = 0
        for byte in window where byte < 0x20 {
            if byte != 0, byte != 0x1B, !isHTMLBlank(byte) { controls += 1 }
        }
        return controls * 10 > window.count
    }
}

extension HTMLOptions: Extractor {
    package func content(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
        try extractHTML(bytes, options: self)
    }
}
