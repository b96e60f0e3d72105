/// What to look for in a snapshot.
package struct SearchQuery: Hashable, Sendable {
    package enum Mode: String, Sendable, CaseIterable, Codable {
        case vector
        case bm25
        /// By the terms that a model expanded the texts into.
        case sparse
        /// All that the index has, joined by ``FusionWeights``.
        case fused
    }

    /// A term and how often the query has it.
    package struct Term: Hashable, Sendable {
        package let bytes: [UInt8]
        package let count: Int

        package init(bytes: [UInt8], count: Int) {
            self.bytes = bytes
            self.count = count
        }
    }

    package var text: String
    /// The text's embedding by the index's model; not needed for `bm25` and `sparse`.
    package var vector: [Float]?
    /// The text in the terms of the index's expansions, by ascending bytes; not needed for `bm25` and `vector`.
    package var expansion: [Term]?
    package var mode: Mode
    package var k: Int
    package var filters: [Filter]
    /// How a fused query joins its rankings; nil for the searcher's own weights.
    package var fusion: FusionWeights?
    /// At most one chunk of each document: its best.
    package var onePerDocument: Bool
    /// All members of a group of near-duplicates; otherwise only the best of those that answer.
    package var expandsGroups: Bool
    /// Words and nothing else.
    ///
    /// Quotation marks, `-` and `field:` mean nothing then. See ``QueryText``.
    package var isPlain = false
    /// Ranks every vector instead of those that the codes choose: slow, for measuring what codes miss.
    package var isExact = false
    /// With the text around each hit under the same headings.
    package var expandsSections = false
    /// With the reasons for each hit's place.
    package var explains = false

    package init(
        text: String,
        vector: [Float]? = nil,
        expansion: [Term]? = nil,
        mode: Mode,
        k: Int = 10,
        filters: [Filter] = [],
        fusion: FusionWeights? = nil,
        onePerDocument: Bool = false,
        expandsGroups: Bool = false
    ) {
        self.text = text
        self.vector = vector
        self.expansion = expansion
        self.mode = mode
        self.k = k
        self.filters = filters
        self.fusion = fusion
        self.onePerDocument = onePerDocument
        self.expandsGroups = expandsGroups
    }
}
