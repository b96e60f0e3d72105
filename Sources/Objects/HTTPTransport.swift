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
            return try await self.exchange(request)
        } catch is NIOTooManyBytesError {
            throw RemoteFailure(
                .tooLarge,
                "\(place): the answer is larger than \(request.maximumBytes) bytes"
            )
        } catch let error as HTTPClientError where isMalformed(error) {
            throw RemoteFailure(.permanent, "\(place): this is no request that can be sent")
        } catch let error as HTTPClientError where error == .deadlineExceeded {
            throw RemoteFailure(.transient, "\(place): no whole answer within \(request.timeout)")
        } catch let error as HTTPClientError where error == .cancelled {
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

    /// The deadline holds for the whole exchange: a body that drips would never end.
    ///
    /// All of it happens on the client's event loops: whoever waits here wakes up once, with the answer.
    private func exchange(_ request: HTTPRequest) async throws -> HTTPResponse {
        let answer = WholeAnswer(to: request)
        let task = self.client.execute(
            request: try self.prepared(request),
            delegate: answer,
            deadline: .now() + request.timeout.timeAmount
        )
        do {
            return try await withTaskCancellationHandler {
                try await task.get()
            } onCancel: {
                task.cancel()
            }
        } catch {
            if let cutOff = answer.cutOff { return cutOff }
            throw error
        }
    }

    private func prepared(_ request: HTTPRequest) throws -> HTTPClient.Request {
        var headers = HTTPHeaders(request.headers.map { ($0.name, $0.value) })
        if !headers.contains(name: "user-agent") {
            headers.add(name: "user-agent", value: self.userAgent)
        }
        return try HTTPClient.Request(
            url: request.url,
            method: HTTPMethod(rawValue: request.method),
            headers: headers,
            body: request.body.map { .byteBuffer(ByteBuffer(bytes: $0)) }
        )
    }
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
