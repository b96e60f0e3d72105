internal import Foundation
internal import Segments
internal import Vectors

/// A ranking by the lists of all segments, with the statistics of their live chunks: BM25 over words, or over
/// expansions the sum of each term's rarity times its impact.
///
/// Terms are taken from the one that can add most to the one that can add least, so that a chunk's sum
/// has the same bits in whatever segment it lies. Once the rest together cannot lift a chunk that holds
/// none of the terms before into the answer, only chunks that can still get there are looked up in it;
/// what is left out could not have been an answer.
///
/// - Source: Robertson and Zaragoza 2009; the inverse document frequency as in Lucene, never
///   negative. Turtle and Flood 1995 for what may be left out (MaxScore). Geng et al., Towards competitive
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
    private let surveys: PostingsSurveys

    init(readers: [LiveSegmentReader], in lists: ChunkLists = .words) {
        self.readers = readers
        self.lists = lists
        self.surveys = PostingsSurveys(of: lists)
        self.chunkCount = readers.reduce(0) { $0 + $1.chunkCount }
        let total = readers.reduce(0) { $0 + $1.termOccurrenceCount }
        self.averageLength = max(Double(total) / Double(max(self.chunkCount, 1)), 1)
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
        guard reader.liveSet != nil else { return entry.chunkCount }
        return try self.surveys.survey(of: entry, in: reader, number: number).liveCount
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
            let lists = weighted.compactMap { term, weight in
                term.places[number].map { TermList(entry: $0, weight: weight) }
            }
            let found = try self.score(
                lists,
                reader,
                number,
                count,
                floor: floor.least,
                selected[number],
                scratch
            )
            floor.offer(found.scores)
            best.append(found)
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

    /// The best of a segment; of those below `floor`, maybe none.
    private func score(
        _ lists: [TermList],
        _ reader: LiveSegmentReader,
        _ number: Int,
        _ count: Int,
        floor: Float,
        _ selected: ChunkMask?,
        _ scratch: QueryScratch
    ) throws -> TopK {
        var walk = TermWalk(lists, count: count, floor: floor)
        guard !walk.cannotReach(from: 0) else { return TopK(count) }
        let scores = scratch.scores(reader.segment.chunkCount)
        scores.update(repeating: 0)
        selected?.mask(scores)
        var next = 0
        while next < lists.count {
            if next > 0, walk.isWorthALook(at: next) { walk.raise(by: UnsafeBufferPointer(scores)) }
            if next > 0, walk.cannotReach(from: next) { break }
            try reader.segment.addScores(
                of: lists[next].entry,
                in: self.lists,
                lists[next].weight,
                to: scores
            )
            next += 1
        }
        walk.raise(by: UnsafeBufferPointer(scores))
        let room = scratch.rows(scores.count)
        var rows = UnsafeMutableBufferPointer(
            rebasing: room[
                ..<Vectors.rows(
                    of: UnsafeBufferPointer(scores),
                    atLeast: walk.needed(before: next),
                    into: room
                )
            ]
        )
        while next < lists.count {
            try self.add(lists[next], reader, number, rows: UnsafeBufferPointer(rows), to: scores)
            next += 1
            walk.raise(by: gather(UnsafeBufferPointer(rows), of: UnsafeBufferPointer(scores)))
            let kept = keepRows(
                rows,
                of: UnsafeBufferPointer(scores),
                atLeast: walk.needed(before: next)
            )
            rows = UnsafeMutableBufferPointer(rebasing: rows[..<kept])
        }
        // Rows ascend as documents and ordinals do, so of equal scores the first are the ones to keep.
        var best = TopK(count)
        for row in rows { best.offer(scores[Int(row)], Int(row)) }
        return best
    }

    /// Adds what the term gives to the chunks that are left.
    private func add(
        _ list: TermList,
        _ reader: LiveSegmentReader,
        _ number: Int,
        rows: UnsafeBufferPointer<UInt32>,
        to scores: UnsafeMutableBufferPointer<Float>
    ) throws {
        let isLong = list.entry.chunkCount >= PostingsSurveys.postingsMin
        let survey =
            isLong ? try self.surveys.survey(of: list.entry, in: reader, number: number) : nil
        try reader.segment.addScores(
            of: list.entry,
            in: self.lists,
            list.weight,
            survey: survey,
            chunks: rows,
            to: scores
        )
    }
}

/// A term of the query in one segment.
struct TermList {
    let entry: SegmentTermEntry
    let weight: PostingWeight
}

/// What a chunk must have to be an answer, as the walk over a segment's terms goes on.
private struct TermWalk {
    /// A look at the scores costs about as much as this many postings.
    private static let postingsOfALook = 2048
    /// Above the rounding of the sums of any query's terms.
    private static let margin = 1.0001

    private let lists: [TermList]
    /// The most that the terms from each on can add to a chunk; 0 behind the last.
    private let rest: [Double]
    private let count: Int
    private(set) var threshold: Float

    init(_ lists: [TermList], count: Int, floor: Float) {
        var rest = [0.0]
        for list in lists.reversed() { rest.append((rest.last ?? 0) + Double(list.weight.bound)) }
        self.lists = lists
        self.rest = rest.reversed()
        self.count = count
        // What has none of the terms is no answer.
        self.threshold = max(floor, 0)
    }

    /// Whether a chunk without any of the terms before cannot be an answer.
    func cannotReach(from next: Int) -> Bool {
        Double(self.threshold) > self.rest[next] * Self.margin
    }

    /// Whether the scores so far may say that the long lists to come need not be read.
    func isWorthALook(at next: Int) -> Bool {
        self.lists[next].entry.chunkCount >= Self.postingsOfALook
            && self.rest[0] - self.rest[next] > self.rest[next]
    }

    /// The least score that may become an answer by the terms from `next` on; above 0.
    func needed(before next: Int) -> Float {
        let least = Double(self.threshold) - self.rest[next] * Self.margin
        return max(Float(least).nextDown, .leastNonzeroMagnitude)
    }

    mutating func raise(by scores: UnsafeBufferPointer<Float>) {
        var greatest = Greatest(self.count, above: self.threshold)
        greatest.offer(scores)
        self.threshold = max(self.threshold, greatest.least)
    }

    mutating func raise(by scores: [Float]) {
        scores.withUnsafeBufferPointer { self.raise(by: $0) }
    }
}
