internal import ArgumentParser
internal import Console
internal import Foundation
internal import Operations

/// A run that another engine carries out: Spark, Ray, Kubernetes, Airflow, or a shell loop.
struct WorkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "work",
        abstract: "Run a pipeline in items that other engines distribute.",
        discussion: """
            The processes need the same workspace, sources, models and binary, each at the same path. A shell \
            loop that does it all:

              while millrace work plan P > items && test -s items; do
                xargs -P 8 -d '\\n' -n 1 sh -c 'echo "$0" | millrace work do P - --wait 1h' < items
                millrace work done P
              done

            The result is that of 'millrace sync', byte for byte after 'millrace compact', whatever the \
            order of items, however often each is done, and whichever process is lost. A 'millrace sync' takes \
            over what was done; items of the run are refused then.
            """,
        subcommands: [WorkPlanCommand.self, WorkDoCommand.self, WorkDoneCommand.self]
    )
}

/// How the commands of a run in items are carried out.
struct WorkTuning: ParsableArguments {
    @Option(
        name: .long,
        help: "How long to wait where another process is at work, as in 5m; else exit code 11."
    )
    var wait: TimeSpan?

    @Option(
        name: .long,
        help: "What all processes together may hold in memory, as in 512MiB; 1GiB by default."
    )
    var memoryBudget: ByteSize?

    @Flag(name: .long, help: "Print no progress.")
    var quiet = false

    @OptionGroup var output: OutputOptions

    func options() -> RunOptions {
        var options = RunOptions()
        options.workerCount = 1
        options.lockWaitSeconds = self.wait?.seconds ?? 0
        if let budget = self.memoryBudget { options.memoryBudgetBytes = budget.byteCount }
        return options
    }

    /// Runs `work`, stopping it at a signal.
    func perform<Result>(
        _ options: RunOptions,
        _ work: (RunOptions) throws -> Result
    ) throws -> Result {
        let interruption = InterruptionSignals(options.cancellation)
        defer { interruption.cancel() }
        return try work(options)
    }
}

struct WorkPlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Print the items of the present phase that are to be done, a line of JSON each.",
        discussion: """
            Begins a run where none is open: lists the sources, and hands the documents to look at out to \
            items by shard. Prints nothing when the phase is over, and begins the next one with the next call; \
            and prints nothing when there is nothing to do at all.
            """
    )

    @Argument(help: "The pipeline file.")
    var pipeline: String

    @Flag(name: .long, help: "Give up the run that is open; what its items stored is kept.")
    var restart = false

    @Flag(name: .long, help: "Read every document again, whatever its size and time say.")
    var paranoid = false

    @Flag(name: .long, help: "Take over a workspace that belongs to a pipeline of another name.")
    var adopt = false

    @Option(
        name: .long,
        parsing: .singleValue,
        help: "Override a stage's key, as in --set chunk.maximum_tokens=128. May be repeated."
    )
    var set: [String] = []

    @OptionGroup var tuning: WorkTuning

    mutating func run() throws {
        self.tuning.output.bootstrap()
        var options = self.tuning.options()
        options.isParanoid = self.paranoid
        options.isAdopting = self.adopt
        options.overrides = try keyValues(self.set)
        let (pipeline, restart) = (self.pipeline, self.restart)
        let plan = try self.tuning.perform(options) {
            try planWork(path: pipeline, options: $0, isRestarting: restart)
        }
        for item in plan.items { printLine(try jsonLine(item)) }
        guard !self.tuning.quiet else { return }
        if let summary = plan.summary {
            printError(
                "run \(plan.run): nothing to do, snapshot \(summary.snapshot ?? 0) is up to date"
            )
        } else {
            let items =
                plan.items.isEmpty ? "is over" : "has \(grouped(plan.items.count)) items to do"
            printError("run \(plan.run): phase \(plan.phase.rawValue) \(items)")
        }
    }
}

struct WorkDoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "do",
        abstract: "Do one item, unless it is done.",
        discussion: """
            A process that is lost is no loss: its item is done again. Documents that fail are set aside as in \
            any run, and end with exit code 3 of 'millrace work done', not of this command. While an item is \
            done, work/heartbeats/NAME.json in the workspace says by whom and how far.
            """
    )

    @Argument(help: "The pipeline file.")
    var pipeline: String

    @Argument(help: "A file with one line of 'millrace work plan', or - for standard input.")
    var item: String

    @Option(name: .shortAndLong, help: "Worker count; the result does not depend on it.")
    var workers = 1

    @Flag(name: .long, help: "Do it again when it is done, and fail when it comes out otherwise.")
    var again = false

    @OptionGroup var tuning: WorkTuning

    func validate() throws {
        guard (1...1024).contains(self.workers) else {
            throw ValidationError("--workers takes 1 to 1024")
        }
    }

    mutating func run() throws {
        self.tuning.output.bootstrap()
        var options = self.tuning.options()
        options.workerCount = self.workers
        let place = self.item == "-" ? "standard input" : self.item
        let line = try readItem(self.item)
        let (pipeline, again) = (self.pipeline, self.again)
        let result = try self.tuning.perform(options) {
            try doWork(
                path: pipeline,
                item: try WorkItem(line: line, place: place),
                options: $0,
                isAgain: again
            )
        }
        if self.tuning.output.json {
            printLine(try jsonLine(result))
        } else if !self.tuning.quiet {
            let name = "\(result.phase.rawValue), part \(result.part)"
            let how =
                result.wasDone == true ? "was done" : "\(grouped(result.documents)) documents done"
            printLine("item \(result.item.prefix(12)) (\(name)): \(how)")
        }
    }
}

/// The first line of a file, or of standard input.
private func readItem(_ path: String) throws -> [UInt8] {
    let byteLimit = 1 << 20
    let handle: FileHandle
    if path == "-" {
        handle = .standardInput
    } else if let opened = FileHandle(forReadingAtPath: path) {
        handle = opened
    } else {
        throw OperationError(.configuration, "\(path) cannot be opened; name a file with an item")
    }
    let bytes = [UInt8](try handle.read(upToCount: byteLimit) ?? Data())
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    guard lines.count <= 1 else {
        throw OperationError(
            .configuration,
            "\(path): \(lines.count) lines; an item is one line, and each is a command of its own"
        )
    }
    return lines.first.map { Array($0) } ?? []
}

struct WorkDoneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "done",
        abstract:
            "End the phase, all items of which are done, and begin the next; publish at the end.",
        discussion: """
            Once it has published, it prints the summary of the run and ends with its exit code, as 'millrace \
            sync' does; called again it does the same. Exit code 1 while items are not done.
            """
    )

    @Argument(help: "The pipeline file.")
    var pipeline: String

    @OptionGroup var tuning: WorkTuning

    mutating func run() throws {
        self.tuning.output.bootstrap()
        let pipeline = self.pipeline
        let progress = try self.tuning.perform(self.tuning.options()) {
            try finishWork(path: pipeline, options: $0)
        }
        if progress.summary != nil { try publishRemoteWorkspaces() }
        if self.tuning.output.json {
            try printJSON(progress, JSONForm("work-done"))
        } else if let summary = progress.summary {
            try printText(of: summary, pipeline: pipeline)
        } else if !self.tuning.quiet {
            let phase = progress.phase?.rawValue ?? ""
            printLine(
                "run \(progress.run): phase \(phase) begins, \(grouped(progress.items)) items"
            )
        }
        if let summary = progress.summary, summary.status != .clean { throw summary.status }
    }
}
