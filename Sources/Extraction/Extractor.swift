package import Formats
package import Records

/// A format that this room reads: each folder here makes its options one.
package protocol Extractor: FormatOptions {
    /// Loads libraries that are loaded while the program runs; called before it gives up doing so.
    func load()

    /// What one document says.
    ///
    /// - Parameter bytes: the document, not empty and within ``FormatOptions/byteLimit``.
    /// - Complexity: O(n).
    func content(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent

    /// The same for a document of this type, where a format reads several that their bytes do not tell.
    func content(_ bytes: [UInt8], of type: MediaType) throws(ExtractionError) -> ExtractedContent
}

extension Extractor {
    package func content(
        _ bytes: [UInt8],
        of type: MediaType
    ) throws(ExtractionError) -> ExtractedContent {
        try self.content(bytes)
    }
}

extension Extractor {
    package func load() {}
}
