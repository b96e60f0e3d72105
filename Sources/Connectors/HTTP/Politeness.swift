internal import Objects

/// When the next request may go to each server.
///
/// A value without a clock, so that a test can crawl for a day in no time.
struct PolitenessSchedule: Hashable, Sendable {
    private var next: [String: Duration] = [:]

    /// The moment at which the caller may ask `server`; the turn is then taken.
    ///
    /// - Parameters:
    ///   - pause: between the beginnings of two requests to the server.
    ///   - now: since any one moment; the same for all calls.
    mutating func turn(at server: String, pause: Duration, now: Duration) -> Duration {
        let turn = max(now, self.next[server] ?? now)
        self.next[server] = turn + pause
        return turn
    }

    /// Nobody asks `server` before `moment`: it said that it is asked too often.
    mutating func hold(_ server: String, until moment: Duration) {
        self.next[server] = max(self.next[server] ?? moment, moment)
    }
}

/// ``PolitenessSchedule`` with a clock, shared by all who fetch for a source.
actor Politeness {
    private var schedule = PolitenessSchedule()
    private let clock = WaitedClock()
    private let start = ContinuousClock().now

    /// Waits for a turn at `server`.
    ///
    /// - Throws: a failure with the code ``RemoteFailure/cancelled``.
    func wait(for server: String, pause: Duration) async throws(RemoteFailure) {
        let turn = self.schedule.turn(at: server, pause: pause, now: self.clock.now - self.start)
        do { try await self.clock.sleep(until: self.start + turn) } catch {
            throw RemoteFailure(
                .transient,
                "the wait for \(server) was cancelled",
                code: RemoteFailure.cancelled
            )
        }
    }

    func hold(_ server: String, for pause: Duration) {
        self.schedule.hold(server, until: self.clock.now - self.start + pause)
    }
}
