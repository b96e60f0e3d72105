internal import Search
internal import Segments
internal import Storage

package struct EvaluationRequest: Sendable {
    package var workspace: String
    /// JSON lines `{"_id","text"}`.
    package var queriesPath: String
    /// Tab-separated query id, document, grade.
    package var judgementsPath: String
    package var modes: [SearchModeName]
    /// Cut-off of recall.
    package var count: Int
    package var index: String?
    /// The channel whose snapshot is asked, instead of the live one.
    package var channel: String?
    /// What to compare with, on the same queries.
    package var against: EvaluationBasis?
    /// So many queries are made of titles and headings, in place of those of the files.
    package var syntheticCount: Int?
    package var modelsRoot: String?
    /// The pipeline file, beside which tuned weights lie; nil for the weights of the model.
    package var pipeline: String?
    /// Who is asked for: a caller that holds these access labels alone; nil for one who may see everything.
    package var labels: Set<String>?
    /// Scores no ranking by whoever the pipeline names to rank anew.
    package var skipsRerank = false

    package init(
        workspace: String,
        queriesPath: String,
        judgementsPath: String,
        modes: [SearchModeName],
        count: Int,
        index: String? = nil
    ) {
        self.workspace = workspace
        self.queriesPath = queriesPath
        self.judgementsPath = judgementsPath
        self.modes = modes
        self.count = count
        self.index = index
    }
}

/// What a snapshot is compared with.
package enum EvaluationBasis: Sendable, Hashable {
    case snapshot(Int)
    case channel(String)
    /// The live snapshot of another pipeline, by its file.
    case pipeline(String)

    /// - Parameter text: a number; a path of a pipeline file; or the name of a channel.
    package init(_ text: String) {
        if let number = Int(text) {
            self = .snapshot(number)
        } else if text.hasSuffix(".yml") || text.hasSuffix(".yaml") || text.contains("/") {
            self = .pipeline(text)
        } else {
            self = .channel(text)
        }
    }
}

package struct EvaluationReport: Sendable, Codable {
    /// Where a mean lies with 95 % confidence.
    package struct Interval: Sendable, Codable, Hashable {
        package var low: Double
        package var high: Double

        init(of scores: [Double]) {
            let interval = ConfidenceInterval(of: scores)
            self.low = interval.low
            self.high = interval.high
        }
    }

    package struct ModeReport: Sendable, Codable {
        /// `fused`, `vector`, `bm25`, `sparse`; or `reranked`: fused, and ranked anew as the pipeline says.
        package var mode: String
        package var ndcg10: Double
        package var recall: Double
        package var mrr: Double
        package var ndcg10Interval: Interval
        package var recallInterval: Interval
        /// By language and source of the relevant documents.
        package var parts: [EvaluationPart]
        package var misses: EvaluationMisses
        /// Nil where nothing was compared.
        package var comparison: EvaluationComparison?
    }

    package var snapshot: Int
    /// Whether the queries are titles and headings of the collection itself, which say less than those of people.
    package var isSynthetic = false
    package var queryCount: Int
    package var judgementCount: Int
    package var recallCount: Int
    package var modes: [ModeReport]
    /// How the fused mode compares with the best of those that it joins; nil unless they were scored.
    package var fusion: FusionReport?
}

/// The fused ranking beside the better of its legs, over the same queries.
package struct FusionReport: Sendable, Codable {
    package var betterLeg: String
    /// Mean of nDCG@10 of the fused mode less that of the better leg.
    package var difference: Double
    /// 1.96 standard errors of the difference: chance alone moves it by less, nineteen times of twenty.
    package var noise: Double
    /// Whether the fused mode is worse beyond noise.
    package var isWorse: Bool
}

/// Scores the live snapshot: each query's documents by their best chunk.
///
/// - Throws: ``OperationError`` `.configuration` for files that cannot be read as what they should be;
///   `.noSuchState` without the snapshot to compare with.
package func evaluate(_ request: EvaluationRequest) throws -> EvaluationReport {
    try translatingErrors {
        let session = try SearchSession(request)
        if let labels = request.labels { try session.restrict(toLabels: labels) }
        let judged = try JudgedQueries(request, session)
        let evaluation = Evaluation(
            request: request,
            judged: judged,
            documents: try JudgedDocuments(
                session.snapshot,
                index: session.index.name,
                workspace: request.workspace
            ),
            session: session,
            other: try request.against.map {
                let other = try openSession(of: $0, request)
                if let labels = request.labels { try other.restrict(toLabels: labels) }
                return other
            }
        )
        // Asked for every mode, an index answers in those that it has.
        let askedModes =
            request.modes.count == 1
            ? request.modes : request.modes.filter(session.index.answers(in:))
        let scored = try askedModes.map { mode in
            (mode: mode, rankings: try evaluation.rankings(mode, session))
        }
        var reports = try scored.map { try evaluation.report($0.mode, $0.rankings) }
        if session.reranks {
            reports.append(try evaluation.rerankedReport(session))
        }
        return EvaluationReport(
            snapshot: session.snapshot.number,
            isSynthetic: request.syntheticCount != nil,
            queryCount: judged.queries.count,
            judgementCount: judged.judgements.values.reduce(0) { $0 + $1.count },
            recallCount: request.count,
            modes: reports,
            fusion: fusionReport(
                Dictionary(
                    uniqueKeysWithValues: scored.map { ($0.mode, judged.ndcg10($0.rankings)) }
                )
            )
        )
    }
}

/// A session on what is compared with: an earlier snapshot, that of a channel, or another pipeline's.
private func openSession(
    of basis: EvaluationBasis,
    _ request: EvaluationRequest
) throws -> SearchSession {
    switch basis {
    case .snapshot(let number): return try openSession(ofSnapshot: number, request)
    case .channel(let name):
        var other = request
        other.channel = name
        return try SearchSession(other)
    case .pipeline(let path):
        var other = request
        other.workspace = try SearchableWorkspace(pipeline: path).path
        other.pipeline = path
        other.channel = nil
        other.index = nil
        return try SearchSession(other)
    }
}

private func openSession(
    ofSnapshot number: Int,
    _ request: EvaluationRequest
) throws -> SearchSession {
    let list = try listSnapshots(workspace: request.workspace)
    guard list.snapshots.contains(where: { $0.number == number }) else {
        throw noSnapshot(number, list)
    }
    return try SearchSession(
        of: snapshot(number: number, workspace: request.workspace),
        workspace: request.workspace,
        modelsRoot: request.modelsRoot,
        fusion: FusionLock.read(of: request.pipeline, workspace: request.workspace)
    )
}

private struct Evaluation {
    let request: EvaluationRequest
    let judged: JudgedQueries
    let documents: JudgedDocuments
    let session: SearchSession
    let other: SearchSession?

    func report(
        _ mode: SearchModeName,
        _ rankings: [String: [String]]
    ) throws -> EvaluationReport.ModeReport {
        var report = try self.report(named: mode.rawValue, rankings)
        let scores = QueryScores(rankings: rankings, judgements: self.judged.judgements)
        report.comparison = try self.other.map { try self.comparison(scores, mode, $0) }
        return report
    }

    func rerankedReport(_ session: SearchSession) throws -> EvaluationReport.ModeReport {
        try self.report(
            named: "reranked",
            try self.rankings { try session.rerankedURIs($0, count: self.documentCount) }
        )
    }

    private func report(
        named name: String,
        _ rankings: [String: [String]]
    ) throws -> EvaluationReport.ModeReport {
        let scores = QueryScores(rankings: rankings, judgements: self.judged.judgements)
        let atTen = RankingMetrics(rankings: rankings, judgements: self.judged.judgements, k: 10)
        let atCount = RankingMetrics(
            rankings: rankings,
            judgements: self.judged.judgements,
            k: self.request.count
        )
        let recall = scores.queries.map { query in
            RankingMetrics(
                rankings: rankings,
                judgements: [query: self.judged.judgements[query] ?? [:]],
                k: self.request.count
            ).recall
        }
        return EvaluationReport.ModeReport(
            mode: name,
            ndcg10: atTen.ndcg,
            recall: atCount.recall,
            mrr: atCount.meanReciprocalRank,
            ndcg10Interval: EvaluationReport.Interval(of: scores.ndcg10),
            recallInterval: EvaluationReport.Interval(of: recall),
            parts: EvaluationPart.parts(
                scores,
                recall: recall,
                judgements: self.judged.judgements,
                documents: self.documents
            ),
            misses: try EvaluationMisses(
                rankings: rankings,
                judged: self.judged,
                count: self.request.count,
                documents: self.documents,
                labels: self.request.labels,
                searcher: self.session.searcher,
                reader: try? WorkspaceReader(root: self.request.workspace)
            )
        )
    }

    func rankings(
        _ mode: SearchModeName,
        _ session: SearchSession
    ) throws -> [String: [String]] {
        try self.rankings { try session.rankedURIs($0, mode: mode, count: self.documentCount) }
    }

    private var documentCount: Int { max(10, self.request.count) }

    private func rankings(
        _ rankedURIs: (String) throws -> [String]
    ) throws -> [String: [String]] {
        var rankings: [String: [String]] = [:]
        for query in self.judged.queries {
            let uris = try rankedURIs(query.text)
            rankings[query.id] = self.judged.names(of: uris, for: query.id)
        }
        return rankings
    }

    private func comparison(
        _ scores: QueryScores,
        _ mode: SearchModeName,
        _ other: SearchSession
    ) throws -> EvaluationComparison {
        let before = QueryScores(
            rankings: try self.rankings(mode, other),
            judgements: self.judged.judgements
        )
        let gain = mean(scores.ndcg10) - mean(before.ndcg10)
        let (low, high) = gain < 0 ? (scores, before) : (before, scores)
        return EvaluationComparison(
            snapshot: other.snapshot.number,
            ndcg10: mean(before.ndcg10),
            gain: gain,
            p: PermutationTest(before: high.ndcg10, after: low.ndcg10).p,
            better: zip(scores.ndcg10, before.ndcg10).count { $0 > $1 },
            worse: zip(scores.ndcg10, before.ndcg10).count { $0 < $1 }
        )
    }
}

extension SearchSession {
    convenience init(_ request: EvaluationRequest) throws {
        try self.init(
            workspace: request.workspace,
            index: request.index,
            modelsRoot: request.modelsRoot,
            pipeline: request.pipeline,
            channel: request.channel,
            reranking: request.skipsRerank || !request.modes.contains(.fused)
                ? nil : request.pipeline.flatMap(Reranking.init(pipeline:))
        )
    }
}

extension IndexSnapshot {
    /// Whether the index has what the mode ranks by.
    fileprivate func answers(in mode: SearchModeName) -> Bool {
        switch mode {
        case .bm25: true
        case .vector: self.dimensions > 0
        case .sparse: self.expander != nil
        case .fused: self.dimensions > 0 || self.expander != nil
        }
    }
}

/// - Parameter scores: nDCG@10 of each query by mode, in one order.
/// - Returns: nil unless the fused mode, words and another leg were scored.
func fusionReport(_ scores: [SearchModeName: [Double]]) -> FusionReport? {
    guard let fused = scores[.fused], !fused.isEmpty, let bm25 = scores[.bm25] else { return nil }
    var (better, betterName) = (bm25, SearchModeName.bm25)
    let others = [SearchModeName.vector, .sparse].compactMap { name in
        scores[name].map { (scores: $0, name: name) }
    }
    guard !others.isEmpty else { return nil }
    for other in others where other.scores.reduce(0, +) > better.reduce(0, +) {
        (better, betterName) = (other.scores, other.name)
    }
    let differences = zip(fused, better).map { $0 - $1 }
    let count = Double(differences.count)
    let mean = differences.reduce(0, +) / count
    let squares = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let noise = count > 1 ? 1.96 * (squares / (count - 1) / count).squareRoot() : .infinity
    return FusionReport(
        betterLeg: betterName.rawValue,
        difference: mean,
        noise: noise.isFinite ? noise : 1,
        isWorse: mean + noise < 0
    )
}
