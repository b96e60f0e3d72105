internal import Connectors
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
    WorkerLimits.forbidCoreFiles()
    let plan = try loadPipeline(path: path, overrides: options.overrides, for: .redaction)
    let models = try ModelSet(for: plan, root: options.modelsRoot)
    let fingerprints = fingerprints(
        of: plan,
        catalogue: pipelineCatalogue,
        resources: models.resource
    )
    let materialise = try MaterialisePlan(plan: plan, fingerprints: fingerprints, models: models)
    let connectors = try makeConnectors(plan)
    let start = monotonicNanoseconds()
    return try translatingErrors {
        let workspace = try Workspace(
            root: plan.workspace,
            shardCount: plan.shardCount,
            verb: verb.rawValue,
            startedMilliseconds: options.clock.milliseconds(),
            lockWaitSeconds: options.lockWaitSeconds
        )
        let resumed = try resumedRun(in: workspace)
        if let resumed, verb != .compact { options.onResume(resumed) }
        if verb == .compact { try refuseToCompact(fingerprints.pipeline, in: workspace) }
        let run = try workspace.catalog.beginRun(
            verb: verb.rawValue,
            pipeline: plan.name,
            pipelineFingerprint: fingerprints.pipeline,
            pipelinePath: absolutePath(path),
            resumes: resumed?.run,
            at: options.clock.milliseconds()
        )
        let context = try RunContext(
            verb: verb,
            plan: plan,
            fingerprints: fingerprints,
            models: models,
            workspace: workspace,
            connectors: connectors,
            options: options,
            run: run
        )
        var summary = try recordRun(context, plan: materialise, startNanoseconds: start)
        summary.resumed = resumed
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
private func recordRun(
    _ context: RunContext,
    plan: MaterialisePlan,
    startNanoseconds: UInt64
) throws -> RunSummary {
    context.log.info(
        "run started",
        metadata: [
            "verb": "\(context.verb.rawValue)", "workers": "\(context.options.workerCount)",
        ]
    )
    do {
        let execution = try RunExecution(context: context, plan: plan)
        let (outcome, stopReason) = try execution.run()
        if context.verb == .compact, outcome == .published {
            try CompactPhase(context: context, plan: plan).run()
        }
        let summary = try summarise(
            context,
            outcome: outcome,
            stopReason: stopReason,
            published: execution.published,
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
            status: outcome == .stopped ? .interrupted : .finished,
            exitCode: summary.exitCode,
            summary: try summary.encodedJSON(),
            at: context.now
        )
        return summary
    } catch {
        let difference = error as? PlanDifference
        // The verb prints the error itself; this is for those who collect log lines.
        context.log.notice("run failed", metadata: ["cause": "\(error)"])
        try? context.workspace.catalog.finishRun(
            context.run,
            status: difference == nil ? .failed : .refused,
            exitCode: ExitStatus.fatal.rawValue,
            summary: "{}",
            at: context.now
        )
        throw difference?.asOperationError ?? error
    }
}

func makeConnectors(_ plan: Plan) throws -> [String: any Connector] {
    var connectors: [String: any Connector] = [:]
    for source in plan.sources {
        do {
            connectors[source.name] = try makeFolderConnector(source)
        } catch {
            throw OperationError(.configuration, "source '\(source.name)': \(error)")
        }
    }
    return connectors
}

private func makeFolderConnector(_ source: Plan.Source) throws -> FolderConnector {
    let keys = source.configuration
    return try FolderConnector(
        name: source.name,
        root: keys["path"]?.stringValue ?? "",
        include: keys["include"]?.stringListValue ?? ["**"],
        exclude: keys["exclude"]?.stringListValue ?? [],
        followSymlinks: keys["follow_symlinks"]?.boolValue ?? false,
        includeHidden: keys["include_hidden"]?.boolValue ?? false,
        maximumBytes: keys["maximum_bytes"]?.intValue ?? 256 << 20
    )
}
