internal import Connectors
internal import Dataflow
internal import Execution
internal import Manifests
internal import Records
internal import Synchronization
internal import Telemetry

/// A listed document that the prepare phase has to look at.
struct PendingDocument: Sendable {
    let item: SourceItem
    let listed: ListedItem
    /// What the manifest knew of it; nil for a new document.
    let previous: ListingRow?
}

/// The batches that are listed and not yet checkpointed, by number; each is of one shard.
final class BatchTable: Sendable {
    struct Batch: Sendable {
        let shard: Int
        let documents: [PendingDocument]
        let removed: [DocumentID]
    }

    private struct State {
        var batches: [Int: Batch] = [:]
        var nextNumber = 0
    }

    private let state = Mutex(State())

    func add(_ batch: Batch) -> Int {
        self.state.withLock { state in
            let number = state.nextNumber
            state.nextNumber += 1
            state.batches[number] = batch
            return number
        }
    }

    func take(_ number: Int) -> Batch? {
        self.state.withLock { $0.batches.removeValue(forKey: number) }
    }
}

/// Lists every source, compares with the manifests, and submits what has to be looked at.
///
/// A document is unchanged when its size, time and inode are those of the last attempt and the
/// prepare stages are the same; its bytes are not read then.
struct ListPhase {
    private static let documentsPerBatch = 32
    private static let bytesPerBatch = 4 << 20
    /// What a listed document takes while its batch waits; its content is read later.
    private static let bytesPerListedDocument = 512

    private let context: RunContext
    private let batches: BatchTable
    private let submit: (_ batch: Int, _ byteCount: Int) -> Void
    private let isEnding: () -> Bool
    /// What is known and was not listed yet, by shard.
    private var known: [[DocumentID: ListingRow]] = []
    private var pending: [[PendingDocument]]
    private var pendingBytes: [Int]
    private var unchanged = 0

    init(
        context: RunContext,
        batches: BatchTable,
        submit: @escaping (_ batch: Int, _ byteCount: Int) -> Void,
        isEnding: @escaping () -> Bool
    ) {
        self.context = context
        self.batches = batches
        self.submit = submit
        self.isEnding = isEnding
        let shardCount = context.plan.shardCount
        self.pending = Array(repeating: [], count: shardCount)
        self.pendingBytes = Array(repeating: 0, count: shardCount)
    }

    /// - Throws: ``OperationError`` when a source cannot be listed at all.
    mutating func run() throws {
        self.known = try self.context.workspace.shards.map { shard in
            var rows: [DocumentID: ListingRow] = [:]
            try shard.visitListing { rows[$0.id] = $0 }
            return rows
        }
        var completeSources: Set<String> = []
        for source in self.context.plan.sources {
            guard !self.isEnding() else { return }
            if try self.list(source.name, priority: source.priority) {
                completeSources.insert(source.name)
            }
        }
        for shard in self.pending.indices { self.flush(shard) }
        guard !self.isEnding() else { return }
        self.removeUnlisted(completeSources: completeSources)
        self.context.options.progress.update { $0.isListingComplete = true }
    }

    /// Lists one source; true when the listing is complete.
    private mutating func list(_ source: String, priority: Int) throws -> Bool {
        guard let connector = self.context.connectors[source] else {
            throw OperationError(.configuration, "source '\(source)' has no connector")
        }
        let report: ListingReport
        do {
            report = try connector.list { listed in
                guard !self.isEnding() else { throw Interrupted() }
                self.take(listed, source: source, priority: priority)
            }
        } catch {
            if error.cause is Interrupted { return false }
            throw OperationError(
                .fatal,
                "source '\(source)' cannot be listed: \(error); nothing was deleted"
            )
        }
        guard report.isComplete else {
            let reason =
                "source '\(source)' could not be listed completely (\(report.problemCount) problems, "
                + "first: \(report.errors.first.map { "\($0)" } ?? "unknown"))"
            self.context.tally.withLock { $0.heldReasons.append(reason) }
            return false
        }
        return true
    }

    private mutating func take(_ listed: ListedItem, source: String, priority: Int) {
        let shard = listed.id.shard(of: self.pending.count)
        let previous = self.known[shard].removeValue(forKey: listed.id)
        let item = SourceItem(
            id: listed.id,
            uri: listed.uri,
            source: source,
            priority: priority,
            size: listed.size,
            modificationNanoseconds: listed.modificationNanoseconds,
            inode: listed.inode
        )
        self.context.tally.withLock { $0.listed += 1 }
        if let previous, !self.context.options.isParanoid, self.isUnchanged(item, previous) {
            self.context.tally.withLock { $0.unchanged += 1 }
            return
        }
        self.pending[shard].append(
            PendingDocument(item: item, listed: listed, previous: previous)
        )
        self.pendingBytes[shard] += listed.size
        self.context.options.progress.update {
            $0.listed += 1
            $0.total += 1
        }
        if self.pending[shard].count >= Self.documentsPerBatch
            || self.pendingBytes[shard] >= Self.bytesPerBatch
        {
            self.flush(shard)
        }
    }

    private func isUnchanged(_ item: SourceItem, _ row: ListingRow) -> Bool {
        row.listedHash != nil
            && row.attemptFingerprint == self.context.prepareFingerprint
            && row.size == item.size
            && row.modificationNanoseconds == item.modificationNanoseconds
            && row.inode == item.inode
            && row.source == item.source
            && row.priority == item.priority
    }

    private mutating func flush(_ shard: Int) {
        guard !self.pending[shard].isEmpty else { return }
        let batch = BatchTable.Batch(
            shard: shard,
            documents: self.pending[shard],
            removed: []
        )
        self.pending[shard] = []
        self.pendingBytes[shard] = 0
        self.submit(self.batches.add(batch), batch.documents.count * Self.bytesPerListedDocument)
    }

    /// Documents no complete listing mentions are gone; those of an incomplete one are held.
    private func removeUnlisted(completeSources: Set<String>) {
        let declared = Set(self.context.plan.sources.map(\.name))
        for (shard, rows) in self.known.enumerated() where !rows.isEmpty {
            func isGone(_ row: ListingRow) -> Bool {
                completeSources.contains(row.source) || !declared.contains(row.source)
            }
            let gone = rows.values.filter(isGone)
            let held = rows.values.filter { !isGone($0) }
            self.context.tally.withLock { tally in
                tally.held += held.map { HeldDocument(id: $0.id, state: $0.state) }
            }
            guard !gone.isEmpty else { continue }
            let batch = BatchTable.Batch(
                shard: shard,
                documents: [],
                removed: gone.map(\.id).sorted()
            )
            self.submit(self.batches.add(batch), gone.count * MemoryLayout<DocumentID>.size)
        }
    }
}

/// The listing was stopped from inside its visitor.
private struct Interrupted: Error {}
