internal import ArgumentParser

/// Hands over to `millrace-selftest`: what injects faults is no part of this program.
struct SelftestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "selftest",
        abstract: "Show on this machine that the promises hold, with documents made by seed.",
        discussion: "convergence, crash, vanish, hostile, cheap-changes, leak or all; "
            + "'millrace selftest NAME --help' tells more."
    )

    @Argument(parsing: .captureForPassthrough, help: "What millrace-selftest takes.")
    var arguments: [String] = []

    mutating func run() throws { try handOver(to: "millrace-selftest", self.arguments) }
}
