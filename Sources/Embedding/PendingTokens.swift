/// Tokens on their way to a `TokenizedText`, in plain memory so that emitting one is three stores.
struct PendingTokens: ~Copyable {
    private static let flushCount = 4_096
    /// Above `flushCount`, room for the pieces of one word: fewer than its bytes.
    private static let capacity = flushCount + 8 * (WordPieceRules.wordCharactersMaximum + 8)

    var count = 0
    private let ids: UnsafeMutablePointer<Int32>
    private let starts: UnsafeMutablePointer<Int32>
    private let ends: UnsafeMutablePointer<Int32>

    init() {
        self.ids = .allocate(capacity: Self.capacity)
        self.starts = .allocate(capacity: Self.capacity)
        self.ends = .allocate(capacity: Self.capacity)
    }

    deinit {
        self.ids.deallocate()
        self.starts.deallocate()
        self.ends.deallocate()
    }

    @inline(__always)
    var isNearlyFull: Bool { self.count >= Self.flushCount }

    @inline(__always)
    mutating func append(_ id: Int32, start: Int, end: Int) {
        self.ids[self.count] = id
        self.starts[self.count] = Int32(truncatingIfNeeded: start)
        self.ends[self.count] = Int32(truncatingIfNeeded: end)
        self.count &+= 1
    }

    /// Appends the pieces of a word whose bytes stand in the text as they are, from `start`.
    @inline(__always)
    mutating func append(_ entry: WordCache.Entry, start: Int) {
        // All eight ids at once; those past the word's pieces are overwritten or cut off.
        UnsafeMutableRawPointer(self.ids + self.count).storeBytes(
            of: entry.ids,
            as: SIMD8<Int32>.self
        )
        var lengths = entry.lengths
        var start = Int32(truncatingIfNeeded: start)
        repeat {
            let end = start &+ Int32(truncatingIfNeeded: lengths & 255)
            self.starts[self.count] = start
            self.ends[self.count] = end
            self.count &+= 1
            start = end
            lengths &>>= 8
        } while lengths != 0
    }

    mutating func flush(into text: inout TokenizedText) {
        text.ids.append(contentsOf: UnsafeBufferPointer(start: self.ids, count: self.count))
        text.starts.append(contentsOf: UnsafeBufferPointer(start: self.starts, count: self.count))
        text.ends.append(contentsOf: UnsafeBufferPointer(start: self.ends, count: self.count))
        self.count = 0
    }
}
