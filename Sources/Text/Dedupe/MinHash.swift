internal import CKernels
package import Records

/// The 126 hash functions and how their minimums are read as bands.
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

/// The band keys of a document whose near-duplicates are looked for, none twice.
package func distinctBandKeys(_ signature: Signature, _ near: NearPolicy) -> [UInt64] {
    guard near != .off else { return [] }
    let keys = bandKeys(signature)
    let distinct = Set(keys)
    return distinct.count == keys.count ? keys : distinct.sorted()
}

/// The 21 keys under which near-duplicates of a document may be found.
///
/// Two documents of Jaccard similarity s share at least one key with probability
/// 1 - (1 - s^6)^21: .9983 at s = 0.8. Sharing one proves nothing; ``jaccard(_:_:)`` decides.
///
/// - Output: one key for each band in band order, the band's number mixed in; none for a document
///   without tokens.
package func bandKeys(_ signature: Signature) -> [UInt64] {
    guard signature.minimums.count == Signature.hashCount else { return [] }
    return (0..<Signature.bandCount).map { band in
        var key = UInt64(band + 1)
        for row in 0..<Signature.rowsPerBand {
            let minimum = signature.minimums[band * Signature.rowsPerBand + row]
            key = ShingleHash.fold(key ^ ShingleHash.base, UInt64(minimum) ^ MinHash.seed)
        }
        return key
    }
}
