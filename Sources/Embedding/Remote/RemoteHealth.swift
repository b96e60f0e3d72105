internal import Objects
internal import Synchronization

/// What all requests to one server know of it together: when it last answered well, whether it asked
/// for a pause, how many requests may be under way.
///
/// Requests wait here before they are sent, so a server that throttles one of them is left alone by all.
final class RemoteHealth: Sendable {
    private struct State {
        var lastSuccess: ContinuousClock.Instant?
        var pausedUntil: ContinuousClock.Instant?
        var underWay = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
        /// When the next request may begin, by the limits of requests and tokens a minute.
        var nextRequest: ContinuousClock.Instant?
        var nextTokens: ContinuousClock.Instant?
        /// Highest tokens a byte that answers told.
        var tokensPerByte: Double?
        var draws: UInt64 = 0
    }

    private let state = Mutex(State())
    private let limits: RemoteLimits
    private let clock = WaitedClock()

    init(_ limits: RemoteLimits) { self.limits = limits }

    // MARK: Turns

    /// Waits for a free place, the end of a pause, and the limits a minute; ``leave()`` gives the place back.
    func enter(tokens: Int) async {
        await withCheckedContinuation { continuation in
            let isFree = self.state.withLock { state in
                guard state.underWay >= self.limits.concurrency else {
                    state.underWay += 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
        while let delay = self.delay(tokens: tokens) {
            // A cancelled wait ends at once; the request after it fails, cancelled too.
            do { try await self.clock.sleep(for: delay) } catch { return }
        }
    }

    func leave() {
        let next = self.state.withLock { state -> CheckedContinuation<Void, Never>? in
            if state.waiting.isEmpty {
                state.underWay -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }

    /// Nil when the request may be sent now; its share of the minute is taken then.
    private func delay(tokens: Int) -> Duration? {
        let now = self.clock.now
        return self.state.withLock { state in
            let until = [state.pausedUntil, state.nextRequest, state.nextTokens]
                .compactMap { $0 }.max()
            if let until, until > now { return until - now }
            if let requests = self.limits.requestsPerMinute {
                state.nextRequest = now + .seconds(60) / requests
            }
            if let perMinute = self.limits.tokensPerMinute {
                state.nextTokens = now + .seconds(60) * (Double(tokens) / Double(perMinute))
            }
            return nil
        }
    }

    /// Leaves the server alone for so long, whoever wanted to send.
    func pause(for duration: Duration) {
        let until = self.clock.now + duration
        self.state.withLock { $0.pausedUntil = max($0.pausedUntil ?? until, until) }
    }

    // MARK: Answers

    func succeeded(bytes: Int, tokens: Int?) {
        let now = self.clock.now
        self.state.withLock { state in
            state.lastSuccess = now
            guard let tokens, bytes > 0 else { return }
            state.tokensPerByte = max(state.tokensPerByte ?? 0, Double(tokens) / Double(bytes))
        }
    }

    /// Whether the server gave a whole answer after `instant`; at any time without one.
    func hasAnswered(since instant: ContinuousClock.Instant? = nil) -> Bool {
        guard let last = self.state.withLock({ $0.lastSuccess }) else { return false }
        return instant.map { last > $0 } ?? true
    }

    /// About how many tokens the server counts for so many bytes: by what it said so far, before that
    /// somewhat above what English takes.
    func estimate(bytes: Int, texts: Int) -> Int {
        let known = self.state.withLock { $0.tokensPerByte }
        return Int((Double(bytes) * (known.map { $0 * 1.02 } ?? 0.35)).rounded(.up)) + 2 * texts
    }

    /// In `0 ..< 1`, spread so that requests that failed together do not come back together.
    ///
    /// Source: multiples of the golden ratio are evenly spread (Knuth, TAOCP 3, 6.4).
    func jitter() -> Double {
        let draw = self.state.withLock { state in
            state.draws &+= 0x9E37_79B9_7F4A_7C15
            return state.draws
        }
        return Double(draw >> 11) / Double(1 << 53 as UInt64)
    }
}

/// How much is asked of a server at once; nothing here changes a vector.
package struct RemoteLimits: Hashable, Sendable {
    /// Texts of one request.
    package var batchItems = 64
    /// Tokens of one request, as they are estimated.
    package var batchTokens = 16_384
    /// Requests under way at the same time.
    package var concurrency = 8
    package var requestsPerMinute: Int?
    package var tokensPerMinute: Int?
    /// How long the server may fail every request before it counts as out of order; one that throttles
    /// gets ten times as long.
    package var patience: Duration = .seconds(45)

    package init() {}
}
