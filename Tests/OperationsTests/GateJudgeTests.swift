import Dataflow
import Search
import Testing

@testable import Operations

/// Every check of the gate can fail, and passes what is no worse.
@Suite struct GateJudgeTests {
    private static let settings = GateSettings(queries: "q", judgements: "j")

    /// A snapshot that is right in every way.
    private static func good(queries: Int = 40) -> GateMeasurement {
        var measurement = GateMeasurement()
        let names = (0..<queries).map { "q\($0)" }
        measurement.scores = QueryScores(
            rankings: Dictionary(uniqueKeysWithValues: names.map { ($0, ["a", "b"]) }),
            judgements: Dictionary(uniqueKeysWithValues: names.map { ($0, ["a": 1]) })
        )
        measurement.values = [
            .churn: 0.1, .documents: 100, .chunks: 400, .tokens: 40_000, .titles: 1,
            .languages: 0.05, .languageLoss: 0, .chunkLength: 100, .duplicates: 0.2,
            .excluded: 0.1, .deadLetters: 0.01, .stale: 0.01, .redactions: 2,
            .personalData: 0, .vectorNorms: 0, .withoutVector: 0.02, .sourceLoss: 0.1,
            .formatLoss: 0.1, .labels: 0.9, .labelLoss: 0.1, .relabelled: 0.1, .dates: 0.8,
            .olderDates: 0.02, .documentLength: 400, .repeats: 0.01, .redactionLoss: 0.1,
            .vectorDrift: 0.01,
        ]
        measurement.addScores()
        return measurement
    }

    /// A value of the measure that no default limit lets pass.
    private static func bad(_ measure: GateMeasure) -> Double {
        switch measure {
        case .ndcg, .recall5, .recall10, .recall20, .reciprocalRank, .precision: 0
        case .churn, .languages, .languageLoss, .deadLetters, .stale, .withoutVector, .sourceLoss,
            .formatLoss, .labelLoss, .relabelled, .olderDates, .redactionLoss, .vectorDrift:
            1
        case .documents, .chunks, .tokens, .titles, .labels, .dates, .redactions: 0
        case .documentLength, .chunkLength: 1
        case .duplicates, .repeats, .excluded: 0.9
        case .personalData: 1
        case .vectorNorms: 0.5
        }
    }

    @Test func whatIsNoWorsePassesEveryCheck() {
        let checks = GateJudge(settings: Self.settings).checks(now: Self.good(), was: Self.good())
        let passed = checks.allSatisfy { $0.passed }
        #expect(passed)
        let judged = Set(checks.map(\.metric))
        let limited = GateMeasure.allCases.filter {
            $0.defaultThreshold != nil || $0.defaultMaximumDrop != nil
        }
        #expect(judged == Set(limited.map(\.rawValue)))
    }

    @Test(arguments: GateMeasure.allCases) func eachCheckCanFail(_ measure: GateMeasure) {
        var now = Self.good()
        now.values[measure] = Self.bad(measure)
        if measure.comparison == .scoreLoss {
            now.scores = QueryScores(
                rankings: [:],
                judgements: Dictionary(
                    uniqueKeysWithValues: (0..<40).map { ("q\($0)", ["a": 1]) }
                )
            )
        }
        var settings = Self.settings
        // Those that have no default limit are judged where the file gives one.
        if measure.comparison != nil {
            settings.maximumDrop[measure] = settings.maximumDrop[measure] ?? 0.1
        }
        let failed = GateJudge(settings: settings).checks(now: now, was: Self.good())
            .filter { !$0.passed }
        #expect(failed.contains { $0.metric == measure.rawValue })
        #expect(failed.allSatisfy { $0.metric == measure.rawValue })
    }

    @Test(arguments: GateMeasure.allCases.filter { $0.side != nil })
    func eachLimitByItselfCanFail(_ measure: GateMeasure) {
        var settings = Self.settings
        let value = Self.good().values[measure] ?? 0
        settings.thresholds[measure] = measure.side == .atLeast ? value + 1 : value - 0.001
        let failed = GateJudge(settings: settings).checks(now: Self.good(), was: nil)
            .filter { !$0.passed }
        #expect(failed.map(\.metric) == [measure.rawValue])
        #expect(failed.first?.was == nil)
    }

    @Test func aLossThatChanceExplainsPasses() {
        let names = (0..<20).map { "q\($0)" }
        let judgements = Dictionary(uniqueKeysWithValues: names.map { ($0, ["a": 1.0]) })
        func measurement(_ isFound: (Int) -> Bool) -> GateMeasurement {
            var measurement = GateMeasurement()
            measurement.scores = QueryScores(
                rankings: Dictionary(
                    uniqueKeysWithValues: names.enumerated().map { ($1, isFound($0) ? ["a"] : []) }
                ),
                judgements: judgements
            )
            measurement.addScores()
            return measurement
        }
        // Of 11 that differ 5 got better and 6 worse: 0.05 lost, as chance would have it.
        let was = measurement { $0 < 6 || $0 > 10 }
        let noisy = measurement { $0 > 5 && $0 < 20 && $0 != 19 || $0 == 19 }
        var settings = Self.settings
        settings.maximumDrop[.ndcg] = 0.01
        let judge = GateJudge(settings: settings)
        let check = judge.checks(now: noisy, was: was)
            .first { $0.metric == "ndcg@10" && $0.p != nil }
        #expect(check?.worse ?? 0 > 0.01)
        #expect(check?.passed ?? false)
        // The same loss by the same queries, all of them worse.
        let lost = measurement { $0 > 5 && $0 < 11 || $0 > 17 }
        let real = judge.checks(now: lost, was: measurement { _ in true })
            .first { $0.metric == "ndcg@10" && $0.p != nil }
        #expect(real?.passed == false)
    }

    @Test func aFewQueriesAreEnoughForALossOfAll() {
        let judgements: Judgements = ["1": ["a": 1], "2": ["a": 1]]
        var was = GateMeasurement()
        was.scores = QueryScores(rankings: ["1": ["a"], "2": ["a"]], judgements: judgements)
        was.addScores()
        var now = GateMeasurement()
        now.scores = QueryScores(rankings: [:], judgements: judgements)
        now.addScores()
        let checks = GateJudge(settings: Self.settings).checks(now: now, was: was)
        #expect(checks.contains { $0.metric == "ndcg@10" && $0.p == 0.25 && !$0.passed })
    }
}
