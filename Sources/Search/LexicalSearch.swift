internal import Foundation
internal import Segments
internal import Vectors

/// BM25 over the postings of all segments, with the statistics of all of them.
///
/// - Source: Robertson and Zaragoza 2009; the inverse document frequency as in Lucene, never
///   negative.
struct LexicalSearch {
    static let saturation = 1.2
    static let lengthWeight = 0.75

    let readers: [SegmentReader]
    private let chunkCount: Int
    private let averageLength: Double

    init(readers: [SegmentReader]) {
        self.readers = readers
        self.chunkCount = readers.reduce(0) { $0 + $1.chunkCount }
        let total = readers.reduce(0) { $0 + $1.termOccurrenceCount }
        self.averageLength = max(Double(total) / Double(max(self.chunkCount, 1)), 1)
    }

    /// A query term with where each segment has it.
    private struct Term {
        let weight: Double
        let entries: [SegmentTermEntry?]
    }

    /// How rare a term is; 0 for one that no chunk holds.
    func weight(of term: [UInt8]) throws -> Double {
        try self.lookUp(term, occurrences: 1)?.weight ?? 0
    }

    func best(_ count: Int, for query: QueryTerms, selected: [[Bool]?]) throws -> [Candidate] {
        var terms: [Term] = []
        for (term, occurrences) in zip(query.terms, query.counts) {
            if let found = try self.lookUp(term, occurrences: occurrences) { terms.append(found) }
        }
        guard !terms.isEmpty else { return [] }
        var candidates: [Candidate] = []
        var postings = SegmentPostings()
        for (segment, reader) in self.readers.enumerated() {
            let entries = terms.map { ($0.weight, $0.entries[segment]) }
            let found = try self.score(
                reader,
                entries,
                count,
                selected: selected[segment],
                postings: &postings
            )
            for entry in found {
                candidates.append(
                    try reader.candidate(
                        chunk: entry.ordinal,
                        score: Double(entry.score),
                        segment: segment
                    )
                )
            }
        }
        return candidates.best(count)
    }

    private func lookUp(_ term: [UInt8], occurrences: Int) throws -> Term? {
        let entries = try self.readers.map { try $0.term(term) }
        let holders = entries.reduce(0) { $0 + ($1?.chunkCount ?? 0) }
        guard holders > 0 else { return nil }
        let rest = Double(self.chunkCount - holders)
        let rarity = log(1 + (rest + 0.5) / (Double(holders) + 0.5))
        return Term(weight: rarity * Double(occurrences), entries: entries)
    }

    /// Adds up term by term, in the order of the terms, so that a chunk's sum has the same bits in
    /// whatever segment it lies.
    private func score(
        _ reader: SegmentReader,
        _ terms: [(weight: Double, entry: SegmentTermEntry?)],
        _ count: Int,
        selected: [Bool]?,
        postings: inout SegmentPostings
    ) throws -> [TopK.Entry] {
        guard terms.contains(where: { $0.entry != nil }) else { return [] }
        var scores = [Double](repeating: 0, count: reader.chunkCount)
        for (weight, entry) in terms {
            guard let entry else { continue }
            try reader.postings(of: entry, into: &postings)
            self.add(postings, weight: weight, of: reader, to: &scores)
        }
        var best = TopK(count)
        for (chunk, score) in scores.enumerated() where score > 0 {
            let rounded = Float(score)
            guard rounded >= best.threshold, selected?[chunk] ?? true else { continue }
            best.offer(rounded, chunk)
        }
        return best.sorted()
    }

    private func add(
        _ postings: SegmentPostings,
        weight: Double,
        of reader: SegmentReader,
        to scores: inout [Double]
    ) {
        let (k1, b) = (Self.saturation, Self.lengthWeight)
        reader.withChunkLengths { lengths in
            scores.withUnsafeMutableBufferPointer { scores in
                for index in postings.chunks.indices {
                    let chunk = Int(postings.chunks[index])
                    let count = Double(postings.counts[index])
                    let length = Double(lengths[chunk]) / self.averageLength
                    let norm = k1 * (1 - b + b * length)
                    scores[chunk] += weight * count * (k1 + 1) / (count + norm)
                }
            }
        }
    }
}
