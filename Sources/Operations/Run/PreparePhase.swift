internal import Connectors
internal import Dataflow
internal import Execution
internal import Hashing
internal import Logging
internal import Manifests
internal import Records
internal import Stages
internal import Synchronization
internal import Telemetry

/// Reads, prepares and checkpoints batches for one worker block.
///
/// Invariant: a batch's records go into its shard in one transaction, so a crash redoes whole batches.
final class PreparePhase {
    /// No stage takes more; the source's own limit is lower.
    private static let documentBytesMaximum = 1 << 30

    private let context: RunContext
    private let worker: PrepareWorker

    init(context: RunContext) throws {
        self.context = context
        self.worker = try PrepareWorker(
            isolation: context.options.isolation,
            nodes: context.plan.nodes(in: .prepare),
            wantsSignature: context.dedupeNode != nil,
            limits: WorkerLimits()
        )
    }

    /// The memory of this worker's child process, when it has one.
    var childProcessID: Int32? { self.worker.processID }

    func run(_ batch: BatchTable.Batch) throws {
        var records: [PrepareRecord] = batch.removed.map { .removed($0) }
        var tally = RunTally()
        tally.removed = batch.removed.count
        for document in batch.documents {
            records.append(try self.prepare(document, tally: &tally))
        }
        try self.context.workspace.shards[batch.shard].commit(
            records,
            run: self.context.run,
            at: self.context.now
        )
        self.context.tally.withLock { $0.add(tally) }
        var failed = 0
        for case .failed(let item, _, _, let failure) in records {
            failed += 1
            self.context.log.warning(
                "document failed",
                metadata: [
                    "uri": "\(item.uri)", "stage": "\(failure.stage)",
                    "code": "\(failure.code.rawValue)", "cause": "\(failure.message)",
                ]
            )
        }
        self.context.options.progress.update {
            $0.done += batch.documents.count
            $0.failed += failed
            $0.bytesRead += tally.bytesRead
            $0.stages.add(tally.stages)
        }
    }

    private func prepare(
        _ document: PendingDocument,
        tally: inout RunTally
    ) throws -> PrepareRecord {
        let fingerprint = self.context.prepareFingerprint
        let item = document.item
        let bytes: [UInt8]
        switch self.read(document) {
        case .success(let read): bytes = read
        case .failure(let failure):
            tally.processed += 1
            return .failed(item, contentHash: nil, fingerprint: fingerprint, failure: failure)
        }
        let contentHash = sha256(bytes)
        if let previous = document.previous, previous.listedHash == contentHash,
            previous.attemptFingerprint == fingerprint
        {
            tally.unchanged += 1
            return .touched(item)
        }
        if document.previous == nil { tally.added += 1 } else { tally.changed += 1 }
        tally.processed += 1
        tally.bytesRead += bytes.count
        let response = try self.worker.prepare(
            PrepareRequest(
                raw: RawDocument(
                    id: item.id,
                    uri: item.uri,
                    mediaType: document.listed.mediaType,
                    bytes: bytes
                ),
                source: item.source
            )
        )
        tally.stages.add(response.counters)
        switch response.outcome {
        case .prepared(let prepared):
            return .prepared(
                item,
                contentHash: contentHash,
                fingerprint: fingerprint,
                document: prepared
            )
        case .failed(let failure):
            return .failed(
                item,
                contentHash: contentHash,
                fingerprint: fingerprint,
                failure: failure
            )
        case .excluded(let stage, let reason):
            return .excluded(
                item,
                contentHash: contentHash,
                fingerprint: fingerprint,
                stage: stage,
                reason: reason
            )
        }
    }

    private func read(_ document: PendingDocument) -> Result<[UInt8], StageFailure> {
        guard let connector = self.context.connectors[document.item.source] else {
            return .failure(
                StageFailure(stage: "read", code: .missing, message: "its source is gone")
            )
        }
        do {
            return .success(
                try connector.read(document.listed, maximumBytes: Self.documentBytesMaximum)
            )
        } catch {
            return .failure(
                StageFailure(
                    stage: "read",
                    code: error.failureCode ?? .unreadable,
                    message: error.message
                )
            )
        }
    }
}

extension RunTally {
    mutating func add(_ other: RunTally) {
        self.unchanged += other.unchanged
        self.added += other.added
        self.changed += other.changed
        self.removed += other.removed
        self.processed += other.processed
        self.bytesRead += other.bytesRead
        self.chunksEmbedded += other.chunksEmbedded
        self.segmentsWritten += other.segmentsWritten
        self.stages.add(other.stages)
    }
}
