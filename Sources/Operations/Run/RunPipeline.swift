internal import Dataflow
internal import Execution
internal import Logging
internal import Manifests
internal import Records
internal import Segments
internal import Stages
internal import Storage
internal import Telemetry

/// Runs the pipeline file at `path` to a published snapshot.
///
/// - Throws: ``OperationError``; `.configuration` is thrown before anything is touched.
package func runPipelineFile(
    _ verb: RunVerb,
    path: String,
    options: RunOptions
) throws -> RunSummary {
    if verb != .compact { try options.isolation.requireProgram() }
    let plan = try loadPipeline(path: path, overrides: options.overrides, for: .redaction)
    let models = try ModelSet(for: plan, root: options.modelsRoot)
    let fingerprints = fingerprints(
        of: plan,
        catalogue: pipelineCatalogue,
        resources: models.resource
    )
    let materialise = try MaterialisePlan(plan: plan, fingerprints: fingerprints, models: models)
    try materialise.readKeys()
    let exports = try plan.exportStages()
    let connectors = try makeConnectors(plan)
    let gate = options.isErasing ? nil : try plan.gate.map { try GateInputs($0, pipeline: path) }
    let start = monotonicNanoseconds()
    return try translatingErrors {
        if options.isParanoid { try checkStateFiles(of: plan, options) }
        let workspace = try Workspace(
            root: plan.workspace,
            shardCount: plan.shardCount,
            pipeline: plan.name,
            isAdopting: options.isAdopting,
            verb: verb.rawValue,
            startedMilliseconds: options.clock.milliseconds(),
            lockWaitSeconds: options.lockWaitSeconds
        )
        // Where that fails the next run does it; this one is told by its own end.
        defer { try? workspace.close() }
        let resumed = try resumedRun(in: workspace)
        if let resumed, verb != .compact { options.onResume(resumed) }
        if verb == .compact { try refuseToCompact(fingerprints.pipeline, in: workspace) }
        let run = try workspace.catalog.beginRun(
            verb: verb.rawValue,
            pipeline: plan.name,
            pipelineFingerprint: fingerprints.pipeline,
            pipelinePath: absolutePath(path),
            resumes: resumed?.run,
            overrides: options.overrides,
            at: options.clock.milliseconds()
        )
        let context: RunContext
        do {
            context = try RunContext(
                verb: verb,
                plan: plan,
                fingerprints: fingerprints,
                models: models,
                workspace: workspace,
                connectors: connectors,
                options: options,
                gate: gate,
                run: run
            )
        } catch {
            try? workspace.catalog.finishRun(
                run,
                status: .failed,
                exitCode: ExitStatus.fatal.rawValue,
                summary: "{}",
                at: options.clock.milliseconds()
            )
            throw error
        }
        var summary = try recordRun(context, startNanoseconds: start) {
            let execution = try RunExecution(context: context, plan: materialise)
            let (outcome, stopReason) = try execution.run()
            if outcome == .published { try RunExports(context: context, stages: exports).run() }
            return (outcome, stopReason, execution.published)
        }
        summary.resumed = resumed
        try copyFusionLock(of: path, to: workspace.layout)
        return summary
    }
}

/// What the last run had done when it ended before its time; nil when none did.
private func resumedRun(in workspace: Workspace) throws -> ResumedRun? {
    guard let run = try workspace.catalog.lastUnfinishedRun() else { return nil }
    let reading = RunJournal.read(workspace.layout.journal)
    let isOfRun = reading?.run == run.id
    return ResumedRun(
        run: run.id,
        pending: isOfRun ? reading?.pending ?? 0 : 0,
        done: isOfRun ? reading?.done ?? 0 : 0,
        inFlight: isOfRun ? reading?.inFlight ?? 0 : 0
    )
}

/// The canonical form is that of a pipeline; another one has to be brought up to date first.
private func refuseToCompact(_ fingerprint: Digest, in workspace: Workspace) throws {
    guard let last = try workspace.catalog.lastFinishedRun() else {
        throw OperationError(
            .noSuchState,
            "there is nothing to compact in \(workspace.layout.root); run 'millrace backfill' first"
        )
    }
    guard last.pipelineFingerprint == fingerprint else {
        throw OperationError(
            .configuration,
            "the pipeline changed since run \(last.id); run 'millrace sync', then compact"
        )
    }
}

/// Performs the run and writes how it ended into the catalog, whatever way it ends.
func recordRun(
    _ context: RunContext,
    startNanoseconds: UInt64,
    _ work: () throws -> (Scheduler.Outcome, Engine.StopReason?, PublishedRun?)
) throws -> RunSummary {
    context.log.info(
        "run started",
        metadata: [
            "verb": "\(context.verb.rawValue)", "workers": "\(context.options.workerCount)",
        ]
    )
    do {
        let (outcome, stopReason, published) = try work()
        let summary = try summarise(
            context,
            outcome: outcome,
            stopReason: stopReason,
            published: published,
            startNanoseconds: startNanoseconds
        )
        context.log.info(
            "run ended",
            metadata: [
                "outcome": "\(summary.outcome.rawValue)", "exit": "\(summary.exitCode)",
                "seconds": "\(summary.seconds)",
            ]
        )
        try context.workspace.catalog.finishRun(
            context.run,
            status: summary.outcome.runStatus,
            exitCode: summary.exitCode,
            summary: try summary.encodedJSON(),
            at: context.now
        )
        return summary
    } catch {
        let difference = error as? PlanDifference
        let refusal = (error as? OperationError).flatMap { $0.status == .deletesHeld ? $0 : nil }
        context.journal.end(isDiskFull(error) ? .diskFull : .failed)
        // The verb prints the error itself; this is for those who collect log lines.
        context.log.notice("run failed", metadata: ["cause": "\(error)"])
        try? context.workspace.catalog.finishRun(
            context.run,
            status: difference == nil && refusal == nil ? .failed : .refused,
            exitCode: (refusal?.status ?? .fatal).rawValue,
            summary: "{}",
            at: context.now
        )
        throw difference?.asOperationError ?? error
    }
}

/// Holds the state files to the checksums of their last writer: what is derived is made again, and with
/// damage in anything else nothing is published.
private func checkStateFiles(of plan: Plan, _ options: RunOptions) throws {
    let layout = WorkspaceLayout(root: plan.workspace)
    var damaged = try StateChecksums.changedFiles(layout) ?? []
    let isOfDedupe = { $0 == layout.dedupe || $0.hasPrefix(layout.dedupeFolder + "/") }
    if damaged.contains(where: isOfDedupe) {
        damaged.removeAll(where: isOfDedupe)
        _ = try setAside(
            .dedupe,
            workspace: plan.workspace,
            lockWaitSeconds: options.lockWaitSeconds
        )
    }
    // A run publishes again, and makes what is missing.
    damaged.removeAll { $0 == layout.live || !fileExists($0) }
    guard let first = damaged.first else { return }
    throw OperationError(
        .fatal,
        "\(first): its bytes are not those its last writer left; "
            + (healing(ofFile: first) ?? "restore it from a backup")
    )
}

extension RunSummary.Outcome {
    fileprivate var runStatus: RunStatus {
        switch self {
        case .published, .unchanged: .finished
        case .stopped: .interrupted
        case .refused: .refused
        }
    }
}

private func isDiskFull(_ error: any Error) -> Bool {
    switch error {
    case let error as ManifestError: error.code == .noSpace
    case let error as StorageError: error.code == .noSpace
    default: false
    }
}
