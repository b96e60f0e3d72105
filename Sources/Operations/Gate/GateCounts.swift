internal import Dataflow
internal import Manifests

/// How the documents of a workspace stood when a snapshot was made, as far as the gate looks at it.
struct GateCounts {
    let accounts: DocumentAccounts
    /// Values replaced in all stored documents, by kind.
    let redactions: [String: Int]

    init(_ totals: ShardTotals) {
        self.accounts = DocumentAccounts(totals)
        self.redactions = totals.redactions
    }

    init(_ summary: RunSummary) {
        self.accounts = summary.accounts
        self.redactions = summary.redactions
    }

    private var redactionCount: Int { self.redactions.values.reduce(0, +) }
    /// Documents whose values are counted.
    private var readCount: Int { self.accounts.listed - self.accounts.failed }

    /// - Parameter isBasis: whether others are compared with them: then few redactions say nothing.
    func add(to values: inout [GateMeasure: Double], isBasis: Bool) {
        func share(_ count: Int, of total: Int) -> Double {
            Double(count) / Double(max(1, total))
        }
        let accounts = self.accounts
        values[.duplicates] = share(accounts.duplicates, of: accounts.listed)
        values[.excluded] = share(accounts.excluded, of: accounts.listed)
        values[.deadLetters] = share(accounts.failed, of: accounts.listed)
        values[.stale] = share(accounts.stale, of: accounts.indexed + accounts.duplicates)
        if isBasis, Double(self.redactionCount) < GateJudge.redactionsMin { return }
        values[.redactions] = share(self.redactionCount, of: self.readCount)
    }

    /// The largest share of its values that a kind lost, document for document; of kinds with too few values to
    /// judge by, none.
    func redactionLoss(since other: GateCounts) -> Double {
        var loss = 0.0
        for (kind, count) in other.redactions where Double(count) >= GateJudge.redactionsOfKindMin {
            let was = Double(count) / Double(max(1, other.readCount))
            let now = Double(self.redactions[kind] ?? 0) / Double(max(1, self.readCount))
            loss = max(loss, (was - now) / was)
        }
        return loss
    }
}
