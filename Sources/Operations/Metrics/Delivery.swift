internal import Objects

/// Something that is told of a run to a server of the operator's.
struct Delivery {
    /// By which it was asked for.
    let option: String
    let method: String
    let url: String
    let contentType: String
    let body: [UInt8]
}

/// Delivers it, asking again for half a minute where the server is sick or away; the address may hold a secret, so
/// that an error shows it without query and user.
///
/// - Throws: ``OperationError`` `.configuration` where it could not be delivered.
func deliver(_ delivery: Delivery) throws {
    let url = delivery.url
    guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
        throw OperationError(
            .configuration,
            "\(delivery.option): an address begins with http:// or https://"
        )
    }
    var policy = RetryPolicy()
    policy.maximumAttempts = 4
    policy.maximumElapsed = .seconds(30)
    let place = placeInErrors(of: url)
    let request = HTTPRequest(
        delivery.method,
        url: url,
        headers: [("content-type", delivery.contentType)],
        body: delivery.body,
        timeout: .seconds(10),
        maximumBytes: 1 << 16
    )
    do throws(RemoteFailure) {
        let transport = HTTPTransport()
        try blocking { [policy] () async throws(RemoteFailure) in
            try await retrying(policy) { () async throws(RemoteFailure) in
                let response = try await transport.send(request)
                if let failure = response.failure(of: place) { throw failure }
            }
        }
    } catch {
        throw OperationError(.configuration, "\(delivery.option): \(error)")
    }
}

/// The address without slashes at its end.
func trimmingSlashes(_ url: String) -> String {
    var trimmed = Substring(url)
    while trimmed.hasSuffix("/") { trimmed.removeLast() }
    return String(trimmed)
}
