/// Whether queries are answered worse than before by more than chance: a paired permutation test.
///
/// Were the two snapshots equally good, each query's difference would as well have the other sign. The share of
/// all assignments of signs whose mean loss is at least the observed one is the p-value: exactly where few
/// queries differ, by a fixed sequence of samples where many do, so that the same scores give the same answer.
///
/// - Source: Fisher's randomisation test as Smucker, Allan and Carterette (CIKM 2007) use it for retrieval.
package struct PermutationTest: Hashable, Sendable {
    /// The mean of `before - after`: above 0 where the answers got worse.
    package let loss: Double
    /// The chance of at least this loss where nothing is worse; 1 without a loss.
    package let p: Double
    /// Queries whose score differs at all.
    package let differing: Int

    /// Up to this many differing queries all assignments are counted.
    private static let exactCount = 12
    private static let sampleCount = 20_000
    /// Scores are sums of rounded terms: equal sums may differ by as much.
    private static let tolerance = 1e-12

    /// - Precondition: both have a score for the same queries in the same order.
    package init(before: [Double], after: [Double], seed: UInt64 = 0x4D69_6C6C_7261_6365) {
        precondition(before.count == after.count, "scores of other queries")
        let all = zip(before, after).map { $0 - $1 }
        let differences = all.filter { abs($0) > Self.tolerance }
        self.loss = mean(all)
        self.differing = differences.count
        let sum = differences.reduce(0, +)
        guard sum > Self.tolerance else {
            self.p = 1
            return
        }
        let limit = sum - Self.tolerance
        self.p =
            differences.count <= Self.exactCount
            ? Self.exact(differences, atLeast: limit)
            : Self.sampled(differences, atLeast: limit, seed: seed)
    }

    /// The smallest p that so many differing queries can show.
    package var smallestP: Double {
        self.differing > 52 ? 0 : 1 / Double(1 << self.differing)
    }

    private static func exact(_ differences: [Double], atLeast limit: Double) -> Double {
        let count = 1 << differences.count
        var reached = 0
        for signs in 0..<count {
            var sum = 0.0
            for (index, difference) in differences.enumerated() {
                sum += signs >> index & 1 == 0 ? difference : -difference
            }
            if sum >= limit { reached += 1 }
        }
        return Double(reached) / Double(count)
    }

    /// With the observed assignment among the samples, so that it is never 0.
    private static func sampled(
        _ differences: [Double],
        atLeast limit: Double,
        seed: UInt64
    ) -> Double {
        var state = seed
        var reached = 1
        for _ in 0..<self.sampleCount {
            var sum = 0.0
            var bits: UInt64 = 0
            for (index, difference) in differences.enumerated() {
                if index.isMultiple(of: 64) { bits = splitMix(&state) }
                sum += bits & 1 == 0 ? difference : -difference
                bits >>= 1
            }
            if sum >= limit { reached += 1 }
        }
        return Double(reached) / Double(self.sampleCount + 1)
    }
}
