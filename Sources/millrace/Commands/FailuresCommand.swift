internal import ArgumentParser
internal import Console
internal import Operations

struct FailuresCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "failures",
        abstract: "List, explain, retry or ignore the documents that failed.",
        discussion: """
            A document is named by its URI, its id, or the beginning of its id. Its text is never \
            shown.
              millrace failures ls my.yml --code timed_out
              millrace failures show my.yml 3fa4b2
              millrace failures retry my.yml --quarantined
              millrace failures ignore --workspace DIR docs/scan.pdf
            """,
        subcommands: [
            ListFailuresCommand.self, ShowFailureCommand.self, RetryFailuresCommand.self,
            IgnoreFailuresCommand.self,
        ]
    )
}

/// Which failures a subcommand is about.
struct FailureFilterOptions: ParsableArguments {
    @Option(name: .long, help: "Only failures of this stage; 'read' is the source itself.")
    var stage: String?

    @Option(name: .long, help: "Only failures with this code, such as timed_out.")
    var code: String?

    @Option(name: .long, help: "Only documents of this source.")
    var source: String?

    @Flag(name: .long, help: "Only documents that ended their worker each time they were tried.")
    var quarantined = false

    var filter: FailureFilter {
        var filter = FailureFilter()
        filter.stage = self.stage
        filter.code = self.code
        filter.source = self.source
        filter.isQuarantined = self.quarantined
        return filter
    }
}

struct ListFailuresCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "The documents that failed, by URI."
    )

    @OptionGroup var reader: ReaderArguments
    @OptionGroup var filter: FailureFilterOptions

    mutating func run() throws {
        self.reader.output.bootstrap()
        let place = try self.reader.location()
        let report = try failures(workspace: place.workspace, filter: self.filter.filter)
        if self.reader.output.json {
            try printJSON(report, JSONForm("failures"))
        } else {
            printLine(text(of: report, place: place.commandWords))
        }
    }
}

struct ShowFailureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "One document that failed, and what to do about it.",
        usage: """
            millrace failures show PIPELINE ID
            millrace failures show --workspace DIR ID
            """
    )

    @Argument(
        help: "The pipeline file (unless --workspace or --pipeline is given), then the document."
    )
    var words: [String] = []

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    mutating func run() throws {
        self.output.bootstrap()
        let place = try self.place.place(self.words)
        guard let name = place.words.first, place.words.count == 1 else {
            throw ValidationError("name one document by its id or URI")
        }
        let report = try failure(workspace: place.workspace, name: name)
        if self.output.json {
            try printJSON(report, JSONForm("failure"))
        } else {
            printLine(text(of: report, place: place.commandWords))
        }
    }
}

struct RetryFailuresCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Try documents again that failed: those that are named, or all that match.",
        usage: """
            millrace failures retry PIPELINE [ID …] [--stage S] [--code C] [--quarantined]
            millrace failures retry --workspace DIR [ID …] [--no-sync]
            """,
        discussion: """
            Quarantined documents are tried again when they are named or with --quarantined, ignored \
            ones when they are named.
            """
    )

    @Argument(
        help: "The pipeline file (unless --workspace or --pipeline is given), then documents."
    )
    var words: [String] = []

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var filter: FailureFilterOptions

    @Flag(name: .long, help: "Leave the work to the next sync.")
    var noSync = false

    @OptionGroup var tuning: RunTuning

    mutating func run() throws {
        self.tuning.output.bootstrap()
        let place = try self.place.place(self.words)
        let options = try self.tuning.options()
        let report = try retryFailures(
            workspace: place.workspace,
            names: place.words,
            filter: self.filter.filter,
            lockWaitSeconds: options.lockWaitSeconds
        )
        let isSyncing = !self.noSync && report.retried > 0
        let rest =
            report.leftOut > 0
            ? " (\(grouped(report.leftOut)) quarantined or ignored left out: name them, or add "
                + "--quarantined)" : ""
        guard report.retried > 0 || self.tuning.output.json else {
            printLine("nothing to retry\(rest)")
            return
        }
        try concludeRepair(
            "trying \(plural(report.retried, "document")) again\(rest)",
            report,
            sync: isSyncing ? place : nil,
            next: "millrace sync \(place.nextPipeline)",
            options: options,
            tuning: self.tuning
        )
    }
}

struct IgnoreFailuresCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ignore",
        abstract:
            "Accept failures: they no longer change a run's exit code until their content does.",
        usage: """
            millrace failures ignore PIPELINE ID … [--stage S] [--code C] [--source S]
            millrace failures ignore --workspace DIR --code C
            """,
        discussion:
            "Without names all that match --stage, --code, --source and --quarantined are ignored."
    )

    @Argument(
        help: "The pipeline file (unless --workspace or --pipeline is given), then documents."
    )
    var words: [String] = []

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var filter: FailureFilterOptions

    @Option(name: .long, help: "How long to wait for another writer of the workspace, as in 5m.")
    var wait: TimeSpan?

    @OptionGroup var output: OutputOptions

    mutating func run() throws {
        self.output.bootstrap()
        let place = try self.place.place(self.words)
        guard !place.words.isEmpty || self.filter.filter != FailureFilter() else {
            throw ValidationError(
                "name the documents by their ids or URIs, or choose them with --stage, --code or --source"
            )
        }
        let report = try ignoreFailures(
            workspace: place.workspace,
            names: place.words,
            filter: self.filter.filter,
            lockWaitSeconds: self.wait?.seconds ?? 0
        )
        if self.output.json {
            try printJSON(report, JSONForm("failures-ignored"))
        } else {
            for uri in report.ignored { printLine("ignored \(uri) until its content changes") }
            if report.ignored.isEmpty {
                printLine("no failure matches; 'millrace failures ls' lists them")
            }
        }
    }
}
