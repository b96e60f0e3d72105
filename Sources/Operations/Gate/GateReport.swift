/// One thing that the gate looked at.
package struct GateCheck: Sendable, Hashable, Codable {
    /// The name of the measure, as in `thresholds` and `maximum_drop`.
    package var metric: String
    /// Of the live snapshot; nil where nothing is live, or where the limit is one by itself.
    package var was: Double?
    package var now: Double
    package var limit: Double
    /// What the limit holds: `at_least`, `at_most`, or how the two are compared.
    package var rule: String
    /// By how much it got worse, in the unit of the limit; nil for a limit by itself.
    package var worse: Double?
    /// The chance of such a loss where nothing is worse; nil where it is no score.
    package var p: Double?
    package var passed: Bool
}

/// What the gate made of a snapshot.
package struct GateReport: Sendable, Codable {
    /// The number of the snapshot that was judged.
    package var candidate: Int
    /// The number of the one it was compared with; nil for a first one.
    package var live: Int?
    package var passed: Bool
    /// Queries with judgements.
    package var queries: Int
    package var seconds: Double
    package var checks: [GateCheck]
    /// What could not be judged, and why.
    package var notes: [String]

    package var failed: [GateCheck] { self.checks.filter { !$0.passed } }
}
