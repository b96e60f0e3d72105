internal import Connectors
internal import Manifests
internal import Records
internal import Synchronization

/// The batches that are listed and not yet checkpointed, by number; each is of one shard.
final class BatchTable: Sendable {
    struct Batch: Sendable {
        let shard: Int
        let documents: [PendingDocument]
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

/// Collects pending documents into batches of one shard each.
struct BatchBuilder {
    private static let documentsPerBatchMax = 32
    private static let bytesPerBatch = 4 << 20
    /// What a listed document takes while its batch waits; its content is read later.
    private static let bytesPerListedDocument = 512

    private let documentsPerBatch: Int
    private let submit: (_ batch: BatchTable.Batch, _ byteCount: Int) -> Void
    private var pending: [[PendingDocument]]
    private var pendingBytes: [Int]

    /// - Parameter maximumDocuments: of the whole run, where it has a budget: no batch is larger.
    init(
        shardCount: Int,
        maximumDocuments: Int?,
        submit: @escaping (_ batch: BatchTable.Batch, _ byteCount: Int) -> Void
    ) {
        self.documentsPerBatch = min(maximumDocuments ?? .max, Self.documentsPerBatchMax)
        self.submit = submit
        self.pending = Array(repeating: [], count: shardCount)
        self.pendingBytes = Array(repeating: 0, count: shardCount)
    }

    mutating func add(_ document: PendingDocument) {
        let shard = document.item.id.shard(of: self.pending.count)
        self.pending[shard].append(document)
        self.pendingBytes[shard] += document.item.size
        if self.pending[shard].count >= self.documentsPerBatch
            || self.pendingBytes[shard] >= Self.bytesPerBatch
        {
            self.flush(shard)
        }
    }

    /// Submits what is left.
    mutating func finish() {
        for shard in self.pending.indices { self.flush(shard) }
    }

    /// A document that came with its listing waits with its bytes.
    private static func byteCount(of document: PendingDocument) -> Int {
        self.bytesPerListedDocument + (document.listed.content?.bytes.count ?? 0)
    }

    private mutating func flush(_ shard: Int) {
        guard !self.pending[shard].isEmpty else { return }
        let batch = BatchTable.Batch(shard: shard, documents: self.pending[shard])
        self.pending[shard] = []
        self.pendingBytes[shard] = 0
        self.submit(batch, batch.documents.reduce(0) { $0 + Self.byteCount(of: $1) })
    }
}
