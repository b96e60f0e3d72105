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
}

/// Scores the live snapshot: each query's documents by their best chunk.
///
/// - Throws: ``OperationError`` `.configuration` for files that cannot be read as what they should be.
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
            modelsRoot: request.modelsRoot
        )
        // Asked for every mode, an index without vectors answers in the one it has.
        let hasVectors = session.index.dimensions > 0
        let askedModes =
            hasVectors || request.modes.count == 1
            ? request.modes : request.modes.filter { $0 == .bm25 }
        let modes = try askedModes.map { mode in
            try score(mode, judged, judgements, session: session, count: request.count)
        }
        return EvaluationReport(
            snapshot: session.snapshot.number,
            queryCount: judged.count,
            judgementCount: judged.reduce(0) { $0 + (judgements[$1.id]?.count ?? 0) },
            recallCount: request.count,
            modes: modes
        )
    }
}

private func score(
    _ mode: SearchModeName,
    _ queries: [EvaluationQuery],
    _ judgements: Judgements,
    session: SearchSession,
    count: Int
) throws -> EvaluationReport.ModeReport {
    var rankings: [String: [String]] = [:]
    for query in queries {
        let uris = try session.rankedURIs(query.text, mode: mode, count: max(10, count))
        let grades = judgements[query.id] ?? [:]
        rankings[query.id] = uris.map { judgedName(of: $0, in: grades) }
    }
    let judged = judgements.filter { rankings[$0.key] != nil }
    let atTen = RankingMetrics(rankings: rankings, judgements: judged, k: 10)
    let atCount = RankingMetrics(rankings: rankings, judgements: judged, k: count)
    return .init(
        mode: mode.rawValue,
        ndcg10: atTen.ndcg,
        recall: atCount.recall,
        mrr: atCount.meanReciprocalRank
    )
}

/// The name under which `uri` is judged: itself, without its source, or its file name alone.
private func judgedName(of uri: String, in grades: [String: Double]) -> String {
    if grades[uri] != nil { return uri }
    let path = uri.split(separator: "/", maxSplits: 1).dropFirst().first.map(String.init) ?? uri
    if grades[path] != nil { return path }
    let file = path.split(separator: "/").last.map(String.init) ?? path
    let stem = file.lastIndex(of: ".").map { String(file[..<$0]) } ?? file
    return grades[stem] != nil ? stem : uri
}

private struct EvaluationQuery: Decodable {
    var id: String
    var text: String

    enum CodingKeys: String, CodingKey {
        case id = "_id"
        case text
    }
}

private func readQueries(_ path: String) throws -> [EvaluationQuery] {
    try readLines(path).map { number, line in
        do {
            return try JSONDecoder().decode(EvaluationQuery.self, from: Data(line.utf8))
        } catch {
            throw OperationError(
                .configuration,
                "\(path):\(number): not a JSON object with \"_id\" and \"text\""
            )
        }
    }
}

/// Grades above 0 by document, by query: BEIR's three columns with a header, or TREC's four.
private func readJudgements(_ path: String) throws -> Judgements {
    var judgements: Judgements = [:]
    for (number, line) in try readLines(path) {
        let columns = line.split { $0 == "\t" || $0 == " " }.map(String.init)
        let fields = columns.count == 4 ? [columns[0], columns[2], columns[3]] : columns
        guard fields.count == 3, let grade = Double(fields[2]) else {
            if number == 1 { continue }
            throw OperationError(
                .configuration,
                "\(path):\(number): expected query id, document and grade"
            )
        }
        if grade > 0 { judgements[fields[0], default: [:]][fields[1]] = grade }
    }
    return judgements
}
