import Hashing
import Records
import Testing

@testable import Manifests

/// A made-up document: its tokens are numbers, its bands the numbers of a few residue classes.
private struct Sample {
    var member: DedupeMember
    var tokens: Set<Int>

    var exact: Digest { sha256(self.tokens.sorted().description) }

    var arrival: DedupeArrival {
        let keys = (0..<4).map { band in
            UInt64(bitPattern: Int64(self.tokens.filter { $0 % 4 == band }.min() ?? -1 - band))
        }
        return DedupeArrival(
            member: self.member,
            exact: self.exact,
            bandKeys: self.tokens.isEmpty ? [] : keys,
            facts: self.facts
        )
    }

    /// A function of the tokens, as every member of a group has the same.
    var facts: UInt64 { UInt64(bitPattern: Int64(self.tokens.reduce(0, +) % 3 - 1)) }

    func similarity(_ other: Sample) -> Double {
        let union = self.tokens.union(other.tokens).count
        return union == 0 ? 1 : Double(self.tokens.intersection(other.tokens).count) / Double(union)
    }

    func comparison(_ other: Sample) -> DedupeComparison {
        DedupeComparison(
            similarity: self.similarity(other),
            containment: self.tokens.isStrictSuperset(of: other.tokens)
                ? .leftHolds
                : other.tokens.isStrictSuperset(of: self.tokens) ? .rightHolds : .neither
        )
    }

    func sharesBand(_ other: Sample) -> Bool {
        zip(self.arrival.bandKeys, other.arrival.bandKeys).contains { $0 == $1 }
    }
}

private func sample(_ number: Int, _ tokens: Set<Int>, priority: Int = 0) -> Sample {
    let uri = "file:///\(number)"
    return Sample(
        member: DedupeMember(
            id: documentID(uri: uri),
            priority: priority,
            uri: uri,
            canonical: number % 3,
            modified: number % 2 == 0 ? Int64(number) : nil,
            comparedHash: sha256(uri)
        ),
        tokens: tokens
    )
}

/// The slow obvious version: compare all pairs.
private func reference(_ samples: [Sample], threshold: Double) -> DedupeGraph {
    let byHash = Dictionary(grouping: samples, by: \.exact)
    let groups = byHash.values.map { $0.sorted { precedes($0.member, $1.member) } }
        .sorted { precedes($0[0].member, $1[0].member) }
    var pairs: [(Int, Int, DedupeComparison)] = []
    for low in groups.indices {
        for high in groups.indices where high > low {
            let value = groups[low][0].comparison(groups[high][0])
            if groups[low][0].sharesBand(groups[high][0]), value.similarity >= threshold {
                pairs.append((low, high, value))
            }
        }
    }
    let connected = Set(pairs.flatMap { [$0.0, $0.1] })
    let shown = groups.indices.filter { groups[$0].count > 1 || connected.contains($0) }
    return DedupeGraph(
        groups: shown.map { index in
            DedupeGraph.Group(
                exact: groups[index][0].exact,
                facts: groups[index][0].facts,
                members: groups[index].map(\.member)
            )
        },
        edges: pairs.compactMap { low, high, value in
            guard let first = shown.firstIndex(of: low), let second = shown.firstIndex(of: high)
            else { return nil }
            return DedupeGraph.Edge(
                low: first,
                high: second,
                similarity: value.similarity,
                containment: value.containment
            )
        }
    )
}

@Suite struct DedupeStoreTests {
    let folder: TemporaryFolder
    let store: DedupeStore
    let threshold = 0.5

    init() throws {
        self.folder = try TemporaryFolder()
        self.store = try DedupeStore(path: self.folder("dedupe.sqlite"), mode: .create)
    }

    @discardableResult
    private func apply(
        removed: [Sample] = [],
        added: [Sample],
        all: [Sample]
    ) throws -> DedupeChange {
        let byHash = Dictionary(all.map { ($0.exact, $0) }, uniquingKeysWith: { first, _ in first })
        return try self.store.apply(
            removed: removed.map(\.member.id),
            added: added.map(\.arrival),
            threshold: self.threshold
        ) { left, right in
            let first = try #require(byHash[left.exact])
            let second = try #require(byHash[right.exact])
            #expect(left.exact < right.exact)
            return first.comparison(second)
        }
    }

    @Test func equalAndNearDocumentsAreFound() throws {
        let samples = [
            sample(3, [1, 2, 3, 4]), sample(1, [1, 2, 3, 4], priority: 1), sample(2, [1, 2, 3, 5]),
            sample(4, [90, 91]), sample(5, []), sample(6, []),
        ]
        try self.apply(added: samples, all: samples)
        let graph = try self.store.graph()
        #expect(graph == reference(samples, threshold: self.threshold))
        #expect(
            graph.groups.map { $0.members.map(\.uri) } == [
                ["file:///2"], ["file:///3", "file:///1"], ["file:///5", "file:///6"],
            ]
        )
        #expect(graph.edges.map(\.similarity) == [0.6])
        #expect(try self.store.members(of: samples[0].exact).count == 2)
        #expect(try self.store.memberCount() == 6)
    }

    @Test func eachPairIsComparedOnce() throws {
        let samples = (0..<20).map { sample($0, [1, 2, 3, 100 + $0]) }
        let change = try self.apply(added: samples, all: samples)
        #expect(change.newGroups == 20)
        #expect(change.comparedPairs == 190)
        let again = try self.apply(added: samples, all: samples)
        #expect(again == DedupeChange())
    }

    @Test func groupWithoutMembersLosesBandsAndEdges() throws {
        let samples = [sample(1, [1, 2, 3]), sample(2, [1, 2, 3, 4])]
        try self.apply(added: samples, all: samples)
        let change = try self.apply(removed: [samples[0]], added: [], all: samples)
        #expect(change.droppedGroups == 1)
        #expect(try self.store.graph() == DedupeGraph(groups: [], edges: []))
        let back = try self.apply(added: [samples[0]], all: samples)
        #expect(back.newEdges == 1)
        #expect(try self.store.graph() == reference(samples, threshold: self.threshold))
    }

    @Test func documentGivenTwiceInABatchEndsAsTheLast() throws {
        let first = sample(1, [1, 2, 3])
        let second = sample(1, [7, 8, 9])
        let other = sample(2, [7, 8, 9, 10])
        try self.apply(added: [first, other, second], all: [first, second, other])
        #expect(try self.store.graph() == reference([second, other], threshold: self.threshold))
        #expect(try self.store.members(of: first.exact).isEmpty)
    }

    @Test func resetForgetsEverythingAndRemembersTheFingerprint() throws {
        #expect(try self.store.fingerprint() == nil)
        try self.apply(added: [sample(1, [1])], all: [sample(1, [1])])
        try self.store.reset(fingerprint: "minhash 1, threshold 0.8")
        #expect(try self.store.memberCount() == 0)
        #expect(try self.store.fingerprint() == "minhash 1, threshold 0.8")
    }

    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6])
    func anyHistoryEqualsAFreshStart(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var present: [Int: Sample] = [:]
        var seen: [Sample] = []
        for _ in 0..<25 {
            var removed: [Sample] = []
            var added: [Sample] = []
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let number = Int.random(in: 0..<40, using: &generator)
                if present[number] != nil, Bool.random(using: &generator) {
                    if let old = present.removeValue(forKey: number) { removed.append(old) }
                    added.removeAll { $0.member.uri == "file:///\(number)" }
                } else {
                    let base = Int.random(in: 0..<4, using: &generator) * 10
                    let count = Int.random(in: 0...6, using: &generator)
                    let tokens = Set(
                        (0..<count).map { _ in Int.random(in: base..<base + 8, using: &generator) }
                    )
                    let new = sample(
                        number,
                        tokens,
                        priority: Int.random(in: 0...1, using: &generator)
                    )
                    present[number] = new
                    added.append(new)
                }
            }
            seen += added
            try self.apply(removed: removed, added: added, all: seen)
            let now = Array(present.values)
            #expect(
                try self.store.graph() == reference(now, threshold: self.threshold),
                "seed \(seed)"
            )
            #expect(try self.store.memberCount() == now.count)
        }
    }

    @Test func decisionsAreDueWhenTheGraphOrTheRuleChanged() throws {
        try self.store.reset(fingerprint: "x")
        #expect(try self.store.isUndecided(rule: "a"))
        try self.store.markDecided(rule: "a")
        #expect(try !self.store.isUndecided(rule: "a"))
        #expect(try self.store.isUndecided(rule: "b"))
        try self.apply(added: [sample(1, [1])], all: [sample(1, [1])])
        #expect(try self.store.isUndecided(rule: "a"))
    }

    @Test func verdictsAreOfAPairOfTextsAndGoWithThem() throws {
        let samples = [sample(1, [1, 2]), sample(2, [5, 6])]
        try self.apply(added: samples, all: samples)
        let hashes = samples.map(\.member.comparedHash)
        let gone = sha256("gone")
        #expect(try self.store.verdict(hashes[0], hashes[1]) == nil)
        try self.store.remember([
            (hashes[1], hashes[0], true), (hashes[0], gone, false), (gone, hashes[1], true),
        ])
        #expect(try self.store.verdict(hashes[0], hashes[1]) == true)
        #expect(try self.store.verdict(hashes[1], hashes[0]) == true)
        #expect(try self.store.verdict(gone, hashes[0]) == false)
        try self.store.dropOldVerdicts()
        #expect(try self.store.verdict(hashes[0], hashes[1]) == true)
        #expect(try self.store.verdict(hashes[0], gone) == nil)
        #expect(try self.store.verdict(gone, hashes[1]) == nil)
        try self.store.reset(fingerprint: "y")
        #expect(try self.store.verdict(hashes[0], hashes[1]) == nil)
    }

    @Test func errorOfTheComparisonUndoesTheBatch() throws {
        struct Stop: Error {}
        let samples = [sample(1, [1, 2]), sample(2, [1, 2, 3])]
        #expect(throws: Stop.self) {
            try self.store.apply(
                removed: [],
                added: samples.map(\.arrival),
                threshold: 0.5
            ) { _, _ in throw Stop() }
        }
        #expect(try self.store.memberCount() == 0)
    }

    @Test func moreThanOneTransactionFindsTheSame() throws {
        // Pairs of near-duplicates, far apart in the list.
        let count = 2_100
        let samples = (0..<count * 2).map { number in
            let base = number % count * 100
            return sample(number, Set(base..<base + 10).union(number < count ? [] : [base + 50]))
        }
        let change = try self.apply(added: samples, all: samples)
        #expect(change.newGroups == count * 2)
        #expect(change.newEdges == count)
        #expect(try self.store.graph().edges.count == count)
    }
}
