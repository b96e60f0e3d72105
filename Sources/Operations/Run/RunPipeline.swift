internal import Connectors
internal import Dataflow
internal import Execution
internal import Logging
internal import Manifests
internal import Records
internal import Segments
internal import Storage
internal import Synchronization
internal import Telemetry

/// Runs the pipeline file at `path` to a published snapshot.
///
/// - Throws: ``OperationError``; `.configuration` is thrown before anything is touched.
package func runPipelineFile(
    _ verb: RunVerb,
    path: String,
    options: RunOptions
) throws -> RunSummary {
    let plan = try loadPipeline(path: path, overrides: options.overrides)
    let models = try ModelSet(for: plan, root: options.modelsRoot)
    let fingerprints = fingerprints(
        of: plan,
        catalogue: pipelineCatalogue,
        resources: models.resource
    )
    let materialise = try MaterialisePlan(plan: plan, fingerprints: fingerprints, models: models)
    let connectors = try makeConnectors(plan)
    let start = monotonicNanoseconds()
    return try translatingErrors {
        let workspace = try Workspace(
            root: plan.workspace,
            shardCount: plan.shardCount,
            verb: verb.rawValue,
            startedMilliseconds: options.clock.milliseconds()
        )
        let run = try workspace.catalog.beginRun(
            verb: verb.rawValue,
            pipeline: plan.name,
            pipelineFingerprint: fingerprints.pipeline,
            at: options.clock.milliseconds()
        )
        let context = RunContext(
            plan: plan,
            fingerprints: fingerprints,
            models: models,
            workspace: workspace,
            connectors: connectors,
            options: options,
            run: run
        )
        return try recordRun(verb, context: context, plan: materialise, startNanoseconds: start)
    }
}

/// Performs the run and writes how it ended into the catalog, whatever way it ends.
private func recordRun(
    _ verb: RunVerb,
    context: RunContext,
    plan: MaterialisePlan,
    startNanoseconds: UInt64
) throws -> RunSummary {
    let execution = RunExecution(context: context, plan: plan)
    let outcome: Scheduler.Outcome
    context.log.info(
        "run started",
        metadata: ["verb": "\(verb.rawValue)", "workers": "\(context.options.workerCount)"]
    )
    do {
        outcome = try execution.run()
    } catch {
        context.log.error("run failed", metadata: ["cause": "\(error)"])
        try? context.workspace.catalog.finishRun(
            context.run,
            status: .failed,
            exitCode: ExitStatus.fatal.rawValue,
            summary: "{}",
            at: context.now
        )
        throw error
    }
    let summary = try summarise(
        verb,
        context: context,
        plan: plan,
        outcome: outcome,
        published: execution.published,
        startNanoseconds: startNanoseconds
    )
    context.log.info(
        "run ended",
        metadata: [
            "outcome": "\(summary.outcome.rawValue)", "exit": "\(summary.exitCode)",
            "seconds": "\(summary.seconds)",
        ]
    )
    try context.workspace.catalog.finishRun(
        context.run,
        status: outcome == .stopped ? .interrupted : .finished,
        exitCode: summary.exitCode,
        summary: try summary.encodedJSON(),
        at: context.now
    )
    return summary
}

private func makeConnectors(_ plan: Plan) throws -> [String: any Connector] {
    var connectors: [String: any Connector] = [:]
    for source in plan.sources {
        do {
            connectors[source.name] = try makeFolderConnector(source)
        } catch {
            throw OperationError(.configuration, "source '\(source.name)': \(error)")
        }
    }
    return connectors
}

private func makeFolderConnector(_ source: Plan.Source) throws -> FolderConnector {
    let keys = source.configuration
    return try FolderConnector(
        name: source.name,
        root: keys["path"]?.stringValue ?? "",
        include: keys["include"]?.stringListValue ?? ["**"],
        exclude: keys["exclude"]?.stringListValue ?? [],
        followSymlinks: keys["follow_symlinks"]?.boolValue ?? false,
        includeHidden: keys["include_hidden"]?.boolValue ?? false,
        maximumBytes: keys["maximum_bytes"]?.intValue ?? 256 << 20
    )
}

/// Binds the scheduler's actions to the phases of one run.
final class RunExecution: Sendable {
    private let context: RunContext
    private let plan: MaterialisePlan
    private let batches = BatchTable()
    private let publishedState = Mutex<(snapshot: Snapshot, isNew: Bool)?>(nil)
    private let engineBox = Mutex<Engine?>(nil)
    private let workers: WorkerSlots

    init(context: RunContext, plan: MaterialisePlan) {
        self.context = context
        self.plan = plan
        self.workers = WorkerSlots(count: context.options.workerCount)
    }

    var published: (snapshot: Snapshot, isNew: Bool)? { self.publishedState.withLock { $0 } }

    func run() throws -> Scheduler.Outcome {
        let engine = Engine(
            workerCount: self.context.options.workerCount,
            queueBytes: self.context.options.queueBytes
        ) { action, worker in
            try self.perform(action, worker: worker)
        }
        self.engineBox.withLock { $0 = engine }
        defer { self.engineBox.withLock { $0 = nil } }
        self.context.options.cancellation.onRequest { [weak engine] in engine?.requestStop() }
        let memory = MemorySampler()
        defer { self.context.tally.withLock { $0.memoryBytesMaximum = memory.stop() } }
        return try engine.run()
    }

    private var engine: Engine? { self.engineBox.withLock { $0 } }

    private func perform(_ action: Scheduler.Action, worker: Int) throws -> Scheduler.Event {
        switch action {
        case .list:
            try self.list()
            return .listingEnded
        case .prepare(let batch):
            try self.prepare(batch, worker: worker)
            return .batchCheckpointed(batch)
        case .resolve:
            return .resolved(shards: try self.resolve())
        case .materialise(let shard):
            try self.materialise(shard)
            return .shardMaterialised(shard)
        case .publish, .finish:
            try self.publish()
            return .published
        }
    }

    private func list() throws {
        self.context.options.progress.begin(phase: "prepare", total: 0)
        let engine = self.engine
        var phase = ListPhase(
            context: self.context,
            batches: self.batches,
            submit: { engine?.submitBatch($0, byteCount: $1) },
            isEnding: { engine?.isEnding ?? true }
        )
        try phase.run()
    }

    private func prepare(_ number: Int, worker: Int) throws {
        guard let batch = self.batches.take(number) else { return }
        try self.workers.withPhase(of: worker, make: { try PreparePhase(context: self.context) }) {
            try $0.run(batch)
        }
    }

    /// Decides duplicates, and which shards have to be materialised again.
    private func resolve() throws -> [Int] {
        self.workers.release()
        self.context.options.progress.begin(phase: "resolve", total: 0)
        let workspace = self.context.workspace
        try workspace.catalog.updateRun(self.context.run, phase: "resolve", at: self.context.now)
        self.context.log.info("every listed document is checkpointed; resolving duplicates")
        try ResolvePhase(context: self.context).run()
        let shards = try workspace.shards.indices.filter { try !self.isMaterialised($0) }
        try workspace.catalog.updateRun(
            self.context.run,
            phase: "materialise",
            at: self.context.now
        )
        let total = try shards.reduce(0) { try $0 + workspace.shards[$1].documentCount() }
        self.context.options.progress.begin(phase: "materialise", total: total)
        return shards
    }

    private func isMaterialised(_ shard: Int) throws -> Bool {
        let workspace = self.context.workspace
        guard let state = try ShardState.read(shard: shard, from: workspace.catalog),
            state.revision == (try workspace.shards[shard].revision()),
            state.indexes.count == self.plan.indexes.count
        else { return false }
        return self.plan.indexes.allSatisfy { index in
            guard let part = state.indexes[index.node.id] else { return false }
            let path = workspace.layout.segment(shard: shard, name: part.segment.name)
            return part.fingerprint == index.fingerprint.hex && fileExists(path)
        }
    }

    private func materialise(_ shard: Int) throws {
        let workspace = self.context.workspace
        let manifest = workspace.shards[shard]
        let revision = try manifest.revision()
        var phase = try MaterialisePhase(context: self.context, plan: self.plan, shard: shard)
        let references = try phase.run()
        try manifest.checkpoint()
        var indexes: [String: ShardState.Index] = [:]
        for index in self.plan.indexes {
            guard let reference = references[index.node.id] else { continue }
            indexes[index.node.id] = ShardState.Index(
                fingerprint: index.fingerprint.hex,
                segment: reference
            )
        }
        try ShardState(revision: revision, indexes: indexes)
            .write(shard: shard, to: workspace.catalog)
    }

    private func publish() throws {
        self.context.options.progress.begin(phase: "publish", total: 0)
        try self.context.workspace.catalog.updateRun(
            self.context.run,
            phase: "publish",
            at: self.context.now
        )
        self.context.log.info("every shard is materialised; publishing")
        let result = try PublishPhase(context: self.context, plan: self.plan).run()
        self.publishedState.withLock { $0 = result }
    }
}

/// The prepare phase of each worker block, made at its first batch.
///
/// Invariant: slot `n` is only used by worker `n`, so no lock is held while a batch is prepared.
private final class WorkerSlots: Sendable {
    // @unchecked: a phase is used by its own worker alone, and released when all workers are idle.
    private struct Slot: @unchecked Sendable {
        var phase: PreparePhase?
    }

    private let slots: Mutex<[Slot]>

    init(count: Int) { self.slots = Mutex(Array(repeating: Slot(), count: count)) }

    func withPhase(
        of worker: Int,
        make: () throws -> PreparePhase,
        _ body: (PreparePhase) throws -> Void
    ) throws {
        var slot = self.slots.withLock { $0[worker] }
        if slot.phase == nil {
            slot.phase = try make()
            self.slots.withLock { [slot] in $0[worker] = slot }
        }
        if let phase = slot.phase { try body(phase) }
    }

    /// Ends the child processes: after the prepare phase nothing needs them.
    func release() {
        self.slots.withLock { slots in
            for index in slots.indices { slots[index].phase = nil }
        }
    }
}
