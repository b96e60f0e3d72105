internal import Dispatch
internal import Foundation
internal import Synchronization
internal import Telemetry

/// What the convergence selftest takes beside what all take.
package struct ConvergenceOptions: Sendable {
    package var histories = 200
    /// Syncs in a history.
    package var steps = 8
    /// The most workers of one run.
    package var workers = 4
    /// How many histories are replayed at once.
    package var lanes = ProcessInfo.processInfo.activeProcessorCount
    /// The embedding model; `hash` needs no files.
    package var model = "hash"

    package init(isQuick: Bool = false) {
        guard isQuick else { return }
        self.histories = 12
        self.steps = 4
    }
}

/// Random histories, each sync of which has to end like a fresh backfill of the same documents.
///
/// History `n` of seed `s` is the only one of seed `s + n`, so a failing one can be run alone.
package func selftestConvergence(
    _ options: SelftestOptions,
    _ convergence: ConvergenceOptions
) throws -> SelftestReport {
    let start = monotonicNanoseconds()
    var shape = PipelineShape()
    shape.model = convergence.model
    shape.boilerplate = "host"
    // A history deletes what it likes: nobody approves here.
    shape.maximumDelete = 1
    let setting = ReplaySetting(
        shape: shape,
        parent: options.folder,
        executable: options.executable,
        plantsBug: options.plantsBug
    )
    let size = HistorySize(
        documents: options.isQuick ? 6...12 : 10...24,
        steps: convergence.steps,
        workers: convergence.workers,
        canUseProcesses: options.executable != nil
    )
    let search = HistorySearch(options, convergence, setting, size)
    let found = try search.run()
    var report = SelftestReport(
        name: "convergence",
        seed: options.seed,
        caseCount: search.caseCount,
        caseName: "histories",
        seconds: 0
    )
    report.details = ["events: \(search.events)"]
    if let found {
        options.progress("history \(found.number) failed; looking for the shortest that does")
        report.failures.append(search.describe(found))
    }
    report.seconds = Double(monotonicNanoseconds() - start) / 1e9
    return report
}

/// Replays histories on several threads until all are done or one fails.
private final class HistorySearch: Sendable {
    struct Found: Sendable {
        var number: Int
        var events: [HistoryEvent]
        var failure: HistoryFailure
    }

    private struct State {
        var next = 0
        var done = 0
        /// What happened in the histories that are done, by kind.
        var eventCounts: [String: Int] = [:]
        var found: Found?
        var error: (any Error)?
    }

    /// Replays spent on making a failing history shorter.
    private static let shrinkLimit = 200

    private let options: SelftestOptions
    private let convergence: ConvergenceOptions
    private let setting: ReplaySetting
    private let size: HistorySize
    private let state = Mutex(State())

    init(
        _ options: SelftestOptions,
        _ convergence: ConvergenceOptions,
        _ setting: ReplaySetting,
        _ size: HistorySize
    ) {
        self.options = options
        self.convergence = convergence
        self.setting = setting
        self.size = size
    }

    var caseCount: Int { self.state.withLock { $0.done } }

    /// `add 3,204, edit 1,120, …`: a history of what never happens shows nothing.
    var events: String {
        self.state.withLock { $0.eventCounts }.sorted { $0.key < $1.key }
            .map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }

    /// The failing history with the smallest number of those that were tried.
    func run() throws -> Found? {
        DispatchQueue.concurrentPerform(iterations: max(1, self.convergence.lanes)) { _ in
            while let number = self.take() { self.replayHistory(number) }
        }
        return try self.state.withLock { state in
            if let error = state.error { throw error }
            return state.found
        }
    }

    private func take() -> Int? {
        self.state.withLock { state in
            guard state.found == nil, state.error == nil,
                state.next < self.convergence.histories
            else { return nil }
            state.next += 1
            return state.next - 1
        }
    }

    private func seed(_ number: Int) -> UInt64 { self.options.seed &+ UInt64(number) }

    private func replayHistory(_ number: Int) {
        let events = makeHistory(
            seed: self.seed(number),
            size: self.size,
            shape: self.setting.shape
        )
        let result = Result { try replay(events, self.setting) }
        let done = self.state.withLock { state in
            state.done += 1
            for event in events { state.eventCounts[event.kind, default: 0] += 1 }
            switch result {
            case .success(let failure?):
                if (state.found?.number ?? Int.max) > number {
                    state.found = Found(number: number, events: events, failure: failure)
                }
            case .success(nil): break
            case .failure(let error): state.error = error
            }
            return state.done
        }
        if done.isMultiple(of: 10) {
            self.options.progress("\(done) of \(self.convergence.histories) histories")
        }
    }

    /// The failure in words, with the shortest history that was found to show it.
    func describe(_ found: Found) -> String {
        let kind = found.failure.kind
        let shortest = shrink(
            Array(found.events[...found.failure.event]),
            limit: Self.shrinkLimit
        ) { candidate in
            (try? replay(candidate, self.setting))??.kind == kind
        }
        let failure = (try? replay(shortest, self.setting)) ?? found.failure
        let steps = shortest.enumerated().map { "  \($0 + 1). \($1)" }
        return """
            \(kind.rawValue): \(failure.message)
            history \(found.number), event \(found.failure.event + 1) of \(found.events.count); \
            again: millrace selftest convergence --histories 1 --seed \(self.seed(found.number)) \
            --steps \(self.convergence.steps) --workers \(self.convergence.workers)\
            \(self.options.isQuick ? " --quick" : "")
            the shortest history that was found to fail so:
            \(steps.joined(separator: "\n"))
            """
    }
}
