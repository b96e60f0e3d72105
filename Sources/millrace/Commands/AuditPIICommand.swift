internal import ArgumentParser
internal import Console
internal import Operations

struct AuditPIICommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pii",
        abstract: "What was redacted, by kind, source, policy and run; never a value.",
        discussion: """
            Names the documents whose stored text went through another policy than the pipeline has now, \
            because their last update failed. With --document, every redaction of one document: kind, \
            rule, action, score, place and, with a key, the keyed digest of the value.
            """
    )

    @OptionGroup var reader: ReaderArguments

    @Option(name: .long, help: "The URI of one document to list.")
    var document: String?

    mutating func run() throws {
        self.reader.output.bootstrap()
        let place = try self.reader.location()
        let pipeline = try place.pipelineFile()
        if let uri = self.document {
            let report = try auditDocument(
                workspace: place.workspace,
                pipeline: pipeline,
                uri: uri
            )
            if self.reader.output.json {
                try printJSON(report, JSONForm("audit-pii-document"))
            } else {
                printLine(text(of: report))
            }
            return
        }
        let report = try auditPII(workspace: place.workspace, pipeline: pipeline)
        try printReport(report, JSONForm("audit-pii"), as: self.reader.output) { text(of: report) }
    }
}

private func text(of report: PIIDocumentReport) -> String {
    var lines = ["\(report.uri)", "  policy     \(policyText(report.policy, report.isOutdated))"]
    for finding in report.findings {
        let digest = finding.digest.map { "  \($0)" } ?? ""
        lines.append(
            "  \(padded(finding.kind, to: 14)) \(padded(finding.action, to: 11)) bytes "
                + "\(finding.start)..<\(finding.end)  \(finding.rule)  "
                + "score \(fixed(Double(finding.score), decimals: 2))\(digest)"
        )
    }
    return lines.joined(separator: "\n")
}

private func policyText(_ hash: String, _ isOutdated: Bool) -> String {
    (hash.isEmpty ? "none" : String(hash.prefix(12)))
        + (isOutdated ? "  (not the pipeline's now)" : "")
}

private func text(of report: PIIAuditReport) -> String {
    var lines = [
        "\(grouped(report.values)) values redacted in \(grouped(report.documents)) stored documents"
    ]
    for count in report.counts {
        lines.append(
            "  \(padded(count.kind, to: 14)) \(padded(count.action, to: 11)) "
                + "\(grouped(count.values)) in \(plural(count.documents, "document"))"
        )
    }
    for source in report.sources {
        let kinds = source.kinds.sorted { $0.key < $1.key }.map { "\($0.key) \(grouped($0.value))" }
        lines.append(
            "source \(source.source): \(grouped(source.documentsWithValues)) of "
                + "\(plural(source.documents, "document")) hold values"
                + (kinds.isEmpty ? "" : ": " + kinds.joined(separator: ", "))
        )
    }
    for policy in report.policies {
        lines.append(
            "policy \(policyText(policy.hash, policy.isOutdated)): "
                + plural(policy.documents, "document")
        )
    }
    for run in report.runs {
        lines.append(
            "run \(run.run), \(run.verb): \(grouped(run.kinds.values.reduce(0, +))) values"
        )
    }
    for uri in report.outdated { lines.append("outdated: \(uri)") }
    if report.outdatedCount > 0 {
        lines.append(
            "\(plural(report.outdatedCount, "document")) went through another policy; a sync redoes "
                + "those it can read, and 'millrace failures ls' tells why it could not"
        )
    }
    return lines.joined(separator: "\n")
}
