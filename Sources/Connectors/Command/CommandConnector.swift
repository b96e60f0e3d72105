internal import Dataflow
internal import Dispatch
internal import Foundation
internal import Records
internal import Synchronization

/// Documents that a program lists and reads.
///
/// `PROGRAM list` writes a line of JSON for each document: `{"id": …, "version": …}` and, where it knows
/// them, `size`, `modified` (seconds since 1970), `media_type`, `title`, `metadata` and `labels`; the
/// content itself as `text` or `base64`, if that costs nothing. `{"problem": …}` says that something could
/// not be listed. `{"checkpoint": …}` is given back as `PROGRAM list --since CHECKPOINT`; where the first
/// line then is `{"delta": true}`, only changes follow, `{"deleted": ID}` among them.
///
/// `PROGRAM read` takes a line `{"id": …}` at a time and answers each with a line: `text` or `base64`, and
/// the above where only reading tells, or `{"error": CODE, "message": …, "retry_after": SECONDS}` with one
/// of the codes of ``ConnectorError``.
struct CommandConnector: Connector {
    private let lines: LineListing
    private let readers: CommandReaders
    private let maximumBytes: Int

    private static let lineBytesBeside = 1 << 20

    init(_ settings: SourceSettings) throws(ConnectorError) {
        let command = settings.values.strings("command")
        guard !command.isEmpty else { throw settings.failure("command", "the command is empty") }
        let directory = settings.directory
        let lineBytes = 6 * settings.maximumBytes + Self.lineBytesBeside
        self.maximumBytes = settings.maximumBytes
        self.readers = CommandReaders(
            command: command + ["read"],
            directory: directory,
            lineBytesMaximum: lineBytes
        )
        self.lines = LineListing(
            source: settings.name,
            interpreter: CommandInterpreter(source: settings.name),
            lineBytesMaximum: lineBytes
        ) { (since) throws(ConnectorError) in
            let checkpoint = since.map { ["--since", String(decoding: $0, as: UTF8.self)] } ?? []
            return try ChildProgram(command + ["list"] + checkpoint, directory: directory)
        }
    }

    var capabilities: ConnectorCapabilities {
        ConnectorCapabilities(givesDeltas: true, hasLabels: true)
    }

    func page(after cursor: ListingCursor?) async throws(ConnectorError) -> ListingPage {
        try await self.lines.page(after: cursor)
    }

    func read(_ item: ListedItem, maximumBytes: Int) async throws(ConnectorError) -> SourceDocument
    {
        if let content = item.content { return content }
        if let refusal = item.refusal { throw refusal }
        let id = JSONValue.string(String(decoding: item.token, as: UTF8.self))
        let question = JSONValue.object([JSONValue.Member(key: "id", value: id)])
        let answer = try await self.readers.answer(to: question)
        if let code = answer["error"]?.text { throw self.error(code, answer, item.uri) }
        let said = CommandDocument(answer)
        let document = try said.document(of: item.uri)
        guard let document else {
            throw ConnectorError(
                .permanent,
                path: item.uri,
                "the program answered without 'text', 'base64' or 'error'"
            )
        }
        let limit = min(maximumBytes, self.maximumBytes)
        guard document.bytes.count <= limit else {
            throw ConnectorError(
                .tooLarge,
                path: item.uri,
                "it has \(document.bytes.count) bytes, limit \(limit); raise 'maximum_bytes' to read it"
            )
        }
        return document
    }

    private func error(_ code: String, _ answer: JSONValue, _ uri: String) -> ConnectorError {
        let said = answer["message"]?.text ?? "the program could not read it"
        let known = ["throttled", "transient", "gone", "forbidden", "too_large", "permanent"]
        let seconds = answer["retry_after"]?.text.flatMap(Double.init) ?? -1
        return ConnectorError(
            known.contains(code) ? ConnectorError.Code(rawValue: code) ?? .permanent : .permanent,
            path: uri,
            String(said.prefix(300)),
            retryAfter: (0..<1e6).contains(seconds) ? .milliseconds(Int64(seconds * 1000)) : nil
        )
    }
}

/// What a line of the program says of a document.
struct CommandDocument {
    private let line: JSONValue

    init(_ line: JSONValue) { self.line = line }

    var mediaType: MediaType? { self.line["media_type"]?.text.map { MediaType($0) } }
    var title: String { self.line["title"]?.text ?? "" }

    var metadata: [String: String] {
        guard case .object(let members)? = self.line["metadata"] else { return [:] }
        var metadata: [String: String] = [:]
        for member in members { metadata[member.key] = member.value.text }
        return metadata
    }

    /// Nil where the line says nothing of labels.
    func labels(of uri: String) throws(ConnectorError) -> [String]? {
        guard let value = self.line["labels"], value != .null else { return nil }
        guard let labels = value.strings else {
            throw ConnectorError(.permanent, path: uri, "its 'labels' are no list of texts")
        }
        return try Labels.checked(labels, of: uri)
    }

    /// Nil where the line holds no content.
    func document(of uri: String) throws(ConnectorError) -> SourceDocument? {
        let bytes: [UInt8]
        if case .string(let text)? = self.line["text"] {
            bytes = Array(text.utf8)
        } else if case .string(let text)? = self.line["base64"] {
            guard let data = Data(base64Encoded: text) else {
                throw ConnectorError(.permanent, path: uri, "its 'base64' cannot be decoded")
            }
            bytes = [UInt8](data)
        } else {
            return nil
        }
        return SourceDocument(
            bytes: bytes,
            mediaType: self.mediaType,
            title: self.title,
            metadata: self.metadata,
            labels: try self.labels(of: uri)
        )
    }
}

/// What the lines of `PROGRAM list` mean.
struct CommandInterpreter: LineInterpreter {
    let source: String

    var isDeltaUnsaid: Bool { false }

    func finding(in line: JSONValue) -> LineFinding {
        if let problem = line["problem"]?.text { return .problem(String(problem.prefix(300))) }
        if line["delta"]?.isSet ?? false { return .delta }
        if let id = line["deleted"]?.text { return .deleted(self.item(id).id) }
        if let checkpoint = line["checkpoint"]?.text { return .checkpoint(Array(checkpoint.utf8)) }
        guard let id = line["id"]?.text, !id.isEmpty else {
            return .problem("it has no 'id', 'deleted', 'checkpoint', 'delta' or 'problem'")
        }
        do throws(ConnectorError) {
            return .document(try self.item(id, line))
        } catch {
            return .document(.refused(source: self.source, place: id, error))
        }
    }

    private func item(_ id: String, _ line: JSONValue = .null) throws(ConnectorError) -> ListedItem
    {
        let said = CommandDocument(line)
        let bare = self.item(id)
        let content = try said.document(of: bare.uri)
        let modified = line["modified"]?.text.flatMap(Double.init)
        return ListedItem(
            source: self.source,
            place: id,
            version: self.version(line, content),
            size: line["size"]?.int ?? content?.bytes.count,
            modificationNanoseconds: modified.flatMap { Int64(exactly: ($0 * 1e9).rounded()) },
            mediaType: said.mediaType,
            title: said.title,
            metadata: said.metadata,
            labels: try said.labels(of: bare.uri),
            content: content
        )
    }

    private func item(_ id: String) -> ListedItem {
        ListedItem(source: self.source, place: id, version: .unknown)
    }

    /// What the program calls it, with what else it says of the document; without a word of its version, the
    /// content that came with it.
    private func version(_ line: JSONValue, _ content: SourceDocument?) -> ItemVersion {
        var fields = CursorFields()
        if let version = line["version"]?.text {
            fields.add(version)
        } else if let content {
            fields.add(content.bytes)
        } else {
            return .unknown
        }
        let said = CommandDocument(line)
        fields.add(said.mediaType?.name ?? "")
        fields.add(said.title)
        for (key, value) in said.metadata.sorted(by: { $0.key < $1.key }) {
            fields.add(key)
            fields.add(value)
        }
        return ItemVersion(of: fields.bytes)
    }
}

/// Programs that answer one question at a time; as many run as questions are asked together.
final class CommandReaders: Sendable {
    private let command: [String]
    private let directory: String
    private let lineBytesMaximum: Int
    private let idle = Mutex<[ChildProgram]>([])

    init(command: [String], directory: String, lineBytesMaximum: Int) {
        self.command = command
        self.directory = directory
        self.lineBytesMaximum = lineBytesMaximum
    }

    func answer(to question: JSONValue) async throws(ConnectorError) -> JSONValue {
        let line = question.written + [UInt8(ascii: "\n")]
        return try await waiting(on: DispatchQueue(label: "millrace.program")) {
            () throws(ConnectorError) in
            let program: ChildProgram
            if let idle = self.idle.withLock({ $0.popLast() }) {
                program = idle
            } else {
                program = try ChildProgram(
                    self.command,
                    directory: self.directory,
                    takesInput: true
                )
            }
            try program.write(line)
            guard let answer = try program.readLine(maximumBytes: self.lineBytesMaximum) else {
                throw program.failure(.transient, "it ended instead of answering")
            }
            guard let value = JSONValue(answer[...]) else {
                throw program.failure(.permanent, "its answer is no line of JSON")
            }
            self.idle.withLock { $0.append(program) }
            return value
        }
    }
}
