internal import Dispatch
internal import Embedding
internal import Objects
internal import Records
internal import Synchronization

/// One request's worth of chunks that have no vector yet.
struct RemoteBatch: Sendable {
    struct Text: Sendable {
        let hash: Digest
        /// The shard that is to keep the vector.
        let shard: Int
        let bytes: [UInt8]
        let tokens: Int
    }

    var texts: [Text] = []
    var tokens = 0

    mutating func append(_ text: Text) {
        self.texts.append(text)
        self.tokens += text.tokens
    }

    /// Both halves of a batch of several texts.
    var halves: [RemoteBatch] {
        let half = self.texts.count / 2
        return [self.texts[..<half], self.texts[half...]].map { part in
            part.reduce(into: RemoteBatch()) { $0.append($1) }
        }
    }
}

/// Requests under way, from one thread that fills and empties the line.
final class RequestLine: Sendable {
    typealias Result = Swift.Result<[RemoteOutcome], EmbeddingError>

    private struct State {
        var ended: [(batch: RemoteBatch, result: Result)] = []
        var tasks: [Int: Task<Void, Never>] = [:]
        var next = 0
    }

    private let model: RemoteModel
    private let state = Mutex(State())
    private let signal = DispatchSemaphore(value: 0)

    init(_ model: RemoteModel) { self.model = model }

    /// Requests that were sent and not taken back yet.
    var count: Int { self.state.withLock { $0.tasks.count + $0.ended.count } }

    func send(_ batch: RemoteBatch) {
        self.state.withLock { state in
            let number = state.next
            state.next += 1
            state.tasks[number] = Task.detached(executorPreference: WaitedTasks.threads) {
                let result: Result
                do throws(EmbeddingError) {
                    result = .success(try await self.model.embedPassages(batch.texts.map(\.bytes)))
                } catch {
                    result = .failure(error)
                }
                self.state.withLock { state in
                    state.tasks[number] = nil
                    state.ended.append((batch, result))
                }
                self.signal.signal()
            }
        }
    }

    /// The next request that ended; nil when none did in time.
    func receive(waiting milliseconds: Int) -> (batch: RemoteBatch, result: Result)? {
        guard self.signal.wait(timeout: .now() + .milliseconds(milliseconds)) == .success else {
            return nil
        }
        return self.state.withLock { $0.ended.isEmpty ? nil : $0.ended.removeFirst() }
    }

    /// Asks what is under way to end; it still has to be received.
    func cancel() {
        for task in self.state.withLock({ Array($0.tasks.values) }) { task.cancel() }
    }
}
