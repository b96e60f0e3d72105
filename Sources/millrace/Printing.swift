internal import Foundation
internal import Operations

/// One JSON object on one line, keys sorted.
func printJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    print(String(decoding: try encoder.encode(value), as: UTF8.self))
}

/// The closing summary of a run, in which every listed document is accounted for.
func text(of summary: RunSummary) -> String {
    var lines: [String] = []
    let seconds = fixed(summary.seconds, decimals: 1)
    switch summary.outcome {
    case .published:
        lines.append(
            "run \(summary.run): published snapshot \(summary.snapshot ?? 0) in \(seconds) s"
        )
    case .unchanged:
        lines.append(
            "run \(summary.run): nothing changed, snapshot \(summary.snapshot ?? 0) stays live "
                + "(\(seconds) s)"
        )
    case .stopped:
        lines.append(
            "run \(summary.run): stopped after \(seconds) s; run the same command to go on"
        )
    }
    let accounts = summary.accounts
    lines.append(
        "  documents  \(grouped(accounts.listed)) listed = \(grouped(accounts.indexed)) indexed"
            + " + \(grouped(accounts.duplicates)) duplicates + \(grouped(accounts.excluded)) excluded"
            + " + \(grouped(accounts.held)) held + \(grouped(accounts.failed)) failed"
    )
    lines.append(
        "  changes    \(grouped(summary.added)) added, \(grouped(summary.changed)) changed,"
            + " \(grouped(summary.removed)) removed, \(grouped(summary.unchanged)) unchanged"
    )
    let rate = summary.seconds > 0 ? Double(summary.extracted) / summary.seconds : 0
    let megabytes = Double(summary.bytesRead) / 1e6
    lines.append(
        "  speed      \(fixed(rate, decimals: 0)) documents/s,"
            + " \(fixed(summary.seconds > 0 ? megabytes / summary.seconds : 0, decimals: 1)) MB/s"
            + " of \(fixed(megabytes, decimals: 1)) MB,"
            + " \(fixed(summary.processorSeconds, decimals: 1)) CPU-s,"
            + " peak memory \(fixed(Double(summary.memoryBytesMaximum) / 1e6, decimals: 0)) MB"
    )
    lines.append(
        "  index      \(grouped(summary.chunks)) chunks, \(grouped(summary.chunksEmbedded)) embedded"
            + " now, \(grouped(summary.segmentsWritten)) segments written"
    )
    if !summary.languages.isEmpty {
        lines.append("  languages  \(counts(summary.languages))")
    }
    if !summary.redactions.isEmpty {
        lines.append("  redacted   \(counts(summary.redactions))")
    }
    if !summary.failures.isEmpty {
        lines.append("  failures   \(counts(summary.failures))")
    }
    if summary.accounts.stale > 0 {
        lines.append("  stale      \(summary.accounts.stale) keep an older version served")
    }
    for letter in summary.deadLetters {
        lines.append("    \(letter.uri): \(letter.stage): \(letter.code): \(letter.message)")
    }
    let letterCount = summary.failures.values.reduce(0, +)
    if letterCount > summary.deadLetters.count {
        lines.append(
            "    … \(letterCount - summary.deadLetters.count) more: millrace status"
        )
    }
    if !summary.heldReasons.isEmpty {
        lines.append("  deletions held: \(summary.heldReasons.joined(separator: "; "))")
    }
    return lines.joined(separator: "\n")
}

/// `EMAIL 12, PHONE 3`, most first, ties by name.
func counts(_ values: [String: Int]) -> String {
    values.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        .map { "\($0.key) \(grouped($0.value))" }
        .joined(separator: ", ")
}
