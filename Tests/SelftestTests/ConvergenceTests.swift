import Testing

@testable import Selftest

@Suite struct SelftestConvergenceTests {
    private func options(seed: UInt64) -> SelftestOptions {
        var options = SelftestOptions()
        options.seed = seed
        options.isQuick = true
        return options
    }

    private func convergence(histories: Int) -> ConvergenceOptions {
        var convergence = ConvergenceOptions()
        convergence.histories = histories
        convergence.steps = 4
        return convergence
    }

    @Test func historiesEndLikeFreshBackfills() throws {
        let report = try selftestConvergence(self.options(seed: 1), self.convergence(histories: 3))
        #expect(report.isSound, "\(report.failures)")
        #expect(report.caseCount == 3)
    }

    @Test func editThatTheComparisonDoesNotKnowIsFoundAndShrunk() throws {
        var options = self.options(seed: 1)
        options.plantsBug = true
        let report = try selftestConvergence(options, self.convergence(histories: 3))
        let failure = try #require(report.failures.first)
        // The comparison sees other documents removed, or others in the same number.
        #expect(failure.hasPrefix("digest: ") || failure.hasPrefix("accounts: "))
        #expect(failure.contains("--seed"))
        // Two additions at most, an edit and a sync are all it takes.
        let steps = failure.split(separator: "\n").filter { $0.hasPrefix("  ") }
        #expect((3...4).contains(steps.count), "\(steps)")
    }

    @Test func everyKindOfEventHappensInFewHistories() {
        var size = HistorySize()
        size.canUseProcesses = true
        let kinds = (0..<30).flatMap { seed in
            makeHistory(seed: seed, size: size, shape: PipelineShape()).map(\.kind)
        }
        #expect(Set(kinds).count == 16)
    }

    @Test func theSameSeedGivesTheSameHistory() {
        let size = HistorySize()
        let one = makeHistory(seed: 5, size: size, shape: PipelineShape())
        #expect(one == makeHistory(seed: 5, size: size, shape: PipelineShape()))
        #expect(one != makeHistory(seed: 6, size: size, shape: PipelineShape()))
    }
}
