internal import Foundation
internal import Segments
internal import Vectors

/// A ranking by the lists of all segments, with the statistics of their live chunks: BM25 over words, or over
/// expansions the sum of each term's rarity times its impact.
///
/// Terms are taken from the one that can add most to the one that can add least, so that a chunk's sum
/// has the same bits in whatever segment it lies. Segments are walked in windows of chunks, each with the
/// bounds of the blocks of postings in it: what is left out could not have been an answer (``WindowedScores``).
///
/// - Source: Robertson and Zaragoza 2009; the inverse document frequency as in Lucene, never
///   negative. Geng et al., Towards competitive
///   search relevance for inference-free learned sparse retrievers (2024), for the rarity of a query's pieces.
struct LexicalSearch {
    static let saturation = 1.2
    static let lengthWeight = 0.75
    /// An impact is a weight in these steps, at most so many.
    private static let impactsPerUnit = 64.0
    private static let impactMax = 255

    let readers: [LiveSegmentReader]
    private let chunkCount: Int
    private let averageLength: Double
    private let lists: ChunkLists
    private let liveCounts: LiveCounts

    init(readers: [LiveSegmentReader], in lists: ChunkLists = .words) {
        self.readers = readers
        self.lists = lists
        self.liveCounts = LiveCounts(of: lists)
        self.chunkCount = readers.reduce(0) { $0 + $1.chunkCount }
        let total = readers.reduce(0) { $0 + $1.termOccurrenceCount }
        self.averageLength = Segments.averageLength(occurrences: total, chunks: self.chunkCount)
    }

    /// Those of the query's terms that live chunks hold, in the query's order.
    ///
    /// What a word is in several languages is as rare as all of it together: no language weighs more than another.
    ///
    /// - Complexity: a look-up in each segment; the postings in those with tombstones, long lists of
    ///   them once.
    func lookUp(_ query: QueryTerms) throws -> [FoundTerm] {
        var holders = [Int](repeating: 0, count: query.terms.count)
        let places = try query.terms.enumerated().map { index, term in
            try self.readers.enumerated().map { number, reader in
                let entry = try reader.segment.term(term, in: self.lists)
                if let entry { holders[index] += try self.holders(entry, reader, number) }
                return entry
            }
        }
        return query.terms.indices.compactMap { index in
            guard holders[index] > 0 else { return nil }
            let kin = query.kin[index]
            let all = kin.isEmpty ? holders[index] : kin.reduce(0) { $0 + holders[$1] }
            return FoundTerm(
                term: query.terms[index],
                occurrences: query.counts[index],
                rarity: self.rarity(ofHolders: min(all, self.chunkCount)),
                places: places[index]
            )
        }
    }

    private func rarity(ofHolders holders: Int) -> Double {
        let rest = Double(self.chunkCount - holders)
        return log(1 + (rest + 0.5) / (Double(holders) + 0.5))
    }

    /// How many live chunks of a segment hold the term.
    private func holders(
        _ entry: SegmentTermEntry,
        _ reader: LiveSegmentReader,
        _ number: Int
    ) throws -> Int {
        guard let live = reader.liveSet else { return entry.chunkCount }
        return try self.liveCounts.count(of: entry, in: reader.segment, live, number: number)
    }

    /// - Parameter selected: The chunks of each segment that may be answers, dead ones not among them.
    func best(
        _ count: Int,
        for terms: [FoundTerm],
        selected: [ChunkMask?],
        _ scratch: QueryScratch
    ) throws -> [Candidate] {
        let weighted = terms.map { ($0, self.weight(of: $0)) }.sorted {
            $0.1.bound != $1.1.bound
                ? $0.1.bound > $1.1.bound : $0.0.term.lexicographicallyPrecedes($1.0.term)
        }
        var best: [TopK] = []
        var floor = Greatest(count)
        for (number, reader) in self.readers.enumerated() {
            let cursors = try weighted.compactMap { term, weight in
                try term.places[number].map {
                    try PostingsCursor($0, in: self.lists, of: reader.segment, weight)
                }
            }
            var scores = WindowedScores(cursors, count: count, floor: floor.least)
            try scores.walk(chunkCount: reader.segment.chunkCount, selected[number], scratch)
            floor.offer(scores.best.scores)
            best.append(scores.best)
        }
        var candidates: [Candidate] = []
        for (number, found) in best.enumerated() {
            try candidates.append(
                found,
                atLeast: floor.least,
                of: self.readers[number].segment,
                number: number
            )
        }
        return candidates.best(count)
    }

    func weight(of term: FoundTerm) -> PostingWeight {
        if self.lists == .expansions {
            return PostingWeight(
                factor: Float(term.rarity * Double(term.occurrences) / Self.impactsPerUnit),
                countMax: Self.impactMax
            )
        }
        let (k1, b) = (Self.saturation, Self.lengthWeight)
        return PostingWeight(
            weight: Float(term.rarity * Double(term.occurrences) * (k1 + 1)),
            base: Float(k1 * (1 - b)),
            slope: Float(k1 * b / self.averageLength)
        )
    }
}
