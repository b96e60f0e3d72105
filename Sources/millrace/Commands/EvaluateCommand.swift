internal import ArgumentParser
internal import Console
internal import Operations

struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Score the published snapshot on queries with judgements.",
        discussion: """
            Queries are JSON lines {"_id","text"}; judgements are tab-separated query id, document, grade
            (a BEIR header line is skipped; TREC's four columns are read too). A document is named by its
            URI, its URI without the source name, or its file name without extension.
            """
    )

    @OptionGroup var reader: ReaderArguments

    @Option(name: .long, help: "The queries.")
    var queries: String

    @Option(name: .long, help: "The judgements.")
    var qrels: String

    @Option(name: .long, help: "fused (the default), vector or bm25; 'all' scores each.")
    var mode = "all"

    @Option(name: .long, help: "Cut-off of recall.")
    var k = 10

    @Option(
        name: .long,
        help: "Fail with exit code 5 when nDCG@10 of the fused mode is below this."
    )
    var minimumNdcg: Double?

    @Option(name: .long, help: "The index to search, where a pipeline has several.")
    var index: String?

    @Option(name: .long, help: "The channel whose snapshot is scored, instead of the live one.")
    var channel: String?

    @Option(name: .long, help: "The number of a snapshot to compare with, on the same queries.")
    var against: Int?

    @Option(name: .long, help: ArgumentHelp("Write the figures as a page, too.", valueName: "file"))
    var html: String?

    mutating func run() throws {
        self.reader.output.bootstrap()
        let workspace = try self.reader.workspace()
        let modes: [SearchModeName]
        if self.mode == "all" {
            modes = SearchModeName.allCases
        } else if let one = SearchModeName(rawValue: self.mode) {
            modes = [one]
        } else {
            throw ValidationError("--mode takes fused, vector, bm25 or all")
        }
        var request = EvaluationRequest(
            workspace: workspace,
            queriesPath: absolutePath(self.queries),
            judgementsPath: absolutePath(self.qrels),
            modes: modes,
            count: self.k,
            index: self.index
        )
        request.channel = self.channel
        request.against = self.against
        let report = try evaluate(request)
        if let html = self.html { try deliverPage(evaluationPage(report), to: html) }
        if self.reader.output.json {
            try printJSON(report, JSONForm("evaluate"))
        } else {
            printLine("\(report.queryCount) queries, \(report.judgementCount) judgements")
            for row in report.modes {
                printLine(
                    "  \(row.mode)  nDCG@10 \(fixed(row.ndcg10, decimals: 4))"
                        + "  recall@\(self.k) \(fixed(row.recall, decimals: 4))"
                        + "  MRR \(fixed(row.mrr, decimals: 4))"
                )
                for line in detailLines(row) { printLine("    \(line)") }
            }
        }
        if let minimum = self.minimumNdcg, let fused = report.modes.first, fused.ndcg10 < minimum {
            throw ExitStatus.gateFailed
        }
    }
}

/// What stands behind the figures of a mode.
private func detailLines(_ row: EvaluationReport.ModeReport) -> [String] {
    func decimals(_ value: Double) -> String { fixed(value, decimals: 4) }
    var lines = [
        "95 %: nDCG@10 \(decimals(row.ndcg10Interval.low)) to \(decimals(row.ndcg10Interval.high)), recall "
            + "\(decimals(row.recallInterval.low)) to \(decimals(row.recallInterval.high))"
    ]
    for part in row.parts {
        lines.append(
            "\(part.by) \(part.name): \(plural(part.queries, "judged query", "judged queries")), nDCG@10 "
                + "\(decimals(part.ndcg10)), recall \(decimals(part.recall))"
        )
    }
    let misses = row.misses
    if misses.total > 0 {
        lines.append(
            "not found: \(grouped(misses.total)) relevant, of which \(grouped(misses.rankedLow)) ranked low, "
                + "\(grouped(misses.removedAsDuplicate)) removed as duplicates, \(grouped(misses.notServed)) not served, "
                + "\(grouped(misses.notIndexed)) not indexed; first \(misses.queries.prefix(3).joined(separator: ", "))"
        )
    }
    if let other = row.comparison {
        lines.append(
            "snapshot \(other.snapshot) had nDCG@10 \(decimals(other.ndcg10)): \(other.gain < 0 ? "worse" : "better") by "
                + "\(decimals(other.gain.magnitude)), p \(decimals(other.p)), \(grouped(other.better)) queries better, "
                + "\(grouped(other.worse)) worse"
        )
    }
    return lines
}
