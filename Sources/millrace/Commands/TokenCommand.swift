internal import ArgumentParser
internal import Console
internal import Operations

struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Tokens for callers of 'millrace serve'.",
        subcommands: [TokenNewCommand.self]
    )
}

struct TokenNewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Print a new token and the line by which the server knows it.",
        usage: "millrace token new NAME [--role reader|metrics|operator …] [--label LABEL …]",
        discussion: """
            The line goes to standard output, the token to standard error and nowhere else:
              millrace token new alice --label team-a >> tokens.jsonl
            """
    )

    enum Role: String, ExpressibleByArgument, CaseIterable { case reader, metrics, `operator` }

    @Argument(help: "Whose token it is: 1 to 64 letters, digits and . _ - @")
    var name: String

    @Option(
        name: .long,
        parsing: .singleValue,
        help:
            "reader (the default) searches, metrics reads /metrics, operator acts on the page at /ui. Repeatable."
    )
    var role: [Role] = []

    @Option(
        name: .long,
        parsing: .singleValue,
        help:
            "A label whose documents it sees, or * for all; without any, documents without labels. May be repeated."
    )
    var label: [String] = []

    @OptionGroup var output: OutputOptions

    mutating func run() throws {
        self.output.bootstrap()
        let roles = self.role.isEmpty ? [.reader] : self.role
        let made = try makeToken(
            name: self.name,
            roles: roles.map(\.rawValue),
            labels: self.label
        )
        if self.output.json { return try printJSON(made, JSONForm("token")) }
        printError("token of \(self.name), shown once: \(made.token)")
        printLine(made.line)
    }
}
