internal import ArgumentParser
internal import Console
internal import Operations

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check every checksum and count, and the manifest against the segments."
    )

    @OptionGroup var reader: ReaderArguments

    mutating func run() throws {
        self.reader.output.bootstrap()
        let report = try verify(workspace: try self.reader.workspace())
        if self.reader.output.json {
            try printJSON(report, JSONForm("verify"))
        } else {
            for problem in report.problems { printLine("problem: \(problem)") }
            printLine(
                "snapshot \(report.snapshot): \(grouped(report.segments)) segments, "
                    + "\(grouped(report.documents)) documents, \(grouped(report.chunks)) chunks: "
                    + (report.problems.isEmpty ? "sound" : plural(report.problems.count, "problem"))
            )
            if let newest = report.rolledBackFrom { printLine(rolledBackLine(from: newest)) }
            if report.awaitsSegments {
                printLine(
                    "the workspace was resharded: its segments are those of before, and 'millrace sync' "
                        + "writes them anew"
                )
            }
            if !report.areStateFilesJudged {
                printLine(
                    "the bytes of the manifests were not judged: a writer is at work, or the last one "
                        + "did not come to its end; 'millrace sync' makes their checksums"
                )
            }
        }
        if !report.problems.isEmpty { throw ExitStatus.fatal }
    }
}

struct DigestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "digest",
        abstract: "The logical digest of the live snapshot: equal content, equal digest."
    )

    @OptionGroup var reader: ReaderArguments

    mutating func run() throws {
        self.reader.output.bootstrap()
        let report = try digest(workspace: try self.reader.workspace())
        if self.reader.output.json {
            try printJSON(report, JSONForm("digest"))
        } else {
            printLine(report.digest)
        }
    }
}

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "What became of one document, from its source to its chunks."
    )

    @Argument(help: "The pipeline file (unless --workspace or --pipeline is given), then the URI.")
    var words: [String] = []

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    mutating func run() throws {
        self.output.bootstrap()
        let (workspace, rest) = try self.place.resolve(self.words)
        guard let uri = rest.first, rest.count == 1 else {
            throw ValidationError("name one document by its URI, as search prints it")
        }
        let report = try explain(workspace: workspace, uri: uri)
        try printReport(report, JSONForm("explain"), as: self.output) { text(of: report) }
    }
}

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check libraries, models, processor, disk and permissions, or a workspace.",
        discussion: """
            With --workspace it opens every manifest and looks for every file of the live snapshot; \
            'millrace verify' also reads the segments whole.
            """
    )

    @Argument(help: "A pipeline file to check as well.")
    var pipeline: String?

    @Option(name: .long, help: "A workspace folder to check, instead of this machine.")
    var workspace: String?

    @OptionGroup var output: OutputOptions

    mutating func run() throws {
        self.output.bootstrap()
        let report = self.report()
        if self.output.json {
            try printJSON(report, JSONForm("doctor"))
        } else {
            for check in report.checks {
                let state = check.isAbsent ? "absent " : check.isSound ? "ok     " : "PROBLEM"
                printLine("\(state)  \(check.name): \(check.detail)")
            }
        }
        if report.checks.contains(where: { !$0.isSound }) { throw ExitStatus.fatal }
    }

    private func report() -> DoctorReport {
        guard let workspace = self.workspace else { return doctor(pipeline: self.pipeline) }
        var report = doctor(workspace: absolutePath(workspace))
        if let pipeline = self.pipeline { report.checks += doctor(pipeline: pipeline).checks }
        return report
    }
}

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON schema of pipeline files, for editors."
    )

    mutating func run() { printLine(pipelineSchema()) }
}

private func text(of report: ExplainReport) -> String {
    var lines = ["\(report.uri)", "  id         \(report.id)", "  state      \(report.state)"]
    for (name, value) in report.facts { lines.append("  \(padded(name, to: 9))  \(value)") }
    for failure in report.failures { lines.append("  failure    \(failure)") }
    for chunk in report.chunks {
        let page = chunk.page > 0 ? " p. \(chunk.pageLabel ?? String(chunk.page))" : ""
        let path = chunk.headings.isEmpty ? "" : " § " + chunk.headings.joined(separator: " › ")
        lines.append(
            "  \(chunk.index)#\(chunk.ordinal)  bytes \(chunk.start)..<\(chunk.end), "
                + "\(chunk.tokens) tokens\(page)\(path)"
        )
    }
    return lines.joined(separator: "\n")
}
