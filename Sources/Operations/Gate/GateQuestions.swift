internal import Search
internal import Segments

/// What a snapshot answers to the queries of a gate.
struct GateRankings: Sendable {
    let scores: QueryScores
    /// The URIs of the first documents, best first, by query.
    let first: [String: [String]]

    /// The share of the first documents that are not among the first of `other`, mean over the queries.
    func churn(since other: GateRankings) -> Double {
        mean(
            self.first.keys.sorted().map { query in
                let own = Set(self.first[query] ?? [])
                let old = Set(other.first[query] ?? [])
                let union = own.union(old).count
                return union == 0 ? 0 : 1 - Double(own.intersection(old).count) / Double(union)
            }
        )
    }
}

/// Asks a snapshot's first index what people would: each query in the mode that a search has without being told.
struct GateQuestions: Sendable {
    private static let rankedCount = 20
    private static let firstCount = 10

    let workspace: String
    let inputs: GateInputs
    let models: ModelSet?
    let modelsRoot: String?

    /// - Throws: ``OperationError`` and what reading segments throws.
    func ask(_ snapshot: Snapshot) throws -> GateRankings {
        let session = try SearchSession(
            of: snapshot,
            workspace: self.workspace,
            models: self.models,
            modelsRoot: self.modelsRoot
        )
        var rankings: [String: [String]] = [:]
        var first: [String: [String]] = [:]
        for query in self.inputs.queries {
            let uris = try session.rankedURIs(query.text, mode: .fused, count: Self.rankedCount)
            let grades = self.inputs.judgements[query.id] ?? [:]
            var names: Set<String> = []
            // Two documents may go by one name; the better one stands for both.
            rankings[query.id] = uris.map { judgedName(of: $0, in: grades) }
                .filter { names.insert($0).inserted }
            first[query.id] = Array(uris.prefix(Self.firstCount))
        }
        return GateRankings(
            scores: QueryScores(rankings: rankings, judgements: self.inputs.judgements),
            first: first
        )
    }
}
