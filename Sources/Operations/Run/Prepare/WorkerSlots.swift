internal import Synchronization

/// The prepare phase of each worker block, made at its first batch.
///
/// Invariant: slot `n` is only used by worker `n`, so no lock is held while a batch is prepared.
final class WorkerSlots: Sendable {
    // @unchecked: a phase is used by its own worker alone, and released when all workers are idle.
    private struct Slot: @unchecked Sendable {
        var phase: PreparePhase?
    }

    private let slots: Mutex<[Slot]>

    init(count: Int) { self.slots = Mutex(Array(repeating: Slot(), count: count)) }

    func withPhase(
        of worker: Int,
        make: () throws -> PreparePhase,
        _ body: (PreparePhase) throws -> Int
    ) throws -> Int {
        var slot = self.slots.withLock { $0[worker] }
        if slot.phase == nil {
            slot.phase = try make()
            self.slots.withLock { [slot] in $0[worker] = slot }
        }
        guard let phase = slot.phase else { return 0 }
        return try body(phase)
    }

    /// Ends the child processes: after the prepare phase nothing needs them.
    func release() {
        self.slots.withLock { slots in
            for index in slots.indices { slots[index].phase = nil }
        }
    }
}
