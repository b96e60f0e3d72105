internal import Dispatch
internal import Foundation
internal import Synchronization

/// Where tasks run that a thread waits for: on threads of their own.
///
/// The few threads that all other tasks share may every one of them be waiting, as in a program whose tasks
/// call what waits; nothing would be left then to run what they wait for. No job here may wait in its turn.
///
/// What such a task starts with `Task` leaves these threads: it takes this executor again.
package final class WaitedTasks: TaskExecutor {
    package static let threads = WaitedTasks()

    /// Serial, since a queue of that kind always gets a thread.
    private let queues: [DispatchQueue]
    private let turn = Atomic<Int>(0)

    /// Few: jobs are short, and one for which a thread is awake already wakes no other.
    ///
    /// Two at least, so that a long one holds up half of the others.
    private static let queueCountMax = 4

    private init() {
        let count = min(
            max(ProcessInfo.processInfo.activeProcessorCount / 2, 2),
            Self.queueCountMax
        )
        self.queues = (0..<count).map { DispatchQueue(label: "millrace.waited.\($0)") }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let turn = self.turn.wrappingAdd(1, ordering: .relaxed).oldValue
        self.queues[Int(UInt(bitPattern: turn) % UInt(self.queues.count))].async {
            job.runSynchronously(on: self.asUnownedTaskExecutor())
        }
    }
}

/// The continuous clock for such tasks: it wakes them by a thread of its own too.
package struct WaitedClock: Clock {
    package typealias Instant = ContinuousClock.Instant
    package typealias Duration = Swift.Duration

    private static let queue = DispatchQueue(label: "millrace.waited.clock")

    package init() {}

    package var now: Instant { ContinuousClock.now }
    package var minimumResolution: Duration { ContinuousClock().minimumResolution }

    package func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        try Task.checkCancellation()
        let sleeper = Sleeper()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                sleeper.begin(continuation, for: deadline - self.now, on: Self.queue)
            }
        } onCancel: {
            sleeper.wake()
        }
        try Task.checkCancellation()
    }
}

/// One who sleeps until a timer or a cancellation, whichever comes first, even before the sleep.
private final class Sleeper: Sendable {
    // @unchecked: a timer is cancelled from any thread.
    private struct Timer: @unchecked Sendable {
        let source: any DispatchSourceTimer
    }

    private struct State {
        var timer: Timer?
        var continuation: CheckedContinuation<Void, Never>?
        var isAwake = false
    }

    private let state = Mutex(State())

    func begin(
        _ continuation: CheckedContinuation<Void, Never>,
        for duration: Duration,
        on queue: DispatchQueue
    ) {
        let timer = Timer(source: DispatchSource.makeTimerSource(queue: queue))
        timer.source.setEventHandler { self.wake() }
        timer.source.schedule(deadline: .now() + duration.dispatchInterval)
        let isAwake = self.state.withLock { state in
            if !state.isAwake {
                state.timer = timer
                state.continuation = continuation
            }
            return state.isAwake
        }
        timer.source.activate()
        guard isAwake else { return }
        timer.source.cancel()
        continuation.resume()
    }

    func wake() {
        let (timer, continuation) = self.state.withLock { state in
            defer {
                state.timer = nil
                state.continuation = nil
                state.isAwake = true
            }
            return (state.timer, state.continuation)
        }
        timer?.source.cancel()
        continuation?.resume()
    }
}

extension Duration {
    /// Rounded up, so that who sleeps does not wake early; no longer than a year.
    fileprivate var dispatchInterval: DispatchTimeInterval {
        let whole = min(max(self, .zero), .seconds(365 * 86_400)).components
        let rest = Int(whole.attoseconds / 1_000_000_000) + 1
        return .nanoseconds(Int(whole.seconds) * 1_000_000_000 + rest)
    }
}
