internal import Bytes
internal import Segments
internal import Text

/// The analysed terms of a query, by ascending bytes.
struct QueryTerms: Sendable {
    let terms: [[UInt8]]
    private(set) var counts: [Int]
    /// For each term the places of those that its words are in any language of the index, itself among them;
    /// empty where there is none but itself.
    private(set) var kin: [[Int]]

    init(_ text: String, with analyzer: inout TermAnalyzer) {
        self.init(bytes: Array(text.utf8), with: &analyzer)
    }

    init(bytes: [UInt8], with analyzer: inout TermAnalyzer) {
        var counted = TermCounts()
        bytes.withUnsafeBufferPointer { analyzer.analyze($0, into: &counted) }
        self.init(
            terms: (0..<counted.termCount).map { Array(counted.term(at: $0)) },
            counts: counted.counts.map(Int.init)
        )
    }

    /// Terms as they stand, by ascending bytes.
    init(_ terms: [SearchQuery.Term]) {
        self.init(terms: terms.map(\.bytes), counts: terms.map(\.count))
    }

    private init(terms: [[UInt8]], counts: [Int]) {
        self.terms = terms
        self.counts = counts
        self.kin = [[Int]](repeating: [], count: terms.count)
    }

    /// The terms at the places that are kept.
    func filter(_ isKept: (Int) -> Bool) -> QueryTerms {
        let kept = self.terms.indices.filter(isKept)
        return QueryTerms(terms: kept.map { self.terms[$0] }, counts: kept.map { self.counts[$0] })
    }
}

extension QueryTerms {
    /// The terms of a question without its stop words, as each language of the index has them.
    init(
        asked text: String,
        in languages: [LightStemmer],
        with analyzer: inout TermAnalyzer
    ) {
        guard !languages.isEmpty else {
            self = StopWords.removed(from: QueryTerms(text, with: &analyzer))
            return
        }
        let words = analyzer.forms(of: Array(text.utf8), in: languages).map(\.forms)
        guard words.count >= StopWords.queryTermsMin else {
            self.init(words)
            return
        }
        let plain = StopWords.removed(from: QueryTerms(words.map { Array($0.prefix(1)) }))
        self.init(words.filter { $0.first.map { plain.place(of: $0) != nil } ?? false })
    }

    /// - Parameter words: The forms of each word; a language that leaves it as it is has its first form.
    private init(_ words: [[[UInt8]]]) {
        self.init(terms: ascending(words.flatMap { $0 }) { $0.lexicographicallyPrecedes($1) })
        for word in words {
            let places = ascending(word.compactMap(self.place), by: <)
            for place in places {
                self.counts[place] += 1
                if places.count > 1 { self.kin[place] += places }
            }
        }
        self.kin = self.kin.map { ascending($0, by: <) }
    }

    /// Distinct terms by ascending bytes, none of which occurs yet.
    private init(terms: [[UInt8]]) {
        self.init(terms: terms, counts: [Int](repeating: 0, count: terms.count))
    }

    private func place(of term: [UInt8]) -> Int? {
        let place = lowerBound(of: self.terms.count) {
            !self.terms[$0].lexicographicallyPrecedes(term)
        }
        return place < self.terms.count && self.terms[place] == term ? place : nil
    }
}

/// The values in ascending order, each once.
private func ascending<Value: Equatable>(
    _ values: [Value],
    by precedes: (Value, Value) -> Bool
) -> [Value] {
    var kept: [Value] = []
    kept.reserveCapacity(values.count)
    for value in values.sorted(by: precedes) where kept.last != value { kept.append(value) }
    return kept
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
