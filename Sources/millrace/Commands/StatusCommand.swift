internal import ArgumentParser
internal import Console
internal import Operations

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract:
            "The live snapshot, the last runs, every document by state, and what waits for you."
    )

    @OptionGroup var reader: ReaderArguments

    @Option(name: .customLong("run"), help: "One run with its summary.")
    var number: Int64?

    mutating func run() throws {
        self.reader.output.bootstrap()
        let place = try self.reader.location()
        if let number = self.number {
            let report = try status(ofRun: number, workspace: place.workspace)
            if self.reader.output.json {
                try printJSON(report, JSONForm("status-run"))
            } else {
                let isAtWork = lockHolder(workspace: place.workspace)?.verb == report.run.verb
                printLine(text(of: report, isAtWork: isAtWork, place: place.commandWords))
            }
            return
        }
        let report = try status(workspace: place.workspace)
        if self.reader.output.json {
            try printJSON(report, JSONForm("status"))
        } else {
            printLine(text(of: report, place: place.commandWords))
        }
    }
}

private func text(of report: StatusReport, place: String) -> String {
    var lines = ["workspace  \(report.workspace)"]
    if let snapshot = report.snapshot {
        lines.append(
            "snapshot   \(snapshot.number): \(plural(snapshot.documents, "document")), "
                + plural(snapshot.chunks, "chunk")
        )
        if let newest = report.rolledBackFrom {
            lines.append("           " + rolledBackLine(from: newest))
        }
        if let candidate = report.candidate {
            lines.append("           " + candidateLine(candidate))
        }
    } else if let candidate = report.candidate {
        lines.append("snapshot   none published yet; " + candidateLine(candidate))
    } else {
        lines.append("snapshot   none published yet: millrace backfill PIPELINE")
    }
    for index in report.footprint.indexes {
        lines.append(
            "index      \(index.index): \(plural(index.segments, "segment")), "
                + "\(grouped(index.tombstones)) with tombstones, \(bytesText(index.bytes))"
        )
    }
    lines.append("disk       \(diskText(report.footprint))")
    lines.append("documents  " + equation(report.accounts, total: "known"))
    if let near = report.nearDuplicates { lines.append("grouped    " + groupText(near)) }
    if !report.languages.isEmpty { lines.append("languages  \(counts(report.languages))") }
    if !report.redactions.isEmpty { lines.append("redacted   \(counts(report.redactions))") }
    lines += exclusionLines(report.exclusions, indent: "")
    // As in a summary, whose lines are set in.
    lines += report.sources.flatMap(listingLines).map { String($0.dropFirst(2)) }
    lines += waitingLines(report, place: place)
    for run in report.runs {
        lines.append(text(of: run, isAtWork: report.lockHolder?.verb == run.verb))
    }
    return lines.joined(separator: "\n")
}

private func diskText(_ footprint: WorkspaceFootprint) -> String {
    let damaged =
        footprint.damagedBytes > 0
        ? ", manifests set aside \(bytesText(footprint.damagedBytes))" : ""
    return "\(bytesText(footprint.bytes)): segments \(bytesText(footprint.segmentBytes)), "
        + "manifests \(bytesText(footprint.manifestBytes))\(damaged)"
}

/// The writer at work, or what someone has to do something about, each with the command.
private func waitingLines(_ report: StatusReport, place: String) -> [String] {
    var lines: [String] = []
    if let holder = report.lockHolder { lines.append("lock       held by \(holder)") }
    if let run = report.unfinished {
        lines.append("unfinished " + unfinishedText(run, report.lockHolder, place: place))
    }
    for held in report.held { lines.append("held       " + approvalText(held, place: place)) }
    for export in report.exports ?? [] { lines += exportLines(export, place: place) }
    guard !report.failureStates.isEmpty else { return lines }
    lines.append("failures   \(counts(report.failureStates)): millrace failures ls \(place)")
    let shown = 10
    for letter in report.deadLetters.prefix(shown) {
        lines.append("           \(letter.uri): \(letter.stage): \(letter.code): \(letter.message)")
    }
    if report.deadLetters.count > shown {
        lines.append("           … \(grouped(report.deadLetters.count - shown)) more")
    }
    return lines
}

/// What was sent last, and what is owed since.
private func exportLines(_ export: ExportStatus, place: String) -> [String] {
    let target = export.target.isEmpty ? "" : " to \(export.target)"
    let sent = export.sentSnapshot.map {
        "snapshot \($0) is sent, \(plural(export.sentRows ?? 0, "row"))"
            + (export.sentMilliseconds.map { ", \(universalTime($0))" } ?? "")
    }
    var lines = ["export     \(export.stage)\(target): \(sent ?? "nothing was sent whole yet")"]
    guard export.isOwed else { return lines }
    let difference = export.owed.map { " (\(owedText($0)))" } ?? ""
    let why = export.problem.map { ": \($0)" } ?? ""
    lines.append(
        "owed       the difference to what is live\(difference)\(why); the next run sends it: "
            + "millrace sync \(place)"
    )
    return lines
}

private func unfinishedText(_ run: UnfinishedRun, _ holder: LockReport?, place: String) -> String {
    var text = "run \(run.run) (\(run.verb)"
    if !run.phase.isEmpty { text += ", phase \(run.phase)" }
    text += ")"
    if let journal = run.journal, journal.pending > 0 {
        text += ": \(grouped(journal.done)) of \(grouped(journal.pending)) done"
        if journal.inFlight > 0 { text += ", \(grouped(journal.inFlight)) in flight" }
    }
    if holder?.verb == run.verb { return text + ", at work" }
    let end = run.status == "running" ? "killed" : run.status
    return text + ", \(end); go on with: millrace resume \(place)"
}

/// - Parameter isAtWork: whether a run of its verb holds the lock; else a run that did not end was killed.
private func text(of run: StatusReport.RunReport, isAtWork: Bool) -> String {
    let status = run.status == "running" && !isAtWork ? "killed" : run.status
    var text = "run \(run.id)  \(run.verb)  \(status)"
    if let code = run.exitCode { text += ", exit \(code)" }
    text += "  \(universalTime(run.startedMilliseconds))"
    if let end = run.finishedMilliseconds {
        let seconds = Double(end - run.startedMilliseconds) / 1e3
        text += "  \(fixed(seconds, decimals: 1)) s"
    }
    if let resumed = run.resumes { text += "  resumed run \(resumed)" }
    return text
}

func text(of report: RunStatusReport, isAtWork: Bool, place: String) -> String {
    var lines = [text(of: report.run, isAtWork: isAtWork)]
    if let path = report.pipelinePath { lines.append("  pipeline   \(path)") }
    if let summary = report.summary {
        lines.append(text(of: summary, place: place))
    } else if !report.run.phase.isEmpty {
        lines.append("  phase      \(report.run.phase)")
    }
    return lines.joined(separator: "\n")
}
