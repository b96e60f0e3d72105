internal import Dataflow
internal import Hashing
internal import Manifests
internal import Records
internal import Stages
internal import Telemetry
internal import Text

/// Decides which documents repeat others: takes what changed up into the dedupe store, decides what that
/// concerns, and writes what came out otherwise to the shards.
///
/// The decision is a function of the set of documents; the store remembers it. Asked to stop, the phase
/// ends at the next document with all of its work stored.
struct ResolvePhase {
    private static let documentsPerTransaction = 1024
    /// The fingerprint of a store that decides nothing.
    private static let noRule = "none"
    /// Of what the parent may hold beside documents.
    private static let shingleBytes = 64 << 20

    private let context: RunContext
    private let workspace: Workspace
    private let stop: StopPoint
    private let documents: StoredDocuments

    init(context: RunContext, stop: StopPoint) {
        self.context = context
        self.workspace = context.workspace
        self.stop = stop
        self.documents = StoredDocuments(
            workspace: context.workspace,
            byteLimit: Self.shingleBytes,
            workerCount: context.options.workerCount,
            isAcrossLabels: context.dedupeNode.map { dedupeRule($0).acrossLabels } ?? false
        )
    }

    func run() throws {
        let rule = self.context.dedupeNode.map(dedupeRule)
        let fingerprint = rule?.fingerprint ?? Self.noRule
        if try self.workspace.dedupe.fingerprint() != fingerprint {
            try self.startOver(fingerprint, wantsSignatures: rule != nil)
        }
        if let rule { try self.takeUp(rule) }
        // Nothing waits to be compared now, or without a dedupe stage, ever.
        for shard in self.workspace.shards { try shard.markAllResolved() }
        if let rule {
            try self.followHeld(rule)
            try self.decide(rule)
        }
        try self.write()
    }

    /// Whether the store decided everything that the manifests have, by the rule of this run.
    func isUpToDate() throws -> Bool {
        let fingerprint = self.context.dedupeNode.map { dedupeRule($0).fingerprint }
        let store = self.workspace.dedupe
        return try store.fingerprint() == fingerprint ?? Self.noRule
            && store.queuedCount() == 0 && store.unwrittenCount() == 0
            && self.workspace.shards.allSatisfy { try $0.unresolvedCount() == 0 }
    }

    /// Stored decisions follow a rule and a signature; other ones make them again.
    private func startOver(_ fingerprint: String, wantsSignatures: Bool) throws {
        if wantsSignatures {
            for shard in self.workspace.shards {
                try SigningPhase(shard: shard, stop: self.stop).run()
                try shard.markAllUnresolved()
                // On the disk before the store is empty: nothing else would fill it.
                try shard.checkpoint()
            }
        }
        try self.workspace.dedupe.reset(
            fingerprint: fingerprint,
            unwritten: try self.workspace.shards.flatMap { try $0.resolvedDocuments() }
        )
    }

    /// Gives the dedupe store every document that changed.
    ///
    /// Invariant: the store is on the disk before a shard forgets what it gave, so that a power cut
    /// repeats documents and never loses one.
    private func takeUp(_ rule: DedupeRule) throws {
        let total = try self.workspace.shards.reduce(0) { try $0 + $1.unresolvedCount() }
        guard total > 0 else { return }
        self.context.options.progress.expect(total)
        for shard in self.workspace.shards {
            var last: DocumentID?
            while true {
                let page = try shard.unresolved(after: last, limit: Self.documentsPerTransaction)
                guard let end = page.last else { break }
                last = end.id
                try self.takeUp(page, rule)
                try self.stop.check()
                self.context.options.progress.finish(page.count)
            }
        }
        try self.workspace.dedupe.checkpoint()
    }

    private func takeUp(_ page: [UnresolvedDocument], _ rule: DedupeRule) throws {
        let arrivals = page.map { document in
            // Documents without words all look alike and are still no copies of each other.
            let signature = document.signature.flatMap { $0.bandKeys.isEmpty ? nil : $0 }
            return (id: document.id, arrival: signature.map { DedupeArrival($0, rule) })
        }
        try self.update(rule) { groups in
            groups.expect(arrivals.map(\.id))
            try groups.readBands(of: arrivals.compactMap(\.arrival))
            for (id, arrival) in arrivals where !self.stop.isReached() {
                if let arrival { try groups.take(arrival) } else { try groups.remove(id) }
            }
        }
    }

    /// Documents that no source lists any more come after all others.
    private func followHeld(_ rule: DedupeRule) throws {
        let held = Set(try self.workspace.shards.flatMap { try $0.heldDeletions().map(\.id) })
        let known = Set(try self.workspace.dedupe.heldMembers())
        guard held != known else { return }
        try self.update(rule) { groups in
            groups.expect(held.symmetricDifference(known).sorted())
            for id in held.subtracting(known).sorted() { try groups.setHeld(id, true) }
            for id in known.subtracting(held).sorted() { try groups.setHeld(id, false) }
        }
    }

    private func decide(_ rule: DedupeRule) throws {
        let queued = try self.workspace.dedupe.queuedCount()
        guard queued > 0 else { return }
        self.context.options.progress.expect(queued)
        while true {
            try self.stop.check()
            let count = try self.update(rule) { groups in
                try groups.readBandsOfQueued(limit: Self.documentsPerTransaction)
                var count = 0
                while count < Self.documentsPerTransaction, !self.stop.isReached(),
                    try groups.decideNext()
                { count += 1 }
                return count
            }
            self.context.options.progress.finish(count)
            if count == 0, !self.stop.isReached() { return }
        }
    }

    private func update<Result>(
        _ rule: DedupeRule,
        _ body: (inout ExactGroups) throws -> Result
    ) throws -> Result {
        try self.workspace.dedupe.update { tables in
            var groups = try ExactGroups(tables, documents: self.documents, rule: rule)
            return try body(&groups)
        }
    }

    /// Writes to the shards what is decided.
    private func write() throws {
        let store = self.workspace.dedupe
        let total = try store.unwrittenCount()
        guard total > 0 else { return }
        self.context.options.progress.expect(total)
        var changed: Set<Int> = []
        var last: DocumentID?
        while true {
            let page = try store.unwritten(after: last, limit: Self.documentsPerTransaction)
            guard let end = page.last else { break }
            last = end.id
            let shardCount = self.workspace.shards.count
            let byShard = Dictionary(grouping: page) { $0.id.shard(of: shardCount) }
            for (shard, resolutions) in byShard.sorted(by: { $0.key < $1.key })
            where try self.workspace.shards[shard].setResolutions(resolutions) > 0 {
                changed.insert(shard)
            }
            try self.stop.check()
            self.context.options.progress.finish(page.count)
        }
        // On the disk before the store says that they are.
        for shard in changed.sorted() { try self.workspace.shards[shard].checkpoint() }
        try store.markWritten()
    }
}

extension DedupeRule {
    /// What stored decisions depend on beside the documents.
    var fingerprint: String {
        let prefer = self.prefer.map(\.rawValue).joined(separator: ",")
        return "\(SignatureBuilder.revision) \(FactDifference.revision) \(Self.revision) "
            + "\(self.threshold) \(self.near.rawValue) \(prefer) \(self.acrossLabels ? "across" : "by") labels"
    }
}

extension DedupeArrival {
    fileprivate init(_ row: SignatureRow, _ rule: DedupeRule) {
        let key = PreferenceKey(
            uri: row.uri,
            priority: row.priority,
            canonical: CanonicalRank(uri: row.uri, canonical: row.metadata["canonical"]),
            modified: row.metadata["modified"].flatMap(documentDate)
        )
        let separation = AccessSeparation(
            labels: row.labels,
            metadata: row.metadata,
            isAcross: rule.acrossLabels
        )
        self.init(
            id: row.id,
            isHeld: false,
            rank: PreferenceRank(key, by: rule.prefer),
            exact: separation.exact(row.exact),
            facts: row.facts,
            bandKeys: comparedKeys(row.bandKeys, rule.near).map(separation.bandKey)
        )
    }
}
