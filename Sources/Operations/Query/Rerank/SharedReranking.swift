internal import Dataflow
internal import Dispatch
internal import Objects
internal import Synchronization
internal import Telemetry

/// The second ranking of a pipeline's searches for callers that ask at the same time, as those of a server do.
///
/// Each of a few rankers is asked by one caller at a time, on a thread of its own. A query has the pipeline's
/// seconds for its turn and its answer together.
package final class SharedReranking: Sendable {
    // @unchecked: the ranker is asked on the slot's queue alone.
    private final class Slot: @unchecked Sendable {
        let queue = DispatchQueue(label: "millrace.rerank")
        let reranker: any Reranker
        let waiting = Atomic<Int>(0)

        init(_ reranker: any Reranker) { self.reranker = reranker }
    }

    /// Choice: programs hold a model each; a server that ranks has a queue of its own.
    private static let slotCount = 2

    /// The program, or the endpoint without what may be secret.
    package let name: String
    private let slots: [Slot]
    private let settings: RerankSettings

    /// Nil where the pipeline file names none.
    ///
    /// - Throws: ``OperationError`` `.configuration`.
    package init?(pipeline: String) throws {
        let plan = try loadPipeline(path: pipeline)
        guard let settings = plan.rerank else { return nil }
        self.settings = settings
        self.slots = try (0..<Self.slotCount).map { _ in
            Slot(try makeReranker(settings, directory: plan.directory))
        }
        switch settings.ranker {
        case .command(let command): self.name = command[0]
        case .endpoint(let url, _): self.name = placeInErrors(of: url)
        }
    }

    /// All that are shown are ranked, so that their scores compare.
    package func candidateCount(for count: Int) -> Int { max(count, self.settings.candidateCount) }

    /// A score for each text, in their order; or why there is none within the time, without a text.
    package func scores(query: String, texts: [String]) async -> Result<[Double], RerankFailure> {
        guard
            let slot = self.slots.min(by: {
                $0.waiting.load(ordering: .relaxed) < $1.waiting.load(ordering: .relaxed)
            })
        else {
            return .failure(RerankFailure(message: "there is no ranker"))
        }
        let seconds = self.settings.seconds
        let asked = monotonicNanoseconds()
        slot.waiting.add(1, ordering: .relaxed)
        return await withCheckedContinuation { continuation in
            slot.queue.async {
                defer { slot.waiting.subtract(1, ordering: .relaxed) }
                let spent = Double(monotonicNanoseconds() - asked) / 1e9
                guard spent < seconds else {
                    let failure = RerankFailure(
                        message: "its turn did not come within \(seconds) s"
                    )
                    return continuation.resume(returning: .failure(failure))
                }
                do throws(RerankFailure) {
                    let scores = try slot.reranker.scores(
                        query: query,
                        texts: texts,
                        within: seconds - spent
                    )
                    continuation.resume(returning: .success(scores))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
    }
}
