package import Records

/// A document among others of which some may repeat it.
package struct DedupeItem: Sendable {
    package var preference: PreferenceKey
    package var signature: Signature
    /// Of the document's text, as ``SignatureBuilder/shingles(of:)`` has them.
    package var shingles: [UInt32]
    /// Read under ``NearPolicy/facts`` only.
    package var text: [UInt8]

    package init(
        preference: PreferenceKey,
        signature: Signature,
        shingles: [UInt32],
        text: [UInt8] = []
    ) {
        self.preference = preference
        self.signature = signature
        self.shingles = shingles
        self.text = text
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

/// Finds the duplicates among documents and decides which stay.
///
/// Documents with equal tokens and signs collapse first, the preferred one standing for them; the rest is
/// the rule of ``NearIndex``. Documents without words are all kept.
///
/// - Input: URIs are unique. The order of `items` does not matter.
/// - Output: a decision for each item, in the order of `items`.
/// - Complexity: O(n log n), and the comparisons that the rule asks for.
package func dedupe(_ items: [DedupeItem], rule: DedupeRule) throws -> [DedupeDecision] {
    let ranks = items.map { PreferenceRank($0.preference, by: rule.prefer) }
    let order = items.indices.sorted {
        ranks[$0].bytes.lexicographicallyPrecedes(ranks[$1].bytes)
    }
    let groups = ExactGroups(order.map { items[$0].signature })
    let representatives = groups.representatives.map { order[$0] }
    var difference = FactDifference()
    let memory = NearMemory(
        shingles: { items[representatives[Int($0)]].shingles },
        holdsFact: {
            difference.holdsFact(
                items[representatives[Int($0)]].text,
                items[representatives[Int($1)]].text
            )
        }
    )
    var index = try NearIndex(storage: memory, rule: rule)
    for (number, item) in representatives.enumerated() {
        try index.insert(
            NearNode(
                number: Int64(number),
                rank: ranks[item].bytes,
                containedAt: ranks[item].containedAt,
                facts: items[item].signature.facts
            ),
            bandKeys: comparedKeys(items[item].signature.bandKeys, rule.near)
        )
    }
    while try index.decideNext() {}
    let leaders = Set(memory.nodes.values.lazy.filter { $0.role == .member }.compactMap(\.partner))

    var decisions: [DedupeDecision] = items.indices.map {
        DedupeDecision(isKept: true, canonical: $0, similarity: 1)
    }
    for (position, item) in order.enumerated() {
        let number = groups.groupOf[position]
        guard let node = memory.node(Int64(number)) else { continue }
        let representative = representatives[number]
        let partner = node.partner.map { representatives[Int($0)] }
        if node.role == .removed, let partner {
            decisions[item] = DedupeDecision(
                isKept: false,
                canonical: partner,
                similarity: node.similarity
            )
        } else if representative != item {
            decisions[item] = DedupeDecision(
                isKept: false,
                canonical: representative,
                similarity: 1
            )
        } else {
            decisions[item].leader = partner ?? (leaders.contains(node.number) ? item : nil)
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
                signature.bandKeys.isEmpty
                ? next : groupByDigest[signature.exact, default: next]
            if group == next {
                self.representatives.append(position)
                groupByDigest[signature.exact] = next
            }
            self.groupOf.append(group)
        }
    }
}
