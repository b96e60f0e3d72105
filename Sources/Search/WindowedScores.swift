internal import Segments
internal import Vectors

/// The best chunks of a segment by the sum of what some terms give.
///
/// Chunks are taken in windows. In each, the terms' blocks say what a term can add there at most: a window that
/// cannot hold an answer is passed over, and once the terms to come cannot lift a chunk that holds none of
/// those before, only chunks that can still get there are looked up in them, in blocks that can lift them.
///
/// - Source: Turtle and Flood 1995 (MaxScore); Ding and Suel 2011 (bounds of blocks); windows as in Lucene.
struct WindowedScores {
    /// Scores of a window stay in a processor's first cache.
    ///
    /// - Invariant: a multiple of 64.
    private static let windowChunkCount = 4096
    /// Above the rounding of the sums of any query's terms.
    private static let margin = 1.0001
    private static let roundingOfSums = 1e-6

    /// From the one that can add most to the one that can add least.
    private let cursors: [PostingsCursor]
    private let floor: Float
    private(set) var best: TopK
    /// For each cursor the most that it and those after it add to a chunk of the window; 0 behind the last.
    private var rest: [Double]

    /// - Parameter floor: What scores less is no answer.
    init(_ cursors: [PostingsCursor], count: Int, floor: Float) {
        self.cursors = cursors
        // What has none of the terms is no answer.
        self.floor = max(floor, 0)
        self.best = TopK(count)
        self.rest = [Double](repeating: 0, count: cursors.count + 1)
    }

    /// Takes up all chunks of the segment that are selected.
    mutating func walk(
        chunkCount: Int,
        _ selected: ChunkMask?,
        _ scratch: QueryScratch
    ) throws {
        let scores = scratch.scores(min(chunkCount, Self.windowChunkCount))
        let rows = scratch.rows(scores.count)
        for start in stride(from: 0, to: chunkCount, by: Self.windowChunkCount) {
            let window = start..<min(start + Self.windowChunkCount, chunkCount)
            try self.measure(window)
            guard !self.cannotReach(from: 0) else { continue }
            try self.score(
                window,
                selected,
                UnsafeMutableBufferPointer(rebasing: scores[..<window.count]),
                rows
            )
        }
    }

    private var threshold: Float { max(self.floor, self.best.threshold) }

    private mutating func measure(_ window: Range<Int>) throws {
        var sum = 0.0
        for index in self.cursors.indices.reversed() {
            sum += try self.cursors[index].bound(in: window)
            self.rest[index] = sum
        }
    }

    /// Whether a chunk without any of the terms before cannot be an answer.
    private func cannotReach(from next: Int) -> Bool {
        self.rest[next] <= 0 || Double(self.threshold) > self.rest[next] * Self.margin
    }

    /// The least score that may become an answer by the terms from `next` on; above 0.
    private func needed(before next: Int) -> Float {
        let least =
            Double(self.threshold) * (1 - Self.roundingOfSums) - self.rest[next] * Self.margin
        return max(Float(least).nextDown, .leastNonzeroMagnitude)
    }

    private mutating func score(
        _ window: Range<Int>,
        _ selected: ChunkMask?,
        _ scores: UnsafeMutableBufferPointer<Float>,
        _ room: UnsafeMutableBufferPointer<UInt32>
    ) throws {
        scores.update(repeating: 0)
        selected?.mask(scores, from: window.lowerBound)
        var next = 0
        while next < self.cursors.count, !self.cannotReach(from: next) {
            if self.rest[next] > self.rest[next + 1] {
                try self.cursors[next].addScores(in: window, to: scores)
            }
            next += 1
        }
        let known = UnsafeBufferPointer(scores)
        var count = Vectors.rows(of: known, atLeast: self.needed(before: next), into: room)
        while next < self.cursors.count, count > 0 {
            let needed = self.needed(before: next + 1)
            let rows = UnsafeMutableBufferPointer(rebasing: room[..<count])
            if self.rest[next] > self.rest[next + 1] {
                try self.cursors[next].addScores(
                    in: window,
                    rows: UnsafeBufferPointer(rows),
                    needed: needed,
                    to: scores
                )
            }
            count = keepRows(rows, of: known, atLeast: needed)
            next += 1
        }
        // Rows ascend as documents and ordinals do, so of equal scores the first are the ones to keep.
        for row in room[..<count] {
            self.best.offer(scores[Int(row)], window.lowerBound + Int(row))
        }
    }
}
