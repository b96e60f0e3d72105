internal import Segments
internal import Text

/// The analysed terms of a query, by ascending bytes.
struct QueryTerms: Sendable {
    let terms: [[UInt8]]
    let counts: [Int]

    init(_ text: String) {
        var analyzer = TermAnalyzer()
        self.init(text, with: &analyzer)
    }

    init(_ text: String, with analyzer: inout TermAnalyzer) {
        var counted = TermCounts()
        Array(text.utf8).withUnsafeBufferPointer { analyzer.analyze($0, into: &counted) }
        self.terms = (0..<counted.termCount).map { Array(counted.term(at: $0)) }
        self.counts = counted.counts.map(Int.init)
    }
}

/// A term of a query that some live chunk holds.
struct FoundTerm: Sendable {
    /// Where one segment has it.
    enum Place: Sendable {
        case absent
        /// All its postings are live, and not read yet.
        case whole(SegmentTermEntry)
        /// Read to count the live ones, and kept so that they are read once.
        case live(SegmentPostings)
    }

    let term: [UInt8]
    /// How often the query holds it.
    let occurrences: Int
    /// The inverse document frequency among live chunks; above 0.
    let rarity: Double
    /// One a segment.
    let places: [Place]
}
