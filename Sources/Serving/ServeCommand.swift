internal import ArgumentParser
internal import Console
internal import Logging
internal import Objects
internal import Operations
internal import Telemetry

struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Answer searches over HTTP, or as tools of an assistant over MCP.",
        usage: """
            millrace serve PIPELINE [--listen HOST:PORT] [--tokens FILE] [--mcp]
            millrace serve PIPELINE --mcp
            """,
        discussion: """
            Without --tokens it listens on this machine alone. With --mcp and without --listen it speaks the \
            Model Context Protocol on standard input and output; with both it has POST /mcp too.

              millrace token new alice --label team-a >> tokens.jsonl
              millrace serve Pipelines/demo.yml --listen 0.0.0.0:8080 --tokens tokens.jsonl
              curl -H 'Authorization: Bearer …' -H 'Content-Type: application/json' \\
                -d '{"query": "how do I resume a run", "k": 3}' http://localhost:8080/v1/search

            A browser finds the operator's page at /ui: runs as they go, failures, snapshots, search. Tokens with \
            the role 'operator' retry and roll back there.

            SIGHUP reads the tokens again; SIGTERM answers what was asked and ends with 0. TLS is a proxy's.
            """
    )

    @Argument(help: "The pipeline file, unless --workspace is given.")
    var pipeline: String?

    @Option(
        name: .long,
        help: "The workspace folder or its address s3://bucket/prefix, instead of a pipeline file."
    )
    var workspace: String?

    @Option(
        name: .long,
        help: "Where to listen; 127.0.0.1:8080 by default. Port 0 takes a free one."
    )
    var listen: String?

    @Option(name: .long, help: "JSON lines of who may ask; 'millrace token new' prints one.")
    var tokens: String?

    @Option(name: .long, help: "A JSON Web Key Set that JWTs of callers are signed with.")
    var jwtKeys: String?

    @Option(name: .long, help: "What 'iss' of a JWT must be.")
    var jwtIssuer: String?

    @Option(name: .long, help: "What 'aud' of a JWT must hold.")
    var jwtAudience: String?

    @Flag(
        name: .long,
        help: "Serve the tools search and get_chunk over the Model Context Protocol."
    )
    var mcp = false

    @Option(
        name: .long,
        parsing: .singleValue,
        help:
            "Without --tokens: what callers see, beside documents without labels. May be repeated."
    )
    var label: [String] = []

    @Option(name: .long, help: "The index to search, where a pipeline has several.")
    var index: String?

    @Option(name: .customLong("max-k"), help: "The most hits of one answer.")
    var hitCount = RequestLimits().hitCount

    @Option(name: .long, help: "The most bytes of a request's body.")
    var maxBody = RequestLimits().bodyBytes

    @Option(name: .long, help: "The most connections at once.")
    var maxConnections = RequestLimits().connections

    @Option(name: .long, help: "Requests a second of one caller.")
    var rate = RequestLimits().rate

    @Option(name: .long, help: "Seconds for a request's body to arrive, and for a query to wait.")
    var timeout = RequestLimits().seconds

    @Option(name: .long, help: "How log lines on standard error look: text or json.")
    var logFormat: LogFormat = .text

    @Option(name: .long, help: "The least severe log lines to print; requests are info.")
    var logLevel: LogLevel = .info

    func validate() throws {
        guard (self.pipeline == nil) != (self.workspace == nil) else {
            throw ValidationError("name a pipeline file, or a workspace with --workspace DIR")
        }
        guard (1...10_000).contains(self.hitCount) else {
            throw ValidationError("--max-k takes 1 to 10000")
        }
        guard self.maxBody > 0, self.maxConnections > 0, self.rate > 0, self.timeout > 0,
            self.timeout <= 3_600
        else { throw ValidationError("limits are above 0, and --timeout at most 3600") }
        guard self.jwtKeys == nil || self.tokens != nil else {
            throw ValidationError(
                "--jwt-keys needs --tokens, whose lines {\"principal\",\"roles\",\"labels\"} say "
                    + "what each subject may see"
            )
        }
        guard self.label.isEmpty || self.tokens == nil else {
            throw ValidationError(
                "--label is for a server without --tokens; each token has its own"
            )
        }
        if let label = self.label.first(where: { !isLabel($0) }) {
            throw ValidationError("'\(label)' is no label: empty, or with a control character")
        }
    }

    mutating func run() throws {
        bootstrapLogging(
            format: self.logFormat,
            level: Logger.Level(rawValue: self.logLevel.rawValue) ?? .info
        )
        let place =
            try self.workspace.map { try SearchableWorkspace($0) }
            ?? SearchableWorkspace(pipeline: self.pipeline ?? "")
        let settings = try self.settings(place)
        // The threads of the server are its own; this one waits for its end.
        try blocking { try await serve(settings) }
    }

    private func settings(_ workspace: SearchableWorkspace) throws -> ServeSettings {
        var limits = RequestLimits()
        limits.hitCount = self.hitCount
        limits.bodyBytes = self.maxBody
        limits.connections = self.maxConnections
        limits.rate = self.rate
        limits.seconds = self.timeout
        let isStdio = self.mcp && self.listen == nil
        return ServeSettings(
            workspace: workspace,
            pipeline: self.pipeline.map(absolutePath),
            index: self.index,
            address: isStdio ? nil : try ListenAddress(self.listen ?? "127.0.0.1:8080"),
            tokens: self.tokens.map(absolutePath),
            jwtKeys: self.jwtKeys.map(absolutePath),
            jwtIssuer: self.jwtIssuer,
            jwtAudience: self.jwtAudience,
            servesTools: self.mcp,
            labels: self.label.isEmpty ? nil : self.label,
            limits: limits
        )
    }
}
