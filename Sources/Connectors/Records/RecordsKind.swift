internal import Dataflow
internal import Records

extension SourceKind {
    static let records = SourceKind(
        "records",
        summary:
            "Records as lines of JSON, or as a Singer tap writes them, from a file or a command.",
        keys: [
            ParameterSpec(
                "path",
                .string,
                isOptional: true,
                summary: "A file of JSON lines, or '-' for standard input."
            ),
            ParameterSpec(
                "command",
                .command,
                isOptional: true,
                summary:
                    "A program that writes JSON lines, such as a Singer tap; it runs in the folder of the "
                    + "pipeline file. What it writes as its state is given back with --state."
            ),
            ParameterSpec(
                "stream",
                .string,
                isOptional: true,
                summary: "Of Singer messages, the stream that is taken; all of them without it."
            ),
        ] + RecordMapping.keys,
        make: { (settings) throws(ConnectorError) in try RecordsConnector(settings) }
    )
}

/// Records from a file, standard input or a program; each comes with its listing.
struct RecordsConnector: Connector {
    private let lines: LineListing
    private let isCommand: Bool

    /// What a line may have beside its content.
    private static let lineBytesBeside = 1 << 20

    init(_ settings: SourceSettings) throws(ConnectorError) {
        let command = settings.values.strings("command")
        let path = settings.values.text("path")
        guard command.isEmpty != (path == nil) else {
            throw settings.failure(
                "command",
                "name where the records come from with 'path' or 'command'"
            )
        }
        self.isCommand = path == nil
        let directory = settings.directory
        let file = path.map { $0 == "-" ? $0 : settings.absolutePath($0) }
        self.lines = LineListing(
            source: settings.name,
            interpreter: RecordInterpreter(
                mapping: try RecordMapping(settings),
                stream: settings.values.text("stream")
            ),
            // A character may take six bytes in JSON.
            lineBytesMaximum: 6 * settings.maximumBytes + Self.lineBytesBeside
        ) { (since) throws(ConnectorError) in
            if let file { return try FileLines(path: file) }
            guard let since else { return try ChildProgram(command, directory: directory) }
            let state = try TemporaryState(since)
            return try ChildProgram(
                command + ["--state", state.path],
                directory: directory,
                keeping: state
            )
        }
    }

    var capabilities: ConnectorCapabilities {
        ConnectorCapabilities(givesDeltas: self.isCommand, readsRemotely: false, hasLabels: true)
    }

    func page(after cursor: ListingCursor?) async throws(ConnectorError) -> ListingPage {
        try await self.lines.page(after: cursor)
    }

    func read(_ item: ListedItem, maximumBytes: Int) async throws(ConnectorError) -> SourceDocument
    {
        if let content = item.content { return content }
        throw item.refusal
            ?? ConnectorError(.permanent, path: item.uri, "a record comes with its listing alone")
    }
}

/// Plain records, or Singer's messages around them.
///
/// Source: the Singer specification 0.3: SCHEMA, RECORD and STATE.
struct RecordInterpreter: LineInterpreter {
    let mapping: RecordMapping
    let stream: String?

    /// Where a tap took its state, it names what changed since.
    var isDeltaUnsaid: Bool { true }

    func finding(in line: JSONValue) -> LineFinding {
        guard let type = line["type"]?.text,
            ["RECORD", "SCHEMA", "STATE"].contains(type)
                || type == "ACTIVATE_VERSION"
        else { return self.mapping.finding(in: line) }
        switch type {
        case "RECORD":
            guard let record = line["record"] else { return self.mapping.finding(in: line) }
            guard self.isWanted(line) else { return .nothing }
            return self.mapping.finding(in: record)
        case "STATE":
            guard let value = line["value"] else { return self.mapping.finding(in: line) }
            return .checkpoint(value.written)
        default:
            return line["stream"] == nil ? self.mapping.finding(in: line) : .nothing
        }
    }

    private func isWanted(_ line: JSONValue) -> Bool {
        self.stream.map { line["stream"]?.text == $0 } ?? true
    }
}
