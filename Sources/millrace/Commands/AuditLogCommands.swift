internal import ArgumentParser
internal import Console
internal import Operations

struct AuditLogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "What was done to a workspace that someone may have to answer for.",
        subcommands: [AuditLogListCommand.self, AuditLogVerifyCommand.self],
        defaultSubcommand: AuditLogListCommand.self
    )
}

struct AuditLogListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract:
            "Publications, rollbacks, forced gates, approvals, erasures, policies: the newest first."
    )

    @OptionGroup var reader: ReaderArguments

    @Option(name: .long, help: "How many.")
    var limit = 50

    func validate() throws {
        guard self.limit > 0 else { throw ValidationError("--limit counts from 1") }
    }

    mutating func run() throws {
        self.reader.output.bootstrap()
        let report = try auditLog(workspace: try self.reader.workspace(), limit: self.limit)
        try printReport(report, JSONForm("audit-log"), as: self.reader.output) { text(of: report) }
    }
}

struct AuditLogVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract:
            "Whether any entry of the audit log was changed, removed, put in between or cut off.",
        discussion: """
            Each entry holds the hash of the one before, and the last one's hash is kept beside the log and in \
            the catalog. Someone who may write to all of these can write them anew: note the hash that this \
            prints elsewhere, and give it with --head later. Exit code 1 when something does not fit.
            """
    )

    @OptionGroup var reader: ReaderArguments

    @Option(name: .long, help: "The hash of an entry that has to be there.")
    var head: String?

    mutating func run() throws {
        self.reader.output.bootstrap()
        let report = try verifyAuditLog(
            workspace: try self.reader.workspace(),
            expectedHead: self.head
        )
        try printReport(report, JSONForm("audit-log-verify"), as: self.reader.output) {
            let lines = report.problems.map { "problem: \($0)" }
            let end =
                report.isSound
                ? "\(entries(report.entries)), each as it was written; the last has hash \(report.head)"
                : "the audit log does not fit: \(plural(report.problems.count, "problem"))"
            return (lines + [end]).joined(separator: "\n")
        }
        if !report.isSound { throw ExitStatus.fatal }
    }
}

private func entries(_ count: Int) -> String {
    "\(grouped(count)) \(count == 1 ? "entry" : "entries")"
}

private func text(of report: AuditLogReport) -> String {
    guard !report.entries.isEmpty else { return "no entry yet" }
    let heads = ["ENTRY", "TIME", "ACTION", "WHO", "FROM", "DETAILS"]
    let rows = report.entries.map { entry in
        [
            String(entry.sequence), entry.time, entry.action.rawValue, entry.who, entry.from,
            entry.details.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
                .joined(separator: " "),
        ]
    }
    return table([heads] + rows)
}
