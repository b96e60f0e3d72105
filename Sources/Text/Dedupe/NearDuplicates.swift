package import Records

/// What dedupe decided for one document.
package struct DedupeDecision: Hashable, Sendable {
    package var isKept: Bool
    /// The index of the kept document that stands for this one; its own when kept.
    package var canonical: Int
    /// How similar the two are; 1 when kept.
    package var similarity: Double
}

/// The most kept documents that one band key leads to.
///
/// A band shared by more comes from boilerplate, and its documents are found by their other bands.
/// The kept documents of smallest key stay, so the limit depends on the set of documents only.
package let bandMemberLimit = 1_024

/// Finds the duplicates among documents and decides which stay.
///
/// Documents with equal tokens collapse first, the smallest key standing for the group. Shared band
/// keys then give candidates, their exact Jaccard similarity decides which are duplicates, and the
/// ordered greedy rule of ``resolveOrderedGreedy(nodeCount:edges:)`` which are removed. Documents
/// without tokens are all kept.
///
/// - Input: keys are unique; their order by UTF-8 bytes is the order of preference. The order of
///   `items` does not matter.
/// - Output: a decision for each item, in the order of `items`.
/// - Complexity: O(n log n) and one merge of shingles for each candidate pair.
package func dedupe(
    _ items: [(key: String, signature: Signature)],
    threshold: Double
) -> [DedupeDecision] {
    let order = items.indices.sorted { left, right in
        items[left].key.utf8.lexicographicallyPrecedes(items[right].key.utf8)
    }
    let groups = ExactGroups(order.map { items[$0].signature })
    let signatures = groups.representatives.map { items[order[$0]].signature }
    let outcomes = resolveNearDuplicates(signatures, threshold: threshold)

    var decisions = items.indices.map {
        DedupeDecision(isKept: true, canonical: $0, similarity: 1)
    }
    for position in order.indices {
        let group = groups.groupOf[position]
        let (keptGroup, similarity) =
            switch outcomes[group] {
            case .kept: (group, 1.0)
            case .removed(let witness, let similarity): (witness, similarity)
            }
        let canonical = order[groups.representatives[keptGroup]]
        decisions[order[position]] = DedupeDecision(
            isKept: canonical == order[position],
            canonical: canonical,
            similarity: similarity
        )
    }
    return decisions
}

/// Documents of equal tokens, numbered by the first of each in key order.
private struct ExactGroups {
    /// The position of the first document of each group, ascending.
    private(set) var representatives: [Int] = []
    private(set) var groupOf: [Int] = []

    init(_ signatures: [Signature]) {
        var groupByDigest: [Digest: Int] = [:]
        for (position, signature) in signatures.enumerated() {
            let next = self.representatives.count
            // Nothing is known of documents without tokens, so none stands for another.
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

/// Applies the ordered greedy rule while candidates are found, so that pairs that cannot matter are
/// never compared: a document meets kept documents only, and stops at its first witness.
private func resolveNearDuplicates(
    _ signatures: [Signature],
    threshold: Double
) -> [GreedyOutcome] {
    var index = BandIndex(signatures)
    var outcomes: [GreedyOutcome] = []
    outcomes.reserveCapacity(signatures.count)
    for node in signatures.indices {
        let shingles = signatures[node].shingles
        var outcome = GreedyOutcome.kept
        for candidate in index.keptCandidates(of: node) {
            let other = signatures[candidate].shingles
            let smallerCount = Double(min(shingles.count, other.count))
            guard smallerCount >= threshold * Double(max(shingles.count, other.count)) else {
                continue
            }
            let similarity = jaccard(other, shingles)
            if similarity >= threshold {
                outcome = .removed(witness: candidate, similarity: similarity)
                break
            }
        }
        if outcome == .kept { index.keep(node) }
        outcomes.append(outcome)
    }
    return outcomes
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

    init(_ signatures: [Signature]) {
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
            if kept < UInt32(bandMemberLimit) {
                self.members[Int(self.starts[bucket] + kept)] = UInt32(node)
                self.keptCounts[bucket] = kept + 1
            }
        }
    }
}
