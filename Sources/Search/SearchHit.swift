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
    /// What the text on that page was read from.
    package let origin: Block.Origin
    package let headings: [String]
    /// The group of near-duplicates its document is in; nil when it is in none.
    package let group: String?
    /// Comparable within one result list only.
    package let score: Double
    package let text: String
    /// The sentences around the rarest words of the query, at most 240 bytes.
    package let snippet: String
    /// UTF-8 bytes of the snippet that are words of the query, ascending.
    package let marks: [Range<Int>]
    /// The text around the chunk, where the query asks for it.
    package var section: HitSection?
    /// Why it has its place, where the query asks for it.
    package var explanation: HitExplanation?

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
        origin: Block.Origin = .text,
        headings: [String],
        group: String? = nil,
        score: Double,
        text: String,
        snippet: String,
        marks: [Range<Int>] = []
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
        self.origin = origin
        self.headings = headings
        self.group = group
        self.score = score
        self.text = text
        self.snippet = snippet
        self.marks = marks
    }
}
