/// Two documents found similar enough to be duplicates.
///
/// Nodes are positions in the ascending order of document keys.
package struct SimilarityEdge: Hashable, Sendable {
    package var left: Int
    package var right: Int
    package var similarity: Double

    package init(_ left: Int, _ right: Int, similarity: Double) {
        self.left = left
        self.right = right
        self.similarity = similarity
    }
}

/// What the ordered greedy rule decided for one document.
package enum GreedyOutcome: Hashable, Sendable {
    case kept
    /// Removed because the kept document `witness`, of smaller key, is this similar.
    case removed(witness: Int, similarity: Double)
}

/// Decides which documents stay: one is removed if and only if a kept neighbour has a smaller key.
///
/// This is the lexicographically first maximal independent set. It is unique, so it depends neither
/// on the order of `edges` nor on the history of the corpus, and each removal has a direct witness.
///
/// - Input: nodes 0..<`nodeCount` in ascending key order; edges in any order and direction,
///   repeats allowed, of pairs at or above the threshold.
/// - Output: an outcome for each node; of several witnesses, the one of smallest key.
/// - Complexity: O(nodes + edges).
package func resolveOrderedGreedy(nodeCount: Int, edges: [SimilarityEdge]) -> [GreedyOutcome] {
    // Edges by their larger node: `starts[n]..<starts[n + 1]` are the neighbours that can remove n.
    var starts = [Int](repeating: 0, count: nodeCount + 2)
    for edge in edges where edge.left != edge.right {
        starts[max(edge.left, edge.right) + 2] += 1
    }
    for node in 0..<nodeCount { starts[node + 2] += starts[node + 1] }
    var smaller = [(node: Int, similarity: Double)](
        repeating: (0, 0),
        count: starts[nodeCount + 1]
    )
    for edge in edges where edge.left != edge.right {
        let larger = max(edge.left, edge.right)
        smaller[starts[larger + 1]] = (min(edge.left, edge.right), edge.similarity)
        starts[larger + 1] += 1
    }

    var outcomes: [GreedyOutcome] = []
    outcomes.reserveCapacity(nodeCount)
    for node in 0..<nodeCount {
        var witness: (node: Int, similarity: Double)?
        for neighbour in smaller[starts[node]..<starts[node + 1]]
        where outcomes[neighbour.node] == .kept && neighbour.node < witness?.node ?? nodeCount {
            witness = neighbour
        }
        outcomes.append(
            witness.map { .removed(witness: $0.node, similarity: $0.similarity) } ?? .kept
        )
    }
    return outcomes
}
