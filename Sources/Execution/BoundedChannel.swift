internal import Foundation

/// A first-in first-out queue between threads, bounded in bytes.
///
/// An element of cost 0 never waits, so that the threads that empty the channel may also send.
/// An element larger than the capacity waits until the channel holds no other bytes.
// @unchecked: every stored property is only touched with `condition` locked.
package final class BoundedChannel<Element: Sendable>: @unchecked Sendable {
    private let condition = NSCondition()
    private let capacityBytes: Int
    private var elements: [(element: Element, byteCount: Int)] = []
    private var head = 0
    private var queuedBytes = 0
    private var isClosed = false

    package init(capacityBytes: Int) {
        precondition(capacityBytes > 0, "a channel holds at least one byte")
        self.capacityBytes = capacityBytes
    }

    /// Waits for room, then queues `element`; false when the channel is closed.
    @discardableResult
    package func send(_ element: Element, byteCount: Int) -> Bool {
        self.condition.lock()
        defer { self.condition.unlock() }
        while !self.isClosed, byteCount > 0, self.queuedBytes > 0,
            self.queuedBytes + byteCount > self.capacityBytes
        {
            self.condition.wait()
        }
        guard !self.isClosed else { return false }
        self.elements.append((element, byteCount))
        self.queuedBytes += byteCount
        self.condition.broadcast()
        return true
    }

    /// Waits for an element; nil when the channel is closed and empty.
    package func receive() -> Element? {
        self.condition.lock()
        defer { self.condition.unlock() }
        while self.head == self.elements.count {
            if self.isClosed { return nil }
            self.condition.wait()
        }
        let (element, byteCount) = self.elements[self.head]
        self.head += 1
        self.queuedBytes -= byteCount
        self.compact()
        self.condition.broadcast()
        return element
    }

    /// Lets receivers drain what is queued and then end.
    package func close() {
        self.condition.lock()
        defer { self.condition.unlock() }
        self.isClosed = true
        self.condition.broadcast()
    }

    /// Drops received elements once they are half of the array: amortised O(1).
    private func compact() {
        guard self.head * 2 >= self.elements.count else { return }
        self.elements.removeFirst(self.head)
        self.head = 0
    }
}
