internal import ArgumentParser
internal import Console
internal import Operations
internal import Telemetry

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy a workspace into a new folder, while a run may be at work on it.",
        discussion: """
            millrace backup Pipelines/demo.yml /backups/monday
            millrace backup --workspace DIR /backups/monday

            The live snapshot and every manifest are copied, with a hash of each file. With no run at work
            the workspace is locked meanwhile; otherwise the copy is made beside the run, and the first
            sync after a restore repairs what lay between.
            """
    )

    @Argument(
        help: "The pipeline file (unless --workspace or --pipeline is given), then the folder."
    )
    var words: [String] = []

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    mutating func run() throws {
        self.output.bootstrap()
        let (workspace, rest) = try self.place.resolve(self.words)
        guard let folder = rest.first, rest.count == 1 else {
            throw ValidationError("name one folder for the backup; it must not exist yet")
        }
        let target = absolutePath(folder)
        let report = try withProgress(self.output) {
            try backup(workspace: workspace, to: target, progress: $0)
        }
        if self.output.json { return try printJSON(report, JSONForm("backup")) }
        let state = report.snapshot.map { "snapshot \($0)" } ?? "no snapshot yet"
        printLine(
            "backup     \(report.backup): \(state), \(grouped(report.files)) files, "
                + "\(fixed(Double(report.byteCount) / 1e6, decimals: 1)) MB"
        )
        printLine(
            report.isQuiet
                ? "state      complete; no run was at work"
                : "state      made beside a run; the first sync after a restore repairs what lay between"
        )
        printLine("restore    millrace restore \(report.backup) WORKSPACE")
    }
}

struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Make a workspace from a backup; every byte is checked first.",
        discussion: """
            millrace restore /backups/monday DIR
            millrace restore /backups/monday --pipeline Pipelines/demo.yml

            The workspace must not exist, or be an empty folder. Afterwards a sync takes up what changed
            since the backup.
            """
    )

    @Argument(help: "The folder of the backup, then the workspace unless --pipeline is given.")
    var words: [String]

    @Option(name: .long, help: "The pipeline file that names the workspace.")
    var pipeline: String?

    @OptionGroup var output: OutputOptions

    mutating func run() throws {
        self.output.bootstrap()
        let expected = self.pipeline == nil ? 2 : 1
        guard self.words.count == expected else {
            throw ValidationError("name the backup, and the workspace or --pipeline FILE")
        }
        let target = try self.pipeline.map { try workspacePath(pipeline: $0) }
        let workspace = target ?? absolutePath(self.words[1])
        let folder = absolutePath(self.words[0])
        let report = try withProgress(self.output) {
            try restore(from: folder, to: workspace, progress: $0)
        }
        if self.output.json { return try printJSON(report, JSONForm("restore")) }
        let state = report.snapshot.map { "snapshot \($0)" } ?? "no snapshot yet"
        printLine(
            "restored   \(report.workspace): \(state), \(grouped(report.files)) files, "
                + "\(fixed(Double(report.byteCount) / 1e6, decimals: 1)) MB, every hash right"
        )
        printLine("next       millrace sync \(self.pipeline ?? "PIPELINE")")
    }
}

struct StateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "state",
        abstract: "Move what a workspace knows to another machine or another shard count.",
        subcommands: [StateExportCommand.self, StateImportCommand.self]
    )
}

struct StateExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write all that the manifests know into one file of JSON lines.",
        discussion: "millrace state export Pipelines/demo.yml demo.jsonl"
    )

    @Argument(help: "The pipeline file (unless --workspace or --pipeline is given), then the file.")
    var words: [String] = []

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    mutating func run() throws {
        self.output.bootstrap()
        let (workspace, rest) = try self.place.resolve(self.words)
        guard let file = rest.first, rest.count == 1 else {
            throw ValidationError("name one file for the state; it must not exist yet")
        }
        let report = try withProgress(self.output) {
            try exportState(workspace: workspace, to: absolutePath(file), progress: $0)
        }
        if self.output.json { return try printJSON(report, JSONForm("state-export")) }
        printLine(
            "exported   \(report.file): \(grouped(report.documents)) documents, "
                + "\(fixed(Double(report.byteCount) / 1e6, decimals: 1)) MB"
        )
        printLine("import     millrace state import \(report.file) PIPELINE")
    }
}

struct StateImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract:
            "Make a workspace from such a file; the next sync extracts and embeds nothing anew.",
        discussion: """
            millrace state import demo.jsonl Pipelines/demo.yml

            The pipeline file names the workspace, which must not exist, and its shard count.
            """
    )

    @Argument(help: "The file of 'millrace state export'.")
    var file: String

    @Argument(help: "The pipeline file of the new workspace.")
    var pipeline: String

    @OptionGroup var output: OutputOptions

    mutating func run() throws {
        self.output.bootstrap()
        let pipeline = self.pipeline
        let file = absolutePath(self.file)
        let report = try withProgress(self.output) {
            try importState(from: file, pipeline: pipeline, progress: $0)
        }
        if self.output.json { return try printJSON(report, JSONForm("state-import")) }
        printLine("imported   \(report.workspace): \(grouped(report.documents)) documents")
        printLine("next       millrace sync \(pipeline)")
    }
}

/// Runs `body` with a progress line as a run has it.
func withProgress<Report>(
    _ output: OutputOptions,
    _ body: (RunProgress) throws -> Report
) throws -> Report {
    let progress = RunProgress()
    progress.update { $0.isListingComplete = true }
    let printer = ProgressPrinter(
        progress: progress,
        style: .choose(json: output.json, quiet: false)
    )
    printer.start()
    defer { printer.stop() }
    return try body(progress)
}
