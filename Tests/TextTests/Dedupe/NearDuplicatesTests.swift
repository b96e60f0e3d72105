import Records
import Testing

@testable import Text

/// Documents of a test, the key of each its URI.
func dedupeItems(_ texts: [(String, String)]) -> [DedupeItem] {
    var builder = SignatureBuilder()
    return texts.map {
        DedupeItem(
            preference: PreferenceKey(uri: $0.0),
            signature: builder.signature(of: $0.1),
            shingles: builder.shingles(of: $0.1),
            text: Array($0.1.utf8)
        )
    }
}

@Suite struct DedupeTests {
    private static let byURI = DedupeRule(threshold: 0.8, near: .remove, prefer: [.uri])

    @Test func equalTokensCollapseOntoTheSmallestKey() throws {
        let decisions = try dedupe(
            dedupeItems([("c", "Same text."), ("a", "same TEXT"), ("b", "other")]),
            rule: DedupeRule(threshold: 0.8)
        )
        #expect(decisions.map(\.canonical) == [1, 1, 2])
        #expect(decisions.map(\.isKept) == [false, true, true])
        #expect(decisions.map(\.similarity) == [1, 1, 1])
        #expect(decisions.allSatisfy { $0.leader == nil })
    }

    @Test(arguments: NearPolicy.allCases)
    func documentsWithoutTokensAreAllKept(near: NearPolicy) throws {
        let decisions = try dedupe(
            dedupeItems([("a", ""), ("b", "..."), ("c", "")]),
            rule: DedupeRule(threshold: 0.8, near: near)
        )
        #expect(decisions.map(\.isKept) == [true, true, true])
    }

    @Test func anExactCopyOfARemovedDocumentFollowsItsWitness() throws {
        let words = (0..<100).map { "word\($0)" }
        let original = words.joined(separator: " ")
        let edited = (words.dropLast() + ["changed"]).joined(separator: " ")
        let items = dedupeItems([("a", original), ("b", edited), ("c", edited.uppercased())])
        let decisions = try dedupe(items, rule: Self.byURI)
        #expect(decisions.map(\.canonical) == [0, 0, 0])
        #expect(decisions[1].similarity == decisions[2].similarity)
        #expect(abs(decisions[1].similarity - 95.0 / 97.0) < 1e-12)
        // The last word had a number: under the default both stay, and the exact copy goes.
        let grouped = try dedupe(items, rule: DedupeRule(threshold: 0.8))
        #expect(grouped.map(\.isKept) == [true, true, false])
        #expect(grouped.map(\.leader) == [0, 0, nil])
        #expect(grouped[2].canonical == 1)
    }

    @Test func aChainIsNotMergedIntoOneGroup() throws {
        // Each neighbour pair shares 88 of 104 shingles; documents two apart share too few.
        let words = (0..<140).map { "w\($0)" }
        let texts = [0, 8, 16].map { words[$0..<$0 + 100].joined(separator: " ") }
        let items = dedupeItems([("a", texts[0]), ("b", texts[1]), ("c", texts[2])])
        #expect(try dedupe(items, rule: Self.byURI).map(\.isKept) == [true, false, true])
        let grouped = try dedupe(items, rule: DedupeRule(threshold: 0.8, near: .group))
        #expect(grouped.map(\.leader) == [0, 0, nil])
    }

    @Test func nothingGivesNothing() throws {
        #expect(try dedupe([], rule: DedupeRule(threshold: 0.8)).isEmpty)
    }

    @Test func aDocumentThatContainsAnotherStandsForIt() throws {
        // Words without numbers, beside which any other word is a fact.
        let letters = Array("abcdefghijklmnopqrstuvwxyz")
        let words = (0..<110).map { "w\(letters[$0 % 26])\(letters[$0 / 26])" }
        let whole = (words + ["water", "meadow", "bridges"]).joined(separator: " ")
        let cut = words.joined(separator: " ")
        let items = dedupeItems([("a", cut), ("b", whole)])
        let decisions = try dedupe(items, rule: DedupeRule(threshold: 0.8))
        #expect(decisions.map(\.canonical) == [1, 1])
        // An order that says otherwise is followed.
        #expect(try dedupe(items, rule: Self.byURI).map(\.canonical) == [0, 0])
    }

    @Test func aHeldDocumentStandsForNoLivingOne() throws {
        var items = dedupeItems([("a", "one text of some words"), ("b", "One text, of some words")])
        items[0].preference.isHeld = true
        #expect(try dedupe(items, rule: DedupeRule(threshold: 0.8)).map(\.canonical) == [1, 1])
    }

    /// Every document shares one band key with every other, and many more than the band is read for.
    @Test func aBandSharedByAllStillFindsDuplicatesByTheOthers() throws {
        var generator = SplitMix(seed: 4)
        let limit = NearLimits().bandSize
        var items: [DedupeItem] = []
        for index in 0..<(4 * limit) {
            let shingles = (0..<40).map { _ in UInt32.random(in: 0 ... .max, using: &generator) }
            var minimums = MinHash.minimums(of: shingles)
            minimums.replaceSubrange(0..<6, with: repeatElement(7, count: 6))
            let signature = Signature(exact: Digest(UInt64(index), 0, 0, 0), minimums: minimums)
            items.append(
                DedupeItem(
                    preference: PreferenceKey(uri: String(10_000 + index)),
                    signature: signature,
                    shingles: shingles.sorted()
                )
            )
        }
        var copy = items[3 * limit]
        copy.preference = PreferenceKey(uri: "99999")
        copy.signature.exact = Digest(.max, 0, 0, 0)
        items.append(copy)
        let decisions = try dedupe(items, rule: Self.byURI)
        #expect(decisions.filter { !$0.isKept }.count == 1)
        #expect(decisions.last?.canonical == 3 * limit)
    }
}
