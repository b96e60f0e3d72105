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
    static let documentsPerTransaction = 1024
    /// The fingerprint of a store that decides nothing.
    private static let noRule = "none"
    /// Of what the parent may hold beside documents.
    private static let shingleBytes = 64 << 20

    let context: RunContext
    let workspace: Workspace
    let stop: StopPoint
    private let documents: StoredDocuments
    private let found: ResolveAhead?

    /// - Parameter found: what items of the run found out; nil where none did.
    init(context: RunContext, stop: StopPoint, found: ResolveAhead? = nil) {
        self.context = context
        self.workspace = context.workspace
        self.stop = stop
        self.found = found
        self.documents = StoredDocuments(
            workspace: context.workspace,
            byteLimit: Self.shingleBytes,
            workerCount: context.options.workerCount,
            isAcrossLabels: context.dedupeNode.map { dedupeRule($0).acrossLabels } ?? false,
            found: found
        )
    }

    func run() throws {
        let rule = self.context.dedupeNode.map(dedupeRule)
        let fingerprint = rule?.fingerprint ?? Self.noRule
        if try self.workspace.dedupe.fingerprint() != fingerprint {
            // Items that found something out have signed and marked what is to be taken up.
            try self.startOver(fingerprint, wantsSignatures: rule != nil && self.found == nil)
        }
        if let rule {
            if let found = self.found {
                try self.takeUp(found, rule)
            } else {
                try self.takeUp(rule)
            }
        }
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
                try SigningPhase(shard: shard, stop: self.stop).startOver()
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
        for shard in self.workspace.shards { try self.takeUp(shard, rule) }
        try self.workspace.dedupe.checkpoint()
    }

    /// Gives the store every document of a shard that changed.
    func takeUp(_ shard: ShardManifest, _ rule: DedupeRule) throws {
        var last: DocumentID?
        while true {
            let page = try shard.unresolved(after: last, limit: Self.documentsPerTransaction)
            guard let end = page.last else { break }
            last = end.id
            try self.take(page.map { (id: $0.id, arrival: DedupeArrival($0, rule)) }, rule)
            try self.stop.check()
            self.context.options.progress.finish(page.count)
        }
    }

    /// - Parameter arrivals: nil for a document that is compared with nothing any more.
    func take(_ arrivals: [(id: DocumentID, arrival: DedupeArrival?)], _ rule: DedupeRule) throws {
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
