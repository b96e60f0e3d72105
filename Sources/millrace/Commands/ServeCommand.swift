internal import ArgumentParser

/// Hands over to `millrace-serve`: this program links no HTTP server.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Answer searches over HTTP, or as tools of an assistant over MCP.",
        discussion: "millrace serve PIPELINE [--listen HOST:PORT] [--tokens FILE] [--mcp]; "
            + "'millrace serve --help' tells more."
    )

    @Argument(parsing: .captureForPassthrough, help: "What millrace-serve takes.")
    var arguments: [String] = []

    mutating func run() throws { try handOver(to: "millrace-serve", self.arguments) }
}
