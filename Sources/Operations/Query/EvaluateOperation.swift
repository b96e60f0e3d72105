internal import Foundation
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
    package var modelsRoot: String?
    /// The pipeline file, beside which tuned weights lie; nil for the weights of the model.
    package var pipeline: String?

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
    package struct ModeReport: Sendable, Codable {
        package var mode: String
        package var ndcg10: Double
        package var recall: Double
        package var mrr: Double
    }

    package var snapshot: Int
    package var queryCount: Int
    package var judgementCount: Int
    package var recallCount: Int
    package var modes: [ModeReport]
    /// How the fused mode compares with the better of the two that it joins; nil unless all were scored.
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
/// - Throws: ``OperationError`` `.configuration` for files that cannot be read as what they should be.
package func evaluate(_ request: EvaluationRequest) throws -> EvaluationReport {
    try translatingErrors {
        let judged = try JudgedQueries(
            queriesPath: request.queriesPath,
            judgementsPath: request.judgementsPath
        )
        let session = try SearchSession(request)
        // Asked for every mode, an index without vectors answers in the one it has.
        let hasVectors = session.index.dimensions > 0
        let askedModes =
            hasVectors || request.modes.count == 1
            ? request.modes : request.modes.filter { $0 == .bm25 }
        let scored = try askedModes.map { mode in
            (mode: mode, rankings: try rankings(mode, judged, session, max(10, request.count)))
        }
        return EvaluationReport(
            snapshot: session.snapshot.number,
            queryCount: judged.queries.count,
            judgementCount: judged.judgements.values.reduce(0) { $0 + $1.count },
            recallCount: request.count,
            modes: scored.map { report($0.mode, $0.rankings, judged, count: request.count) },
            fusion: fusionReport(
                Dictionary(
                    uniqueKeysWithValues: scored.map { ($0.mode, judged.ndcg10($0.rankings)) }
                )
            )
        )
    }
}

extension SearchSession {
    convenience init(_ request: EvaluationRequest) throws {
        try self.init(
            workspace: request.workspace,
            index: request.index,
            modelsRoot: request.modelsRoot,
            pipeline: request.pipeline
        )
    }
}

private func rankings(
    _ mode: SearchModeName,
    _ judged: JudgedQueries,
    _ session: SearchSession,
    _ count: Int
) throws -> [String: [String]] {
    var rankings: [String: [String]] = [:]
    for query in judged.queries {
        let uris = try session.rankedURIs(query.text, mode: mode, count: count)
        rankings[query.id] = judged.names(of: uris, for: query.id)
    }
    return rankings
}

private func report(
    _ mode: SearchModeName,
    _ rankings: [String: [String]],
    _ judged: JudgedQueries,
    count: Int
) -> EvaluationReport.ModeReport {
    let atTen = RankingMetrics(rankings: rankings, judgements: judged.judgements, k: 10)
    let atCount = RankingMetrics(rankings: rankings, judgements: judged.judgements, k: count)
    return .init(
        mode: mode.rawValue,
        ndcg10: atTen.ndcg,
        recall: atCount.recall,
        mrr: atCount.meanReciprocalRank
    )
}

/// - Parameter scores: nDCG@10 of each query by mode, in one order.
func fusionReport(_ scores: [SearchModeName: [Double]]) -> FusionReport? {
    guard let fused = scores[.fused], let bm25 = scores[.bm25], let vector = scores[.vector],
        !fused.isEmpty
    else { return nil }
    let isWordsBetter = bm25.reduce(0, +) >= vector.reduce(0, +)
    let differences = zip(fused, isWordsBetter ? bm25 : vector).map { $0 - $1 }
    let count = Double(differences.count)
    let mean = differences.reduce(0, +) / count
    let squares = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let noise = count > 1 ? 1.96 * (squares / (count - 1) / count).squareRoot() : .infinity
    return FusionReport(
        betterLeg: (isWordsBetter ? SearchModeName.bm25 : .vector).rawValue,
        difference: mean,
        noise: noise.isFinite ? noise : 1,
        isWorse: mean + noise < 0
    )
}
