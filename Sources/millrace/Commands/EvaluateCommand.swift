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

            --tune finds the weights of the fused mode on two thirds of the queries, scores them on the
            rest and writes them beside the pipeline file (docs.yml: docs.fusion.lock), where every search
            of the pipeline reads them. Where the pipeline has 'rerank', what it makes of the fused answers
            is scored too, as 'reranked'. --recall needs no files: it asks for headings and passages of the
            index itself and compares the default vector search with one that ranks every vector.

            --synthetic needs none either: titles and headings are the queries, their documents what is to be
            found. It says whether a change made search worse, not how well people are answered.
            """
    )

    @OptionGroup var reader: ReaderArguments

    @Option(name: .long, help: "The queries.")
    var queries: String?

    @Option(name: .long, help: "The judgements.")
    var qrels: String?

    @Flag(
        name: .long,
        help: "Find the weights of the fused mode and write them beside the pipeline."
    )
    var tune = false

    @Flag(name: .long, help: "Measure how many of the nearest vectors a default search finds.")
    var recall = false

    @Flag(
        name: .long,
        help: "Ask for titles and headings of the collection itself, where there are no judgements."
    )
    var synthetic = false

    @Option(
        name: .long,
        help: "With --recall: how many queries of each kind; with --synthetic: how many at most."
    )
    var samples = 200

    @Flag(
        name: .long,
        help: "Fail with exit code 5 when the fused mode is worse than its better leg beyond noise."
    )
    var requireFusion = false

    @Option(name: .long, help: "fused (the default), vector, bm25 or sparse; 'all' scores each.")
    var mode = "all"

    @Flag(
        name: .long,
        help: "Leave out the ranking by whoever the pipeline's 'rerank' names."
    )
    var noRerank = false

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

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A snapshot to compare with on the same queries: its number, a channel, or another pipeline file.",
            valueName: "number|channel|file"
        )
    )
    var against: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Ask as a caller who holds these access labels alone, parted by commas; '' for one without labels.",
            valueName: "labels"
        )
    )
    var labels: String?

    @Option(name: .long, help: ArgumentHelp("Write the figures as a page, too.", valueName: "file"))
    var html: String?

    func validate() throws {
        let hasFiles = self.queries != nil && self.qrels != nil
        guard self.recall || self.synthetic || hasFiles else {
            throw ValidationError("give --queries and --qrels, or --synthetic, or --recall")
        }
        let asksMore = self.tune || self.recall || self.queries != nil || self.qrels != nil
        guard !self.synthetic || !asksMore else {
            throw ValidationError(
                "--synthetic makes queries of its own: leave --queries, --qrels, --tune and --recall out"
            )
        }
        guard !(self.recall && (self.tune || self.requireFusion)) else {
            throw ValidationError(
                "--recall measures vectors alone; ask for the rest in another run"
            )
        }
        guard !self.requireFusion || self.mode == "all" else {
            throw ValidationError("--require-fusion compares all modes; leave --mode out")
        }
        guard (1...1_000).contains(self.k) else { throw ValidationError("--k takes 1 to 1000") }
        guard (1...100_000).contains(self.samples) else {
            throw ValidationError("--samples takes 1 to 100000")
        }
    }

    mutating func run() throws {
        self.reader.output.bootstrap()
        let place = try self.reader.location()
        if self.recall { return try self.measureRecall(place.workspace) }
        var request = EvaluationRequest(
            workspace: place.workspace,
            queriesPath: absolutePath(self.queries ?? ""),
            judgementsPath: absolutePath(self.qrels ?? ""),
            modes: try self.modes(),
            count: self.k,
            index: self.index
        )
        request.pipeline = place.pipeline.map(absolutePath)
        request.channel = self.channel
        request.against = self.against.map { EvaluationBasis($0) }
        request.skipsRerank = self.noRerank
        request.labels = self.labels.map { Set($0.split(separator: ",").map(String.init)) }
        request.syntheticCount = self.synthetic ? self.samples : nil
        if self.tune {
            let report = try tuneFusion(request)
            try printReport(report, JSONForm("evaluate-tune"), as: self.reader.output) {
                text(of: report)
            }
            // With --require-fusion what searches now find is scored too.
            guard self.requireFusion else { return }
        }
        let report = try evaluate(request)
        if let html = self.html { try deliverPage(evaluationPage(report), to: html) }
        try printReport(report, JSONForm("evaluate"), as: self.reader.output) {
            text(of: report, k: self.k)
        }
        if let minimum = self.minimumNdcg, let fused = report.modes.first, fused.ndcg10 < minimum {
            throw ExitStatus.gateFailed
        }
        if self.requireFusion, report.fusion?.isWorse == true { throw ExitStatus.gateFailed }
    }

    private func modes() throws -> [SearchModeName] {
        if self.mode == "all" { return SearchModeName.allCases }
        guard let one = SearchModeName(rawValue: self.mode) else {
            throw ValidationError("--mode takes fused, vector, bm25, sparse or all")
        }
        return [one]
    }

    private func measureRecall(_ workspace: String) throws {
        let report = try Operations.measureRecall(
            workspace: workspace,
            index: self.index,
            k: self.k,
            queryCount: self.samples
        )
        try printReport(report, JSONForm("evaluate-recall"), as: self.reader.output) {
            let lines = report.kinds.map { kind in
                "  \(kind.kind)  recall@\(report.k) \(fixed(kind.recall, decimals: 4))  worst "
                    + "\(fixed(kind.recallMin, decimals: 2))  whole \(kind.wholeQueryCount) of "
                    + "\(kind.queryCount)"
            }
            return
                (["\(report.chunkCount) chunks, the default vector search against an exact one"]
                + lines)
                .joined(separator: "\n")
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
            "not found: \(grouped(misses.total)) relevant, of which \(grouped(misses.rankedLow)) ranked low "
                + "(\(grouped(misses.splitOverChunks)) with their words split over chunks), "
                + "\(grouped(misses.filteredByAccess)) hidden by access labels, "
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

private func text(of report: EvaluationReport, k: Int) -> String {
    var lines = [
        "\(report.queryCount) \(report.isSynthetic ? "synthetic queries" : "queries"), "
            + "\(report.judgementCount) judgements"
    ]
    for row in report.modes {
        lines.append(
            "  \(row.mode)  nDCG@10 \(fixed(row.ndcg10, decimals: 4))"
                + "  recall@\(k) \(fixed(row.recall, decimals: 4))"
                + "  MRR \(fixed(row.mrr, decimals: 4))"
        )
        lines += detailLines(row).map { "    " + $0 }
    }
    if let fusion = report.fusion {
        let verdict = fusion.isWorse ? "worse beyond noise; try --tune" : "not worse beyond noise"
        lines.append(
            "  fused less \(fusion.betterLeg)  \(fixed(fusion.difference, decimals: 4)) ± "
                + "\(fixed(fusion.noise, decimals: 4)): \(verdict)"
        )
    }
    return lines.joined(separator: "\n")
}

private func text(of report: TuningReport) -> String {
    func figure(_ value: Double) -> String { fixed(value, decimals: 4) }
    func weights(_ bm25: Double, _ vector: Double, _ sparse: Double?) -> String {
        ([bm25, vector] + (sparse.map { [$0] } ?? [])).map { fixed($0, decimals: 1) }
            .joined(separator: " : ")
    }
    let legs = report.sparse == nil ? "words and vectors" : "words, vectors and expansions"
    var lines = ["nDCG@10 on \(report.trainQueryCount) queries, by the weights of \(legs)"]
    let chosen = weights(report.bm25, report.vector, report.sparse)
    lines += report.trials.map { trial in
        let own = weights(trial.bm25, trial.vector, trial.sparse)
        return "  \(own)  \(figure(trial.ndcg10))" + (own == chosen ? "  chosen" : "")
    }
    lines += [
        "on \(report.heldOutQueryCount) held-out queries \(figure(report.heldOutNdcg10)); by the model's own "
            + "weights \(figure(report.heldOutNdcg10ByDefault)), words alone "
            + "\(figure(report.heldOutNdcg10ByWords)), vectors alone \(figure(report.heldOutNdcg10ByVectors))"
            + (report.heldOutNdcg10BySparse.map { ", expansions alone \(figure($0))" } ?? ""),
        "written to \(report.path)",
    ]
    return lines.joined(separator: "\n")
}
