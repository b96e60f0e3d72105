package import Records

/// A document among others of which some may repeat it.
package struct DedupeItem: Sendable {
    package var preference: PreferenceKey
    package var signature: Signature
    /// Read under ``NearPolicy/facts`` only.
    package var text: [UInt8]

    package init(preference: PreferenceKey, signature: Signature, text: [UInt8] = []) {
        self.preference = preference
        self.signature = signature
        self.text = text
    }
}

/// What makes documents repeat each other, and which is kept then.
package struct DedupeRule: Hashable, Sendable {
    package var threshold: Double
    package var near: NearPolicy
    package var prefer: [Preference]

    package init(
        threshold: Double,
        near: NearPolicy = .facts,
        prefer: [Preference] = Preference.allCases
    ) {
        self.threshold = threshold
        self.near = near
        self.prefer = prefer
    }
}

/// What dedupe decided for one document.
package struct DedupeDecision: Hashable, Sendable {
    package var isKept: Bool
    /// The index of the kept document that stands for this one; its own when kept.
    package var canonical: Int
    /// How similar the two are; 1 when kept.
    package var similarity: Double
    /// The index of the document that leads its group; nil where it is removed or stands alone.
    package var leader: Int?
}

/// The most kept documents that one band key leads to.
///
/// A band shared by more comes from boilerplate, and its documents are found by their other bands.
/// The kept documents that come first stay, so the limit depends on the set of documents only.
package let bandMemberLimit = 1_024

/// The most documents of a band among which one is looked for that contains another.
private let containerLimit = 128

/// Finds the duplicates among documents and decides which stay.
///
/// Documents with equal tokens and signs collapse first, the preferred one standing for them. Shared
/// band keys then give candidates, their exact Jaccard similarity decides which are near-duplicates, and
/// ``NearDecision`` which of them stay. Documents without words are all kept.
///
/// - Input: URIs are unique. The order of `items` does not matter.
/// - Output: a decision for each item, in the order of `items`.
/// - Complexity: O(n log n) and one merge of shingles for each candidate pair.
package func dedupe(_ items: [DedupeItem], rule: DedupeRule) -> [DedupeDecision] {
    func sorted(_ indices: some Sequence<Int>) -> [Int] {
        indices.sorted { items[$0].preference.precedes(items[$1].preference, by: rule.prefer) }
    }
    let order = sorted(items.indices)
    let groups = ExactGroups(order.map { items[$0].signature })
    let representatives = groups.representatives.map { order[$0] }
    let keys = orderedGroups(representatives.map { items[$0] }, rule)
    let nodes = keys.map { representatives[$0] }
    let outcomes = resolveNearDuplicates(nodes.map { items[$0] }, rule)

    var nodeOf = Array(repeating: 0, count: nodes.count)
    for (node, group) in keys.enumerated() { nodeOf[group] = node }
    var decisions = items.indices.map {
        DedupeDecision(isKept: true, canonical: $0, similarity: 1)
    }
    for (position, item) in order.enumerated() {
        let node = nodeOf[groups.groupOf[position]]
        switch outcomes[node] {
        case .kept(let leader):
            let isKept = nodes[node] == item
            decisions[item] = DedupeDecision(
                isKept: isKept,
                canonical: nodes[node],
                similarity: 1,
                leader: isKept ? leader.map { nodes[$0] } : nil
            )
        case .removed(let witness, let similarity):
            decisions[item] = DedupeDecision(
                isKept: false,
                canonical: nodes[witness],
                similarity: similarity
            )
        }
    }
    return decisions
}

/// Documents of equal tokens and signs, numbered by the first of each in the order of preference.
private struct ExactGroups {
    /// The position of the first document of each group, ascending.
    private(set) var representatives: [Int] = []
    private(set) var groupOf: [Int] = []

    init(_ signatures: [Signature]) {
        var groupByDigest: [Digest: Int] = [:]
        for (position, signature) in signatures.enumerated() {
            let next = self.representatives.count
            // Nothing is known of documents without words, so none stands for another.
            let group =
                signature.shingles.isEmpty
                ? next : groupByDigest[signature.exact, default: next]
            if group == next {
                self.representatives.append(position)
                groupByDigest[signature.exact] = next
            }
            self.groupOf.append(group)
        }
    }
}

/// The groups in the order of preference, once it is known which are contained in others.
private func orderedGroups(_ items: [DedupeItem], _ rule: DedupeRule) -> [Int] {
    guard rule.near != .off, rule.prefer.contains(.completeness) else {
        return Array(items.indices)
    }
    var index = BandIndex(items.map(\.signature), memberLimit: containerLimit)
    var keys = items.map(\.preference)
    for node in items.indices {
        let pairs = index.keptCandidates(of: node).lazy.compactMap { other in
            similarPair(items[other], items[node], rule.threshold)
                .map { (left: other, right: node, containment: $0.containment) }
        }
        markContained(&keys, by: rule.prefer, pairs: pairs)
        index.keep(node)
    }
    return items.indices.sorted { keys[$0].precedes(keys[$1], by: rule.prefer) }
}

/// How alike two documents are; nil below the threshold.
private func similarPair(
    _ left: DedupeItem,
    _ right: DedupeItem,
    _ threshold: Double
) -> (similarity: Double, containment: Containment)? {
    let left = left.signature.shingles
    let right = right.signature.shingles
    guard Double(min(left.count, right.count)) >= threshold * Double(max(left.count, right.count))
    else { return nil }
    let comparison = compareShingles(left, right)
    return comparison.similarity >= threshold ? comparison : nil
}

/// Applies ``NearDecision`` while candidates are found, so that pairs that cannot matter are never
/// compared: a document meets kept documents only, and stops at its first witness.
private func resolveNearDuplicates(
    _ items: [DedupeItem],
    _ rule: DedupeRule
) -> [NearOutcome] {
    var decision = NearDecision(nodeCount: items.count, policy: rule.near)
    var index = BandIndex(
        rule.near == .off ? [] : items.map(\.signature),
        memberLimit: bandMemberLimit
    )
    var difference = FactDifference()
    for node in items.indices where rule.near != .off {
        let facts = items[node].signature.facts
        let candidates = index.keptCandidates(of: node).filter { other in
            // One whose facts differ removes nothing, and only a leader joins.
            rule.near != .facts || decision.isLeader(other)
                || items[other].signature.facts == facts
        }
        let neighbours = candidates.lazy.compactMap { other in
            similarPair(items[other], items[node], rule.threshold).map {
                SimilarityEdge(
                    other,
                    node,
                    similarity: $0.similarity,
                    differsInFacts: items[other].signature.facts != facts
                )
            }
        }
        decision.decide(node, neighbours: neighbours) {
            difference.holdsFact(items[$0].text, items[$1].text)
        }
        if decision.leaders[node] != nil { index.keep(node) }
    }
    guard rule.near != .off else {
        return Array(repeating: .kept(leader: nil), count: items.count)
    }
    return decision.outcomes()
}

/// For each band key the kept documents that have it.
///
/// Invariant: documents are asked for and kept in ascending order, so the kept ones of a bucket fit
/// over its already visited front.
private struct BandIndex {
    /// Documents by bucket, ascending within each; `starts[b]` is where bucket b begins, and its
    /// first `keptCounts[b]` entries are its kept documents.
    private var members: [UInt32] = []
    private var starts: [UInt32] = []
    private var keptCounts: [UInt32] = []
    /// The buckets of document n are `buckets[firstBucket[n]..<firstBucket[n + 1]]`.
    private var buckets: [UInt32] = []
    private var firstBucket: [Int] = []
    /// The last document that met each document, so that each is a candidate once.
    private var lastMet: [UInt32]

    private let memberLimit: Int

    init(_ signatures: [Signature], memberLimit: Int) {
        self.memberLimit = memberLimit
        precondition(signatures.count < Int(UInt32.max) / Signature.bandCount)
        self.lastMet = Array(repeating: .max, count: signatures.count)
        var entries: [(key: UInt64, slot: UInt32, node: UInt32)] = []
        for (node, signature) in signatures.enumerated() {
            self.firstBucket.append(entries.count)
            for key in bandKeys(signature) {
                entries.append((key, UInt32(entries.count), UInt32(node)))
            }
        }
        self.firstBucket.append(entries.count)
        // Slots ascend with nodes, so a bucket's members come out ascending.
        entries.sort { $0.key != $1.key ? $0.key < $1.key : $0.slot < $1.slot }
        self.buckets = Array(repeating: 0, count: entries.count)
        var lastKey: UInt64?
        for entry in entries {
            if entry.key != lastKey {
                self.starts.append(UInt32(self.members.count))
                lastKey = entry.key
            }
            self.members.append(entry.node)
            self.buckets[Int(entry.slot)] = UInt32(self.starts.count - 1)
        }
        self.keptCounts = Array(repeating: 0, count: self.starts.count)
    }

    /// The kept documents that share a band with `node`, ascending.
    mutating func keptCandidates(of node: Int) -> [Int] {
        var candidates: [Int] = []
        for slot in self.firstBucket[node]..<self.firstBucket[node + 1] {
            let bucket = Int(self.buckets[slot])
            let start = Int(self.starts[bucket])
            for position in start..<start + Int(self.keptCounts[bucket]) {
                let member = Int(self.members[position])
                if self.lastMet[member] != UInt32(node) {
                    self.lastMet[member] = UInt32(node)
                    candidates.append(member)
                }
            }
        }
        candidates.sort()
        return candidates
    }

    mutating func keep(_ node: Int) {
        for slot in self.firstBucket[node]..<self.firstBucket[node + 1] {
            let bucket = Int(self.buckets[slot])
            let kept = self.keptCounts[bucket]
            if kept < UInt32(self.memberLimit) {
                self.members[Int(self.starts[bucket] + kept)] = UInt32(node)
                self.keptCounts[bucket] = kept + 1
            }
        }
    }
}
