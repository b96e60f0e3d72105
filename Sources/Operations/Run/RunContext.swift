internal import Connectors
internal import Dataflow
internal import Execution
internal import Logging
internal import Manifests
internal import Records
internal import Stages
internal import Storage
internal import Synchronization
internal import Telemetry

/// What the work on one shard shares with the rest of its run, in one process or many; nothing in it changes
/// but the tallies.
// @unchecked: every stored property is an immutable value of a Sendable type, in ``RunContext`` too.
class StepContext: @unchecked Sendable {
    let verb: RunVerb
    let plan: Plan
    let fingerprints: PlanFingerprints
    let prepareFingerprints: PrepareFingerprints
    let models: ModelSet
    let layout: WorkspaceLayout
    let connectors: [String: any Connector]
    let reading: DocumentReading
    /// Reads what is not on this machine's disks.
    let ahead: ReadAhead
    let options: RunOptions
    let run: RunID
    /// The manifest of a shard; whoever makes the context says which of them may be written to.
    let manifest: @Sendable (_ shard: Int) throws -> ShardManifest
    /// What is listed and not taken up.
    let leftOut: LeftOutDocuments
    /// What workers reserve from before they read a document.
    let memory: MemoryBudget
    let tally = Mutex(RunTally())
    /// What a worker made of the canary; empty as long as nothing was prepared.
    let preparedCanaries = Mutex<[(route: Canary.Route, document: PreparedDocument)]>([])
    /// Whether the run leaves on the disk only what it publishes: a compaction, and a run after the policy of
    /// redaction changed, since what was stored before may hold what the new policy takes out.
    let purges: Bool
    /// Whether what was stored before went through another redaction.
    let isRedactedAnew: Bool
    /// Whether manifests that were set aside as damaged go as well.
    let dropsSetAside: Bool
    /// Of embed stages that have one, by stage.
    let caches: [String: VectorCache]
    /// Carries the run and the pipeline on every line; never document text.
    let log: Logger

    init(
        verb: RunVerb,
        plan: Plan,
        fingerprints: PlanFingerprints,
        models: ModelSet,
        layout: WorkspaceLayout,
        catalog: Catalog,
        connectors: [String: any Connector],
        options: RunOptions,
        run: RunID,
        manifest: @escaping @Sendable (_ shard: Int) throws -> ShardManifest
    ) throws {
        self.verb = verb
        self.plan = plan
        self.fingerprints = fingerprints
        self.prepareFingerprints = PrepareFingerprints(plan: plan, fingerprints: fingerprints)
        self.models = models
        self.layout = layout
        self.connectors = connectors
        self.options = options
        self.run = run
        self.manifest = manifest
        self.leftOut = LeftOutDocuments(
            forgotten: try ForgottenDocuments.read(layout),
            retention: plan.retention,
            now: options.clock.milliseconds()
        )
        let isRedactedAnew = try StageHistory(
            now: plan.nodes.map { StageRecord($0, models: models) },
            catalog: catalog
        ).changesRedaction
        self.isRedactedAnew = isRedactedAnew
        self.purges = verb == .compact || isRedactedAnew
        self.dropsSetAside = isRedactedAnew || options.isPurging
        let reading = DocumentReading(connectors: connectors)
        self.reading = reading
        self.ahead = ReadAhead(
            concurrency: Dictionary(
                uniqueKeysWithValues: plan.sources.map { ($0.name, $0.concurrency) }
            ),
            bytesMaximum: max(16 << 20, options.memoryBudgetBytes / 8),
            read: reading.readFar
        )
        self.memory = MemoryBudget(
            totalBytes: max(
                Self.documentBytesMin,
                options.memoryBudgetBytes - Self.bytesBesideDocuments
            )
        )
        var log = Logger(label: "millrace.run")
        log[metadataKey: "run"] = "\(run)"
        log[metadataKey: "pipeline"] = "\(plan.name)"
        self.log = log
        self.caches = try VectorCache.caches(
            of: plan,
            models: models,
            log: log,
            at: options.clock.milliseconds()
        )
    }

    /// The parent's own: models, manifests' caches, listings.
    private static let bytesBesideDocuments = 160 << 20
    private static let documentBytesMin = 64 << 20

    /// Whether what is served of a document outlives its next version until that is embedded.
    ///
    /// A server may refuse that. Not what another policy redacted.
    var keepsServed: Bool { !self.purges && self.plan.nodes.contains(where: isRemoteEmbedder) }

    var dedupeNode: PlanNode? { self.plan.nodes.first { $0.uses == dedupeStageName } }

    var now: Int64 { self.options.clock.milliseconds() }
}

/// What every phase of one run shares that has the whole workspace.
// @unchecked: as ``StepContext``.
final class RunContext: StepContext, @unchecked Sendable {
    let workspace: Workspace
    let deltas: DeltaListings
    /// What the snapshot has to pass; nil where the pipeline asks nothing of it.
    let gate: GateInputs?
    /// What each embed stage with a server spends, by stage.
    let ledgers: [String: SpendLedger]
    /// Why a server could not go on embedding; nil as long as it does.
    let embeddingStop = Mutex<String?>(nil)
    let journal: RunJournal

    init(
        verb: RunVerb,
        plan: Plan,
        fingerprints: PlanFingerprints,
        models: ModelSet,
        workspace: Workspace,
        connectors: [String: any Connector],
        options: RunOptions,
        gate: GateInputs?,
        run: RunID
    ) throws {
        self.workspace = workspace
        self.gate = gate
        self.deltas = try DeltaListings(
            catalog: workspace.catalog,
            shards: workspace.shards,
            isReconciling: verb != .sync || options.isReconciling,
            now: options.clock.milliseconds()
        )
        self.ledgers = try Self.ledgers(of: plan, workspace, run, at: options.clock.milliseconds())
        self.journal = try RunJournal(
            writing: workspace.layout.journal,
            run: run,
            workerCount: options.workerCount
        )
        try super.init(
            verb: verb,
            plan: plan,
            fingerprints: fingerprints,
            models: models,
            layout: workspace.layout,
            catalog: workspace.catalog,
            connectors: connectors,
            options: options,
            run: run,
            manifest: { workspace.shards[$0] }
        )
    }

    private static func ledgers(
        of plan: Plan,
        _ workspace: Workspace,
        _ run: RunID,
        at time: Int64
    ) throws -> [String: SpendLedger] {
        Dictionary(
            uniqueKeysWithValues: try plan.nodes.filter(isRemoteEmbedder).map { node in
                let ledger = try SpendLedger(
                    stage: node.id,
                    limits: spendLimits(node),
                    catalog: workspace.catalog,
                    run: run,
                    at: time
                )
                return (node.id, ledger)
            }
        )
    }
}

extension Plan.Source {
    /// How many of its documents are read at the same time.
    fileprivate var concurrency: Int {
        self.configuration[CommonSourceKeys.concurrency.name]?.intValue
            ?? CommonSourceKeys.concurrencyByDefault
    }
}

/// What a run counted.
struct RunTally: Sendable, Codable {
    /// What the items of a run that is done in parts report; the listing belongs to all of them.
    private enum CodingKeys: CodingKey {
        case added, changed, read, bytesRead, touched, extracted, copiedFrom
        case chunked, chunksEmbedded, chunksReused, chunksFromCache, chunksWithoutVector
        case segmentsWritten, deletions, stages
    }

    var added = 0
    var changed = 0
    /// Documents whose bytes were read.
    var read = 0
    var bytesRead = 0
    /// Listed documents that were not there any more when they were to be read.
    var gone: [(id: DocumentID, source: String)] = []
    /// Same bytes as before under a new listing.
    var touched = 0
    /// Documents that went through the prepare stages.
    var extracted = 0
    /// The documents whose prepared form was taken over by another with the same bytes.
    var copiedFrom: [DocumentID] = []
    /// Documents that were cut into chunks, once for each chunk stage.
    var chunked = 0
    var chunksEmbedded = 0
    /// Chunks whose vector was there already.
    var chunksReused = 0
    /// Texts whose vector came from the machine's cache; nil for none.
    var chunksFromCache: Int?
    var chunksWithoutVector = 0
    var segmentsWritten = 0
    var memoryBytesMaximum = 0
    var listing: Listing?
    var deletions: Deletions?
    /// By source, documents whose content is forgotten: listed, and not in the manifests.
    var forgottenContents: [String: Int] = [:]
    var stages = StageCounters()
    var exports: [RunExportReport] = []
    var retentionReceipt: String?

    mutating func noteCached(_ count: Int) {
        guard count > 0 else { return }
        self.chunksFromCache = (self.chunksFromCache ?? 0) + count
    }

    /// Counts a document that is new, or whose content or stages changed.
    mutating func note(isKnown: Bool) {
        if isKnown { self.changed += 1 } else { self.added += 1 }
    }

    /// Of the copies, those whose model is deleted by the same run.
    var renamed: Int {
        guard let removed = self.deletions?.removed, !self.copiedFrom.isEmpty else { return 0 }
        let gone = Set(removed.joined())
        return Set(self.copiedFrom).intersection(gone).count
    }

    /// Adds what a worker counted; the listing is set once.
    mutating func add(_ other: RunTally) {
        self.added += other.added
        self.changed += other.changed
        self.read += other.read
        self.bytesRead += other.bytesRead
        self.gone += other.gone
        self.touched += other.touched
        self.extracted += other.extracted
        self.copiedFrom += other.copiedFrom
        self.chunked += other.chunked
        self.chunksEmbedded += other.chunksEmbedded
        self.chunksReused += other.chunksReused
        self.noteCached(other.chunksFromCache ?? 0)
        self.chunksWithoutVector += other.chunksWithoutVector
        self.segmentsWritten += other.segmentsWritten
        self.stages.add(other.stages)
        if let deletions = other.deletions { self.deletions = deletions }
        self.forgottenContents.merge(other.forgottenContents, uniquingKeysWith: +)
    }
}
