internal import Bytes

/// The failure that an answer of S3 states; nil for one that succeeded.
///
/// - Source: Amazon S3 API reference, "Error responses".
func s3Failure(of response: HTTPResponse, asking what: String) -> RemoteFailure? {
    // What an unchanged object is answered with is asked for by nobody here.
    guard response.status >= 300 else { return nil }
    let fault = S3Fault(response)
    let said = fault.code.isEmpty ? "" : " \(fault.code)"
    return RemoteFailure(
        fault.kind(of: response),
        "\(what): the server answered \(response.status)\(said)\(fault.regionNote)",
        status: response.status,
        code: fault.code
    )
}

/// What the body of an error names.
struct S3Fault: Hashable {
    var code = ""
    /// The region that the bucket is in, where the server says so.
    var region: String?

    init(_ response: HTTPResponse) {
        self.init(body: response.body)
        self.region = response.header("x-amz-bucket-region") ?? self.region
        if self.code.isEmpty { self.code = Self.code(ofStatus: response.status) }
    }

    init(body: [UInt8]) {
        var code = ""
        var region: String?
        // A body that is cut off or no XML names what it named until then.
        try? readXML(body) { path, visit in
            guard case .closed(let text) = visit, path.count == 2, path[0] == "Error" else {
                return
            }
            if path[1] == "Code" { code = text }
            if path[1] == "Region" { region = text }
        }
        let isWord = code.utf8.count <= 64 && code.utf8.allSatisfy(\.isASCIIAlphanumeric)
        self.code = isWord ? code : ""
        self.region = region.flatMap {
            $0.utf8.count <= 32 && $0.utf8.allSatisfy { $0.isASCIIAlphanumeric || $0 == .hyphen }
                ? $0 : nil
        }
    }

    var regionNote: String { self.region.map { "; the bucket is in region \($0)" } ?? "" }

    func kind(of response: HTTPResponse) -> RemoteFailure.Kind {
        switch self.code {
        case "SlowDown", "SlowDownRead", "SlowDownWrite", "Throttling", "ThrottlingException",
            "TooManyRequests", "RequestLimitExceeded", "ServiceUnavailable", "Busy":
            .throttled(retryAfter: response.retryAfter)
        case "InternalError", "RequestTimeout", "OperationAborted", "ConditionalRequestConflict":
            .transient
        case "NoSuchKey", "NoSuchVersion": .gone
        case "NoSuchBucket", "PermanentRedirect", "AuthorizationHeaderMalformed",
            "TemporaryRedirect":
            .permanent
        case "PreconditionFailed": .preconditionFailed
        case "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken",
            "InvalidToken", "TokenRefreshRequired", "RequestTimeTooSkewed", "RequestExpired",
            "AllAccessDisabled", "InvalidObjectState", "AccountProblem":
            .forbidden
        default: response.failure(of: "")?.kind ?? .permanent
        }
    }

    /// An answer without a body, as that to HEAD is.
    private static func code(ofStatus status: Int) -> String {
        switch status {
        case 301, 307, 308: "PermanentRedirect"
        case 412: "PreconditionFailed"
        default: ""
        }
    }
}
