internal import Objects
internal import Storage

/// Asks servers for pages as a source allows: politely, within `robots.txt`, and no private ones.
///
/// What it keeps, rules of robots and turns, holds for one process and changes no outcome.
final class WebFetcher: Sendable {
    let options: WebSourceOptions
    private let transport: GuardedTransport
    private let politeness = Politeness()
    private let robots: RobotsCache

    init(_ options: WebSourceOptions) {
        self.options = options
        self.transport = GuardedTransport(
            rule: options.rule,
            userAgent: options.userAgent,
            connectionsPerHost: options.concurrency
        )
        self.robots = RobotsCache()
    }

    /// The answer to one request, with its body as the page was before it was compressed for the way.
    ///
    /// - Throws: ``RemoteFailure`` also for a status that is one; a redirect and 304 are answers.
    func fetch(
        _ address: WebAddress,
        method: String = "GET",
        entityTag: String = "",
        lastModified: String = "",
        maximumBytes: Int
    ) async throws(RemoteFailure) -> HTTPResponse {
        try await self.politeness.wait(
            for: address.origin,
            pause: max(
                self.options.pause(for: address),
                await self.robots.pause(of: address.origin)
            )
        )
        var headers = [(name: "accept", value: "*/*")]
        if !entityTag.isEmpty { headers.append((name: "if-none-match", value: entityTag)) }
        if !lastModified.isEmpty {
            headers.append((name: "if-modified-since", value: lastModified))
        }
        let response = try await self.transport.send(
            HTTPRequest(
                method,
                url: address.description,
                headers: headers,
                timeout: self.options.timeout,
                maximumBytes: maximumBytes
            )
        )
        if let failure = response.failure(of: placeInErrors(of: address.description)) {
            if case .throttled(let after?) = failure.kind, after <= .seconds(120) {
                await self.politeness.hold(address.origin, for: after)
            }
            throw failure
        }
        return try expanded(response, of: address, maximumBytes: maximumBytes)
    }

    /// Whether `robots.txt` lets the page be fetched.
    ///
    /// - Throws: ``RemoteFailure`` where the file could not be had for another reason than that there is
    ///   none: nobody knows then (RFC 9309, 2.3.1.4).
    func isAllowed(_ address: WebAddress) async throws(RemoteFailure) -> Bool {
        guard self.options.obeysRobots else { return true }
        return try await self.robots.file(of: address) { () async throws(RemoteFailure) in
            try await self.robotsFile(of: address)
        }.allows(address)
    }

    /// Follows at most five redirects on the same server.
    private func robotsFile(of address: WebAddress) async throws(RemoteFailure) -> RobotsFile {
        var place = address.at(path: "/robots.txt")
        for _ in 0...5 {
            let asked = place
            let response: HTTPResponse
            do throws(RemoteFailure) {
                response = try await self.patiently(asked) { () async throws(RemoteFailure) in
                    try await self.fetch(asked, maximumBytes: 4 << 20)
                }
            } catch {
                // A server that knows no such file, or guards it, lets everything be fetched.
                if (400..<500).contains(error.status), error.status != 429 { return .open }
                throw RemoteFailure(
                    error.kind,
                    "\(error.message), so that nobody knows what may be fetched there",
                    status: error.status,
                    code: error.code
                )
            }
            guard let target = redirectTarget(of: response, from: asked) else {
                return (200..<300).contains(response.status)
                    ? RobotsFile(response.body, agent: self.options.agent) : .open
            }
            guard target.hostName == address.hostName else { return .open }
            place = target
        }
        return .open
    }

    /// Tries a few times: a page that fails must not end a listing of thousands.
    func patiently<Value: Sendable>(
        _ address: WebAddress,
        _ work: @Sendable () async throws(RemoteFailure) -> Value
    ) async throws(RemoteFailure) -> Value {
        var policy = RetryPolicy()
        policy.maximumAttempts = 4
        return try await retrying(
            policy,
            circuit: self.circuit,
            host: address.authority,
            work
        )
    }

    private let circuit = CircuitBreaker()
}

/// The files of robots of the servers that were asked, each fetched once.
private actor RobotsCache {
    private var files: [String: Task<Result<RobotsFile, RemoteFailure>, Never>] = [:]
    private var pauses: [String: Duration] = [:]

    func file(
        of address: WebAddress,
        _ fetch: @escaping @Sendable () async throws(RemoteFailure) -> RobotsFile
    ) async throws(RemoteFailure) -> RobotsFile {
        let task =
            self.files[address.origin]
            ?? Task(executorPreference: WaitedTasks.threads) {
                () -> Result<RobotsFile, RemoteFailure> in
                do throws(RemoteFailure) { return .success(try await fetch()) } catch {
                    return .failure(error)
                }
            }
        self.files[address.origin] = task
        let file = try await task.value.get()
        if let seconds = file.crawlDelay {
            self.pauses[address.origin] = .milliseconds(Int64(seconds * 1000))
        }
        return file
    }

    func pause(of origin: String) -> Duration { self.pauses[origin] ?? .zero }
}

/// Where an answer leads on; nil for one that leads nowhere.
func redirectTarget(of response: HTTPResponse, from address: WebAddress) -> WebAddress? {
    guard [301, 302, 303, 307, 308].contains(response.status),
        let text = response.header("location")
    else { return nil }
    return WebAddress(text, relativeTo: address)
}

/// The answer with its content coding undone.
private func expanded(
    _ response: HTTPResponse,
    of address: WebAddress,
    maximumBytes: Int
) throws(RemoteFailure) -> HTTPResponse {
    let coding = response.header("content-encoding")?.lowercased() ?? ""
    if coding.isEmpty || coding == "identity" || response.body.isEmpty { return response }
    let place = placeInErrors(of: address.description)
    guard coding == "gzip" || coding == "x-gzip" else {
        throw RemoteFailure(
            .permanent,
            "\(place): the server coded it in a way that was not asked for"
        )
    }
    do throws(GunzipFault) {
        return HTTPResponse(
            status: response.status,
            headers: response.headers,
            body: try gunzip(response.body, limit: maximumBytes)
        )
    } catch {
        throw error == .tooLarge
            ? RemoteFailure(.tooLarge, "\(place): the answer is larger than \(maximumBytes) bytes")
            : RemoteFailure(.transient, "\(place): the answer is damaged")
    }
}
