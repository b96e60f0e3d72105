internal import Dispatch
internal import Faults
internal import Foundation
internal import Synchronization

/// The cases of one self-test, each phase and fault a series of ascending operations.
final class CrashSweep: Sendable {
    private struct Series: Hashable {
        var phase: CrashPhase
        var action: FaultPlan.Action
    }

    private struct State {
        var nextCase = 0
        var done = 0
        /// The smallest operation that failed, and how.
        var failures: [Series: (number: Int, message: String)] = [:]
        var error: (any Error)?

        mutating func note(_ message: String, of trial: CrashCase) {
            let series = Series(phase: trial.phase, action: trial.action)
            if let known = self.failures[series], known.number <= trial.number { return }
            self.failures[series] = (trial.number, message)
        }
    }

    /// Choice: some sixty cases, four of each kind of fault in each phase at least.
    private static let quickStride = 97
    private static let casesPerSeriesMinimum = 4

    private let bench: CrashBench
    private let options: SelftestOptions
    private let crash: CrashOptions
    private let candidates: [Series: [Int]]
    private let cases: [CrashCase]
    private let state = Mutex(State())

    init(bench: CrashBench, options: SelftestOptions, crash: CrashOptions) {
        self.bench = bench
        self.options = options
        self.crash = crash
        let stride = max(1, crash.stride ?? (options.isQuick ? Self.quickStride : 1))
        var candidates: [Series: [Int]] = [:]
        var cases: [CrashCase] = []
        for phase in crash.phases {
            for (offset, action) in crash.faults.enumerated() {
                let numbers = action.numbers(in: bench.operations[phase] ?? [])
                candidates[Series(phase: phase, action: action)] = numbers
                let step = min(stride, max(1, numbers.count / Self.casesPerSeriesMinimum))
                let chosen =
                    crash.number.map { [$0] }
                    ?? numbers.enumerated().filter { ($0.offset + offset) % step == 0 }
                    .map(\.element)
                cases += chosen.map { CrashCase(phase: phase, action: action, number: $0) }
            }
        }
        self.candidates = candidates
        self.cases = cases
    }

    func run() throws -> SelftestReport {
        let places = try (0..<max(1, self.crash.lanes)).map { job in
            try CrashPlace(self.bench, name: "job-\(job)")
        }
        DispatchQueue.concurrentPerform(iterations: places.count) { job in
            do { try self.work(in: places[job]) } catch { self.state.withLock { $0.error = error } }
        }
        if let error = self.state.withLock({ $0.error }) { throw error }
        if self.crash.number == nil { try self.shrink(in: places[0]) }
        return self.report()
    }

    private func work(in place: CrashPlace) throws {
        while let trial = self.take() {
            let message = try place.performTrial(trial, bench: self.bench)
            let done = self.state.withLock { state in
                state.done += 1
                if let message { state.note(message, of: trial) }
                return state.done
            }
            if done.isMultiple(of: 100) {
                self.options.progress("crash: \(done) of \(self.cases.count) cases")
            }
        }
    }

    /// The next case; cases of a series that failed at a smaller operation are passed over.
    private func take() -> CrashCase? {
        self.state.withLock { state in
            while state.nextCase < self.cases.count {
                let trial = self.cases[state.nextCase]
                state.nextCase += 1
                let failure = state.failures[Series(phase: trial.phase, action: trial.action)]
                if let failure, failure.number < trial.number { continue }
                return trial
            }
            return nil
        }
    }

    /// Looks for the smallest operation that fails among those the stride passed over.
    private func shrink(in place: CrashPlace) throws {
        let failures = self.state.withLock { $0.failures }
        for (series, failure) in failures {
            let tried = Set(
                self.cases.filter { $0.phase == series.phase && $0.action == series.action }
                    .map(\.number)
            )
            for number in self.candidates[series] ?? []
            where number < failure.number && !tried.contains(number) {
                let trial = CrashCase(phase: series.phase, action: series.action, number: number)
                guard let message = try place.performTrial(trial, bench: self.bench) else {
                    continue
                }
                self.state.withLock { $0.failures[series] = (number, message) }
                break
            }
        }
    }

    private func report() -> SelftestReport {
        let (done, failures) = self.state.withLock { ($0.done, $0.failures) }
        var report = SelftestReport(
            name: "crash",
            seed: self.options.seed,
            caseCount: done,
            caseName: "faults",
            seconds: 0
        )
        report.failures = failures.map { series, failure in
            let trial = CrashCase(
                phase: series.phase,
                action: series.action,
                number: failure.number
            )
            return
                "\(trial) (\(self.describe(trial))): \(failure.message); again: millrace selftest "
                + "crash --seed \(self.options.seed) --phase \(trial.phase.rawValue) "
                + "--fault \(trial.action.rawValue) --number \(trial.number)"
        }.sorted()
        report.details = self.crash.phases.map { phase in
            let operations = self.bench.operations[phase] ?? []
            let counts = Dictionary(grouping: operations, by: \.kind).mapValues(\.count)
                .sorted { $0.key.rawValue < $1.key.rawValue }
                .map { "\($0.key.rawValue) \($0.value)" }
            return "  a \(phase.rawValue) has \(operations.count) operations: "
                + counts.joined(separator: ", ")
        }
        let faults = self.crash.faults.map { fault in
            "\(fault.rawValue) \(self.cases.count { $0.action == fault })"
        }
        report.details.append("  faults: " + faults.joined(separator: ", "))
        return report
    }

    /// The operation as it was when nothing failed.
    private func describe(_ trial: CrashCase) -> String {
        guard let operations = self.bench.operations[trial.phase],
            operations.indices.contains(trial.number - 1)
        else { return "past the end" }
        let operation = operations[trial.number - 1]
        let path = operation.path.replacing(
            "\(self.bench.root)/learn-\(trial.phase.rawValue)/",
            with: ""
        )
        return "\(operation.kind.rawValue) of \(path)"
    }
}
