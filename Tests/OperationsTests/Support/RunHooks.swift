import Operations
import Synchronization
import Telemetry

/// A clock that stands still and calls `action` when it is read for the `reading`th time.
///
/// A run reads its clock at every checkpoint and at the start of every phase, on the thread that does
/// the work, so a test can act between two steps of a run.
func hookedClock(reading: Int, _ action: @escaping @Sendable () -> Void) -> WallClock {
    let count = Counter()
    return WallClock {
        if count.increment() == reading { action() }
        return 1_700_000_000_000
    }
}

private final class Counter: Sendable {
    private let value = Mutex(0)

    func increment() -> Int {
        self.value.withLock {
            $0 += 1
            return $0
        }
    }
}
