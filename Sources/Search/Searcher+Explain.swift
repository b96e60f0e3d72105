internal import Segments
internal import Vectors

/// Why a chunk has the place that it has.
package struct HitExplanation: Hashable, Sendable {
    package struct Term: Hashable, Sendable {
        /// As the analysis has it: lower-cased, a stem.
        package let term: String
        /// How often the query has it, and in how many chunks it is rare.
        package let occurrences: Int
        package let rarity: Double
        /// What it adds to the chunk's BM25 score; 0 where the chunk does not hold it.
        package let share: Double
    }

    /// The query's terms that some chunk holds; stop words of long queries are not among them.
    package let terms: [Term]
    /// The sum of the shares.
    package let bm25: Double
    /// The inner product with the query's vector; nil without vectors.
    package let similarity: Double?
    /// The query's terms in the index's expansions, each with its share; empty where they had no say.
    package let expansion: [Term]
    /// How a fused query joined its rankings; nil for other queries.
    package let fusion: FusionWeights?
}

extension Searcher {
    func explanation(
        of candidate: Candidate,
        _ asked: AskedQuery,
        _ scratch: QueryScratch
    ) throws -> HitExplanation {
        let reader = self.readers[candidate.segment].segment
        let row = [UInt32(candidate.chunk)]
        let terms = try self.shares(of: asked.terms, .words, candidate, scratch)
        let similarity = asked.query.vector.flatMap { vector in
            reader.quantiser.flatMap { quantiser in
                let coded = quantiser.query(vector)
                return row.withUnsafeBufferPointer {
                    reader.similarities(vector, coded, chunks: $0).first
                }
            }
        }
        return HitExplanation(
            terms: terms,
            bm25: terms.reduce(0) { $0 + $1.share },
            similarity: similarity.map(Double.init),
            expansion: try self.shares(of: asked.expansion, .expansions, candidate, scratch),
            fusion: asked.query.mode == .fused ? asked.query.fusion ?? self.fusion : nil
        )
    }

    /// What each term adds to the candidate's score, greatest first.
    private func shares(
        of terms: [FoundTerm],
        _ lists: ChunkLists,
        _ candidate: Candidate,
        _ scratch: QueryScratch
    ) throws -> [HitExplanation.Term] {
        let reader = self.readers[candidate.segment].segment
        let search = lists == .words ? self.lexical : self.sparse
        let scores = scratch.scores(1)
        return try terms.map { found in
            scores[0] = 0
            if let entry = found.places[candidate.segment] {
                let weight = search.weight(of: found)
                try PostingsCursor(entry, in: lists, of: reader, weight)
                    .addScores(in: candidate.chunk..<candidate.chunk + 1, to: scores)
            }
            return HitExplanation.Term(
                term: String(decoding: found.term, as: UTF8.self),
                occurrences: found.occurrences,
                rarity: found.rarity,
                share: Double(scores[0])
            )
        }
        .sorted { ($0.share, $1.term) > ($1.share, $0.term) }
    }
}
