internal import Dispatch
internal import Synchronization

/// Performs what a ``Scheduler`` asks for, on a Dispatch pool of long-lived worker blocks.
///
/// Workers take actions from one channel bounded in bytes; the lister, which runs beside them, waits
/// when the channel is full. The engine knows no stage: what an action does is the `perform` closure.
package final class Engine: Sendable {
    /// What one action does.
    ///
    /// Called on a worker; returns the event that says it is done. Throwing ends the run; a document that fails must not throw.
    package typealias Perform =
        @Sendable (Scheduler.Action, _ worker: Int) throws -> Scheduler.Event

    /// Why a run was asked to stop before its end; both leave it resumable.
    package enum StopReason: String, Sendable {
        /// A signal or a person.
        case interrupted
        /// The time or the number of documents the run was given is used up.
        case budget
    }

    private struct State {
        var scheduler = Scheduler()
        var stopReason: StopReason?
        var outcome: Scheduler.Outcome?
        var firstError: (any Error)?
    }

    private let workerCount: Int
    private let perform: Perform
    private let channel: BoundedChannel<Scheduler.Action>
    private let state = Mutex(State())

    package init(workerCount: Int, queueBytes: Int, perform: @escaping Perform) {
        precondition(workerCount > 0, "a pool has at least one worker")
        self.workerCount = workerCount
        self.perform = perform
        self.channel = BoundedChannel(capacityBytes: queueBytes)
    }

    /// Runs to the end on `workerCount` worker blocks plus one for listing.
    ///
    /// - Output: how the run ended; an error that ended it is thrown instead.
    package func run() throws -> Scheduler.Outcome {
        let group = DispatchGroup()
        // One serial queue a worker: a concurrent queue on Linux starts a thread beyond the core
        // count only once a second while the others wait.
        for worker in 0..<self.workerCount {
            DispatchQueue(label: "millrace.worker.\(worker)")
                .async(group: group) { self.work(as: worker) }
        }
        self.submit(.started, lister: (DispatchQueue(label: "millrace.lister"), group))
        group.wait()
        let (outcome, error) = self.state.withLock { ($0.outcome, $0.firstError) }
        if let error { throw error }
        return outcome ?? .stopped
    }

    /// Called by the lister: waits while the queue of batches is full.
    package func submitBatch(_ batch: Int, byteCount: Int) {
        let actions = self.state.withLock { $0.scheduler.handle(.batchListed(batch)) }
        for action in actions { self.channel.send(action, byteCount: max(1, byteCount)) }
    }

    /// Asks for a clean stop at the next checkpoint; safe from any thread.
    ///
    /// The first reason given is kept.
    package func requestStop(_ reason: StopReason = .interrupted) {
        self.state.withLock { state in
            if state.stopReason == nil { state.stopReason = reason }
        }
        self.submit(.stopRequested, lister: nil)
    }

    /// Why a stop was asked for; nil when none was.
    ///
    /// A run that had published before the request reached it still tells the reason: look at the outcome first.
    package var stopReason: StopReason? { self.state.withLock { $0.stopReason } }

    /// True once no new work will be asked for: listers and long actions look at it and return early.
    package var isEnding: Bool { self.state.withLock { $0.scheduler.isEnding } }

    package var phase: Scheduler.Phase { self.state.withLock { $0.scheduler.phase } }

    private func work(as worker: Int) {
        while let action = self.channel.receive() {
            self.submit(self.event(of: action, worker: worker), lister: nil)
        }
    }

    private func event(of action: Scheduler.Action, worker: Int) -> Scheduler.Event {
        if self.isEnding {
            switch action {
            case .prepare(let batch): return .batchAbandoned(batch)
            case .materialise(let shard): return .shardAbandoned(shard)
            case .list, .resolve, .publish, .finish: break
            }
        }
        do {
            return try self.perform(action, worker)
        } catch {
            self.state.withLock { state in
                if state.firstError == nil { state.firstError = error }
            }
            return .failed(action)
        }
    }

    private func submit(_ event: Scheduler.Event, lister: (DispatchQueue, DispatchGroup)?) {
        for action in self.state.withLock({ $0.scheduler.handle(event) }) {
            switch action {
            case .finish(let outcome):
                self.state.withLock { $0.outcome = outcome }
                self.channel.close()
            case .list:
                guard let (queue, group) = lister else { continue }
                // The lister has a block of its own: it waits when the channel is full.
                queue.async(group: group) {
                    self.submit(self.event(of: .list, worker: self.workerCount), lister: nil)
                }
            case .prepare, .resolve, .materialise, .publish:
                self.channel.send(action, byteCount: 0)
            }
        }
    }
}
