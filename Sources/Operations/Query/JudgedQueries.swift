internal import Foundation
internal import Search

/// Queries that have judgements, in the order of their file.
struct JudgedQueries {
    struct Query: Decodable {
        let id: String
        let text: String

        private enum CodingKeys: String, CodingKey {
            case id = "_id"
            case text
        }
    }

    let queries: [Query]
    /// Of these queries.
    let judgements: Judgements

    init(queries: [Query], judgements: Judgements) {
        let judged = queries.filter { judgements[$0.id] != nil }
        let ids = Set(judged.map(\.id))
        self.queries = judged
        self.judgements = judgements.filter { ids.contains($0.key) }
    }

    /// - Throws: ``OperationError`` `.configuration` for files that cannot be read as what they should
    ///   be, or that have no query in common.
    init(queriesPath: String, judgementsPath: String) throws {
        self.init(
            queries: try readQueries(queriesPath),
            judgements: try readJudgements(judgementsPath)
        )
        guard !self.queries.isEmpty else {
            throw OperationError(
                .configuration,
                "no query of \(queriesPath) has a judgement in \(judgementsPath)"
            )
        }
    }

    /// The names by which the documents are judged, where they are.
    func names(of uris: [String], for query: String) -> [String] {
        let grades = self.judgements[query] ?? [:]
        return uris.map { judgedName(of: $0, in: grades) }
    }

    /// nDCG@10 of each query that has a relevant document, in the order of ``queries``.
    func ndcg10(_ rankings: [String: [String]]) -> [Double] {
        self.queries.compactMap { query in
            let metrics = RankingMetrics(
                rankings: rankings,
                judgements: [query.id: self.judgements[query.id] ?? [:]],
                k: 10
            )
            return metrics.queryCount > 0 ? metrics.ndcg : nil
        }
    }
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

private func readQueries(_ path: String) throws -> [JudgedQueries.Query] {
    try readLines(path).map { number, line in
        do {
            return try JSONDecoder().decode(JudgedQueries.Query.self, from: Data(line.utf8))
        } catch {
            throw OperationError(
                .configuration,
                "\(path):\(number): not a JSON object with \"_id\" and \"text\""
            )
        }
    }
}

/// Grades above 0 by document, by query: BEIR's three columns with a header, or TREC's four.
///
/// A line with a tab has columns between tabs, so that names may hold spaces.
private func readJudgements(_ path: String) throws -> Judgements {
    var judgements: Judgements = [:]
    for (number, line) in try readLines(path) {
        let separator: Character = line.contains("\t") ? "\t" : " "
        let columns = line.split { $0 == separator }.map(String.init)
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
