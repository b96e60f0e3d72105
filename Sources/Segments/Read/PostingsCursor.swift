internal import CKernels
package import Vectors

/// Walks the postings of a term in a segment, window of chunks by window, and unpacks what it is asked for.
///
/// A cursor only goes on: windows are asked for in ascending order.
package final class PostingsCursor {
    package let weight: PostingWeight
    private let lists: TermLists
    private let entry: SegmentTermEntry
    /// Keeps its own memory; the bytes it points to are those of `lists`' reader, which maps them while it lives.
    private let cursor: UnsafeMutablePointer<mr_cursor>
    private let given: mr_posting_weight
    /// The most that a posting of a block with bound 1 adds, or a little more.
    private let step: Double

    /// - Throws: ``SegmentError`` `.corrupt` for a list that does not fit its term.
    package init(
        _ entry: SegmentTermEntry,
        in kind: ChunkLists,
        of reader: SegmentReader,
        _ weight: PostingWeight
    ) throws {
        let lists = reader.lists(kind)
        self.lists = lists
        self.entry = entry
        self.weight = weight
        self.step = Double(weight.bound) * lists.boundFactor(of: kind, weight) / 255
        self.given = reader.withChunkLengths { lengths in
            mr_posting_weight(
                weight: weight.weight,
                base: weight.base,
                slope: weight.slope,
                lengths: lengths.baseAddress
            )
        }
        self.cursor = .allocate(capacity: 1)
        let status = lists.withPostings(of: entry) { mr_cursor_open(self.cursor, $0) }
        guard entry.chunkCount <= lists.rowCount, status == 0 else { throw lists.corrupt(entry) }
    }

    deinit { self.cursor.deallocate() }

    /// The most that the term adds to a chunk of the window, or more; 0 where it has none there.
    package func bound(in window: Range<Int>) throws -> Double {
        let bound = mr_cursor_bound(
            self.cursor,
            UInt32(window.lowerBound),
            UInt32(window.upperBound)
        )
        guard bound >= 0 else { throw self.lists.corrupt(self.entry) }
        return bound == 0 ? 0 : min(Double(bound) * self.step, Double(self.weight.bound))
    }

    /// Adds what the postings of the window give.
    ///
    /// - Parameter scores: One a chunk of the window.
    package func addScores(
        in window: Range<Int>,
        to scores: UnsafeMutableBufferPointer<Float>,
        level: VectorLevel = .current
    ) throws {
        precondition(self.holds(window) && scores.count == window.count, "one score a chunk")
        guard let target = scores.baseAddress else { return }
        let status = withUnsafePointer(to: self.given) {
            mr_cursor_score(
                level.rawValue,
                self.cursor,
                $0,
                UInt32(window.lowerBound),
                UInt32(window.upperBound),
                target
            )
        }
        guard status == 0 else { throw self.lists.corrupt(self.entry) }
    }

    /// The same for some chunks only: the same bits for these.
    ///
    /// - Parameters:
    ///   - rows: Ascending, counted from the window's first chunk.
    ///   - needed: Chunks that the term cannot lift so high may be left as they are.
    package func addScores(
        in window: Range<Int>,
        rows: UnsafeBufferPointer<UInt32>,
        needed: Float,
        to scores: UnsafeMutableBufferPointer<Float>,
        level: VectorLevel = .current
    ) throws {
        precondition(self.holds(window) && scores.count == window.count, "one score a chunk")
        precondition(rows.last.map { Int($0) < window.count } ?? true, "rows of the window")
        guard let target = scores.baseAddress, let first = rows.baseAddress else { return }
        let status = withUnsafePointer(to: self.given) {
            mr_cursor_probe(
                level.rawValue,
                self.cursor,
                $0,
                UInt32(window.lowerBound),
                first,
                rows.count,
                needed,
                Float(self.step).nextUp,
                target
            )
        }
        guard status == 0 else { throw self.lists.corrupt(self.entry) }
    }

    private func holds(_ window: Range<Int>) -> Bool {
        0 <= window.lowerBound && window.upperBound <= self.lists.rowCount
    }
}

extension TermLists {
    /// What the bounds of this file's blocks have to be multiplied by for queries with this weight.
    ///
    /// A share is count / (count + base + slope * length). Bounds were made with the file's own average length;
    /// where base or slope is smaller, a share grows by no more than the quotient.
    fileprivate func boundFactor(of kind: ChunkLists, _ weight: PostingWeight) -> Double {
        guard kind == .words else { return 1 }
        let average = averageLength(
            occurrences: self.reader.termOccurrenceCount,
            chunks: self.reader.chunkCount
        )
        // Above the rounding of the query's numbers to single precision.
        let margin = 1.000_01
        let slopes = PostingWeight.lengthSlope / average / Double(weight.slope)
        return max(slopes, PostingWeight.lengthBase / Double(weight.base), 1) * margin
    }
}
