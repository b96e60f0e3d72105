/// A byte range of one document's clean text, small enough for the embedder.
///
/// - Units: `range` is in UTF-8 bytes of the document's clean text; `tokenCount` in tokens of the
///   chunk stage's tokeniser.
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
    /// SHA-256 of the chunk's text.
    package var textHash: Digest

    package init(
        ordinal: Int,
        range: Range<Int>,
        tokenCount: Int,
        page: Int,
        place: PagePlace? = nil,
        headings: [String],
        textHash: Digest
    ) {
        self.ordinal = ordinal
        self.range = range
        self.tokenCount = tokenCount
        self.page = page
        self.place = place
        self.headings = headings
        self.textHash = textHash
    }
}
