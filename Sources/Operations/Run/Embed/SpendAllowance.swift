internal import Stages

/// What a run of an embed stage may spend, by its limits and what the month has seen.
struct SpendAllowance: Sendable {
    let limits: SpendLimits
    /// Of earlier runs of the month.
    let monthBefore: (tokens: Int, money: Double)

    func money(_ tokens: Int) -> Double {
        Double(tokens) / 1e6 * self.limits.costPerMillionTokens
    }

    /// Tokens that a run may spend in all, and the key that says so; nil without a limit.
    var ceiling: (tokens: Int, key: String)? {
        func affordable(_ money: Double) -> Int {
            let tokens = money / self.limits.costPerMillionTokens * 1e6
            return tokens >= Double(Int.max / 2) ? Int.max / 2 : max(0, Int(tokens))
        }
        let candidates: [(tokens: Int?, key: String)] = [
            (self.limits.tokensPerRun, "maximum_tokens_per_run"),
            (
                self.limits.tokensPerMonth.map { max(0, $0 - self.monthBefore.tokens) },
                "maximum_tokens_per_month"
            ),
            (self.limits.costPerRun.map(affordable), "maximum_cost_per_run"),
            (
                self.limits.costPerMonth.map { affordable(max(0, $0 - self.monthBefore.money)) },
                "maximum_cost_per_month"
            ),
        ]
        return candidates.compactMap { tokens, key in tokens.map { (tokens: $0, key: key) } }
            .min { $0.tokens < $1.tokens }
    }
}
