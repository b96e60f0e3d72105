/// A byte range of one document's clean text, small enough for the embedder.
///
/// - Units: `range` and `header` are in UTF-8 bytes of the document's clean text; `tokenCount` in
///   tokens of the chunk stage's tokeniser, where a long unknown word counts as several.
package struct Chunk: Hashable, Sendable {
    /// 0-based position among the document's chunks.
    package var ordinal: Int
    package var range: Range<Int>
    package var tokenCount: Int
    /// 1-based page the chunk starts on, 0 where the format has no pages.
    package var page: Int
    /// Where the part of it that is on that page is printed; nil where the format has no pages.
    package var place: PagePlace?
    /// The headings above the chunk, outermost first.
    package var headings: [String]
    /// The header row of the table that the chunk goes on with; it lies before `range`.
    package var header: Range<Int>?
    /// SHA-256 of ``text(in:)``.
    package var textHash: Digest

    package init(
        ordinal: Int,
        range: Range<Int>,
        tokenCount: Int,
        page: Int,
        place: PagePlace? = nil,
        headings: [String],
        header: Range<Int>? = nil,
        textHash: Digest
    ) {
        self.ordinal = ordinal
        self.range = range
        self.tokenCount = tokenCount
        self.page = page
        self.place = place
        self.headings = headings
        self.header = header
        self.textHash = textHash
    }

    /// What is embedded and served of the chunk: its range, below the header row of its table.
    package func text(in document: [UInt8]) -> ArraySlice<UInt8> {
        chunkText(document, range: self.range, header: self.header)
    }
}

/// The bytes at `range`, below the header row of the table they go on with.
package func chunkText(
    _ document: [UInt8],
    range: Range<Int>,
    header: Range<Int>?
) -> ArraySlice<UInt8> {
    guard let header else { return document[range] }
    return document[header] + [0x0A] + document[range]
}
