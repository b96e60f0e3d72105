internal import Console
internal import Foundation
internal import Operations
internal import Telemetry

/// Runs a pipeline with progress and signals; prints nothing but that.
///
/// - Parameter work: what is done with the options, `runPipelineFile` for all but a compaction.
func withProgress<Report>(
    _ options: RunOptions,
    tuning: RunTuning,
    _ work: (RunOptions) throws -> Report
) throws -> Report {
    var options = options
    let style = ProgressPrinter.Style.choose(json: tuning.output.json, quiet: tuning.isSilent)
    options.onResume = { resumed in announce(resumed, style: style) }
    let printer = ProgressPrinter(progress: options.progress, style: style)
    let interruption = InterruptionSignals(options.cancellation)
    printer.start()
    defer {
        printer.stop()
        interruption.cancel()
    }
    return try work(options)
}

/// Runs a pipeline and returns its summary.
func performRun(
    _ verb: RunVerb,
    pipeline: String,
    options: RunOptions,
    tuning: RunTuning
) throws -> RunSummary {
    if !tuning.isSilent { try announceWait(pipeline: pipeline, options: options) }
    var options = options
    let spans = tuning.otlp.map { _ in SpanLog() }
    options.progress = RunProgress(spans: spans)
    return try sendingSummary(to: tuning.webhook) {
        try sendingTrace(of: verb, pipeline, spans, to: tuning.otlp) {
            try leavingMetrics(of: pipeline, tuning: tuning) {
                try withProgress(options, tuning: tuning) {
                    let summary = try runPipelineFile(verb, path: pipeline, options: $0)
                    // Of one that was interrupted, the same machine goes on.
                    if summary.status != .interrupted {
                        try publishRemoteWorkspaces(progress: $0.progress)
                    }
                    return summary
                }
            }
        }
    }
}

/// What is posted of a run that failed.
private struct FailedRun: Encodable {
    var event = "error"
    let code: String
    let exit: Int32
    let message: String
}

/// Posts how a run ended where that was asked for; that it could not be delivered is told and changes nothing.
private func sendingSummary(to address: String?, _ run: () throws -> RunSummary) throws
    -> RunSummary
{
    guard let address else { return try run() }
    let url = try deliveryAddress(address, option: "--webhook")
    func send(_ json: String) {
        do { try sendSummary(json, to: url) } catch { printError("\(error)") }
    }
    let summary: RunSummary
    do {
        summary = try run()
    } catch {
        let status = (error as? OperationError)?.status ?? .fatal
        let failed = FailedRun(code: status.name, exit: status.rawValue, message: "\(error)")
        send(try formedJSON(failed, JSONForm("error")))
        throw error
    }
    send(try formedJSON(summary, JSONForm("run")))
    return summary
}

/// Sends the trace of a run where that was asked for; that it could not be delivered is told and changes nothing.
private func sendingTrace(
    of verb: RunVerb,
    _ pipeline: String,
    _ spans: SpanLog?,
    to address: String?,
    _ run: () throws -> RunSummary
) throws -> RunSummary {
    guard let address, let spans else { return try run() }
    let url = try deliveryAddress(address, option: "--otlp")
    let start = spans.now
    func send(_ summary: RunSummary?, _ exitCode: Int32) {
        do {
            let traced = TracedRun(
                pipeline: try summary?.pipeline ?? pipelinePlace(pipeline).name,
                verb: verb.rawValue,
                run: summary?.run,
                exitCode: exitCode,
                start: start
            )
            try sendTrace(spans, of: traced, to: url)
        } catch { printError("\(error)") }
    }
    let summary: RunSummary
    do {
        summary = try run()
    } catch {
        send(nil, ((error as? OperationError)?.status ?? .fatal).rawValue)
        throw error
    }
    send(summary, summary.exitCode)
    return summary
}

/// The address itself, or the one in an environment variable: it may be a secret.
private func deliveryAddress(_ text: String, option: String) throws -> String {
    guard text.hasPrefix("env:") else { return text }
    let name = String(text.dropFirst("env:".count))
    guard let value = ProcessInfo.processInfo.environment[name], !value.isEmpty else {
        throw OperationError(
            .configuration,
            "\(option): the environment variable '\(name)' is not set"
        )
    }
    return value
}

/// Writes and pushes the metrics of a run where they were asked for, whatever way it ends.
private func leavingMetrics(
    of pipeline: String,
    tuning: RunTuning,
    _ run: () throws -> RunSummary
) throws -> RunSummary {
    let path = tuning.metricsFile.map { absolutePath($0) }
    let gateway = try tuning.pushGateway.map {
        try deliveryAddress($0, option: "--push-gateway")
    }
    guard path != nil || gateway != nil else { return try run() }
    let start = monotonicNanoseconds()
    func leave(_ summary: RunSummary?, _ exitCode: Int32) throws {
        // Of a pipeline file that cannot be read, no metric can be told.
        let place = try pipelinePlace(pipeline)
        let samples = metricSamples(
            pipeline: place.name,
            workspace: place.workspace,
            summary: summary,
            exitCode: exitCode,
            seconds: Double(monotonicNanoseconds() - start) / 1e9
        )
        if let gateway {
            do { try pushMetrics(samples, pipeline: place.name, to: gateway) } catch {
                printError("\(error)")
            }
        }
        if let path { try writeMetrics(samples, to: path) }
    }
    let summary: RunSummary
    do {
        summary = try run()
    } catch {
        let status = (error as? OperationError)?.status ?? .fatal
        do { try leave(nil, status.rawValue) } catch { printError("\(error)") }
        throw error
    }
    try leave(summary, summary.exitCode)
    return summary
}

/// Prints the summary of a run, and ends with its exit code.
func conclude(_ summary: RunSummary, pipeline: String, output: OutputOptions) throws {
    if output.json {
        try printJSON(summary, JSONForm("run"))
    } else {
        try printText(of: summary, pipeline: pipeline)
    }
    if summary.status != .clean { throw summary.status }
}

/// Prints a summary with the deletions that are held.
func printText(of summary: RunSummary, pipeline: String) throws {
    let held =
        summary.accounts.held > 0
        ? try heldDeletions(workspace: try workspacePath(pipeline: pipeline)) : []
    printLine(text(of: summary, place: shellWord(pipeline), held: held))
}

/// Says what a run has to wait for.
func announceWait(pipeline: String, options: RunOptions) throws {
    guard options.lockWaitSeconds > 0,
        let holder = lockHolder(workspace: try workspacePath(pipeline: pipeline))
    else { return }
    printError("waiting up to \(fixed(options.lockWaitSeconds, decimals: 0)) s for \(holder)")
}

/// `resuming run 7: 3,995 of 6,666 done, 12 in flight redone`.
private func announce(_ resumed: ResumedRun, style: ProgressPrinter.Style) {
    switch style {
    case .none: break
    case .json:
        printError(
            "{\"event\":\"resume\",\"run\":\(resumed.run),\"pending\":\(resumed.pending),"
                + "\"done\":\(resumed.done),\"inFlight\":\(resumed.inFlight)}"
        )
    case .terminal, .lines: printError("resuming " + text(of: resumed))
    }
}

/// `run 7: 3,995 of 6,666 done, 12 in flight redone`, as far as that is known.
func text(of resumed: ResumedRun) -> String {
    guard resumed.pending > 0 else { return "run \(resumed.run)" }
    let redone = resumed.inFlight > 0 ? ", \(grouped(resumed.inFlight)) in flight redone" : ""
    return
        "run \(resumed.run): \(grouped(resumed.done)) of \(grouped(resumed.pending)) done\(redone)"
}
