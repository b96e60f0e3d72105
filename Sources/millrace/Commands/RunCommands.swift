internal import ArgumentParser
internal import Operations

struct BackfillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backfill",
        abstract: "Build the index from its sources, or go on where an earlier run ended."
    )

    @OptionGroup var arguments: RunArguments

    mutating func run() throws { try runPipeline(.backfill, self.arguments) }
}

struct SyncCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Take up what was added, changed, renamed or deleted since the last run."
    )

    @OptionGroup var arguments: RunArguments

    mutating func run() throws { try runPipeline(.sync, self.arguments) }
}

/// Runs a pipeline with progress, prints the summary, and ends with the summary's exit code.
private func runPipeline(_ verb: RunVerb, _ arguments: RunArguments) throws {
    arguments.output.bootstrap()
    let options = try arguments.options()
    let printer = ProgressPrinter(
        progress: options.progress,
        style: .choose(json: arguments.output.json, quiet: arguments.quiet)
    )
    let interruption = InterruptionSignals(options.cancellation)
    printer.start()
    let result = Result { try runPipelineFile(verb, path: arguments.pipeline, options: options) }
    printer.stop()
    interruption.cancel()
    let summary = try result.get()
    if arguments.output.json { try printJSON(summary) } else { print(text(of: summary)) }
    if summary.status != .clean { throw summary.status }
}
