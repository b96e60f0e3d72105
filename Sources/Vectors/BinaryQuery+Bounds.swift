internal import CKernels

extension BinaryQuery {
    /// For each coded vector its estimate and `reach` times its spread: what its inner product with the
    /// query is not likely to be above.
    ///
    /// - Parameters:
    ///   - selection: One bit a vector, lowest first; the others are not looked at. Nil for all.
    ///   - bounds: -infinity for vectors of zeros and those that are not selected.
    ///   - greatest: Is offered every bound.
    /// - Precondition: `codes` holds `wordCount` words and `factors` two values for each bound.
    /// - Complexity: O(selected vectors × dimensions / 64).
    package func scan(
        codes: UnsafeBufferPointer<UInt64>,
        factors: UnsafeBufferPointer<Float>,
        reach: Float,
        selection: UnsafeBufferPointer<UInt64>?,
        into bounds: UnsafeMutableBufferPointer<Float>,
        greatest: inout Greatest,
        level: VectorLevel = .current
    ) {
        let count = bounds.count
        precondition(codes.count == count * self.wordCount, "codes of other dimensions")
        precondition(factors.count == count * 2, "two factors a code")
        precondition(selection.map { $0.count == (count + 63) / 64 } ?? true, "a bit a code")
        guard let words = codes.baseAddress, let pairs = factors.baseAddress,
            let target = bounds.baseAddress
        else { return }
        var coded = mr_codes(codes: words, factors: pairs, count: count, words: self.wordCount)
        self.planes.withUnsafeBufferPointer { planes in
            var query = mr_code_query(
                planes: planes.baseAddress,
                constant: self.constant,
                step: self.step,
                reach: reach
            )
            greatest.withKernel {
                mr_scan_bounds(level.rawValue, &coded, &query, selection?.baseAddress, target, &$0)
            }
        }
    }
}

/// The inner products of `query` with some rows of a matrix, each as ``dotProduct(_:_:level:)`` gives it.
///
/// - Parameter vectors: Rows of `query.count` values: binary16 where `isHalf`, else binary32.
/// - Precondition: each row lies within `vectors`.
package func dotProducts(
    _ query: UnsafeBufferPointer<Float>,
    _ vectors: UnsafeRawBufferPointer,
    isHalf: Bool,
    rows: UnsafeBufferPointer<UInt32>,
    level: VectorLevel = .current
) -> [Float] {
    let stride = query.count * (isHalf ? 2 : 4)
    for row in rows { precondition((Int(row) + 1) * stride <= vectors.count, "no such row") }
    return [Float](unsafeUninitializedCapacity: rows.count) { scores, count in
        if let first = query.baseAddress, let base = vectors.baseAddress,
            let places = rows.baseAddress, let target = scores.baseAddress
        {
            mr_rank_rows(
                level.rawValue,
                first,
                query.count,
                base,
                isHalf ? 1 : 0,
                places,
                rows.count,
                target
            )
        }
        count = rows.count
    }
}
