internal import ArgumentParser
internal import Console
internal import Operations

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Whether every document is accounted for, and what was redacted of it.",
        subcommands: [AuditDocumentsCommand.self, AuditPIICommand.self, AuditLogCommand.self],
        defaultSubcommand: AuditDocumentsCommand.self
    )
}

struct AuditDocumentsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "documents",
        abstract:
            "Whether every document is accounted for, and the segments agree with the manifests.",
        discussion: """
            For each source, what was listed must be indexed, a duplicate, excluded or failed; what is \
            held is served and no longer listed. Exit code 1 when something does not add up.
            """
    )

    @OptionGroup var reader: ReaderArguments

    @Option(name: .customLong("run"), help: "The run to audit, instead of the last one that ended.")
    var number: Int64?

    mutating func run() throws {
        self.reader.output.bootstrap()
        let report = try audit(workspace: try self.reader.workspace(), run: self.number)
        try printReport(report, JSONForm("audit"), as: self.reader.output) { text(of: report) }
        if !report.problems.isEmpty { throw ExitStatus.fatal }
    }
}

private func text(of report: AuditReport) -> String {
    var lines = ["run \(report.run), \(report.verb) of '\(report.pipeline)'"]
    let width = (report.sources.map(\.source.count).max() ?? 0) + "source ".count
    for source in report.sources {
        let name = padded("source \(source.source)", to: width)
        let listed = "\(grouped(source.listed)) listed + \(grouped(source.accounts.held)) held"
        let mark = source.addsUp ? "" : "  DOES NOT ADD UP"
        let part = source.isComplete ? "" : "  (listed in part)"
        lines.append("  \(name)  \(listed) = \(parts(source.accounts))\(part)\(mark)")
    }
    lines.append(
        "  \(padded("all, now", to: width))  \(equation(report.now, total: "known"))"
    )
    for problem in report.problems { lines.append("problem: \(problem)") }
    lines.append(
        report.problems.isEmpty
            ? "every document is accounted for" : plural(report.problems.count, "problem")
    )
    return lines.joined(separator: "\n")
}

private func parts(_ accounts: DocumentAccounts) -> String {
    "\(grouped(accounts.indexed)) indexed + \(grouped(accounts.duplicates)) duplicates"
        + " + \(grouped(accounts.excluded)) excluded + \(grouped(accounts.held)) held"
        + " + \(grouped(accounts.failed)) failed"
}
