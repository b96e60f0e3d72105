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

    /// Killed, torn and cut off while the shards are exchanged: the old ones or the new ones are there.
    @Test(
        .enabled(if: Command.isBuilt, Command.absence),
        arguments: ["kill", "power-cut", "disk-full"]
    )
    func faultsAtSomeOperationsOfAReshardLeaveOneOfTheTwo(fault: String) throws {
        let result = try Command.run(
            [
                "selftest", "crash", "--phase", "reshard", "--fault", fault, "--stride", "40",
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
