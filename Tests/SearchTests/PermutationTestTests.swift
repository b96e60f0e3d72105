import Search
import Testing

/// Noise is told from a loss, the same way each time.
@Suite struct PermutationTestTests {
    @Test func noLossIsCertainlyNone() {
        let test = PermutationTest(before: [0.5, 0.2, 0.9], after: [0.6, 0.2, 0.9])
        #expect(test.p == 1)
        #expect(test.loss < 0)
        #expect(test.differing == 1)
    }

    @Test func fewDifferencesAreCountedExactly() {
        // 3 losses of one size: one of 8 assignments of signs has so high a sum.
        let three = PermutationTest(before: [1, 1, 1, 0.5], after: [0.5, 0.5, 0.5, 0.5])
        #expect(three.p == 1.0 / 8)
        #expect(three.smallestP == 1.0 / 8)
        // Sums of at least 3 - 1 = 2 of ±1, ±1, ±1, ±1: all up, or one down.
        let mixed = PermutationTest(before: [1, 1, 1, 0], after: [0, 0, 0, 1])
        #expect(mixed.p == 5.0 / 16)
    }

    @Test func manyQueriesShowARealLossAndNotNoise() {
        var state: UInt64 = 7
        func noise() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 40) / Double(1 << 24) - 0.5
        }
        let before = (0..<300).map { _ in 0.5 }
        let noisy = before.map { $0 + 0.2 * noise() }
        let worse = before.map { $0 - 0.03 + 0.2 * noise() }
        #expect(PermutationTest(before: before, after: noisy).p > 0.05)
        let loss = PermutationTest(before: before, after: worse)
        #expect(loss.p < 0.001)
        #expect(loss.p > 0)
        #expect(loss == PermutationTest(before: before, after: worse))
    }

    @Test func scoresOfQueriesAddUpToTheMetrics() {
        let rankings = ["1": ["x", "b", "y", "a"], "2": ["a"], "9": ["a"]]
        let judgements: Judgements = ["1": ["a": 2, "b": 1], "2": ["a": 1], "3": ["a": 0]]
        let scores = QueryScores(rankings: rankings, judgements: judgements)
        let metrics = RankingMetrics(rankings: rankings, judgements: judgements, k: 10)
        #expect(scores.queries == ["1", "2"])
        #expect(mean(scores.ndcg10) == metrics.ndcg)
        #expect(mean(scores.recall10) == metrics.recall)
        #expect(mean(scores.reciprocalRank) == metrics.meanReciprocalRank)
        #expect(scores.precision10 == [0.2, 0.1])
        #expect(mean([]) == 0)
    }
}
