/// How rankings of the same chunks become one.
package struct FusionWeights: Hashable, Sendable, Codable {
    /// What of a ranking is weighted.
    package enum Form: Hashable, Sendable, Codable {
        /// The score, 1 for the ranking's best and 0 for its 200th or last.
        ///
        /// - Source: Lee, SIGIR 1997 (CombSUM of min-max scores).
        case scores
        /// 1 / (`offset` + rank), rank from 1.
        ///
        /// - Source: Cormack et al., SIGIR 2009.
        case ranks(offset: Double)
    }

    package var bm25: Double
    package var vector: Double
    /// Of expansions; an index without them has no such ranking.
    package var sparse: Double
    package var form: Form

    /// Weights of scores.
    package init(bm25: Double = 1, vector: Double, sparse: Double = 0) {
        self.bm25 = bm25
        self.vector = vector
        self.sparse = sparse
        self.form = .scores
    }

    /// Weights of reciprocal ranks.
    package init(bm25: Double, vector: Double, rankOffset: Double) {
        self.bm25 = bm25
        self.vector = vector
        self.sparse = 0
        self.form = .ranks(offset: rankOffset)
    }

    /// The weights to begin with for vectors of a model; `evaluate --tune` finds those of a collection.
    ///
    /// Picked on the train queries of SciFact: a static model is the weaker leg there, a transformer as
    /// good as words. One that nobody measured gets what does little harm either way.
    package static func ofModel(_ name: String, isExpanded: Bool = false) -> FusionWeights {
        if isExpanded { return .besideExpansions(name) }
        return switch name {
        case "potion-base-8M": FusionWeights(vector: 0.5)
        case "all-MiniLM-L6-v2": FusionWeights(vector: 1.5)
        // Vectors without a meaning, for tests of pipelines.
        case "hash": FusionWeights(vector: 0.1)
        default: FusionWeights(vector: 0.7)
        }
    }

    /// As ``ofModel(_:isExpanded:)``, where terms of splade-tiny are there as well.
    private static func besideExpansions(_ name: String) -> FusionWeights {
        switch name {
        case "potion-base-8M": FusionWeights(vector: 0.3, sparse: 1)
        case "all-MiniLM-L6-v2": FusionWeights(vector: 0.7, sparse: 0.7)
        case "hash": FusionWeights(vector: 0.1, sparse: 1)
        default: FusionWeights(vector: 0.5, sparse: 0.7)
        }
    }
}
