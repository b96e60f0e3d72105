internal import Foundation
internal import Segments
internal import Vectors

/// BM25 over the postings of all segments, with the statistics of their live chunks.
///
/// - Source: Robertson and Zaragoza 2009; the inverse document frequency as in Lucene, never
///   negative.
struct LexicalSearch {
    static let saturation = 1.2
    static let lengthWeight = 0.75

    let readers: [LiveSegmentReader]
    private let chunkCount: Int
    private let averageLength: Double

    init(readers: [LiveSegmentReader]) {
        self.readers = readers
        self.chunkCount = readers.reduce(0) { $0 + $1.chunkCount }
        let total = readers.reduce(0) { $0 + $1.termOccurrenceCount }
        self.averageLength = max(Double(total) / Double(max(self.chunkCount, 1)), 1)
    }

    /// Those of the query's terms that live chunks hold, in the query's order.
    ///
    /// - Complexity: a look-up in each segment; the postings in those with tombstones.
    func lookUp(_ query: QueryTerms) throws -> [FoundTerm] {
        try zip(query.terms, query.counts).compactMap { term, occurrences in
            var holders = 0
            let places = try self.readers.map { try Self.place(of: term, in: $0, &holders) }
            guard holders > 0 else { return nil }
            let rest = Double(self.chunkCount - holders)
            return FoundTerm(
                term: term,
                occurrences: occurrences,
                rarity: log(1 + (rest + 0.5) / (Double(holders) + 0.5)),
                places: places
            )
        }
    }

    func best(
        _ count: Int,
        for terms: [FoundTerm],
        selected: [[Bool]?]
    ) throws -> [Candidate] {
        var candidates: [Candidate] = []
        var floor = TopK(count)
        var postings = SegmentPostings()
        for (segment, reader) in self.readers.enumerated() {
            let found = try self.score(
                reader,
                terms.map { ($0.rarity * Double($0.occurrences), $0.places[segment]) },
                count,
                above: floor.threshold,
                selected: selected[segment],
                postings: &postings
            )
            try candidates.append(found, of: reader.segment, number: segment, raising: &floor)
        }
        return candidates.best(count)
    }

    private static func place(
        of term: [UInt8],
        in reader: LiveSegmentReader,
        _ holders: inout Int
    ) throws -> FoundTerm.Place {
        guard let entry = try reader.segment.term(term) else { return .absent }
        guard reader.liveChunks != nil else {
            holders += entry.chunkCount
            return .whole(entry)
        }
        var postings = SegmentPostings()
        try reader.postings(of: entry, into: &postings)
        holders += postings.chunks.count
        return .live(postings)
    }

    /// Adds up term by term, in the order of the terms, so that a chunk's sum has the same bits in
    /// whatever segment it lies.
    private func score(
        _ reader: LiveSegmentReader,
        _ terms: [(weight: Double, place: FoundTerm.Place)],
        _ count: Int,
        above floor: Float,
        selected: [Bool]?,
        postings: inout SegmentPostings
    ) throws -> [TopK.Entry] {
        var scores: [Double] = []
        for (weight, place) in terms {
            if case .absent = place { continue }
            if scores.isEmpty {
                scores = [Double](repeating: 0, count: reader.segment.chunkCount)
            }
            switch place {
            case .absent: break
            case .whole(let entry):
                try reader.segment.postings(of: entry, into: &postings)
                self.add(postings, weight: weight, of: reader.segment, to: &scores)
            case .live(let postings):
                self.add(postings, weight: weight, of: reader.segment, to: &scores)
            }
        }
        var best = TopK(count)
        for (chunk, score) in scores.enumerated() where score > 0 {
            let rounded = Float(score)
            guard rounded >= max(best.threshold, floor), selected?[chunk] ?? true else { continue }
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
