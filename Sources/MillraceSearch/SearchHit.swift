internal import Records
internal import Search

/// A chunk with what is needed to cite it; its JSON keys are those of `millrace search --json`.
public struct SearchHit: Hashable, Sendable, Codable, Identifiable {
    /// Names the chunk for ``SearchIndex/chunk(_:access:)``: the same while its document, place and text are.
    public var id: String
    public var uri: String
    public var title: String
    public var source: String
    /// A BCP-47 tag; empty where it could not be told.
    public var language: String
    /// The chunk's place among its document's chunks, from 0.
    public var ordinal: Int
    /// Where it begins in UTF-8 bytes of the document's clean text.
    public var start: Int
    public var end: Int
    /// From 1; 0 where the format has no pages.
    public var page: Int
    /// The printed number of the page; nil where the format has no pages.
    public var pageLabel: String?
    /// Left, top, right, bottom in points from the page's top left.
    public var box: [Int]?
    /// `ocr` where the page's text was read from a picture of it; nil elsewhere.
    public var origin: String?
    /// The headings it stands under, outermost first.
    public var headings: [String]
    /// The group of near-duplicates its document is in; nil when it is in none, and for who sees only a part.
    public var group: String?
    /// Comparable within one answer only.
    public var score: Double
    public var text: String
    /// Of the text around the rarest words of the query; empty for a chunk asked for by its id.
    public var snippet: String
    /// Start and end of each word of the query in the snippet, in UTF-8 bytes, ascending.
    public var highlights: [[Int]]
    /// The number of the snapshot that it was found in.
    public var snapshot: Int

    private enum CodingKeys: String, CodingKey {
        case id = "chunk_id"
        case uri, title, source, language, ordinal, start, end, page, pageLabel, box, origin
        case headings
        case group, score, text, snippet, highlights, snapshot
    }
}

extension SearchHit {
    init(_ hit: Search.SearchHit, snapshot: Int, showsGroup: Bool) {
        self.init(
            id: hit.chunkID.description,
            uri: hit.uri,
            title: hit.title,
            source: hit.source,
            language: hit.language,
            ordinal: hit.ordinal,
            start: hit.range.lowerBound,
            end: hit.range.upperBound,
            page: hit.page,
            pageLabel: hit.place?.label,
            box: hit.place?.box,
            origin: hit.origin == .text ? nil : hit.origin.name,
            headings: hit.headings,
            group: showsGroup ? hit.group : nil,
            score: hit.score,
            text: hit.text,
            snippet: hit.snippet,
            highlights: hit.marks.map { [$0.lowerBound, $0.upperBound] },
            snapshot: snapshot
        )
    }
}

/// The hits of one question, best first, all of one snapshot.
public struct SearchAnswer: Hashable, Sendable, Codable {
    public var snapshot: Int
    public var hits: [SearchHit]
}
