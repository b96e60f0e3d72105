internal import CKernels
package import Vectors

/// What a posting adds to its chunk's score: `weight * count / (count + base + slope * length)`.
package struct PostingWeight: Hashable, Sendable {
    package var weight: Float
    package var base: Float
    package var slope: Float

    /// No share is above it.
    package let bound: Float

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

/// Where the blocks of a list of postings are, and how many of its chunks are live.
package struct PostingsSurvey: Hashable, Sendable {
    package let liveCount: Int
    /// Where each block starts, and the least chunk that it may name.
    let offsets: [UInt32]
    let starts: [UInt32]

    package var blockCount: Int { self.offsets.count }
}

extension SegmentReader {
    /// Reads a list of postings through.
    ///
    /// - Parameter live: The chunks that count; nil for all.
    /// - Throws: ``SegmentError`` `.corrupt` for bytes that are no postings of this segment.
    package func survey(
        _ entry: SegmentTermEntry,
        in kind: ChunkLists = .words,
        live: ChunkMask?
    ) throws -> PostingsSurvey {
        let lists = self.lists(kind)
        let blockSize = Int(MR_POSTINGS_BLOCK)
        let blockCount = (entry.chunkCount + blockSize - 1) / blockSize
        guard entry.chunkCount <= self.chunkCount else { throw lists.corrupt(entry) }
        var offsets = [UInt32](repeating: 0, count: blockCount)
        var starts = offsets
        var liveCount: UInt64 = 0
        let total = lists.withPostings(of: entry) { postings in
            func survey(_ words: UnsafePointer<UInt64>?) -> Int64 {
                mr_postings_survey(postings, words, &liveCount, &offsets, &starts, blockCount)
            }
            guard let live else { return survey(nil) }
            return live.words.withUnsafeBufferPointer { survey($0.baseAddress) }
        }
        guard total == entry.chunkCount else { throw lists.corrupt(entry) }
        return PostingsSurvey(liveCount: Int(liveCount), offsets: offsets, starts: starts)
    }

    /// Adds the share of each posting of a term to its chunk's score.
    ///
    /// - Precondition: `scores` has one value a chunk.
    package func addScores(
        of entry: SegmentTermEntry,
        in kind: ChunkLists = .words,
        _ weight: PostingWeight,
        to scores: UnsafeMutableBufferPointer<Float>,
        level: VectorLevel = .current
    ) throws {
        precondition(scores.count == self.chunkCount, "one score a chunk")
        let lists = self.lists(kind)
        guard let target = scores.baseAddress else { return }
        let total = lists.withPostings(of: entry) { postings in
            self.withWeight(weight) { mr_postings_score(level.rawValue, postings, $0, target) }
        }
        guard total == entry.chunkCount else { throw lists.corrupt(entry) }
    }

    /// As ``addScores(of:_:to:level:)``, for some chunks only: the same bits for these.
    ///
    /// - Parameters:
    ///   - survey: Of this term; without one its list is read through.
    ///   - chunks: Ascending.
    package func addScores(
        of entry: SegmentTermEntry,
        in kind: ChunkLists = .words,
        _ weight: PostingWeight,
        survey: PostingsSurvey?,
        chunks: UnsafeBufferPointer<UInt32>,
        to scores: UnsafeMutableBufferPointer<Float>
    ) throws {
        precondition(scores.count == self.chunkCount, "one score a chunk")
        guard let target = scores.baseAddress, let rows = chunks.baseAddress else { return }
        let lists = self.lists(kind)
        let offsets = survey?.offsets ?? []
        let starts = survey?.starts ?? []
        let status = lists.withPostings(of: entry) { postings in
            self.withWeight(weight) {
                mr_postings_probe(
                    postings,
                    $0,
                    offsets,
                    starts,
                    offsets.count,
                    rows,
                    chunks.count,
                    target
                )
            }
        }
        guard status == 0 else { throw lists.corrupt(entry) }
    }

    private func withWeight<Result>(
        _ weight: PostingWeight,
        _ body: (UnsafePointer<mr_posting_weight>) -> Result
    ) -> Result {
        self.withChunkLengths { lengths in
            var given = mr_posting_weight(
                weight: weight.weight,
                base: weight.base,
                slope: weight.slope,
                lengths: lengths.baseAddress
            )
            return body(&given)
        }
    }
}
