internal import Dataflow
internal import Execution
internal import Logging
internal import Manifests
internal import Records
internal import Segments
internal import Storage
internal import Synchronization
internal import Telemetry

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
