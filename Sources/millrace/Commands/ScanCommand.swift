internal import ArgumentParser
internal import Console
internal import Operations

struct ScanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Look through everything stored for values that redaction should have taken out.",
        discussion: """
            Every text, title, metadata value, heading and term of the segments of every snapshot that is \
            kept, buried rows included; every text of the manifests, and of those that were set aside; and \
            the free pages and logs of all. Exit code 1 when a value is left, or where something stored \
            cannot be looked through; values are never printed.

            Where the policy redacts URIs, those of the segments are looked through, and values in those \
            of the manifests are counted: a manifest needs the URI to find the file, so only renaming \
            the file takes such a value away.
            """
    )

    @OptionGroup var reader: ReaderArguments

    @Option(name: .long, help: "A policy file to look by, instead of the pipeline's own.")
    var policy: String?

    mutating func run() throws {
        self.reader.output.bootstrap()
        let place = try self.reader.location()
        let report = try scanForLeaks(
            workspace: place.workspace,
            pipeline: place.pipelineFile(),
            policy: self.policy
        )
        try printReport(report, JSONForm("scan"), as: self.reader.output) { text(of: report) }
        if report.leakCount > 0 || !report.unjudged.isEmpty { throw ExitStatus.fatal }
    }
}

private func text(of report: LeakReport) -> String {
    var lines = report.leaks.map { leak in
        let document = leak.document.isEmpty ? "" : " of \(leak.document)"
        let buried = leak.isServed ? "" : "  (buried: 'millrace compact' removes it)"
        return "leak: \(leak.kind) (\(leak.rule)) in bytes \(leak.start)..<\(leak.end) of the "
            + "\(leak.part)\(document), \(leak.file)\(buried)"
    }
    let hidden = report.leakCount - report.leaks.count
    if hidden > 0 { lines.append("and \(grouped(hidden)) more") }
    lines += report.unjudged.map { "not judged: \($0)" }
    lines.append(
        "snapshot \(report.snapshot): \(grouped(report.leakCount)) leaks in "
            + "\(grouped(report.documents)) documents, \(grouped(report.terms)) terms, "
            + "\(bytesText(report.bytes)) of text"
    )
    lines.append(text(of: report.manifestURIs))
    return lines.joined(separator: "\n")
}

private func text(of uris: LeakReport.ManifestURIs) -> String {
    guard uris.isJudged else {
        return
            "\(plural(uris.count, "URI")) of the manifests not judged: uris are kept by this policy"
    }
    guard uris.withValues > 0 else {
        return "\(plural(uris.count, "URI")) of the manifests: no value"
    }
    let kinds = uris.byKind.sorted { $0.key < $1.key }.map { "\($0.key) \(grouped($0.value))" }
    return
        "\(grouped(uris.withValues)) of \(plural(uris.count, "URI")) of the manifests hold values ("
        + kinds.joined(separator: ", ") + "); an index shows them redacted, and only renaming the "
        + "file takes them away: " + uris.documents.joined(separator: ", ")
}
