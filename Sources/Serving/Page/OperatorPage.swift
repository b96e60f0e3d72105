internal import Bytes
internal import Console
internal import Dispatch
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import MillraceSearch
internal import Operations
internal import ServiceLifecycle
internal import Synchronization

/// The operator's page: runs, failures, snapshots and search of one workspace, and two actions.
///
/// Readers who may see every document look on; the role `operator` acts. Whoever sees a part of the documents alone
/// searches, and is told no count and no name of others. What it does is a verb of `Operations`, with its lock and
/// its entry in the audit log.
final class OperatorPage: Sendable {
    private let workspace: String
    /// Whether what the workspace is a copy of lies elsewhere: then nothing is done to it.
    private let isCopy: Bool
    private let limits: RequestLimits
    /// A page of another origin can neither read it nor send it.
    private let secret: String
    private let streams = Mutex(0)
    private let threads = DispatchQueue(label: "millrace.page", attributes: .concurrent)

    /// Choice: each holds a connection for a minute.
    private static let streamsMax = 32
    private static let streamSeconds = 60
    private static let hitCountMax = 20
    private static let runCount = 50

    init(workspace: String, isCopy: Bool, limits: RequestLimits) throws {
        self.workspace = workspace
        self.isCopy = isCopy
        self.limits = limits
        self.secret = try newSecret()
    }

    // MARK: Who may

    /// - Throws: ``AnswerFailure`` `.forbidden`.
    func check(_ route: PageRoute, _ caller: Principal, _ request: Request) throws {
        let isOperator = caller.roles.contains(.operator)
        guard isOperator || caller.roles.contains(.reader) else {
            throw AnswerFailure(
                .forbidden,
                "this token has neither the role 'reader' nor 'operator'"
            )
        }
        if route == .session || route == .search { return }
        guard caller.access == .everything else {
            throw AnswerFailure(
                .forbidden,
                "who sees a part of the documents alone is shown no list of all of them"
            )
        }
        guard route.isAction else { return }
        guard isOperator else {
            throw AnswerFailure(.forbidden, "this token has not the role 'operator'")
        }
        guard request.headers[.csrfToken] == self.secret else {
            throw AnswerFailure(.forbidden, "the page is an old one; load it again")
        }
        guard !self.isCopy else {
            throw AnswerFailure(
                .forbidden,
                "this server reads a copy of a workspace elsewhere; act where that is written"
            )
        }
    }

    // MARK: Answers

    func answer(
        _ route: PageRoute,
        _ request: Request,
        _ caller: Principal,
        _ index: SearchIndex
    ) async throws -> Response {
        let root = self.workspace
        switch route {
        case .page, .style, .script, .icon: return Self.file(route)
        case .session: return Self.json(try self.session(caller))
        case .progress: return try self.progress()
        case .runs:
            return try await self.work {
                try formedJSON(listRuns(workspace: root, limit: Self.runCount), JSONForm("runs"))
            }
        case .run(let number):
            return try await self.work {
                try formedJSON(showRun(Int64(number), workspace: root), JSONForm("run-status"))
            }
        case .failures:
            return try await self.work {
                try formedJSON(failures(workspace: root), JSONForm("failures"))
            }
        case .snapshots:
            return try await self.work {
                try formedJSON(listSnapshots(workspace: root), JSONForm("snapshots"))
            }
        case .difference(let from, let to):
            return try await self.work {
                try formedJSON(
                    diffSnapshots(from, to, workspace: root),
                    JSONForm("snapshot-diff")
                )
            }
        case .search: return try await self.search(request, caller, index)
        case .rollback:
            let asked = try await self.body(RollbackBody.self, request)
            return try await self.work {
                try formedJSON(rollback(workspace: root, to: asked.number), JSONForm("rollback"))
            }
        case .retry:
            let asked = try await self.body(RetryBody.self, request)
            return try await self.work {
                try formedJSON(
                    retryFailures(workspace: root, names: asked.documents),
                    JSONForm("failures-retry")
                )
            }
        }
    }

    private struct Session: Encodable {
        let name: String
        let isOperator: Bool
        let isWhole: Bool
        let csrf: String
    }

    private struct RollbackBody: Decodable {
        let number: Int
    }

    private struct RetryBody: Decodable {
        /// Ids; none for all that failed.
        let documents: [String]
    }

    private func session(_ caller: Principal) throws -> String {
        try formedJSON(
            Session(
                name: caller.name,
                isOperator: caller.roles.contains(.operator),
                isWhole: caller.access == .everything,
                csrf: self.secret
            ),
            JSONForm("page-session")
        )
    }

    private func body<Body: Decodable>(_ type: Body.Type, _ request: Request) async throws -> Body {
        let bytes = try await readJSONBody(request, self.limits)
        guard let body = try? JSONDecoder().decode(type, from: Data(bytes.readableBytesView)) else {
            throw AnswerFailure(
                .badRequest,
                "the body is not the JSON object that this action takes"
            )
        }
        return body
    }

    /// With the reasons of each score for who may see everything; else as the API answers.
    private func search(
        _ request: Request,
        _ caller: Principal,
        _ index: SearchIndex
    ) async throws -> Response {
        let bytes = try await readJSONBody(request, self.limits)
        let asked = try SearchBody(json: Data(bytes.readableBytesView))
            .request(self.limits, access: caller.access)
        guard caller.access == .everything else {
            let answer = try await index.search(asked, patience: .seconds(self.limits.seconds))
            let bytes = jsonBytes { $0.answer(RankedAnswer(answer: answer)) }
            return Self.json(String(decoding: bytes, as: UTF8.self))
        }
        var own = Operations.SearchRequest(
            workspace: self.workspace,
            text: asked.query,
            count: min(asked.count, Self.hitCountMax)
        )
        own.mode = SearchModeName(rawValue: asked.mode.rawValue) ?? .fused
        own.filters = asked.filters
        own.explains = true
        return try await self.work { [own] in
            try formedJSON(Operations.search(own), JSONForm("search"))
        }
    }

    /// Runs a verb on a thread that may wait, and answers with its JSON.
    private func work(_ verb: @escaping @Sendable () throws -> String) async throws -> Response {
        let text: String
        do {
            text = try await withCheckedThrowingContinuation { continuation in
                self.threads.async { continuation.resume(with: Result { try verb() }) }
            }
        } catch let error as OperationError {
            throw AnswerFailure(error)
        }
        return Self.json(text)
    }

    // MARK: Progress

    /// A line a second of where the run stands, for a minute; the page asks again then.
    private func progress() throws -> Response {
        let isFree = self.streams.withLock { count in
            guard count < Self.streamsMax else { return false }
            count += 1
            return true
        }
        guard isFree else {
            throw AnswerFailure(.tooManyRequests, "too many pages look on").retrying(after: 30)
        }
        let hold = StreamHold { [weak self] in self?.streams.withLock { $0 -= 1 } }
        let root = self.workspace
        return Response(
            status: .ok,
            headers: Self.headers("text/event-stream; charset=utf-8"),
            body: ResponseBody { writer in
                defer { withExtendedLifetime(hold) {} }
                for _ in 0..<Self.streamSeconds where !Task.isShuttingDownGracefully {
                    let json = try formedJSON(liveProgress(workspace: root), JSONForm("progress"))
                    let line = json.filter { $0 != "\n" }
                    try await writer.write(ByteBuffer(string: "event: progress\ndata: \(line)\n\n"))
                    try await Task.sleep(for: .seconds(1))
                }
                try await writer.finish(nil)
            }
        )
    }

    // MARK: Files

    private static func file(_ route: PageRoute) -> Response {
        switch route {
        case .style: Self.response("text/css; charset=utf-8", pageStyle)
        case .script: Self.response("text/javascript; charset=utf-8", pageScript)
        case .icon: Self.response("image/svg+xml", pageIcon)
        default: Self.response("text/html; charset=utf-8", pageMarkup)
        }
    }

    private static func json(_ text: String) -> Response {
        self.response("application/json", text)
    }

    private static func response(_ type: String, _ text: String) -> Response {
        Response(
            status: .ok,
            headers: self.headers(type),
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }

    /// Nothing is loaded from elsewhere, nothing in a page runs but its script, and no page may hold this one.
    private static func headers(_ contentType: String) -> HTTPFields {
        [
            .contentType: contentType,
            .cacheControl: "no-store",
            .xContentTypeOptions: "nosniff",
            .contentSecurityPolicy:
                "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
                + "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            .frameOptions: "DENY",
            .referrerPolicy: "no-referrer",
            .openerPolicy: "same-origin",
        ]
    }
}

/// Lets go when the last who holds it is gone, however that comes.
private final class StreamHold: Sendable {
    private let release: @Sendable () -> Void

    init(_ release: @escaping @Sendable () -> Void) { self.release = release }
    deinit { self.release() }
}

extension AnswerFailure {
    /// What a verb says is for operators, who see its message in a shell as well.
    init(_ error: OperationError) {
        switch error.status {
        case .noSuchState: self.init(.notFound, error.message)
        case .locked:
            self.init(.unavailable, error.message)
            self.retryAfterSeconds = 5
        case .configuration: self.init(.badRequest, error.message)
        default: self.init(.failed, "\(error.status.name); see the server's log")
        }
    }
}

extension HTTPField.Name {
    fileprivate static let csrfToken = HTTPField.Name("X-Millrace-CSRF") ?? .accept
    fileprivate static let frameOptions = HTTPField.Name("X-Frame-Options") ?? .accept
    fileprivate static let referrerPolicy = HTTPField.Name("Referrer-Policy") ?? .accept
    fileprivate static let openerPolicy =
        HTTPField.Name("Cross-Origin-Opener-Policy") ?? .accept
}
