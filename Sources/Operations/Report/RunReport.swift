internal import Manifests
internal import Storage

/// What one run did and how the runs before it went, as a page.
///
/// - Parameter number: nil for the last run that left a summary.
/// - Throws: ``OperationError`` `.noSuchState` without such a run.
package func runReportPage(workspace root: String, run number: Int64?) throws -> String {
    try translatingErrors {
        let reader = try WorkspaceReader(root: root)
        let records = try reader.catalog.runs(limit: 1_000)
        let ended = records.compactMap { record in record.decodedSummary.map { (record, $0) } }
        guard let (record, summary) = ended.first(where: { number == nil || $0.0.id == number })
        else {
            throw OperationError(
                .noSuchState,
                number.map { "run \($0) left no summary in \(root); 'millrace runs ls' lists them" }
                    ?? "no run has ended in \(root) yet; run 'millrace backfill'"
            )
        }
        var page = HTMLPage(title: "Run \(record.id) of \(summary.pipeline)")
        page.addOutcome(record, summary)
        page.addGate(summary)
        page.addStages(summary)
        page.addCounts("Languages", summary.languages)
        page.addCounts("Redacted values by kind", summary.redactions)
        page.addCounts("Excluded, and why", summary.exclusions ?? [:])
        page.addCounts("Failures by code", summary.failures)
        page.addHistory(ended.filter { $0.0.id <= record.id }.prefix(30).reversed())
        return page.text
    }
}

extension HTMLPage {
    fileprivate mutating func addOutcome(_ record: RunRecord, _ summary: RunSummary) {
        let outcome: String
        switch summary.outcome {
        case .published: outcome = "published snapshot \(summary.snapshot ?? 0)"
        case .unchanged: outcome = "nothing changed, snapshot \(summary.snapshot ?? 0) is served"
        case .stopped: outcome = "stopped before its end; nothing was published"
        case .refused: outcome = "the gate stopped candidate \(summary.gate?.candidate ?? 0)"
        }
        self.paragraph(
            "\(summary.verb), \(universalTime(record.startedMilliseconds)): \(outcome); exit code "
                + "\(summary.exitCode), \(summary.status.meaning)."
        )
        let accounts = summary.accounts
        self.paragraph(
            "\(accounts.listed) listed = \(accounts.indexed) indexed + \(accounts.duplicates) duplicates + "
                + "\(accounts.excluded) excluded + \(accounts.held) held + \(accounts.failed) failed"
        )
        self.table(
            ["What", "Count"],
            [
                ("seconds", decimal(summary.seconds)),
                ("processor seconds", decimal(summary.processorSeconds)),
                ("peak memory, MB", decimal(Double(summary.memoryBytesMaximum) / 1e6)),
                ("bytes read", "\(summary.bytesRead)"), ("added", "\(summary.added)"),
                ("changed", "\(summary.changed)"), ("removed", "\(summary.removed)"),
                ("unchanged", "\(summary.unchanged)"),
                ("went through the stages", "\(summary.extracted)"),
                ("taken over from the same bytes", "\(summary.copied)"),
                ("chunks served", "\(summary.chunks)"),
                ("chunks embedded", "\(summary.chunksEmbedded)"),
                ("vectors that were there already", "\(summary.chunksReused)"),
                ("texts found in the cache", "\(summary.chunksFromCache ?? 0)"),
                ("chunks without a vector", "\(summary.chunksWithoutVector)"),
            ].map { [.text($0.0), .number($0.1)] }
        )
    }

    fileprivate mutating func addGate(_ summary: RunSummary) {
        guard let gate = summary.gate else { return }
        self.heading("Gate: \(gate.passed ? "passed" : "failed \(gate.failed.count) checks")")
        let ordered = gate.failed + gate.checks.filter(\.passed)
        self.table(
            ["", "Measure", "Was", "Now", "Limit", "p"],
            ordered.map { check in
                [
                    check.passed ? .good("ok") : .bad("fails"), .text(check.metric),
                    .number(check.was.map(decimal) ?? "-"), .number(decimal(check.now)),
                    .text("\(check.rule.replacing("_", with: " ")) \(decimal(check.limit))"),
                    .number(check.p.map(decimal) ?? ""),
                ]
            }
        )
        for note in gate.notes { self.paragraph(note, isSoft: true) }
    }

    fileprivate mutating func addStages(_ summary: RunSummary) {
        let total = summary.stages.reduce(0) { $0 + $1.seconds }
        guard total > 0 else { return }
        self.heading("Time by stage, all workers together")
        self.table(
            ["Stage", "Share", "Seconds", "Documents", "Failures"],
            summary.stages.sorted { $0.seconds > $1.seconds }.map { stage in
                [
                    .text(stage.stage),
                    .bar(stage.seconds / total, "\(decimal(100 * stage.seconds / total)) %"),
                    .number(decimal(stage.seconds)), .number("\(stage.documents)"),
                    stage.failures > 0 ? .bad("\(stage.failures)") : .number("0"),
                ]
            }
        )
    }

    fileprivate mutating func addCounts(_ title: String, _ counts: [String: Int]) {
        guard let largest = counts.values.max(), largest > 0 else { return }
        self.heading(title)
        let ordered = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        self.table(
            ["", "Count"],
            ordered.map { name, count in
                [.text(name), .bar(Double(count) / Double(largest), "\(count)")]
            }
        )
    }

    fileprivate mutating func addHistory(_ runs: some Collection<(RunRecord, RunSummary)>) {
        guard runs.count > 1 else { return }
        self.heading("The last \(runs.count) runs")
        self.line("documents indexed", runs.map { Double($0.1.accounts.indexed) }) { "\(Int($0))" }
        self.line("seconds", runs.map(\.1.seconds), decimal)
        self.table(
            ["Run", "Verb", "Began", "Outcome", "Exit", "Seconds", "Indexed", "Embedded"],
            runs.reversed().map { record, summary in
                [
                    .number("\(record.id)"), .text(summary.verb),
                    .text(universalTime(record.startedMilliseconds)),
                    .text(summary.outcome.rawValue),
                    summary.exitCode == 0 ? .good("0") : .bad("\(summary.exitCode)"),
                    .number(decimal(summary.seconds)), .number("\(summary.accounts.indexed)"),
                    .number("\(summary.chunksEmbedded)"),
                ]
            }
        )
    }
}

/// Four digits at most behind the point.
func decimal(_ value: Double) -> String {
    if let whole = Int(exactly: value) { return "\(whole)" }
    return "\((value * 10_000).rounded() / 10_000)"
}

/// One run, or the last that left a summary.
///
/// - Throws: ``OperationError`` `.noSuchState` without it.
package func showRun(_ number: Int64?, workspace root: String) throws -> RunStatusReport {
    if let number { return try status(ofRun: number, workspace: root) }
    let last = try translatingErrors {
        try WorkspaceReader(root: root).catalog.runs(limit: 1_000).first {
            $0.decodedSummary != nil
        }
    }
    guard let last else {
        throw OperationError(
            .noSuchState,
            "no run has ended in \(root) yet; run 'millrace backfill'"
        )
    }
    return try status(ofRun: last.id, workspace: root)
}

/// Writes a page, whole or not at all.
///
/// - Throws: ``OperationError`` `.configuration` where the file cannot be written.
package func writePage(_ page: String, to path: String) throws {
    do {
        try replaceFile(path, with: Array(page.utf8))
    } catch {
        throw OperationError(.configuration, "--html: \(error.message)")
    }
}
