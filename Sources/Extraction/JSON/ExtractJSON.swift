internal import Bytes
package import Formats
internal import Records

/// Extracts JSON, or a file of JSON values on lines of their own, as readable text.
///
/// - Output: valid UTF-8 in NFC. A member is a line `key: value`; a container is a section headed by
///   its path, `orders[2].buyer`; objects of one kind are a table's rows. Members that are single
///   values come before those that are containers. Long arrays of figures and encoded bytes are left
///   out and counted as `data_left_out`; lines that cannot be read as `damaged_records`.
/// - Throws: `.empty` (no text), `.corrupt`, `.limitExceeded` for nesting and number of values.
/// - Complexity: O(n).
package func extractJSON(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
    let text = try readableText(bytes)
    let written = text.bytes.withUnsafeBufferPointer { source in
        Result { () throws(ExtractionError) in
            let document = try JSONDocument(source)
            if isNotebook(document) { return try notebookBlocks(document) }
            var writer = JSONWriter(document)
            writer.writeRoot()
            return writer.blocks
        }
    }
    var content = try written.get().finished("the JSON holds no text")
    text.addWarnings(to: &content)
    return content
}

extension JSONOptions: Extractor {
    package func content(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
        try extractJSON(bytes)
    }
}
