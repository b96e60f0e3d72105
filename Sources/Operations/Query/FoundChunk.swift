internal import Records
internal import Search

/// A chunk as every door out gives it.
package struct FoundChunk: Sendable, Codable {
    /// Names the chunk for `millrace show`: the same while its document, place and text are.
    package var chunkID: String
    package var uri: String
    package var title: String
    package var source: String
    package var language: String
    package var ordinal: Int
    /// UTF-8 bytes of the document's clean text.
    package var start: Int
    package var end: Int
    /// 0 where the format has no pages.
    package var page: Int
    /// The printed number of the page; nil where the format has no pages.
    package var pageLabel: String?
    /// Left, top, right, bottom in points from the page's top left.
    package var box: [Int]?
    package var headings: [String]
    /// The group of near-duplicates the document is in; nil when it is in none.
    package var group: String?
    /// Comparable within one result list only.
    package var score: Double
    package var text: String
    /// Of the text around the rarest words of the query.
    package var snippet: String
    /// The number of the snapshot that it was found in.
    package var snapshot: Int

    private enum CodingKeys: String, CodingKey {
        case chunkID = "chunk_id"
        case uri, title, source, language, ordinal, start, end, page, pageLabel, box, headings
        case group, score, text, snippet, snapshot
    }
}

extension FoundChunk {
    init(_ hit: SearchHit, snapshot: Int) {
        self.init(
            chunkID: hit.chunkID.description,
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
            headings: hit.headings,
            group: hit.group,
            score: hit.score,
            text: hit.text,
            snippet: hit.snippet,
            snapshot: snapshot
        )
    }
}
