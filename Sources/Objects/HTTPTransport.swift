internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Sends requests over kept connections, with a limit on time and bytes for each.
///
/// Follows no redirect: who asks knows where it may go. Retries nothing: ``retrying(_:budget:onRetry:_:)``
/// does.
package final class HTTPTransport: Sendable {
    private let client: HTTPClient
    private let userAgent: String

    package init(
        userAgent: String = "millrace",
        connectTimeout: Duration = .seconds(10),
        connectionsPerHost: Int = 16
    ) {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = connectTimeout.timeAmount
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connectionsPerHost
        configuration.httpVersion = .http1Only
        self.client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        self.userAgent = userAgent
    }

    deinit { self.client.shutdown { _ in } }

    /// - Throws: ``RemoteFailure`` when no whole answer came; an answer of any status is a value.
    package func send(_ request: HTTPRequest) async throws(RemoteFailure) -> HTTPResponse {
        let place = placeInErrors(of: request.url)
        do {
            let response = try await self.client.execute(
                self.prepared(request),
                timeout: request.timeout.timeAmount
            )
            let body = try await response.body.collect(upTo: request.maximumBytes)
            return HTTPResponse(
                status: Int(response.status.code),
                headers: response.headers.map { (name: $0.name, value: $0.value) },
                body: Array(buffer: body)
            )
        } catch is NIOTooManyBytesError {
            throw RemoteFailure(
                .tooLarge,
                "\(place): the answer is larger than \(request.maximumBytes) bytes"
            )
        } catch let error as HTTPClientError where error == .invalidURL || error == .emptyHost
            || error == .emptyScheme
        {
            throw RemoteFailure(.permanent, "\(place): this is no URL that can be asked for")
        } catch {
            throw RemoteFailure(.transient, "\(place): \(reason(of: error))")
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

/// A URL as an error may show it: without user, password, query and fragment.
package func placeInErrors(of url: String) -> String {
    let bare = url.prefix { $0 != "?" && $0 != "#" }
    guard let scheme = bare.firstRange(of: "://") else { return String(bare) }
    let rest = bare[scheme.upperBound...]
    let authority = rest.prefix { $0 != "/" }
    guard let at = authority.lastIndex(of: "@") else { return String(bare) }
    return String(bare[..<scheme.upperBound]) + String(rest[rest.index(after: at)...])
}

/// What a library says of a failure, in words that hold nothing of the request.
private func reason(of error: any Error) -> String {
    switch error {
    case let error as HTTPClientError: error.shortDescription
    case is NIOConnectionError: "no connection"
    // 111: ECONNREFUSED, nobody listens.
    case let error as IOError where error.errnoCode == 111: "no connection"
    case is ChannelError, is IOError: "the connection broke"
    default: "\(type(of: error))"
    }
}

extension Duration {
    fileprivate var timeAmount: TimeAmount {
        let (seconds, attoseconds) = self.components
        return .nanoseconds(seconds.multipliedReportingOverflow(by: 1_000_000_000).partialValue
            + attoseconds / 1_000_000_000)
    }
}
