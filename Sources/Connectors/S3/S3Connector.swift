internal import Hashing
internal import Objects
internal import Records

/// The objects of a bucket of Amazon S3, or of a server that speaks as it does.
///
/// A place is the key without the source's prefix. The version is the ETag with size and time: an object
/// whose metadata alone change is written anew by S3, and its ETag stays.
struct S3Connector: Connector {
    private let options: S3SourceOptions
    private let client: S3Client
    private let lister: S3Lister
    /// What takes the place of asking for a listing.
    private let inventory: LineListing?

    /// Objects larger than this are fetched in parts.
    private static let partBytes = 8 << 20

    /// - Parameter timeout: Of one request, from its first byte to the last one of its answer.
    init(
        _ options: S3SourceOptions,
        _ context: AWSContext,
        timeout: Duration = .seconds(60)
    ) throws(ConnectorError) {
        // The one wrapper for retries stands around a connector: it asks once.
        var policy = RetryPolicy()
        policy.maximumAttempts = 1
        policy.maximumThrottledAttempts = 1
        let credentials = AWSCredentialSource(options.origin, context)
        let transport = HTTPTransport(connectionsPerHost: max(16, options.concurrency * 2))
        let clients: @Sendable (S3Bucket) -> S3Client = { [policy] bucket in
            var client = S3Client(
                bucket: bucket,
                credentials: credentials,
                transport: transport,
                policy: policy
            )
            client.timeout = timeout
            return client
        }
        let client = clients(options.bucket)
        self.options = options
        self.client = client
        self.inventory = try options.inventory(clients)
        self.lister = S3Lister(client, prefix: options.prefix, concurrency: options.concurrency)
    }

    var capabilities: ConnectorCapabilities {
        ConnectorCapabilities(hasLabels: self.options.labelTag != nil, readsRanges: true)
    }

    func page(after cursor: ListingCursor?) async throws(ConnectorError) -> ListingPage {
        if let inventory = self.inventory {
            return try await self.withTags(try await inventory.page(after: cursor))
        }
        let listing: ListingPage
        do throws(RemoteFailure) {
            let place = cursor.flatMap { S3Cursor($0.bytes) }
            let (page, next) = try await self.lister.page(at: place)
            listing = self.listing(page, next)
        } catch {
            throw self.explained(error)
        }
        return try await self.withTags(listing)
    }

    private func withTags(_ listing: ListingPage) async throws(ConnectorError) -> ListingPage {
        guard self.options.readsTags else { return listing }
        var listing = listing
        do throws(RemoteFailure) { try await self.addTags(to: &listing) } catch {
            throw self.explained(error)
        }
        return listing
    }

    private func listing(_ page: S3Page, _ next: S3Cursor?) -> ListingPage {
        var listing = ListingPage(items: [])
        listing.items.reserveCapacity(page.entries.count)
        for entry in page.entries {
            if entry.isFolderMark { continue }
            guard let item = self.options.item(entry) else {
                listing.report.addUnmatched()
                continue
            }
            listing.items.append(item)
        }
        listing.next = next.map { ListingCursor($0.encoded()) }
        return listing
    }

    func read(
        _ item: ListedItem,
        maximumBytes: Int
    ) async throws(ConnectorError) -> SourceDocument {
        do throws(RemoteFailure) {
            let key = String(decoding: item.token, as: UTF8.self)
            let object = try await self.object(key, item, maximumBytes: maximumBytes)
            let type = ContentTypeHeader(object.contentType)
            let named = item.mediaType
            return SourceDocument(
                bytes: object.bytes,
                mediaType: named == .unknown ? type.mediaType(ofNamed: named) : named,
                charset: type.charset,
                metadata: object.metadata
            )
        } catch {
            throw ConnectorError(error, path: item.uri)
        }
    }

    /// An object whole, of one state; a large one in parts that are asked for at the same time.
    private func object(
        _ key: String,
        _ item: ListedItem,
        maximumBytes: Int
    ) async throws(RemoteFailure) -> S3Object {
        guard (item.size ?? 0) > Self.partBytes else {
            return try await self.client.get(key, maximumBytes: maximumBytes)
        }
        let head = try await self.client.head(key)
        guard head.size <= maximumBytes else {
            throw RemoteFailure(.tooLarge, "\(head.size) bytes are more than \(maximumBytes)")
        }
        do throws(RemoteFailure) {
            return try await self.client.getInParts(
                key,
                size: head.size,
                ifMatches: head.etag,
                partBytes: Self.partBytes,
                maximumBytes: maximumBytes
            )
        } catch {
            guard error.kind == .preconditionFailed else { throw error }
            throw RemoteFailure(
                .transient,
                "the object changed while it was read",
                status: error.status
            )
        }
    }

    /// Tags change without a trace in a listing, and labels among them decide who may see an object: they
    /// are read at every listing.
    private func addTags(to listing: inout ListingPage) async throws(RemoteFailure) {
        let tags = try await inParallel(listing.items, limit: self.options.concurrency) {
            item async throws(RemoteFailure) -> [String: String]? in
            do throws(RemoteFailure) {
                return try await self.client.tags(String(decoding: item.token, as: UTF8.self))
            } catch {
                guard error.kind == .gone else { throw error }
                return nil
            }
        }
        listing.items = zip(listing.items, tags).compactMap { item, tags in
            tags.map { self.tagged(item, $0) }
        }
    }

    private func tagged(_ item: ListedItem, _ tags: [String: String]) -> ListedItem {
        let text = tags.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            .joined(separator: "\n")
        var metadata: [String: String] = [:]
        if self.options.keepsTags { for (key, value) in tags { metadata["tag.\(key)"] = value } }
        return ListedItem(
            id: item.id,
            uri: item.uri,
            token: item.token,
            version: self.options.keepsTags
                ? ItemVersion(of: "\(item.version.digest) \(text)") : item.version,
            size: item.size,
            modificationNanoseconds: item.modificationNanoseconds,
            mediaType: item.mediaType,
            metadata: metadata,
            labels: self.options.labelTag.map { label in
                (tags[label] ?? "").split { " ,;+".contains($0) }.map(String.init)
            } ?? []
        )
    }

    // MARK: Errors

    /// Why there is no listing, and what to type.
    private func explained(_ failure: RemoteFailure) -> ConnectorError {
        let bucket = self.options.bucket
        var retryAfter: Duration?
        if case .throttled(let after) = failure.kind { retryAfter = after }
        return ConnectorError(
            listingCode(failure),
            path: "s3://\(bucket.name)/\(self.options.prefix)",
            "source '\(self.options.name)' at \(bucket.endpoint), region \(bucket.region): "
                + "\(failure.message). \(listingAdvice(failure))",
            retryAfter: retryAfter
        )
    }
}

private func listingCode(_ failure: RemoteFailure) -> ConnectorError.Code {
    switch failure.kind {
    case .throttled: .throttled
    case .transient, .outcomeUnknown: .transient
    case .gone, .forbidden, .tooLarge, .preconditionFailed, .permanent: .unavailable
    }
}

private func listingAdvice(_ failure: RemoteFailure) -> String {
    switch failure.code {
    case "NoCredentials": return "They need s3:ListBucket and s3:GetObject"
    case "NoSuchBucket": return "Check 'bucket' and 'endpoint'"
    case "PermanentRedirect", "AuthorizationHeaderMalformed", "TemporaryRedirect":
        return "Write the bucket's region in 'region'"
    case "InvalidAccessKeyId", "SignatureDoesNotMatch":
        return "Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the profile that is used"
    case "ExpiredToken", "TokenRefreshRequired", "RequestExpired":
        return "The credentials have expired: get new ones, such as by 'aws sso login'"
    case "RequestTimeTooSkewed": return "Set this machine's clock"
    default: break
    }
    switch failure.kind {
    case .forbidden:
        return "The credentials need s3:ListBucket and s3:GetObject; 'credentials: none' is for a "
            + "public bucket"
    case .gone, .permanent, .preconditionFailed, .tooLarge:
        return "Check 'bucket', 'endpoint' and 'addressing'"
    case .throttled: return "Lower 'concurrency', or run it again later"
    case .transient, .outcomeUnknown:
        return "Check 'endpoint', and that the server can be reached from here"
    }
}
