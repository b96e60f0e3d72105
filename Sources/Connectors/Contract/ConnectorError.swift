internal import Glibc
package import Objects
package import Records

/// Why a source could not be listed, or a document not be read.
package struct ConnectorError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// The source asks for fewer requests; `retryAfter` says for how long where it does.
        case throttled
        /// A fault that may pass by itself: the same call may succeed.
        case transient
        /// The document is not there any more, and the source is.
        case gone
        /// Missing, wrong or expired credentials, or not enough of them.
        case forbidden
        case tooLarge = "too_large"
        /// Asking again cannot help.
        case permanent
        /// The source is not there or cannot be opened: never the same as an empty one.
        case unavailable
        /// A key of the source's configuration cannot be used.
        case configuration
        /// The visitor threw; `cause` is its error.
        case stopped
    }

    package let code: Code
    /// What happened and what to do next; never document text, a credential or a URL's query.
    package let message: String
    /// The URI or the path concerned.
    package let path: String
    /// The system's error number, or 0.
    package let systemCode: Int32
    package let retryAfter: Duration?
    package let cause: (any Error)?

    package init(
        _ code: Code,
        path: String,
        _ message: String,
        systemCode: Int32 = 0,
        retryAfter: Duration? = nil,
        cause: (any Error)? = nil
    ) {
        self.code = code
        self.path = path
        self.message = message
        self.systemCode = systemCode
        self.retryAfter = retryAfter
        self.cause = cause
    }

    package var description: String { "\(self.path): \(self.message)" }

    /// Whether the same call may succeed later.
    package var isRetryable: Bool { self.code == .throttled || self.code == .transient }

    /// What the document becomes a dead letter with; nil for errors of the source as a whole.
    package var failureCode: StageFailure.Code? {
        switch self.code {
        case .gone: .missing
        case .throttled, .transient, .forbidden, .permanent: .unreadable
        case .tooLarge: .tooLarge
        case .unavailable, .configuration, .stopped: nil
        }
    }
}

extension ConnectorError {
    /// What a server's answer means for a source.
    package init(_ failure: RemoteFailure, path: String) {
        var retryAfter: Duration?
        let code: Code
        switch failure.kind {
        case .throttled(let after):
            code = .throttled
            retryAfter = after
        case .transient, .outcomeUnknown: code = .transient
        case .gone: code = .gone
        case .forbidden: code = .forbidden
        case .tooLarge: code = .tooLarge
        case .preconditionFailed, .permanent: code = .permanent
        }
        self.init(code, path: path, failure.message, retryAfter: retryAfter)
    }

    /// The same for those who decide about retries.
    var asRemoteFailure: RemoteFailure {
        let kind: RemoteFailure.Kind =
            switch self.code {
            case .throttled: .throttled(retryAfter: self.retryAfter)
            case .transient: .transient
            case .gone: .gone
            case .forbidden: .forbidden
            case .tooLarge: .tooLarge
            case .permanent, .unavailable, .configuration, .stopped: .permanent
            }
        return RemoteFailure(kind, self.message)
    }
}

func systemMessage(_ code: Int32) -> String { String(cString: strerror(code)) }
