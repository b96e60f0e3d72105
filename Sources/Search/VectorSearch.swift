internal import Segments
internal import Vectors

/// Nearest neighbours by inner product: 1-bit codes choose candidates, stored vectors rank them.
///
/// A chunk's estimate and score depend on its vector and the query alone, and ties go by document,
/// so the answer does not depend on how chunks are spread over segments.
struct VectorSearch {
    /// At 500 candidates the ten nearest of 200,000 are found in 999 of 1,000 cases.
    static let candidateCountMin = 500
    private static let rowsPerScan = 4096

    let readers: [LiveSegmentReader]

    func best(_ count: Int, for vector: [Float], selected: [[Bool]?]) throws -> [Candidate] {
        // The codes of all segments are made alike, so one rotated query serves them all.
        let quantiser = self.readers.lazy.compactMap(\.segment.quantiser).first
        guard let query = quantiser?.query(vector) else { return [] }
        let candidateCount = max(Self.candidateCountMin, 4 * count)
        var candidates: [Candidate] = []
        var floor = TopK(candidateCount)
        for (segment, live) in self.readers.enumerated() {
            let reader = live.segment
            let found = Self.scan(
                reader,
                query,
                candidateCount,
                above: floor.threshold,
                selected: selected[segment]
            )
            try candidates.append(found, of: reader, number: segment, raising: &floor)
        }
        candidates = candidates.best(candidateCount)
        vector.withUnsafeBufferPointer { vector in
            for index in candidates.indices {
                let reader = self.readers[candidates[index].segment].segment
                candidates[index].score = Double(
                    reader.similarity(vector, chunk: candidates[index].chunk)
                )
            }
        }
        return candidates.best(count)
    }

    private static func scan(
        _ reader: SegmentReader,
        _ query: BinaryQuery,
        _ count: Int,
        above floor: Float,
        selected: [Bool]?
    ) -> [TopK.Entry] {
        var best = TopK(count)
        withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.rowsPerScan) { buffer in
            var start = 0
            while start < reader.chunkCount {
                let end = min(start + Self.rowsPerScan, reader.chunkCount)
                let scores = UnsafeMutableBufferPointer(rebasing: buffer[0..<end - start])
                reader.scan(query, chunks: start..<end, into: scores)
                var threshold = max(best.threshold, floor)
                for index in scores.indices where scores[index] >= threshold {
                    guard selected?[start + index] ?? true else { continue }
                    // A vector of zeros is no answer to anything; its score is exactly 0.
                    guard scores[index] != 0 || reader.hasVector(start + index) else { continue }
                    best.offer(scores[index], start + index)
                    threshold = max(best.threshold, floor)
                }
                start = end
            }
        }
        return best.sorted()
    }
}
