internal import HTTPTypes
internal import MillraceSearch

/// A refusal as the caller sees it: a status and `{"code","message"}`.
struct AnswerFailure: Error, Hashable, Sendable {
    /// Every code that an answer can have: the OpenAPI file lists the same.
    enum Code: String, Sendable, CaseIterable {
        case badRequest = "bad_request"
        case unauthorized
        case forbidden
        case notFound = "not_found"
        case methodNotAllowed = "method_not_allowed"
        case timeout
        case tooLarge = "too_large"
        case unsupportedType = "unsupported_type"
        case misdirected
        case tooManyRequests = "too_many_requests"
        case failed
        case unavailable
    }

    let code: Code
    let message: String
    /// Whether the rest of the request is not worth reading.
    var closesConnection = false
    var allow: [HTTPRequest.Method] = []
    var retryAfterSeconds: Int?

    init(_ code: Code, _ message: String, closesConnection: Bool = false) {
        self.code = code
        self.message = message
        self.closesConnection = closesConnection
    }

    var status: HTTPResponse.Status { self.code.status }
}

extension AnswerFailure.Code {
    var status: HTTPResponse.Status {
        switch self {
        case .badRequest: .badRequest
        case .unauthorized: .unauthorized
        case .forbidden: .forbidden
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .timeout: .requestTimeout
        case .tooLarge: .contentTooLarge
        case .unsupportedType: .unsupportedMediaType
        case .misdirected: .misdirectedRequest
        case .tooManyRequests: .tooManyRequests
        case .failed: .internalServerError
        case .unavailable: .serviceUnavailable
        }
    }
}

extension AnswerFailure {
    init(_ failure: SearchFailure) {
        switch failure.code {
        case .badRequest: self.init(.badRequest, failure.message)
        case .busy, .closed, .nothingPublished:
            self.init(.unavailable, failure.message)
            self.retryAfterSeconds = 1
        case .noSuchSnapshot: self.init(.notFound, failure.message)
        // Paths of this machine are for its log, not for callers.
        case .noSuchIndex, .modelUnavailable, .damaged, .otherVersion, .unreadable:
            self.init(
                .failed,
                "the index cannot be read (\(failure.code.rawValue)); see the server's log"
            )
        }
    }
}
