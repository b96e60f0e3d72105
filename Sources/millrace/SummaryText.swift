internal import Console
internal import Operations

/// The closing summary of a run, in which every listed document is accounted for.
///
/// - Parameter place: how a command to type names the pipeline or workspace.
/// - Parameter held: the deletions that wait for approval.
func text(of summary: RunSummary, place: String, held: [HeldReport] = []) -> String {
    var lines = [outcomeLine(summary, place: place)]
    lines.append("  documents  " + equation(summary.accounts))
    lines.append("  changes    " + changesText(summary))
    if summary.outcome != .stopped || summary.extracted > 0 {
        lines.append("  speed      " + speedText(summary))
    }
    if summary.outcome != .stopped {
        lines.append(
            "  index      \(plural(summary.chunks, "chunk")), \(grouped(summary.chunksEmbedded))"
                + " embedded now\(cachedText(summary)), \(plural(summary.segmentsWritten, "segment")) written"
        )
    }
    lines += (summary.embedding ?? []).map { "  embedding  " + embeddingText($0) }
    if let near = summary.nearDuplicates { lines.append("  grouped    " + groupText(near)) }
    if !summary.languages.isEmpty {
        lines.append("  languages  \(counts(summary.languages, first: languagesShown))")
    }
    lines += summary.unreadLanguages.map { "  warning    " + unreadText($0) }
    if summary.chunksWithoutVector > 0 {
        lines.append(
            "  warning    \(plural(summary.chunksWithoutVector, "chunk")) of which the model reads no"
                + " word: no vector, found by words only (search --mode bm25)"
        )
    }
    if !summary.redactions.isEmpty { lines.append("  redacted   \(counts(summary.redactions))") }
    lines += exclusionLines(summary.exclusions ?? [:])
    if let receipt = summary.retentionReceipt {
        lines.append("  receipt    of what the retention took out: \(receipt)")
    }
    lines += (summary.sources ?? []).flatMap(listingLines)
    lines += (summary.absences ?? []).map { "  without    \($0)" }
    lines += failureLines(summary, place: place)
    lines += (summary.exports ?? []).map { exportLine($0, place: place) }
    if let gate = summary.gate {
        let text = gate.passed ? gateLine(gate) : text(of: gate)
        lines += text.split(separator: "\n").map { "  " + $0 }
    }
    if summary.outcome == .refused {
        lines.append(
            "  next       millrace publish \(place) --force --reason TEXT, or mend and run again"
        )
    }
    if summary.outcome != .stopped { lines += heldLines(summary, held, place: place) }
    return lines.joined(separator: "\n")
}

/// `, 12 from the cache`; nothing without one.
private func cachedText(_ summary: RunSummary) -> String {
    summary.chunksFromCache.map { ", \(grouped($0)) from the cache" } ?? ""
}

/// In one line; `--json` and the report have all.
private let languagesShown = 12

/// `30 % of the documents are in languages that potion-base-8M does not read: th 12`.
func unreadText(_ unread: UnreadLanguages) -> String {
    "\(fixed(100 * unread.share, decimals: 0)) % of the documents are in languages that"
        + " \(unread.model) does not read: \(counts(unread.languages, first: languagesShown)); find them with"
        + " search --mode bm25, or set 'model' of the embed stage to one that reads them"
}

/// `embed: 1,024 chunks by openai:NAME in 16 requests (2 again), 131,072 tokens, cost 0.0026 (month 0.01)`.
private func embeddingText(_ report: EmbeddingReport) -> String {
    let again = report.retries > 0 ? " (\(grouped(report.retries)) again)" : ""
    let cost =
        report.monthCost > 0
        ? ", cost \(fixed(report.cost, decimals: 4)), this month \(fixed(report.monthCost, decimals: 4))"
        : ""
    let raw = report.isUnredacted ? "; no stage redacts what is sent" : ""
    let shared = report.cached.map { ", \(grouped($0)) by the machine's cache" } ?? ""
    return
        "\(report.stage): \(plural(report.texts, "chunk")) by \(report.provider):\(report.model) in "
        + "\(plural(report.requests, "request"))\(again), \(plural(report.tokens, "token"))\(cost), "
        + "\(fixed(100 * report.cacheHitRate, decimals: 0)) % cached\(shared)\(raw)"
}

/// What was sent to another system, or why it is owed.
private func exportLine(_ report: RunExportReport, place: String) -> String {
    let target = report.target.isEmpty ? "" : " → \(report.target)"
    guard let problem = report.problem else {
        return "  export     \(report.stage)\(target): \(grouped(report.inserted)) new, "
            + "\(grouped(report.updated)) changed, \(grouped(report.deleted)) deleted, "
            + "\(grouped(report.unchanged)) as they were"
    }
    let difference = report.owed.map { " (\(owedText($0)))" } ?? ""
    return "  owed       export '\(report.stage)'\(target): \(problem); snapshot "
        + "\(report.snapshot) is live, and the next run sends the difference\(difference): "
        + "millrace sync \(place)"
}

/// `12 new, 3 changed, 1 deleted`.
func owedText(_ owed: ExportAccount.Owed) -> String {
    "\(grouped(owed.inserted)) new, \(grouped(owed.updated)) changed, "
        + "\(grouped(owed.deleted)) deleted"
}

/// What of a source was passed over, and why it may list nothing.
func listingLines(_ source: SourceReport) -> [String] {
    var lines: [String] = []
    if let problem = source.problem {
        lines.append(
            "  unlisted   source '\(source.source)' \(problem); mend it and run 'millrace sync' again"
        )
    } else if source.listed == 0 {
        lines.append("  notice     \(source.emptinessText)")
    }
    if let gone = source.gone {
        lines.append(
            "  gone       \(plural(gone, "document")) of source '\(source.source)' went between "
                + "listing and reading"
        )
    }
    if source.skippedLinks > 0 {
        let first = source.skippedLinkURIs.first.map { ", the first \($0)" } ?? ""
        lines.append(
            "  links      \(plural(source.skippedLinks, "link")) of source '\(source.source)' left alone"
                + "\(first); 'follow_symlinks: true' follows those that stay in the folder"
        )
    }
    if source.skippedSpecial > 0 {
        lines.append(
            "  special    \(plural(source.skippedSpecial, "socket, pipe or device file")) of source "
                + "'\(source.source)' left alone"
        )
    }
    return lines
}

private func outcomeLine(_ summary: RunSummary, place: String) -> String {
    let seconds = fixed(summary.seconds, decimals: 1)
    switch summary.outcome {
    case .published:
        return "run \(summary.run): published snapshot \(summary.snapshot ?? 0) in \(seconds) s"
    case .unchanged:
        return "run \(summary.run): nothing changed, snapshot \(summary.snapshot ?? 0) stays live "
            + "(\(seconds) s)"
    case .refused:
        let live = summary.snapshot.map { "snapshot \($0) stays live" } ?? "nothing is live yet"
        return
            "run \(summary.run): the gate stopped candidate \(summary.gate?.candidate ?? 0), \(live) "
            + "(\(seconds) s)"
    case .stopped:
        if let reason = summary.stopReason {
            return
                "run \(summary.run): stopped after \(seconds) s, nothing was published: \(reason). What came "
                + "back is stored; go on with: millrace resume \(place)"
        }
        let cause = summary.status == .budgetReached ? "stopped at its budget" : "interrupted"
        return
            "run \(summary.run): \(cause) after \(seconds) s, nothing was published; go on with: "
            + "millrace resume \(place)"
    }
}

/// `12 listed = 11 indexed + 0 duplicates + 0 excluded + 0 held + 1 failed`.
func equation(_ accounts: DocumentAccounts, total: String = "listed") -> String {
    "\(grouped(accounts.listed)) \(total) = \(grouped(accounts.indexed)) indexed"
        + " + \(grouped(accounts.duplicates)) duplicates + \(grouped(accounts.excluded)) excluded"
        + " + \(grouped(accounts.held)) held + \(grouped(accounts.failed)) failed"
}

/// `20 near-duplicates in 1 group differ in facts; a search shows the best of each`.
func groupText(_ near: GroupReport) -> String {
    "\(plural(near.documents, "near-duplicate")) in \(plural(near.groups, "group")) differ in facts;"
        + " a search shows the best of each (--expand-groups: all)"
}

private func changesText(_ summary: RunSummary) -> String {
    var text =
        "\(grouped(summary.added)) added, \(grouped(summary.changed)) changed,"
        + " \(grouped(summary.removed)) removed, \(grouped(summary.unchanged)) unchanged"
    var details: [String] = []
    if summary.renamed > 0 { details.append("\(grouped(summary.renamed)) renamed") }
    let copies = summary.copied - summary.renamed
    if copies > 0 { details.append("\(grouped(copies)) copied") }
    if summary.touched > 0 { details.append("\(grouped(summary.touched)) touched") }
    if !details.isEmpty { text += "; of these " + details.joined(separator: ", ") }
    return text
}

private func speedText(_ summary: RunSummary) -> String {
    let rate = summary.seconds > 0 ? Double(summary.extracted) / summary.seconds : 0
    let megabytes = Double(summary.bytesRead) / 1e6
    let megabyteRate = summary.seconds > 0 ? megabytes / summary.seconds : 0
    return "\(fixed(rate, decimals: 0)) documents/s, \(fixed(megabyteRate, decimals: 1)) MB/s"
        + " of \(fixed(megabytes, decimals: 1)) MB,"
        + " \(fixed(summary.processorSeconds, decimals: 1)) CPU-s,"
        + " peak memory \(fixed(Double(summary.memoryBytesMaximum) / 1e6, decimals: 0)) MB"
}

/// How many documents were left out and why, most first; `explain` names it for each document.
func exclusionLines(_ exclusions: [String: Int], indent: String = "  ") -> [String] {
    let shown = 8
    let ordered = exclusions.sorted {
        $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key
    }
    var lines = ordered.prefix(shown).map {
        "\(indent)excluded   \(grouped($0.value)) by \($0.key)"
    }
    let rest = ordered.dropFirst(shown).reduce(0) { $0 + $1.value }
    if rest > 0 { lines.append("\(indent)excluded   \(grouped(rest)) for other reasons") }
    return lines
}

private func failureLines(_ summary: RunSummary, place: String) -> [String] {
    var lines: [String] = []
    let count = summary.failures.values.reduce(0, +)
    if count > 0 {
        let ignored =
            summary.ignoredFailures > 0
            ? "; \(grouped(summary.ignoredFailures)) of them ignored" : ""
        lines.append("  failures   \(counts(summary.failures))\(ignored)")
    }
    if summary.accounts.stale > 0 {
        lines.append(
            "  stale      \(plural(summary.accounts.stale, "document")): an older version is served"
        )
    }
    // Those an operator accepted are not told again every night.
    guard count > summary.ignoredFailures else { return lines }
    for letter in summary.deadLetters {
        lines.append("    \(letter.uri): \(letter.stage): \(letter.code): \(letter.message)")
    }
    let rest = count - summary.deadLetters.count
    lines.append(
        "    " + (rest > 0 ? "… \(grouped(rest)) more; " : "")
            + "what to do: millrace failures ls \(place)"
    )
    return lines
}

/// How many deletions wait, why, and what releases them.
private func heldLines(
    _ summary: RunSummary,
    _ held: [HeldReport],
    place: String
) -> [String] {
    guard summary.accounts.held > 0 else { return [] }
    let why = summary.heldReasons.isEmpty ? "" : ": " + summary.heldReasons.joined(separator: "; ")
    return ["  held       \(plural(summary.accounts.held, "deletion"))\(why)"]
        + held.map { "             " + approvalText($0, place: place) }
}

/// `25 of run 3: mend the source, or: millrace approve-deletes 3 my.yml`.
func approvalText(_ held: HeldReport, place: String) -> String {
    let waiting = held.documents - held.approved
    let approved = held.approved > 0 ? ", \(grouped(held.approved)) approved" : ""
    let source = held.sources.joined(separator: ", ")
    guard waiting > 0 else {
        return "\(grouped(held.documents)) of run \(held.run) (\(source)), all approved: "
            + "millrace sync PIPELINE deletes them"
    }
    return "\(grouped(held.documents)) of run \(held.run) (\(source))\(approved); when they are "
        + "meant: millrace approve-deletes \(held.run) \(place)"
}
