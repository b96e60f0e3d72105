import Testing

/// The crash self-test as an operator runs it; its children are the built binary.
@Suite struct CrashSelftestTests {
    @Test(.enabled(if: Command.isBuilt, Command.absence))
    func faultsAtSomeOperationsOfASyncLeaveNoTrace() throws {
        let result = try Command.run(
            [
                "selftest", "crash", "--phase", "sync", "--fault", "kill", "--stride", "120",
                "--json",
            ]
        )
        #expect(result.exitCode == 0, "\(result.output)")
        #expect(result.output.contains("\"caseCount\":"))
    }

    /// Files that take their name unsynced are lost by a power cut.
    @Test(.enabled(if: Command.isBuilt, Command.absence))
    func plantedFlawIsFoundAndItsOperationNamed() throws {
        let result = try Command.run([
            "selftest", "crash", "--phase", "sync", "--fault", "power-cut", "--stride", "5",
            "--plant-bug",
        ])
        #expect(result.exitCode == 1)
        #expect(result.output.contains("FAILED crash"))
        #expect(result.output.contains("power-cut at operation"))
    }
}
