internal import ArgumentParser
internal import Console
internal import Operations

struct BackfillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backfill",
        abstract: "Build the index from its sources, or go on where an earlier run ended."
    )

    @OptionGroup var arguments: RunArguments

    mutating func run() throws {
        self.arguments.tuning.output.bootstrap()
        try conclude(
            performRun(
                .backfill,
                pipeline: self.arguments.pipeline,
                options: self.arguments.options(),
                tuning: self.arguments.tuning
            ),
            pipeline: self.arguments.pipeline,
            output: self.arguments.tuning.output
        )
    }
}

struct SyncCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Take up what was added, changed, renamed or deleted since the last run.",
        discussion: """
            --rebuild-shard is for a manifest that is damaged: it is set aside under another name, and \
            the documents of that shard are prepared again from the sources. What only the manifest \
            knew is lost: deletions that were held there, and failures that were ignored. --rebuild \
            does the same with the dedupe store, which loses nothing, and with the catalog, which \
            loses the history of runs.
            """
    )

    @OptionGroup var arguments: RunArguments

    @Option(
        name: .long,
        parsing: .singleValue,
        help: "Set a shard's damaged manifest aside and prepare its documents again, as in 0007."
    )
    var rebuildShard: [Int] = []

    @Option(
        name: .long,
        parsing: .singleValue,
        help: "Set a damaged state file aside and make it again: catalog or dedupe."
    )
    var rebuild: [RebuildableState] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Publish nothing if the work differs from this plan, which 'millrace plan --json' wrote.",
            valueName: "file"
        )
    )
    var verifyPlan: String?

    @Flag(
        name: .long,
        help: "List all of every source, also of those that tell what changed since the last run."
    )
    var reconcile = false

    mutating func run() throws {
        let (arguments, output) = (self.arguments, self.arguments.tuning.output)
        output.bootstrap()
        var options = try arguments.options()
        options.isReconciling = self.reconcile
        options.expectedPlan = try self.verifyPlan.map { try readPlan(path: $0) }
        for state in self.rebuild {
            let path = try setAside(
                state,
                workspace: try workspacePath(pipeline: arguments.pipeline),
                lockWaitSeconds: options.lockWaitSeconds
            )
            if let path, !arguments.tuning.isSilent {
                printError("set aside as \(path); remove it once a run has ended")
            }
        }
        if !self.rebuildShard.isEmpty {
            let workspace = try workspacePath(pipeline: arguments.pipeline)
            let manifests = try setShardsAside(
                self.rebuildShard,
                workspace: workspace,
                lockWaitSeconds: options.lockWaitSeconds
            )
            for manifest in manifests where !arguments.tuning.isSilent {
                printError("set aside as \(manifest.path); remove it once the shard is rebuilt")
            }
        }
        let summary = try performRun(
            .sync,
            pipeline: arguments.pipeline,
            options: options,
            tuning: arguments.tuning
        )
        try conclude(summary, pipeline: arguments.pipeline, output: output)
    }
}

extension RebuildableState: ExpressibleByArgument {}

struct ResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Go on with the run that was killed, interrupted, or stopped at a budget.",
        usage: """
            millrace resume PIPELINE
            millrace resume --workspace DIR
            """,
        discussion: """
            The run's own verb is used, its own pipeline file unless one is named, and what its --set \
            said unless --set says otherwise for the same key. What it had checkpointed is not done \
            again. Exit code 10 when the last run has ended.
            """
    )

    @Argument(help: "The pipeline file, unless --workspace or --pipeline is given.")
    var words: [String] = []

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var tuning: RunTuning

    mutating func run() throws {
        self.tuning.output.bootstrap()
        let place = try self.place.place(self.words)
        guard place.words.isEmpty else {
            throw ValidationError("unexpected '\(place.words[0])'")
        }
        let unfinished = try unfinishedRun(workspace: place.workspace)
        let pipeline = try place.pipeline ?? unfinished.pipelineFile()
        var options = try self.tuning.options()
        options.overrides = unfinished.overrides(under: options.overrides)
        if !self.tuning.isSilent {
            try self.announce(unfinished, pipeline: pipeline, place.workspace, options)
        }
        let summary = try performRun(
            unfinished.runVerb,
            pipeline: pipeline,
            options: options,
            tuning: self.tuning
        )
        try conclude(summary, pipeline: pipeline, output: self.tuning.output)
    }

    private func announce(
        _ run: UnfinishedRun,
        pipeline: String,
        _ workspace: String,
        _ options: RunOptions
    ) throws {
        if run.status != "running", run.status != "interrupted" {
            printError("run \(run.run) ended: \(run.status); doing its \(run.verb) again")
        }
        let isChanged = try isPipelineChanged(
            since: run.run,
            path: pipeline,
            workspace: workspace,
            options: options
        )
        if isChanged {
            printError(
                "the pipeline changed since run \(run.run) began; going on with \(pipeline) as it is now"
            )
        }
    }
}

struct CompactCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compact",
        abstract: "Write the segments anew as a backfill of the same documents would.",
        discussion: """
            Syncs add small segments and marks of what was deleted. A compaction writes one segment a \
            shard, drops what no document uses any more, earlier snapshots with it, and gives its room \
            back to the disk: no value of a deleted or replaced document is left. A sync after a change \
            of the redaction policy does the same by itself.
            """
    )

    @Argument(help: "The pipeline file.")
    var pipeline: String

    @Flag(name: .long, help: "Remove manifests that were set aside as damaged, too.")
    var purge = false

    @OptionGroup var tuning: RunTuning

    mutating func run() throws {
        self.tuning.output.bootstrap()
        let pipeline = self.pipeline
        var options = try self.tuning.options()
        options.isPurging = self.purge
        try announceWait(pipeline: pipeline, options: options)
        let report = try withProgress(options, tuning: self.tuning) {
            try compact(path: pipeline, options: $0)
        }
        if self.tuning.output.json {
            try printJSON(report, JSONForm("compact"))
        } else {
            printLine(text(of: report, place: shellWord(pipeline)))
        }
        if report.run.status != .clean { throw report.run.status }
    }
}

private func text(of report: CompactReport, place: String) -> String {
    let seconds = fixed(report.run.seconds, decimals: 1)
    if [.stopped, .refused].contains(report.run.outcome) {
        return text(of: report.run, place: place)
    }
    let (before, after) = (report.before, report.after)
    let waiting = report.run.status == .clean ? "" : "\n  waiting    millrace status \(place)"
    return """
        run \(report.run.run): compacted in \(seconds) s, snapshot \(report.run.snapshot ?? 0) is live
          segments   \(grouped(before.segmentCount)) → \(grouped(after.segmentCount)), with deleted rows \
        \(grouped(before.tombstoneCount)) → \(grouped(after.tombstoneCount)), \
        \(bytesText(before.liveBytes)) → \(bytesText(after.liveBytes))
          manifests  \(bytesText(before.manifestBytes)) → \(bytesText(after.manifestBytes))
          disk       \(bytesText(before.bytes)) → \(bytesText(after.bytes))\(waiting)
        """
}
