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
        let sorted = keys.reversed().sorted { $0.precedes($1, by: Preference.allCases) }
        #expect(sorted.map(\.uri) == ordered)
    }

    @Test func theListIsTheOrder() {
        let priority = PreferenceKey(uri: "a/old/x", priority: 0, modified: 5)
        let canonical = PreferenceKey(uri: "b/x", priority: 1, canonical: .own)
        let newer = PreferenceKey(uri: "c/x", priority: 1, canonical: .other, modified: 9)
        func first(_ preferences: [Preference]) -> String? {
            [newer, canonical, priority].min { $0.precedes($1, by: preferences) }?.uri
        }
        #expect(first(Preference.allCases) == "a/old/x")
        #expect(first([.canonical, .priority]) == "b/x")
        #expect(first([.modified]) == "c/x")
        #expect(first([.livePath]) == "b/x")
        #expect(first([]) == "a/old/x")
        var held = priority
        held.isHeld = true
        #expect(canonical.precedes(held, by: Preference.allCases))
    }

    @Test(arguments: 1...4) func theOrderIsTotal(seed: Int) {
        var generator = SplitMix(seed: UInt64(seed))
        let paths = ["a", "v1/a", "v2/a", "old/a", "latest/a-v3", "b-v2", "b (1)", "copy/of/b"]
        var keys = (0..<40).map { number in
            var key = PreferenceKey(
                uri: (paths.randomElement(using: &generator) ?? "") + "/\(number)",
                priority: Int.random(in: 0...1, using: &generator),
                canonical: CanonicalRank(rawValue: .random(in: 0...2, using: &generator)) ?? .own,
                modified: Bool.random(using: &generator)
                    ? .random(in: 0...2, using: &generator) : nil,
                isHeld: Int.random(in: 0..<8, using: &generator) == 0
            )
            key.isContained = Bool.random(using: &generator)
            return key
        }
        for _ in 0..<10 {
            let preferences = Preference.allCases.shuffled(using: &generator).prefix(5)
            func precedes(_ left: PreferenceKey, _ right: PreferenceKey) -> Bool {
                left.precedes(right, by: Array(preferences))
            }
            let sorted = keys.sorted(by: precedes)
            for (place, key) in sorted.enumerated() {
                #expect(sorted[..<place].allSatisfy { precedes($0, key) && !precedes(key, $0) })
                #expect(!precedes(key, key))
            }
            keys.shuffle(using: &generator)
            #expect(keys.sorted(by: precedes) == sorted)
        }
    }

    @Test func containmentMarksOnlyWhatTiesBeforeIt() {
        var keys = [
            PreferenceKey(uri: "a"), PreferenceKey(uri: "b"), PreferenceKey(uri: "c", priority: 1),
        ]
        let pairs: [(left: Int, right: Int, containment: Containment)] = [
            (0, 1, .rightHolds), (0, 2, .rightHolds), (1, 2, .neither),
        ]
        markContained(&keys, by: [.priority, .completeness], pairs: pairs)
        #expect(keys.map(\.isContained) == [true, false, false])
        markContained(&keys, by: [.completeness, .priority], pairs: pairs.dropFirst())
        #expect(keys.map(\.isContained) == [true, false, false])
        keys[0].isContained = false
        markContained(&keys, by: [.uri], pairs: pairs)
        #expect(keys.map(\.isContained) == [false, false, false])
    }

    @Test(arguments: [
        (100, 110, 100, Containment.leftHolds), (100, 100, 100, .neither),
        (96, 110, 100, .leftHolds),
        (95, 100, 101, .neither), (90, 98, 160, .neither), (90, 94, 160, .rightHolds),
        (200, 210, 320, .rightHolds), (0, 0, 1, .rightHolds),
    ])
    func containmentAllowsForSeams(common: Int, left: Int, right: Int, expected: Containment) {
        #expect(Containment(common: common, left: left, right: right) == expected)
        #expect(Containment(common: common, left: right, right: left) == expected.reversed)
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
