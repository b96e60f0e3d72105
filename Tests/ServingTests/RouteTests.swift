import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import MillraceSearch
import Synchronization
import Testing

@testable import Serving

@Suite struct RouteTests {
    private static func path(_ route: Route) -> String {
        route.rawValue.replacingOccurrences(of: "{id}", with: String(repeating: "0", count: 32))
    }

    private static func body(_ route: Route) -> String? {
        switch route {
        case .search: #"{"query":"w1"}"#
        case .tools: #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#
        default: nil
        }
    }

    /// Who may what: a new route without a role that is thought of fails here.
    @Test(arguments: Route.allCases)
    func everyRouteLetsInWhoMayAndNobodyElse(route: Route) async throws {
        let served = try await ServedCorpus()
        try await served.application().test(.router) { client in
            func status(_ token: String?) async throws -> Int {
                try await client.send(
                    route.method,
                    Self.path(route),
                    token: token,
                    body: Self.body(route)
                )
                .status.code
            }
            let found = [
                try await status(nil), try await status("wrong"), try await status("reader-token"),
                try await status("metrics-token"),
            ]
            let expected =
                switch route {
                case .search, .snapshots, .tools: [401, 401, 200, 403]
                case .chunk, .document: [401, 401, route == .chunk ? 400 : 404, 403]
                case .metrics: [401, 401, 403, 200]
                case .health, .readiness, .openAPI: [200, 200, 200, 200]
                }
            #expect(found == expected)
        }
    }

    @Test(arguments: Route.allCases)
    func anotherMethodIsRefusedAndTheRightOneNamed(route: Route) async throws {
        let served = try await ServedCorpus()
        try await served.application().test(.router) { client in
            let response = try await client.send(.delete, Self.path(route))
            #expect(response.status == .methodNotAllowed)
            #expect(response.headers[.allow]?.contains(route.method.rawValue) == true)
            #expect(try response.json()["code"] as? String == "method_not_allowed")
        }
    }

    @Test func anAnswerHasTheFieldsOfTheCommand() async throws {
        let served = try await ServedCorpus()
        try await served.application().test(.router) { client in
            let response = try await client.send(
                .post,
                "/v1/search",
                body:
                    #"{"query":"w1 w2","k":3,"mode":"fused","filters":{"meta.part":["1","2"]},"group":"none"}"#
            )
            #expect(response.status == .ok)
            let answer = try response.json()
            #expect(answer["snapshot"] as? Int == 1)
            let hits = try #require(answer["hits"] as? [[String: Any]])
            #expect(hits.count == 3)
            let keys = [
                "chunk_id", "uri", "title", "source", "language", "ordinal", "start", "end", "page",
                "headings", "score", "text", "snippet", "snapshot",
            ]
            for hit in hits { #expect(Set(keys).isSubset(of: Set(hit.keys))) }
            // The same values as the library's own coding: the two writers must not part.
            let decoded = try JSONDecoder().decode(
                SearchAnswer.self,
                from: Data(response.text.utf8)
            )
            var request = SearchRequest("w1 w2", count: 3, grouping: .none)
            request.filters = ["meta.part=1", "meta.part=2"]
            #expect(try await served.index.search(request) == decoded)
            // No document of these has a date.
            let dated = try await client.send(
                .post,
                "/v1/search",
                body: #"{"query":"w1","filters":{"date>=":"1990-01-01","date<":["2999"]}}"#
            )
            #expect(dated.status == .ok)
            #expect((try dated.json()["hits"] as? [Any])?.isEmpty == true)
            let id = try #require(hits[0]["chunk_id"] as? String)
            let chunk = try await client.send(.get, "/v1/chunks/\(id)")
            #expect(try chunk.json()["text"] as? String == hits[0]["text"] as? String)
            let document = try await client.send(.get, "/v1/documents/\(id.prefix(32))")
            #expect(try document.json()["uri"] as? String == hits[0]["uri"] as? String)
        }
    }

    @Test(arguments: [
        "", "{", "[]", "null", "\"w1\"", "{}", #"{"query":""}"#, #"{"query":1}"#,
        #"{"query":null}"#,
        #"{"query":"w1","k":0}"#, #"{"query":"w1","k":101}"#, #"{"query":"w1","k":-1}"#,
        #"{"query":"w1","k":1.5}"#, #"{"query":"w1","k":"3"}"#,
        #"{"query":"w1","k":99999999999999999999}"#,
        #"{"query":"w1","mode":"magic"}"#, #"{"query":"w1","limit":3}"#,
        #"{"query":"w1","filters":"lang=de"}"#,
        #"{"query":"w1","filters":["colour=red"]}"#, #"{"query":"w1","filters":[1]}"#,
        #"{"query":"w1","filters":["date>=soon"]}"#,
        #"{"query":"w1","filters":{"date<":"2026-13"}}"#,
        #"{"query":"w1","group":true}"#, "{\"query\":\"\u{0}\"}",
        #"{"query":"\#(String(repeating: "w", count: 40_000))"}"#,
        String(repeating: "[", count: 100_000),
    ])
    func whatIsNoQueryIsABadRequest(body: String) async throws {
        let served = try await ServedCorpus()
        try await served.application().test(.router) { client in
            let response = try await client.send(.post, "/v1/search", body: body)
            #expect(response.status == .badRequest)
            let failure = try response.json()
            #expect(failure["code"] as? String == "bad_request")
            #expect(Set(failure.keys) == ["code", "message"])
            #expect(!response.text.contains("wwww"))
        }
    }

    @Test(arguments: [
        "/", "/v1", "/v1/", "/v1/search/", "//v1/search", "/v1/chunks", "/v1/chunks/",
        "/v1/chunks/../search",
        "/v1/chunks/%2e%2e", "/v1/chunks/..%2f..%2fetc%2fpasswd", "/v1/documents/a/b", "/V1/search",
        "/v1/chunks/" + String(repeating: "a", count: 129), "/etc/passwd", "/healthz/../metrics",
        "*",
        "/v1/chunks/\u{e9}",
    ])
    func thereIsOneWayToWriteAPath(path: String) async throws {
        let served = try await ServedCorpus()
        try await served.application().test(.router) { client in
            let response = try await client.send(.get, path)
            #expect(response.status == .notFound)
            #expect(try response.json()["code"] as? String == "not_found")
        }
    }

    @Test func aFormOfAPageIsNoJSON() async throws {
        let served = try await ServedCorpus(isClosed: false)
        try await served.application().test(.router) { client in
            for type in ["text/plain", "application/x-www-form-urlencoded"] {
                let response = try await client.send(
                    .post,
                    "/v1/search",
                    headers: [.contentType: type],
                    body: #"{"query":"w1"}"#
                )
                #expect(response.status == .unsupportedMediaType)
            }
            let foreign = try await client.send(
                .post,
                "/v1/search",
                headers: [.origin: "http://evil.example"],
                body: #"{"query":"w1"}"#
            )
            #expect(foreign.status == .forbidden)
            #expect(foreign.headers[.accessControlAllowOrigin] == nil)
            let own = try await client.send(
                .post,
                "/v1/search",
                headers: [.origin: "http://localhost"],
                body: #"{"query":"w1"}"#
            )
            #expect(own.status == .ok)
        }
    }

    @Test func whatACallerDoesNotSeeIsOnNoRoute() async throws {
        let served = try await ServedCorpus()
        let documents = tenantDocuments(40)
        let visible = Set(documents.filter { $0.isVisible(to: ["team-a"]) }.map(\.uri))
        try await served.application().test(.router) { client in
            var random = Seeded(3)
            for _ in 0..<120 {
                let words = "\(seededWord(&random)) \(seededWord(&random))"
                let body = #"{"query":"\#(words)","k":100,"group":"none"}"#
                let mine = try await client.send(.post, "/v1/search", token: "a-token", body: body)
                let all = try await client.send(.post, "/v1/search", body: body)
                let hits = try JSONDecoder().decode(SearchAnswer.self, from: Data(mine.text.utf8))
                    .hits
                #expect(hits.allSatisfy { visible.contains($0.uri) && $0.group == nil })
                let whole = try JSONDecoder().decode(SearchAnswer.self, from: Data(all.text.utf8))
                    .hits
                for hit in whole.prefix(3) where !visible.contains(hit.uri) {
                    let chunk = try await client.send(
                        .get,
                        "/v1/chunks/\(hit.id)",
                        token: "a-token"
                    )
                    let document = "/v1/documents/\(hit.id.prefix(32))"
                    let found = try await client.send(.get, document, token: "a-token")
                    #expect(chunk.status == .notFound && found.status == .notFound)
                }
                let call = """
                    {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search",\
                    "arguments":\(body)}}
                    """
                let tool = try await client.send(.post, "/mcp", token: "a-token", body: call)
                for document in documents where !visible.contains(document.uri) {
                    #expect(!tool.text.contains("\"\(document.uri)\""))
                }
            }
            let snapshots = try await client.send(.get, "/v1/snapshots", token: "a-token")
            #expect(snapshots.text == #"{"snapshots":[{"isLive":true,"number":1}]}"#)
            let whole = try await client.send(.get, "/v1/snapshots")
            #expect(whole.text.contains(#""documents":40"#))
        }
    }

    /// Byte for byte the answers of a server that has nothing else, by HTTP and as a tool.
    @Test(arguments: [("a-token", ["team-a"]), ("b-token", ["team-b"])])
    func aTenantsAnswersAreThoseOfAServerOfTheirs(token: String, labels: [String]) async throws {
        let documents = tenantDocuments(60)
        let shared = try await ServedCorpus(documents: documents)
        let own = try await ServedCorpus(
            documents: documents.filter { $0.isVisible(to: Set(labels)) }
        )
        let application = try own.application()
        try await shared.application().test(.router) { client in
            try await application.test(.router) { other in
                var random = Seeded(23)
                for number in 0..<tenantQueryCount(60, of: 5_000) {
                    let words = (0..<1 + random.below(3)).map { _ in seededWord(&random) }
                    let mode = ["fused", "vector", "bm25"][number % 3]
                    let group = ["duplicates", "document", "none"][random.below(3)]
                    let filters = number % 4 == 0 ? #"["meta.part=\#(number % 5)"]"# : "[]"
                    let body = """
                        {"query":"\(words.joined(separator: " "))","k":\(1 + random.below(30)),\
                        "mode":"\(mode)","group":"\(group)","filters":\(filters)}
                        """
                    let call = """
                        {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search",\
                        "arguments":\(body)}}
                        """
                    for (path, text) in [("/v1/search", body), ("/mcp", call)] {
                        let found = try await client.send(.post, path, token: token, body: text)
                        let expected = try await other.send(.post, path, token: token, body: text)
                        #expect(found.status == .ok)
                        #expect(found.text == expected.text, "query \(number)")
                    }
                }
            }
        }
    }

    @Test func tooManyRequestsOfOneCallerAreRefused() async throws {
        var limits = RequestLimits()
        // One, and the next after a minute and more: however slow the machine is.
        limits.rate = 0.01
        let served = try await ServedCorpus(limits: limits)
        try await served.application().test(.router) { client in
            var statuses: [Int] = []
            for _ in 0..<8 {
                statuses.append(try await client.send(.get, "/v1/snapshots").status.code)
            }
            #expect(statuses == [200] + Array(repeating: 429, count: 7))
            // Another caller is not held for it.
            #expect(try await client.send(.get, "/v1/snapshots", token: "a-token").status == .ok)
        }
    }

    @Test func guessingTokensIsSlowed() async throws {
        var limits = RequestLimits()
        limits.refusalRate = 0.01
        let served = try await ServedCorpus(limits: limits)
        try await served.application().test(.router) { client in
            var statuses: [Int] = []
            for number in 0..<6 {
                statuses.append(
                    try await client.send(.get, "/v1/snapshots", token: "guess\(number)").status
                        .code
                )
            }
            #expect(statuses.first == 401)
            #expect(statuses.last == 429)
        }
    }

    @Test func metricsAreOpenMetricsWithoutNames() async throws {
        let served = try await ServedCorpus()
        try await served.application().test(.router) { client in
            _ = try await client.send(.post, "/v1/search", body: #"{"query":"zebra w1"}"#)
            _ = try await client.send(.get, "/v1/snapshots", token: "nobody")
            let response = try await client.send(.get, "/metrics", token: "metrics-token")
            #expect(
                response.headers[.contentType]?.hasPrefix("application/openmetrics-text") == true
            )
            let text = response.text
            #expect(text.hasSuffix("# EOF\n"))
            #expect(text.contains(#"millrace_requests_total{route="/v1/search",status="200"} 1"#))
            #expect(text.contains("millrace_refused_tokens_total 1"))
            #expect(text.contains("millrace_snapshot 1.0"))
            #expect(
                text.contains(#"millrace_request_seconds_bucket{route="/v1/search",le="+Inf"} 1"#)
            )
            #expect(!text.contains("zebra") && !text.contains("reader"))
        }
    }

    @Test func theLogNamesTheCallerAndNeverTheQuery() async throws {
        let lines = Mutex<[String]>([])
        let log = Logger(label: "access") { _ in
            CapturingLog { line in lines.withLock { $0.append(line) } }
        }
        let served = try await ServedCorpus(log: log)
        try await served.application().test(.router) { client in
            _ = try await client.send(.post, "/v1/search", body: #"{"query":"secretword"}"#)
            _ = try await client.send(.post, "/v1/search?query=secretword", body: "{secretword")
            _ = try await client.send(.get, "/secretword")
        }
        let text = lines.withLock { $0 }.joined(separator: "\n")
        #expect(lines.withLock { $0.count } == 3)
        #expect(text.contains("/v1/search") && text.contains("reader"))
        #expect(!text.contains("secretword") && !text.contains("reader-token"))
    }

    /// What the file says of a path, asked for in every way that a test can: nothing is answered that it does not
    /// name, and each status that it names and that can be brought about is answered.
    @Test(arguments: Route.allCases)
    func everyAnswerIsOneThatTheDescriptionNames(route: Route) async throws {
        var few = RequestLimits()
        few.rate = 0.01
        let (closed, open) = (try await ServedCorpus(), try await ServedCorpus(isClosed: false))
        let strict = try await ServedCorpus(isClosed: false, limits: few)
        let documents = try await open.index.search(SearchRequest("w1", count: 1))
        let id = try #require(documents.hits.first?.id)
        let own = route == .document ? String(id.prefix(32)) : id
        let paths = [own, String(repeating: "0", count: 32), "no-id-at-all", "x"].map {
            route.rawValue.replacingOccurrences(of: "{id}", with: $0)
        }
        let body = Self.body(route)
        let answered = Mutex<Set<Int>>([])
        @Sendable func ask(_ client: some TestClientProtocol, _ path: String) async throws {
            func send(
                _ method: HTTPRequest.Method,
                token: String? = "reader-token",
                headers: HTTPFields = [:],
                body: String?
            ) async throws {
                let answer = try await client.send(
                    method,
                    path,
                    token: token,
                    headers: headers,
                    body: body
                )
                answered.withLock { _ = $0.insert(answer.status.code) }
            }
            for token in [nil, "wrong", "reader-token", "metrics-token"] {
                try await send(route.method, token: token, body: body)
            }
            try await send(.delete, body: nil)
            try await send(route.method, headers: [.origin: "http://evil.example"], body: body)
            guard let body else { return }
            let notice = #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#
            for text in ["{", String(repeating: " ", count: 2 << 20) + body, notice] {
                try await send(route.method, body: text)
            }
            try await send(route.method, headers: [.contentType: "text/plain"], body: body)
            try await send(route.method, headers: [.protocolVersion: "1999"], body: body)
        }
        try await closed.application().test(.router) { client in
            for path in paths { try await ask(client, path) }
        }
        try await strict.application().test(.router) { client in
            for _ in 0..<4 { try await ask(client, paths[0]) }
        }
        let named = try await open.application().test(.router) { client in
            let file = try await client.send(.get, "/openapi.json", token: nil).json()
            let all = try #require(file["paths"] as? [String: [String: [String: Any]]])
            let operation = try #require(all[route.rawValue]?[route.method.rawValue.lowercased()])
            let responses = try #require(operation["responses"] as? [String: Any])
            return Set(responses.keys.compactMap { Int($0) })
        }
        let found = answered.withLock { $0 }
        #expect(found.isSubset(of: named), "\(found.subtracting(named).sorted())")
        // A slow caller, another name of the host, and faults of the server have tests of their own; a request
        // that is none, or tools that are not served, do not come this far.
        var others: Set = [408, 421, 500, 503]
        if body == nil, route != .chunk { others.insert(400) }
        if route == .tools { others.insert(404) }
        let never = named.subtracting(others).subtracting(found)
        #expect(never.isEmpty, "\(never.sorted())")
    }

    @Test func theDescriptionNamesEveryRouteAndEveryCode() async throws {
        let served = try await ServedCorpus()
        try await served.application().test(.router) { client in
            let file = try await client.send(.get, "/openapi.json", token: nil).json()
            let paths = try #require(file["paths"] as? [String: Any])
            #expect(Set(paths.keys) == Set(Route.allCases.map(\.rawValue)))
            let components = try #require(file["components"] as? [String: Any])
            let schemas = try #require(components["schemas"] as? [String: Any])
            let failure = try #require(schemas["Failure"] as? [String: Any])
            let properties = try #require(failure["properties"] as? [String: [String: Any]])
            let codes = try #require(properties["code"]?["enum"] as? [String])
            #expect(Set(codes) == Set(AnswerFailure.Code.allCases.map(\.rawValue)))
            for (_, methods) in paths {
                let operations = try #require(methods as? [String: [String: Any]])
                for operation in operations.values {
                    let responses = try #require(operation["responses"] as? [String: Any])
                    let statuses = Set(responses.keys.compactMap { Int($0) })
                    let known = Set(AnswerFailure.Code.allCases.map(\.status.code) + [200, 202])
                    #expect(statuses.isSubset(of: known))
                }
            }
        }
    }
}

/// Gives each record as one line.
private struct CapturingLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace
    let take: @Sendable (String) -> Void

    init(_ take: @escaping @Sendable (String) -> Void) { self.take = take }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    func log(event: LogEvent) { self.take("\(event.message) \(event.metadata ?? [:])") }
}
