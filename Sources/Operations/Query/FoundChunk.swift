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
    @Nullable package var pageLabel: String?
    /// Left, top, right, bottom in points from the page's top left.
    package var box: [Int]?
    /// `ocr` where the page's text was read from a picture of it; nil elsewhere.
    package var origin: String?
    package var headings: [String]
    /// The group of near-duplicates the document is in; nil when it is in none.
    package var group: String?
    /// Comparable within one result list only.
    package var score: Double
    package var text: String
    /// Of the text around the rarest words of the query.
    package var snippet: String
    /// Start and end of each word of the query in the snippet, in UTF-8 bytes, ascending.
    package var highlights: [[Int]]
    /// The number of the snapshot that it was found in.
    package var snapshot: Int
    /// The text around the chunk under the same headings, where it was asked for.
    package var section: Section?
    /// Why it has its place, where that was asked for.
    package var explanation: Explanation?

    package struct Section: Sendable, Codable {
        /// UTF-8 bytes of the document's clean text.
        package var start: Int
        package var end: Int
        package var text: String
    }

    package struct Explanation: Sendable, Codable {
        package struct Term: Sendable, Codable {
            /// As the analysis has it: lower-cased, a stem.
            package var term: String
            package var occurrences: Int
            package var rarity: Double
            /// What it adds to the BM25 score.
            package var share: Double
        }

        package var terms: [Term]
        package var bm25: Double
        /// The inner product with the query's vector; nil without vectors.
        package var similarity: Double?
        /// The query's terms in the index's expansions; nil where they had no say.
        package var expansion: [Term]?
        /// The weights of each in the fused score; nil where one alone ranks.
        package var bm25Weight: Double?
        package var vectorWeight: Double?
        package var sparseWeight: Double?
    }

    private enum CodingKeys: String, CodingKey {
        case chunkID = "chunk_id"
        case uri, title, source, language, ordinal, start, end, page, pageLabel, box, origin
        case headings
        case group, score, text, snippet, highlights, snapshot, section, explanation
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
            origin: hit.origin == .text ? nil : hit.origin.name,
            headings: hit.headings,
            group: hit.group,
            score: hit.score,
            text: hit.text,
            snippet: hit.snippet,
            highlights: hit.marks.map { [$0.lowerBound, $0.upperBound] },
            snapshot: snapshot,
            section: hit.section.map {
                Section(start: $0.range.lowerBound, end: $0.range.upperBound, text: $0.text)
            },
            explanation: hit.explanation.map(Explanation.init)
        )
    }
}

extension FoundChunk.Explanation {
    init(_ explanation: HitExplanation) {
        self.init(
            terms: explanation.terms.map(Term.init),
            bm25: explanation.bm25,
            similarity: explanation.similarity,
            expansion: explanation.expansion.isEmpty ? nil : explanation.expansion.map(Term.init),
            bm25Weight: explanation.fusion?.bm25,
            vectorWeight: explanation.fusion?.vector,
            sparseWeight: explanation.expansion.isEmpty ? nil : explanation.fusion?.sparse
        )
    }
}

extension FoundChunk.Explanation.Term {
    init(_ term: HitExplanation.Term) {
        self.init(
            term: term.term,
            occurrences: term.occurrences,
            rarity: term.rarity,
            share: term.share
        )
    }
}
