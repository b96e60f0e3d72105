internal import CProcess
internal import Foundation

/// Bytes that workers reserve before they read a document, so that all of them together stay within
/// what the run may use.
///
/// First come, first served: a large reservation is not starved by small ones that came later. A
/// reservation above the whole budget is granted alone; whoever asks decides whether to ask at all.
// @unchecked: every stored property is only touched with `condition` locked.
package final class MemoryBudget: @unchecked Sendable {
    package let totalBytes: Int

    private let condition = NSCondition()
    private var reserved = 0
    private var nextTicket: UInt64 = 0
    private var servedTickets: UInt64 = 0

    /// - Precondition: `totalBytes` is at least 1.
    package init(totalBytes: Int) {
        precondition(totalBytes > 0, "a budget has at least one byte")
        self.totalBytes = totalBytes
    }

    /// Bytes now reserved.
    package var reservedBytes: Int {
        self.condition.withLock { self.reserved }
    }

    /// Threads that wait for a reservation.
    package var waitingCount: Int {
        self.condition.withLock { Int(self.nextTicket - self.servedTickets) }
    }

    /// Holds `byteCount` bytes of the budget while `body` runs, waiting for them first.
    ///
    /// A thread that holds a reservation must not ask for another: it could wait for itself.
    package func withReservation<Result>(
        of byteCount: Int,
        _ body: () throws -> Result
    ) rethrows -> Result {
        let granted = self.acquire(byteCount)
        defer { self.release(granted) }
        return try body()
    }

    private func acquire(_ byteCount: Int) -> Int {
        let wanted = min(max(0, byteCount), self.totalBytes)
        self.condition.lock()
        defer { self.condition.unlock() }
        let ticket = self.nextTicket
        self.nextTicket += 1
        while ticket != self.servedTickets || wanted > self.totalBytes - self.reserved {
            self.condition.wait()
        }
        self.servedTickets += 1
        self.reserved += wanted
        // The next in the queue may fit beside this one.
        self.condition.broadcast()
        return wanted
    }

    private func release(_ byteCount: Int) {
        self.condition.lock()
        defer { self.condition.unlock() }
        self.reserved -= byteCount
        self.condition.broadcast()
    }
}

/// Gives back to the system what this process has freed; it takes some milliseconds.
package func returnFreedMemory() { cprocess_return_memory() }
