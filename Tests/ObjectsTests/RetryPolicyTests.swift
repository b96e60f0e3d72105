import Synchronization
import Testing

@testable import Objects

@Suite struct RetryPolicyTests {
    private let transient = RemoteFailure(.transient, "")

    /// What one request costs whose every try fails: tries, and how long it waits.
    private func simulate(_ failure: RemoteFailure, jitter: Double) -> (
        tries: Int, elapsed: Duration
    ) {
        let policy = RetryPolicy()
        var elapsed = Duration.zero
        var tries = 1
        while case .again(let delay) = policy.decide(
            failure,
            attempt: tries,
            elapsed: elapsed,
            jitter: jitter
        ) {
            elapsed += delay
            tries += 1
        }
        return (tries, elapsed)
    }

    @Test(arguments: [0, 0.5, 0.999])
    func aServerThatIsDownIsAskedAFewTimes(jitter: Double) {
        let (tries, elapsed) = self.simulate(self.transient, jitter: jitter)
        #expect(tries == 8)
        #expect(elapsed < .seconds(30))
    }

    /// By time, not by count: the server works.
    @Test(arguments: [0, 0.5, 0.999])
    func aServerThatThrottlesIsWaitedFor(jitter: Double) {
        let (tries, elapsed) = self.simulate(
            RemoteFailure(.throttled(retryAfter: nil), ""),
            jitter: jitter
        )
        #expect(tries > 12)
        #expect(tries <= 40)
        #expect(elapsed <= .seconds(180))
        let (others, asked) = self.simulate(
            RemoteFailure(.throttled(retryAfter: .seconds(10)), ""),
            jitter: jitter
        )
        #expect(others > 9)
        #expect(asked <= .seconds(180))
    }

    @Test func retryAfterIsHonouredUpToALimit() {
        let policy = RetryPolicy()
        let short = RemoteFailure(.throttled(retryAfter: .seconds(7)), "")
        #expect(
            policy.decide(short, attempt: 1, elapsed: .zero, jitter: 0)
                == .again(after: .seconds(7))
        )
        let day = RemoteFailure(.throttled(retryAfter: .seconds(86_400)), "")
        #expect(policy.decide(day, attempt: 1, elapsed: .zero, jitter: 0) == .giveUp)
    }

    @Test(arguments: [
        RemoteFailure.Kind.gone, .forbidden, .tooLarge, .preconditionFailed, .outcomeUnknown,
        .permanent,
    ])
    func whatAskingAgainCannotHelp(kind: RemoteFailure.Kind) {
        let failure = RemoteFailure(kind, "")
        #expect(RetryPolicy().decide(failure, attempt: 1, elapsed: .zero, jitter: 0) == .giveUp)
    }

    @Test func aSickServerGetsFewerRequests() {
        let budget = RetryBudget(capacity: 100)
        let granted = (0..<1000).filter { _ in budget.take(for: self.transient) }.count
        #expect(granted == 10)
        for _ in 0..<4 { budget.succeeded() }
        #expect((0..<1000).filter { _ in budget.take(for: self.transient) }.count == 2)
        #expect(budget.take(for: RemoteFailure(.throttled(retryAfter: nil), "")))
    }

    @Test func retryingEndsWithTheValueOrTheLastFailure() async throws {
        var policy = RetryPolicy()
        policy.firstDelay = .milliseconds(1)
        // The other tests may hold the machine for long.
        policy.maximumElapsed = .seconds(36_000)
        let tries = Mutex(0)
        let value = try await retrying(policy) { () async throws(RemoteFailure) -> Int in
            let count = tries.withLock {
                $0 += 1
                return $0
            }
            if count < 4 { throw RemoteFailure(.transient, "no") }
            return count
        }
        #expect(value == 4)
        await #expect(throws: RemoteFailure.self) {
            try await retrying(policy) { () async throws(RemoteFailure) -> Int in
                throw RemoteFailure(.permanent, "never")
            }
        }
    }

    @Test func jitterIsSpread() {
        let values = (0..<1000).map { _ in RetryJitter.next() }
        #expect(values.allSatisfy { (0..<1).contains($0) })
        for tenth in 0..<10 {
            #expect(values.contains { Int($0 * 10) == tenth })
        }
    }

    @Test(arguments: [
        ("7", nil, Duration.seconds(7)), ("0.5", nil, .milliseconds(500)),
        ("Sun, 06 Nov 1994 08:49:47 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", .seconds(10)),
        ("Sun, 06 Nov 1994 08:49:27 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", .zero),
        ("Sun, 06 Nov 1994 08:49:47 GMT", nil, nil), ("-1", nil, nil), ("1e300", nil, nil),
        ("nan", nil, nil),
        ("soon", nil, nil),
    ])
    func retryAfter(value: String, date: String?, expected: Duration?) {
        var headers = [(name: "Retry-After", value: value)]
        if let date { headers.append((name: "Date", value: date)) }
        let response = HTTPResponse(status: 503, headers: headers, body: [])
        #expect(response.retryAfter == expected)
        #expect(response.failure(of: "a")?.kind == .throttled(retryAfter: expected))
    }
}

@Suite struct CircuitStateTests {
    /// An hour of a server that is down, asked by a program that would ask ten times a second.
    @Test func aServerThatIsDownForAnHourIsHardlyAsked() {
        var circuit = CircuitState()
        var asked = 0
        var refused = 0
        for tick in 0..<36_000 {
            let now = Duration.milliseconds(100 * tick)
            switch circuit.admit(now: now) {
            case .go:
                asked += 1
                circuit.failed(now: now)
            case .wait(let until): #expect(until > now)
            case .refused: refused += 1
            }
        }
        // Eight to find out, and a probe a pause from then on.
        #expect(asked < 8 + 130)
        #expect(asked > 8 + 100)
        #expect(refused > 30_000)
        // And when it is back, the next probe opens the way.
        let later = Duration.seconds(3700)
        #expect(circuit.admit(now: later) == .go)
        circuit.succeeded()
        #expect((0..<100).allSatisfy { _ in circuit.admit(now: later) == .go })
    }

    @Test func failuresBetweenSuccessesDoNotOpenIt() {
        var circuit = CircuitState()
        for tick in 0..<1000 {
            #expect(circuit.admit(now: .seconds(tick)) == .go)
            if tick % 2 == 0 { circuit.failed(now: .seconds(tick)) } else { circuit.succeeded() }
        }
    }

    @Test func oneProbeAtATime() {
        var circuit = CircuitState()
        for _ in 0..<8 { circuit.failed(now: .zero) }
        #expect(circuit.admit(now: .milliseconds(999)) == .wait(until: .seconds(1)))
        #expect(circuit.admit(now: .seconds(1)) == .go)
        #expect(circuit.admit(now: .seconds(1)) == .wait(until: .seconds(2)))
        // A probe that was lost does not close the way for ever.
        #expect(circuit.admit(now: .seconds(62)) == .go)
    }

    @Test func anAnswerThatRefusesIsAnAnswer() async throws {
        let breaker = CircuitBreaker()
        for _ in 0..<100 { breaker.record(RemoteFailure(.forbidden, ""), of: "a") }
        for _ in 0..<100 {
            breaker.record(RemoteFailure(.transient, "", code: RemoteFailure.cancelled), of: "a")
        }
        try await breaker.admit("a")
        var impatient = CircuitState()
        impatient.patience = .zero
        let other = CircuitBreaker(impatient)
        for _ in 0..<8 { other.record(RemoteFailure(.transient, ""), of: "a") }
        await #expect(throws: RemoteFailure.self) { try await other.admit("a") }
        // Another server has a circuit of its own.
        try await other.admit("b")
    }
}
