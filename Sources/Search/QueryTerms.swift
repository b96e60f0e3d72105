internal import Segments
internal import Text

/// The analysed terms of a query, by ascending bytes.
struct QueryTerms: Sendable {
    let terms: [[UInt8]]
    let counts: [Int]

    init(_ text: String, with analyzer: inout TermAnalyzer) {
        self.init(bytes: Array(text.utf8), with: &analyzer)
    }

    init(bytes: [UInt8], with analyzer: inout TermAnalyzer) {
        var counted = TermCounts()
        bytes.withUnsafeBufferPointer { analyzer.analyze($0, into: &counted) }
        self.terms = (0..<counted.termCount).map { Array(counted.term(at: $0)) }
        self.counts = counted.counts.map(Int.init)
    }

    /// Terms as they stand, by ascending bytes.
    init(_ terms: [SearchQuery.Term]) {
        self.init(terms: terms.map(\.bytes), counts: terms.map(\.count))
    }

    private init(terms: [[UInt8]], counts: [Int]) {
        self.terms = terms
        self.counts = counts
    }

    func filter(_ isKept: ([UInt8]) -> Bool) -> QueryTerms {
        let kept = self.terms.indices.filter { isKept(self.terms[$0]) }
        return QueryTerms(terms: kept.map { self.terms[$0] }, counts: kept.map { self.counts[$0] })
    }
}

/// A term of a query that some live chunk holds.
struct FoundTerm: Sendable {
    let term: [UInt8]
    /// How often the query holds it.
    let occurrences: Int
    /// The inverse document frequency among live chunks; above 0.
    let rarity: Double
    /// Where each segment has it; nil where it does not.
    let places: [SegmentTermEntry?]
}
