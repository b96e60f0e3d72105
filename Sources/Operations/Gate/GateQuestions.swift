internal import Dispatch
internal import Search
internal import Segments
internal import Synchronization

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

/// Asks the first indexes of snapshots what people would: each query in the mode that a search has without being
/// told.
struct GateQuestions: Sendable {
    /// A snapshot's index with the vectors of all queries; none where it has no vectors.
    struct Opened: Sendable {
        let index: IndexSnapshot
        let searcher: Searcher
        let vectors: [[Float]]
    }

    private static let rankedCount = 20
    /// Choice: enough to know the mean.
    private static let vectorCount = 50

    let workspace: String
    let inputs: GateInputs
    let models: ModelSet?
    let modelsRoot: String?

    /// - Parameter other: Whose vectors are taken where it embeds alike: every query is embedded once.
    /// - Throws: ``OperationError`` and what reading segments throws.
    func open(_ snapshot: Snapshot, after other: Opened? = nil) throws -> Opened {
        let session = try SearchSession(
            of: snapshot,
            workspace: self.workspace,
            models: self.models,
            modelsRoot: self.modelsRoot,
            fusion: self.inputs.fusion
        )
        let index = session.index
        let shared = other.flatMap { $0.index.embeds(as: index) ? $0.vectors : nil }
        return Opened(
            index: index,
            searcher: session.searcher,
            vectors: index.dimensions == 0
                ? [] : try shared ?? session.vectors(of: self.inputs.queries.map(\.text))
        )
    }

    /// What each of them answers; all queries of all are spread over the processors.
    func ask(_ opened: [Opened]) -> [Result<GateRankings, any Error>] {
        let queries = self.inputs.queries
        let answers = Mutex([[String]?](repeating: nil, count: opened.count * queries.count))
        let failures = Mutex([Int: any Error]())
        DispatchQueue.concurrentPerform(iterations: opened.count * queries.count) { number in
            let (place, query) = number.quotientAndRemainder(dividingBy: queries.count)
            do {
                let uris = try opened[place].searcher.rankedURIs(self.query(query, opened[place]))
                answers.withLock { $0[number] = uris }
            } catch {
                failures.withLock { $0[place] = error }
            }
        }
        let found = answers.withLock { $0 }
        let failed = failures.withLock { $0 }
        return opened.indices.map { place in
            if let error = failed[place] { return .failure(error) }
            var uris: [String: [String]] = [:]
            for (offset, query) in queries.enumerated() {
                uris[query.id] = found[place * queries.count + offset] ?? []
            }
            let vectors = opened[place].vectors.prefix(Self.vectorCount)
            return .success(GateRankings(uris: uris, vectors: Array(vectors)))
        }
    }

    private func query(_ number: Int, _ opened: Opened) -> SearchQuery {
        var query = SearchQuery(
            text: self.inputs.queries[number].text,
            vector: opened.vectors.isEmpty ? nil : opened.vectors[number],
            mode: opened.vectors.isEmpty ? .bm25 : .fused,
            k: Self.rankedCount,
            onePerDocument: true
        )
        query.isPlain = true
        return query
    }
}
