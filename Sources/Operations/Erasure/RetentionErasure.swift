internal import Dataflow
internal import Hashing
internal import Logging
internal import Manifests
internal import Records
internal import Segments
internal import Storage
internal import Telemetry

/// What a `retention` of the pipeline takes out in a run, taken out as `forget` does it, with a signed receipt.
///
/// Unlike what is forgotten, a document may come back: in a version that is young enough.
struct RetentionErasure {
    let context: RunContext

    private var layout: WorkspaceLayout { self.context.layout }

    /// Whether a run has begun to take documents out, and none has proved yet that they are gone.
    var isPending: Bool { fileExists(self.layout.pendingRetention) }

    /// Whether the segments of a shard are written anew: what is buried in one is still in its bytes.
    static func rewrites(
        _ shard: Int,
        of plan: Plan,
        _ layout: WorkspaceLayout
    ) throws -> Bool {
        guard let pending = try PendingErasure.read(layout.pendingRetention) else { return false }
        return pending.documents.contains { document in
            let id = hexBytes(document.id).flatMap { DocumentID(bytes: $0) }
            return id?.shard(of: plan.shardCount) == shard
        }
    }

    /// Notes durably what is to go, before it goes; snapshots that are kept on purpose and hold it go as well.
    func begin(_ ids: Set<DocumentID>) throws {
        guard !ids.isEmpty else { return }
        let shards = self.context.workspace.shards
        let targets = try ErasureTargets(ids: ids, in: shards)
        guard !targets.documents.isEmpty else { return }
        let names = ForgottenDocuments(key: try ErasureKey.make(self.layout))
        let live = try usableSnapshot(workspace: self.layout.root)
        var pending = PendingErasure(
            request: ErasureReceipt.retention,
            before: ErasureReceipt.State(snapshot: live?.number, digest: live?.digest)
        )
        pending.add(targets, namedBy: names)
        let holders = try markedHolders(of: targets, self.layout)
        pending.snapshotsDropped = holders
        if let earlier = try PendingErasure.read(self.layout.pendingRetention) {
            pending.add(earlier)
        }
        try pending.write(to: self.layout.pendingRetention, in: self.layout)
        try self.context.workspace.catalog.forgetURIs(Set(targets.documents.map(\.uri)))
        try dropMarks(of: holders, self.layout)
    }

    /// Proves that it is gone, and writes the receipt; nil, and the proof is left to the next run that purges, where
    /// something of it is still there.
    ///
    /// - Precondition: the run has purged.
    func conclude(snapshot: Snapshot?) throws -> String? {
        guard let pending = try PendingErasure.read(self.layout.pendingRetention) else {
            return nil
        }
        let known = try knownIDs(pending.documents.map(\.id), in: self.context.workspace.shards)
        try forgetCachedVectors(of: pending.digests, self.context.plan)
        let proof = try ErasureProof(
            ids: pending.documents.map(\.id).filter { !known.contains($0) },
            digests: pending.digests,
            layout: self.layout,
            caches: self.context.plan.embeddingCacheFiles
        )
        guard proof.leftovers.isEmpty else {
            self.context.log.warning(
                "what a retention takes out is not gone yet: the next run that publishes goes on",
                metadata: ["files": "\(proof.leftovers.prefix(5).joined(separator: ", "))"]
            )
            return nil
        }
        let receipt = ErasureReceipt(
            of: pending,
            proof,
            after: ErasureReceipt.State(snapshot: snapshot?.number, digest: snapshot?.digest),
            plan: self.context.plan,
            layout: self.layout,
            clock: self.context.options.clock
        )
        let key = try ErasureKey.read(self.layout.erasureKey).signing
        let path = try SignedReceipt(receipt, key: key).write(self.layout)
        try AuditLog(layout: self.layout, clock: self.context.options.clock).append(
            .forget,
            [
                "request": receipt.request, "documents": "\(receipt.documents.count)",
                "uri_digests": receipt.documents.prefix(20).map(\.uriDigest).joined(separator: " "),
                "snapshots_dropped": receipt.snapshotsDropped.map(String.init)
                    .joined(separator: " "),
            ]
        )
        try removeFile(self.layout.pendingRetention)
        try syncFolder(self.layout.erasureFolder)
        return path
    }
}

/// Those of the documents, by their ids in hexadecimal, that the manifests know.
func knownIDs(_ ids: [String], in shards: [ShardManifest]) throws -> Set<String> {
    var known: Set<String> = []
    for hex in ids {
        guard let id = hexBytes(hex).flatMap({ DocumentID(bytes: $0) }) else { continue }
        if try shards[id.shard(of: shards.count)].listingRow(of: id) != nil { known.insert(hex) }
    }
    return known
}
