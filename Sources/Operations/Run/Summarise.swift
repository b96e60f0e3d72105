internal import Dataflow
internal import Execution
internal import Foundation
internal import Manifests
internal import Records
internal import Segments
internal import Synchronization
internal import Telemetry

/// Counts what the workspace holds after a run, and what the run did.
func summarise(
    _ verb: RunVerb,
    context: RunContext,
    plan: MaterialisePlan,
    outcome: Scheduler.Outcome,
    published: (snapshot: Snapshot, isNew: Bool)?,
    startNanoseconds: UInt64
) throws -> RunSummary {
    let usage = ProcessUsage.now()
    let tally = context.tally.withLock { $0 }
    var totals = ShardTotals()
    for shard in context.workspace.shards { totals += try shard.totals() }
    let held = try totalsOfHeld(tally.held, in: context.workspace.shards)
    let accounts = DocumentAccounts(totals, held: held)
    var summary = RunSummary(
        run: context.run,
        verb: verb.rawValue,
        pipeline: context.plan.name,
        outcome: published.map { $0.isNew ? .published : .unchanged } ?? .stopped,
        exitCode: ExitStatus.clean.rawValue,
        snapshot: published?.snapshot.number,
        digest: published?.snapshot.digest,
        seconds: Double(monotonicNanoseconds() - startNanoseconds) / 1e9,
        processorSeconds: usage.processorSeconds,
        memoryBytesMaximum: max(tally.memoryBytesMaximum, usage.residentBytesMaximum),
        accounts: accounts
    )
    summary.add(tally)
    summary.chunks = published?.snapshot.chunkCount ?? 0
    summary.languages = totals.languages
    summary.redactions = totals.redactions
    try summary.addDeadLetters(of: context.workspace.shards)
    summary.exitCode = exitStatus(outcome, totals: totals, tally: tally).rawValue
    return summary
}

private func exitStatus(
    _ outcome: Scheduler.Outcome,
    totals: ShardTotals,
    tally: RunTally
) -> ExitStatus {
    if outcome == .stopped { return .interrupted }
    if !tally.heldReasons.isEmpty { return .deletesHeld }
    return totals.deadLetters > 0 ? .documentsFailed : .clean
}

/// How the held documents stand; each is counted as held and nowhere else.
private func totalsOfHeld(
    _ held: [HeldDocument],
    in shards: [ShardManifest]
) throws -> SourceTotals {
    var totals = SourceTotals()
    var served = Array(repeating: [DocumentID](), count: shards.count)
    for document in held {
        switch document.state {
        case .failed: totals.failed += 1
        case .excluded: totals.excluded += 1
        case .prepared, .stale: served[document.id.shard(of: shards.count)].append(document.id)
        }
    }
    for (shard, ids) in zip(shards, served) where !ids.isEmpty {
        let duplicates = try shard.duplicateCount(among: ids)
        totals.duplicate += duplicates
        totals.canonical += ids.count - duplicates
    }
    return totals
}

extension DocumentAccounts {
    init(_ totals: ShardTotals, held: SourceTotals = SourceTotals()) {
        let documents = totals.documents
        self.init()
        self.listed = documents.listed
        self.indexed = documents.canonical - held.canonical
        self.duplicates = documents.duplicate - held.duplicate
        self.excluded = documents.excluded - held.excluded
        self.failed = documents.failed - held.failed
        self.held = held.listed
        self.stale = documents.stale
    }
}

extension RunSummary {
    /// Dead letters printed with a summary; `status` lists them all.
    private static let deadLettersShown = 10

    fileprivate mutating func add(_ tally: RunTally) {
        self.added = tally.added
        self.changed = tally.changed
        self.removed = tally.removed
        self.unchanged = tally.unchanged
        self.processed = tally.processed
        self.bytesRead = tally.bytesRead
        self.chunksEmbedded = tally.chunksEmbedded
        self.segmentsWritten = tally.segmentsWritten
        self.heldReasons = tally.heldReasons
        self.stages = tally.stages.stages.map { StageReport(stage: $0, row: tally.stages[$0]) }
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
