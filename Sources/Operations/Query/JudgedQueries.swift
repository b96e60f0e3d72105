internal import Search
internal import Segments

/// Queries that have judgements, in the order of their file.
struct JudgedQueries {
    let queries: [EvaluationQuery]
    /// Of these queries.
    let judgements: Judgements

    init(queries: [EvaluationQuery], judgements: Judgements) {
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

    /// Of the request's files, or titles and headings of the index itself.
    init(_ request: EvaluationRequest, _ session: SearchSession) throws {
        guard let count = request.syntheticCount else {
            try self.init(
                queriesPath: request.queriesPath,
                judgementsPath: request.judgementsPath
            )
            return
        }
        let questions = try session.searcher.questions(count)
        guard !questions.isEmpty else {
            throw OperationError(
                .configuration,
                "index '\(session.index.name)' has no title or heading of two to twelve words to ask for"
            )
        }
        let named = questions.enumerated().map { ("\($1.kind.rawValue)-\($0 + 1)", $1) }
        self.init(
            queries: named.map { EvaluationQuery(id: $0, text: $1.text) },
            judgements: Dictionary(
                uniqueKeysWithValues: named.map { id, question in
                    (id, Dictionary(uniqueKeysWithValues: question.uris.map { ($0, 1) }))
                }
            )
        )
    }

    /// The names by which the documents are judged, where they are.
    ///
    /// Two documents may go by one name; the better one stands for both.
    func names(of uris: [String], for query: String) -> [String] {
        let grades = self.judgements[query] ?? [:]
        var names: Set<String> = []
        return uris.map { judgedName(of: $0, in: grades) }.filter { names.insert($0).inserted }
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
