import Records
import Testing

@testable import Text

@Suite struct PreferenceTests {
    /// Each list in the order of preference, of documents without other marks.
    @Test(arguments: [
        ["manual/page.md", "manual/old/page.md"], ["a/report.md", "a/report (copy).md"],
        ["a/report.md", "a/Kopie von report.md"], ["zz/report.pdf", "a/report (1).pdf"],
        ["zz/notes.md", "a/notes.md~"], ["z/page.md", "drafts/page.md"],
        ["z/page.md", "archive/page.md"], ["z/page.md", ".Trash-1000/page.md"],
        ["z/page.md", "a/pageBackup.md"], ["z/page.md", "a/page.bak"],
        ["z/copyright.md", "a/old.md"],
        ["docs/v1.10/x.md", "docs/v1.9/x.md"], ["docs/latest/x.md", "docs/v99/x.md"],
        ["docs/x.md", "docs/v2/x.md", "docs/v1/x.md"], ["r-v2.md", "r-v1.md", "r.md"],
        ["spec_2.0.pdf", "spec_1.12.pdf"], ["docs/2024/x.md", "docs/2023/x.md"],
        ["b/x.md", "aa/xx.md"], ["a", "b"],
    ])
    func pathsDecide(ordered: [String]) {
        let keys = ordered.map { PreferenceKey(uri: $0) }
        let sorted = keys.reversed().sorted { precedes($0, $1, by: Preference.allCases) }
        #expect(sorted.map(\.uri) == ordered)
    }

    @Test func theListIsTheOrder() {
        let priority = PreferenceKey(uri: "a/old/x", priority: 0, modified: 5)
        let canonical = PreferenceKey(uri: "b/x", priority: 1, canonical: .own)
        let newer = PreferenceKey(uri: "c/x", priority: 1, canonical: .other, modified: 9)
        func first(_ preferences: [Preference]) -> String? {
            [newer, canonical, priority].min { precedes($0, $1, by: preferences) }?.uri
        }
        #expect(first(Preference.allCases) == "a/old/x")
        #expect(first([.canonical, .priority]) == "b/x")
        #expect(first([.modified]) == "c/x")
        #expect(first([.livePath]) == "b/x")
        #expect(first([]) == "a/old/x")
        var held = priority
        held.isHeld = true
        #expect(precedes(canonical, held, by: Preference.allCases))
        var rank = PreferenceRank(priority, by: Preference.allCases).bytes
        PreferenceRank.setHeld(true, in: &rank)
        #expect(rank == PreferenceRank(held, by: Preference.allCases).bytes)
    }

    /// The order as it is stated, attribute by attribute.
    @Test(arguments: 1...4) func theBytesAreTheOrder(seed: Int) {
        var generator = SplitMix(seed: UInt64(seed))
        let paths = ["a", "v1/a", "v2/a", "v1.2/a", "old/a", "latest/a-v3", "b-v2", "b (1)", "b"]
        let keys = (0..<60).map { number in
            PreferenceKey(
                uri: (paths.randomElement(using: &generator) ?? "") + "/\(number)",
                priority: Int.random(in: -1...1, using: &generator),
                canonical: CanonicalRank(rawValue: .random(in: 0...2, using: &generator)) ?? .own,
                modified: Bool.random(using: &generator)
                    ? .random(in: -1...2, using: &generator) : nil,
                isHeld: Int.random(in: 0..<8, using: &generator) == 0
            )
        }
        for _ in 0..<10 {
            let preferences = Array(Preference.allCases.shuffled(using: &generator).prefix(5))
            for left in keys {
                for right in keys {
                    #expect(
                        precedes(left, right, by: preferences)
                            == referencePrecedes(left, right, by: preferences)
                    )
                }
            }
        }
    }

    @Test func thePlaceOfContainmentIsWhereTheListHasIt() {
        let key = PreferenceKey(uri: "a")
        #expect(PreferenceRank(key, by: [.completeness]).containedAt == 1)
        #expect(PreferenceRank(key, by: [.priority, .completeness]).containedAt == 9)
        #expect(PreferenceRank(key, by: [.uri, .completeness]).containedAt == nil)
        #expect(PreferenceRank(key, by: [.priority]).containedAt == nil)
    }

    /// What the larger has beyond the smaller, and what the smaller may have of its own.
    @Test(arguments: [
        (100, 110, 4), (100, 101, 4), (100, 145, 5), (98, 160, 6), (0, 1, 4), (100, 280, 20),
    ])
    func containmentAllowsForSeams(smaller: Int, larger: Int, expected: Int) {
        #expect(mostOwn(smaller: smaller, larger: larger) == expected)
        let common = smaller - expected
        guard common >= 0 else { return }
        func lists(_ common: Int) -> ([UInt32], [UInt32]) {
            let own = (common..<smaller).map { UInt32($0) }
            let others = (0..<larger - common).map { UInt32(1_000 + $0) }
            let both = (0..<common).map { UInt32($0) }
            return (both + others, both + own)
        }
        let (all, part) = lists(common)
        #expect(holds(all, part, threshold: 0.01))
        #expect(!holds(part, all, threshold: 0.01))
        #expect(!holds(all, all, threshold: 0.01))
        #expect(!holds(all, part, threshold: jaccard(all, part) + 0.001))
        guard common > 0 else { return }
        let (more, less) = lists(common - 1)
        #expect(!holds(more, less, threshold: 0.01))
    }

    @Test(
        arguments: [
            ("docs/guide/start.html", nil, CanonicalRank.unnamed),
            ("docs/guide/start.html", "", .unnamed),
            ("docs/guide/start.html", "https://site.example/guide/start.html", .own),
            ("docs/guide/start/index.html", "https://site.example/en/guide/start/", .own),
            ("docs/guide/start.md", "https://site.example/guide/start?x=1#top", .own),
            ("docs/guide/start.html", "https://site.example/guide/end.html", .other),
            ("docs/a/start.html", "https://site.example/b/start.html", .other),
            ("docs/index.html", "https://site.example/", .own),
            ("docs/page.html", "https://site.example/", .other),
            ("https://a.example/x/", "http://A.example/x", .own),
            ("https://a.example/x", "https://b.example/x", .other),
            ("https://a.example/", "https://a.example", .own),
        ] as [(String, String?, CanonicalRank)]
    )
    func canonicalIsOwnWhereTheAddressesEndAlike(
        uri: String,
        canonical: String?,
        expected: CanonicalRank
    ) {
        #expect(CanonicalRank(uri: uri, canonical: canonical) == expected)
    }

    @Test(
        arguments: [
            ("1970-01-01", 0), ("1970-01-02T00:00:10Z", 86_410), ("2024", 1_704_067_200),
            ("2024-02", 1_706_745_600), ("2024-02-29", 1_709_164_800),
            ("2024-02-29T12:30:00+02:00", 1_709_202_600), ("2024-02-29 12:30", 1_709_209_800),
            ("2024-02-29T12:30:00.123-0130", 1_709_215_200), ("1969-12-31", -86_400),
            ("", nil), ("yesterday", nil), ("2024-13-01", nil), ("2024-02-29T12:30 o'clock", nil),
            ("20240229", nil), ("2024-02-29T12:30:00+", nil),
        ] as [(String, Int64?)]
    )
    func datesAreISO(text: String, seconds: Int64?) {
        #expect(documentDate(text) == seconds)
    }
}

private func precedes(
    _ left: PreferenceKey,
    _ right: PreferenceKey,
    by preferences: [Preference]
) -> Bool {
    PreferenceRank(left, by: preferences).bytes
        .lexicographicallyPrecedes(PreferenceRank(right, by: preferences).bytes)
}

private func referencePrecedes(
    _ left: PreferenceKey,
    _ right: PreferenceKey,
    by preferences: [Preference]
) -> Bool {
    func compare<Value: Comparable>(_ left: Value, _ right: Value) -> Bool? {
        left == right ? nil : left < right
    }
    func compare(_ left: [UInt64], _ right: [UInt64]) -> Bool? {
        left == right ? nil : right.lexicographicallyPrecedes(left)
    }
    if left.isHeld != right.isHeld { return right.isHeld }
    for preference in preferences {
        let answer: Bool? =
            switch preference {
            case .priority: compare(left.priority, right.priority)
            case .canonical: compare(left.canonical.rawValue, right.canonical.rawValue)
            case .completeness: nil
            case .modified: compare(right.modified ?? .min, left.modified ?? .min)
            case .livePath: compare(left.path.isRetired ? 1 : 0, right.path.isRetired ? 1 : 0)
            case .version:
                compare(left.path.folderVersion, right.path.folderVersion)
                    ?? compare(left.path.fileVersion, right.path.fileVersion)
            case .shortPath: compare(left.uri.utf8.count, right.uri.utf8.count)
            case .uri: compare(left.uri, right.uri)
            }
        if let answer { return answer }
    }
    return left.uri.utf8.lexicographicallyPrecedes(right.uri.utf8)
}
