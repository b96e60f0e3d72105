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
    private let context: StepContext
    private let known: KnownDocuments
    private let ladder: ChangeLadder
    private let worker: PrepareWorker
    private let stop: StopPoint
    private var hasSentCanary = false

    /// - Parameter twins: finds the twins of documents; nil for those that `known` knows.
    init(
        context: StepContext,
        known: KnownDocuments,
        twins: ((Digest) throws -> [ChangeLadder.Twin])? = nil,
        stop: StopPoint
    ) throws {
        self.context = context
        self.known = known
        self.stop = stop
        self.ladder = ChangeLadder(
            known: known,
            likelyTwins: twins ?? { known.twins(of: $0, context.prepareFingerprints) },
            manifest: { try context.manifest($0) },
            fingerprints: context.prepareFingerprints,
            wantsSignature: context.dedupeNode != nil
        )
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
        let start = monotonicNanoseconds()
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
        guard !records.isEmpty else {
            self.context.tally.withLock { $0.add(tally) }
            return preparedCount
        }
        try self.context.manifest(batch.shard).commit(
            records,
            run: self.context.run,
            at: self.context.now,
            keepsServed: self.context.keepsServed
        )
        self.context.tally.withLock { $0.add(tally) }
        self.report(records, of: preparedCount, tally)
        self.context.options.progress.spans?.note(
            "batch",
            since: start,
            [
                "millrace.shard": .count(batch.shard),
                "millrace.documents": .count(preparedCount),
                "millrace.bytes": .count(tally.bytesRead),
            ],
            stages: tally.stages,
            failures: records.compactMap(\.spanFailure)
        )
        return preparedCount
    }

    /// Before its first batch a worker shows that it redacts.
    func sendCanary() throws {
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
    ///
    /// A document of a source that is not on this machine's disks is read by others, and its size known.
    private func records(
        of document: PendingDocument,
        tally: inout RunTally
    ) throws -> [PrepareRecord] {
        let reading = self.context.reading
        guard reading.isAtHand(document) else {
            let read = try self.context.ahead.take(document, stop: self.stop)
            return try self.records(of: document, read, tally: &tally)
        }
        let byteCount = document.listed.content?.bytes.count ?? document.item.size
        return try self.reserving(byteCount, document.listed.mediaType) { cost in
            try self.records(of: document, reading.read(document), cost, tally: &tally)
        }
    }

    private func reserving(
        _ byteCount: Int,
        _ mediaType: MediaType,
        _ work: (DocumentCost) throws -> [PrepareRecord]
    ) throws -> [PrepareRecord] {
        let cost = DocumentCost(byteCount: byteCount, mediaType: mediaType)
        return try self.context.memory.withReservation(of: cost.totalBytes) { try work(cost) }
    }

    private func records(
        of document: PendingDocument,
        _ reading: Reading,
        _ reserved: DocumentCost? = nil,
        tally: inout RunTally
    ) throws -> [PrepareRecord] {
        let item = document.item
        switch reading {
        case .gone:
            tally.gone.append((item.id, item.source))
            return []
        case .failed(let failure):
            tally.note(isKnown: document.isKnown)
            return [
                .failed(
                    item,
                    contentHash: nil,
                    fingerprint: self.context.prepareFingerprints.whole(source: item.source),
                    failure: failure
                )
            ]
        case .document(let read):
            if let reserved {
                return try self.climb(document, read, reserved, tally: &tally)
            }
            return try self.reserving(read.raw.bytes.count, read.raw.mediaType) { cost in
                try self.climb(document, read, cost, tally: &tally)
            }
        }
    }

    /// The ladder: bytes equal to the last attempt's, then to another document's, then the stages.
    private func climb(
        _ document: PendingDocument,
        _ read: ReadDocument,
        _ cost: DocumentCost,
        tally: inout RunTally
    ) throws -> [PrepareRecord] {
        tally.read += 1
        tally.bytesRead += read.raw.bytes.count
        if let forgotten = self.context.leftOut.forgotten, forgotten.contains(content: read.content)
        {
            tally.forgottenContents[read.item.source, default: 0] += 1
            return document.isKnown ? self.removing(read.item) : []
        }
        let step = try self.ladder.step(for: read)
        if case .touched = step {
            tally.touched += 1
            return [.touched(read.item)]
        }
        tally.note(isKnown: document.isKnown)
        if case .copied(let from, let record) = step {
            tally.copiedFrom.append(from)
            return [record] + self.holding([], read.item)
        }
        tally.extracted += 1
        return try self.extract(read, cost, tally: &tally)
    }

    private func extract(
        _ read: ReadDocument,
        _ cost: DocumentCost,
        tally: inout RunTally
    ) throws -> [PrepareRecord] {
        let item = read.item
        let response = try self.worker.prepare(
            PrepareRequest(
                raw: read.raw,
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
            read.content,
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
            {
                continue
            }
            let item = SourceItem(
                id: documentID(uri: uri, inside: parent.id),
                uri: uri,
                source: parent.source,
                priority: parent.priority,
                size: child.byteCount,
                // What is in a file changes with the file.
                modificationNanoseconds: 0,
                version: .unknown,
                labels: parent.labels,
                parent: parent.id
            )
            ids.append(item.id)
            if case .failed = child.outcome { unread.insert(uri) }
            records.append(self.record(item, child.contentHash, child.outcome))
        }
        return records + [.holds(ids, unread: unread, in: parent.id)]
    }
}

extension PrepareRecord {
    /// Of a document that was set aside.
    fileprivate var spanFailure: Span.Failure? {
        guard case .failed(let item, _, _, let failure, _) = self else { return nil }
        return Span.Failure(
            document: item.id.hex,
            stage: failure.stage,
            code: failure.code.rawValue
        )
    }
}
