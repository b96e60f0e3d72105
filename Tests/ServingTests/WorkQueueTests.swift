import Embedding
import Foundation
import Synchronization
import Testing

@testable import MillraceSearch

@Suite struct WorkQueueTests {
    @Test func noMoreRunAtOnceThanMay() async throws {
        let queue = WorkQueue(width: 2, waitingMax: 100)
        let counts = Counts()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try await queue.run {
                        counts.enter()
                        usleep(2_000)
                        counts.leave()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(counts.most <= 2)
    }

    private final class Counts: Sendable {
        private let state = Mutex((running: 0, most: 0))

        var most: Int { self.state.withLock { $0.most } }

        func enter() {
            self.state.withLock { state in
                state.running += 1
                state.most = max(state.most, state.running)
            }
        }

        func leave() { self.state.withLock { $0.running -= 1 } }
    }

    /// One holds the thread until it is told, one waits, the third is refused at once.
    @Test func whatIsTooMuchIsRefusedAndWhatWaitsTooLongToo() async throws {
        let queue = WorkQueue(width: 1, waitingMax: 1)
        let gate = DispatchSemaphore(value: 0)
        let started = DispatchSemaphore(value: 0)
        let first = Task {
            try await queue.run {
                started.signal()
                gate.wait()
                return 1
            }
        }
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                started.wait()
                continuation.resume()
            }
        }
        // Of two more, one waits and one is refused while the first still holds the thread; which is which is
        // the scheduler's to say.
        try await withThrowingTaskGroup(of: SearchFailure.Code?.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    do {
                        _ = try await queue.run(patience: .milliseconds(1)) { 2 }
                        return nil
                    } catch {
                        return (error as? SearchFailure)?.code
                    }
                }
            }
            #expect(try await group.next() == .some(.busy))
            try await Task.sleep(for: .milliseconds(5))
            gate.signal()
            #expect(try await group.next() == .some(.busy))
        }
        #expect(try await first.value == 1)
    }
}
