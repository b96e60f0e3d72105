package import Vectors

extension SegmentReader {
    /// The stored vector of a chunk; empty in an index without vectors.
    package func vector(ofChunk index: Int) -> [Float] {
        self.withVectorBytes(ofChunk: index) { bytes in
            let count = self.header.dimensions
            switch self.header.vectorEncoding {
            case .none: return []
            case .float32: return [Float](bytes.bindMemory(to: Float.self))
            case .float16:
                return [Float](unsafeUninitializedCapacity: count) { target, initialized in
                    HalfPrecision.decode(
                        bytes.bindMemory(to: UInt16.self),
                        into: UnsafeMutableBufferPointer(rebasing: target[0..<count])
                    )
                    initialized = count
                }
            }
        }
    }

    /// The inner product of `query` with a chunk's stored vector, exact up to the rounding of sums.
    ///
    /// - Precondition: `query` has the index's dimensions, more than 0.
    package func similarity(_ query: UnsafeBufferPointer<Float>, chunk index: Int) -> Float {
        precondition(query.count == self.header.dimensions, "query of other dimensions")
        return self.withVectorBytes(ofChunk: index) { bytes in
            self.header.vectorEncoding == .float16
                ? dotProduct(query, half: bytes.bindMemory(to: UInt16.self))
                : dotProduct(query, bytes.bindMemory(to: Float.self))
        }
    }

    /// Whether the chunk's stored vector has a direction; one of zeros stands for none.
    package func hasVector(_ index: Int) -> Bool {
        precondition(0..<self.chunkCount ~= index, "no such chunk row")
        guard self.header.dimensions > 0 else { return false }
        return self.withSection(.factors) {
            $0.loadUnaligned(fromByteOffset: 8 * index, as: Float.self) > 0
        }
    }

    /// Estimates the inner product of `query` with the vectors of `chunks` from their codes.
    ///
    /// - Precondition: `scores` has one place for each chunk.
    package func scan(
        _ query: BinaryQuery,
        chunks: Range<Int>,
        into scores: UnsafeMutableBufferPointer<Float>
    ) {
        precondition(
            chunks.lowerBound >= 0 && chunks.upperBound <= self.chunkCount
                && scores.count == chunks.count,
            "no such chunk rows"
        )
        let words = self.header.codeWordCount
        self.withSection(.codes) { codes in
            self.withSection(.factors) { factors in
                let codeRange = chunks.lowerBound * words..<chunks.upperBound * words
                let factorRange = chunks.lowerBound * 2..<chunks.upperBound * 2
                query.scan(
                    codes: UnsafeBufferPointer(
                        rebasing: codes.bindMemory(to: UInt64.self)[codeRange]
                    ),
                    factors: UnsafeBufferPointer(
                        rebasing: factors.bindMemory(to: Float.self)[factorRange]
                    ),
                    into: scores
                )
            }
        }
    }

    func withVectorBytes<Result>(
        ofChunk index: Int,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        precondition(0..<self.chunkCount ~= index, "no such chunk row")
        let byteCount = self.header.dimensions * self.header.vectorEncoding.bytesPerValue
        return try self.withSection(.vectors) {
            try body(
                UnsafeRawBufferPointer(
                    rebasing: $0[index * byteCount..<(index + 1) * byteCount]
                )
            )
        }
    }
}
