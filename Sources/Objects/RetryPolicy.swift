internal import Synchronization

/// When a failed request is sent again, and when no more.
///
/// A value without a clock: the caller says how long it has tried and gives the jitter, so a test can
/// run an hour in no time. Source: "full jitter" and the client's retry budget as AWS and the Smithy
/// SDKs describe them.
package struct RetryPolicy: Hashable, Sendable {
    package enum Decision: Hashable, Sendable {
        case again(after: Duration)
        case giveUp
    }

    /// Tries in all, the first included.
    package var maximumAttempts = 8
    /// Tries in all while a server answers that it is asked too often: it works, and its limit is met by
    /// waiting.
    ///
    /// Of requests of which half are throttled by chance, one in 256 fails eight times.
    package var maximumThrottledAttempts = 40
    /// No try begins later than this after the first.
    package var maximumElapsed: Duration = .seconds(180)
    package var firstDelay: Duration = .milliseconds(100)
    package var longestDelay: Duration = .seconds(20)
    /// What a `Retry-After` may ask for; a longer one ends the tries.
    package var longestRetryAfter: Duration = .seconds(120)

    package init() {}

    /// - Parameters:
    ///   - attempt: tries made so far, at least 1.
    ///   - jitter: in `0 ..< 1`.
    package func decide(
        _ failure: RemoteFailure,
        attempt: Int,
        elapsed: Duration,
        jitter: Double
    ) -> Decision {
        var attempts = self.maximumAttempts
        if case .throttled = failure.kind {
            attempts = max(attempts, self.maximumThrottledAttempts)
        }
        guard failure.isRetryable, attempt < attempts else { return .giveUp }
        var delay = min(self.longestDelay, self.firstDelay * (1 << min(attempt - 1, 20)))
        delay = delay * (0.5 + jitter / 2)
        if case .throttled(let asked?) = failure.kind {
            guard asked <= self.longestRetryAfter else { return .giveUp }
            delay = max(delay, asked + self.firstDelay * jitter)
        }
        return elapsed + delay <= self.maximumElapsed ? .again(after: delay) : .giveUp
    }
}

/// The retries that all requests to one server share: a sick server gets fewer requests, not more.
package final class RetryBudget: Sendable {
    private let tokens: Mutex<Int>
    private let capacity: Int
    private static let priceOfRetry = 5
    private static let priceOfTransient = 10

    package init(capacity: Int = 500) {
        self.capacity = capacity
        self.tokens = Mutex(capacity)
    }

    /// Whether a retry may be sent; takes its price.
    ///
    /// A server that names its limit is not sick: a
    /// throttled request pays nothing.
    package func take(for failure: RemoteFailure) -> Bool {
        let price = failure.kind == .transient ? Self.priceOfTransient : 0
        return self.tokens.withLock { tokens in
            guard tokens >= price else { return false }
            tokens -= price
            return true
        }
    }

    package func succeeded() {
        self.tokens.withLock { $0 = min(self.capacity, $0 + Self.priceOfRetry) }
    }
}

/// Does `work` until it succeeds or the policy gives up.
///
/// - Parameters:
///   - circuit: asked before each try about `host`, and told what came of it.
///   - onRetry: called before each wait.
/// - Throws: the last failure; a cancelled wait is one with the code ``RemoteFailure/cancelled``.
package func retrying<Value: Sendable>(
    _ policy: RetryPolicy = RetryPolicy(),
    budget: RetryBudget? = nil,
    circuit: CircuitBreaker? = nil,
    host: String = "",
    onRetry: (@Sendable (RemoteFailure, Duration) -> Void)? = nil,
    _ work: @Sendable () async throws(RemoteFailure) -> Value
) async throws(RemoteFailure) -> Value {
    let clock = WaitedClock()
    let start = clock.now
    var attempt = 0
    while true {
        attempt += 1
        try await circuit?.admit(host)
        do throws(RemoteFailure) {
            let value = try await work()
            budget?.succeeded()
            circuit?.record(nil, of: host)
            return value
        } catch {
            circuit?.record(error, of: host)
            let decision = policy.decide(
                error,
                attempt: attempt,
                elapsed: clock.now - start,
                jitter: RetryJitter.next()
            )
            guard case .again(let delay) = decision, budget?.take(for: error) ?? true else {
                throw error
            }
            onRetry?(error, delay)
            do { try await clock.sleep(for: delay) } catch {
                throw RemoteFailure(
                    .transient,
                    "the wait was cancelled",
                    code: RemoteFailure.cancelled
                )
            }
        }
    }
}
