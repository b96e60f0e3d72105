internal import Bytes
package import Formats
package import Records

/// Extracts text in a light markup or LaTeX, with its headings, lists, tables, code and notes.
///
/// - Output: valid UTF-8 in NFC; marks are taken out, and comments with them.
/// - Throws: `.empty` (no text), `.corrupt` (binary content).
/// - Complexity: O(n), with a bounded look ahead for marks that do not close.
package func extractMarkup(
    _ bytes: [UInt8],
    as type: MediaType
) throws(ExtractionError) -> ExtractedContent {
    let text = try readableText(bytes)
    let blocks = text.bytes.withUnsafeBufferPointer { source in
        switch type {
        case .asciiDoc:
            var reader = AsciiDocReader(source)
            reader.read()
            return reader.blocks
        case .org:
            var reader = OrgReader(source)
            reader.read()
            return reader.blocks
        case .latex:
            var reader = LaTeXReader(Array(source))
            reader.read()
            return reader.blocks
        default:
            var reader = RSTReader(source)
            reader.read()
            return reader.blocks
        }
    }
    var content = try blocks.finished("the file holds no text besides marks")
    text.addWarnings(to: &content)
    return content
}

extension MarkupOptions: Extractor {
    package func content(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
        try extractMarkup(bytes, as: .restructuredText)
    }

    package func content(
        _ bytes: [UInt8],
        of type: MediaType
    ) throws(ExtractionError) -> ExtractedContent {
        try extractMarkup(bytes, as: type)
    }
}
