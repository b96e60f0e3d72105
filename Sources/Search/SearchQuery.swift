/// What to look for in a snapshot.
package struct SearchQuery: Hashable, Sendable {
    package enum Mode: String, Sendable, CaseIterable, Codable {
        case vector
        case bm25
        /// Both, joined by reciprocal rank; BM25 alone in an index without vectors.
        case fused
    }

    package var text: String
    /// The text's embedding by the index's model; not needed for `bm25`.
    package var vector: [Float]?
    package var mode: Mode
    package var k: Int
    package var filters: [Filter]
    package var fusion: FusionWeights
    /// At most one chunk of each document: its best.
    package var onePerDocument: Bool
    /// All members of a group of near-duplicates; otherwise only the best of those that answer.
    package var expandsGroups: Bool

    package init(
        text: String,
        vector: [Float]? = nil,
        mode: Mode,
        k: Int = 10,
        filters: [Filter] = [],
        fusion: FusionWeights = FusionWeights(),
        onePerDocument: Bool = false,
        expandsGroups: Bool = false
    ) {
        self.text = text
        self.vector = vector
        self.mode = mode
        self.k = k
        self.filters = filters
        self.fusion = fusion
        self.onePerDocument = onePerDocument
        self.expandsGroups = expandsGroups
    }
}

/// How two rankings become one: the sum of weight / (`rankOffset` + rank), rank from 1.
///
/// The defaults are tuned on the train queries of SciFact with a static embedder, the weaker leg:
/// nDCG@10 .698 there against .696 by BM25 alone, .670 at weight 0.3 and offset 60, .632 at equal
/// weights. A transformer's vectors deserve more weight.
///
/// - Source: Cormack et al., SIGIR 2009, for the form.
package struct FusionWeights: Hashable, Sendable {
    package var bm25: Double
    package var vector: Double
    package var rankOffset: Double

    package init(bm25: Double = 1.0, vector: Double = 0.1, rankOffset: Double = 10) {
        self.bm25 = bm25
        self.vector = vector
        self.rankOffset = rankOffset
    }
}
