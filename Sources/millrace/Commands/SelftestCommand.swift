internal import ArgumentParser
internal import Console
internal import Glibc
internal import Operations

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

    mutating func run() throws {
        let program = "millrace-selftest"
        let path = programBeside(program)
        var words = ([program] + self.arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        execv(path, &words)
        throw OperationError(
            .configuration,
            "\(path) cannot be started: \(String(cString: strerror(errno))). In a checkout, "
                + "'swift build -c release --product millrace' builds it; elsewhere install "
                + "\(program) of the same release beside millrace"
        )
    }
}
