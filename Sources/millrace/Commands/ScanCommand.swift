internal import ArgumentParser
internal import Operations

struct ScanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Look through everything stored for values that redaction should have taken out.",
        discussion: """
            Every text, title, metadata value, heading and term of the live snapshot's segments, and every \
            text of the manifests, buried rows included. Exit code 1 when a value is left; values are \
            never printed.
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
        if self.reader.output.json { try printJSON(report) } else { print(text(of: report)) }
        if report.leakCount > 0 { throw ExitStatus.fatal }
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
    lines.append(
        "snapshot \(report.snapshot): \(grouped(report.leakCount)) leaks in "
            + "\(grouped(report.documents)) documents, \(grouped(report.terms)) terms, "
            + "\(bytesText(report.bytes)) of text"
    )
    return lines.joined(separator: "\n")
}
