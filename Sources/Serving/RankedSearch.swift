internal import Logging
internal import MillraceSearch
internal import Operations

/// An answer, and whether its hits were ranked anew.
struct RankedAnswer {
    var answer: SearchAnswer
    /// How many hits were read for it; nil where the pipeline names no ranker, or the caller wants none.
    var candidateCount: Int?
    /// Whether the hits have their places by the index, since nobody ranked them in time.
    var isUnranked = false
}

/// Searches, with the hits ranked anew where the pipeline says by whom.
struct RankedSearch: Sendable {
    let index: SearchIndex
    let reranking: SharedReranking?
    let limits: RequestLimits
    var log: Logger?

    /// - Parameter isRanked: Whether the caller wants the second ranking.
    func answer(_ asked: MillraceSearch.SearchRequest, isRanked: Bool) async throws -> RankedAnswer
    {
        var request = asked
        let reranking = isRanked ? self.reranking : nil
        if let reranking { request.count = reranking.candidateCount(for: asked.count) }
        let found = try await self.index.search(request, patience: .seconds(self.limits.seconds))
        var ranked = RankedAnswer(answer: found)
        guard let reranking, !found.hits.isEmpty else { return ranked }
        ranked.candidateCount = found.hits.count
        switch await reranking.scores(query: asked.query, texts: found.hits.map(\.text)) {
        case .success(let scores):
            let order = scores.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }
            ranked.answer.hits = order.map { place in
                var hit = found.hits[place]
                hit.score = scores[place]
                return hit
            }
        case .failure(let failure):
            ranked.isUnranked = true
            self.log?.warning(
                "hits were not ranked anew",
                metadata: ["by": "\(reranking.name)", "reason": "\(failure.message)"]
            )
        }
        ranked.answer.hits.removeLast(max(0, ranked.answer.hits.count - asked.count))
        return ranked
    }
}
