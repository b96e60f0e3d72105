import Foundation
import Hashing
import Manifests
import Records
import Testing
import Text

@testable import Operations

/// A made-up document: its tokens are its shingles, its bands the least of them by a few orders.
private struct Sample {
    let id: DocumentID
    let uri: String
    let priority: Int
    let shingles: [UInt32]
    var isHeld = false

    init(number: Int, random: inout SplitMix64) {
        self.uri = "docs/\(number)"
        self.id = documentID(uri: self.uri)
        self.priority = random.below(2)
        let base = UInt32(random.below(5) * 100)
        var shingles = Set(base..<base + 12)
        // Few kinds, so that many are equal.
        for _ in 0..<random.below(3) { shingles.remove(base + UInt32(random.below(12))) }
        for _ in 0..<random.below(3) { shingles.insert(base + 20 + UInt32(random.below(6))) }
        self.shingles = shingles.sorted()
    }

    var exact: Digest { sha256(self.shingles.description) }

    func arrival(_ rule: DedupeRule) -> DedupeArrival {
        let key = PreferenceKey(uri: self.uri, priority: self.priority, isHeld: self.isHeld)
        return DedupeArrival(
            id: self.id,
            isHeld: self.isHeld,
            rank: PreferenceRank(key, by: rule.prefer),
            exact: self.exact,
            facts: UInt64(self.shingles.reduce(0, +) % 3),
            bandKeys: (0..<5).map { band in
                let multiplier = 2 * UInt32(band) + 3
                let least = self.shingles.map { ($0 &* multiplier &* 0x9E37_79B1) >> 7 }.min()
                return UInt64(band) << 32 | UInt64(least ?? 0)
            }
        )
    }
}

/// What shards would say: a document has one text, and it may be newer than the store.
private final class SampleDocuments: ComparedDocuments {
    var samples: [DocumentID: Sample] = [:]

    func shingles(ofGroup group: Int64, members: () throws -> GroupMembers) throws -> [UInt32] {
        let members = try members()
        for id in members.ids {
            if let sample = self.samples[id], sample.exact == members.exact {
                return sample.shingles
            }
        }
        return []
    }

    func knows(_ group: Int64) -> Bool { group.isMultiple(of: 2) }

    /// Every group that is read ahead has a document that still says the same, or is about to go.
    func readAhead(_ groups: [GroupMembers]) {
        for group in groups { #expect(!group.ids.isEmpty) }
    }

    func holdsFact(_ earlier: DocumentID, _ later: DocumentID) -> Bool {
        (earlier.low ^ later.low).nonzeroBitCount.isMultiple(of: 3)
    }
}

/// A dedupe store, and what was written to the shards from it.
private final class Corpus {
    let documents = SampleDocuments()
    private let rule: DedupeRule
    private let store: DedupeStore
    private let limits: NearLimits
    private(set) var written: [DocumentID: Resolution] = [:]

    init(_ rule: DedupeRule, path: String) throws {
        self.rule = rule
        self.store = try DedupeStore(path: path, mode: .create)
        var limits = NearLimits()
        limits.bandSize = 4
        limits.readTexts = 3
        self.limits = limits
    }

    /// - Parameter changed: documents that came, changed or went; the documents know how.
    func resolve(_ changed: [DocumentID]) throws {
        try self.update { groups in
            groups.expect(changed)
            try groups.readBands(of: changed.compactMap { self.arrival($0) })
            for id in changed {
                if let arrival = self.arrival(id) {
                    try groups.take(arrival)
                } else {
                    try groups.remove(id)
                }
            }
        }
        try self.update { groups in
            for id in changed {
                try groups.setHeld(id, self.documents.samples[id]?.isHeld ?? false)
            }
        }
        // In several transactions, as a run decides.
        while try self.store.queuedCount() > 0 {
            try self.update { groups in
                try groups.readBandsOfQueued(limit: 7)
                for _ in 0..<7 { _ = try groups.decideNext() }
            }
        }
        for resolution in try self.store.unwritten(after: nil, limit: .max) {
            self.written[resolution.id] =
                self.documents.samples[resolution.id] == nil ? nil : resolution
        }
        try self.store.markWritten()
    }

    private func arrival(_ id: DocumentID) -> DedupeArrival? {
        var sample = self.documents.samples[id]
        sample?.isHeld = false
        return sample?.arrival(self.rule)
    }

    private func update(_ body: (inout ExactGroups) throws -> Void) throws {
        try self.store.update { tables in
            var groups = try ExactGroups(
                tables,
                documents: self.documents,
                rule: self.rule,
                limits: self.limits
            )
            try body(&groups)
        }
    }
}

@Suite struct ExactGroupsTests {
    /// `MILLRACE_NEAR_OPERATIONS=20000` for the full length.
    private static let operations =
        ProcessInfo.processInfo.environment["MILLRACE_NEAR_OPERATIONS"].flatMap { Int($0) } ?? 300

    @Test(arguments: [NearPolicy.facts, .remove, .group])
    func afterAnyHistoryTheShardsHaveWhatAFreshStartDecides(near: NearPolicy) throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("millrace-groups-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let rule = DedupeRule(threshold: 0.6, near: near)
        let corpus = try Corpus(rule, path: folder.appendingPathComponent("store").path)
        var random = SplitMix64(seed: 5)
        var done = 0
        var round = 0
        while done < Self.operations {
            let changed = (0..<1 + random.below(12)).map { _ in random.below(90) }
            for number in changed {
                let sample = Sample(number: number, random: &random)
                switch random.below(4) {
                case 0: corpus.documents.samples[sample.id] = nil
                case 1: corpus.documents.samples[sample.id]?.isHeld = random.below(2) == 0
                default: corpus.documents.samples[sample.id] = sample
                }
            }
            done += changed.count
            round += 1
            try corpus.resolve(changed.map { documentID(uri: "docs/\($0)") })
            guard round.isMultiple(of: 4) else { continue }
            let path = folder.appendingPathComponent("fresh-\(round)").path
            let fresh = try Corpus(rule, path: path)
            fresh.documents.samples = corpus.documents.samples
            try fresh.resolve(corpus.documents.samples.keys.sorted())
            #expect(corpus.written == fresh.written, "round \(round)")
        }
        // What shows nothing proves nothing.
        #expect(corpus.written.values.contains { $0.canonical != nil })
        #expect(near == .remove || corpus.written.values.contains { $0.group != nil })
    }
}
