internal import Objects

/// What became of the attempt to put a generation in force.
enum HeadMove: Hashable {
    case moved
    /// Another writer was first; which generation is in force now, where one is.
    case lost(RemoteHead?)
}

extension RemoteStore {
    private static let attemptLimit = 5

    /// Puts `head` in force if nothing has changed since `old` was read.
    ///
    /// An answer that was lost is asked for: names of generations are used by one writer once, so that a head
    /// that names ours is ours.
    func move(to head: RemoteHead, from old: (head: RemoteHead, etag: String)?) throws -> HeadMove {
        let bytes = try remoteBytes(head)
        var attempt = 1
        while true {
            let condition: S3Condition = old.map { .matches($0.etag) } ?? .absent
            guard let failure = self.write(RemoteLayout.live, bytes, condition) else {
                return .moved
            }
            let now = try self.head()
            if now?.head.generation == head.generation { return .moved }
            let isUnchanged = now?.etag == old?.etag
            switch failure.kind {
            case .outcomeUnknown where isUnchanged && attempt < Self.attemptLimit: attempt += 1
            case .preconditionFailed, .outcomeUnknown, .gone: return .lost(now?.head)
            default:
                // 409: another conditional write was at work, for as long as we asked.
                if failure.code == "ConditionalRequestConflict" { return .lost(now?.head) }
                throw OperationError(remote: failure)
            }
        }
    }

    /// Refuses a server that replaces what a condition forbids it to: two writers would lose each other's work.
    ///
    /// - Parameter name: of a generation that is there; one that is replaced by itself is as it was.
    func requireConditions(_ name: String, _ generation: RemoteGeneration) throws {
        let bytes = try remoteBytes(generation)
        let failure = self.write(RemoteLayout.generation(name), bytes, .absent)
        if failure?.kind == .preconditionFailed { return }
        if let failure, failure.status != 501 { throw OperationError(remote: failure) }
        throw OperationError(
            .configuration,
            "\(self.address): this server does not hold to If-None-Match, so that two writers could lose "
                + "each other's work; use one that does, as Amazon S3 and MinIO do. Nothing was put in force"
        )
    }

    /// Nil where it was written.
    private func write(
        _ name: String,
        _ bytes: [UInt8],
        _ condition: S3Condition
    ) -> RemoteFailure? {
        let (client, key) = (self.client, self.key(name))
        return blocking { () async -> RemoteFailure? in
            do throws(RemoteFailure) {
                _ = try await client.put(key, bytes, condition, contentType: "application/json")
                return nil
            } catch {
                return error
            }
        }
    }
}
