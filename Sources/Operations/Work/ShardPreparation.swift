internal import Dataflow
internal import Dispatch
internal import Execution
internal import Manifests
internal import Records
internal import Synchronization
internal import Telemetry

/// Prepares given documents of one shard on as many workers as the run has, in batches as a local run does.
struct ShardPreparation {
    private static let queueBytes = 4 << 20

    private let context: StepContext
    private let manifest: ShardManifest
    private let twins: TwinTable?
    private let known: KnownDocuments
    private let stop: StopPoint

    /// - Parameter manifest: of `shard`.
    init(
        context: StepContext,
        shard: Int,
        manifest: ShardManifest,
        twins: TwinTable?,
        stop: StopPoint
    ) throws {
        self.context = context
        self.manifest = manifest
        self.twins = twins
        self.stop = stop
        self.known = try KnownDocuments(
            (0..<context.plan.shardCount).map { $0 == shard ? manifest : nil }
        )
    }

    /// - Parameter visit: calls its argument with every document.
    /// - Returns: their ids, all of which are stored.
    /// - Throws: ``RunStopped``.
    func run(_ visit: ((PendingDocument) throws -> Void) throws -> Void) throws -> [DocumentID] {
        self.context.options.progress.begin(phase: "prepare", total: 0)
        let channel = BoundedChannel<BatchTable.Batch>(capacityBytes: Self.queueBytes)
        let failure = Mutex<(any Error)?>(nil)
        let group = DispatchGroup()
        for worker in 0..<self.context.options.workerCount {
            DispatchQueue(label: "millrace.item.\(worker)").async(group: group) {
                do {
                    try self.work(on: channel)
                } catch {
                    failure.withLock { if $0 == nil { $0 = error } }
                    channel.close()
                }
            }
        }
        let context = self.context
        var ids: [DocumentID] = []
        var builder = BatchBuilder(
            shardCount: self.context.plan.shardCount,
            maximumDocuments: nil
        ) { batch, byteCount in
            context.ahead.expect(batch.documents.filter { !context.reading.isAtHand($0) })
            channel.send(batch, byteCount: max(1, byteCount))
        }
        defer { context.ahead.close() }
        defer { group.wait() }
        defer { channel.close() }
        try visit { document in
            try self.stop.check()
            if let error = failure.withLock({ $0 }) { throw error }
            ids.append(document.item.id)
            self.context.options.progress.expect(1)
            builder.add(document)
        }
        builder.finish()
        channel.close()
        group.wait()
        if let error = failure.withLock({ $0 }) { throw error }
        return ids
    }

    private func work(on channel: BoundedChannel<BatchTable.Batch>) throws {
        var phase: PreparePhase?
        while let batch = channel.receive() {
            let (own, twins) = (self.known, self.twins)
            let current =
                try phase
                ?? PreparePhase(
                    context: self.context,
                    known: self.known,
                    twins: { content in
                        twins?.twins(of: content)
                            ?? own.twins(of: content, self.context.prepareFingerprints)
                    },
                    stop: self.stop
                )
            phase = current
            guard try current.run(batch) == batch.documents.count else { throw RunStopped() }
        }
    }
}
