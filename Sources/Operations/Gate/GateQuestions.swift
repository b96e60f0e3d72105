internal import Search
internal import Segments

/// What a snapshot answers to the queries of a gate.
struct GateRankings: Sendable {
    /// URIs of documents by query, best first.
    let uris: [String: [String]]
    /// Of the first queries, where the index has vectors.
    let vectors: [[Float]]

    private static let firstCount = 10

    func scores(_ judgements: Judgements, _ aliases: GateJudgements.Aliases) -> QueryScores {
        var rankings: [String: [String]] = [:]
        for (query, grades) in judgements {
            var names: Set<String> = []
            // Two documents may go by one name; the better one stands for both.
            rankings[query] = (self.uris[query] ?? [])
                .map { GateJudgements.name(of: $0, in: grades, aliases) }
                .filter { names.insert($0).inserted }
        }
        return QueryScores(rankings: rankings, judgements: judgements)
    }

    /// The share of the first documents that are not among the first of `other`, mean over the queries.
    ///
    /// - Parameter oldURIs: What documents were called that are the same under another name.
    func churn(since other: GateRankings, oldURIs: [String: String]) -> Double {
        mean(
            self.uris.keys.sorted().map { query in
                let first = (self.uris[query] ?? []).prefix(Self.firstCount)
                let own = Set(first.map { oldURIs[$0] ?? $0 })
                let old = Set((other.uris[query] ?? []).prefix(Self.firstCount))
                let union = own.union(old).count
                return union == 0 ? 0 : 1 - Double(own.intersection(old).count) / Double(union)
            }
        )
    }
}

extension GateRankings {
    /// How far the same queries are apart: 1 less the cosine of their vectors, mean; nil without vectors.
    func drift(from other: GateRankings) -> Double? {
        let pairs = zip(self.vectors, other.vectors)
        let distances = pairs.map { 1 - cosine($0, $1) }
        return distances.isEmpty ? nil : mean(distances)
    }
}

/// Asks a snapshot's first index what people would: each query in the mode that a search has without being told.
struct GateQuestions: Sendable {
    private static let rankedCount = 20
    /// Choice: enough to know the mean.
    private static let vectorCount = 50

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
            modelsRoot: self.modelsRoot,
            fusion: self.inputs.fusion
        )
        var uris: [String: [String]] = [:]
        for query in self.inputs.queries {
            uris[query.id] = try session.rankedURIs(
                query.text,
                mode: .fused,
                count: Self.rankedCount
            )
        }
        let hasVectors = session.index.dimensions > 0
        return GateRankings(
            uris: uris,
            vectors: try hasVectors
                ? self.inputs.queries.prefix(Self.vectorCount).map {
                    try session.vector(of: $0.text)
                } : []
        )
    }
}
