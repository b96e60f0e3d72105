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
    /// The number of a snapshot to compare with.
    package var against: Int?
    package var modelsRoot: String?

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
    package var queryCount: Int
    package var judgementCount: Int
    package var recallCount: Int
    package var modes: [ModeReport]
}

/// Scores the live snapshot: each query's documents by their best chunk.
///
/// - Throws: ``OperationError`` `.configuration` for files that cannot be read as what they should be;
///   `.noSuchState` without the snapshot to compare with.
package func evaluate(_ request: EvaluationRequest) throws -> EvaluationReport {
    try translatingErrors {
        let queries = try readQueries(request.queriesPath)
        let judgements = try readJudgements(request.judgementsPath)
        let judged = queries.filter { judgements[$0.id] != nil }
        guard !judged.isEmpty else {
            throw OperationError(
                .configuration,
                "no query of \(request.queriesPath) has a judgement in \(request.judgementsPath)"
            )
        }
        let session = try SearchSession(
            workspace: request.workspace,
            index: request.index,
            channel: request.channel,
            modelsRoot: request.modelsRoot
        )
        let asked = Set(judged.map(\.id))
        let evaluation = Evaluation(
            request: request,
            queries: judged,
            judgements: judgements.filter { asked.contains($0.key) },
            documents: try JudgedDocuments(
                session.snapshot,
                index: session.index.name,
                workspace: request.workspace
            ),
            other: try request.against.map { try openSession(of: $0, request) }
        )
        // Asked for every mode, an index without vectors answers in the one it has.
        let hasVectors = session.index.dimensions > 0
        let askedModes =
            hasVectors || request.modes.count == 1
            ? request.modes : request.modes.filter { $0 == .bm25 }
        return EvaluationReport(
            snapshot: session.snapshot.number,
            queryCount: judged.count,
            judgementCount: judged.reduce(0) { $0 + (judgements[$1.id]?.count ?? 0) },
            recallCount: request.count,
            modes: try askedModes.map { try evaluation.report($0, session) }
        )
    }
}

/// A session on an earlier snapshot, of its index of the same name.
private func openSession(of number: Int, _ request: EvaluationRequest) throws -> SearchSession {
    let list = try listSnapshots(workspace: request.workspace)
    guard list.snapshots.contains(where: { $0.number == number }) else { throw noSnapshot(number, list) }
    return try SearchSession(
        of: snapshot(number: number, workspace: request.workspace),
        workspace: request.workspace,
        modelsRoot: request.modelsRoot
    )
}

private struct Evaluation {
    let request: EvaluationRequest
    let queries: [EvaluationQuery]
    let judgements: Judgements
    let documents: JudgedDocuments
    let other: SearchSession?

    func report(
        _ mode: SearchModeName,
        _ session: SearchSession
    ) throws -> EvaluationReport.ModeReport {
        let rankings = try self.rankings(mode, session)
        let scores = QueryScores(rankings: rankings, judgements: self.judgements)
        let atTen = RankingMetrics(rankings: rankings, judgements: self.judgements, k: 10)
        let atCount = RankingMetrics(
            rankings: rankings,
            judgements: self.judgements,
            k: self.request.count
        )
        let recall = scores.queries.map { query in
            RankingMetrics(
                rankings: rankings,
                judgements: [query: self.judgements[query] ?? [:]],
                k: self.request.count
            ).recall
        }
        return EvaluationReport.ModeReport(
            mode: mode.rawValue,
            ndcg10: atTen.ndcg,
            recall: atCount.recall,
            mrr: atCount.meanReciprocalRank,
            ndcg10Interval: EvaluationReport.Interval(of: scores.ndcg10),
            recallInterval: EvaluationReport.Interval(of: recall),
            parts: EvaluationPart.parts(
                scores,
                recall: recall,
                judgements: self.judgements,
                documents: self.documents
            ),
            misses: try EvaluationMisses(
                rankings: rankings,
                judgements: self.judgements,
                count: self.request.count,
                documents: self.documents,
                reader: try? WorkspaceReader(root: self.request.workspace)
            ),
            comparison: try self.other.map { try self.comparison(scores, mode, $0) }
        )
    }

    private func rankings(
        _ mode: SearchModeName,
        _ session: SearchSession
    ) throws -> [String: [String]] {
        var rankings: [String: [String]] = [:]
        for query in self.queries {
            let uris = try session.rankedURIs(
                query.text,
                mode: mode,
                count: max(10, self.request.count)
            )
            let grades = self.judgements[query.id] ?? [:]
            var names: Set<String> = []
            // Two documents may go by one name; the better one stands for both.
            rankings[query.id] = uris.map { judgedName(of: $0, in: grades) }
                .filter { names.insert($0).inserted }
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
            judgements: self.judgements
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
