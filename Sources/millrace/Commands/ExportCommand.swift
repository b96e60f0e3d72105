internal import ArgumentParser
internal import Console
internal import Operations

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Bring the chunks of the published snapshot to another system.",
        discussion: """
            Each sends what is new or changed, deletes what is gone, and compares the counts at the end; a second \
            run sends nothing. One that was cut short is finished by the next.

              millrace export jsonl PIPELINE --output chunks.jsonl
              millrace export pgvector PIPELINE --table chunks     # PGHOST, PGUSER … or --dsn-env NAME
              millrace export qdrant PIPELINE --url http://localhost:6333 --collection chunks
            """,
        subcommands: [
            ExportLinesCommand.self, ExportArraysCommand.self, ExportParquetCommand.self,
            ExportPostgresCommand.self, ExportQdrantCommand.self, ExportOpenSearchCommand.self,
        ]
    )
}

/// What every export takes.
struct ExportArguments: ParsableArguments {
    @OptionGroup var reader: ReaderArguments

    @Option(name: .long, help: "The index to export, where a pipeline has several.")
    var index: String?

    func run(_ destination: ExportDestination, verifies: Bool = false) throws {
        self.reader.output.bootstrap()
        var request = ExportRequest(
            workspace: try self.reader.workspace(),
            destination: destination
        )
        request.index = self.index
        request.verifies = verifies
        let report = try export(request)
        try printReport(report, JSONForm("export"), as: self.reader.output) {
            "snapshot \(report.snapshot) → \(report.target): \(grouped(report.inserted)) new, "
                + "\(grouped(report.updated)) changed, \(grouped(report.deleted)) deleted, "
                + "\(grouped(report.unchanged)) as they were; \(plural(report.rows, "row")) in all"
        }
    }
}

struct ExportLinesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jsonl",
        abstract: "One JSON object a chunk, in a file."
    )

    @OptionGroup var arguments: ExportArguments

    @Option(name: [.long, .customShort("o")], help: "The file.")
    var output: String

    @Flag(name: .long, help: "With each chunk's vector, as embedding.")
    var vectors = false

    mutating func run() throws {
        try self.arguments.run(
            .lines(path: absolutePath(self.output), withVectors: self.vectors)
        )
    }
}

struct ExportArraysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "npy",
        abstract: "vectors.npy and chunks.jsonl, row by row the same, in a folder."
    )

    @OptionGroup var arguments: ExportArguments

    @Option(name: [.long, .customShort("o")], help: "The folder.")
    var output: String

    mutating func run() throws { try self.arguments.run(.arrays(path: absolutePath(self.output))) }
}

struct ExportParquetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parquet",
        abstract: "A Parquet file; needs python3 with pyarrow."
    )

    @OptionGroup var arguments: ExportArguments

    @Option(name: [.long, .customShort("o")], help: "The file.")
    var output: String

    mutating func run() throws { try self.arguments.run(.parquet(path: absolutePath(self.output))) }
}

struct ExportPostgresCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pgvector",
        abstract: "A table of PostgreSQL, by COPY, in one transaction.",
        discussion:
            "Vectors are of pgvector's type where the server has the extension, else real[]. What is "
            + "not in the connection string is taken from PGHOST, PGUSER, PGPASSWORD, ~/.pgpass and so on."
    )

    @OptionGroup var arguments: ExportArguments

    @Option(name: .long, help: "NAME or SCHEMA.NAME; made where it is not there.")
    var table: String

    @Option(name: .long, help: "The connection string, without a password.")
    var dsn: String?

    @Option(name: .long, help: "The environment variable that holds the connection string.")
    var dsnEnv: String?

    @Flag(name: .long, help: "Compare every row, also where the target says that all is there.")
    var verify = false

    func validate() throws {
        guard self.dsn == nil || self.dsnEnv == nil else {
            throw ValidationError("give --dsn or --dsn-env, not both")
        }
    }

    mutating func run() throws {
        let dsn = self.dsnEnv.map { SecretSource.environment($0) } ?? .given(self.dsn ?? "")
        try self.arguments.run(.postgres(dsn: dsn, table: self.table), verifies: self.verify)
    }
}

struct ExportQdrantCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "qdrant",
        abstract: "A collection of Qdrant."
    )

    @OptionGroup var arguments: ExportArguments

    @Option(name: .long, help: "The server, as in http://localhost:6333.")
    var url: String

    @Option(name: .long, help: "The collection; made where it is not there.")
    var collection: String

    @Option(name: .long, help: "The environment variable that holds the API key.")
    var keyEnv: String?

    @Flag(name: .long, help: "Compare every row, also where the target says that all is there.")
    var verify = false

    mutating func run() throws {
        try self.arguments.run(
            .qdrant(
                url: self.url,
                collection: self.collection,
                key: self.keyEnv.map { .environment($0) }
            ),
            verifies: self.verify
        )
    }
}

struct ExportOpenSearchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "opensearch",
        abstract: "An index of OpenSearch or Elasticsearch."
    )

    @OptionGroup var arguments: ExportArguments

    @Option(name: .long, help: "The server, as in https://localhost:9200.")
    var url: String

    @Option(name: .long, help: "The index of the server; made where it is not there.")
    var name: String

    @Option(
        name: .long,
        help:
            "The environment variable that holds the header Authorization, as in 'ApiKey …' or 'Basic …'."
    )
    var keyEnv: String?

    @Flag(name: .long, help: "Compare every row, also where the target says that all is there.")
    var verify = false

    mutating func run() throws {
        try self.arguments.run(
            .openSearch(
                url: self.url,
                index: self.name,
                authorization: self.keyEnv.map { .environment($0) }
            ),
            verifies: self.verify
        )
    }
}
