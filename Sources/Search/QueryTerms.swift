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
