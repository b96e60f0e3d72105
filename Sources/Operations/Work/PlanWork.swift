internal import Dataflow
internal import Hashing
internal import Logging
internal import Manifests
internal import Records
internal import Segments
internal import Storage
internal import Synchronization
internal import Telemetry

/// The items to do now.
package struct WorkPlan: Sendable {
    package var run: Int64
    package var phase: WorkPhase
    package var items: [WorkItem]
    /// Of a run that had nothing to do and is over already.
    package var summary: RunSummary?
}

/// The items that are to be done now of the run that is open; begins one where none is.
///
/// Equal states give equal items, in the order of shards. None means that the phase is over, and the next call
/// begins the next one; or that the run has nothing to do and has ended.
/// - Parameter isRestarting: give up the run that is open, keeping what its items stored.
/// - Throws: ``OperationError`` as a run does.
package func planWork(
    path: String,
    options: RunOptions,
    isRestarting: Bool = false
) throws -> WorkPlan {
    try options.isolation.requireProgram()
    return try translatingErrors {
        var pipeline = try WorkPipeline(path: path, options: options, isRestarting: isRestarting)
        if let session = pipeline.session {
            let open = session.openItems(pipeline.files)
            if !open.isEmpty { return WorkPlan(session, items: open) }
        }
        let workspace = try pipeline.openWorkspace(verb: "work plan")
        defer { try? workspace.close() }
        // Another one may have gone on while this one waited for the workspace.
        pipeline.session = isRestarting ? nil : try WorkSession.read(pipeline.files)
        guard var session = pipeline.session else {
            return try WorkPlanner(pipeline: pipeline, workspace: workspace).begin()
        }
        let open = session.openItems(pipeline.files)
        if !open.isEmpty { return WorkPlan(session, items: open) }
        guard session.isOver else {
            session.isOver = true
            try session.write(pipeline.files)
            return WorkPlan(session, items: [])
        }
        try session.advance(pipeline, workspace)
        return WorkPlan(session, items: session.items)
    }
}

extension WorkPlan {
    init(_ session: WorkSession, items: [WorkItem]) {
        self.init(run: session.run, phase: session.phase, items: items)
    }
}

extension WorkSession {
    /// Enters the next phase, all items of this one being done; one without items is passed over.
    ///
    /// - Precondition: the caller has the workspace alone.
    mutating func advance(_ pipeline: WorkPipeline, _ workspace: Workspace) throws {
        let results = try self.results(pipeline.files)
        for result in results {
            self.tally.add(result.tally)
            self.gone += result.gone ?? []
        }
        let before = self.items.map(\.name)
        switch self.phase {
        case .prepare:
            try self.enterResolve(after: before, pipeline, workspace)
        case .sign, .join, .verify:
            try self.goOnAhead(results, pipeline.files)
        case .resolve:
            let result = results.first
            self.shardsWithVectors = result?.shardsWithVectors ?? []
            self.materialise(result?.shards ?? [], after: before)
        case .materialise:
            self.phase = .publish
            self.items = [self.item(.publish, inputs: before)]
        case .publish:
            break
        }
        self.isOver = false
        try self.write(pipeline.files)
    }

    /// Enters the phase that materialises these shards; the one after it where there are none.
    mutating func materialise(_ shards: [Int], after inputs: [String]) {
        self.phase = shards.isEmpty ? .publish : .materialise
        self.items =
            shards.isEmpty
            ? [self.item(.publish, inputs: inputs)]
            : shards.map { self.item(.materialise, part: $0, inputs: inputs) }
    }
}

/// Begins a run in items: lists the sources, and says what is to be looked at.
private struct WorkPlanner {
    let pipeline: WorkPipeline
    let workspace: Workspace

    func begin() throws -> WorkPlan {
        let (files, options) = (self.pipeline.files, self.pipeline.options)
        try files.remove()
        try files.createFolders()
        let live = try usableSnapshot(workspace: self.workspace.layout.root)
        let verb = live == nil ? RunVerb.backfill : .sync
        let started = options.clock.milliseconds()
        let run = try self.workspace.catalog.beginRun(
            verb: verb.rawValue,
            pipeline: self.pipeline.plan.name,
            pipelineFingerprint: self.pipeline.fingerprints.pipeline,
            pipelinePath: absolutePath(self.pipeline.path),
            resumes: try self.workspace.catalog.lastUnfinishedRun()?.id,
            overrides: options.overrides,
            at: started
        )
        do {
            let context = try self.pipeline.context(self.workspace, verb: verb, run: run)
            return try self.plan(context, started: started)
        } catch {
            try? files.remove()
            try? self.workspace.catalog.finishRun(
                run,
                status: options.cancellation.isRequested ? .interrupted : .failed,
                exitCode: ((error as? OperationError)?.status ?? .fatal).rawValue,
                summary: "{}",
                at: options.clock.milliseconds()
            )
            throw error
        }
    }

    private func plan(_ context: RunContext, started: Int64) throws -> WorkPlan {
        let files = self.pipeline.files
        let known = try KnownDocuments(self.workspace.shards)
        let execution = try RunExecution(
            context: context,
            plan: self.pipeline.materialise,
            known: known,
            stop: self.pipeline.stop
        )
        context.options.progress.begin(phase: "list", total: 0)
        let (listing, documents, newCount) = try self.list(execution)
        guard let listing else { throw stoppedWork("the listing") }
        var inputs = documents.compactMap { $0 }
        let twins =
            newCount > 0
            ? try TwinTable.keep(known, context.prepareFingerprints, files) : nil
        if let twins { inputs.append(twins) }
        var session = WorkSession(
            run: context.run,
            verb: context.verb.rawValue,
            fingerprint: self.pipeline.fingerprint,
            startedMilliseconds: started,
            isParanoid: context.options.isParanoid,
            overrides: context.options.overrides,
            listing: try files.keep(WorkListing(listing, known: known)),
            documents: documents.compactMap { $0 },
            phase: .prepare,
            items: []
        )
        session.items = documents.indices.compactMap { shard in
            documents[shard].map { name in
                session.item(
                    .prepare,
                    part: shard,
                    inputs: [name] + (twins.map { [$0] } ?? [])
                )
            }
        }
        context.log.info("run planned", metadata: ["items": "\(session.items.count)"])
        if session.items.isEmpty {
            return try self.planWithoutDocuments(session, context, execution, listing)
        }
        try session.write(files)
        return WorkPlan(session, items: session.items)
    }

    private func list(
        _ execution: RunExecution
    ) throws -> (listing: Listing?, documents: [String?], newCount: Int) {
        var writer = WorkDocumentWriter(
            self.pipeline.files,
            shardCount: self.pipeline.plan.shardCount
        )
        var failure: (any Error)?
        let stop = self.pipeline.stop
        let listing = try execution.listSources(
            isEnding: { failure != nil || stop.isReached() },
            take: { document in
                do { try writer.add(document) } catch { failure = error }
            }
        )
        if let failure { throw failure }
        return (listing, try writer.finish(), writer.newCount)
    }

    /// Nothing has to be read: the work begins with the next phase, or there is none.
    private func planWithoutDocuments(
        _ session: WorkSession,
        _ context: RunContext,
        _ execution: RunExecution,
        _ listing: Listing
    ) throws -> WorkPlan {
        let files = self.pipeline.files
        var session = session
        guard try self.hasSettled(context, listing) else {
            try session.enterResolve(after: [], self.pipeline, self.workspace)
            try session.write(files)
            return WorkPlan(session, items: session.items)
        }
        // Nothing has to be decided either, so that this costs a look at what is there.
        context.tally.withLock { $0.listing = listing }
        let shards = try execution.resolve()
        session.tally = context.tally.withLock { $0 }
        session.shardsWithVectors = execution.shardsWithVectors
        session.materialise(shards, after: [session.listing])
        try session.write(files)
        guard shards.isEmpty else { return WorkPlan(session, items: session.items) }
        let summary = try publishWork(session, self.pipeline, self.workspace)
        return WorkPlan(run: session.run, phase: .publish, items: [], summary: summary)
    }

    /// Whether no deletion and no duplicate has to be decided.
    private func hasSettled(_ context: RunContext, _ listing: Listing) throws -> Bool {
        guard listing.unlisted.allSatisfy(\.isEmpty) else { return false }
        let shards = self.workspace.shards
        guard try shards.allSatisfy({ try $0.heldDeletions().isEmpty }) else { return false }
        return try ResolvePhase(context: context, stop: .never).isUpToDate()
    }
}
