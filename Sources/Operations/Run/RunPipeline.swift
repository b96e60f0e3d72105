internal import Connectors
internal import Dataflow
internal import Execution
internal import Logging
internal import Manifests
internal import Segments
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
    let plan = try loadPipeline(path: path, overrides: options.overrides)
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
            startedMilliseconds: options.clock.milliseconds()
        )
        let run = try workspace.catalog.beginRun(
            verb: verb.rawValue,
            pipeline: plan.name,
            pipelineFingerprint: fingerprints.pipeline,
            at: options.clock.milliseconds()
        )
        let context = RunContext(
            plan: plan,
            fingerprints: fingerprints,
            models: models,
            workspace: workspace,
            connectors: connectors,
            options: options,
            run: run
        )
        return try recordRun(verb, context: context, plan: materialise, startNanoseconds: start)
    }
}

/// Performs the run and writes how it ended into the catalog, whatever way it ends.
private func recordRun(
    _ verb: RunVerb,
    context: RunContext,
    plan: MaterialisePlan,
    startNanoseconds: UInt64
) throws -> RunSummary {
    let execution = RunExecution(context: context, plan: plan)
    let outcome: Scheduler.Outcome
    context.log.info(
        "run started",
        metadata: ["verb": "\(verb.rawValue)", "workers": "\(context.options.workerCount)"]
    )
    do {
        outcome = try execution.run()
    } catch {
        context.log.error("run failed", metadata: ["cause": "\(error)"])
        try? context.workspace.catalog.finishRun(
            context.run,
            status: .failed,
            exitCode: ExitStatus.fatal.rawValue,
            summary: "{}",
            at: context.now
        )
        throw error
    }
    let summary = try summarise(
        verb,
        context: context,
        plan: plan,
        outcome: outcome,
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
}

private func makeConnectors(_ plan: Plan) throws -> [String: any Connector] {
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
