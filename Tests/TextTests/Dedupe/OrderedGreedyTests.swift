import Records
import Testing

@testable import Text

@Suite struct OrderedGreedyTests {
    private static func edge(_ left: Int, _ right: Int) -> SimilarityEdge {
        SimilarityEdge(left, right, similarity: 0.8 + Double(left + right) / 1_000)
    }

    @Test func aChainKeepsEveryOtherDocument() {
        // 0-1-2-3: 1 falls to 0, so 2 has no kept neighbour and stays.
        let outcomes = resolveOrderedGreedy(
            nodeCount: 4,
            edges: [Self.edge(2, 3), Self.edge(1, 2), Self.edge(0, 1)]
        )
        #expect(
            outcomes == [
                .kept, .removed(witness: 0, similarity: 0.801), .kept,
                .removed(witness: 2, similarity: 0.805),
            ]
        )
    }

    @Test func theWitnessIsTheKeptNeighbourOfSmallestKey() {
        let outcomes = resolveOrderedGreedy(
            nodeCount: 3,
            edges: [Self.edge(1, 2), Self.edge(2, 0), Self.edge(2, 2)]
        )
        #expect(outcomes[2] == .removed(witness: 0, similarity: 0.802))
        #expect(outcomes[..<2] == [.kept, .kept])
    }

    @Test func noNodesAndNoEdges() {
        #expect(resolveOrderedGreedy(nodeCount: 0, edges: []).isEmpty)
        #expect(resolveOrderedGreedy(nodeCount: 2, edges: []) == [.kept, .kept])
    }

    /// A corpus that changes one document at a time, re-deciding only what a change can reach, ends
    /// where a run from scratch does.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func insertsAndDeletesEndWhereAFreshRunDoes(seed: UInt64) {
        var generator = SplitMix(seed: seed)
        let count = 60
        var neighbours = [[Int]](repeating: [], count: count)
        for left in 0..<count {
            for right in (left + 1)..<count where Int.random(in: 0..<14, using: &generator) == 0 {
                neighbours[left].append(right)
                neighbours[right].append(left)
            }
        }
        var present: Set<Int> = []
        var kept: Set<Int> = []
        for _ in 0..<1_500 {
            let node = Int.random(in: 0..<count, using: &generator)
            if present.remove(node) == nil { present.insert(node) }
            var pending: Set<Int> = [node]
            while let next = pending.min() {
                pending.remove(next)
                let stays =
                    present.contains(next)
                    && !neighbours[next].contains { $0 < next && kept.contains($0) }
                if stays != kept.contains(next) {
                    if stays { kept.insert(next) } else { kept.remove(next) }
                    pending.formUnion(neighbours[next].filter { $0 > next })
                }
            }
            #expect(kept == Self.fresh(present, neighbours))
        }
    }

    private static func fresh(_ present: Set<Int>, _ neighbours: [[Int]]) -> Set<Int> {
        let nodes = present.sorted()
        let rank = Dictionary(uniqueKeysWithValues: zip(nodes, nodes.indices))
        var edges: [SimilarityEdge] = []
        for node in nodes {
            for other in neighbours[node] where other > node {
                if let left = rank[node], let right = rank[other] {
                    edges.append(SimilarityEdge(right, left, similarity: 0.9))
                }
            }
        }
        let outcomes = resolveOrderedGreedy(nodeCount: nodes.count, edges: edges)
        return Set(nodes.indices.filter { outcomes[$0] == .kept }.map { nodes[$0] })
    }
}

@Suite struct DedupeTests {
    private static func items(_ texts: [(String, String)]) -> [(key: String, signature: Signature)]
    {
        var builder = SignatureBuilder()
        return texts.map { ($0.0, builder.signature(of: $0.1)) }
    }

    @Test func equalTokensCollapseOntoTheSmallestKey() {
        let decisions = dedupe(
            Self.items([("c", "Same text."), ("a", "same TEXT"), ("b", "other")]),
            threshold: 0.8
        )
        #expect(decisions.map(\.canonical) == [1, 1, 2])
        #expect(decisions.map(\.isKept) == [false, true, true])
        #expect(decisions.map(\.similarity) == [1, 1, 1])
    }

    @Test func documentsWithoutTokensAreAllKept() {
        let decisions = dedupe(Self.items([("a", ""), ("b", "..."), ("c", "")]), threshold: 0.8)
        #expect(decisions.map(\.isKept) == [true, true, true])
    }

    @Test func anExactCopyOfARemovedDocumentFollowsItsWitness() {
        let words = (0..<100).map { "word\($0)" }
        let original = words.joined(separator: " ")
        let edited = (words.dropLast() + ["changed"]).joined(separator: " ")
        let decisions = dedupe(
            Self.items([("1", original), ("2", edited), ("3", edited.uppercased())]),
            threshold: 0.8
        )
        #expect(decisions.map(\.canonical) == [0, 0, 0])
        #expect(decisions[1].similarity == decisions[2].similarity)
        #expect(abs(decisions[1].similarity - 95.0 / 97.0) < 1e-12)
    }

    @Test func aChainIsNotMergedIntoOneGroup() {
        // Each neighbour pair shares 88 of 104 shingles; documents two apart share too few.
        let words = (0..<140).map { "w\($0)" }
        let texts = [0, 8, 16].map { words[$0..<$0 + 100].joined(separator: " ") }
        let decisions = dedupe(
            Self.items([("a", texts[0]), ("b", texts[1]), ("c", texts[2])]),
            threshold: 0.8
        )
        #expect(decisions.map(\.isKept) == [true, false, true])
    }

    @Test func nothingGivesNothing() {
        #expect(dedupe([], threshold: 0.8).isEmpty)
    }

    /// Every document shares one band key with every other, more than the limit of a band.
    @Test func aBandSharedByAllStillFindsDuplicatesByTheOthers() {
        var generator = SplitMix(seed: 4)
        var items: [(key: String, signature: Signature)] = []
        for index in 0..<(bandMemberLimit + 200) {
            let shingles = (0..<40).map { _ in UInt32.random(in: 0 ... .max, using: &generator) }
            var signature = Signature(
                exact: Digest(UInt64(index), 0, 0, 0),
                minimums: MinHash.minimums(of: shingles),
                shingles: shingles.sorted()
            )
            signature.minimums.replaceSubrange(0..<6, with: repeatElement(7, count: 6))
            items.append((String(10_000 + index), signature))
        }
        var copy = items[bandMemberLimit + 100]
        copy.key = "99999"
        copy.signature.exact = Digest(.max, 0, 0, 0)
        items.append(copy)
        let decisions = dedupe(items, threshold: 0.8)
        #expect(decisions.filter { !$0.isKept }.count == 1)
        #expect(decisions.last?.canonical == bandMemberLimit + 100)
    }
}
