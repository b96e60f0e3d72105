internal import Synchronization
internal import Text

/// The buffers of one query at a time, kept for the next one.
// @unchecked: a pool lends it to one call at a time.
final class QueryScratch: @unchecked Sendable {
    /// For the words of queries and snippets: a new one has its tables to build.
    var analyzer = TermAnalyzer()
    /// For phrases.
    var plainWords = PlainWords()
    private var floats = UnsafeMutableBufferPointer<Float>(start: nil, count: 0)
    private var integers = UnsafeMutableBufferPointer<UInt32>(start: nil, count: 0)

    deinit {
        self.floats.deallocate()
        self.integers.deallocate()
    }

    /// `count` scores, whatever they hold.
    func scores(_ count: Int) -> UnsafeMutableBufferPointer<Float> {
        if self.floats.count < count {
            self.floats.deallocate()
            self.floats = .allocate(capacity: count)
            self.floats.initialize(repeating: 0)
        }
        return UnsafeMutableBufferPointer(rebasing: self.floats[..<count])
    }

    /// Room for `count` row numbers, whatever they are.
    func rows(_ count: Int) -> UnsafeMutableBufferPointer<UInt32> {
        if self.integers.count < count {
            self.integers.deallocate()
            self.integers = .allocate(capacity: count)
            self.integers.initialize(repeating: 0)
        }
        return UnsafeMutableBufferPointer(rebasing: self.integers[..<count])
    }
}

/// As many scratches as queries run at once, whatever index they ask.
///
/// A new one builds tables, learns words and takes eight bytes a chunk: a snapshot that is published, and each group
/// of callers that sees a part of it, go on with those that are there.
final class ScratchPool: Sendable {
    static let shared = ScratchPool()

    private let idle = Mutex<[QueryScratch]>([])

    func withScratch<Result>(_ body: (QueryScratch) throws -> Result) rethrows -> Result {
        let scratch = self.idle.withLock { $0.popLast() } ?? QueryScratch()
        defer { self.idle.withLock { $0.append(scratch) } }
        return try body(scratch)
    }
}
