internal import Dataflow
internal import Embedding
internal import Foundation
internal import Manifests
internal import Records
internal import Segments
internal import Stages
internal import Storage
internal import Synchronization
internal import Telemetry

/// Chunks, embeds and indexes one shard: its canonical documents in order of id, in bounded memory.
///
/// Chunks and vectors that the manifest has are reused; new ones are checkpointed page by page. The
/// segments of a shard are a function of its canonical documents and the plan alone.
struct MaterialisePhase {
    private static let documentsPerPage = 32
    private static let postingsBytes = 24 << 20

    private let context: RunContext
    private let plan: MaterialisePlan
    private let shard: Int
    private let manifest: ShardManifest
    private let inflater = Inflater()
    private var branches: [ChunkBranchWork]
    private var counters = StageCounters()
    private var embedded = 0

    init(context: RunContext, plan: MaterialisePlan, shard: Int) throws {
        self.context = context
        self.plan = plan
        self.shard = shard
        let manifest = context.workspace.shards[shard]
        self.manifest = manifest
        self.branches = try plan.branches.map { try ChunkBranchWork($0, manifest: manifest) }
    }

    /// The segments of every index, by index name.
    mutating func run() throws -> [String: SegmentReference] {
        let folder = self.context.workspace.layout.segmentsFolder(shard: self.shard)
        var writers = try SegmentWriters(
            self.plan.indexes,
            folder: folder,
            postingsBytes: Self.postingsBytes
        )
        var last: DocumentID?
        while true {
            let page = try self.manifest.canonicalDocuments(
                after: last,
                maximumCount: Self.documentsPerPage
            )
            guard let end = page.last else { break }
            last = end.id
            try self.take(page, writers: &writers)
            self.context.options.progress.update { $0.done += page.count }
        }
        let references = try writers.finish(shard: self.shard)
        let (counters, embedded) = (self.counters, self.embedded)
        self.context.tally.withLock {
            $0.stages.add(counters)
            $0.chunksEmbedded += embedded
            $0.segmentsWritten += references.count
        }
        return references
    }

    private mutating func take(
        _ page: [CanonicalDocument],
        writers: inout SegmentWriters
    ) throws {
        let texts = try page.map {
            try self.inflater.inflate($0.compressedText, byteCount: $0.textByteCount)
        }
        var chunkSets: [ChunkSet] = []
        var vectorSets: [VectorSet] = []
        for index in self.branches.indices {
            try self.branches[index].chunk(
                page,
                texts: texts,
                manifest: self.manifest,
                counters: &self.counters
            )
            chunkSets += self.branches[index].newChunkSets
            vectorSets += try self.branches[index].embed(
                texts: texts,
                manifest: self.manifest,
                counters: &self.counters
            )
        }
        self.embedded += vectorSets.reduce(0) { $0 + $1.hashes.count }
        if !chunkSets.isEmpty || !vectorSets.isEmpty {
            try self.manifest.storeMaterialised(chunkSets: chunkSets, vectors: vectorSets)
        }
        for index in self.branches.indices {
            try self.branches[index].write(
                page,
                texts: texts,
                to: &writers,
                counters: &self.counters
            )
        }
    }
}

/// One writer an index; each is given every document its chunk stage cut.
struct SegmentWriters {
    private var writers: [String: SegmentWriterBox] = [:]

    init(
        _ indexes: [MaterialisePlan.IndexBranch],
        folder: String,
        postingsBytes: Int
    ) throws {
        for index in indexes {
            self.writers[index.node.id] = SegmentWriterBox(
                try SegmentWriter(
                    folder: folder,
                    configuration: index.configuration,
                    memoryBudget: postingsBytes
                )
            )
        }
    }

    mutating func add(
        _ document: SegmentDocument,
        chunks: [SegmentChunk],
        to index: String
    ) throws {
        try self.writers[index]?.add(document, chunks: chunks)
    }

    /// Finishes every segment; the references carry the shard.
    mutating func finish(shard: Int) throws -> [String: SegmentReference] {
        var references: [String: SegmentReference] = [:]
        for (index, writer) in self.writers.sorted(by: { $0.key < $1.key }) {
            var reference = try writer.finish()
            reference.shard = shard
            references[index] = reference
        }
        return references
    }
}

/// Holds a writer until it is finished: a dictionary cannot hold what must be consumed once.
private final class SegmentWriterBox {
    private var writer: SegmentWriter?

    init(_ writer: consuming SegmentWriter) { self.writer = consume writer }

    func add(_ document: SegmentDocument, chunks: [SegmentChunk]) throws {
        try self.writer?.add(document, chunks: chunks)
    }

    func finish() throws -> SegmentReference {
        guard let writer = self.writer.take() else {
            throw OperationError(.fatal, "a segment is finished once")
        }
        return try writer.finish()
    }
}
