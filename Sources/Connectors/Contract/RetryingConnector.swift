internal import Objects
internal import Records

/// Asks a source again where a fault may pass: the one place that does.
///
/// Waits are jittered and bounded, honour what the source asks for, and share one budget for the run, so
/// that a sick source gets fewer requests and not more.
package struct RetryingConnector: Connector {
    private let base: any Connector
    private let policy: RetryPolicy
    private let budget: RetryBudget

    package init(_ base: any Connector) {
        self.init(base, policy: RetryPolicy(), budget: RetryBudget())
    }

    init(_ base: any Connector, policy: RetryPolicy, budget: RetryBudget) {
        self.base = base
        self.policy = policy
        self.budget = budget
    }

    package var capabilities: ConnectorCapabilities { self.base.capabilities }

    package func page(
        after cursor: ListingCursor?
    ) async throws(ConnectorError) -> ListingPage {
        try await self.retrying(seed: Self.seed(of: cursor?.bytes ?? [])) {
            () async throws(ConnectorError) in
            try await self.base.page(after: cursor)
        }
    }

    package func read(
        _ item: ListedItem,
        maximumBytes: Int
    ) async throws(ConnectorError) -> SourceDocument {
        try await self.retrying(seed: item.id.low) { () async throws(ConnectorError) in
            try await self.base.read(item, maximumBytes: maximumBytes)
        }
    }

    /// Spreads those who wait; the same on every run.
    private static func jitter(_ seed: UInt64, attempt: Int) -> Double {
        let mixed = (seed &+ UInt64(attempt)) &* 0x9E37_79B9_7F4A_7C15
        return Double(mixed >> 11) * 0x1p-53
    }

    private static func seed(of bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    private func retrying<Value>(
        seed: UInt64,
        _ work: () async throws(ConnectorError) -> Value
    ) async throws(ConnectorError) -> Value {
        let clock = WaitedClock()
        let start = clock.now
        var attempt = 0
        while true {
            attempt += 1
            do {
                let value = try await work()
                self.budget.succeeded()
                return value
            } catch {
                let failure = error.asRemoteFailure
                let decision = self.policy.decide(
                    failure,
                    attempt: attempt,
                    elapsed: clock.now - start,
                    jitter: Self.jitter(seed, attempt: attempt)
                )
                guard case .again(let delay) = decision, self.budget.take(for: failure) else {
                    throw error
                }
                // A wait that is cancelled ends with what went wrong last.
                do { try await clock.sleep(for: delay) } catch _ { throw error }
            }
        }
    }
}
