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
    private let context: RunContext
    private let known: KnownDocuments
    private let reading: DocumentReading
    private let worker: PrepareWorker

    init(context: RunContext, known: KnownDocuments) throws {
        self.context = context
        self.known = known
        self.reading = DocumentReading(connectors: context.connectors)
        self.worker = try PrepareWorker(
            isolation: context.options.isolation,
            nodes: context.plan.nodes(in: .prepare),
            wantsSignature: context.dedupeNode != nil,
            limits: WorkerLimits()
        )
    }

    func run(_ batch: BatchTable.Batch) throws {
        var tally = RunTally()
        var records: [PrepareRecord] = []
        for document in batch.documents {
            records.append(try self.record(of: document, in: batch.shard, tally: &tally))
        }
        try self.context.workspace.shards[batch.shard].commit(
            records,
            run: self.context.run,
            at: self.context.now
        )
        self.context.tally.withLock { $0.add(tally) }
        self.report(records, tally)
    }

    private func report(_ records: [PrepareRecord], _ tally: RunTally) {
        var failed = 0
        for case .failed(let item, _, _, let failure, _) in records {
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
            $0.done += records.count
            $0.failed += failed
            $0.bytesRead += tally.bytesRead
            $0.stages.add(tally.stages)
        }
    }

    /// The ladder: bytes equal to the last attempt's, then to another document's, then the stages.
    private func record(
        of document: PendingDocument,
        in shard: Int,
        tally: inout RunTally
    ) throws -> PrepareRecord {
        let item = document.item
        let bytes: [UInt8]
        switch self.reading.read(document) {
        case .success(let read): bytes = read
        case .failure(let failure):
            tally.note(isKnown: document.isKnown)
            return .failed(
                item,
                contentHash: nil,
                fingerprint: self.context.prepareFingerprints.whole,
                failure: failure
            )
        }
        tally.read += 1
        tally.bytesRead += bytes.count
        let content = sha256(bytes)
        if document.isKnown, try self.isTouch(item.id, content, in: shard) {
            tally.touched += 1
            return .touched(item)
        }
        tally.note(isKnown: document.isKnown)
        if let twin = try self.twin(of: document, content) {
            tally.copiedFrom.append(twin.from)
            return twin.record
        }
        tally.extracted += 1
        return try self.extract(document, bytes, content, tally: &tally)
    }

    /// Whether the last attempt had the same bytes and stages, so that only the listing is new.
    private func isTouch(_ id: DocumentID, _ content: Digest, in shard: Int) throws -> Bool {
        guard let row = try self.context.workspace.shards[shard].listingRow(of: id) else {
            return false
        }
        return row.listedHash == content
            && self.context.prepareFingerprints.isCurrent(row.attemptFingerprint)
    }

    /// The prepared form of another document with the same bytes, when the same stages made it.
    ///
    /// Invariant: the prepare stages are a function of the bytes and the declared media type; the
    /// URI does not enter. So a renamed document is taken over as it is.
    private func twin(
        of document: PendingDocument,
        _ content: Digest
    ) throws -> (from: DocumentID, record: PrepareRecord)? {
        for place in self.known.likelyTwins(of: content) {
            let id = self.known.row(place).id
            guard id != document.item.id,
                let record = try self.context.workspace.shards[place.shard].document(id),
                record.state == .prepared, let version = record.version,
                version.contentHash == content,
                MediaType(ofPath: record.item.uri) == document.listed.mediaType,
                version.document.signature != nil || self.context.dedupeNode == nil
            else { continue }
            let fingerprint = self.context.prepareFingerprints.ofPrepared(
                version.document.mediaType,
                source: document.item.source
            )
            guard version.fingerprint == fingerprint else { continue }
            var prepared = version.document
            prepared.id = document.item.id
            return (
                id,
                .prepared(
                    document.item,
                    contentHash: content,
                    fingerprint: fingerprint,
                    document: prepared
                )
            )
        }
        return nil
    }

    private func extract(
        _ document: PendingDocument,
        _ bytes: [UInt8],
        _ content: Digest,
        tally: inout RunTally
    ) throws -> PrepareRecord {
        let item = document.item
        let fingerprints = self.context.prepareFingerprints
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
                contentHash: content,
                fingerprint: fingerprints.ofPrepared(prepared.mediaType, source: item.source),
                document: prepared
            )
        case .failed(let failure):
            return .failed(
                item,
                contentHash: content,
                fingerprint: fingerprints.whole,
                failure: failure
            )
        case .excluded(let stage, let reason):
            return .excluded(
                item,
                contentHash: content,
                fingerprint: fingerprints.whole,
                stage: stage,
                reason: reason
            )
        }
    }
}
