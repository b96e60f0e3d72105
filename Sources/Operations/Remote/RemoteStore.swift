internal import Foundation
internal import Hashing
package import Objects
internal import Records
internal import Storage

/// The objects of one address.
package struct RemoteStore: Sendable {
    package let address: S3Address
    let client: S3Client

    /// Requests at the same time.
    static let concurrency = 6
    private static let headBytesMax = 1 << 16

    package init(address: S3Address, client: S3Client) {
        self.address = address
        self.client = client
    }

    /// As the environment and the files of AWS say: credentials, region, `AWS_ENDPOINT_URL`.
    ///
    /// - Throws: ``OperationError`` `.configuration` for what is no address or no bucket's name.
    package init(_ text: String) throws {
        guard let address = S3Address(text) else {
            throw OperationError(
                .configuration,
                "'\(text)' is not the address of a workspace; write it as s3://bucket/prefix"
            )
        }
        let context = AWSContext.ofProcess(
            profile: nil,
            transport: HTTPTransport(connectTimeout: .seconds(1))
        )
        let bucket: S3Bucket
        do {
            bucket = try S3Bucket(
                address.bucket,
                endpoint: context.endpoint,
                region: context.region
            )
        } catch {
            throw OperationError(.configuration, "\(address): \(error.message)")
        }
        self.init(
            address: address,
            client: S3Client(
                bucket: bucket,
                credentials: AWSCredentialSource(.chain, context),
                transport: HTTPTransport()
            )
        )
    }

    func key(_ name: String) -> String { self.address.key(name) }
    func place(_ name: String) -> String { "s3://\(self.address.bucket)/\(self.key(name))" }

    /// Which generation is in force, with the state that a condition names; nil where nothing was pushed.
    func head() throws -> (head: RemoteHead, etag: String)? {
        guard let object = try self.objectIfThere(RemoteLayout.live, Self.headBytesMax) else {
            return nil
        }
        let place = self.place(RemoteLayout.live)
        let head = try self.decoded(RemoteHead.self, object.bytes, place)
        try requireForm(head.form, RemoteHead.currentForm, place)
        guard isSHA256(head.generation), head.number > 0 else { throw self.damaged(place) }
        return (head, object.etag)
    }

    /// The generation that a head names.
    ///
    /// - Throws: as ``generation(_:)``, and where the two contradict each other.
    func generation(of head: RemoteHead) throws -> RemoteGeneration {
        let generation = try self.generation(head.generation)
        guard generation.lineage == head.lineage, generation.number == head.number else {
            throw self.damaged(self.place(RemoteLayout.live))
        }
        return generation
    }

    /// - Throws: ``OperationError`` `.fatal` where it is not there or not what its name says.
    func generation(_ name: String) throws -> RemoteGeneration {
        let object = RemoteLayout.generation(name)
        let place = self.place(object)
        guard let bytes = try self.objectIfThere(object, RemoteGeneration.byteCountMax)?.bytes
        else { throw OperationError(.fatal, "\(place) is missing; \(Self.remedy)") }
        guard sha256(bytes).hex == name else { throw self.damaged(place) }
        let generation = try self.decoded(RemoteGeneration.self, bytes, place)
        try requireForm(generation.form, RemoteGeneration.currentForm, place)
        guard generation.isSound else { throw self.damaged(place) }
        return generation
    }

    /// Writes a generation; its name.
    func put(_ generation: RemoteGeneration) throws -> String {
        let bytes = try remoteBytes(generation)
        let name = sha256(bytes).hex
        let (client, key) = (self.client, self.key(RemoteLayout.generation(name)))
        _ = try asking { () async throws(RemoteFailure) in try await client.put(key, bytes) }
        return name
    }

    /// What lies below `folder`, with sizes and times.
    func list(_ folder: String) throws -> [S3Entry] {
        let (client, prefix) = (self.client, self.key(folder))
        return try asking { () async throws(RemoteFailure) in
            var entries: [S3Entry] = []
            var token: String?
            repeat {
                let page = try await client.list(prefix: prefix, token: token)
                entries += page.entries
                token = page.next
            } while token != nil
            return entries
        }
    }

    func delete(_ keys: [String], done: @escaping @Sendable () -> Void) throws {
        let client = self.client
        _ = try asking { () async throws(RemoteFailure) in
            try await inParallel(keys, limit: Self.concurrency) {
                key async throws(RemoteFailure) in
                try await client.delete(key)
                done()
            }
        }
    }

    private func objectIfThere(_ name: String, _ limit: Int) throws -> S3Object? {
        let (client, key) = (self.client, self.key(name))
        return try asking { () async throws(RemoteFailure) -> S3Object? in
            do throws(RemoteFailure) {
                return try await client.get(key, maximumBytes: limit)
            } catch {
                guard error.kind == .gone else { throw error }
                return nil
            }
        }
    }

    private func decoded<Value: Decodable>(
        _ type: Value.Type,
        _ bytes: [UInt8],
        _ place: String
    ) throws -> Value {
        // The last byte of what is whole.
        guard bytes.last == UInt8(ascii: "\n") else { throw self.damaged(place) }
        if let value = try? JSONDecoder().decode(type, from: Data(bytes)) { return value }
        // A newer form may have other keys.
        let form = try? JSONDecoder().decode(RemoteForm.self, from: Data(bytes)).form
        if let form, form.hasPrefix("millrace.") { throw newerForm(form, place) }
        throw self.damaged(place)
    }

    func damaged(_ place: String) -> OperationError {
        OperationError(.fatal, "\(place) is damaged; \(Self.remedy)")
    }

    static let remedy =
        "nothing was changed; push again with --all from a machine that has the workspace"
}

private struct RemoteForm: Decodable {
    let form: String
}

private func requireForm(_ found: String, _ expected: String, _ place: String) throws {
    if found != expected { throw newerForm(found, place) }
}

private func newerForm(_ form: String, _ place: String) -> OperationError {
    OperationError(
        .newerVersion,
        "\(place) is of another form than this binary knows; use the newer binary"
    )
}

/// Waits for a server; its failures become errors with an exit code.
func asking<Value: Sendable>(
    _ work: @escaping @Sendable () async throws(RemoteFailure) -> Value
) throws -> Value {
    let result: Result<Value, RemoteFailure> = blocking {
        () async -> Result<Value, RemoteFailure> in
        do throws(RemoteFailure) {
            return .success(try await work())
        } catch {
            return .failure(error)
        }
    }
    switch result {
    case .success(let value): return value
    case .failure(let failure): throw OperationError(remote: failure)
    }
}

extension OperationError {
    init(remote failure: RemoteFailure) {
        let isSetting =
            failure.kind == .forbidden || failure.code == "NoSuchBucket"
            || failure.code == "PermanentRedirect"
        let hint =
            switch failure.code {
            case "NoSuchBucket": "; make the bucket first, or mend its name"
            case RemoteFailure.noConnection: "; is the server up, and AWS_ENDPOINT_URL right?"
            default: failure.kind == .forbidden ? "; look at the credentials and their rights" : ""
            }
        self.init(isSetting ? .configuration : .fatal, failure.message + hint)
    }
}
