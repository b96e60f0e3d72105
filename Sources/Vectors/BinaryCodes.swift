internal import CKernels

/// One bit a coordinate of the rotated vector, with two factors that turn codes into estimates.
///
/// With x the rotated vector, s its signs as +1 and -1 and D the padded dimensions:
/// `scale` = |x|^2 / sum |x_i|, so that scale * <s, q> estimates <x, q> without bias, and
/// `spread` = sqrt((D |x|^2 scale / sum |x_i| - |x|^2) / (D - 1)): the estimate's error is within
/// 1.9 * spread * |q| with high probability.
///
/// - Source: Gao and Long, RaBitQ, SIGMOD 2024 (arXiv 2405.12497), with zero as the centre.
package struct BinaryQuantiser: Sendable {
    package let rotation: Rotation

    package init(dimensions: Int) { self.rotation = Rotation(dimensions: dimensions) }

    package var dimensions: Int { self.rotation.dimensions }

    /// 64-bit words in one code.
    package var wordCount: Int { self.rotation.paddedDimensions / 64 }

    /// Appends the code and the two factors of each vector.
    ///
    /// - Precondition: `vectors` holds whole vectors of `dimensions` finite values.
    package func encode(
        _ vectors: UnsafeBufferPointer<Float>,
        codes: inout [UInt64],
        factors: inout [Float],
        level: VectorLevel = .current
    ) {
        let count = vectors.count / self.dimensions
        precondition(count * self.dimensions == vectors.count, "vectors of other dimensions")
        let padded = self.rotation.paddedDimensions
        withUnsafeTemporaryAllocation(of: Float.self, capacity: padded) { scratch in
            withUnsafeTemporaryAllocation(of: UInt64.self, capacity: self.wordCount) { code in
                withUnsafeTemporaryAllocation(of: Float.self, capacity: 2) { pair in
                    guard let values = scratch.baseAddress, let words = code.baseAddress,
                        let two = pair.baseAddress
                    else { return }
                    for row in 0..<count {
                        self.rotate(vectors, row: row, into: scratch, level: level)
                        mr_encode(level.rawValue, values, 1, padded, words, two)
                        codes.append(contentsOf: code)
                        factors.append(contentsOf: pair)
                    }
                }
            }
        }
    }

    /// Rotates `vector` and rounds it: to four bits a coordinate, and finely.
    ///
    /// - Precondition: `vector` holds `dimensions` finite values.
    package func query(_ vector: [Float], level: VectorLevel = .current) -> BinaryQuery {
        precondition(vector.count == self.dimensions, "query of other dimensions")
        let rotated = [Float](unsafeUninitializedCapacity: self.rotation.paddedDimensions) {
            values,
            count in
            vector.withUnsafeBufferPointer { source in
                let padded = UnsafeMutableBufferPointer(
                    start: values.baseAddress,
                    count: self.rotation.paddedDimensions
                )
                self.rotate(source, row: 0, into: padded, level: level)
            }
            count = self.rotation.paddedDimensions
        }
        return BinaryQuery(rotated: rotated)
    }

    func rotate(
        _ vectors: UnsafeBufferPointer<Float>,
        row: Int,
        into scratch: UnsafeMutableBufferPointer<Float>,
        level: VectorLevel
    ) {
        let start = row * self.dimensions
        let source = UnsafeBufferPointer(rebasing: vectors[start..<start + self.dimensions])
        scratch.initialize(repeating: 0)
        for index in 0..<self.dimensions { scratch[index] = source[index] }
        self.rotation.apply(scratch, level: level)
    }
}

/// A query as four bit planes: coordinate i is about `step * (2 u_i - 15)`, u_i of 0 to 15.
package struct BinaryQuery: Sendable {
    package let step: Float
    /// Plane k, word w at `k * wordCount + w`.
    package let planes: [UInt64]
    /// 15 D - 2 sum u_i.
    package let constant: Int32
    /// The same query for ranking.
    package let fine: FineQuery

    package var wordCount: Int { self.planes.count / 4 }

    init(rotated: [Float]) {
        var greatest: Float = 0
        for value in rotated { greatest = max(greatest, value.magnitude) }
        let step = greatest / 15
        let wordCount = rotated.count / 64
        var planes = [UInt64](repeating: 0, count: 4 * wordCount)
        var sum = 0
        for (index, value) in rotated.enumerated() {
            let position = step > 0 ? (value / step + 15) / 2 : 0
            let level = Int(min(max(position.rounded(.toNearestOrEven), 0), 15))
            sum += level
            for plane in 0..<4 where level >> plane & 1 == 1 {
                planes[plane * wordCount + index / 64] |= 1 << UInt64(index % 64)
            }
        }
        self.step = step
        self.planes = planes
        self.constant = Int32(15 * rotated.count - 2 * sum)
        self.fine = FineQuery(rotated: rotated)
    }

    /// Estimates the inner product of the query with each coded vector.
    ///
    /// - Precondition: `codes` holds `wordCount` words and `factors` two values for each score.
    /// - Complexity: O(scores × dimensions / 64); 256 dimensions take about 2 ns a score.
    package func scan(
        codes: UnsafeBufferPointer<UInt64>,
        factors: UnsafeBufferPointer<Float>,
        into scores: UnsafeMutableBufferPointer<Float>,
        level: VectorLevel = .current
    ) {
        let count = scores.count
        precondition(codes.count == count * self.wordCount, "codes of other dimensions")
        precondition(factors.count == count * 2, "two factors a code")
        guard let words = codes.baseAddress, let pairs = factors.baseAddress,
            let target = scores.baseAddress
        else { return }
        self.planes.withUnsafeBufferPointer { planes in
            guard let bits = planes.baseAddress else { return }
            mr_scan(
                level.rawValue,
                words,
                pairs,
                count,
                self.wordCount,
                bits,
                self.constant,
                self.step,
                target
            )
        }
    }
}
