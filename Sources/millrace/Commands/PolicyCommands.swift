internal import ArgumentParser
internal import Console
internal import Operations

struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Test redaction policies, and see what another one would change.",
        subcommands: [PolicyTestCommand.self, PolicyDiffCommand.self]
    )
}

struct PolicyTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Read policy files and run the cases inside them.",
        discussion: """
            Exit code 2 with the line of what a policy may not say, or of a case that does not come out \
            as it says. Cases with pseudonyms are run with a key of their own, so they expect the same \
            everywhere. A run refuses a policy whose cases fail.
            """
    )

    @Argument(help: "Policy files.")
    var files: [String]

    @OptionGroup var output: OutputOptions

    mutating func run() throws {
        self.output.bootstrap()
        let reports = try self.files.map { try testPolicy(path: $0) }
        if self.output.json {
            try printJSON(reports, each: JSONForm("policy-test"))
        } else {
            reports.forEach { printLine(text(of: $0)) }
        }
        if reports.contains(where: { !$0.failures.isEmpty }) { throw ExitStatus.configuration }
    }
}

struct PolicyDiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "What another policy would change in a collection; counts, never values.",
        discussion: """
            Every document is prepared under both policies, in confined processes as in a run; nothing is \
            stored. Exit code 0 whether they differ or not; 3 when files could not be read or listed, so \
            that nothing is known of them.
            """
    )

    @Argument(help: "The policy file as it is.")
    var old: String

    @Argument(help: "The policy file that may take its place.")
    var new: String

    @Option(name: .long, help: "A folder of documents to compare on.")
    var corpus: String?

    @Option(name: .long, help: "A pipeline file whose sources and stages to compare on.")
    var pipeline: String?

    @Option(name: .shortAndLong, help: "Worker count; the result does not depend on it.")
    var workers: Int?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (self.corpus == nil) != (self.pipeline == nil) else {
            throw ValidationError("name the documents with either --corpus DIR or --pipeline FILE")
        }
        if let workers = self.workers, !(1...1024).contains(workers) {
            throw ValidationError("--workers takes 1 to 1024")
        }
    }

    mutating func run() throws {
        self.output.bootstrap()
        var request = PolicyDiffRequest(old: self.old, new: self.new)
        request.corpus = self.corpus
        request.pipeline = self.pipeline
        request.workerCount = self.workers ?? RunOptions().workerCount
        let report = try comparePolicies(request)
        try printReport(report, JSONForm("policy-diff"), as: self.output) { text(of: report) }
        if !report.isWhole { throw ExitStatus.documentsFailed }
    }
}

private func text(of report: PolicyTestReport) -> String {
    var lines = report.warnings.map { "\(report.path): \($0)" }
    for failure in report.failures {
        lines.append("\(report.path):\(failure.line): case \(failure.number) failed")
        lines.append("  text      \(failure.text)")
        lines.append("  expected  \(failure.expected)")
        lines.append("  found     \(failure.found)")
    }
    let passed = report.caseCount - report.failures.count
    lines.append(
        "\(report.path): \(passed) of \(plural(report.caseCount, "case")) as expected; policy "
            + "'\(report.name)' \(report.hash.prefix(12)), \(plural(report.kinds.count, "kind"))"
    )
    return lines.joined(separator: "\n")
}

private func text(of report: PolicyDiffReport) -> String {
    var lines = [
        "\(grouped(report.documents)) documents: \(grouped(report.changed)) change, "
            + "\(grouped(report.unchanged)) do not, "
            + "\(grouped(report.unreadable)) cannot be read or extracted"
    ]
    for count in report.counts {
        let name = "\(count.kind) \(count.action)"
        let sign = count.new == count.old ? "" : count.new > count.old ? "  more" : "  fewer"
        lines.append(
            "  \(padded(name, to: 28)) \(grouped(count.old)) -> \(grouped(count.new))\(sign)"
        )
    }
    for change in report.changes {
        let state = change.old == change.new ? "" : "  \(change.old) -> \(change.new)"
        let counts = change.counts.map { "\($0.kind) \($0.action) \($0.old) -> \($0.new)" }
        let detail = counts.isEmpty ? change.parts : counts
        lines.append("\(change.uri)\(state)  \(detail.joined(separator: ", "))")
    }
    let hidden = report.changed - report.changes.count
    if hidden > 0 { lines.append("and \(plural(hidden, "more document"))") }
    lines += report.unreadableDocuments.map { "\($0.uri)  \($0.stage): \($0.code)" }
    let unlisted = report.unreadable - report.unreadableDocuments.count
    if unlisted > 0 { lines.append("and \(plural(unlisted, "more")) that cannot be read") }
    lines += report.listingProblems
    return lines.joined(separator: "\n")
}
