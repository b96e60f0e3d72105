import Execution
import Foundation
import Synchronization
import Testing

@Suite struct MemoryBudgetTests {
    @Test func reservationsTogetherNeverExceedTheBudget() {
        let budget = MemoryBudget(totalBytes: 100)
        let highest = Mutex(0)
        let granted = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 200) { index in
            // 0 to 149: some are above the whole budget.
            budget.withReservation(of: (index * 37) % 150) {
                let reserved = budget.reservedBytes
                highest.withLock { $0 = max($0, reserved) }
                granted.withLock { $0 += 1 }
            }
        }
        #expect(highest.withLock { $0 } <= 100)
        #expect(granted.withLock { $0 } == 200)
        #expect(budget.reservedBytes == 0)
    }

    @Test func aReservationAboveTheBudgetIsGrantedAlone() {
        let budget = MemoryBudget(totalBytes: 100)
        budget.withReservation(of: 1_000) { #expect(budget.reservedBytes == 100) }
        #expect(budget.reservedBytes == 0)
    }

    @Test func aLargeReservationIsNotOvertakenBySmallOnesThatCameLater() {
        let budget = MemoryBudget(totalBytes: 100)
        let order = Mutex<[String]>([])
        let group = DispatchGroup()
        budget.withReservation(of: 60) {
            for (name, bytes) in [("large", 90), ("small", 20)] {
                let queue = DispatchQueue(label: name)
                queue.async(group: group) {
                    budget.withReservation(of: bytes) { order.withLock { $0.append(name) } }
                }
                // The large one is in the queue before the small one comes.
                while budget.waitingCount < (name == "large" ? 1 : 2) { usleep(1_000) }
            }
            // 40 bytes are free, so that only the queue holds the small one back; beside the large one it does not
            // fit, so that the order is that of the grants.
            #expect(order.withLock { $0.isEmpty })
        }
        group.wait()
        #expect(order.withLock { $0 } == ["large", "small"])
    }

    @Test func aFailureGivesTheReservationBack() {
        struct Failure: Error {}
        let budget = MemoryBudget(totalBytes: 10)
        #expect(throws: Failure.self) {
            try budget.withReservation(of: 10) { throw Failure() }
        }
        #expect(budget.reservedBytes == 0)
    }
}
