internal import Bytes
package import Telemetry

/// Asks one bucket of Amazon S3, or of a server that speaks as it does.
///
/// A value: copies share connections, credentials and the budget for retries. Throttling, faults of the
/// server and credentials that ended are met here; what is thrown is what remains.
/// - Source: Amazon S3 API reference (2006-03-01).
package struct S3Client: Sendable {
    package let bucket: S3Bucket
    private let credentials: AWSCredentialSource
    private let transport: HTTPTransport
    private let policy: RetryPolicy
    private let budget: RetryBudget
    private let circuit: CircuitBreaker
    private let clock: WallClock
    private let keys = SigningKeys()
    /// From the first byte sent to the last one read, of each request.
    package var timeout: Duration = .seconds(60)
    /// Called before each wait, for counters.
    package var onRetry: (@Sendable (RemoteFailure, Duration) -> Void)?

    package init(
        bucket: S3Bucket,
        credentials: AWSCredentialSource,
        transport: HTTPTransport,
        policy: RetryPolicy = RetryPolicy(),
        budget: RetryBudget = RetryBudget(),
        circuit: CircuitBreaker = CircuitBreaker(),
        clock: WallClock = .system
    ) {
        self.bucket = bucket
        self.credentials = credentials
        self.transport = transport
        self.policy = policy
        self.budget = budget
        self.circuit = circuit
        self.clock = clock
    }

    // MARK: Listing

    /// A page of the keys that begin with `prefix`, by ListObjectsV2.
    ///
    /// - Parameters:
    ///   - delimiter: keys that have it behind the prefix are summed up as ``S3Page/prefixes``.
    ///   - token: ``S3Page/next`` of the page before.
    ///   - startAfter: only keys behind this one, in the order of their UTF-8.
    package func list(
        prefix: String = "",
        delimiter: String? = nil,
        token: String? = nil,
        startAfter: String? = nil,
        maximumKeys: Int = 1000
    ) async throws(RemoteFailure) -> S3Page {
        var query = [
            (name: "list-type", value: "2"), (name: "encoding-type", value: "url"),
            (name: "max-keys", value: String(maximumKeys)),
        ]
        if !prefix.isEmpty { query.append((name: "prefix", value: prefix)) }
        if let delimiter { query.append((name: "delimiter", value: delimiter)) }
        if let token { query.append((name: "continuation-token", value: token)) }
        if let startAfter { query.append((name: "start-after", value: startAfter)) }
        let what = "listing \(self.place(of: prefix))"
        let request = self.request("GET", key: nil, query: query)
        return try await self.retried { () async throws(RemoteFailure) in
            let response = try await self.answer(to: request, what, maximumBytes: 64 << 20)
            do throws(XMLFault) {
                return try s3Page(response.body)
            } catch {
                // Some servers answer 200 and then find that they cannot.
                let fault = S3Fault(body: response.body)
                throw RemoteFailure(
                    fault.code.isEmpty ? .transient : fault.kind(of: response),
                    "\(what): the answer is no whole listing"
                        + (fault.code.isEmpty ? "" : ": \(fault.code)"),
                    status: response.status,
                    code: fault.code
                )
            }
        }
    }

    // MARK: Objects

    /// An object, or `range` of it.
    ///
    /// - Parameters:
    ///   - etag: the state that is asked for: `.preconditionFailed` when the object has another one.
    ///   - maximumBytes: a longer answer is `.tooLarge`.
    package func get(
        _ key: String,
        range: Range<Int>? = nil,
        ifMatches etag: String? = nil,
        maximumBytes: Int = 64 << 20
    ) async throws(RemoteFailure) -> S3Object {
        var headers: [(name: String, value: String)] = []
        if let range, !range.isEmpty {
            headers.append(
                (name: "range", value: "bytes=\(range.lowerBound)-\(range.upperBound - 1)")
            )
        }
        if let etag, !etag.isEmpty { headers.append((name: "if-match", value: etag)) }
        let what = "reading \(self.place(of: key))"
        let request = self.request("GET", key: key, headers: headers)
        return try await self.retried { () async throws(RemoteFailure) in
            let response = try await self.answer(to: request, what, maximumBytes: maximumBytes)
            if let range, response.status == 206, response.body.count != range.count {
                throw RemoteFailure(.transient, "\(what): the answer is not the range asked for")
            }
            return S3Object(response)
        }
    }

    /// An object of `size` bytes, in parts that are asked for at the same time where it is large.
    ///
    /// All parts are of the state `etag`, or the call fails with `.preconditionFailed`.
    package func getInParts(
        _ key: String,
        size: Int,
        ifMatches etag: String,
        partBytes: Int = 8 << 20,
        concurrency: Int = 4,
        maximumBytes: Int = 64 << 20
    ) async throws(RemoteFailure) -> S3Object {
        guard size <= maximumBytes else {
            throw RemoteFailure(
                .tooLarge,
                "\(self.place(of: key)): \(size) bytes are more than \(maximumBytes)"
            )
        }
        guard size > partBytes, !etag.isEmpty else {
            return try await self.get(key, ifMatches: etag, maximumBytes: maximumBytes)
        }
        let ranges = stride(from: 0, to: size, by: partBytes).map { $0..<min(size, $0 + partBytes) }
        let parts = try await inParallel(ranges, limit: concurrency) {
            range async throws(RemoteFailure) in
            try await self.get(key, range: range, ifMatches: etag, maximumBytes: maximumBytes)
        }
        // A server that knows no ranges answers with the whole, once for each part.
        guard let first = parts.first else { return try await self.get(key) }
        if first.bytes.count == size { return first }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        for part in parts { bytes += part.bytes }
        return S3Object(first, bytes: bytes)
    }

    /// What is known of an object, without its bytes.
    package func head(_ key: String) async throws(RemoteFailure) -> S3Object {
        let request = self.request("HEAD", key: key)
        return try await self.retried { () async throws(RemoteFailure) in
            let what = "asking for \(self.place(of: key))"
            return S3Object(try await self.answer(to: request, what), isHead: true)
        }
    }

    /// Writes an object; its new ETag.
    ///
    /// - Throws: `.preconditionFailed` when the condition does not hold; `.outcomeUnknown` when a write
    ///   with a condition was sent and no answer came: it is not sent again, because it might then
    ///   lose against itself.
    package func put(
        _ key: String,
        _ bytes: [UInt8],
        _ condition: S3Condition = .always,
        contentType: String? = nil,
        metadata: [String: String] = [:]
    ) async throws(RemoteFailure) -> String {
        var headers: [(name: String, value: String)] = []
        switch condition {
        case .always: break
        case .absent: headers.append((name: "if-none-match", value: "*"))
        case .matches(let etag): headers.append((name: "if-match", value: etag))
        }
        if let contentType { headers.append((name: "content-type", value: contentType)) }
        for (name, value) in metadata.sorted(by: { $0.key < $1.key }) {
            headers.append((name: "x-amz-meta-\(name)", value: value))
        }
        let what = "writing \(self.place(of: key))"
        let request = self.request("PUT", key: key, headers: headers, body: bytes)
        return try await self.retried { () async throws(RemoteFailure) in
            do throws(RemoteFailure) {
                return try await self.answer(to: request, what).header("etag") ?? ""
            } catch {
                guard condition != .always, error.kind == .transient,
                    error.code != "ConditionalRequestConflict"
                else { throw error }
                throw RemoteFailure(
                    .outcomeUnknown,
                    "\(error.message); whether it was written is not known",
                    status: error.status,
                    code: error.code
                )
            }
        }
    }

    /// Deletes an object; that it is not there is success.
    package func delete(_ key: String) async throws(RemoteFailure) {
        let request = self.request("DELETE", key: key)
        _ = try await self.retried { () async throws(RemoteFailure) in
            do throws(RemoteFailure) {
                return try await self.answer(to: request, "deleting \(self.place(of: key))").status
            } catch {
                guard error.kind == .gone else { throw error }
                return error.status
            }
        }
    }

    /// The tags of an object by their keys.
    package func tags(_ key: String) async throws(RemoteFailure) -> [String: String] {
        let what = "reading the tags of \(self.place(of: key))"
        let request = self.request("GET", key: key, query: [(name: "tagging", value: "")])
        return try await self.retried { () async throws(RemoteFailure) in
            let response = try await self.answer(to: request, what, maximumBytes: 1 << 20)
            do throws(XMLFault) {
                return try s3Tags(response.body)
            } catch {
                throw RemoteFailure(.transient, "\(what): the answer is no list of tags")
            }
        }
    }

    // MARK: Requests

    /// How errors name a key or prefix.
    private func place(of key: String) -> String { "s3://\(self.bucket.name)/\(key)" }

    private func request(
        _ method: String,
        key: String?,
        query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil
    ) -> UnsignedRequest {
        UnsignedRequest(
            method,
            scheme: self.bucket.scheme,
            authority: self.bucket.authority,
            path: self.bucket.path(of: key),
            query: query,
            headers: headers,
            body: body
        )
    }

    private func retried<Value: Sendable>(
        _ work: @Sendable () async throws(RemoteFailure) -> Value
    ) async throws(RemoteFailure) -> Value {
        try await retrying(
            self.policy,
            budget: self.budget,
            circuit: self.circuit,
            host: self.bucket.authority,
            onRetry: self.onRetry,
            work
        )
    }

    /// The answer to a request that succeeded; asks once more with new credentials where the old ones ended.
    private func answer(
        to request: UnsignedRequest,
        _ what: String,
        maximumBytes: Int = 1 << 20
    ) async throws(RemoteFailure) -> HTTPResponse {
        do throws(RemoteFailure) {
            return try await self.firstAnswer(to: request, what, maximumBytes)
        } catch {
            guard ["ExpiredToken", "TokenRefreshRequired", "InvalidToken"].contains(error.code),
                await self.credentials.forget()
            else { throw error }
            return try await self.firstAnswer(to: request, what, maximumBytes)
        }
    }

    private func firstAnswer(
        to request: UnsignedRequest,
        _ what: String,
        _ maximumBytes: Int
    ) async throws(RemoteFailure) -> HTTPResponse {
        var headers = request.headers
        if let credentials = try await self.credentials.current() {
            let signature = SignatureV4(
                credentials: credentials,
                region: self.bucket.region,
                service: "s3",
                keys: self.keys
            )
            headers = signature.signedHeaders(of: request, milliseconds: self.clock.milliseconds())
        }
        let response = try await self.transport.send(
            HTTPRequest(
                request.method,
                url: request.url,
                headers: headers,
                body: request.body,
                timeout: self.timeout,
                maximumBytes: maximumBytes
            )
        )
        if let failure = s3Failure(of: response, asking: what) { throw failure }
        return response
    }
}

/// Does `work` for each of `inputs`, at most `limit` at a time; the outputs in the order of the inputs.
package func inParallel<Input: Sendable, Output: Sendable>(
    _ inputs: [Input],
    limit: Int,
    _ work: @escaping @Sendable (Input) async throws(RemoteFailure) -> Output
) async throws(RemoteFailure) -> [Output] {
    let result = await withTaskGroup(of: (Int, Result<Output, RemoteFailure>).self) { group in
        var outputs = [Output?](repeating: nil, count: inputs.count)
        var next = 0
        func add() {
            guard next < inputs.count else { return }
            let (index, input) = (next, inputs[next])
            next += 1
            group.addTask {
                do throws(RemoteFailure) {
                    return (index, .success(try await work(input)))
                } catch {
                    return (index, .failure(error))
                }
            }
        }
        for _ in 0..<max(1, limit) { add() }
        while let (index, result) = await group.next() {
            switch result {
            case .success(let output): outputs[index] = output
            case .failure(let failure):
                group.cancelAll()
                return Result<[Output], RemoteFailure>.failure(failure)
            }
            add()
        }
        return .success(outputs.compactMap(\.self))
    }
    return try result.get()
}
