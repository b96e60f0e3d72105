internal import Dataflow
internal import Embedding
internal import Execution
internal import Logging
internal import Manifests
internal import Records
internal import Stages
internal import Storage
internal import Synchronization
internal import Telemetry

/// A server could not go on embedding; what it gave is stored, and the next run asks for the rest.
struct EmbeddingStopped: Error {
    let reason: String
}

/// Has a server embed every chunk that the materialise phase is going to need, so that that phase asks
/// nobody and what it writes is a function of the manifests.
///
/// Chunks go out in requests filled across documents and shards; each text goes out once, and not at all
/// where any shard or the stage's cache has its vector. What came back is stored answer by answer. A document with a chunk
/// that the server refuses is set aside: the version before it is served again, where there was one.
struct EmbedAheadPhase {
    private static let documentsPerPage = 32
    private static let bytesPerTextByte = 8
    /// How long answers under way are waited for after that.
    private static let graceMilliseconds = 1_000

    private let context: RunContext
    private let plan: MaterialisePlan
    private let stop: StopPoint
    private let inflater = Inflater()
    private var counters = StageCounters()
    private var tally = RunTally()

    init(context: RunContext, plan: MaterialisePlan, stop: StopPoint) {
        self.context = context
        self.plan = plan
        self.stop = stop
    }

    /// - Parameter shards: those that the materialise phase is going to write to.
    /// - Returns: whether documents were set aside: then what is resolved has to be resolved again.
    /// - Throws: ``RunStopped``; ``EmbeddingStopped`` for a budget or an outage.
    mutating func run(shards: [Int]) throws -> Bool {
        var hasSetAside = false
        defer {
            self.tally.stages = self.counters
            let tally = self.tally
            self.context.tally.withLock { $0.add(tally) }
        }
        for branch in self.plan.branches {
            for embed in branch.embeds {
                guard let ledger = self.context.ledgers[embed.node.id],
                    let model = embed.model as? RemoteModel
                else { continue }
                if try self.run(branch, embed, model.metered(by: ledger), ledger, shards) {
                    hasSetAside = true
                }
            }
        }
        return hasSetAside
    }

    private mutating func run(
        _ branch: MaterialisePlan.ChunkBranch,
        _ embed: MaterialisePlan.EmbedBranch,
        _ model: RemoteModel,
        _ ledger: SpendLedger,
        _ shards: [Int]
    ) throws -> Bool {
        var filling = RemoteFilling(
            model: model,
            manifests: self.context.workspace.shards,
            fingerprint: embed.model.identity.fingerprintText,
            cache: self.context.caches[embed.node.id],
            stop: self.stop
        )
        var ending: (any Error)?
        do {
            for shard in shards {
                try self.take(shard, branch, embed, into: &filling)
            }
            try filling.finish()
        } catch {
            ending = error
            filling.drain(graceMilliseconds: Self.graceMilliseconds)
        }
        self.tally.chunksEmbedded += filling.storedCount
        // The materialise phase finds them and counts them as reused.
        self.tally.chunksReused -= filling.storedCount
        self.tally.noteCached(filling.cachedCount)
        let hasSetAside = try self.setAside(filling, embed)
        try ledger.close()
        if let ending { throw ending }
        return hasSetAside
    }

    /// Cuts the shard's changed documents and hands out the chunks that have no vector anywhere.
    private mutating func take(
        _ shard: Int,
        _ branch: MaterialisePlan.ChunkBranch,
        _ embed: MaterialisePlan.EmbedBranch,
        into filling: inout RemoteFilling
    ) throws {
        let manifest = self.context.workspace.shards[shard]
        let documents = try self.context.planner(shard: shard, plan: self.plan).pendingDocuments()
        try filling.begin(shard: shard)
        var work = try ChunkBranchWork(
            branch,
            manifest: manifest,
            vectors: filling.sources,
            caches: [:],
            policies: self.plan.policies
        )
        var pages = DocumentPages(documents, manifest: manifest)
        while let page = try pages.next(maximumCount: Self.documentsPerPage) {
            try self.stop.check()
            let textBytes = page.reduce(0) { $0 + $1.textByteCount }
            try self.context.memory.withReservation(of: textBytes * Self.bytesPerTextByte) {
                let texts = try page.map {
                    try self.inflater.inflate($0.compressedText, byteCount: $0.textByteCount)
                }
                try work.chunk(page, texts: texts, manifest: manifest, counters: &self.counters)
                if !work.newChunkSets.isEmpty {
                    self.tally.chunked += work.newChunkSets.count
                    try manifest.storeMaterialised(chunkSets: work.newChunkSets, vectors: [])
                }
                let waiting = try work.waiting(
                    for: embed.node.id,
                    page: page,
                    texts: texts,
                    manifest: manifest
                )
                try filling.add(waiting, shard: shard)
            }
            self.context.options.progress.finish(page.count)
        }
    }

    private func setAside(
        _ filling: RemoteFilling,
        _ embed: MaterialisePlan.EmbedBranch
    ) throws -> Bool {
        let refused = filling.refusedDocuments
        guard !refused.isEmpty else { return false }
        let byShard = Dictionary(grouping: refused) { $0.shard }
        for (shard, documents) in byShard.sorted(by: { $0.key < $1.key }) {
            let manifest = self.context.workspace.shards[shard]
            let rows = try documents.sorted { $0.document < $1.document }.map { document in
                let source = try manifest.listingRow(of: document.document)?.source ?? ""
                return SetAsideDocument(
                    id: document.document,
                    failure: StageFailure(
                        stage: embed.node.id,
                        code: document.refusal.isTooLong ? .limitExceeded : .refused,
                        message: "a chunk of it is refused by \(filling.place): "
                            + document.refusal.reason
                    ),
                    fingerprint: self.context.prepareFingerprints.ofUnembedded(
                        embed.node.id,
                        source: source
                    )
                )
            }
            try manifest.setAside(rows, run: self.context.run, at: self.context.now)
            for row in rows {
                self.context.log.warning(
                    "document failed",
                    metadata: [
                        "document": "\(row.id)", "stage": "\(row.failure.stage)",
                        "code": "\(row.failure.code.rawValue)", "cause": "\(row.failure.message)",
                    ]
                )
            }
        }
        self.context.options.progress.update { $0.failed += refused.count }
        return true
    }
}
