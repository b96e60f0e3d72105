internal import CKernels

/// The inner product of two vectors.
///
/// The sum follows one tree: lane `i mod 32` collects products in ascending order, lanes 16 to 31
/// are added to lanes 0 to 15, then halves are added until one is left. No step is fused, so the
/// bits are the same on every processor.
///
/// - Precondition: both have the same count.
package func dotProduct(
    _ left: UnsafeBufferPointer<Float>,
    _ right: UnsafeBufferPointer<Float>,
    level: VectorLevel = .current
) -> Float {
    precondition(left.count == right.count, "vectors of different dimensions")
    guard let first = left.baseAddress, let second = right.baseAddress else { return 0 }
    return mr_dot_f32(level.rawValue, first, second, left.count)
}

/// The inner product of two vectors.
package func dotProduct(_ left: [Float], _ right: [Float]) -> Float {
    left.withUnsafeBufferPointer { first in
        right.withUnsafeBufferPointer { dotProduct(first, $0) }
    }
}

/// The inner product of a vector with one stored as binary16: the bits of widening `right` first.
///
/// - Precondition: both have the same count.
package func dotProduct(
    _ left: UnsafeBufferPointer<Float>,
    half right: UnsafeBufferPointer<UInt16>,
    level: VectorLevel = .current
) -> Float {
    precondition(left.count == right.count, "vectors of different dimensions")
    guard let first = left.baseAddress, let second = right.baseAddress else { return 0 }
    return mr_dot_f32_f16(level.rawValue, first, second, left.count)
}
