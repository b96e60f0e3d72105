import Foundation
import Testing

@testable import Selftest

@Suite struct RegressionSelftestTests {
    @Test func theGateStopsBadNightsAndNoHarmlessOne() throws {
        var options = SelftestOptions()
        options.isQuick = true
        let report = try selftestRegressions(options)
        #expect(report.isSound, "\(report.failures) \(report.details)")
        // Without the files of a model there is no wrong prefix.
        #expect(report.caseCount >= 19 + HarmlessChange.allCases.count)
        #expect(PlantedRegression.allCases.count == 20)
        #expect(HarmlessChange.allCases.reduce(0) { $0 + $1.count } == 50)
    }

    /// All fifty harmless nights on the whole collection: ten minutes.
    @Test(
        .enabled(
            if: ProcessInfo.processInfo.environment["MILLRACE_SLOW_TESTS"] == "1",
            "set MILLRACE_SLOW_TESTS=1 for fifty nights"
        )
    )
    func noneOfFiftyHarmlessNightsIsStopped() throws {
        let report = try selftestRegressions(SelftestOptions())
        #expect(report.isSound, "\(report.failures) \(report.details)")
        #expect(report.caseCount >= 69)
    }

    @Test func aGateThatHoldsNothingIsFoundOut() throws {
        var options = SelftestOptions()
        options.isQuick = true
        options.plantsBug = true
        let failures = try selftestRegressions(options).failures
        #expect(failures.contains { $0.hasPrefix("not seen: wrongModel, noVectors") })
    }
}
