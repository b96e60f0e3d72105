internal import Dataflow
internal import Search
internal import Storage

/// The limits of a gate with the queries that it asks, read.
struct GateInputs: Sendable {
    let settings: GateSettings
    /// Those with a judgement.
    let queries: [EvaluationQuery]
    let judgements: Judgements

    /// - Throws: ``OperationError`` `.configuration` for files that cannot be read as what they should be.
    init(_ settings: GateSettings) throws {
        self.settings = settings
        let judgements = try readJudgements(settings.judgements)
        let judged = try readQueries(settings.queries).filter { judgements[$0.id] != nil }
        guard !judged.isEmpty else {
            throw OperationError(
                .configuration,
                "gate: no query of \(settings.queries) has a judgement in \(settings.judgements)"
            )
        }
        let ids = Set(judged.map(\.id))
        guard ids.count == judged.count else {
            throw OperationError(
                .configuration,
                "\(settings.queries): a query's \"_id\" is there twice"
            )
        }
        self.queries = judged
        self.judgements = judgements.filter { ids.contains($0.key) }
    }
}
