internal import Hummingbird
internal import NIOCore

/// The whole body of a request, in its limits of size and time.
///
/// - Throws: ``AnswerFailure`` `.tooLarge`, `.timeout` or `.unsupportedType`; what the connection throws.
func readJSONBody(
    _ request: Request,
    _ limits: RequestLimits
) async throws -> ByteBuffer {
    // A page of another site can send a form without being asked, but not JSON.
    let type = request.headers[.contentType]?.prefix { $0 != ";" }
    guard let type, type.lowercased().trimmed == "application/json" else {
        throw AnswerFailure(.unsupportedType, "send application/json", closesConnection: true)
    }
    let tooLarge = AnswerFailure(
        .tooLarge,
        "the body is larger than \(limits.bodyBytes) bytes",
        closesConnection: true
    )
    if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limits.bodyBytes
    {
        throw tooLarge
    }
    let body = request.body
    return try await withThrowingTaskGroup(of: ByteBuffer?.self) { group in
        group.addTask {
            do {
                return try await body.collect(upTo: limits.bodyBytes)
            } catch is NIOTooManyBytesError {
                throw tooLarge
            }
        }
        group.addTask {
            try await Task.sleep(for: .seconds(limits.seconds))
            return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let read = first else {
            throw AnswerFailure(
                .timeout,
                "the body did not arrive within \(Int(limits.seconds)) seconds",
                closesConnection: true
            )
        }
        return read
    }
}

extension StringProtocol {
    fileprivate var trimmed: String {
        String(self.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
