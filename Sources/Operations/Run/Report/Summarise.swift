internal import Dataflow
internal import Embedding
internal import Execution
internal import Foundation
internal import Manifests
internal import Records
internal import Segments
internal import Stages
internal import Synchronization
internal import Telemetry

/// Counts what the workspace holds after a run, and what the run did.
func summarise(
    _ context: RunContext,
    outcome: Scheduler.Outcome,
    stopReason: Engine.StopReason?,
    published: PublishedRun?,
    startNanoseconds: UInt64
) throws -> RunSummary {
    let usage = ProcessUsage.now()
    let tally = context.tally.withLock { $0 }
    let totals = try published?.totals ?? context.workspace.totals()
    var summary = RunSummary(
        run: context.run,
        verb: context.verb.rawValue,
        pipeline: context.plan.name,
        outcome: published?.outcome.summaryOutcome ?? .stopped,
        exitCode: ExitStatus.clean.rawValue,
        snapshot: published?.outcome.live?.number,
        digest: published?.outcome.live?.digest,
        seconds: Double(monotonicNanoseconds() - startNanoseconds) / 1e9,
        processorSeconds: usage.processorSeconds,
        memoryBytesMaximum: max(tally.memoryBytesMaximum, usage.residentBytesMaximum),
        accounts: DocumentAccounts(totals)
    )
    summary.add(tally)
    summary.embedding = embeddingReports(context, summary)
    summary.exports = tally.exports.isEmpty ? nil : tally.exports
    summary.stopReason = context.embeddingStop.withLock { $0 }
    summary.absences =
        absences(in: context.plan)
        + context.caches.sorted { $0.key < $1.key }.compactMap(\.value.problem)
    summary.chunks = published?.outcome.live?.chunkCount ?? 0
    summary.gate = published?.outcome.gate
    summary.nearDuplicates = GroupReport(totals)
    summary.languages = totals.languages
    summary.unreadLanguages = unreadLanguages(
        of: context.plan,
        counts: totals.languages,
        modelsRoot: context.options.modelsRoot
    )
    summary.redactions = totals.redactions
    summary.exclusions = totals.exclusions
    summary.addLeftOut(tally)
    summary.retentionReceipt = tally.retentionReceipt
    summary.ignoredFailures = totals.ignoredDeadLetters
    if totals.deadLetters > 0 { try summary.addDeadLetters(of: context.workspace.shards) }
    summary.exitCode = exitStatus(outcome, stopReason, summary, totals).rawValue
    return summary
}

extension PublishOutcome {
    fileprivate var summaryOutcome: RunSummary.Outcome {
        switch self {
        case .unchanged: .unchanged
        case .published: .published
        case .refused: .refused
        }
    }

    /// What is served after it.
    var live: Snapshot? {
        switch self {
        case .unchanged(let snapshot), .published(let snapshot, _): snapshot
        case .refused(let live, _): live
        }
    }

    fileprivate var gate: GateReport? {
        switch self {
        case .unchanged: nil
        case .published(_, let gate): gate
        case .refused(_, let gate): gate
        }
    }
}

/// What servers embedded for the run; nil where none is asked.
private func embeddingReports(
    _ context: RunContext,
    _ summary: RunSummary
) -> [EmbeddingReport]? {
    guard !context.ledgers.isEmpty else { return nil }
    let unredacted = context.plan.unredactedStages
    return context.plan.nodes.compactMap { node in
        guard let ledger = context.ledgers[node.id],
            case .remote(let settings)? = try? embedderReference(node)
        else { return nil }
        let usage = ledger.usage
        let cost = ledger.money(usage.tokens)
        let documents = summary.added + summary.changed
        let needed = usage.texts + summary.chunksReused
        return EmbeddingReport(
            stage: node.id,
            provider: settings.provider.rawValue,
            model: settings.model,
            requests: usage.requests,
            retries: usage.retries,
            texts: usage.texts,
            tokens: usage.tokens,
            cost: cost,
            costPerDocument: documents > 0 ? cost / Double(documents) : 0,
            cacheHitRate: needed > 0 ? Double(summary.chunksReused) / Double(needed) : 0,
            cached: context.caches[node.id]?.hits,
            monthTokens: ledger.monthBefore.tokens + usage.tokens,
            monthCost: ledger.monthBefore.money + cost,
            isUnredacted: unredacted.contains(node.id)
        )
    }
}

/// What the plan's stages ask for and do without, as their keys allow.
func absences(in plan: Plan) -> [String] {
    plan.nodes.flatMap(stageResources).filter { !$0.isThere }.map(\.absence)
}

private func exitStatus(
    _ outcome: Scheduler.Outcome,
    _ stopReason: Engine.StopReason?,
    _ summary: RunSummary,
    _ totals: ShardTotals
) -> ExitStatus {
    if outcome == .stopped { return stopReason == .budget ? .budgetReached : .interrupted }
    if summary.outcome == .refused { return .gateFailed }
    if summary.accounts.held > 0 || summary.hasUnlistedParts { return .deletesHeld }
    if summary.exports?.contains(where: { $0.problem != nil }) ?? false { return .documentsFailed }
    return totals.deadLetters > totals.ignoredDeadLetters ? .documentsFailed : .clean
}

extension Workspace {
    /// The counts of all shards.
    func totals() throws -> ShardTotals {
        try self.shards.reduce(into: ShardTotals()) { $0 += try $1.totals() }
    }
}

extension DocumentAccounts {
    init(_ totals: ShardTotals) { self.init(totals.documents) }

    init(_ totals: SourceTotals) {
        self.init()
        self.listed = totals.documents
        self.indexed = totals.canonical
        self.duplicates = totals.duplicate
        self.excluded = totals.excluded
        self.failed = totals.failed
        self.held = totals.held
        self.stale = totals.stale
        self.children = totals.children > 0 ? totals.children : nil
    }
}

extension GroupReport {
    init?(_ totals: ShardTotals) {
        guard totals.grouped > 0 else { return nil }
        self.init(groups: totals.groups, documents: totals.grouped)
    }
}

extension RunSummary {
    /// Whether documents may exist that no listing named.
    fileprivate var hasUnlistedParts: Bool {
        (self.sources ?? []).contains { $0.problem != nil }
    }

    /// Dead letters printed with a summary; `status` lists them all.
    private static let deadLettersShown = 10

    fileprivate mutating func add(_ tally: RunTally) {
        self.listed = tally.listing?.listed ?? 0
        self.unchanged = (tally.listing?.unchanged ?? 0) + tally.touched
        self.added = tally.added
        self.changed = tally.changed
        self.removed = tally.deletions?.removedCount ?? 0
        self.touched = tally.touched
        self.copied = tally.copiedFrom.count
        self.renamed = tally.renamed
        self.read = tally.read
        self.bytesRead = tally.bytesRead
        self.extracted = tally.extracted
        self.chunked = tally.chunked
        self.chunksEmbedded = tally.chunksEmbedded
        self.chunksReused = max(0, tally.chunksReused)
        self.chunksFromCache = tally.chunksFromCache
        self.chunksWithoutVector = tally.chunksWithoutVector
        self.segmentsWritten = tally.segmentsWritten
        self.heldReasons = tally.deletions?.reasons ?? []
        self.sources = tally.listing?.sources.values.map { SourceReport($0) }
            .sorted { $0.source < $1.source }
        self.stages = tally.stages.stages.map { StageReport(stage: $0, row: tally.stages[$0]) }
    }

    /// What was listed and is in no manifest: what is forgotten, and what is older than it may be.
    fileprivate mutating func addLeftOut(_ tally: RunTally) {
        var counts: [String: Int] = [:]
        for source in tally.listing?.sources.values.map({ $0 }) ?? [] {
            counts.merge(source.leftOut, uniquingKeysWith: +)
            self.listed += source.leftOut.values.reduce(0, +)
        }
        let contents = tally.forgottenContents.values.reduce(0, +)
        if contents > 0 { counts[LeftOutDocuments.forgottenReason, default: 0] += contents }
        self.accounts.addExcluded(counts.values.reduce(0, +))
        self.exclusions = (self.exclusions ?? [:]).merging(counts, uniquingKeysWith: +)
    }

    fileprivate mutating func addDeadLetters(of shards: [ShardManifest]) throws {
        let letters = try shards.flatMap { try $0.deadLetters() }.map(DeadLetterReport.init)
        for letter in letters { self.failures[letter.code, default: 0] += 1 }
        self.deadLetters = Array(
            letters.sorted { $0.uri < $1.uri }.prefix(Self.deadLettersShown)
        )
    }

    func encodedJSON() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

extension DeadLetterReport {
    init(_ letter: DeadLetter) {
        self.init(
            uri: letter.uri,
            stage: letter.failure.stage,
            code: letter.failure.code.rawValue,
            message: letter.failure.message
        )
    }
}

extension StageReport {
    fileprivate init(stage: String, row: StageCounters.Row) {
        self.init(
            stage: stage,
            documents: row.documents,
            failures: row.failures,
            inputBytes: row.inputBytes,
            outputBytes: row.outputBytes,
            seconds: Double(row.nanoseconds) / 1e9
        )
    }
}
