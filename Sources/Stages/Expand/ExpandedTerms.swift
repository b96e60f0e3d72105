package import Embedding
package import Segments

/// Makes the postings' input of expansions: a model's lists of pieces, with impacts as counts.
package struct ExpandedTerms {
    private let vocabulary: [[UInt8]]
    /// The place of each piece by ascending bytes; that of the first where two have the same.
    private let ranks: [Int]

    package init(_ model: ExpansionModel) {
        let vocabulary = model.vocabulary
        let order = vocabulary.indices.sorted {
            vocabulary[$0] == vocabulary[$1]
                ? $0 < $1 : vocabulary[$0].lexicographicallyPrecedes(vocabulary[$1])
        }
        var ranks = vocabulary.map { _ in 0 }
        for (rank, piece) in order.enumerated() {
            let isRepeated = rank > 0 && vocabulary[order[rank - 1]] == vocabulary[piece]
            ranks[piece] = isRepeated ? ranks[order[rank - 1]] : rank
        }
        self.vocabulary = vocabulary
        self.ranks = ranks
    }

    /// - Parameter row: as the model gives it.
    package func terms(of row: ArraySlice<Float>) -> SegmentTerms {
        var terms = SegmentTerms(bytes: [], offsets: [0], counts: [], length: 0)
        var last = -1
        let listed = ExpansionModel.pieces(in: row)
            .filter { $0.piece < self.ranks.count && $0.impact > 0 }
            .sorted {
                let ranks = (self.ranks[$0.piece], self.ranks[$1.piece])
                return ranks.0 == ranks.1 ? $0.impact > $1.impact : ranks.0 < ranks.1
            }
        for (piece, impact) in listed where self.ranks[piece] != last {
            last = self.ranks[piece]
            terms.bytes += self.vocabulary[piece]
            terms.offsets.append(UInt32(terms.bytes.count))
            terms.counts.append(UInt32(impact))
        }
        return terms
    }
}
