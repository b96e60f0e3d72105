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
internal import WorkerMessages

/// Reads, prepares and checkpoints batches for one worker block.
///
/// Invariant: a batch's records go into its shard in one transaction, so a crash redoes whole batches.
final class PreparePhase {
    private let context: RunContext
    private let known: KnownDocuments
    private let ladder: ChangeLadder
    private let reading: DocumentReading
    private let worker: PrepareWorker
    private let stop: StopPoint
    private var hasSentCanary = false

    init(context: RunContext, known: KnownDocuments, stop: StopPoint) throws {
        self.context = context
        self.known = known
        self.stop = stop
        self.ladder = ChangeLadder(
            known: known,
            manifest: { context.workspace.shards[$0] },
            fingerprints: context.prepareFingerprints,
            wantsSignature: context.dedupeNode != nil
        )
        self.reading = DocumentReading(connectors: context.connectors)
        self.worker = try PrepareWorker(
            isolation: context.options.isolation,
            nodes: context.plan.nodes(in: .prepare),
            wantsSignature: context.dedupeNode != nil,
            limits: .reading(context.plan.nodes(in: .prepare)),
            stop: stop
        )
    }

    /// Asked to stop, it checkpoints what is prepared; the rest of the batch is listed again.
    ///
    /// - Returns: how many of the batch's documents are prepared.
    func run(_ batch: BatchTable.Batch) throws -> Int {
        var tally = RunTally()
        var preparedCount = 0
        var records: [PrepareRecord] = []
        do {
            if !self.hasSentCanary { try self.sendCanary() }
            for document in batch.documents {
                try self.stop.check()
                var own = RunTally()
                records += try self.records(of: document, tally: &own)
                tally.add(own)
                preparedCount += 1
            }
        } catch is RunStopped {}
        guard !records.isEmpty else { return preparedCount }
        try self.context.workspace.shards[batch.shard].commit(
            records,
            run: self.context.run,
            at: self.context.now
        )
        self.context.tally.withLock { $0.add(tally) }
        self.report(records, of: preparedCount, tally)
        return preparedCount
    }

    /// Before its first batch a worker shows that it redacts.
    private func sendCanary() throws {
        self.hasSentCanary = true
        let canary = try Canary(self.context.plan)
        let documents = try canary.routes.compactMap { route in
            let response = try self.worker.prepare(route.request)
            return try canary.check(response.outcome, of: route).map { (route, $0) }
        }
        self.context.preparedCanaries.withLock { $0 = documents }
    }

    private func report(
        _ records: [PrepareRecord],
        of documentCount: Int,
        _ tally: RunTally
    ) {
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
            $0.done += documentCount
            $0.failed += failed
            $0.bytesRead += tally.bytesRead
            $0.stages.add(tally.stages)
        }
    }

    /// Prepares one document once the memory it takes in both processes is free.
    private func records(
        of document: PendingDocument,
        tally: inout RunTally
    ) throws -> [PrepareRecord] {
        let cost = DocumentCost(
            byteCount: document.item.size,
            mediaType: document.listed.mediaType
        )
        return try self.context.memory.withReservation(of: cost.totalBytes) {
            try self.climb(document, cost, tally: &tally)
        }
    }

    /// The ladder: bytes equal to the last attempt's, then to another document's, then the stages.
    private func climb(
        _ document: PendingDocument,
        _ cost: DocumentCost,
        tally: inout RunTally
    ) throws -> [PrepareRecord] {
        let item = document.item
        let bytes: [UInt8]
        switch self.reading.read(document) {
        case .success(let read): bytes = read
        case .failure(let failure):
            tally.note(isKnown: document.isKnown)
            return [
                .failed(
                    item,
                    contentHash: nil,
                    fingerprint: self.context.prepareFingerprints.whole(source: item.source),
                    failure: failure
                )
            ]
        }
        tally.read += 1
        tally.bytesRead += bytes.count
        let content = sha256(bytes)
        if self.context.leftOut.forgotten?.contains(content: content) ?? false {
            tally.forgottenContents[item.source, default: 0] += 1
            return document.isKnown ? self.removing(item) : []
        }
        let step = try self.ladder.step(for: document, content: content)
        if case .touched = step {
            tally.touched += 1
            return [.touched(item)]
        }
        tally.note(isKnown: document.isKnown)
        if case .copied(let from, let record) = step {
            tally.copiedFrom.append(from)
            return [record] + self.holding([], item)
        }
        tally.extracted += 1
        return try self.extract(document, bytes, content, cost, tally: &tally)
    }

    private func extract(
        _ document: PendingDocument,
        _ bytes: [UInt8],
        _ content: Digest,
        _ cost: DocumentCost,
        tally: inout RunTally
    ) throws -> [PrepareRecord] {
        let item = document.item
        let response = try self.worker.prepare(
            PrepareRequest(
                raw: RawDocument(
                    id: item.id,
                    uri: item.uri,
                    mediaType: document.listed.mediaType,
                    bytes: bytes
                ),
                source: item.source,
                memoryBytes: cost.childBytesMaximum(
                    budgetBytes: self.context.memory.totalBytes,
                    workerCount: self.context.options.workerCount
                )
            )
        )
        tally.stages.add(response.counters)
        let own = self.record(
            item,
            content,
            response.outcome,
            isQuarantined: response.isQuarantined
        )
        guard let children = response.children else { return [own] }
        return [own] + self.holding(children, item)
    }

    private func record(
        _ item: SourceItem,
        _ content: Digest,
        _ outcome: PrepareOutcome,
        isQuarantined: Bool = false
    ) -> PrepareRecord {
        let fingerprints = self.context.prepareFingerprints
        switch outcome {
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
                fingerprint: fingerprints.whole(source: item.source),
                failure: failure,
                isQuarantined: isQuarantined
            )
        case .excluded(let stage, let reason):
            return .excluded(
                item,
                contentHash: content,
                fingerprint: fingerprints.whole(source: item.source),
                stage: stage,
                reason: reason
            )
        }
    }

    /// Takes a known document out with those in it.
    private func removing(_ item: SourceItem) -> [PrepareRecord] {
        let children = self.known.place(of: item.id).map { self.known.children(of: $0) } ?? []
        return [.removed(item.id)] + children.map { .removed(self.known.row($0).id) }
    }

    /// The records of the documents in a listed one, and that it holds no others.
    private func holding(_ children: [PreparedChild], _ parent: SourceItem) -> [PrepareRecord] {
        guard !children.isEmpty || self.known.hasChildren(parent.id) else { return [] }
        var records: [PrepareRecord] = []
        var ids: [DocumentID] = []
        var unread: Set<String> = []
        let forgotten = self.context.leftOut.forgotten
        for child in children {
            let uri = parent.uri + child.suffix
            if let forgotten,
                forgotten.contains(uri: uri) || forgotten.contains(content: child.contentHash)
            { continue }
            let item = SourceItem(
                id: documentID(uri: uri, inside: parent.id),
                uri: uri,
                source: parent.source,
                priority: parent.priority,
                size: child.byteCount,
                // What is in a file changes with the file.
                modificationNanoseconds: 0,
                inode: 0,
                parent: parent.id
            )
            ids.append(item.id)
            if case .failed = child.outcome { unread.insert(uri) }
            records.append(self.record(item, child.contentHash, child.outcome))
        }
        return records + [.holds(ids, unread: unread, in: parent.id)]
    }
}
