internal import Execution
internal import Foundation
internal import Synchronization
package import Telemetry

package enum RunVerb: String, Sendable, CaseIterable {
    case backfill
    case sync
    /// Lists nothing: rewrites the segments in their canonical form.
    case compact
}

/// How a run is carried out; nothing here changes what it produces.
package struct RunOptions: Sendable {
    package var workerCount = max(1, ProcessInfo.processInfo.activeProcessorCount)
    package var isolation = Isolation.standard
    /// Read every document again instead of trusting size and time.
    package var isParanoid = false
    /// List all of every source, also of those that can say what changed.
    package var isReconciling = false
    /// Take over a workspace that belongs to another pipeline.
    package var isAdopting = false
    /// Of a compaction: remove what was set aside as damaged, too.
    package var isPurging = false
    /// Part of an erasure: the gate is not asked, and what was pinned and holds it is gone already.
    package var isErasing = false
    /// `stage.key` → value, on top of the pipeline file.
    package var overrides: [String: String] = [:]
    /// Where the embedding models are; nil for the default place.
    package var modelsRoot: String?
    package var clock = WallClock.system
    package var progress = RunProgress()
    package var cancellation = Cancellation()
    /// Stop at a checkpoint, to be gone on with later, once so many documents were looked at.
    package var maximumDocuments: Int?
    /// Stop at a checkpoint, to be gone on with later, after so many seconds.
    package var maximumSeconds: Double?
    /// How long to wait for another writer of the workspace to end.
    package var lockWaitSeconds: Double = 0
    /// What all processes of the run may hold in memory together, as far as it can be foreseen.
    package var memoryBudgetBytes = 1 << 30
    /// A plan that the run must not differ from: it publishes nothing when it does.
    package var expectedPlan: RunPlan?
    /// From so many documents on that came or changed, duplicates of a run in items are looked for in items too.
    ///
    /// Choice: what fewer take is little beside the start of so many processes.
    package var resolvesInItemsFrom = 4_096
    /// How often who does an item says so; nil for never.
    package var secondsBetweenBeats: Double? = 2
    /// Called once, before any work, when the run goes on with one that did not end.
    package var onResume: @Sendable (ResumedRun) -> Void = { _ in }
    /// Listings that wait for a worker hold at most this many bytes; then the lister waits.
    package var queueBytes = 16 << 20

    package init() {}
}

/// A request to stop at the next checkpoint, from a signal handler's thread to a run.
package final class Cancellation: Sendable {
    private struct State {
        var isRequested = false
        var action: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    package init() {}

    package var isRequested: Bool { self.state.withLock { $0.isRequested } }

    package func request() {
        let action = self.state.withLock { state in
            state.isRequested = true
            return state.action
        }
        action?()
    }

    /// Calls `action` when a stop is requested, at once when it was already.
    func onRequest(_ action: @escaping @Sendable () -> Void) {
        let isRequested = self.state.withLock { state in
            state.action = action
            return state.isRequested
        }
        if isRequested { action() }
    }
}
