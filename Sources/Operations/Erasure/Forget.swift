internal import Dataflow
internal import Hashing
internal import Manifests
internal import Records
internal import Segments
internal import Stages
internal import Storage
internal import Telemetry

package struct ForgetReport: Sendable, Codable {
    /// Path of the signed receipt.
    package var receipt: String
    package var documents: Int
    /// Of these: those that were taken out of another one.
    package var children: Int
    /// Documents of other URIs with the same text, which stay.
    package var copiesKept: Int
    package var snapshotsDropped: [Int]
    package var snapshot: Int?
    package var digest: String?
    package var filesScanned: Int
    package var bytesScanned: Int
    /// Where something of it was found all the same; empty for an erasure that is whole.
    package var leftovers: [String]
    /// What an erasure in a workspace does not take away, for people.
    package var notReached: [String]
    package var run: RunSummary
}

/// Takes documents out of a workspace for good: their rows, texts, chunks and vectors, the segments and snapshots
/// that hold them, and what stood in free pages; leaves a signed receipt, and a keyed digest by which no run takes
/// them up again.
///
/// What has begun is ended by the next call, whatever it asks for. The gate is not asked.
///
/// - Parameters:
///   - includesCopies: whether documents of other URIs with the same text, and those it stands for as
///     duplicates, go as well.
///   - keyPath: the key that signs, instead of the workspace's.
/// - Throws: ``OperationError`` `.noSuchState` where nothing is to be forgotten; `.configuration` where the
///   pipeline changed since the last run; `.locked`; `.fatal` where a part was found after all.
package func forget(
    _ request: ErasureRequest,
    pipeline path: String,
    includesCopies: Bool = false,
    keyPath: String? = nil,
    options: RunOptions
) throws -> ForgetReport {
    let plan = try loadPipeline(path: path, overrides: options.overrides, for: .redaction)
    return try translatingErrors {
        try Erasure(
            request: request,
            plan: plan,
            pipelinePath: path,
            includesCopies: includesCopies,
            keyPath: keyPath,
            options: options
        ).run()
    }
}

private struct Erasure {
    let request: ErasureRequest
    let plan: Plan
    let pipelinePath: String
    let includesCopies: Bool
    let keyPath: String?
    let options: RunOptions

    private var layout: WorkspaceLayout { WorkspaceLayout(root: self.plan.workspace) }

    func run() throws -> ForgetReport {
        let signing = try self.keyPath.map { try ErasureKey.read($0).signing }
        let pending = try self.begin()
        var options = self.options
        options.isErasing = true
        options.isPurging = true
        let summary = try runPipelineFile(.compact, path: self.pipelinePath, options: options)
        guard summary.outcome == .published || summary.outcome == .unchanged else {
            throw OperationError(
                summary.status,
                "the erasure was stopped before its end; the same command again ends it"
            )
        }
        return try self.conclude(pending, summary, signing)
    }

    // MARK: Taking out

    /// Notes durably what is to go and never to come back, then takes it out of the manifests.
    private func begin() throws -> PendingErasure {
        _ = try WorkspaceReader(root: self.plan.workspace)
        let workspace = try Workspace(
            root: self.plan.workspace,
            shardCount: self.plan.shardCount,
            pipeline: self.plan.name,
            verb: "forget",
            startedMilliseconds: self.options.clock.milliseconds(),
            lockWaitSeconds: self.options.lockWaitSeconds
        )
        defer { try? workspace.close() }
        let key = try ErasureKey.make(self.layout)
        var forgotten = try ForgottenDocuments.read(self.layout) ?? ForgottenDocuments(key: key)
        let targets = try ErasureTargets(
            self.request,
            in: workspace.shards,
            includesCopies: self.includesCopies
        )
        let earlier = try PendingErasure.read(self.layout.pendingErasure)
        try self.refuseNothing(targets, forgotten, earlier)
        var pending = try self.pending(targets, forgotten)
        if let earlier { pending.add(earlier) }
        for document in targets.documents {
            forgotten.add(uri: document.uri)
            if let content = document.contentHash, targets.copies.isEmpty {
                forgotten.add(content: content)
            }
        }
        for uri in targets.unknownURIs { forgotten.add(uri: uri) }
        // In this order: what is noted as pending is ended, what is forgotten does not come back.
        try pending.write(to: self.layout.pendingErasure, in: self.layout)
        try forgotten.write(self.layout)
        try AuditLog(layout: self.layout, clock: self.options.clock).append(
            .forget,
            [
                "request": self.request.name, "documents": "\(pending.documents.count)",
                "uri_digests": pending.documents.prefix(20).map(\.uriDigest).joined(separator: " "),
                "snapshots_dropped": pending.snapshotsDropped.map(String.init).joined(
                    separator: " "
                ),
            ]
        )
        try self.remove(targets, from: workspace)
        return pending
    }

    private func refuseNothing(
        _ targets: ErasureTargets,
        _ forgotten: ForgottenDocuments,
        _ earlier: PendingErasure?
    ) throws {
        let isKnown = targets.unknownURIs.contains { forgotten.contains(uri: $0) }
        guard targets.documents.isEmpty, earlier == nil, !isKnown else { return }
        let what =
            targets.unknownURIs.first.map { "no document '\($0)' is" } ?? "no document that fits is"
        throw OperationError(
            .noSuchState,
            "\(what) in \(self.plan.workspace); 'millrace search' and 'millrace explain' print URIs as they are known"
        )
    }

    private func pending(
        _ targets: ErasureTargets,
        _ forgotten: ForgottenDocuments
    ) throws -> PendingErasure {
        let live = try usableSnapshot(workspace: self.layout.root)
        var pending = PendingErasure(
            request: self.request.name,
            before: ErasureReceipt.State(snapshot: live?.number, digest: live?.digest)
        )
        pending.add(targets, namedBy: forgotten)
        // Asked for again, what is gone is proved once more.
        pending.documents += targets.unknownURIs.filter { forgotten.contains(uri: $0) }.map {
            ErasureReceipt.Document(
                id: documentID(uri: $0).hex,
                uriDigest: forgotten.digest(uri: $0),
                chunks: 0,
                isChild: false
            )
        }
        pending.snapshotsDropped = try markedHolders(of: targets, self.layout)
        return pending
    }

    private func remove(_ targets: ErasureTargets, from workspace: Workspace) throws {
        let run = try workspace.catalog.runs(limit: 1).first?.id ?? 0
        let byShard = Dictionary(grouping: targets.documents) {
            $0.id.shard(of: workspace.shards.count)
        }
        for (shard, documents) in byShard.sorted(by: { $0.key < $1.key }) {
            try workspace.shards[shard].commit(
                documents.map { .removed($0.id) },
                run: run,
                at: self.options.clock.milliseconds()
            )
        }
        try workspace.catalog.forgetURIs(Set(targets.documents.map(\.uri)))
        try dropMarks(of: try markedHolders(of: targets, self.layout), self.layout)
    }

    // MARK: Proving

    private func conclude(
        _ pending: PendingErasure,
        _ summary: RunSummary,
        _ signing: SigningKey?
    ) throws -> ForgetReport {
        try forgetCachedVectors(of: pending.digests, self.plan)
        let proof = try ErasureProof(
            ids: pending.documents.map(\.id),
            digests: pending.digests,
            layout: self.layout,
            caches: self.plan.embeddingCacheFiles
        )
        let key = try signing ?? ErasureKey.read(self.layout.erasureKey).signing
        let receipt = ErasureReceipt(
            of: pending,
            proof,
            after: ErasureReceipt.State(snapshot: summary.snapshot, digest: summary.digest),
            plan: self.plan,
            layout: self.layout,
            clock: self.options.clock
        )
        guard proof.leftovers.isEmpty else {
            throw OperationError(
                .fatal,
                "the erasure is not whole: something of it stands in "
                    + "\(proof.leftovers.prefix(5).joined(separator: ", ")); no receipt was written. The same "
                    + "command again goes on with it"
            )
        }
        let path = try SignedReceipt(receipt, key: key).write(self.layout)
        try removeFile(self.layout.pendingErasure)
        try syncFolder(self.layout.erasureFolder)
        return ForgetReport(
            receipt: path,
            documents: receipt.documents.count,
            children: receipt.documents.count(where: \.isChild),
            copiesKept: receipt.copiesKept,
            snapshotsDropped: receipt.snapshotsDropped,
            snapshot: summary.snapshot,
            digest: summary.digest,
            filesScanned: proof.files,
            bytesScanned: proof.bytes,
            leftovers: [],
            notReached: receipt.notReached,
            run: summary
        )
    }
}
