internal import Manifests
internal import Records
internal import Storage
internal import Text

/// What follows from the comparisons for every document that has a twin: which is kept, which it repeats,
/// which group it is in.
///
/// A function of the graph, the rule and the held documents; where the graph lacks the verdict on two texts,
/// they are read and the verdict is remembered.
struct DuplicateDecision {
    private let workspace: Workspace
    private let rule: DedupeRule
    private let groups: [DedupeGraph.Group]
    private let edges: [SimilarityEdge]

    /// - Parameter held: documents that no source lists any more; they come after all others.
    init(workspace: Workspace, rule: DedupeRule, held: Set<DocumentID>) throws {
        self.workspace = workspace
        self.rule = rule
        let graph = try workspace.dedupe.graph()
        var groups = graph.groups
        var keys: [PreferenceKey] = []
        for index in groups.indices {
            let members = groups[index].members.map {
                (member: $0, key: PreferenceKey($0, isHeld: held.contains($0.id)))
            }.sorted { $0.key.precedes($1.key, by: rule.prefer) }
            groups[index].members = members.map(\.member)
            keys.append(members[0].key)
        }
        markContained(
            &keys,
            by: rule.prefer,
            pairs: graph.edges.lazy.map {
                (left: $0.low, right: $0.high, containment: $0.containment)
            }
        )
        let order = groups.indices.sorted { keys[$0].precedes(keys[$1], by: rule.prefer) }
        var nodes = Array(repeating: 0, count: order.count)
        for (node, group) in order.enumerated() { nodes[group] = node }
        self.groups = order.map { groups[$0] }
        self.edges = graph.edges.map {
            SimilarityEdge(
                nodes[$0.low],
                nodes[$0.high],
                similarity: $0.similarity,
                differsInFacts: groups[$0.low].facts != groups[$0.high].facts
            )
        }
    }

    /// Makes the decision and writes it to the shards.
    func write() throws {
        var verdicts = TextVerdicts(workspace: self.workspace)
        let outcomes = try decideNearDuplicates(
            nodeCount: self.groups.count,
            edges: self.edges,
            policy: self.rule.near
        ) { earlier, later in
            try verdicts.holdsFact(self.groups[earlier].members[0], self.groups[later].members[0])
        }
        try verdicts.remember()
        var resolutions = Array(repeating: [Resolution](), count: self.workspace.shards.count)
        for (group, outcome) in zip(self.groups, outcomes) {
            for resolution in self.resolutions(of: group, outcome) {
                resolutions[resolution.id.shard(of: resolutions.count)].append(resolution)
            }
        }
        // On the disk before the store says that they are: see `ResolvePhase.takeUp`.
        for (shard, resolutions) in zip(self.workspace.shards, resolutions)
        where try shard.replaceResolution(resolutions) > 0 { try shard.checkpoint() }
    }

    /// The members of a group that repeat others, and its first where it is in a group of near-duplicates.
    private func resolutions(
        of group: DedupeGraph.Group,
        _ outcome: NearOutcome
    ) -> [Resolution] {
        switch outcome {
        case .kept(let leader):
            let first = group.members[0].id
            let grouped = leader.map {
                Resolution(
                    id: first,
                    canonical: nil,
                    similarity: nil,
                    group: self.groups[$0].members[0].id
                )
            }
            return (grouped.map { [$0] } ?? [])
                + group.members.dropFirst().map {
                    Resolution(id: $0.id, canonical: first, similarity: 1)
                }
        case .removed(let witness, let similarity):
            let kept = self.groups[witness].members[0].id
            return group.members.map {
                Resolution(id: $0.id, canonical: kept, similarity: Float(similarity))
            }
        }
    }
}

/// Whether two documents' texts differ in a fact, from the store or from the texts.
private struct TextVerdicts {
    private let workspace: Workspace
    private let inflater = Inflater()
    private var difference = FactDifference()
    private var comparedText = ComparedText()
    private var found: [(left: Digest, right: Digest, holdsFact: Bool)] = []
    /// The text that was read last: a document is compared with several others in turn.
    private var last: (id: DocumentID, text: [UInt8])?

    /// Verdicts that are written in one transaction.
    private static let pageCount = 4_096

    init(workspace: Workspace) { self.workspace = workspace }

    mutating func holdsFact(_ earlier: DedupeMember, _ later: DedupeMember) throws -> Bool {
        let stored = try self.workspace.dedupe.verdict(earlier.comparedHash, later.comparedHash)
        if let stored { return stored }
        let text = try self.last?.id == later.id ? self.last?.text ?? [] : self.text(of: later.id)
        self.last = (later.id, text)
        let holdsFact = self.difference.holdsFact(try self.text(of: earlier.id), text)
        self.found.append((earlier.comparedHash, later.comparedHash, holdsFact))
        if self.found.count >= Self.pageCount { try self.remember() }
        return holdsFact
    }

    mutating func remember() throws {
        try self.workspace.dedupe.remember(self.found)
        self.found.removeAll()
    }

    private mutating func text(of id: DocumentID) throws -> [UInt8] {
        guard let stored = try self.workspace.shard(of: id).compressedText(of: id) else {
            return []
        }
        let text = try self.inflater.inflate(stored.bytes, byteCount: stored.textByteCount)
        return self.comparedText.join(title: stored.title, text)
    }
}

extension PreferenceKey {
    fileprivate init(_ member: DedupeMember, isHeld: Bool) {
        self.init(
            uri: member.uri,
            priority: member.priority,
            canonical: CanonicalRank(rawValue: member.canonical) ?? .unnamed,
            modified: member.modified,
            isHeld: isHeld
        )
    }
}
