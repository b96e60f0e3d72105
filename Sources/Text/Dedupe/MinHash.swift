internal import CKernels
internal import Records

/// The 126 hash functions; ``BandKey`` says how their minimums are read as bands.
///
/// Function k maps a 32-bit shingle hash x to `multiplier[k] * x + addend[k]` modulo 2^32, a
/// permutation because the multiplier is odd. The constants come from SplitMix64 started at the
/// ASCII bytes `Millrace`: the high half of output k, lowest bit set, and the low half.
///
/// - Source: Broder 1997 (MinHash); Dietzfelbinger et al. 1997 (multiply-shift);
///   Steele, Lea and Flood 2014 (SplitMix64).
enum MinHash {
    static let lanes = Int(CK_MINHASH_LANES)
    static let seed: UInt64 = 0x4D69_6C6C_7261_6365

    static let multipliers = Self.constants.map { UInt32(truncatingIfNeeded: $0 >> 32) | 1 }
    static let addends = Self.constants.map { UInt32(truncatingIfNeeded: $0) }

    /// The minimum of each function over `shingles`; empty when there are none.
    static func minimums(of shingles: [UInt32]) -> [UInt32] {
        guard !shingles.isEmpty else { return [] }
        var minimums = [UInt32](repeating: .max, count: Self.lanes)
        ck_minhash_minimums(
            shingles,
            shingles.count,
            Self.multipliers,
            Self.addends,
            &minimums
        )
        minimums.removeLast(Self.lanes - Signature.hashCount)
        return minimums
    }

    private static let constants: [UInt64] = {
        var state = Self.seed
        return (0..<Self.lanes).map { _ in splitMix64(&state) }
    }()
}

/// The next value of the SplitMix64 sequence.
private func splitMix64(_ state: inout UInt64) -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
}

/// Those of a signature's band keys under which near-duplicates are looked for.
package func comparedKeys(_ keys: [UInt64], _ near: NearPolicy) -> [UInt64] {
    near == .off ? [] : keys
}
