package import Records

/// A chunk that answers a query, with what is needed to cite it.
package struct SearchHit: Hashable, Sendable {
    package let documentID: DocumentID
    package let chunkID: ChunkID
    package let uri: String
    package let title: String
    package let source: String
    package let language: String
    package let mediaType: String
    /// The chunk's place among its document's chunks.
    package let ordinal: Int
    /// UTF-8 bytes of the document's clean text.
    package let range: Range<Int>
    /// From 1; 0 where the format has no pages.
    package let page: Int
    /// Where on that page; nil where the format has no pages.
    package let place: PagePlace?
    package let headings: [String]
    /// The group of near-duplicates its document is in; nil when it is in none.
    package let group: String?
    /// Comparable within one result list only.
    package let score: Double
    package let text: String
    /// At most 240 bytes of the text around the rarest words of the query.
    package let snippet: String

    package init(
        documentID: DocumentID,
        chunkID: ChunkID,
        uri: String,
        title: String,
        source: String,
        language: String,
        mediaType: String,
        ordinal: Int,
        range: Range<Int>,
        page: Int,
        place: PagePlace? = nil,
        headings: [String],
        group: String? = nil,
        score: Double,
        text: String,
        snippet: String
    ) {
        self.documentID = documentID
        self.chunkID = chunkID
        self.uri = uri
        self.title = title
        self.source = source
        self.language = language
        self.mediaType = mediaType
        self.ordinal = ordinal
        self.range = range
        self.page = page
        self.place = place
        self.headings = headings
        self.group = group
        self.score = score
        self.text = text
        self.snippet = snippet
    }
}
