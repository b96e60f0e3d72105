internal import Bytes
package import Formats
internal import Records

/// Extracts Rich Text Format: headings, lists, tables, notes, code and text.
///
/// - Output: valid UTF-8 in NFC. Pictures and embedded objects are left out; hidden and deleted text,
///   headers, footers and comments are left out and counted.
/// - Throws: `.corrupt` for what is no RTF, `.empty`, `.limitExceeded` for groups too deep.
/// - Complexity: O(n).
package func extractRTF(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
    guard bytes.starts(with: "{\\rtf".utf8) else {
        throw ExtractionError(.corrupt, "the file does not begin as RTF does")
    }
    var reader = RTFReader(bytes)
    try reader.read()
    var blocks = reader.output.blocks
    blocks.warn("charset_replacements", count: reader.output.replacedCount)
    return try blocks.finished("the document has no text")
}

extension RTFOptions: Extractor {
    package func content(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
        try extractRTF(bytes)
    }
}
