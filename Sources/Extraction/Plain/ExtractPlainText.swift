internal import Bytes
package import Formats
internal import Records

/// Extracts plain text: the charset is decided, paragraphs are what blank lines separate.
///
/// - Output: valid UTF-8 in NFC; Markdown and plain text are the same bytes, so that
///   nothing in them is read as a mark.
/// - Throws: `.empty` (no text), `.corrupt` (binary content).
/// - Complexity: O(n).
package func extractPlainText(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
    let text = try readableText(bytes)
    var content = ExtractedContent()
    for range in paragraphRanges(text.bytes) {
        content.append(kind: .paragraph, markdown: text.bytes[range], text: text.bytes[range])
    }
    guard !content.blocks.isEmpty else {
        throw ExtractionError(.empty, "the file holds white space only")
    }
    text.addWarnings(to: &content)
    return content
}

/// Decoded text with LF line ends, and what decoding had to assume.
struct ReadableText {
    var bytes: [UInt8]
    var isGuessed: Bool
    var replaced: Int

    func addWarnings(to content: inout ExtractedContent) {
        if self.isGuessed { content.warn("charset_guessed") }
        content.warn("charset_replacements", count: self.replaced)
    }
}

func readableText(_ bytes: [UInt8]) throws(ExtractionError) -> ReadableText {
    guard !bytes.isEmpty else { throw ExtractionError(.empty, "the file has no bytes") }
    let decoded = decodeText(bytes)
    guard !isBinary(decoded.utf8) else {
        throw ExtractionError(
            .corrupt,
            "binary content under a text type; declare the type, or exclude the file"
        )
    }
    return ReadableText(
        bytes: withUnixLineEnds(decoded.utf8),
        isGuessed: decoded.isGuessed,
        replaced: decoded.replaced
    )
}

/// Ranges between blank lines, without white space at their ends but with the first line's indent.
private func paragraphRanges(_ bytes: [UInt8]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    bytes.withUnsafeBufferPointer { buffer in
        var start: Int?
        var end = 0
        for line in TextLines(buffer) {
            if line.isBlank {
                if let first = start { result.append(first..<end) }
                start = nil
            } else {
                start = start ?? line.range.lowerBound
                end = line.contentEnd
            }
        }
        if let first = start { result.append(first..<end) }
    }
    return result
}

extension PlainTextOptions: Extractor {
    package func content(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
        try extractPlainText(bytes)
    }
}
