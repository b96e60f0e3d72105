internal import CKernels

/// IEEE 754 binary16 values, held as their bit patterns.
package enum HalfPrecision {
    /// The largest finite magnitude.
    package static let greatestFiniteMagnitude: Float = 65504

    /// Rounds to nearest, ties to even.
    ///
    /// Beyond the range becomes infinity; NaN stays NaN.
    ///
    /// - Precondition: `target` has room for `source.count` values.
    package static func encode(
        _ source: UnsafeBufferPointer<Float>,
        into target: UnsafeMutableBufferPointer<UInt16>,
        level: VectorLevel = .current
    ) {
        precondition(target.count >= source.count, "no room for the converted values")
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        mr_f16_from_f32(level.rawValue, from, to, source.count)
    }

    /// Widens exactly.
    ///
    /// - Precondition: `target` has room for `source.count` values.
    package static func decode(
        _ source: UnsafeBufferPointer<UInt16>,
        into target: UnsafeMutableBufferPointer<Float>,
        level: VectorLevel = .current
    ) {
        precondition(target.count >= source.count, "no room for the converted values")
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        mr_f32_from_f16(level.rawValue, from, to, source.count)
    }
}

/// Whether every value is a number of magnitude `limit` or less; false for infinity and NaN.
package func allWithin(_ limit: Float, _ values: UnsafeBufferPointer<Float>) -> Bool {
    guard let base = values.baseAddress else { return true }
    return mr_all_within(base, values.count, limit) == 1
}
