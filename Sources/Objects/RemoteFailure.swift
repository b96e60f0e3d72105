/// Why a server did not give what was asked for, and with it whether asking again can help.
package struct RemoteFailure: Error, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// The server asks for fewer requests; after how long, where it says so.
        case throttled(retryAfter: Duration?)
        /// A connection, a time-out or a fault of the server: the same request may succeed.
        case transient
        /// What was asked for is not there any more.
        case gone
        /// The credentials are missing, wrong or not enough.
        case forbidden
        case tooLarge
        /// A conditional request lost: another writer was first.
        case preconditionFailed
        /// The request was sent and nobody knows what became of it.
        case outcomeUnknown
        /// Asking again cannot help.
        case permanent
    }

    /// The code of a wait or request that was cancelled: never sent again.
    package static let cancelled = "cancelled"
    /// The code of a request that ``CircuitBreaker`` did not let through.
    package static let circuitOpen = "circuit_open"
    /// The code of a request that nobody received.
    package static let noConnection = "no_connection"
    /// The code of a request that ``AddressRule`` does not allow.
    package static let privateAddress = "private_address"

    package let kind: Kind
    /// What happened; never a body, a credential or the query of a URL.
    package let message: String
    /// The status the server answered with, or 0.
    package let status: Int
    /// What the service calls the failure, such as `NoSuchBucket`; empty where it says nothing.
    package let code: String

    package init(_ kind: Kind, _ message: String, status: Int = 0, code: String = "") {
        self.kind = kind
        self.message = message
        self.status = status
        self.code = code
    }

    package var description: String { self.message }

    /// Whether the same request may succeed later.
    package var isRetryable: Bool {
        if self.code == Self.cancelled || self.code == Self.circuitOpen { return false }
        switch self.kind {
        case .throttled, .transient: return true
        case .gone, .forbidden, .tooLarge, .preconditionFailed, .outcomeUnknown, .permanent:
            return false
        }
    }
}

extension HTTPResponse {
    /// The failure that this answer states, or nil for 2xx, 304 and redirects.
    ///
    /// Source: RFC 9110, 15; RFC 6585, 4 (429).
    package func failure(of what: String) -> RemoteFailure? {
        let message = "\(what): the server answered \(self.status)"
        let kind: RemoteFailure.Kind
        switch self.status {
        case ..<400: return nil
        case 401, 403, 407: kind = .forbidden
        case 404, 410: kind = .gone
        case 412: kind = .preconditionFailed
        case 413: kind = .tooLarge
        case 429: kind = .throttled(retryAfter: self.retryAfter)
        case 503: kind = .throttled(retryAfter: self.retryAfter)
        case 501, 505: kind = .permanent
        case 408, 425, 500...: kind = .transient
        default: kind = .permanent
        }
        return RemoteFailure(kind, message, status: self.status)
    }

    /// `Retry-After` in seconds, or as a date, which is read against the date of the answer: a clock of
    /// ours that differs from the server's would wait too long or not at all.
    package var retryAfter: Duration? {
        guard let value = self.header("retry-after") else { return nil }
        if let seconds = Double(value), seconds >= 0, seconds.isFinite, seconds < 1e9 {
            return .milliseconds(Int64(seconds * 1000))
        }
        guard let until = InternetTime.seconds(ofHTTPDate: value),
            let now = self.header("date").flatMap({ InternetTime.seconds(ofHTTPDate: $0) })
        else { return nil }
        return .seconds(max(0, until - now))
    }
}
