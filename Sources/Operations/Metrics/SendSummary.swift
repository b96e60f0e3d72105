internal import Objects

/// Posts a run's summary, or why there is none, to an address: `{"form":"run/1",…}` or `{"event":"error",…}`.
///
/// Asked again for half a minute where the server is sick or away; the address may hold a secret, so that an
/// error shows it without query and user.
///
/// - Throws: ``OperationError`` `.configuration` where it could not be delivered: the run itself stands.
package func sendSummary(_ json: String, to url: String) throws {
    guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
        throw OperationError(
            .configuration,
            "--webhook: an address begins with http:// or https://"
        )
    }
    var policy = RetryPolicy()
    policy.maximumAttempts = 4
    policy.maximumElapsed = .seconds(30)
    let place = placeInErrors(of: url)
    let request = HTTPRequest(
        "POST",
        url: url,
        headers: [("content-type", "application/json")],
        body: Array(json.utf8),
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
        throw OperationError(.configuration, "--webhook: \(error)")
    }
}
