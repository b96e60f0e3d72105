internal import Dataflow
internal import Objects

/// The second ranking of a pipeline's searches: who does it, and over how many hits.
final class Reranking {
    private let reranker: any Reranker
    private let settings: RerankSettings
    private let name: String

    /// Nil where the pipeline file names none.
    init?(pipeline: String) throws {
        let plan = try loadPipeline(path: pipeline)
        guard let settings = plan.rerank else { return nil }
        self.settings = settings
        self.reranker = try makeReranker(settings, directory: plan.directory)
        switch settings.ranker {
        case .command(let command): self.name = command[0]
        case .endpoint(let url, _): self.name = placeInErrors(of: url)
        }
    }

    /// All that are shown are ranked, so that their scores compare.
    func candidateCount(for count: Int) -> Int { max(count, self.settings.candidateCount) }

    /// Sorts `hits` by their new scores; equal ones keep their order, and all of them where there are none.
    func rank(_ hits: inout [FoundChunk], query: String) -> RerankReport {
        var report = RerankReport(by: self.name, candidates: hits.count)
        guard !hits.isEmpty else { return report }
        do throws(RerankFailure) {
            let scores = try self.reranker.scores(
                query: query,
                texts: hits.map(\.text),
                within: self.settings.seconds
            )
            for (index, score) in scores.enumerated() { hits[index].score = score }
            let order = hits.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }
            hits = order.map { hits[$0] }
        } catch {
            report.failure = error.message
        }
        return report
    }
}
