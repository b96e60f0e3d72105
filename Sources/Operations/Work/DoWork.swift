internal import Connectors
internal import Dataflow
internal import Execution
internal import Foundation
internal import Hashing
internal import Manifests
internal import Records
internal import Segments
internal import Storage
internal import Synchronization
internal import Telemetry

/// Does one item of ``planWork(path:options:isRestarting:)``, unless it is done already.
///
/// What is stored does not depend on how often, in which order or by how many processes the items of a phase
/// are done. While one process does an item, another waits for it as long as the options say.
/// - Parameter isAgain: do it also when it is done, and compare what came out.
/// - Throws: ``OperationError``: `.noSuchState` for an item of no open run, `.locked` while another process does
///   it, `.configuration` for one of another pipeline, `.interrupted` when it was stopped, `.fatal` when it came
///   out otherwise than before.
package func doWork(
    path: String,
    item: WorkItem,
    options: RunOptions,
    isAgain: Bool = false
) throws -> WorkResult {
    if item.phase == .prepare { try options.isolation.requireProgram() }
    return try translatingErrors {
        let pipeline = try WorkPipeline(path: path, options: options)
        return try WorkDoer(pipeline: pipeline, item: item).run(isAgain: isAgain)
    }
}

private struct WorkDoer {
    let pipeline: WorkPipeline
    let item: WorkItem
    private let worker: WorkResult.Worker

    private var files: WorkFiles { self.pipeline.files }
    private var options: RunOptions { self.pipeline.options }

    init(pipeline: WorkPipeline, item: WorkItem) {
        self.pipeline = pipeline
        self.item = item
        let holder = LockHolder.current(verb: "work do", startedMilliseconds: 0)
        self.worker = WorkResult.Worker(host: holder.host, process: holder.processID)
    }

    func run(isAgain: Bool) throws -> WorkResult {
        guard let session = self.pipeline.session, session.run == self.item.run else {
            return try self.resultOfEndedRun()
        }
        let recorded = try self.recorded()
        if let recorded, !isAgain || !session.items.contains(self.item) { return recorded }
        guard session.items.contains(self.item) else {
            throw OperationError(
                .noSuchState,
                "item \(self.item.name) is not of the phase that run \(session.run) is in "
                    + "(\(session.phase.rawValue)); ask for the present ones with 'millrace work plan'"
            )
        }
        let lock: WorkspaceLock
        do {
            lock = try self.lockItem()
        } catch {
            // Its folder goes when the run ends.
            guard try self.isOpen() else { return try self.resultOfEndedRun() }
            throw error
        }
        defer { withExtendedLifetime(lock) {} }
        if !isAgain, let recorded = try self.recorded() { return recorded }
        let heartbeat = WorkHeartbeat(
            self.item,
            self.files,
            worker: self.worker,
            options: self.options
        )
        defer { heartbeat.end() }
        let result: WorkResult
        do {
            switch self.item.phase {
            case .prepare: result = try self.prepare(session)
            case .sign: result = try self.sign()
            case .join: result = try self.join()
            case .verify: result = try self.verify()
            case .resolve: result = try self.resolve(session)
            case .materialise: result = try self.materialise(session)
            case .publish: return try self.publish()
            }
        } catch is RunStopped {
            throw stoppedWork("item \(self.item.name)")
        } catch is RunEnded {
            return try self.resultOfEndedRun()
        }
        try self.record(result)
        return result
    }

    private func lockItem() throws -> WorkspaceLock {
        try waitingForLock(
            "item \(self.item.name) (\(self.item.phase.rawValue), part \(self.item.part))",
            seconds: self.options.lockWaitSeconds
        ) { () throws(StorageError) in
            try WorkspaceLock.acquire(
                self.files.lock(self.item.name),
                as: .current(
                    verb: "work do",
                    startedMilliseconds: self.options.clock.milliseconds()
                )
            )
        }
    }

    /// Whether the run that the item is of goes on; who asks has the workspace, alone or with other items.
    private func isOpen() throws -> Bool {
        try WorkSession.read(self.files)?.items.contains(self.item) ?? false
    }

    /// Between a look at the run and the lock on the workspace, another may have ended the run.
    private func requireOpen() throws {
        guard try self.isOpen() else { throw RunEnded() }
    }

    private struct RunEnded: Error {}

    // MARK: What is known of an item

    private func recorded() throws -> WorkResult? {
        var result = try self.files.read(WorkResult.self, from: self.files.done(self.item.name))
        result?.wasDone = true
        return result
    }

    /// The first who is done says what came out; whoever comes later has to agree.
    private func record(_ result: WorkResult) throws {
        let path = self.files.done(self.item.name)
        if try createFile(path, with: WorkFiles.encoded(result)) { return }
        guard let first = try self.recorded(), first.outputs != result.outputs else { return }
        throw OperationError(
            .fatal,
            "item \(self.item.name) (\(self.item.phase.rawValue), part \(self.item.part)) came out "
                + "twice and not the same: process \(first.worker.process) on \(first.worker.host) made "
                + "\(Self.names(first.outputs)), process \(self.worker.process) on \(self.worker.host) "
                + "made \(Self.names(result.outputs)). Did a document change meanwhile? Plan anew with "
                + "'millrace work plan PIPELINE --restart'"
        )
    }

    private static func names(_ outputs: [String]) -> String {
        outputs.isEmpty ? "nothing" : outputs.joined(separator: " ")
    }

    /// A copy of an item may come to its turn when the run is over: then there is nothing to do.
    private func resultOfEndedRun() throws -> WorkResult {
        let catalog = self.files.layout.catalog
        let record =
            fileExists(catalog)
            ? try Catalog(path: catalog, mode: .readOnly).run(self.item.run) : nil
        guard let record, record.status == .finished else {
            throw OperationError(
                .noSuchState,
                "run \(self.item.run), which item \(self.item.name) is of, is not open; it was taken over "
                    + "or given up. Ask for the present items with 'millrace work plan PIPELINE'"
            )
        }
        var result = self.result([])
        result.wasDone = true
        return result
    }

    private func result(_ outputs: [String]) -> WorkResult {
        WorkResult(
            item: self.item.name,
            run: self.item.run,
            phase: self.item.phase,
            part: self.item.part,
            outputs: outputs,
            worker: self.worker
        )
    }

    // MARK: The phases

    private func part() throws -> WorkspacePart {
        let part = try WorkspacePart(
            self.files.layout,
            shard: self.item.part,
            startedMilliseconds: self.options.clock.milliseconds(),
            lockWaitSeconds: self.options.lockWaitSeconds
        )
        try self.requireOpen()
        return part
    }

    private func prepare(_ session: WorkSession) throws -> WorkResult {
        let part = try self.part()
        let context = try self.pipeline.context(part, session)
        let twins = try self.item.inputs.dropFirst().first.map {
            try TwinTable($0, self.files, shardCount: self.pipeline.plan.shardCount)
        }
        let work = try ShardPreparation(
            context: context,
            shard: self.item.part,
            manifest: part.own,
            twins: twins,
            stop: self.pipeline.stop
        )
        let ids = try work.run { take in
            var again: [String: [DocumentID: Bool]] = [:]
            try visitWorkDocuments(self.item.inputs[0], self.files) { document in
                if let pending = document.pending { return try take(pending) }
                again[document.source, default: [:]][document.id] = document.isKnown
            }
            for (source, documents) in again.sorted(by: { $0.key < $1.key }) {
                let gone = try self.listAgain(source, documents, take)
                context.tally.withLock { $0.gone += gone.map { ($0, source) } }
            }
        }
        try part.own.checkpoint()
        var result = self.result([try attemptDigest(of: ids, part.own)])
        result.documents = ids.count
        result.take(context.tally.withLock { $0 })
        return result
    }

    /// Calls `take` with the documents of a source that could not be written down.
    ///
    /// - Parameter documents: whether the manifest knew them, by id.
    /// - Returns: those that the source does not list any more, ascending.
    private func listAgain(
        _ source: String,
        _ documents: [DocumentID: Bool],
        _ take: (PendingDocument) throws -> Void
    ) throws -> [DocumentID] {
        guard let connector = self.pipeline.connectors[source],
            let plan = self.pipeline.plan.sources.first(where: { $0.name == source })
        else { throw OperationError(.configuration, "source '\(source)' has no connector") }
        var rest = documents
        let stop = self.pipeline.stop
        do {
            let outcome = try visitListing(of: connector, isEnding: { stop.isReached() }) {
                listed in
                guard let isKnown = rest.removeValue(forKey: listed.id) else { return }
                try take(
                    PendingDocument(
                        item: SourceItem(listed, source: source, priority: plan.priority),
                        listed: listed,
                        isKnown: isKnown
                    )
                )
            }
            guard outcome.isComplete else {
                throw OperationError(
                    .fatal,
                    "source '\(source)' could not be listed again to its end; do the item again"
                )
            }
        } catch let error as ConnectorError {
            if error.code == .stopped { throw error.cause ?? RunStopped() }
            throw OperationError(
                .fatal,
                "source '\(source)' cannot be listed again: \(error); do the item again"
            )
        }
        return rest.keys.sorted()
    }

    private func sign() throws -> WorkResult {
        let part = try self.part()
        let rule = try self.pipeline.comparingRule()
        let store = try DedupeStore(path: self.files.layout.dedupe, mode: .readOnly)
        let signed = try ShardSigning(
            shard: self.item.part,
            manifest: part.own,
            rule: rule,
            startsOver: try store.fingerprint() != rule.fingerprint,
            files: self.files,
            stop: self.pipeline.stop
        ).run(bucketCount: self.pipeline.plan.shardCount)
        var result = self.result([signed.name])
        result.documents = signed.count
        return result
    }

    private func join() throws -> WorkResult {
        let part = try self.part()
        let rule = try self.pipeline.comparingRule()
        let store = try DedupeStore(path: self.files.layout.dedupe, mode: .readOnly)
        let joined = try BucketJoin(
            arrivals: WorkAhead.named(self.item.inputs[0], self.files).openedArrivals(self.files),
            rule: rule,
            stored: try store.fingerprint() == rule.fingerprint ? try store.bands() : nil,
            files: self.files,
            stop: self.pipeline.stop
        ).run(bucket: self.item.part)
        withExtendedLifetime(part) {}
        var result = self.result([joined.name])
        result.shards = joined.shards
        return result
    }

    private func verify() throws -> WorkResult {
        let part = try self.part()
        let compared = try ShardVerification(
            shard: self.item.part,
            ahead: WorkAhead.named(self.item.inputs[0], self.files).opened(self.files),
            rule: try self.pipeline.comparingRule(),
            manifest: { try part.manifest($0) },
            files: self.files,
            stop: self.pipeline.stop
        ).run()
        var result = self.result([compared.name])
        result.documents = compared.count
        return result
    }

    private func materialise(_ session: WorkSession) throws -> WorkResult {
        let part = try self.part()
        let context = try self.pipeline.context(part, session)
        let plan = self.pipeline.materialise
        context.options.progress.begin(
            phase: "materialise",
            total: try context.planner(shard: self.item.part, plan: plan).expectedCount()
        )
        var phase = try MaterialisePhase(
            context: context,
            plan: plan,
            shard: self.item.part,
            vectors: try VectorSources(
                session.shardsWithVectors,
                models: plan.modelFingerprints,
                manifest: context.manifest
            ),
            stop: self.pipeline.stop
        )
        try phase.run()
        try part.own.checkpoint()
        let written = try part.own.writtenIndexes()
        var result = self.result(
            written.sorted { $0.key < $1.key }.flatMap { $0.value.segments.flatMap(\.fileNames) }
        )
        result.documents = context.options.progress.read().done
        result.take(context.tally.withLock { $0 })
        return result
    }

    private func resolve(_ session: WorkSession) throws -> WorkResult {
        let workspace = try self.pipeline.openWorkspace(verb: "work do")
        defer { try? workspace.close() }
        try self.requireOpen()
        let context = try self.pipeline.context(workspace, session)
        let kept = try self.files.kept(WorkListing.self, session.listing)
        let known =
            kept.needsKnown || !session.gone.isEmpty
            ? try self.known(workspace, session)
            : KnownDocuments(shardCount: workspace.shards.count)
        let listing = kept.listing(known: known)
        context.tally.withLock { tally in
            tally.listing = listing
            tally.gone = session.gone.map { ($0.id, $0.source) }
        }
        let execution = try RunExecution(
            context: context,
            plan: self.pipeline.materialise,
            known: known,
            stop: self.pipeline.stop
        )
        let shards: [Int]
        do {
            shards = try execution.resolve(
                session.ahead.map { try WorkAhead.named($0, self.files).opened(self.files) }
            )
        } catch let error as RunStopped {
            guard let reason = context.embeddingStop.withLock({ $0 }) else { throw error }
            throw OperationError(
                .budgetReached,
                "\(reason); what the server gave is stored, the same item goes on"
            )
        }
        var result = self.result(shards.map { WorkspaceLayout.shardName($0) })
        result.documents = listing.listed
        result.shards = shards
        result.shardsWithVectors = execution.shardsWithVectors
        result.take(context.tally.withLock { $0 })
        return result
    }

    /// What the manifests knew when the run was planned.
    private func known(_ workspace: Workspace, _ session: WorkSession) throws -> KnownDocuments {
        // One that is gone now may have been stored by a process that was lost.
        let added = try self.addedDocuments(session).subtracting(session.gone.map(\.id))
        return try KnownDocuments(workspace.shards, except: added)
    }

    /// The listed documents that no manifest knew when the run was planned.
    private func addedDocuments(_ session: WorkSession) throws -> Set<DocumentID> {
        var added: Set<DocumentID> = []
        for name in session.documents {
            try visitWorkDocuments(name, self.files) { document in
                if !document.isKnown { added.insert(document.id) }
            }
        }
        return added
    }

    private func publish() throws -> WorkResult {
        let workspace = try self.pipeline.openWorkspace(verb: "work do")
        defer { try? workspace.close() }
        guard let session = try WorkSession.read(self.files), session.items.contains(self.item)
        else { return try self.resultOfEndedRun() }
        let summary = try publishWork(session, self.pipeline, workspace)
        return self.result(summary.digest.map { [$0] } ?? [])
    }
}

/// The hash of what a manifest says of the last attempts at documents: what could be read, how it came out,
/// and by which stages.
private func attemptDigest(of ids: [DocumentID], _ manifest: ShardManifest) throws -> String {
    var hasher = StreamingSHA256()
    for id in ids.sorted() {
        // What could not be read may be readable now.
        guard let row = try manifest.listingRow(of: id), let content = row.listedHash else {
            continue
        }
        let line =
            "\(id) \(row.state.name) \(content.hex) \(row.attemptFingerprint.hex)\n"
        hasher.update(Array(line.utf8))
    }
    return hasher.finish().hex
}
