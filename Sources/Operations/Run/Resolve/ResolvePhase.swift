internal import Dataflow
internal import Manifests
internal import Records
internal import Stages
internal import Text

/// Decides which documents repeat others: brings the dedupe store up to date with what changed, then
/// applies the ordered greedy rule to every group that has a twin.
///
/// The decision is a function of the set of documents; the store only remembers comparisons.
struct ResolvePhase {
    private static let documentsPerPage = 1024
    private let context: RunContext
    private let workspace: Workspace

    init(context: RunContext) {
        self.context = context
        self.workspace = context.workspace
    }

    func run() throws {
        let node = self.context.dedupeNode
        let threshold = node.map(dedupeThreshold)
        let rule = threshold.map { "\(SignatureBuilder.revision) \($0)" } ?? "none"
        if try self.workspace.dedupe.fingerprint() != rule {
            try self.startOver(rule: rule, wantsSignatures: node != nil)
        }
        if let threshold {
            for shard in self.workspace.shards { try self.takeUp(shard, threshold: threshold) }
        } else {
            // Nothing is a duplicate without a dedupe stage, and nothing waits to be compared.
            for shard in self.workspace.shards { try shard.markAllResolved() }
        }
        guard try self.workspace.dedupe.isUndecided() else { return }
        try self.decide()
        try self.workspace.dedupe.markDecided()
    }

    /// Stored comparisons were made with a threshold and a signature; other ones make them again.
    private func startOver(rule: String, wantsSignatures: Bool) throws {
        if wantsSignatures {
            for shard in self.workspace.shards {
                try SigningPhase(shard: shard, context: self.context).run()
                try shard.markAllUnresolved()
            }
        }
        try self.workspace.dedupe.reset(fingerprint: rule)
    }

    private func takeUp(_ shard: ShardManifest, threshold: Double) throws {
        while true {
            let page = try shard.unresolved(after: nil, limit: Self.documentsPerPage)
            guard !page.isEmpty else { return }
            // Documents without tokens all look alike and are still no copies of each other.
            let signatures = page.compactMap(\.signature).filter { !$0.minimums.isEmpty }
            let compared = Set(signatures.map(\.id))
            try self.workspace.dedupe.apply(
                removed: page.map(\.id).filter { !compared.contains($0) },
                added: signatures.map(DedupeArrival.init),
                threshold: threshold,
                similarity: { try jaccard(self.shingles(of: $0), self.shingles(of: $1)) }
            )
            try shard.markResolved(page.map(\.id))
        }
    }

    private func shingles(of candidate: DedupeCandidate) throws -> [UInt32] {
        let id = candidate.representative
        return try self.workspace.shard(of: id).shingles(of: id) ?? []
    }

    private func decide() throws {
        let graph = try self.workspace.dedupe.graph()
        let outcomes = resolveOrderedGreedy(
            nodeCount: graph.groups.count,
            edges: graph.edges.map {
                SimilarityEdge($0.low, $0.high, similarity: $0.similarity)
            }
        )
        var duplicates = Array(repeating: [Resolution](), count: self.workspace.shards.count)
        for (group, outcome) in zip(graph.groups, outcomes) {
            for resolution in self.resolutions(of: group, outcome, graph: graph) {
                duplicates[resolution.id.shard(of: duplicates.count)].append(resolution)
            }
        }
        for (shard, resolutions) in zip(self.workspace.shards, duplicates) {
            try shard.replaceResolution(resolutions)
        }
    }

    /// The members of a group that are duplicates, each with the kept document it repeats.
    private func resolutions(
        of group: DedupeGraph.Group,
        _ outcome: GreedyOutcome,
        graph: DedupeGraph
    ) -> [Resolution] {
        guard let first = group.members.first else { return [] }
        switch outcome {
        case .kept:
            return group.members.dropFirst().map {
                Resolution(id: $0.id, canonical: first.id, similarity: 1)
            }
        case .removed(let witness, let similarity):
            guard let kept = graph.groups[witness].members.first else { return [] }
            return group.members.map {
                Resolution(id: $0.id, canonical: kept.id, similarity: Float(similarity))
            }
        }
    }
}

extension DedupeArrival {
    fileprivate init(_ row: SignatureRow) {
        let signature = Signature(exact: row.exact, minimums: row.minimums, shingles: [])
        self.init(
            member: DedupeMember(id: row.id, priority: row.priority, uri: row.uri),
            exact: row.exact,
            bandKeys: Text.bandKeys(signature)
        )
    }
}
