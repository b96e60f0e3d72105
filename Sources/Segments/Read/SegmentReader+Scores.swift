internal import CKernels

/// What a posting adds to its chunk's score: `weight * count / (count + base + slope * length)`.
package struct PostingWeight: Hashable, Sendable {
    package var weight: Float
    package var base: Float
    package var slope: Float

    /// No share is above it.
    package let bound: Float

    /// Of BM25 with k1 1.2 and b 0.75, as the bounds of blocks have them: `base`, and `slope` times the average length.
    package static let lengthBase = 0.3
    package static let lengthSlope = 0.9

    package init(weight: Float, base: Float, slope: Float) {
        self.weight = weight
        self.base = base
        self.slope = slope
        self.bound = weight
    }

    /// `factor * count`, for counts up to `countMax`, below 2^16.
    ///
    /// Beside 2^40 such a count is below the last bit of a `Float`, and powers of two round nothing: the share is
    /// the product, rounded once.
    package init(factor: Float, countMax: Int) {
        let scale = Float(sign: .plus, exponent: 40, significand: 1)
        self.weight = factor * scale
        self.base = scale
        self.slope = 0
        self.bound = factor * Float(countMax)
    }
}

extension SegmentReader {
    /// How many live chunks a term's list names.
    ///
    /// - Throws: ``SegmentError`` `.corrupt` for bytes that are no postings of this segment.
    package func liveCount(
        of entry: SegmentTermEntry,
        in kind: ChunkLists = .words,
        live: ChunkMask
    ) throws -> Int {
        precondition(live.chunkCount == self.chunkCount, "a set of another segment")
        let lists = self.lists(kind)
        var count: UInt64 = 0
        let status = lists.withPostings(of: entry) { postings in
            live.words.withUnsafeBufferPointer { words in
                // Without chunks there is no word, and no posting that asks for one.
                words.baseAddress.map { mr_postings_live(postings, $0, &count) } ?? 0
            }
        }
        guard status == 0 else { throw lists.corrupt(entry) }
        return Int(count)
    }
}
