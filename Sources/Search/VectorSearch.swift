internal import Segments
internal import Vectors

/// Nearest neighbours by inner product: 1-bit codes choose candidates, stored vectors rank them.
///
/// A first look at the vectors with the greatest bounds gives a score that the answer must reach; then
/// every vector is ranked whose bound, its estimate and some of its spreads, reaches that score.
/// So a query with many close neighbours looks at many, and an easy one at few.
///
/// A chunk's bound and score depend on its vector and the query alone, thresholds are scores, and ties go
/// by document, so the answer does not depend on how chunks are spread over segments.
struct VectorSearch {
    /// Spreads above an estimate within which a vector may still be an answer.
    ///
    /// Measured on 118,785 chunks of documentation by potion-base-8M: of the ten nearest .999 are found,
    /// for headings and for held-out paragraphs alike, among 1,500 vectors ranked on average; of the 200
    /// nearest at 1.5 .990 and .997 among 4,500. (At 1.5 the ten nearest would be found to .99.)
    private static func reach(_ count: Int) -> Float { count <= 50 ? 2.25 : 1.5 }
    /// The fewest vectors of the first look.
    private static let firstLookMin = 64

    let readers: [LiveSegmentReader]
    /// Where the scores of each segment start among those of all, and the end of the last.
    private let offsets: [Int]

    init(readers: [LiveSegmentReader]) {
        self.readers = readers
        self.offsets = readers.reduce(into: [0]) {
            $0.append(($0.last ?? 0) + $1.segment.chunkCount)
        }
    }

    /// - Parameter isExact: Ranks all vectors.
    func best(
        _ count: Int,
        for vector: [Float],
        selected: [ChunkMask?],
        isExact: Bool = false,
        _ scratch: QueryScratch
    ) throws -> [Candidate] {
        // The codes of all segments are made alike, so one rotated query serves them all.
        let quantiser = self.readers.lazy.compactMap(\.segment.quantiser).first
        guard let query = quantiser?.query(vector) else { return [] }
        let bounds = scratch.scores(self.offsets.last ?? 0)
        var greatest = Greatest(max(Self.firstLookMin, 2 * count))
        let reach = Self.reach(count) * dotProduct(vector, vector).squareRoot()
        for (number, reader) in self.readers.enumerated() {
            reader.segment.scan(
                query,
                reach: reach,
                selection: selected[number],
                into: self.slice(bounds, of: number),
                greatest: &greatest
            )
        }
        let first = isExact ? -.infinity : greatest.least
        var ranked = self.rank(vector, query, bounds, atLeast: first, scratch)
        if first > -.infinity {
            let needed = ranked.threshold(of: count)
            if needed < first {
                ranked = self.rank(vector, query, bounds, atLeast: needed, scratch)
            }
        }
        return try ranked.best(count, readers: self.readers)
    }

    private func slice(
        _ scores: UnsafeMutableBufferPointer<Float>,
        of number: Int
    ) -> UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(
            rebasing: scores[self.offsets[number]..<self.offsets[number + 1]]
        )
    }

    /// The exact scores of the chunks whose bounds reach `threshold`.
    private func rank(
        _ vector: [Float],
        _ query: BinaryQuery,
        _ bounds: UnsafeMutableBufferPointer<Float>,
        atLeast threshold: Float,
        _ scratch: QueryScratch
    ) -> ScoredRows {
        var ranked = ScoredRows()
        for (number, reader) in self.readers.enumerated() {
            let slice = UnsafeBufferPointer(self.slice(bounds, of: number))
            let room = scratch.rows(slice.count)
            let found = rows(of: slice, atLeast: threshold, into: room)
            let chosen = UnsafeBufferPointer(rebasing: room[..<found])
            let scores = reader.segment.similarities(vector, query, chunks: chosen)
            ranked.append(segment: number, rows: Array(chosen), scores: scores)
        }
        return ranked
    }
}

/// Rows of several segments with their scores.
struct ScoredRows {
    private var parts: [(segment: Int, rows: [UInt32], scores: [Float])] = []

    mutating func append(segment: Int, rows: [UInt32], scores: [Float]) {
        self.parts.append((segment, rows, scores))
    }

    /// The score that the best `count` reach; -infinity where there are fewer.
    func threshold(of count: Int) -> Float {
        var greatest = Greatest(count)
        for part in self.parts { greatest.offer(part.scores) }
        return greatest.least
    }

    /// The best by rank.
    func best(_ count: Int, readers: [LiveSegmentReader]) throws -> [Candidate] {
        let threshold = self.threshold(of: count)
        var candidates: [Candidate] = []
        for part in self.parts {
            // Within a segment rows ascend as documents and ordinals do, so that of equal scores the
            // first are the ones to keep.
            var best = TopK(count)
            for (row, score) in zip(part.rows, part.scores) where score >= threshold {
                best.offer(score, Int(row))
            }
            try candidates.append(best, of: readers[part.segment].segment, number: part.segment)
        }
        return candidates.best(count)
    }
}
