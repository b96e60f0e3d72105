package import Vectors

extension SegmentReader {
    /// The stored vector of a chunk; empty in an index without vectors.
    package func vector(ofChunk index: Int) -> [Float] {
        self.withVectorBytes(ofChunk: index) { bytes in
            let count = self.header.dimensions
            switch self.header.vectorEncoding {
            case .none: return []
            case .packed:
                return self.withCode(ofChunk: index) { code in
                    self.quantiser?.vector(ofPacked: code, bytes) ?? []
                }
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

    /// Whether the chunk's stored vector has a direction; one of zeros stands for none.
    package func hasVector(_ index: Int) -> Bool {
        precondition(0..<self.chunkCount ~= index, "no such chunk row")
        guard self.header.dimensions > 0 else { return false }
        return self.withSection(.factors) {
            $0.loadUnaligned(fromByteOffset: 8 * index, as: Float.self) > 0
        }
    }

    /// What the inner product of `query` with each chunk's vector is not likely to be above, from the
    /// codes.
    ///
    /// - Parameters:
    ///   - reach: How many spreads a bound lies above its estimate; times the query's length.
    ///   - selection: The chunks to look at; nil for all.
    ///   - bounds: One place a chunk; -infinity for chunks without a vector and those not selected.
    ///   - greatest: Is offered every bound.
    package func scan(
        _ query: BinaryQuery,
        reach: Float,
        selection: ChunkMask?,
        into bounds: UnsafeMutableBufferPointer<Float>,
        greatest: inout Greatest
    ) {
        precondition(bounds.count == self.chunkCount, "one bound a chunk")
        self.withSection(.codes) { codes in
            self.withSection(.factors) { factors in
                func scan(_ words: UnsafeBufferPointer<UInt64>?) {
                    query.scan(
                        codes: codes.bindMemory(to: UInt64.self),
                        factors: factors.bindMemory(to: Float.self),
                        reach: reach,
                        selection: words,
                        into: bounds,
                        greatest: &greatest
                    )
                }
                guard let selection else { return scan(nil) }
                selection.words.withUnsafeBufferPointer { scan($0) }
            }
        }
    }

    /// The inner products of `query` with the stored vectors of `chunks`, exact up to the rounding of
    /// sums and of a query for packed vectors.
    ///
    /// - Parameter coded: The same query, by this segment's quantiser.
    /// - Precondition: `query` has the index's dimensions, more than 0; each chunk is there.
    package func similarities(
        _ query: [Float],
        _ coded: BinaryQuery,
        chunks: UnsafeBufferPointer<UInt32>
    ) -> [Float] {
        precondition(query.count == self.header.dimensions, "query of other dimensions")
        self.bringVectors(of: chunks)
        // No row but those is read.
        return self.withSection(.vectors, reading: 0..<0) { vectors in
            guard self.header.vectorEncoding == .packed else {
                return query.withUnsafeBufferPointer {
                    dotProducts(
                        $0,
                        vectors,
                        isHalf: self.header.vectorEncoding == .float16,
                        rows: chunks
                    )
                }
            }
            return self.withSection(.codes) {
                coded.fine.similarities(codes: $0, packed: vectors, rows: chunks)
            }
        }
    }

    private func bringVectors(of chunks: UnsafeBufferPointer<UInt32>) {
        guard self.isPartial else { return }
        let byteCount = self.header.vectorEncoding.rowByteCount(dimensions: self.header.dimensions)
        for chunk in chunks {
            let at = Int(chunk) * byteCount
            self.withSection(.vectors, reading: at..<at + byteCount) { _ in }
        }
    }

    func withCode<Result>(
        ofChunk index: Int,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        precondition(0..<self.chunkCount ~= index, "no such chunk row")
        let byteCount = 8 * self.header.codeWordCount
        return try self.withSection(.codes) {
            try body(
                UnsafeRawBufferPointer(
                    rebasing: $0[index * byteCount..<(index + 1) * byteCount]
                )
            )
        }
    }

    /// Calls `body` with the bytes that say what the chunk's vector is.
    func withVectorIdentity<Result>(
        ofChunk index: Int,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try self.withVectorBytes(ofChunk: index) { stored in
            guard self.header.vectorEncoding == .packed else { return try body(stored) }
            var bytes = self.withCode(ofChunk: index) { Array($0) }
            bytes.append(contentsOf: stored)
            return try bytes.withUnsafeBytes(body)
        }
    }

    func withVectorBytes<Result>(
        ofChunk index: Int,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        precondition(0..<self.chunkCount ~= index, "no such chunk row")
        let byteCount = self.header.vectorEncoding.rowByteCount(dimensions: self.header.dimensions)
        return try self.withSection(
            .vectors,
            reading: index * byteCount..<(index + 1) * byteCount
        ) {
            try body(
                UnsafeRawBufferPointer(
                    rebasing: $0[index * byteCount..<(index + 1) * byteCount]
                )
            )
        }
    }
}
