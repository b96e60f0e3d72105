internal import Dataflow
internal import Hashing
internal import Manifests
internal import Records
internal import Stages
internal import Text

/// Decides which documents repeat others: brings the dedupe store up to date with what changed, then
/// decides every group that has a twin.
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
        let rule = self.context.dedupeNode.map(dedupeRule)
        let comparison = rule?.comparison ?? "none"
        if try self.workspace.dedupe.fingerprint() != comparison {
            try self.startOver(comparison, wantsSignatures: rule != nil)
        }
        if let rule { try self.takeUp(rule) }
        // Nothing waits to be compared now, or without a dedupe stage, ever.
        for shard in self.workspace.shards { try shard.markAllResolved() }
        let held = try self.heldDocuments()
        let decision = rule?.decision(held: held) ?? "none"
        guard try self.workspace.dedupe.isUndecided(rule: decision) else { return }
        try DuplicateDecision(
            workspace: self.workspace,
            rule: rule ?? DedupeRule(threshold: 1, near: .off),
            held: held
        ).write()
        try self.workspace.dedupe.markDecided(rule: decision)
    }

    /// Stored comparisons were made with a threshold and a signature; other ones make them again.
    private func startOver(_ comparison: String, wantsSignatures: Bool) throws {
        if wantsSignatures {
            for shard in self.workspace.shards {
                try SigningPhase(shard: shard, context: self.context).run()
                try shard.markAllUnresolved()
            }
        }
        try self.workspace.dedupe.reset(fingerprint: comparison)
    }

    /// Gives the dedupe store every document that changed.
    ///
    /// Invariant: the store is on the disk before a shard forgets what it gave, so that a power cut
    /// repeats comparisons and never loses one.
    private func takeUp(_ rule: DedupeRule) throws {
        // Out with all of them first: what is compared must not meet the old form of another.
        if try self.workspace.dedupe.memberCount() > 0 {
            try self.visitUnresolved { page in
                try self.workspace.dedupe.apply(
                    removed: page.map(\.id),
                    added: [],
                    threshold: rule.threshold,
                    compare: { _, _ in DedupeComparison(similarity: 0) }
                )
            }
        }
        var isEmpty = true
        try self.visitUnresolved { page in
            isEmpty = false
            try self.compare(page, rule)
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

    private func compare(_ page: [UnresolvedDocument], _ rule: DedupeRule) throws {
        // Documents without words all look alike and are still no copies of each other.
        let signatures = page.compactMap(\.signature).filter { !$0.minimums.isEmpty }
        try self.workspace.dedupe.apply(
            removed: [],
            added: signatures.map { DedupeArrival($0, isNearWanted: rule.near != .off) },
            threshold: rule.threshold
        ) { left, right in
            let comparison = compareShingles(
                try self.shingles(of: left),
                try self.shingles(of: right)
            )
            return DedupeComparison(
                similarity: comparison.similarity,
                containment: comparison.containment
            )
        }
    }

    private func shingles(of candidate: DedupeCandidate) throws -> [UInt32] {
        let id = candidate.representative
        return try self.workspace.shard(of: id).shingles(of: id) ?? []
    }

    private func heldDocuments() throws -> Set<DocumentID> {
        Set(try self.workspace.shards.flatMap { try $0.heldDeletions().map(\.id) })
    }
}

extension DedupeRule {
    /// What stored comparisons depend on.
    fileprivate var comparison: String {
        let candidates = self.near == .off ? "equal" : "near"
        return "\(SignatureBuilder.revision) \(self.threshold) \(candidates) "
            + "\(FactDifference.revision)"
    }

    /// What the decisions that follow from them depend on beside the documents.
    fileprivate func decision(held: Set<DocumentID>) -> String {
        let heldIDs = sha256(held.sorted().map(\.hex).joined(separator: " ")).hex.prefix(32)
        let prefer = self.prefer.map(\.rawValue).joined(separator: ",")
        return "\(self.near.rawValue) \(prefer)" + (held.isEmpty ? "" : " without \(heldIDs)")
    }
}

extension DedupeArrival {
    fileprivate init(_ row: SignatureRow, isNearWanted: Bool) {
        let signature = Signature(exact: row.exact, minimums: row.minimums, shingles: [])
        self.init(
            member: DedupeMember(
                id: row.id,
                priority: row.priority,
                uri: row.uri,
                canonical: CanonicalRank(uri: row.uri, canonical: row.metadata["canonical"])
                    .rawValue,
                modified: row.metadata["modified"].flatMap(documentDate),
                comparedHash: comparedTextHash(title: row.title, textHash: row.textHash)
            ),
            exact: row.exact,
            bandKeys: isNearWanted ? Text.bandKeys(signature) : [],
            facts: row.facts
        )
    }
}
