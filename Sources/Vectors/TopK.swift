/// The k best of many scored rows: highest score first, smaller ordinal first among equals.
///
/// What is kept does not depend on the order of the offers. NaN is never kept.
///
/// - Complexity: O(log k) for an offer that is kept, O(1) for one that is not.
package struct TopK: Sendable {
    package struct Entry: Hashable, Sendable {
        package let score: Float
        package let ordinal: Int

        package init(score: Float, ordinal: Int) {
            self.score = score
            self.ordinal = ordinal
        }

        /// Whether this entry ranks before `other`.
        func ranksBefore(_ other: Entry) -> Bool {
            self.score != other.score ? self.score > other.score : self.ordinal < other.ordinal
        }
    }

    package let capacity: Int
    /// A binary heap with the worst kept entry at the root.
    private var heap: [Entry] = []

    /// - Precondition: `capacity` is not negative.
    package init(_ capacity: Int) {
        precondition(capacity >= 0, "capacity is never negative")
        self.capacity = capacity
        self.heap.reserveCapacity(min(capacity, 4096))
    }

    /// The score an offer must reach; nothing below it is kept.
    package var threshold: Float {
        self.heap.count < self.capacity ? -.infinity : self.heap.first?.score ?? .infinity
    }

    package mutating func offer(_ score: Float, _ ordinal: Int) {
        guard score >= self.threshold else { return }
        let entry = Entry(score: score, ordinal: ordinal)
        if self.heap.count < self.capacity {
            self.heap.append(entry)
            self.siftUp(self.heap.count - 1)
        } else if let worst = self.heap.first, entry.ranksBefore(worst) {
            self.heap[0] = entry
            self.siftDown()
        }
    }

    /// The kept entries, in no order.
    package var entries: [Entry] { self.heap }

    /// Their scores, in no order.
    package var scores: [Float] { self.heap.map(\.score) }

    /// The kept entries, best first.
    package func sorted() -> [Entry] { self.heap.sorted { $0.ranksBefore($1) } }

    private mutating func siftUp(_ start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard self.heap[parent].ranksBefore(self.heap[child]) else { return }
            self.heap.swapAt(parent, child)
            child = parent
        }
    }

    private mutating func siftDown() {
        var parent = 0
        while true {
            var worst = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < self.heap.count {
                if self.heap[worst].ranksBefore(self.heap[child]) { worst = child }
            }
            guard worst != parent else { return }
            self.heap.swapAt(parent, worst)
            parent = worst
        }
    }
}
