internal import Dataflow
internal import Search
internal import Segments
internal import Storage

/// The limits of a gate with the queries that it asks, read.
struct GateInputs: Sendable {
    let settings: GateSettings
    /// Those with a judgement.
    let queries: [EvaluationQuery]
    let judgements: Judgements
    /// The weights that searches of the pipeline use; nil for those of the model.
    let fusion: FusionLock?

    /// - Parameter pipeline: path of the pipeline file, beside which tuned weights may lie.
    /// - Throws: ``OperationError`` `.configuration` for files that cannot be read as what they should be.
    init(_ settings: GateSettings, pipeline: String) throws {
        self.settings = settings
        self.fusion = try FusionLock.read(besides: pipeline)
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
