internal import Dispatch

/// Numbers that several threads write, each its own range.
// @unchecked: whoever writes holds to a range that nobody else reads or writes meanwhile.
final class SharedNumbers<Number: Numeric>: @unchecked Sendable {
    let values: UnsafeMutableBufferPointer<Number>

    init(count: Int) {
        self.values = .allocate(capacity: count)
        self.values.initialize(repeating: .zero)
    }

    deinit { self.values.deallocate() }
}

/// Rows of floats, end to end; zeros until they are written.
struct FloatTable: Sendable {
    let count: Int
    let width: Int
    private let numbers: SharedNumbers<Float>

    init(count: Int, width: Int) {
        self.count = count
        self.width = width
        self.numbers = SharedNumbers(count: count * width)
    }

    var values: UnsafeMutableBufferPointer<Float> { self.numbers.values }

    /// The row `index`, and all after it; nil for a table without numbers.
    func row(_ index: Int) -> UnsafeMutablePointer<Float>? {
        self.values.baseAddress.map { $0 + index * self.width }
    }

    func write(_ row: [Float], at index: Int) {
        precondition(row.count == self.width, "a row of another width")
        _ = UnsafeMutableBufferPointer(rebasing: self.values[(index * self.width)...])
            .update(fromContentsOf: row)
    }
}

/// Work on a range in as many parts as there are threads for.
struct ParallelParts: Sendable {
    /// At least 1.
    let threads: Int

    func run(_ count: Int, _ body: @Sendable (Range<Int>) -> Void) {
        let parts = max(1, min(self.threads, count))
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            body(count * part / parts..<count * (part + 1) / parts)
        }
    }
}
