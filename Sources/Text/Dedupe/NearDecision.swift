/// What becomes of near-duplicates.
package enum NearPolicy: String, CaseIterable, Sendable {
    /// Removed, but kept in a group where the difference holds a fact.
    case facts
    /// Removed, whatever the difference holds.
    case remove
    /// Kept in a group.
    case group
    /// Not looked for: equal documents alone are duplicates.
    case off
}

/// Two documents found similar enough to be near-duplicates.
///
/// Nodes are positions in the order of preference, the preferred first.
package struct SimilarityEdge: Hashable, Sendable {
    package var left: Int
    package var right: Int
    package var similarity: Double
    /// Whether their facts without context differ: see ``Signature/facts``.
    package var differsInFacts: Bool

    package init(_ left: Int, _ right: Int, similarity: Double, differsInFacts: Bool = false) {
        self.left = left
        self.right = right
        self.similarity = similarity
        self.differsInFacts = differsInFacts
    }
}

/// What was decided for one document.
package enum NearOutcome: Hashable, Sendable {
    /// Kept; the group is that of the document `leader`, itself or one before it, and nil where it
    /// stands alone.
    case kept(leader: Int?)
    /// Removed because the kept document `witness`, which comes before it, is this similar.
    case removed(witness: Int, similarity: Double)
}

/// How many kept documents' texts are read beside one document's, to find out what they differ in.
///
/// A choice: a document that differs from so many in a name alone is one of a series.
package let comparedWitnessLimit = 64

/// Decides which documents stay, and which of those form groups.
///
/// In the order of preference, a document is removed if and only if a kept one before it is similar and
/// their difference holds no fact. A kept document leads a group unless a leader before it is similar; then
/// it is in the group of the first such leader. So every removal and every membership has a direct witness,
/// and both are functions of the set of documents, by induction over the order: neither arrival nor
/// history enters. Under `remove` no difference holds a fact, under `group` every one does; the first is
/// the lexicographically first maximal independent set.
///
/// - Input: nodes 0..<`nodeCount` in the order of preference; edges in any order and direction, repeats
///   allowed, of pairs at or above the threshold.
/// - Parameter holdsFact: asked for pairs of which `differsInFacts` is false, the earlier node first; at
///   most ``comparedWitnessLimit`` times for a node, and the rest is taken to hold one.
/// - Output: an outcome for each node; of several witnesses or leaders, the first.
/// - Complexity: O(nodes + edges log edges), and the calls of `holdsFact`.
package func decideNearDuplicates(
    nodeCount: Int,
    edges: [SimilarityEdge],
    policy: NearPolicy,
    holdsFact: (Int, Int) throws -> Bool
) rethrows -> [NearOutcome] {
    guard policy != .off else { return Array(repeating: .kept(leader: nil), count: nodeCount) }
    let earlier = EarlierNeighbours(nodeCount: nodeCount, edges: edges)
    var decision = NearDecision(nodeCount: nodeCount, policy: policy)
    for node in 0..<nodeCount {
        try decision.decide(node, neighbours: earlier[node], holdsFact: holdsFact)
    }
    return decision.outcomes()
}

/// The decisions so far, node by node in the order of preference.
struct NearDecision {
    private let policy: NearPolicy
    /// For each node its leader, which is itself for a leader; nil when it is removed.
    private(set) var leaders: [Int?] = []
    private var removals: [Int: (witness: Int, similarity: Double)] = [:]

    init(nodeCount: Int, policy: NearPolicy) {
        self.policy = policy
        self.leaders.reserveCapacity(nodeCount)
    }

    func isLeader(_ node: Int) -> Bool { self.leaders[node] == node }

    /// Decides the next node.
    ///
    /// - Parameter neighbours: similar nodes before it, ascending, those that are removed too.
    mutating func decide(
        _ node: Int,
        neighbours: some Sequence<SimilarityEdge>,
        holdsFact: (Int, Int) throws -> Bool
    ) rethrows {
        var leader: Int?
        var comparedCount = 0
        for edge in neighbours where self.leaders[edge.left] != nil {
            if leader == nil, self.isLeader(edge.left) { leader = edge.left }
            let removes =
                switch self.policy {
                case .remove: true
                case .group, .off: false
                case .facts:
                    try !edge.differsInFacts && comparedCount < comparedWitnessLimit
                        && !holdsFact(edge.left, node)
                }
            if removes {
                self.leaders.append(nil)
                self.removals[node] = (edge.left, edge.similarity)
                return
            }
            if !edge.differsInFacts { comparedCount += 1 }
        }
        self.leaders.append(leader ?? node)
    }

    func outcomes() -> [NearOutcome] {
        var memberCounts: [Int: Int] = [:]
        for case let leader? in self.leaders { memberCounts[leader, default: 0] += 1 }
        return self.leaders.enumerated().map { node, leader in
            if let removal = self.removals[node] {
                return .removed(witness: removal.witness, similarity: removal.similarity)
            }
            return .kept(leader: leader.flatMap { (memberCounts[$0] ?? 0) > 1 ? $0 : nil })
        }
    }
}

/// For each node its similar nodes that come before it, ascending.
private struct EarlierNeighbours {
    private var starts: [Int]
    private var edges: [SimilarityEdge]

    init(nodeCount: Int, edges: [SimilarityEdge]) {
        self.edges = edges.filter { $0.left != $0.right }.map { edge in
            SimilarityEdge(
                min(edge.left, edge.right),
                max(edge.left, edge.right),
                similarity: edge.similarity,
                differsInFacts: edge.differsInFacts
            )
        }
        self.edges.sort { ($0.right, $0.left) < ($1.right, $1.left) }
        self.starts = Array(repeating: 0, count: nodeCount + 1)
        for edge in self.edges { self.starts[edge.right + 1] += 1 }
        for node in 0..<nodeCount { self.starts[node + 1] += self.starts[node] }
    }

    subscript(_ node: Int) -> ArraySlice<SimilarityEdge> {
        self.edges[self.starts[node]..<self.starts[node + 1]]
    }
}
