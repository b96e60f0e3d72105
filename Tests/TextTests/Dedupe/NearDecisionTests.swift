import Records
import Testing

@testable import Text

@Suite struct NearDecisionTests {
    private static func edge(_ left: Int, _ right: Int, differs: Bool = false) -> SimilarityEdge {
        SimilarityEdge(
            left,
            right,
            similarity: 0.8 + Double(left + right) / 1_000,
            differsInFacts: differs
        )
    }

    private func decide(
        _ count: Int,
        _ edges: [SimilarityEdge],
        _ policy: NearPolicy = .remove
    ) -> [NearOutcome] {
        decideNearDuplicates(nodeCount: count, edges: edges, policy: policy) { _, _ in false }
    }

    @Test func aChainKeepsEveryOtherDocument() {
        // 0-1-2-3: 1 falls to 0, so 2 has no kept neighbour and stays.
        #expect(
            self.decide(4, [Self.edge(2, 3), Self.edge(1, 2), Self.edge(0, 1)]) == [
                .kept(leader: nil), .removed(witness: 0, similarity: 0.801), .kept(leader: nil),
                .removed(witness: 2, similarity: 0.805),
            ]
        )
    }

    @Test func theWitnessIsTheKeptNeighbourThatComesFirst() {
        let outcomes = self.decide(3, [Self.edge(1, 2), Self.edge(2, 0), Self.edge(2, 2)])
        #expect(outcomes[2] == .removed(witness: 0, similarity: 0.802))
        #expect(outcomes[..<2] == [.kept(leader: nil), .kept(leader: nil)])
    }

    @Test func noNodesAndNoEdges() {
        #expect(self.decide(0, []).isEmpty)
        #expect(self.decide(2, []) == [.kept(leader: nil), .kept(leader: nil)])
        #expect(self.decide(2, [Self.edge(0, 1)], .off) == self.decide(2, []))
    }

    @Test func aGroupIsAroundItsLeaderAndNoChain() {
        // 1 is of 0's group; 2 is like 1 only, which leads nothing, so it stands alone.
        let edges = [Self.edge(0, 1), Self.edge(1, 2)]
        #expect(
            self.decide(3, edges, .group) == [
                .kept(leader: 0), .kept(leader: 0), .kept(leader: nil),
            ]
        )
    }

    @Test func whatDiffersInFactsIsGroupedAndWhatDoesNotIsRemovedByAnyKept() {
        // 2 repeats 1, which is grouped with 0.
        let edges = [
            Self.edge(0, 1, differs: true), Self.edge(0, 2, differs: true), Self.edge(1, 2),
        ]
        #expect(
            self.decide(3, edges, .facts) == [
                .kept(leader: 0), .kept(leader: 0), .removed(witness: 1, similarity: 0.803),
            ]
        )
    }

    @Test func aSeriesIsNotReadWithoutEnd() {
        let count = 3 * comparedWitnessLimit
        let edges = (0..<count).flatMap { left in
            (left + 1..<count).map { Self.edge(left, $0) }
        }
        var readings: [Int: Int] = [:]
        let outcomes = decideNearDuplicates(nodeCount: count, edges: edges, policy: .facts) {
            readings[$1, default: 0] += 1
            #expect($0 < $1)
            return true
        }
        #expect(outcomes.allSatisfy { $0 == .kept(leader: 0) })
        #expect(readings.values.max() == comparedWitnessLimit)
    }

    /// The rule as it is stated, for any set of documents, in whatever order the edges are given.
    @Test(arguments: [1, 2, 3, 4] as [UInt64], NearPolicy.allCases)
    func theDecisionIsTheStatedRuleOfTheSet(seed: UInt64, policy: NearPolicy) {
        var generator = SplitMix(seed: seed)
        let count = 40
        var facts: Set<[Int]> = []
        var similar: [SimilarityEdge] = []
        for left in 0..<count {
            for right in (left + 1)..<count where Int.random(in: 0..<9, using: &generator) == 0 {
                let kind = Int.random(in: 0..<3, using: &generator)
                similar.append(Self.edge(left, right, differs: kind == 0))
                if kind < 2 { facts.insert([left, right]) }
            }
        }
        for _ in 0..<60 {
            let present = (0..<count).filter { _ in Bool.random(using: &generator) }
            let rank = Dictionary(uniqueKeysWithValues: zip(present, present.indices))
            var edges = similar.compactMap { edge -> SimilarityEdge? in
                guard let left = rank[edge.left], let right = rank[edge.right] else { return nil }
                let isTurned = Bool.random(using: &generator)
                return SimilarityEdge(
                    isTurned ? right : left,
                    isTurned ? left : right,
                    similarity: edge.similarity,
                    differsInFacts: edge.differsInFacts
                )
            }
            edges.shuffle(using: &generator)
            let outcomes = decideNearDuplicates(
                nodeCount: present.count,
                edges: edges,
                policy: policy
            ) { facts.contains([present[$0], present[$1]]) }
            let expected = Self.reference(present, similar, facts, policy)
            #expect(outcomes == expected, "seed \(seed)")
        }
    }

    private static func reference(
        _ present: [Int],
        _ similar: [SimilarityEdge],
        _ facts: Set<[Int]>,
        _ policy: NearPolicy
    ) -> [NearOutcome] {
        var outcomes: [NearOutcome] = []
        var leaders: Set<Int> = []
        for (place, node) in present.enumerated() {
            let kept = present[..<place].enumerated().filter {
                if case .kept = outcomes[$0.offset] { true } else { false }
            }.compactMap { earlier in
                similar.first { $0.left == earlier.element && $0.right == node }
                    .map { (place: earlier.offset, edge: $0) }
            }
            let witness = kept.first { other in
                switch policy {
                case .remove: true
                case .group, .off: false
                case .facts: !facts.contains([other.edge.left, node])
                }
            }
            if let witness {
                outcomes.append(
                    .removed(witness: witness.place, similarity: witness.edge.similarity)
                )
            } else if policy != .off, let leader = kept.first(where: { leaders.contains($0.place) })
            {
                outcomes.append(.kept(leader: leader.place))
            } else {
                leaders.insert(place)
                outcomes.append(.kept(leader: place))
            }
        }
        return outcomes.enumerated().map { place, outcome in
            let isAlone = outcomes.count { $0 == .kept(leader: place) } == 1
            return outcome == .kept(leader: place) && isAlone ? .kept(leader: nil) : outcome
        }
    }
}

/// Documents of a test, the key of each its URI.
func dedupeItems(_ texts: [(String, String)]) -> [DedupeItem] {
    var builder = SignatureBuilder()
    return texts.map {
        DedupeItem(
            preference: PreferenceKey(uri: $0.0),
            signature: builder.signature(of: $0.1),
            text: Array($0.1.utf8)
        )
    }
}

@Suite struct DedupeTests {
    private static let byURI = DedupeRule(threshold: 0.8, near: .remove, prefer: [.uri])

    @Test func equalTokensCollapseOntoTheSmallestKey() {
        let decisions = dedupe(
            dedupeItems([("c", "Same text."), ("a", "same TEXT"), ("b", "other")]),
            rule: DedupeRule(threshold: 0.8)
        )
        #expect(decisions.map(\.canonical) == [1, 1, 2])
        #expect(decisions.map(\.isKept) == [false, true, true])
        #expect(decisions.map(\.similarity) == [1, 1, 1])
        #expect(decisions.allSatisfy { $0.leader == nil })
    }

    @Test(arguments: NearPolicy.allCases)
    func documentsWithoutTokensAreAllKept(near: NearPolicy) {
        let decisions = dedupe(
            dedupeItems([("a", ""), ("b", "..."), ("c", "")]),
            rule: DedupeRule(threshold: 0.8, near: near)
        )
        #expect(decisions.map(\.isKept) == [true, true, true])
    }

    @Test func anExactCopyOfARemovedDocumentFollowsItsWitness() {
        let words = (0..<100).map { "word\($0)" }
        let original = words.joined(separator: " ")
        let edited = (words.dropLast() + ["changed"]).joined(separator: " ")
        let items = dedupeItems([("a", original), ("b", edited), ("c", edited.uppercased())])
        let decisions = dedupe(items, rule: Self.byURI)
        #expect(decisions.map(\.canonical) == [0, 0, 0])
        #expect(decisions[1].similarity == decisions[2].similarity)
        #expect(abs(decisions[1].similarity - 95.0 / 97.0) < 1e-12)
        // The last word had a number: under the default both stay, and the exact copy goes.
        let grouped = dedupe(items, rule: DedupeRule(threshold: 0.8))
        #expect(grouped.map(\.isKept) == [true, true, false])
        #expect(grouped.map(\.leader) == [0, 0, nil])
        #expect(grouped[2].canonical == 1)
    }

    @Test func aChainIsNotMergedIntoOneGroup() {
        // Each neighbour pair shares 88 of 104 shingles; documents two apart share too few.
        let words = (0..<140).map { "w\($0)" }
        let texts = [0, 8, 16].map { words[$0..<$0 + 100].joined(separator: " ") }
        let items = dedupeItems([("a", texts[0]), ("b", texts[1]), ("c", texts[2])])
        #expect(dedupe(items, rule: Self.byURI).map(\.isKept) == [true, false, true])
        let grouped = dedupe(items, rule: DedupeRule(threshold: 0.8, near: .group))
        #expect(grouped.map(\.leader) == [0, 0, nil])
    }

    @Test func nothingGivesNothing() {
        #expect(dedupe([], rule: DedupeRule(threshold: 0.8)).isEmpty)
    }

    @Test func aDocumentThatContainsAnotherStandsForIt() {
        // Words without numbers, beside which any other word is a fact.
        let letters = Array("abcdefghijklmnopqrstuvwxyz")
        let words = (0..<110).map { "w\(letters[$0 % 26])\(letters[$0 / 26])" }
        let whole = (words + ["water", "meadow", "bridges"]).joined(separator: " ")
        let cut = words.joined(separator: " ")
        let items = dedupeItems([("a", cut), ("b", whole)])
        let decisions = dedupe(items, rule: DedupeRule(threshold: 0.8))
        #expect(decisions.map(\.canonical) == [1, 1])
        // An order that says otherwise is followed.
        #expect(dedupe(items, rule: Self.byURI).map(\.canonical) == [0, 0])
    }

    @Test func aHeldDocumentStandsForNoLivingOne() {
        var items = dedupeItems([("a", "one text of some words"), ("b", "One text, of some words")])
        items[0].preference.isHeld = true
        #expect(dedupe(items, rule: DedupeRule(threshold: 0.8)).map(\.canonical) == [1, 1])
    }

    /// Every document shares one band key with every other, more than the limit of a band.
    @Test func aBandSharedByAllStillFindsDuplicatesByTheOthers() {
        var generator = SplitMix(seed: 4)
        var items: [DedupeItem] = []
        for index in 0..<(bandMemberLimit + 200) {
            let shingles = (0..<40).map { _ in UInt32.random(in: 0 ... .max, using: &generator) }
            var signature = Signature(
                exact: Digest(UInt64(index), 0, 0, 0),
                minimums: MinHash.minimums(of: shingles),
                shingles: shingles.sorted()
            )
            signature.minimums.replaceSubrange(0..<6, with: repeatElement(7, count: 6))
            items.append(
                DedupeItem(
                    preference: PreferenceKey(uri: String(10_000 + index)),
                    signature: signature
                )
            )
        }
        var copy = items[bandMemberLimit + 100]
        copy.preference = PreferenceKey(uri: "99999")
        copy.signature.exact = Digest(.max, 0, 0, 0)
        items.append(copy)
        let decisions = dedupe(items, rule: Self.byURI)
        #expect(decisions.filter { !$0.isKept }.count == 1)
        #expect(decisions.last?.canonical == bandMemberLimit + 100)
    }
}
