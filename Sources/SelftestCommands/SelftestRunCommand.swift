internal import ArgumentParser
internal import Operations
internal import Selftest

/// The child side of `crash`: a run with a fault in it; started by the program itself.
struct SelftestRunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "selftest-run",
        abstract: "Perform one run for a self-test (started by millrace-selftest itself).",
        shouldDisplay: false
    )

    @Argument(help: "The file with the instructions.")
    var instructions: String

    mutating func run() throws {
        let status = try serveSelftestRun(instructions: self.instructions)
        if status != .clean { throw status }
    }
}
