internal import Segments
internal import Text

/// The analysed terms of a query, by ascending bytes.
struct QueryTerms: Sendable {
    let terms: [[UInt8]]
    let counts: [Int]
    /// For each term the places of those that its words are in any language of the index, itself among them;
    /// empty where there is none but itself.
    let kin: [[Int]]

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

    func filter(_ isKept: ([UInt8]) -> Bool) -> QueryTerms {
        let kept = self.terms.indices.filter { isKept(self.terms[$0]) }
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
        let plain = QueryTerms(words.map { Array($0.prefix(1)) })
        let kept = Set(StopWords.removed(from: plain).terms)
        self.init(words.filter { $0.first.map(kept.contains) ?? false })
    }

    /// - Parameter words: The forms of each word; a language that leaves it as it is has its first form.
    private init(_ words: [[[UInt8]]]) {
        var counts: [[UInt8]: Int] = [:]
        var kin: [[UInt8]: Set<[UInt8]>] = [:]
        for word in words {
            let forms = Set(word)
            for form in forms {
                counts[form, default: 0] += 1
                kin[form, default: []].formUnion(forms)
            }
        }
        let terms = counts.keys.sorted { $0.lexicographicallyPrecedes($1) }
        let places = Dictionary(uniqueKeysWithValues: terms.enumerated().map { ($1, $0) })
        self.terms = terms
        self.counts = terms.map { counts[$0] ?? 0 }
        self.kin = terms.map { term in (kin[term] ?? []).compactMap { places[$0] }.sorted() }
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
