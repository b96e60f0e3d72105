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
        let report = try evaluate(
            EvaluationRequest(
                workspace: workspace,
                queriesPath: absolutePath(self.queries),
                judgementsPath: absolutePath(self.qrels),
                modes: modes,
                count: self.k,
                index: self.index
            )
        )
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
            }
        }
        if let minimum = self.minimumNdcg, let fused = report.modes.first, fused.ndcg10 < minimum {
            throw ExitStatus.gateFailed
        }
    }
}
