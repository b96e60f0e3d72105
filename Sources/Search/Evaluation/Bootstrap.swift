/// Between which values a mean lies with 95 % confidence, by resampling the queries; the same for the same scores.
///
/// - Source: the percentile bootstrap, Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13.
package struct ConfidenceInterval: Hashable, Sendable, Codable {
    package let low: Double
    package let high: Double

    private static let sampleCount = 1_000

    /// - Parameter scores: of the queries; of fewer than two, the interval is that one score.
    package init(of scores: [Double], seed: UInt64 = 0x4D69_6C6C_7261_6365) {
        guard scores.count > 1 else {
            self.low = scores.first ?? 0
            self.high = scores.first ?? 0
            return
        }
        var state = seed
        var means: [Double] = []
        means.reserveCapacity(Self.sampleCount)
        let count = UInt64(scores.count)
        for _ in 0..<Self.sampleCount {
            var sum = 0.0
            for _ in scores.indices {
                // The high half of the product: of all scores alike.
                sum += scores[Int(splitMix(&state).multipliedFullWidth(by: count).high)]
            }
            means.append(sum / Double(scores.count))
        }
        means.sort()
        self.low = means[Self.sampleCount / 40]
        self.high = means[Self.sampleCount - 1 - Self.sampleCount / 40]
    }
}

/// The next of a fixed sequence of numbers that look like chance.
///
/// - Source: SplitMix64, Steele, Lea and Flood, OOPSLA 2014.
func splitMix(_ state: inout UInt64) -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
}
