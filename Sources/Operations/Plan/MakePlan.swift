internal import Connectors
internal import Dataflow
internal import Embedding
internal import Foundation
internal import Manifests
internal import Records
internal import Stages
internal import Storage
internal import Telemetry

/// What `millrace sync` would do now with the pipeline file at `path`, and why; writes nothing.
///
/// Documents whose listing is new are read and hashed, as a run would; nothing is extracted.
///
/// - Throws: ``OperationError`` as a run would.
package func makePlan(path: String, options: RunOptions) throws -> RunPlan {
    let plan = try loadPipeline(path: path, overrides: options.overrides, for: .redaction)
    let models = try ModelSet(for: plan, root: options.modelsRoot)
    let fingerprints = fingerprints(
        of: plan,
        catalogue: pipelineCatalogue,
        resources: models.resource
    )
    let materialise = try MaterialisePlan(plan: plan, fingerprints: fingerprints, models: models)
    return try translatingErrors {
        let reader =
            fileExists(WorkspaceLayout(root: plan.workspace).catalog)
            ? try WorkspaceReader(root: plan.workspace) : nil
        try WorkspaceIdentity(pipeline: plan.name, shardCount: plan.shardCount)
            .require(of: WorkspaceLayout(root: plan.workspace), isAdopting: options.isAdopting)
        var maker = try PlanMaker(
            plan: plan,
            fingerprints: fingerprints,
            models: models,
            connectors: try makeConnectors(plan),
            reader: reader,
            options: options
        )
        return try maker.make(isParanoid: options.isParanoid, materialise: materialise)
    }
}

private struct PlanMaker {
    private let plan: Plan
    private let connectors: [String: any Connector]
    private let shards: [ShardManifest]
    private let catalog: Catalog?
    private let known: KnownDocuments
    private let prepare: PrepareFingerprints
    private let history: StageHistory
    private let deltas: DeltaListings
    private let reading: DocumentReading
    private let ladder: ChangeLadder
    private let milliseconds: Int64
    private let modelsRoot: String?
    private let models: ModelSet
    private var result: RunPlan
    private var groups: [StageChange: (documents: Int, bytes: Int)] = [:]
    private var copiedFrom: [DocumentID] = []
    private var gone: [(id: DocumentID, source: String)] = []
    /// The documents that were read, with the first eight bytes of their contents' hashes.
    private var contents: [DocumentID: UInt64] = [:]

    init(
        plan: Plan,
        fingerprints: PlanFingerprints,
        models: ModelSet,
        connectors: [String: any Connector],
        reader: WorkspaceReader?,
        options: RunOptions
    ) throws {
        self.plan = plan
        self.milliseconds = options.clock.milliseconds()
        self.modelsRoot = options.modelsRoot
        self.models = models
        self.connectors = connectors
        let manifests = try (0..<(reader?.shardCount ?? 0)).map { try reader?.shard($0) }
        let shards = manifests.compactMap { $0 }
        self.shards = shards
        self.catalog = reader?.catalog
        let isWhole = !shards.isEmpty && shards.count == manifests.count
        self.known =
            isWhole ? try KnownDocuments(shards) : KnownDocuments(shardCount: plan.shardCount)
        self.deltas =
            try reader.map {
                try DeltaListings(
                    catalog: $0.catalog,
                    shards: shards,
                    isReconciling: options.isReconciling,
                    now: options.clock.milliseconds()
                )
            } ?? .none
        self.prepare = PrepareFingerprints(plan: plan, fingerprints: fingerprints)
        self.history = try StageHistory(
            now: plan.nodes.map { StageRecord($0, models: models) },
            catalog: reader?.catalog
        )
        self.reading = DocumentReading(connectors: connectors)
        let (known, prepare) = (self.known, self.prepare)
        self.ladder = ChangeLadder(
            known: known,
            likelyTwins: { known.twins(of: $0, prepare) },
            manifest: { shards[$0] },
            fingerprints: self.prepare,
            wantsSignature: plan.nodes.contains { $0.uses == dedupeStageName }
        )
        self.result = RunPlan(pipeline: plan.name, fingerprint: fingerprints.pipeline.hex)
    }

    mutating func make(isParanoid: Bool, materialise: MaterialisePlan) throws -> RunPlan {
        var pending: [PendingDocument] = []
        var phase = ListPhase(
            plan: self.plan,
            connectors: self.connectors,
            known: self.known,
            deltas: self.deltas,
            fingerprints: self.prepare,
            leftOut: LeftOutDocuments(
                forgotten: try ForgottenDocuments.read(WorkspaceLayout(root: self.plan.workspace)),
                retention: self.plan.retention,
                now: WallClock.system.milliseconds()
            ),
            isParanoid: isParanoid,
            isEnding: { false },
            take: { pending.append($0) }
        )
        guard var listing = try phase.run() else { return self.result }
        for document in pending { try self.classify(document) }
        listing.withdraw(self.gone, known: self.known)
        try self.decideDeletions(listing)
        self.result.absences = absences(in: self.plan)
        self.result.listed = listing.listed
        self.result.unchanged = listing.unchanged + self.result.touched
        self.result.redone = try self.redoneStages(materialise)
        self.result.groups = self.groups.map { change, count in
            .init(
                cause: change.cause,
                detail: change.detail,
                documents: count.documents,
                bytes: count.bytes
            )
        }.sorted { ($0.cause.rawValue, $0.detail) < ($1.cause.rawValue, $1.detail) }
        self.result.estimate = try self.estimate()
        let languages = try self.shards.reduce(into: [:]) {
            $0.merge(try $1.totals().languages, uniquingKeysWith: +)
        }
        self.result.unreadLanguages = Operations.unreadLanguages(
            of: self.plan,
            counts: languages,
            modelsRoot: self.modelsRoot
        )
        return self.result
    }

    private mutating func classify(_ document: PendingDocument) throws {
        let item = document.item
        if document.listed.content == nil, self.reading.isRemote(item.source) {
            try self.classifyUnread(document)
            return
        }
        switch self.reading.read(document) {
        case .gone:
            self.gone.append((item.id, item.source))
        case .failed:
            self.count(StageChange(.retry, "cannot be read now"), document)
        case .document(let read):
            let content = read.content
            self.contents[item.id] = content.word0
            switch try self.ladder.step(for: read) {
            case .touched:
                self.result.touched += 1
                return
            case .copied(let from, _):
                self.result.copied += 1
                self.copiedFrom.append(from)
                self.count(StageChange(.copied, ""), document)
            case .extract:
                self.result.extracted += 1
                self.result.estimate.bytes += read.raw.bytes.count
                self.countImage(item)
                let change =
                    document.isKnown
                    ? try self.change(of: item, content: content) : StageChange(.added, "")
                self.count(change, document)
            }
        }
    }

    /// What a source keeps elsewhere is not fetched to be compared: another version counts as another
    /// content.
    private mutating func classifyUnread(_ document: PendingDocument) throws {
        let item = document.item
        self.result.extracted += 1
        self.result.estimate.bytes += item.size
        self.countImage(item)
        guard document.isKnown else {
            self.count(StageChange(.added, ""), document)
            return
        }
        let row = try self.shards[item.id.shard(of: self.shards.count)].listingRow(of: item.id)
        let content = row?.version == item.version ? row?.listedHash : nil
        self.count(try self.change(of: item, content: content ?? .zero), document)
    }

    /// How many pages of PDFs are pictures is not known before they are read.
    private mutating func countImage(_ item: SourceItem) {
        let type = MediaType(ofPath: item.uri)
        guard type.isPicture,
            self.plan.nodes.contains(where: { $0.mediaTypes.contains(type.name) })
        else { return }
        let images = (self.result.estimate.images ?? 0) + 1
        self.result.estimate.images = images
        self.result.estimate.imageSeconds = Double(images) * secondsPerPicture
    }

    private mutating func count(_ change: StageChange, _ document: PendingDocument) {
        if document.isKnown { self.result.changed += 1 } else { self.result.added += 1 }
        var group = self.groups[change] ?? (0, 0)
        group.documents += 1
        group.bytes += document.item.size
        self.groups[change] = group
    }

    /// Why a known document goes through the prepare stages again.
    private func change(of item: SourceItem, content: Digest) throws -> StageChange {
        let shard = item.id.shard(of: self.shards.count)
        guard let row = try self.shards[shard].listingRow(of: item.id) else {
            return StageChange(.added, "")
        }
        guard let listed = row.listedHash else { return StageChange(.retry, "asked for") }
        if listed != content { return StageChange(.content, "") }
        let path = self.plan.preparePath(of: row.mediaType, source: item.source)
        return self.history.firstChange(among: path) ?? StageChange(.graph, "prepare stages")
    }

    private mutating func decideDeletions(_ listing: Listing) throws {
        let approved = try self.shards.flatMap { try $0.heldDeletions() }.filter(\.isApproved)
        let moved = ListedContents(known: self.known, read: self.contents, listing: listing)
        let deletions = try DeletionGuard(
            plan: self.plan,
            known: self.known,
            listing: listing,
            approved: Set(approved.map(\.id)).union(listing.leftOutKnown),
            moved: { moved.documents(among: $0) }
        ).decide()
        self.result.removed = deletions.removedCount
        self.result.held = deletions.heldCount
        self.result.heldReasons = deletions.reasons
        let renamed = Set(self.copiedFrom).intersection(deletions.removed.joined()).count
        self.result.renamed = renamed
        guard let copies = self.groups.removeValue(forKey: StageChange(.copied, "")) else { return }
        if renamed > 0 {
            let bytes = copies.bytes * renamed / copies.documents
            self.groups[StageChange(.renamed, "")] = (renamed, bytes)
        }
        if copies.documents > renamed {
            let rest = copies.documents - renamed
            self.groups[StageChange(.copied, "")] = (rest, copies.bytes * rest / copies.documents)
        }
    }

    /// The stages after the prepare phase that change by themselves, with the documents they take.
    private func redoneStages(_ materialise: MaterialisePlan) throws -> [RunPlan.StageRedo] {
        let documents = try self.shards.reduce(0) { try $0 + $1.canonicalIDs().count }
        guard documents > 0 else { return [] }
        let later = self.plan.nodes.filter { $0.phase != .prepare }
        return later.compactMap { node in
            self.history.firstChange(among: [node.id]).map {
                .init(stage: node.id, cause: $0.cause, detail: $0.detail, documents: documents)
            }
        }
    }

    private func estimate() throws -> RunPlan.Estimate {
        var estimate = self.result.estimate
        var totals = ShardTotals()
        for shard in self.shards { totals += try shard.totals() }
        let knownBytes = self.known.rows.joined().reduce(0) { $0 + $1.size }
        let embeds = self.plan.nodes.filter { $0.uses == embedStageName }
        for embed in embeds {
            guard let chunk = embed.inputs.first else { continue }
            let stored = totals.tokens[chunk] ?? 0
            let perByte =
                knownBytes > 0 && stored > 0
                ? Double(stored) / Double(knownBytes) : Self.tokensPerByteAtFirst
            var tokens = Int(Double(estimate.bytes) * perByte)
            let redone = Set(self.result.redone.map(\.stage))
            if redone.contains(embed.id) || redone.contains(chunk) { tokens += stored }
            var cached: Int?
            if redone.contains(embed.id), !redone.contains(chunk) {
                cached = try self.cachedTokens(of: embed, chunk: chunk)
            }
            tokens -= min(tokens, cached ?? 0)
            if let cached { estimate.cachedTokens = (estimate.cachedTokens ?? 0) + cached }
            estimate.tokens += tokens
            if let remote = try self.embeddingEstimate(embed, tokens: tokens, cached: cached) {
                estimate.embedding = (estimate.embedding ?? []) + [remote]
            }
            estimate.money += Double(tokens) / 1e6 * costPerMillionTokens(embed)
        }
        estimate.seconds = try self.bytesPerSecond().map { Double(estimate.bytes) / $0 }
        return estimate
    }

    /// Tokens of the stored chunks whose vector is in the stage's cache; nil without one.
    private func cachedTokens(of embed: PlanNode, chunk: String) throws -> Int? {
        guard let cache = try CachedVectors(embed, models: self.models) else { return nil }
        var tokens = 0
        for shard in self.shards {
            for id in try shard.canonicalIDs() {
                let chunks = try shard.chunks(of: id, stage: chunk)?.chunks ?? []
                let cached = try cache.holds(chunks.map(\.textHash))
                for chunk in chunks where cached.contains(chunk.textHash) {
                    tokens += chunk.tokenCount
                }
            }
        }
        return tokens
    }

    /// Nil for a stage whose model runs here.
    private func embeddingEstimate(
        _ node: PlanNode,
        tokens: Int,
        cached: Int?
    ) throws -> RunPlan.EmbeddingEstimate? {
        guard case .remote(let settings) = try embedder(of: node) else { return nil }
        let allowance = try SpendAllowance(
            limits: spendLimits(node),
            monthBefore: self.catalog?.spend(
                month: calendarMonth(self.milliseconds),
                stage: node.id
            ) ?? (0, 0)
        )
        let ceiling = allowance.ceiling
        return RunPlan.EmbeddingEstimate(
            stage: node.id,
            provider: settings.provider.rawValue,
            model: settings.model,
            tokens: tokens,
            cachedTokens: cached,
            cost: allowance.money(tokens),
            monthTokens: allowance.monthBefore.tokens,
            monthCost: allowance.monthBefore.money,
            tokensAllowed: ceiling?.tokens,
            stopsAt: ceiling.flatMap { $0.tokens < tokens ? $0.key : nil },
            isUnredacted: self.plan.unredactedStages.contains(node.id)
        )
    }

    /// Of HTML and PDF with their mark-up: about one token in eight bytes.
    private static let tokensPerByteAtFirst = 0.125

    /// The rate of the last run that read anything.
    private func bytesPerSecond() throws -> Double? {
        for run in try self.catalog?.runs(limit: 50) ?? [] {
            guard let text = run.summary, run.status == .finished,
                let summary = try? JSONDecoder().decode(RunSummary.self, from: Data(text.utf8)),
                summary.bytesRead > 0, summary.seconds > 0
            else { continue }
            return Double(summary.bytesRead) / summary.seconds
        }
        return nil
    }
}

extension Plan {
    /// The prepare stages a document of this type goes through; all of them when the type is unknown.
    fileprivate func preparePath(of mediaType: MediaType?, source: String) -> Set<String> {
        let nodes = self.nodes(in: .prepare)
        guard let mediaType,
            let first = nodes.first(where: {
                $0.inputs.contains(source) && $0.mediaTypes.contains(mediaType.name)
            })
        else { return Set(nodes.map(\.id)) }
        return Set(nodes.path(from: first).map(\.id))
    }
}
