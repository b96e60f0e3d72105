internal import Dataflow
internal import Search

/// What was measured of one snapshot.
struct GateMeasurement {
    /// A measure that is missing was not measured.
    var values: [GateMeasure: Double] = [:]
    /// Of the queries; nil where they were not asked.
    var scores: QueryScores?
}

/// Decides what passes, from numbers alone.
struct GateJudge {
    /// A loss that chance brings more often than this is noise.
    static let significance = 0.05
    /// Values replaced, by which a rate is judged; fewer say nothing.
    static let redactionsMin = 4.0
    /// The same of one kind: a few of its documents may go on any night.
    static let redactionsOfKindMin = 8.0

    let settings: GateSettings

    /// - Parameter was: of the live snapshot; nil for a first one, which has only the limits by themselves.
    func checks(now: GateMeasurement, was: GateMeasurement?) -> [GateCheck] {
        GateMeasure.allCases.flatMap { measure -> [GateCheck] in
            guard let value = now.values[measure] else { return [] }
            return [
                self.threshold(measure, now: value, was: was?.values[measure]),
                self.comparison(measure, value, now: now, was: was),
            ].compactMap { $0 }
        }
    }

    private func threshold(_ measure: GateMeasure, now: Double, was: Double?) -> GateCheck? {
        guard let side = measure.side, let limit = self.settings.thresholds[measure] else {
            return nil
        }
        return GateCheck(
            metric: measure.rawValue,
            was: was,
            now: now,
            limit: limit,
            rule: side.rawValue,
            passed: side == .atLeast ? now >= limit : now <= limit
        )
    }

    private func comparison(
        _ measure: GateMeasure,
        _ value: Double,
        now: GateMeasurement,
        was: GateMeasurement?
    ) -> GateCheck? {
        guard let was, let comparison = measure.comparison,
            let limit = self.settings.maximumDrop[measure]
        else { return nil }
        let before = was.values[measure]
        guard comparison == .difference || before != nil else { return nil }
        let worse = Self.worsening(comparison, was: before ?? 0, now: value)
        var check = GateCheck(
            metric: measure.rawValue,
            was: before,
            now: value,
            limit: limit,
            rule: comparison.rawValue,
            worse: worse,
            passed: worse <= limit
        )
        guard comparison == .scoreLoss, let old = was.scores, let new = now.scores,
            old.queries == new.queries
        else { return check }
        let test = PermutationTest(before: old.values(measure), after: new.values(measure))
        check.p = test.p
        // Where few queries differ, the strongest sign there can be has to do.
        let isNoise = test.p > max(Self.significance, test.smallestP)
        check.passed = worse <= limit || isNoise
        return check
    }

    /// By how much `now` is worse than `was`, at least 0.
    static func worsening(_ comparison: GateMeasure.Comparison, was: Double, now: Double) -> Double
    {
        switch comparison {
        case .scoreLoss, .fall: max(0, was - now)
        case .relativeLoss: was > 0 ? max(0, (was - now) / was) : 0
        case .relativeChange: was > 0 ? abs(was - now) / was : 0
        case .rise: max(0, now - was)
        case .change: abs(now - was)
        case .difference: now
        }
    }
}

extension QueryScores {
    /// The score of each query in a measure; empty for a measure of another kind.
    func values(_ measure: GateMeasure) -> [Double] {
        switch measure {
        case .ndcg: self.ndcg10
        case .recall5: self.recall5
        case .recall10: self.recall10
        case .recall20: self.recall20
        case .reciprocalRank: self.reciprocalRank
        case .precision: self.precision10
        default: []
        }
    }
}
