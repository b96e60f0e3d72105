internal import Embedding
internal import Manifests
internal import Stages
internal import Synchronization

/// What one embed stage of a run spends at its server, held to the stage's limits.
///
/// Tokens are set aside before a request is sent, by an estimate, and corrected by what the server
/// counted. What may be spent next is in the catalog, on the disk, before it is spent: a run that is
/// killed counts at most ``leaseTokens`` more than it used, and never less.
final class SpendLedger: SpendMeter {
    /// Set aside in the catalog at a time, so that not every request waits for the disk.
    static let leaseTokens = 131_072
    /// An estimate may be too low by so much; requests under way keep that far from the limit.
    private static let slack = 0.25

    struct Usage: Sendable, Hashable {
        var tokens = 0
        var requests = 0
        var retries = 0
        var texts = 0
    }

    private struct State {
        var usage = Usage()
        var reserved = 0
        /// Tokens that the catalog has as spent already.
        var leased = 0
        var failure: (any Error)?
    }

    let stage: String
    private let allowance: SpendAllowance
    private let run: RunID
    private let month: String
    private let catalog: Catalog
    private let state = Mutex(State())

    init(stage: String, limits: SpendLimits, catalog: Catalog, run: RunID, at time: Int64) throws {
        self.stage = stage
        self.catalog = catalog
        self.run = run
        self.month = calendarMonth(time)
        self.allowance = SpendAllowance(
            limits: limits,
            monthBefore: try catalog.spend(
                month: calendarMonth(time),
                stage: stage,
                exceptRun: run
            )
        )
    }

    /// Of earlier runs of the month.
    var monthBefore: (tokens: Int, money: Double) { self.allowance.monthBefore }

    var usage: Usage { self.state.withLock { $0.usage } }

    func money(_ tokens: Int) -> Double { self.allowance.money(tokens) }

    func reserve(_ tokens: Int) throws(EmbeddingError) {
        let ceiling = self.allowance.ceiling
        let isOver = self.state.withLock { state in
            let underWay = Double(state.reserved + tokens) * (1 + Self.slack)
            if let ceiling, Double(state.usage.tokens) + underWay > Double(ceiling.tokens) {
                return true
            }
            state.reserved += tokens
            let wanted = state.usage.tokens + state.reserved
            if wanted > state.leased {
                state.leased = min(wanted + Self.leaseTokens, ceiling?.tokens ?? Int.max / 2)
                state.leased = max(state.leased, wanted)
                self.write(&state)
            }
            return false
        }
        guard isOver, let ceiling else { return }
        throw EmbeddingError(
            .budgetReached,
            "stage '\(self.stage)': '\(ceiling.key)' is used up: \(self.usage.tokens) tokens spent in "
                + "this run, \(ceiling.tokens) allowed"
        )
    }

    func settle(reserved: Int, used: Int, texts: Int) {
        self.state.withLock { state in
            state.reserved -= reserved
            state.usage.tokens += used
            state.usage.texts += texts
            state.usage.requests += 1
            if state.usage.tokens > state.leased {
                state.leased = state.usage.tokens
                self.write(&state)
            }
        }
    }

    func retried() { self.state.withLock { $0.usage.retries += 1 } }

    /// Writes what was spent in truth, once nothing is under way any more.
    func close() throws {
        try self.state.withLock { state in
            state.leased = state.usage.tokens + state.reserved
            self.write(&state)
            if let failure = state.failure { throw failure }
        }
    }

    /// What was not written is written with the next piece, and ends the run at its close.
    private func write(_ state: inout State) {
        guard state.leased > 0 || state.usage.requests > 0 else { return }
        do {
            try self.catalog.recordSpend(
                SpendRecord(
                    run: self.run,
                    stage: self.stage,
                    month: self.month,
                    tokens: state.leased,
                    money: self.money(state.leased),
                    requests: state.usage.requests
                )
            )
        } catch {
            state.failure = error
        }
    }
}
