import Foundation
import Records
import Testing

@testable import Text

/// The development set: documents and every pair of exact similarity 0.5 or more.
struct DedupeSet {
    struct Document: Decodable {
        let id: String
        let text: String
    }

    var signatures: [(key: String, signature: Signature, shingles: [UInt32])] = []
    /// Pairs as positions in `signatures`.
    var similarities: [[Int]: Double] = [:]

    init() throws {
        var builder = SignatureBuilder()
        let decoder = JSONDecoder()
        var positions: [String: Int] = [:]
        for line in try Self.read("docs.jsonl").split(separator: 10) {
            let document = try decoder.decode(Document.self, from: line)
            positions[document.id] = self.signatures.count
            self.signatures.append(
                (
                    document.id, builder.signature(of: document.text),
                    builder.shingles(of: document.text)
                )
            )
        }
        let pairs = String(decoding: try Self.read("pairs.tsv"), as: UTF8.self)
        for line in pairs.split(separator: "\n").dropFirst() {
            let fields = line.split(separator: "\t")
            let left = try #require(positions[String(fields[0])])
            let right = try #require(positions[String(fields[1])])
            self.similarities[[left, right].sorted()] = Double(fields[2]) ?? -1
        }
    }

    private static func read(_ name: String) throws -> Data {
        try Data(contentsOf: try #require(SharedData.url("data/dedupe/\(name)")))
    }

    func similarity(_ left: Int, _ right: Int) -> Double {
        self.similarities[[left, right].sorted()] ?? 0
    }

    /// Pairs that share a band key.
    func candidates() -> Set<[Int]> {
        var buckets: [UInt64: [Int]] = [:]
        for (position, item) in self.signatures.enumerated() {
            for key in item.signature.bandKeys { buckets[key, default: []].append(position) }
        }
        var pairs: Set<[Int]> = []
        for members in buckets.values {
            for (index, left) in members.enumerated() {
                for right in members[(index + 1)...] where left != right {
                    pairs.insert([left, right])
                }
            }
        }
        return pairs
    }
}

extension SignatureBuilder {
    mutating func signature(of text: String) -> Signature {
        Array(text.utf8).withUnsafeBufferPointer { self.signature(of: $0) }
    }

    mutating func shingles(of text: String) -> [UInt32] {
        Array(text.utf8).withUnsafeBufferPointer { self.shingles(of: $0) }
    }
}

@Suite(.enabled(if: SharedData.url("data/dedupe/docs.jsonl") != nil, "needs shared/data/dedupe"))
struct DedupeDataTests {
    @Test func similaritiesEqualThoseOfTheTokenRule() throws {
        let set = try DedupeSet()
        for (pair, expected) in set.similarities {
            let found = jaccard(
                set.signatures[pair[0]].shingles,
                set.signatures[pair[1]].shingles
            )
            // The file rounds to six places.
            #expect(abs(found - expected) < 1e-6, "\(set.signatures[pair[0]].key)")
        }
    }

    @Test func bandsFindNearlyEveryDuplicateAndVerificationAdmitsNoOther() throws {
        let set = try DedupeSet()
        let truth = Set(set.similarities.filter { $0.value >= 0.8 }.keys)
        let candidates = set.candidates()
        let verified = candidates.filter { pair in
            jaccard(
                set.signatures[pair[0]].shingles,
                set.signatures[pair[1]].shingles
            ) >= 0.8
        }
        #expect(verified.isSubset(of: truth))
        #expect(Double(truth.intersection(verified).count) >= 0.998 * Double(truth.count))
        // An index that proposes everything would pass the line above.
        #expect(candidates.count < 6 * truth.count)
    }

    private static func items(_ set: DedupeSet) -> [DedupeItem] {
        set.signatures.map {
            DedupeItem(
                preference: PreferenceKey(uri: $0.key),
                signature: $0.signature,
                shingles: $0.shingles
            )
        }
    }

    @Test(arguments: [[Preference.uri], Preference.allCases])
    func everyRemovalHasAKeptWitnessAndNoDuplicatePairStays(prefer: [Preference]) throws {
        let set = try DedupeSet()
        let rule = DedupeRule(threshold: 0.8, near: .remove, prefer: prefer)
        let decisions = try dedupe(Self.items(set), rule: rule)
        for (position, decision) in decisions.enumerated() where !decision.isKept {
            #expect(decisions[decision.canonical].isKept)
            let similarity = set.similarity(position, decision.canonical)
            #expect(similarity >= 0.8)
            #expect(abs(similarity - decision.similarity) < 1e-6)
            if prefer == [.uri] {
                #expect(set.signatures[decision.canonical].key < set.signatures[position].key)
            }
        }
        let missed = set.similarities.filter { pair, similarity in
            similarity >= 0.8 && decisions[pair[0]].isKept && decisions[pair[1]].isKept
        }
        #expect(missed.count <= 2)
        if prefer == [.uri] { #expect(decisions.filter { !$0.isKept }.count == 583) }
    }

    @Test(arguments: NearPolicy.allCases)
    func theOrderOfDocumentsDoesNotMatter(near: NearPolicy) throws {
        let set = try DedupeSet()
        var generator = SplitMix(seed: 11)
        let rule = DedupeRule(threshold: 0.8, near: near)
        let items = Self.items(set)
        let byKey = try Self.decisionByKey(items, rule)
        for _ in 0..<2 {
            #expect(try Self.decisionByKey(items.shuffled(using: &generator), rule) == byKey)
        }
    }

    private static func decisionByKey(
        _ items: [DedupeItem],
        _ rule: DedupeRule
    ) throws -> [String: [String?]] {
        let decisions = try dedupe(items, rule: rule)
        return Dictionary(
            uniqueKeysWithValues: zip(items, decisions).map { item, decision in
                (
                    item.preference.uri,
                    [
                        items[decision.canonical].preference.uri,
                        decision.leader.map { items[$0].preference.uri },
                    ]
                )
            }
        )
    }
}
