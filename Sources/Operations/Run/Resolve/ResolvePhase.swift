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
        if let threshold { try self.takeUp(threshold: threshold) }
        // Nothing waits to be compared now, or without a dedupe stage, ever.
        for shard in self.workspace.shards { try shard.markAllResolved() }
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

    /// Gives the dedupe store every document that changed.
    ///
    /// Invariant: the store is on the disk before a shard forgets what it gave, so that a power cut
    /// repeats comparisons and never loses one.
    private func takeUp(threshold: Double) throws {
        // Out with all of them first: what is compared must not meet the old form of another.
        if try self.workspace.dedupe.memberCount() > 0 {
            try self.visitUnresolved { page in
                try self.workspace.dedupe.apply(
                    removed: page.map(\.id),
                    added: [],
                    threshold: threshold,
                    similarity: { _, _ in 0 }
                )
            }
        }
        var isEmpty = true
        try self.visitUnresolved { page in
            isEmpty = false
            try self.compare(page, threshold: threshold)
        }
        if !isEmpty { try self.workspace.dedupe.checkpoint() }
    }

    private func visitUnresolved(_ body: ([UnresolvedDocument]) throws -> Void) throws {
        for shard in self.workspace.shards {
            var last: DocumentID?
            while true {
                let page = try shard.unresolved(after: last, limit: Self.documentsPerPage)
                guard let end = page.last else { break }
                last = end.id
                try body(page)
            }
        }
    }

    private func compare(_ page: [UnresolvedDocument], threshold: Double) throws {
        // Documents without tokens all look alike and are still no copies of each other.
        let signatures = page.compactMap(\.signature).filter { !$0.minimums.isEmpty }
        try self.workspace.dedupe.apply(
            removed: [],
            added: signatures.map(DedupeArrival.init),
            threshold: threshold,
            similarity: { try jaccard(self.shingles(of: $0), self.shingles(of: $1)) }
        )
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
        // On the disk before the store says that they are: see `takeUp`.
        for (shard, resolutions) in zip(self.workspace.shards, duplicates)
        where try shard.replaceResolution(resolutions) > 0 { try shard.checkpoint() }
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
