internal import Dataflow
internal import Dispatch
internal import Execution
internal import Logging
internal import Manifests
internal import Records
internal import Segments
internal import Storage
internal import Synchronization
internal import Telemetry

/// What publishing came to, and the counts it was held to.
struct PublishedRun: Sendable {
    let outcome: PublishOutcome
    let totals: ShardTotals
}

/// Binds the scheduler's actions to the phases of one run.
final class RunExecution: Sendable {
    private let context: RunContext
    private let plan: MaterialisePlan
    private let known: KnownDocuments
    private let batches = BatchTable()
    private let workers: WorkerSlots
    private let vectors = Mutex(VectorSources.none)
    private let publishedState = Mutex<PublishedRun?>(nil)
    private let engineBox = Mutex<Engine?>(nil)
    private let lookedAt = Mutex(0)
    private let givenStop: StopPoint?

    /// - Parameters:
    ///   - known: what the manifests knew when the run began; nil for what they know now.
    ///   - stop: where a phase that is called by itself ends early; nil for where ``run()`` is stopped.
    init(
        context: RunContext,
        plan: MaterialisePlan,
        known: KnownDocuments? = nil,
        stop: StopPoint? = nil
    ) throws {
        self.context = context
        self.plan = plan
        self.known = try known ?? KnownDocuments(context.workspace.shards)
        self.givenStop = stop
        self.workers = WorkerSlots(count: context.options.workerCount)
    }

    var published: PublishedRun? { self.publishedState.withLock { $0 } }

    func run() throws -> (Scheduler.Outcome, Engine.StopReason?) {
        let engine = Engine(
            workerCount: self.context.options.workerCount,
            queueBytes: self.context.options.queueBytes
        ) { action, worker in
            try self.perform(action, worker: worker)
        }
        self.engineBox.withLock { $0 = engine }
        defer { self.engineBox.withLock { $0 = nil } }
        defer { self.context.ahead.close() }
        self.context.options.cancellation.onRequest { [weak engine] in engine?.requestStop() }
        let timer = self.budgetTimer(engine)
        defer { timer?.cancel() }
        let memory = MemorySampler()
        defer { self.context.tally.withLock { $0.memoryBytesMaximum = memory.stop() } }
        return (try engine.run(), engine.stopReason)
    }

    private var engine: Engine? { self.engineBox.withLock { $0 } }

    private var stop: StopPoint {
        self.givenStop
            ?? StopPoint { [weak engine = self.engine] in engine?.isEnding ?? true }
    }

    private func budgetTimer(_ engine: Engine) -> (any DispatchSourceTimer)? {
        guard let seconds = self.context.options.maximumSeconds else { return nil }
        let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "millrace.budget"))
        timer.schedule(deadline: .now() + seconds)
        timer.setEventHandler { [weak engine] in engine?.requestStop(.budget) }
        timer.resume()
        return timer
    }

    private func perform(_ action: Scheduler.Action, worker: Int) throws -> Scheduler.Event {
        switch action {
        case .list:
            try self.list()
            return .listingEnded
        case .prepare(let batch):
            try self.prepare(batch, worker: worker)
            return .batchCheckpointed(batch)
        case .resolve:
            do {
                return .resolved(shards: try self.resolve())
            } catch is RunStopped {
                return .resolved(shards: [])
            }
        case .materialise(let shard):
            do {
                try self.materialise(shard)
                return .shardMaterialised(shard)
            } catch is RunStopped {
                return .shardAbandoned(shard)
            }
        case .publish, .finish:
            try self.publish()
            return .published
        }
    }

    private func list() throws {
        guard self.context.verb != .compact else {
            self.context.options.progress.update { $0.isListingComplete = true }
            return
        }
        self.context.options.progress.begin(phase: "prepare", total: 0)
        let engine = self.engine
        var builder = BatchBuilder(
            shardCount: self.context.plan.shardCount,
            maximumDocuments: self.context.options.maximumDocuments
        ) { batch, byteCount in
            self.context.ahead.expect(
                batch.documents.filter { !self.context.reading.isAtHand($0) }
            )
            engine?.submitBatch(self.batches.add(batch), byteCount: byteCount)
        }
        let listing = try self.listSources(isEnding: { engine?.isEnding ?? true }) { document in
            self.context.journal.addPending()
            builder.add(document)
        }
        guard let listing else { return }
        builder.finish()
        self.context.tally.withLock { $0.listing = listing }
        self.context.options.progress.update { $0.isListingComplete = true }
    }

    /// Lists every source; nil when the run ends before the listing does.
    ///
    /// - Parameter take: called with every document that is new or may have changed.
    func listSources(
        isEnding: @escaping () -> Bool,
        take: @escaping (PendingDocument) -> Void
    ) throws -> Listing? {
        var phase = ListPhase(
            plan: self.context.plan,
            connectors: self.context.connectors,
            known: self.known,
            deltas: self.context.deltas,
            fingerprints: self.context.prepareFingerprints,
            leftOut: self.context.leftOut,
            isParanoid: self.context.options.isParanoid,
            isEnding: isEnding,
            take: { document in
                self.context.options.progress.update {
                    $0.listed += 1
                    $0.total += 1
                }
                take(document)
            }
        )
        return try phase.run()
    }

    private func prepare(_ number: Int, worker: Int) throws {
        guard let batch = self.batches.take(number) else { return }
        self.context.journal.begin(batch.documents.count, worker: worker)
        let preparedCount = try self.workers.withPhase(
            of: worker,
            make: { try PreparePhase(context: self.context, known: self.known, stop: self.stop) },
            { try $0.run(batch) }
        )
        self.context.journal.finish(preparedCount, worker: worker)
        guard let limit = self.context.options.maximumDocuments else { return }
        let count = self.lookedAt.withLock { count in
            count += preparedCount
            return count
        }
        if count >= limit { self.engine?.requestStop(.budget) }
    }

    /// The shards that had vectors when ``resolve()`` ended.
    var shardsWithVectors: [Int] { self.vectors.withLock { $0.shards } }

    /// Deletes, decides duplicates, and says which shards have to be materialised again.
    ///
    /// - Parameter found: what items of the run found out of duplicates; nil where none did.
    func resolve(_ found: ResolveAhead? = nil) throws -> [Int] {
        self.workers.release()
        let workspace = self.context.workspace
        self.context.tally.withLock { tally in
            tally.listing?.withdraw(tally.gone, known: self.known)
        }
        if let listing = self.context.tally.withLock({ $0.listing }), listing.listed == 0,
            self.known.isEmpty, try usableSnapshot(workspace: workspace.layout.root) == nil
        {
            throw emptyFirstRun(listing)
        }
        try self.enter("resolve", "every listed document is checkpointed; resolving duplicates")
        try DeletePhase(context: self.context, known: self.known).run()
        try ResolvePhase(context: self.context, stop: self.stop, found: found).run()
        try BoilerplatePhase(shards: workspace.shards, stop: self.stop).run()
        let shards = try self.embeddedShards()
        let sources =
            shards.isEmpty
            ? .none
            : try VectorSources(
                workspace.shards.indices,
                models: self.plan.modelFingerprints,
                manifest: self.context.manifest
            )
        self.vectors.withLock { $0 = sources }
        try self.enter("materialise", "\(shards.count) shards changed")
        for shard in shards {
            let planner = try self.context.planner(shard: shard, plan: self.plan)
            self.context.options.progress.expect(try planner.expectedCount())
        }
        return shards
    }

    /// The shards that have to be materialised again, once a server has embedded for all of them.
    private func embeddedShards() throws -> [Int] {
        let workspace = self.context.workspace
        while true {
            let shards = try workspace.shards.indices.filter {
                try !self.context.planner(shard: $0, plan: self.plan).isUpToDate()
            }
            guard !shards.isEmpty, !self.context.ledgers.isEmpty else { return shards }
            try self.enter("embed", "asking the embedding server for \(shards.count) shards")
            for shard in shards {
                let planner = try self.context.planner(shard: shard, plan: self.plan)
                self.context.options.progress.expect(try planner.expectedCount())
            }
            var phase = EmbedAheadPhase(context: self.context, plan: self.plan, stop: self.stop)
            do {
                guard try phase.run(shards: shards) else { return shards }
            } catch let error as EmbeddingStopped {
                self.context.embeddingStop.withLock { $0 = error.reason }
                self.context.log.notice("embedding stopped", metadata: ["cause": "\(error.reason)"])
                self.engine?.requestStop(.budget)
                throw RunStopped()
            }
            // What was set aside is served as before, or not at all: that decides anew what repeats what.
            try ResolvePhase(context: self.context, stop: self.stop).run()
            try BoilerplatePhase(shards: workspace.shards, stop: self.stop).run()
        }
    }

    private func materialise(_ shard: Int) throws {
        var phase = try MaterialisePhase(
            context: self.context,
            plan: self.plan,
            shard: shard,
            vectors: self.vectors.withLock { $0 },
            stop: self.stop
        )
        try phase.run()
        try self.context.workspace.shards[shard].checkpoint()
        try self.context.workspace.shards[shard].releaseMemory()
    }

    func publish() throws {
        try self.enter("publish", "every shard is materialised; publishing")
        let totals = try self.context.workspace.totals()
        let accounting = Accounting(context: self.context, totals: totals)
        try accounting.check()
        let tally = self.context.tally.withLock { $0 }
        if let plan = self.context.options.expectedPlan { try plan.check(against: tally) }
        try CanarySegment(plan: self.plan, layout: self.context.workspace.layout)
            .check(self.context.preparedCanaries.withLock { $0 })
        let outcome = try PublishPhase(context: self.context, plan: self.plan, totals: totals).run()
        try accounting.record()
        self.publishedState.withLock { $0 = PublishedRun(outcome: outcome, totals: totals) }
        if let listing = tally.listing {
            try self.context.workspace.catalog.setSourceCheckpoints(
                self.context.deltas.next(after: listing, of: self.context.plan)
            )
        }
        // What it would take away is served still; a later run that publishes does the rest.
        if case .refused = outcome { return }
        // Before the stages are recorded: a run that is killed in between is followed by one that purges.
        // What a retention took out leaves the disk as well.
        let isRetained = tally.listing?.leftOutKnown.isEmpty ?? true
        let retention = RetentionErasure(context: self.context)
        if self.context.purges || !isRetained || retention.isPending {
            try PurgePhase(context: self.context, plan: self.plan).run()
            let receipt = try retention.conclude(snapshot: outcome.live)
            self.context.tally.withLock { $0.retentionReceipt = receipt }
        }
        try StageHistory.write(
            self.context.plan.nodes.map { StageRecord($0, models: self.context.models) },
            to: self.context.workspace.catalog
        )
    }

    private func enter(_ phase: String, _ message: String) throws {
        try self.context.workspace.releaseMemory()
        self.context.options.progress.begin(phase: phase, total: 0)
        try self.context.workspace.catalog.updateRun(
            self.context.run,
            phase: phase,
            at: self.context.now
        )
        self.context.log.info("\(message)")
    }
}
