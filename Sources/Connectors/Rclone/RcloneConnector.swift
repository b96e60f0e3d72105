internal import Dataflow
internal import Dispatch
internal import Objects
internal import Records
internal import Synchronization

/// The files of a remote, listed and read by the `rclone` program.
///
/// A version is all that the remote tells of a file: its size, its time, its hashes, and its id where it has
/// one. What rclone may reach is its own configuration's business; no credential passes through here.
final class RcloneConnector: Connector {
    private let program: RcloneProgram
    private let lines: LineListing
    private let maximumBytes: Int
    private let transport: HTTPTransport
    private let queue = DispatchQueue(label: "millrace.rclone")
    private let server = Mutex<RcloneServer?>(nil)

    private static let lineBytesMaximum = 1 << 20
    private static let readTimeout: Duration = .seconds(900)

    init(_ settings: SourceSettings) throws(ConnectorError) {
        let values = settings.values
        let program = try RcloneProgram(settings)
        self.program = program
        self.maximumBytes = settings.maximumBytes
        self.transport = HTTPTransport(
            connectionsPerHost: max(
                16,
                values.int("concurrency", default: CommonSourceKeys.concurrencyByDefault)
            )
        )
        let interpreter = RcloneInterpreter(
            source: settings.name,
            patterns: try PlacePatterns(
                include: values.strings("include"),
                exclude: values.strings("exclude"),
                of: settings.name
            )
        )
        self.lines = LineListing(
            source: settings.name,
            interpreter: interpreter,
            lineBytesMaximum: Self.lineBytesMaximum
        ) { (_) throws(ConnectorError) in try RcloneLines(program) }
    }

    var capabilities: ConnectorCapabilities { ConnectorCapabilities() }

    func page(after cursor: ListingCursor?) async throws(ConnectorError) -> ListingPage {
        try await self.lines.page(after: cursor)
    }

    func read(_ item: ListedItem, maximumBytes: Int) async throws(ConnectorError) -> SourceDocument
    {
        let limit = min(maximumBytes, self.maximumBytes)
        if let size = item.size, size > limit { throw Self.tooLarge(item, limit) }
        let server = try await self.runningServer()
        let response: HTTPResponse
        do throws(RemoteFailure) {
            response = try await self.transport.send(
                HTTPRequest(
                    url: server.url(of: item.token, in: self.program.remote),
                    headers: [("authorization", server.authorization.value)],
                    timeout: Self.readTimeout,
                    maximumBytes: limit
                )
            )
        } catch {
            if error.kind == .tooLarge { throw Self.tooLarge(item, limit) }
            if error.code == RemoteFailure.noConnection { self.letGo(of: server) }
            throw ConnectorError(error, path: item.uri)
        }
        guard response.status == 200 else { throw Self.refusal(response, of: item) }
        return SourceDocument(bytes: response.body)
    }

    private static func tooLarge(_ item: ListedItem, _ limit: Int) -> ConnectorError {
        let size = item.size.map { "\($0) bytes" } ?? "more bytes than that"
        return ConnectorError(
            .tooLarge,
            path: item.uri,
            "it has \(size), limit \(limit); raise 'maximum_bytes' to read it"
        )
    }

    /// What rclone answers is the remote's fault and may pass, unless the file is not there.
    private static func refusal(_ response: HTTPResponse, of item: ListedItem) -> ConnectorError {
        let said = JSONValue(response.body[...])?["error"]?.text ?? "status \(response.status)"
        let isGone = response.status == 404 || said.hasSuffix("is a directory not a file")
        return ConnectorError(
            isGone ? .gone : .transient,
            path: item.uri,
            "rclone could not read it: \(printable(said))"
        )
    }

    // MARK: The server

    private func runningServer() async throws(ConnectorError) -> RcloneServer {
        if let server = self.server.withLock({ $0 }) { return server }
        return try await waiting(on: self.queue) { () throws(ConnectorError) in
            if let server = self.server.withLock({ $0 }) { return server }
            let server = try RcloneServer(self.program)
            self.server.withLock { $0 = server }
            return server
        }
    }

    /// The next read starts another one.
    private func letGo(of server: RcloneServer) {
        self.server.withLock { if $0 === server { $0 = nil } }
    }

    /// What `doctor` says where all of it works.
    func checked() async throws(ConnectorError) -> String {
        let page = try await self.page(after: nil)
        _ = try await self.runningServer()
        let more = page.next == nil ? "" : " at least"
        return "\(self.program.remote): it lists\(more) \(page.items.count) documents, by rclone"
    }
}

/// Without control characters, and bounded.
func printable(_ text: String) -> String {
    var shown = ""
    shown.unicodeScalars.append(
        contentsOf: text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.prefix(300)
    )
    return shown
}
