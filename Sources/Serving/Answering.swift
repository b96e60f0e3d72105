internal import Bytes
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import MillraceSearch
internal import Operations
internal import Telemetry

/// Answers requests: finds the route, lets in who may, asks the index, counts and logs.
struct Answering: HTTPResponder {
    typealias Context = ServeContext

    let index: SearchIndex
    private let search: RankedSearch
    let gate: Gatekeeper
    let host: HostGuard
    let limits: RequestLimits
    /// Nil where `/mcp` is not served.
    let tools: ToolServer?
    /// Nil where `/ui` is not served.
    let page: OperatorPage?
    let metrics = ServeMetrics()
    private let rate: RateLimiter
    private let refusals: RateLimiter
    private let log: Logger?

    init(
        index: SearchIndex,
        gate: Gatekeeper,
        host: HostGuard,
        limits: RequestLimits = RequestLimits(),
        servesTools: Bool = false,
        page: OperatorPage? = nil,
        reranking: SharedReranking? = nil,
        log: Logger? = nil
    ) {
        self.index = index
        let search = RankedSearch(index: index, reranking: reranking, limits: limits, log: log)
        self.search = search
        self.gate = gate
        self.host = host
        self.limits = limits
        self.tools = servesTools ? ToolServer(search: search) : nil
        self.page = page
        self.rate = RateLimiter(perSecond: limits.rate)
        self.refusals = RateLimiter(perSecond: limits.refusalRate)
        self.log = log
    }

    /// What is known of a request for its line in the log.
    private struct Trace {
        var route: Route?
        var page: PageRoute?
        var caller = "-"
    }

    func respond(to request: Request, context: ServeContext) async throws -> Response {
        let start = monotonicNanoseconds()
        var trace = Trace()
        var response: Response
        do {
            response = try await self.answer(request, context, &trace)
        } catch let failure as AnswerFailure {
            response = self.refuse(failure, context)
        } catch let failure as SearchFailure {
            self.log?.error("search failed", metadata: ["code": "\(failure.code.rawValue)"])
            response = self.refuse(AnswerFailure(failure), context)
        }
        if request.method == .head { response = response.createHeadResponse() }
        let nanoseconds = monotonicNanoseconds() - start
        self.metrics.answered(
            trace.route,
            status: response.status.code,
            nanoseconds: nanoseconds
        )
        self.log?.info(
            "request",
            metadata: [
                "route": "\(trace.route?.rawValue ?? trace.page?.name ?? "none")",
                "status": "\(response.status.code)",
                "ms": "\(Double(nanoseconds / 10_000) / 100)",
                "bytes": "\(response.headers[.contentLength] ?? "0")",
                "caller": "\(trace.caller)",
                "address": "\(context.address)",
            ]
        )
        return response
    }

    private func answer(
        _ request: Request,
        _ context: ServeContext,
        _ trace: inout Trace
    ) async throws -> Response {
        try self.checkHost(request)
        let path = (request.head.path ?? "").prefix { $0 != "?" && $0 != "#" }
        if let page = self.page, let route = PageRoute.match(path) {
            trace.page = route
            return try await self.answer(route, of: page, request, context, &trace)
        }
        guard let (route, id) = Route.match(path) else {
            throw AnswerFailure(.notFound, "there is nothing at this path; see /openapi.json")
        }
        if route == .tools, self.tools == nil {
            throw AnswerFailure(.notFound, "this server was started without --mcp")
        }
        trace.route = route
        try Self.checkMethod(request.method, route.method, of: route.rawValue)
        guard let role = route.role else { return try self.answerAnybody(route) }
        let caller = try await self.caller(request, context, role)
        trace.caller = caller.name
        return try await self.answer(route, id, request, caller)
    }

    private func checkHost(_ request: Request) throws {
        guard let authority = request.head.authority, !authority.isEmpty else {
            throw AnswerFailure(.badRequest, "the request has no Host")
        }
        guard self.host.admits(authority: authority) else {
            throw AnswerFailure(
                .misdirected,
                "this server answers to localhost alone; '--listen' an address and '--tokens' open it"
            )
        }
        guard self.host.admits(origin: request.headers[.origin], authority: authority) else {
            throw AnswerFailure(.forbidden, "pages of other origins may not ask this server")
        }
    }

    private func answer(
        _ route: PageRoute,
        of page: OperatorPage,
        _ request: Request,
        _ context: ServeContext,
        _ trace: inout Trace
    ) async throws -> Response {
        try Self.checkMethod(request.method, route.method, of: route.name)
        if route.isPublic { return try await page.answer(route, request, .nobody, self.index) }
        let caller = try await self.caller(request, context)
        trace.caller = caller.name
        try page.check(route, caller, request)
        return try await page.answer(route, request, caller, self.index)
    }

    private static func checkMethod(
        _ method: HTTPRequest.Method,
        _ wanted: HTTPRequest.Method,
        of route: String
    ) throws {
        let allowed: [HTTPRequest.Method] = wanted == .get ? [.get, .head] : [wanted]
        guard allowed.contains(method) else {
            var failure = AnswerFailure(
                .methodNotAllowed,
                "\(route) takes \(wanted.rawValue)",
                closesConnection: true
            )
            failure.allow = allowed
            throw failure
        }
    }

    /// Who asks, with the role that the route needs and within their rate.
    ///
    /// - Parameter role: nil where the route looks at the roles itself.
    private func caller(
        _ request: Request,
        _ context: ServeContext,
        _ role: Role? = nil
    ) async throws -> Principal {
        let tooMany = AnswerFailure(.tooManyRequests, "too many requests; ask again later")
        let address = context.address
        guard self.refusals.hasLeft(address) else { throw tooMany.retrying(after: 1) }
        let authorization = request.headers[.authorization]
        guard let caller = await self.gate.principal(authorization: authorization) else {
            _ = self.refusals.take(address)
            self.metrics.refusedToken()
            throw AnswerFailure(
                .unauthorized,
                "send 'Authorization: Bearer TOKEN' with a token of this server"
            )
        }
        if let role, !caller.roles.contains(role) {
            throw AnswerFailure(.forbidden, "this token has not the role '\(role.rawValue)'")
        }
        guard self.rate.take(caller.name) else { throw tooMany.retrying(after: 1) }
        return caller
    }

    private func answerAnybody(_ route: Route) throws -> Response {
        switch route {
        case .openAPI:
            return Self.json(Array(openAPIText(self.limits).utf8))
        case .readiness:
            let number = try self.index.current().snapshot.number
            let failure = self.index.refreshFailure
            return Self.json(
                jsonBytes { json in
                    json.object { json in
                        json.key("snapshot")
                        json.integer(number)
                        json.key("status")
                        json.string(failure == nil ? "ready" : "stale")
                    }
                }
            )
        default:
            return Self.json(Array(#"{"status":"alive"}"#.utf8))
        }
    }

    private func answer(
        _ route: Route,
        _ id: String?,
        _ request: Request,
        _ caller: Principal
    ) async throws -> Response {
        switch route {
        case .search:
            let body = try await readJSONBody(request, self.limits)
            let asked = try SearchBody(json: Data(body.readableBytesView))
            let answer = try await self.search.answer(
                asked.request(self.limits, access: caller.access),
                isRanked: asked.isRanked
            )
            return Self.json(jsonBytes { $0.answer(answer) })
        case .chunk:
            guard let hit = try await self.index.chunk(id ?? "", access: caller.access) else {
                throw AnswerFailure(.notFound, "there is no such chunk, or not any more")
            }
            return Self.json(jsonBytes { $0.hit(hit) })
        case .document:
            guard let document = try await self.index.document(id ?? "", access: caller.access)
            else { throw AnswerFailure(.notFound, "there is no such document, or not any more") }
            return Self.json(jsonBytes { $0.document(document) })
        case .snapshots:
            let snapshots = try self.index.snapshots()
            let isWhole = caller.access == .everything
            return Self.json(jsonBytes { $0.snapshots(snapshots, isWhole: isWhole) })
        case .metrics:
            return Response(
                status: .ok,
                headers: Self.headers(
                    "application/openmetrics-text; version=1.0.0; charset=utf-8"
                ),
                body: ResponseBody(byteBuffer: ByteBuffer(string: self.metrics.text(self.index)))
            )
        case .tools:
            let body = try await readJSONBody(request, self.limits)
            guard let tools = self.tools else { throw AnswerFailure(.notFound, "no tools") }
            try tools.checkVersion(request.headers[.protocolVersion])
            guard body.readableBytesView.first(where: { !$0.isASCIISpace }) == .leftBrace else {
                throw AnswerFailure(.badRequest, "a message of the protocol is one JSON object")
            }
            let answer = await tools.answer(Data(body.readableBytesView), for: caller)
            return answer.map { Self.json($0) } ?? Response(status: .accepted)
        case .health, .readiness, .openAPI:
            return try self.answerAnybody(route)
        }
    }

    private func refuse(_ failure: AnswerFailure, _ context: ServeContext) -> Response {
        var response = Self.json(jsonBytes { $0.failure(failure) }, status: failure.status)
        if failure.code == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
        if !failure.allow.isEmpty {
            response.headers[.allow] = failure.allow.map(\.rawValue).joined(separator: ", ")
        }
        if let seconds = failure.retryAfterSeconds {
            response.headers[.retryAfter] = String(seconds)
        }
        if failure.closesConnection {
            response.headers[.connection] = "close"
            context.closeSoon()
        }
        return response
    }

    private static func json(
        _ bytes: [UInt8],
        status: HTTPResponse.Status = .ok
    ) -> Response {
        Response(
            status: status,
            headers: Self.headers("application/json"),
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }

    private static func headers(_ contentType: String) -> HTTPFields {
        [
            .contentType: contentType,
            // What one caller may see, a cache must not give to another.
            .cacheControl: "no-store",
            .xContentTypeOptions: "nosniff",
        ]
    }
}

extension AnswerFailure {
    func retrying(after seconds: Int) -> AnswerFailure {
        var failure = self
        failure.retryAfterSeconds = seconds
        return failure
    }
}

extension HTTPField.Name {
    /// The version of the Model Context Protocol that a client speaks.
    static let protocolVersion = HTTPField.Name("MCP-Protocol-Version") ?? .accept
}
