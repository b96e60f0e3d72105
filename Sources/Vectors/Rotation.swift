internal import CKernels

/// A fixed orthogonal map that spreads a vector's energy evenly over its coordinates.
///
/// It needs no training, so codes made with it can be copied from one segment to another.
///
/// A vector is padded with zeros to a multiple of 64. Each of three rounds flips signs, then
/// applies a normalised Hadamard transform to the first `block` coordinates and, where `block` is
/// smaller than the padded size, to the last `block`; `block` is the largest power of two that
/// fits. The signs are the bits, lowest first, of SplitMix64 from ``seed``, one word for 64
/// coordinates, round after round: 1 flips.
///
/// - Invariant: the seed, the rounds and the padding belong to code revision 1 of the segment format.
/// - Source: Ailon and Chazelle 2009 (fast Johnson-Lindenstrauss); SplitMix64: Steele et al. 2014.
package struct Rotation: Sendable {
    /// The digits of the golden ratio, "no secret in it".
    package static let seed: UInt64 = 0x9E37_79B9_7F4A_7C15
    package static let roundCount = 3

    package let dimensions: Int
    package let paddedDimensions: Int
    package let block: Int
    private let signs: [UInt32]

    /// - Precondition: `dimensions` is positive.
    package init(dimensions: Int) {
        precondition(dimensions > 0, "a rotation needs at least one dimension")
        self.dimensions = dimensions
        self.paddedDimensions = Self.paddedDimensions(dimensions)
        var block = 64
        while block * 2 <= self.paddedDimensions { block *= 2 }
        self.block = block
        self.signs = Self.signs(count: self.paddedDimensions * Self.roundCount)
    }

    package static func paddedDimensions(_ dimensions: Int) -> Int { (dimensions + 63) / 64 * 64 }

    /// Rotates `values` in place.
    ///
    /// - Precondition: `values` holds `paddedDimensions` floats, zero beyond `dimensions`.
    package func apply(
        _ values: UnsafeMutableBufferPointer<Float>,
        level: VectorLevel = .current
    ) {
        precondition(values.count == self.paddedDimensions, "vector is not padded")
        guard let base = values.baseAddress else { return }
        self.signs.withUnsafeBufferPointer { signs in
            guard let masks = signs.baseAddress else { return }
            mr_rotate(
                level.rawValue,
                base,
                self.paddedDimensions,
                self.block,
                masks,
                Self.roundCount
            )
        }
    }

    /// Undoes ``apply(_:level:)``, up to rounding.
    ///
    /// - Precondition: `values` holds `paddedDimensions` floats.
    package func undo(_ values: UnsafeMutableBufferPointer<Float>) {
        precondition(values.count == self.paddedDimensions, "vector is not padded")
        guard let base = values.baseAddress else { return }
        self.signs.withUnsafeBufferPointer { signs in
            guard let masks = signs.baseAddress else { return }
            mr_rotate_back(base, self.paddedDimensions, self.block, masks, Self.roundCount)
        }
    }

    private static func signs(count: Int) -> [UInt32] {
        var state = Self.seed
        var masks: [UInt32] = []
        masks.reserveCapacity(count)
        while masks.count < count {
            state &+= 0x9E37_79B9_7F4A_7C15
            var word = state
            word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
            word ^= word >> 31
            for bit in 0..<64 { masks.append(UInt32(truncatingIfNeeded: word >> bit & 1) << 31) }
        }
        return masks
    }
}
