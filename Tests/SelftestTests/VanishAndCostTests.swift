import Testing

@testable import Selftest

@Suite struct VanishSelftestTests {
    @Test func nothingVanishesUnasked() throws {
        let report = try selftestVanish(SelftestOptions())
        #expect(report.isSound, "\(report.failures)")
        #expect(report.caseCount >= 8)
    }

    @Test func indexWithoutItsGuardIsFoundOut() throws {
        var options = SelftestOptions()
        options.plantsBug = true
        let failures = try selftestVanish(options).failures
        #expect(failures.contains { $0.hasPrefix("halved: exit code 0, expected 4") })
        #expect(failures.contains("halved: 30 of 60 documents are no longer found"))
    }
}

@Suite struct CheapChangesSelftestTests {
    @Test func everyChangeCostsItsLeast() throws {
        let report = try selftestCheapChanges(SelftestOptions())
        #expect(report.isSound, "\(report.failures)")
        // The table has a line for its head.
        #expect(report.details.count == report.caseCount + 1)
    }

    @Test func touchThatReadsEverythingIsFoundOut() throws {
        var options = SelftestOptions()
        options.plantsBug = true
        let failures = try selftestCheapChanges(options).failures
        #expect(failures.count == 1)
        #expect(failures.first?.hasPrefix("touch a document: costs read 28,") == true)
    }
}
