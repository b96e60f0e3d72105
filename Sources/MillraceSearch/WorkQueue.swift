internal import Dispatch
internal import Synchronization

/// Does blocking work on a few threads of its own, in the order it came.
///
/// A search computes for milliseconds and waits for the disk: on the pool of the host program's tasks it
/// would stop them.
final class WorkQueue: Sendable {
    private struct Job {
        let expires: ContinuousClock.Instant?
        let body: @Sendable (_ isLate: Bool) -> Void
    }

    private struct State {
        var running = 0
        var waiting: [Job] = []
        var first = 0
    }

    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "millrace.search", attributes: .concurrent)
    private let width: Int
    private let waitingMax: Int
    private let clock = ContinuousClock()

    /// - Parameters:
    ///   - width: How many pieces of work at once.
    ///   - waitingMax: How many may wait for their turn.
    init(width: Int, waitingMax: Int) {
        self.width = width
        self.waitingMax = waitingMax
    }

    /// - Parameter patience: How long the work may wait for its turn.
    /// - Throws: ``SearchFailure`` `.busy` where it would wait too long or too many wait; else as `work`.
    func run<Value: Sendable>(
        patience: Duration? = nil,
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let job = Job(expires: patience.map { self.clock.now.advanced(by: $0) }) { isLate in
                if isLate {
                    continuation.resume(throwing: SearchFailure.busy)
                } else {
                    continuation.resume(with: Result { try work() })
                }
            }
            switch self.admit(job) {
            case .waits: break
            case .starts: self.queue.async { self.perform() }
            case .refused: continuation.resume(throwing: SearchFailure.busy)
            }
        }
    }

    private enum Admission { case waits, starts, refused }

    private func admit(_ job: Job) -> Admission {
        self.state.withLock { state in
            guard state.waiting.count - state.first < self.waitingMax else { return .refused }
            state.waiting.append(job)
            guard state.running < self.width else { return .waits }
            state.running += 1
            return .starts
        }
    }

    /// Takes jobs until none waits.
    private func perform() {
        while let job = self.next() {
            job.body(job.expires.map { $0 < self.clock.now } ?? false)
        }
    }

    private func next() -> Job? {
        self.state.withLock { state in
            guard state.first < state.waiting.count else {
                state.waiting.removeAll(keepingCapacity: true)
                state.first = 0
                state.running -= 1
                return nil
            }
            let job = state.waiting[state.first]
            state.first += 1
            if state.first >= 256, state.first * 2 >= state.waiting.count {
                state.waiting.removeSubrange(..<state.first)
                state.first = 0
            }
            return job
        }
    }
}

extension SearchFailure {
    static let busy = SearchFailure(
        .busy,
        "too many questions wait for their turn; ask again later"
    )
}
