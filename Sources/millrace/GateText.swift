internal import Console
internal import Operations

/// The table of a gate: what was measured, what it was, what holds; failed checks first.
func text(of report: GateReport) -> String {
    let heads = ["", "METRIC", "WAS", "NOW", "LIMIT", "P"]
    let ordered = report.failed + report.checks.filter(\.passed)
    let rows = ordered.map { check in
        [
            check.passed ? "ok" : "FAIL", check.metric, check.was.map(gateNumber) ?? "-",
            gateNumber(check.now), limitText(check), check.p.map { fixed($0, decimals: 4) } ?? "",
        ]
    }
    let against =
        report.live.map { "snapshot \($0)" } ?? "nothing live, so limits by themselves hold"
    let verdict = report.passed ? "passed" : "failed \(plural(report.failed.count, "check"))"
    var lines = [
        "gate: candidate \(report.candidate) \(verdict) against \(against), "
            + "\(plural(report.queries, "query", "queries")), \(fixed(report.seconds, decimals: 1)) s",
        table([heads] + rows),
    ]
    lines += report.notes.map { "note: \($0)" }
    return lines.joined(separator: "\n")
}

/// A gate that was passed, in a line.
func gateLine(_ report: GateReport) -> String {
    let ndcg = report.checks.first { $0.metric == "ndcg@10" }
    let score = ndcg.map { ", ndcg@10 \(fixed($0.now, decimals: 4))" } ?? ""
    return
        "gate       passed \(report.checks.count) checks in \(fixed(report.seconds, decimals: 1)) s\(score)"
}

private func limitText(_ check: GateCheck) -> String {
    let limit = gateNumber(check.limit)
    switch check.rule {
    case "at_least": return "at least \(limit)"
    case "at_most": return "at most \(limit)"
    case "difference": return "at most \(limit) apart"
    default:
        let worse = check.worse.map { ", is \(gateNumber($0))" } ?? ""
        let percent = check.rule.hasPrefix("relative") ? " of it" : ""
        let way: String
        switch check.rule {
        case "rise": way = "rise"
        case "change", "relative_change": way = "change"
        default: way = "drop"
        }
        return "\(way) at most \(limit)\(percent)\(worse)"
    }
}

/// Whole numbers as they are counted, others with four digits behind the point.
private func gateNumber(_ value: Double) -> String {
    if let whole = Int(exactly: value) { return grouped(whole) }
    return fixed(value, decimals: 4)
}

/// As ``plural(_:_:)`` for a word that takes more than an s.
func plural(_ count: Int, _ noun: String, _ many: String) -> String {
    "\(grouped(count)) \(count == 1 ? noun : many)"
}

/// Says of a candidate what becomes of it.
func candidateLine(_ number: Int) -> String {
    "candidate \(number) waits, which the gate stopped: millrace publish PIPELINE"
}
