internal import CKernels

/// An occurrence of a word: the chunk in the upper half, which word of the chunk's terms it is in the lower.
package typealias WordPlace = UInt64

extension SegmentReader {
    /// Whether the file says where in a chunk its terms stand; files before format 5 do not.
    package var hasPositions: Bool { self.header.version >= SegmentFormat.packedVersion }

    /// Where a term stands in some chunks, ascending.
    ///
    /// - Parameter chunks: Those that matter; positions of others are not unpacked.
    /// - Throws: ``SegmentError`` `.corrupt` for bytes that are no positions of this term.
    /// - Precondition: the segment has positions.
    /// - Complexity: O(postings of the term + positions in `chunks`).
    package func places(
        of entry: SegmentTermEntry,
        in chunks: ChunkMask
    ) throws -> [WordPlace] {
        precondition(chunks.chunkCount == self.chunkCount, "a set of another segment")
        var postings = SegmentPostings()
        try self.postings(of: entry, into: &postings)
        var wanted: [UInt32] = []
        var counts: [UInt32] = []
        var firsts: [UInt64] = []
        var total: UInt64 = 0
        for (chunk, count) in zip(postings.chunks, postings.counts) {
            if chunks.contains(Int(chunk)) {
                wanted.append(chunk)
                counts.append(count)
                firsts.append(total)
            }
            total += UInt64(count)
        }
        let steps = try self.steps(of: entry, firsts, counts, of: total)
        var places: [WordPlace] = []
        places.reserveCapacity(steps.count)
        var next = 0
        for (chunk, count) in zip(wanted, counts) {
            var position: UInt32 = 0
            for _ in 0..<count {
                position &+= steps[next]
                places.append(UInt64(chunk) << 32 | UInt64(position))
                next += 1
            }
        }
        return places
    }

    /// Some of the values of a term's list of positions.
    ///
    /// - Parameters:
    ///   - firsts: Where ranges of values begin, ascending; `counts` has how many each is of.
    ///   - total: How many values the list has.
    func steps(
        of entry: SegmentTermEntry,
        _ firsts: [UInt64],
        _ counts: [UInt32],
        of total: UInt64
    ) throws -> [UInt32] {
        // A position has at least a bit of the list, or stands in a block of two bytes: a count that is damaged
        // asks for no more memory than that.
        let limit = UInt64(entry.positions.count) * 64
        guard total <= limit else { throw self.termLists.corrupt(entry) }
        let count = counts.reduce(0) { $0 + Int($1) }
        var status: Int32 = 0
        let steps = [UInt32](unsafeUninitializedCapacity: count) { target, written in
            guard let values = target.baseAddress else { return }
            status = self.withSection(.positions, reading: entry.positions) { bytes in
                let list = UnsafeRawBufferPointer(rebasing: bytes[entry.positions])
                var positions = mr_positions(
                    bytes: list.bindMemory(to: UInt8.self).baseAddress,
                    byte_count: list.count,
                    count: Int(total)
                )
                return mr_positions_gather(&positions, firsts, counts, firsts.count, values)
            }
            written = status == 0 ? count : 0
        }
        guard status == 0 else { throw self.termLists.corrupt(entry) }
        return steps
    }
}
