internal import AsyncHTTPClient
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Sends requests over kept connections, with a limit on time and bytes for each.
///
/// Follows no redirect: who asks knows where it may go. Retries nothing: ``retrying(_:budget:circuit:host:onRetry:_:)``
/// does. Undoes no content coding: a body arrives as it was sent.
package final class HTTPTransport: Sendable {
    private let client: HTTPClient
    private let userAgent: String

    /// - Parameter pinned: addresses that take the place of what a resolver says of a host; the host
    ///   stays what the server, and its certificate, are asked for.
    package init(
        userAgent: String = "millrace",
        connectTimeout: Duration = .seconds(10),
        connectionsPerHost: Int = 16,
        pinned: [String: String] = [:]
    ) {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = connectTimeout.timeAmount
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connectionsPerHost
        // Who asks retries, and is told at once when nobody listens.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        configuration.decompression = .disabled
        configuration.dnsOverride = pinned
        self.client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        self.userAgent = userAgent
    }

    deinit { self.client.shutdown { _ in } }

    /// - Throws: ``RemoteFailure`` when no whole answer came in time; an answer of any status is a value.
    package func send(_ request: HTTPRequest) async throws(RemoteFailure) -> HTTPResponse {
        let place = placeInErrors(of: request.url)
        do {
            return try await self.exchange(self.prepared(request), request)
        } catch is NIOTooManyBytesError {
            throw RemoteFailure(
                .tooLarge,
                "\(place): the answer is larger than \(request.maximumBytes) bytes"
            )
        } catch let error as HTTPClientError where isMalformed(error) {
            throw RemoteFailure(.permanent, "\(place): this is no request that can be sent")
        } catch is DeadlineExceeded {
            throw RemoteFailure(.transient, "\(place): no whole answer within \(request.timeout)")
        } catch is CancellationError {
            throw RemoteFailure(
                .transient,
                "\(place): the request was cancelled",
                code: RemoteFailure.cancelled
            )
        } catch {
            throw RemoteFailure(
                .transient,
                "\(place): \(reason(of: error))",
                code: isWithoutConnection(error) ? RemoteFailure.noConnection : ""
            )
        }
    }

    /// The client's own deadline ends with the head of an answer: a body that drips would never end.
    ///
    /// On threads of their own: a deadline that waits for others to end is none.
    private func exchange(
        _ prepared: HTTPClientRequest,
        _ request: HTTPRequest
    ) async throws -> HTTPResponse {
        let client = self.client
        return try await withThrowingTaskGroup(of: HTTPResponse.self) { group in
            group.addTask(executorPreference: WaitedTasks.threads) {
                let response = try await client.execute(
                    prepared,
                    // Ours comes first: it says so in our words.
                    timeout: (request.timeout + .seconds(5)).timeAmount
                )
                return HTTPResponse(
                    status: Int(response.status.code),
                    headers: response.headers.map { (name: $0.name, value: $0.value) },
                    body: try await body(of: response, maximumBytes: request.maximumBytes)
                )
            }
            group.addTask(executorPreference: WaitedTasks.threads) {
                try await WaitedClock().sleep(for: request.timeout)
                throw DeadlineExceeded()
            }
            defer { group.cancelAll() }
            guard let response = try await group.next() else { throw CancellationError() }
            return response
        }
    }

    private func prepared(_ request: HTTPRequest) -> HTTPClientRequest {
        var prepared = HTTPClientRequest(url: request.url)
        prepared.method = HTTPMethod(rawValue: request.method)
        for header in request.headers {
            prepared.headers.add(name: header.name, value: header.value)
        }
        if !prepared.headers.contains(name: "user-agent") {
            prepared.headers.add(name: "user-agent", value: self.userAgent)
        }
        if let body = request.body { prepared.body = .bytes(body) }
        return prepared
    }
}

private struct DeadlineExceeded: Error {}

/// Of an answer that is an error, or leads elsewhere, this much is read.
private let errorBodyLimit = 1 << 16

/// The body; cut off where it is not what was asked for but an error.
private func body(of response: HTTPClientResponse, maximumBytes: Int) async throws -> [UInt8] {
    if response.status.code < 300 {
        return Array(buffer: try await response.body.collect(upTo: maximumBytes))
    }
    var bytes: [UInt8] = []
    for try await chunk in response.body {
        bytes += chunk.readableBytesView.prefix(errorBodyLimit - bytes.count)
        if bytes.count == errorBodyLimit { break }
    }
    return bytes
}

private func isMalformed(_ error: HTTPClientError) -> Bool {
    let kinds: [HTTPClientError] = [
        .invalidURL, .emptyHost, .emptyScheme, .unsupportedScheme(""), .invalidHeaderFieldNames([]),
        .invalidHeaderFieldValues([]),
    ]
    return kinds.contains { $0.shortDescription == error.shortDescription }
}

/// A URL as an error may show it: without user, password, query and fragment.
package func placeInErrors(of url: String) -> String {
    let bare = url.prefix { $0 != "?" && $0 != "#" }
    guard let colon = bare.firstIndex(of: ":"), bare[colon...].hasPrefix("://") else {
        return String(bare)
    }
    let start = bare.index(colon, offsetBy: 3)
    let authority = bare[start...].prefix { $0 != "/" }
    guard let at = authority.lastIndex(of: "@") else { return String(bare) }
    return String(bare[..<start]) + bare[bare.index(after: at)...]
}

/// What a library says of a failure, in words that hold nothing of the request.
private func reason(of error: any Error) -> String {
    switch error {
    case let error as HTTPClientError: error.shortDescription
    case let error as NIOConnectionError: connectionReason(error)
    case let error as IOError where error.errnoCode == ECONNREFUSED: refused
    case is ChannelError, is IOError: "the connection broke"
    default: "\(type(of: error))"
    }
}

private let refused = "nobody listens there (connection refused)"

private func connectionReason(_ error: NIOConnectionError) -> String {
    if error.connectionErrors.isEmpty, error.dnsAError != nil || error.dnsAAAAError != nil {
        return "the name \(error.host) has no address"
    }
    let isRefused = error.connectionErrors.contains {
        ($0.error as? IOError)?.errnoCode == ECONNREFUSED
    }
    return isRefused ? refused : "no connection"
}

/// Whether nobody received the request.
private func isWithoutConnection(_ error: any Error) -> Bool {
    switch error {
    case is NIOConnectionError: true
    case let error as IOError:
        [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL].contains(error.errnoCode)
    case let error as HTTPClientError: error == .connectTimeout
    default: false
    }
}

extension Duration {
    fileprivate var timeAmount: TimeAmount {
        let (seconds, attoseconds) = self.components
        return .nanoseconds(
            seconds.multipliedReportingOverflow(by: 1_000_000_000).partialValue
                + attoseconds / 1_000_000_000
        )
    }
}
