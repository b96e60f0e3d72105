internal import Dataflow
internal import Embedding
internal import Execution
internal import Foundation
internal import Manifests
internal import Records
internal import Segments
internal import Stages
internal import Storage
internal import Synchronization
internal import Telemetry

/// Chunks, embeds and indexes what changed in one shard, in order of id and in bounded memory.
///
/// Chunks and vectors that the manifests have are reused; new ones are checkpointed page by page. What
/// the live rows of a shard's segments say is a function of its canonical documents and the plan.
struct MaterialisePhase {
    private static let documentsPerPage = 32
    private static let postingsBytes = 24 << 20
    /// What a page holds beside its text: tokens, vectors and terms, for chunks of some 250 bytes.
    private static let bytesPerTextByte = 8

    private let context: StepContext
    private let plan: MaterialisePlan
    private let shard: Int
    private let vectors: VectorSources
    private let stop: StopPoint
    private let manifest: ShardManifest
    private let inflater = Inflater()
    private var counters = StageCounters()
    private var tally = RunTally()

    init(
        context: StepContext,
        plan: MaterialisePlan,
        shard: Int,
        vectors: VectorSources,
        stop: StopPoint
    ) throws {
        self.context = context
        self.plan = plan
        self.shard = shard
        self.vectors = vectors
        self.stop = stop
        self.manifest = try context.manifest(shard)
    }

    /// Brings the shard's segments up to date and records them.
    ///
    /// Invariant: every file is durable before the manifest names it, and the list of what is
    /// unindexed is emptied in the same transaction.
    /// - Throws: ``RunStopped``; chunks and vectors of the pages so far are stored then.
    mutating func run() throws {
        let start = monotonicNanoseconds()
        let folder = self.context.layout.segmentsFolder(shard: self.shard)
        let shardPlan = try self.context.planner(shard: self.shard, plan: self.plan).make()
        var written: [String: SegmentReference] = [:]
        for pass in shardPlan.passes {
            try written.merge(self.write(pass.documents, of: pass.indexes, folder: folder)) { $1 }
        }
        try self.manifest.setIndexes(
            shardPlan.indexes.map { index in
                let new = written[index.branch.node.id].map { [LiveSegment($0)] } ?? []
                return try WrittenIndex(
                    name: index.branch.node.id,
                    fingerprint: index.branch.fingerprint,
                    segments: index.kept + new
                ).record()
            }
        )
        self.tally.segmentsWritten = written.count
        self.tally.stages = self.counters
        let tally = self.tally
        self.context.tally.withLock { $0.add(tally) }
        self.context.options.progress.spans?.note(
            "shard",
            since: start,
            [
                "millrace.shard": .count(self.shard),
                "millrace.segments": .count(written.count),
            ],
            stages: self.counters
        )
    }

    /// One new segment of each index, over the same documents.
    private mutating func write(
        _ documents: ShardPlan.Documents,
        of indexes: Set<String>,
        folder: String
    ) throws -> [String: SegmentReference] {
        let plan = self.plan.restricted(to: indexes)
        var branches = try plan.branches.map {
            try ChunkBranchWork(
                $0,
                manifest: self.manifest,
                vectors: self.vectors,
                caches: self.context.caches,
                policies: self.plan.policies
            )
        }
        var writers = try SegmentWriters(
            plan.indexes,
            folder: folder,
            postingsBytes: Self.postingsBytes
        )
        var pages = DocumentPages(documents, manifest: self.manifest)
        while let page = try pages.next(maximumCount: Self.documentsPerPage) {
            try self.stop.check()
            let textBytes = page.reduce(0) { $0 + $1.textByteCount }
            try self.context.memory.withReservation(of: textBytes * Self.bytesPerTextByte) {
                try self.take(page, branches: &branches, writers: &writers)
            }
            self.context.options.progress.finish(page.count)
        }
        return try writers.finish(shard: self.shard)
    }

    private mutating func take(
        _ page: [CanonicalDocument],
        branches: inout [ChunkBranchWork],
        writers: inout SegmentWriters
    ) throws {
        let texts = try page.map {
            try self.inflater.inflate($0.compressedText, byteCount: $0.textByteCount)
        }
        var chunkSets: [ChunkSet] = []
        var vectorSets: [VectorSet] = []
        for index in branches.indices {
            try branches[index].chunk(
                page,
                texts: texts,
                manifest: self.manifest,
                counters: &self.counters
            )
            chunkSets += branches[index].newChunkSets
            vectorSets += try branches[index].embed(
                texts: texts,
                manifest: self.manifest,
                counters: &self.counters,
                tally: &self.tally
            )
        }
        self.tally.chunked += chunkSets.count
        if !chunkSets.isEmpty || !vectorSets.isEmpty {
            try self.manifest.storeMaterialised(chunkSets: chunkSets, vectors: vectorSets)
        }
        for index in branches.indices {
            try branches[index].write(
                page,
                texts: texts,
                to: &writers,
                counters: &self.counters,
                tally: &self.tally
            )
        }
    }
}

extension StepContext {
    /// How a shard is looked at and planned by this run.
    func planner(shard: Int, plan: MaterialisePlan) throws -> ShardPlanner {
        ShardPlanner(
            manifest: try self.manifest(shard),
            folder: self.layout.segmentsFolder(shard: shard),
            plan: plan,
            trust: self.options.isParanoid ? .nothing : .header,
            isCompacting: try self.purges
                || RetentionErasure.rewrites(shard, of: self.plan, self.layout)
        )
    }
}

/// Reads the documents of a pass page by page, by ascending id.
struct DocumentPages {
    private let documents: ShardPlan.Documents
    private let manifest: ShardManifest
    private var last: DocumentID?
    private var next = 0

    init(_ documents: ShardPlan.Documents, manifest: ShardManifest) {
        self.documents = documents
        self.manifest = manifest
    }

    /// Nil after the last page.
    mutating func next(maximumCount: Int) throws -> [CanonicalDocument]? {
        switch self.documents {
        case .all:
            let page = try self.manifest.canonicalDocuments(
                after: self.last,
                maximumCount: maximumCount
            )
            self.last = page.last?.id
            return page.isEmpty ? nil : page
        case .some(let ids):
            guard self.next < ids.count else { return nil }
            let part = ids[self.next..<min(self.next + maximumCount, ids.count)]
            let page = try self.manifest.canonicalDocuments(part)
            self.next += page.visited
            return page.documents
        }
    }
}
