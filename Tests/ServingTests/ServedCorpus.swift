import Foundation
import HTTPTypes
import Hashing
import Hummingbird
import HummingbirdTesting
import Logging
import MillraceSearch
import Operations
import Records
import Testing

@testable import Serving

/// An index and the server of it.
struct ServedCorpus: Sendable {
    let corpus: PublishedCorpus
    let index: SearchIndex
    let answering: Answering

    /// Tokens by name: what each may is in its line.
    static let tokens = """
        {"name":"reader","sha256":"\(sha256("reader-token").hex)","roles":["reader"],"labels":["*"]}
        {"name":"team-a","sha256":"\(sha256("a-token").hex)","roles":["reader"],"labels":["team-a"]}
        {"name":"team-b","sha256":"\(sha256("b-token").hex)","roles":["reader"],"labels":["team-b"]}
        {"name":"prometheus","sha256":"\(sha256("metrics-token").hex)","roles":["metrics"]}
        {"principal":"alice","roles":["reader"],"labels":["team-b"]}
        {"principal":"group:staff","roles":["reader"],"labels":["team-a"]}
        """

    init(
        documents: [CorpusDocument] = tenantDocuments(40),
        isClosed: Bool = true,
        keys: BearerKeys? = nil,
        limits: RequestLimits = RequestLimits(),
        reranking: SharedReranking? = nil,
        log: Logger? = nil
    ) async throws {
        self.corpus = try PublishedCorpus(documents)
        self.index = try await SearchIndex.open(
            workspace: self.corpus.path,
            options: SearchIndex.Options(refreshInterval: nil)
        )
        let list = isClosed ? try AccessList(text: Self.tokens, path: "tokens") : nil
        self.answering = Answering(
            index: self.index,
            gate: Gatekeeper(list, keys: keys),
            host: HostGuard(isLoopback: !isClosed),
            limits: limits,
            servesTools: true,
            reranking: reranking,
            log: log
        )
    }

    func application() throws -> Application<Answering> {
        Serving.application(self.answering, try ListenAddress("127.0.0.1:0")) { _ in }
    }

    /// Calls `body` with the port of the server at work, with all the limits of its connections.
    func listening(_ body: @escaping @Sendable (Int) async throws -> Void) async throws {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let address = try ListenAddress("127.0.0.1:0")
        let application = Serving.application(self.answering, address) { text in
            port.yield(Int(text.split(separator: ":").last ?? "") ?? 0)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            for await number in ports {
                try await body(number)
                break
            }
            group.cancelAll()
            while await group.nextResult() != nil {}
        }
    }
}

extension TestClientProtocol {
    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        token: String? = "reader-token",
        headers: HTTPFields = [:],
        body: String? = nil
    ) async throws -> TestResponse {
        var headers = headers
        if let token { headers[.authorization] = "Bearer \(token)" }
        if body != nil, headers[.contentType] == nil { headers[.contentType] = "application/json" }
        return try await self.execute(
            uri: path,
            method: method,
            headers: headers,
            body: body.map { ByteBuffer(string: $0) }
        )
    }
}

extension TestResponse {
    var text: String { String(buffer: self.body) }

    func json() throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(self.text.utf8))
        return try #require(value as? [String: Any])
    }
}
