import Foundation
import Records
import Testing

@testable import Text

/// A made-up group: its shingles are small numbers, its bands the least of them by a few orders.
private struct Sample {
    let number: Int64
    let rank: [UInt8]
    let shingles: [UInt32]
    let facts: UInt64
    let keys: [UInt64]
    /// Which others its text differs from in a fact.
    let wording: Int

    static let containedAt = 2

    init(number: Int64, seed: inout SplitMix) {
        self.number = number
        // Groups that tie before what contains them, and others; no two ranks are equal.
        self.rank = [
            0, .random(in: 0...1, using: &seed), 0, .random(in: 0 ... .max, using: &seed),
            UInt8(truncatingIfNeeded: number),
        ]
        let base = UInt32.random(in: 0..<6, using: &seed) * 100
        var shingles = Set(base..<base + 16)
        for _ in 0..<Int.random(in: 0...5, using: &seed) {
            shingles.remove(base + .random(in: 0..<16, using: &seed))
        }
        for _ in 0..<Int.random(in: 0...4, using: &seed) {
            shingles.insert(base + .random(in: 20..<40, using: &seed))
        }
        self.shingles = shingles.sorted()
        self.facts = .random(in: 0..<3, using: &seed)
        self.keys = (0..<5).map { band in
            let least = shingles.map { ($0 &* (2 &* UInt32(band) &+ 3) &* 0x9E37_79B1) >> 7 }.min()
            return UInt64(band) << 32 | UInt64(least ?? 0)
        }
        self.wording = .random(in: 0..<9, using: &seed)
    }

    var node: NearNode {
        NearNode(
            number: self.number,
            rank: self.rank,
            containedAt: Self.containedAt,
            facts: self.facts
        )
    }

    func differsInFact(_ other: Sample) -> Bool { (self.wording + other.wording) % 3 != 0 }
}

private struct Outcome: Hashable {
    var role: NearRole
    var partner: Int64?
    var similarity = 0.0
}

/// The rule as ``NearIndex`` states it, decided from nothing.
private struct Reference {
    let samples: [Int64: Sample]
    let rule: DedupeRule
    let limits: NearLimits
    private var bands: [UInt64: [Int64]] = [:]
    private(set) var outcomes: [Int64: Outcome] = [:]

    init(_ samples: [Int64: Sample], _ rule: DedupeRule, _ limits: NearLimits) {
        self.samples = samples
        self.rule = rule
        self.limits = limits
        for sample in samples.values {
            for key in sample.keys { self.bands[key, default: []].append(sample.number) }
        }
        let ranks = samples.mapValues { self.rank(of: $0) }
        let order = samples.keys.sorted {
            (ranks[$0] ?? []).lexicographicallyPrecedes(ranks[$1] ?? [])
        }
        var earlier: [Int64] = []
        for number in order {
            guard let sample = samples[number] else { continue }
            self.outcomes[number] = self.outcome(of: sample, earlier)
            earlier.append(number)
        }
    }

    var hotBandCount: Int { self.bands.values.count { $0.count > self.limits.bandSize } }

    private func rank(of sample: Sample) -> [UInt8] {
        var rank = sample.rank
        let others = sample.keys.flatMap { key -> [Int64] in
            let band = self.bands[key, default: []]
            return band.count > self.limits.bandSize ? [] : band
        }
        let isContained = others.compactMap { self.samples[$0] }.contains { other in
            other.rank[1] == sample.rank[1]
                && holds(other.shingles, sample.shingles, threshold: self.rule.threshold)
        }
        if isContained { rank[Sample.containedAt] = 1 }
        return rank
    }

    private func outcome(of sample: Sample, _ earlier: [Int64]) -> Outcome {
        var compared: Set<Int64> = []
        for key in sample.keys {
            let band = Set(self.bands[key, default: []])
            let kept = earlier.filter {
                band.contains($0) && self.outcomes[$0]?.role.isKept == true
            }
            guard band.count > self.limits.bandSize else {
                compared.formUnion(kept)
                continue
            }
            let leaders = kept.filter { self.outcomes[$0]?.role.leads == true }
            compared.formUnion(leaders.prefix(self.limits.bandSize))
            guard self.rule.near == .facts else { continue }
            let same = kept.filter { self.samples[$0]?.facts == sample.facts }
            compared.formUnion(same.prefix(self.limits.bandSize))
        }
        return self.outcome(of: sample, comparedWith: earlier.filter(compared.contains))
    }

    private func outcome(of sample: Sample, comparedWith others: [Int64]) -> Outcome {
        var leader: Outcome?
        var readCount = 0
        for other in others.compactMap({ self.samples[$0] }) {
            let similarity = jaccard(other.shingles, sample.shingles)
            guard similarity >= self.rule.threshold else { continue }
            if leader == nil, self.outcomes[other.number]?.role.leads == true {
                leader = Outcome(role: .member, partner: other.number, similarity: similarity)
            }
            let removal = Outcome(role: .removed, partner: other.number, similarity: similarity)
            if self.rule.near == .remove { return removal }
            guard self.rule.near == .facts, other.facts == sample.facts,
                readCount < self.limits.readTexts
            else { continue }
            if !other.differsInFact(sample) { return removal }
            readCount += 1
        }
        return leader ?? Outcome(role: .leader)
    }
}

/// Changes by seed, each followed by a comparison with ``Reference``.
private final class History {
    private let rule: DedupeRule
    private let limits: NearLimits
    private var random: SplitMix
    private var samples: [Int64: Sample] = [:]
    private(set) var hotBandCount = 0
    private(set) var outcomes: [NearRole: Int] = [:]

    init(rule: DedupeRule, seed: UInt64) {
        self.rule = rule
        var limits = NearLimits()
        limits.bandSize = 4
        limits.readTexts = 3
        self.limits = limits
        self.random = SplitMix(seed: seed)
    }

    func run(operations: Int) throws {
        let memory = NearMemory(
            shingles: { [unowned self] in self.samples[$0]?.shingles ?? [] },
            holdsFact: { [unowned self] left, right in
                guard let left = self.samples[left], let right = self.samples[right] else {
                    return true
                }
                return left.differsInFact(right)
            }
        )
        var index = try NearIndex(storage: memory, rule: self.rule, limits: self.limits)
        var done = 0
        while done < operations {
            // A run begins anew with what is stored.
            if Int.random(in: 0..<20, using: &self.random) == 0 {
                index = try NearIndex(storage: memory, rule: self.rule, limits: self.limits)
            }
            for _ in 0..<Int.random(in: 1...8, using: &self.random) {
                try self.change(&index)
                done += 1
            }
            while try index.decideNext() {}
            self.compare(memory)
        }
    }

    private func change(_ index: inout NearIndex<NearMemory>) throws {
        let number = Int64.random(in: 0..<120, using: &self.random)
        if self.samples[number] != nil {
            try index.remove(number)
            self.samples[number] = nil
            if Bool.random(using: &self.random) { return }
        }
        let sample = Sample(number: number, seed: &self.random)
        self.samples[number] = sample
        try index.insert(sample.node, bandKeys: sample.keys)
    }

    private func compare(_ memory: NearMemory) {
        let reference = Reference(self.samples, self.rule, self.limits)
        self.hotBandCount += reference.hotBandCount
        let found = memory.nodes.mapValues { node in
            Outcome(
                // Of one without neighbours it depends on history how that is known.
                role: node.role == .lonely ? .leader : node.role,
                partner: node.partner,
                similarity: node.similarity
            )
        }
        for outcome in found.values { self.outcomes[outcome.role, default: 0] += 1 }
        #expect(found == reference.outcomes)
    }
}

@Suite struct NearIndexTests {
    /// `MILLRACE_NEAR_OPERATIONS=20000` for the full length.
    private static let operations =
        ProcessInfo.processInfo.environment["MILLRACE_NEAR_OPERATIONS"].flatMap { Int($0) } ?? 600

    @Test(arguments: [1, 2] as [UInt64], [NearPolicy.facts, .remove, .group])
    func afterAnyHistoryTheStateIsThatOfAFreshStart(seed: UInt64, near: NearPolicy) throws {
        let history = History(rule: DedupeRule(threshold: 0.6, near: near), seed: seed)
        try history.run(operations: Self.operations)
        #expect(history.hotBandCount > 0)
        let wanted: Set<NearRole> =
            switch near {
            case .facts, .off: [.leader, .member, .removed]
            case .remove: [.leader, .removed]
            case .group: [.leader, .member]
            }
        #expect(Set(history.outcomes.keys) == wanted)
    }

    private func outcomes(
        _ samples: [(rank: UInt8, shingles: [UInt32], facts: UInt64)],
        _ near: NearPolicy,
        holdsFact: @escaping (Int64, Int64) -> Bool = { _, _ in false }
    ) throws -> [Outcome] {
        let memory = NearMemory(
            shingles: { samples[Int($0)].shingles },
            holdsFact: holdsFact
        )
        var index = try NearIndex(storage: memory, rule: DedupeRule(threshold: 0.5, near: near))
        for (number, sample) in samples.enumerated() {
            try index.insert(
                NearNode(
                    number: Int64(number),
                    rank: [sample.rank],
                    containedAt: nil,
                    facts: sample.facts
                ),
                bandKeys: [1]
            )
        }
        while try index.decideNext() {}
        return samples.indices.compactMap { memory.node(Int64($0)) }.map {
            Outcome(role: $0.role, partner: $0.partner, similarity: $0.similarity)
        }
    }

    @Test func aChainKeepsEveryOtherDocument() throws {
        // 0-1-2-3: 1 falls to 0, so 2 has no kept neighbour and stays.
        let chain: [(rank: UInt8, shingles: [UInt32], facts: UInt64)] = [
            (0, [0, 1, 2], 0), (1, [1, 2, 3], 0), (2, [2, 3, 4], 0), (3, [3, 4, 5], 0),
        ]
        #expect(
            try self.outcomes(chain, .remove) == [
                Outcome(role: .leader), Outcome(role: .removed, partner: 0, similarity: 0.5),
                Outcome(role: .leader), Outcome(role: .removed, partner: 2, similarity: 0.5),
            ]
        )
    }

    @Test func aGroupIsAroundItsLeaderAndNoChain() throws {
        // 1 is of 0's group; 2 is like 1 only, which leads nothing, so it stands alone.
        let chain: [(rank: UInt8, shingles: [UInt32], facts: UInt64)] = [
            (0, [0, 1, 2], 0), (1, [1, 2, 3], 0), (2, [2, 3, 4], 0),
        ]
        #expect(
            try self.outcomes(chain, .group) == [
                Outcome(role: .leader), Outcome(role: .member, partner: 0, similarity: 0.5),
                Outcome(role: .leader),
            ]
        )
    }

    @Test func whatDiffersInFactsIsGroupedAndWhatDoesNotIsRemovedByAnyKept() throws {
        let same: [(rank: UInt8, shingles: [UInt32], facts: UInt64)] = [
            (0, [1], 0), (1, [1], 7), (2, [1], 7),
        ]
        // 2 repeats 1, which is grouped with 0.
        #expect(
            try self.outcomes(same, .facts) == [
                Outcome(role: .leader), Outcome(role: .member, partner: 0, similarity: 1),
                Outcome(role: .removed, partner: 1, similarity: 1),
            ]
        )
    }

    @Test func aSeriesIsNotReadWithoutEnd() throws {
        let limits = NearLimits()
        let count = 3 * limits.readTexts
        var readings: [Int64: Int] = [:]
        let series = (0..<count).map { (rank: UInt8($0), shingles: [UInt32(1)], facts: UInt64(0)) }
        let outcomes = try self.outcomes(series, .facts) { earlier, later in
            readings[later, default: 0] += 1
            #expect(earlier < later)
            return true
        }
        #expect(outcomes.dropFirst().allSatisfy { $0.role == .member && $0.partner == 0 })
        #expect(readings.values.max() == limits.readTexts)
    }
}
