internal import ArgumentParser
internal import Console

/// Runs `millrace-selftest` with `arguments`; returns its exit code.
public func runSelftestProgram(_ arguments: [String]) -> Int32 {
    prepareProcess()
    return runCommandLine(SelftestProgram.self, arguments)
}

/// The program that shows promises: a selftest for each, and the child that some of them start.
struct SelftestProgram: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "millrace-selftest",
        abstract: "Show on this machine that the promises hold, with documents made by seed.",
        subcommands: [
            ConvergenceCommand.self, CrashCommand.self, VanishCommand.self, HostileCommand.self,
            CheapChangesCommand.self, LeakCommand.self, RegressionsCommand.self, AllCommand.self,
            SelftestRunCommand.self,
        ]
    )
}
