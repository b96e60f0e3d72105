internal import CKernels

/// A rotated vector of ten bits a coordinate: its sign in a code, nine bits of magnitude in a row.
///
/// All coordinates of a vector have one step, a bfloat16, of which the greatest has at most 1,024; each
/// stands for the middle of two steps, an odd number of them, so that none is without a sign. The factors
/// of a code are those of what is packed, not of what was given: they can be made again.
extension BinaryQuantiser {
    /// Bytes of a row.
    package var packedRowByteCount: Int {
        mr_packed_row_bytes(self.rotation.paddedDimensions)
    }

    /// Appends the code, the two factors and the row of a vector.
    ///
    /// - Precondition: `vector` holds `dimensions` finite values.
    package func pack(
        _ vector: UnsafeBufferPointer<Float>,
        codes: inout [UInt64],
        factors: inout [Float],
        row: inout [UInt8],
        level: VectorLevel = .current
    ) {
        precondition(vector.count == self.dimensions, "vector of other dimensions")
        var code = [UInt64](repeating: 0, count: self.wordCount)
        var bytes = [UInt8](repeating: 0, count: self.packedRowByteCount)
        let padded = self.rotation.paddedDimensions
        withUnsafeTemporaryAllocation(of: Float.self, capacity: padded) { rotated in
            self.rotate(vector, row: 0, into: rotated, level: level)
            guard let values = rotated.baseAddress else { return }
            mr_pack(level.rawValue, values, padded, &code, &bytes)
        }
        bytes.withUnsafeBytes { row in
            code.withUnsafeBytes { code in
                let made = self.code(ofPacked: code, row, level: level)
                codes.append(contentsOf: made.words)
                factors.append(contentsOf: made.factors)
            }
        }
        row.append(contentsOf: bytes)
    }

    /// The code and the factors of a packed vector; the words are those given, in a sound file.
    ///
    /// - Precondition: `code` and `row` are of the quantiser's dimensions.
    package func code(
        ofPacked code: UnsafeRawBufferPointer,
        _ row: UnsafeRawBufferPointer,
        level: VectorLevel = .current
    ) -> (words: [UInt64], factors: [Float]) {
        var words = [UInt64](repeating: 0, count: self.wordCount)
        var factors: [Float] = [0, 0]
        self.withUnpacked(code, row) { rotated in
            guard let values = rotated.baseAddress else { return }
            let padded = self.rotation.paddedDimensions
            mr_encode(level.rawValue, values, 1, padded, &words, &factors)
        }
        return (words, factors)
    }

    /// What a packed vector stands for.
    ///
    /// - Precondition: `code` and `row` are of the quantiser's dimensions.
    package func vector(
        ofPacked code: UnsafeRawBufferPointer,
        _ row: UnsafeRawBufferPointer
    ) -> [Float] {
        self.withUnpacked(code, row) { rotated in
            self.rotation.undo(rotated)
            return Array(rotated[..<self.dimensions])
        }
    }

    private func withUnpacked<Result>(
        _ code: UnsafeRawBufferPointer,
        _ row: UnsafeRawBufferPointer,
        _ body: (UnsafeMutableBufferPointer<Float>) -> Result
    ) -> Result {
        precondition(
            code.count == 8 * self.wordCount && row.count == self.packedRowByteCount,
            "packed vector of other dimensions"
        )
        let padded = self.rotation.paddedDimensions
        return withUnsafeTemporaryAllocation(of: Float.self, capacity: padded) { rotated in
            rotated.initialize(repeating: 0)
            if let words = code.bindMemory(to: UInt64.self).baseAddress,
                let bytes = row.bindMemory(to: UInt8.self).baseAddress,
                let values = rotated.baseAddress
            {
                mr_unpack(words, bytes, padded, values)
            }
            return body(rotated)
        }
    }
}

/// Bytes of a packed vector of `dimensions` beside its code.
package func packedRowByteCount(dimensions: Int) -> Int {
    mr_packed_row_bytes(Rotation.paddedDimensions(dimensions))
}

/// A rotated query of sixteen bits a coordinate, for ranking packed vectors: coordinate i is about
/// `step * values[i]`, values of -32,767 to 32,767.
package struct FineQuery: Sendable {
    private static let levelMax: Float = 32_767

    package let step: Float
    package let values: [Int16]

    package init(rotated: [Float]) {
        var greatest: Float = 0
        for value in rotated { greatest = max(greatest, value.magnitude) }
        let step = greatest / Self.levelMax
        self.step = step
        self.values = rotated.map { value in
            let level = step > 0 ? (value / step).rounded(.toNearestOrEven) : 0
            return Int16(min(max(level, -Self.levelMax), Self.levelMax))
        }
    }

    /// The inner products of the query with some packed vectors: a sum in integers, times both steps.
    ///
    /// - Precondition: `codes` and `packed` are of vectors of the query's dimensions; each row is there.
    package func similarities(
        codes: UnsafeRawBufferPointer,
        packed: UnsafeRawBufferPointer,
        rows: UnsafeBufferPointer<UInt32>,
        level: VectorLevel = .current
    ) -> [Float] {
        let stride = mr_packed_row_bytes(self.values.count)
        let count = min(packed.count / stride, codes.count * 8 / self.values.count)
        for row in rows { precondition(Int(row) < count, "no such row") }
        return [Float](unsafeUninitializedCapacity: rows.count) { scores, found in
            if let words = codes.bindMemory(to: UInt64.self).baseAddress,
                let bytes = packed.bindMemory(to: UInt8.self).baseAddress,
                let places = rows.baseAddress, let target = scores.baseAddress
            {
                var vectors = mr_packed(codes: words, rows: bytes, padded: self.values.count)
                mr_rank_packed(
                    level.rawValue,
                    &vectors,
                    self.values,
                    self.step,
                    places,
                    rows.count,
                    target
                )
            }
            found = rows.count
        }
    }
}
