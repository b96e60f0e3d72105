internal import Dataflow
internal import Execution
internal import Foundation
internal import Manifests
internal import Records
internal import Storage
internal import Synchronization
internal import Telemetry

/// Where a run in items stands after ``finishWork(path:options:)``.
package struct WorkProgress: Sendable, Codable {
    package var run: Int64
    /// The phase that begins now; nil once the run has ended.
    package var phase: WorkPhase?
    /// How many items it has.
    package var items: Int
    /// Of the run that has ended.
    package var summary: RunSummary?
}

/// Ends the present phase of the run in items, all items of which are done, and begins the next one; publishes
/// where that is all there is left to do.
///
/// Once the run has ended, the same call tells its summary again.
/// - Throws: ``OperationError``: `.fatal` while items are not done, `.noSuchState` where no run is open and none
///   has ended, and as a run does that publishes.
package func finishWork(path: String, options: RunOptions) throws -> WorkProgress {
    try translatingErrors {
        let pipeline = try WorkPipeline(path: path, options: options)
        guard let session = pipeline.session else { return try lastSummary(pipeline) }
        try requireDone(session, pipeline)
        let workspace = try pipeline.openWorkspace(verb: "work done")
        defer { try? workspace.close() }
        guard var session = try WorkSession.read(pipeline.files) else {
            return try lastSummary(pipeline)
        }
        if session.phase != .publish {
            try requireDone(session, pipeline)
            try session.advance(pipeline, workspace)
        }
        guard session.phase == .publish else {
            return WorkProgress(
                run: session.run,
                phase: session.phase,
                items: session.items.count
            )
        }
        let summary = try publishWork(session, pipeline, workspace)
        return WorkProgress(run: session.run, items: 0, summary: summary)
    }
}

private func requireDone(_ session: WorkSession, _ pipeline: WorkPipeline) throws {
    guard session.phase != .publish else { return }
    let open = session.openItems(pipeline.files)
    guard let first = open.first else { return }
    throw OperationError(
        .fatal,
        "\(open.count) of \(session.items.count) items of phase \(session.phase.rawValue) of run "
            + "\(session.run) are not done, the first is \(first.name); 'millrace work plan PIPELINE' "
            + "prints them"
    )
}

private func lastSummary(_ pipeline: WorkPipeline) throws -> WorkProgress {
    let catalog = pipeline.files.layout.catalog
    let record =
        fileExists(catalog)
        ? try Catalog(path: catalog, mode: .readOnly).runs(limit: 1).first : nil
    guard let record, record.status == .finished, let text = record.summary,
        let summary = try? JSONDecoder().decode(RunSummary.self, from: Data(text.utf8))
    else {
        throw OperationError(
            .noSuchState,
            "no run in items is open in \(pipeline.plan.workspace); begin one with 'millrace work plan "
                + "PIPELINE'"
        )
    }
    return WorkProgress(run: record.id, items: 0, summary: summary)
}

/// Publishes what the items of a run made, and ends it.
///
/// - Precondition: the caller has the workspace alone.
func publishWork(
    _ session: WorkSession,
    _ pipeline: WorkPipeline,
    _ workspace: Workspace
) throws -> RunSummary {
    let exports = try pipeline.plan.exportStages()
    let context = try pipeline.context(workspace, session)
    let none = KnownDocuments(shardCount: pipeline.plan.shardCount)
    var listing = try pipeline.files.kept(WorkListing.self, session.listing).listing
    listing.withdraw(session.gone.map { ($0.id, $0.source) }, known: none)
    context.tally.withLock { [listing] tally in
        tally = session.tally
        tally.listing = listing
    }
    let elapsed = max(0, context.now - session.startedMilliseconds)
    do {
        let summary = try recordRun(
            context,
            startNanoseconds: monotonicNanoseconds() &- UInt64(elapsed) &* 1_000_000
        ) {
            if !session.documents.isEmpty {
                // Those who prepared have ended: one more shows that it redacts.
                try PreparePhase(context: context, known: none, stop: .never).sendCanary()
            }
            let execution = try RunExecution(
                context: context,
                plan: pipeline.materialise,
                known: none,
                stop: .never
            )
            try execution.publish()
            try proveRetention(context, execution.published, pipeline.files)
            try RunExports(context: context, stages: exports).run()
            return (.published, nil, execution.published)
        }
        try pipeline.files.remove()
        return summary
    } catch let error as OperationError where error.status == .gateFailed {
        // It was refused, and the same again would be.
        try pipeline.files.remove()
        throw error
    }
}

/// Proves that what a retention took out is gone, where the lists of the run alone named it still.
private func proveRetention(
    _ context: RunContext,
    _ published: PublishedRun?,
    _ files: WorkFiles
) throws {
    let retention = RetentionErasure(context: context)
    guard let outcome = published?.outcome, retention.isPending else { return }
    if case .refused = outcome { return }
    try files.remove()
    let receipt = try retention.conclude(snapshot: outcome.live)
    context.tally.withLock { $0.retentionReceipt = receipt }
}
