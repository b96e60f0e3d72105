internal import Synchronization

/// Whether a server that failed again and again is asked at the moment.
///
/// A value without a clock: after ``threshold`` failures in a row nobody asks for a while; then one
/// request finds out, and the pause doubles as long as it fails. A server that has not answered for
/// ``patience`` is not waited for any more: what is left fails at once, and only a probe a pause goes out.
/// Source: M. Nygard, "Release It!", circuit breaker; the pause grows as in the retry policy.
package struct CircuitState: Hashable, Sendable {
    package enum Admission: Hashable, Sendable {
        case go
        /// Ask again then.
        case wait(until: Duration)
        case refused
    }

    package var threshold = 8
    package var firstPause: Duration = .seconds(1)
    package var longestPause: Duration = .seconds(30)
    package var patience: Duration = .seconds(180)

    private var failuresInRow = 0
    /// Since when nothing succeeded.
    private var failingSince: Duration?
    private var opensAt: Duration?
    private var pause: Duration = .zero
    private var probeUntil: Duration?

    package init() {}

    /// - Parameter now: since any one moment; the same for all calls.
    package mutating func admit(now: Duration) -> Admission {
        guard let opensAt = self.opensAt else { return .go }
        let isHopeless = self.failingSince.map { now - $0 >= self.patience } ?? false
        if now < opensAt { return isHopeless ? .refused : .wait(until: opensAt) }
        // A probe that nobody hears of again does not close the way for ever.
        if let probe = self.probeUntil, now < probe {
            return isHopeless ? .refused : .wait(until: min(probe, now + self.firstPause))
        }
        self.probeUntil = now + .seconds(60)
        return .go
    }

    package mutating func succeeded() {
        self.failuresInRow = 0
        self.failingSince = nil
        self.opensAt = nil
        self.pause = .zero
        self.probeUntil = nil
    }

    /// A connection, a time-out or a fault of the server; a refusal that it states is an answer.
    package mutating func failed(now: Duration) {
        self.failuresInRow += 1
        self.failingSince = self.failingSince ?? now
        self.probeUntil = nil
        guard self.failuresInRow >= self.threshold else { return }
        self.pause = self.pause == .zero ? self.firstPause : min(self.longestPause, self.pause * 2)
        self.opensAt = now + self.pause
    }
}

/// The circuits of the servers that a run asks, by host; shared by all its workers.
package final class CircuitBreaker: Sendable {
    private let circuits = Mutex<[String: CircuitState]>([:])
    private let clock = WaitedClock()
    private let start: ContinuousClock.Instant
    private let initial: CircuitState

    package init(_ initial: CircuitState = CircuitState()) {
        self.initial = initial
        self.start = ContinuousClock().now
    }

    /// Waits until the server may be asked.
    ///
    /// - Throws: `.transient` with the code `circuit_open` for a server that is not waited for any more.
    package func admit(_ host: String) async throws(RemoteFailure) {
        while true {
            let now = self.clock.now - self.start
            switch self.circuits.withLock({ $0[host, default: self.initial].admit(now: now) }) {
            case .go: return
            case .wait(let until):
                do { try await self.clock.sleep(for: until - now) } catch {
                    throw RemoteFailure(
                        .transient,
                        "the wait for \(host) was cancelled",
                        code: RemoteFailure.cancelled
                    )
                }
            case .refused:
                throw RemoteFailure(
                    .transient,
                    "\(host) has not answered for minutes and is not asked any more in this run",
                    code: RemoteFailure.circuitOpen
                )
            }
        }
    }

    package func record(_ failure: RemoteFailure?, of host: String) {
        let now = self.clock.now - self.start
        self.circuits.withLock { circuits in
            // Then it was not asked, or its answer not waited for.
            if failure?.code == RemoteFailure.circuitOpen
                || failure?.code == RemoteFailure.cancelled
            {
                return
            }
            if failure?.kind == .transient || failure?.kind == .outcomeUnknown {
                circuits[host, default: self.initial].failed(now: now)
            } else {
                circuits[host, default: self.initial].succeeded()
            }
        }
    }
}
