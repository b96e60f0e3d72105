internal import CKernels

/// What the bounds of a list's blocks are of.
enum BlockBounds {
    /// Shares of BM25 at this average length, in 255ths; a length a chunk.
    case shares(lengths: SpilledBytes, average: Double)
    /// Counts, at most 255.
    case counts
}

/// The average length of chunks that BM25 takes: at least 1.
package func averageLength(occurrences: Int, chunks: Int) -> Double {
    max(Double(occurrences) / Double(max(chunks, 1)), 1)
}

/// Lays lists of postings and of positions out: whole blocks packed, the rest as varints.
struct PostingsEncoder {
    private var room: [UInt8] = []

    /// The bytes of a list.
    ///
    /// - Parameters:
    ///   - lengths: A length a chunk, for bounds of shares; nil for bounds of counts.
    /// - Precondition: chunks ascend and have lengths, counts are above 0.
    mutating func encode(
        _ postings: SegmentPostings,
        lengths: UnsafePointer<UInt32>?,
        average: Double
    ) -> ArraySlice<UInt8> {
        let count = postings.chunks.count
        self.makeRoom(mr_postings_room(count))
        var bounds = mr_bounds(lengths: lengths, average: average)
        let byteCount = mr_postings_encode(
            postings.chunks,
            postings.counts,
            count,
            &bounds,
            &self.room
        )
        return self.room[..<byteCount]
    }

    private mutating func makeRoom(_ needed: Int) {
        if self.room.count < needed { self.room = [UInt8](repeating: 0, count: needed) }
    }

    mutating func encode(_ postings: SegmentPostings, _ bounds: BlockBounds) -> ArraySlice<UInt8> {
        switch bounds {
        case .counts: self.encode(postings, lengths: nil, average: 1)
        case .shares(let lengths, let average):
            self.encode(
                postings,
                lengths: lengths.bytes.bindMemory(to: UInt32.self).baseAddress,
                average: average
            )
        }
    }
}

extension PostingsEncoder {
    /// The bytes of a term's positions.
    ///
    /// - Parameter steps: For each posting the first position, then the steps to the next.
    mutating func encode(positions steps: [UInt32]) -> ArraySlice<UInt8> {
        self.makeRoom(mr_positions_room(steps.count))
        return self.room[..<mr_positions_encode(steps, steps.count, &self.room)]
    }
}

extension SegmentPostings {
    /// Appends the postings of a list that is not packed; false where the bytes are none.
    mutating func append(plain bytes: UnsafeRawBufferPointer, count: Int) -> Bool {
        let start = self.chunks.count
        self.chunks.append(contentsOf: repeatElement(0, count: count))
        self.counts.append(contentsOf: repeatElement(0, count: count))
        var list = mr_postings(
            bytes: bytes.bindMemory(to: UInt8.self).baseAddress,
            byte_count: bytes.count,
            count: count,
            chunk_limit: UInt32.max,
            is_packed: 0
        )
        return self.chunks.withUnsafeMutableBufferPointer { chunks in
            self.counts.withUnsafeMutableBufferPointer { counts in
                guard let chunks = chunks.baseAddress, let counts = counts.baseAddress else {
                    return count == 0
                }
                return mr_postings_decode(&list, chunks + start, counts + start) == count
            }
        }
    }
}
