internal import Hashing
internal import Objects
internal import Records
internal import Storage

/// A piece of a local file and the object that has it.
struct PieceAt: Sendable {
    let piece: RemotePiece
    /// Below the address.
    let object: String
    let isDeflated: Bool
    /// Of the local file.
    let path: String
    let offset: Int
}

extension RemoteFile {
    /// - Parameter path: where the file lies on this machine.
    func piecesAt(_ path: String) -> [PieceAt] {
        var offset = 0
        return self.pieces.map { piece in
            defer { offset += piece.byteCount }
            return PieceAt(
                piece: piece,
                object: self.object(piece),
                isDeflated: self.isDeflated,
                path: path,
                offset: offset
            )
        }
    }
}

extension RemoteStore {
    /// Sends pieces, several at the same time; `done` is told the bytes of each.
    ///
    /// - Throws: also when the bytes are not those that were compared.
    func send(_ pieces: [PieceAt], done: @escaping @Sendable (Int) -> Void) throws {
        try asking { () async throws(RemoteFailure) in
            _ = try await inParallel(pieces, limit: Self.concurrency) {
                piece async throws(RemoteFailure) in
                let bytes = try piece.localBytes()
                let body = piece.isDeflated ? deflate(bytes, level: 3) : bytes
                _ = try await self.client.put(self.key(piece.object), body)
                done(bytes.count)
            }
        }
    }

    /// The bytes of a piece, which are those that its name promises.
    ///
    /// What comes otherwise is asked for again: a proxy may cut an answer and give its length.
    func fetch(_ piece: PieceAt) async throws(RemoteFailure) -> [UInt8] {
        let count = piece.piece.byteCount
        // Compression makes what cannot be compressed longer by a little.
        let limit = piece.isDeflated ? count + count / 1_000 + 64 : count
        return try await self.fetch(piece, range: nil, maximumBytes: limit) { body in
            let bytes = piece.isDeflated ? try? inflate(body, byteCount: count) : body
            guard let bytes, bytes.count == count, sha256(bytes).hex == piece.piece.sha256 else {
                return nil
            }
            return bytes
        }
    }

    /// Bytes of a piece that is stored as it is, by their places in its file.
    ///
    /// - Parameter isSound: whether they are those that were promised; else they are asked for again.
    func fetch(
        _ piece: PieceAt,
        range: Range<Int>,
        isSound: ([UInt8]) -> Bool
    ) async throws(RemoteFailure) -> [UInt8] {
        let own = range.lowerBound - piece.offset..<range.upperBound - piece.offset
        let whole = piece.piece.byteCount
        return try await self.fetch(
            piece,
            range: own.count == whole ? nil : own,
            maximumBytes: whole
        ) { body in
            // A server that knows no ranges answers with the whole.
            let bytes = body.count == whole ? Array(body[own]) : body
            return bytes.count == own.count && isSound(bytes) ? bytes : nil
        }
    }

    private func fetch(
        _ piece: PieceAt,
        range: Range<Int>?,
        maximumBytes: Int,
        _ content: ([UInt8]) -> [UInt8]?
    ) async throws(RemoteFailure) -> [UInt8] {
        let place = self.place(piece.object)
        for _ in 0..<3 {
            let body: [UInt8]
            do throws(RemoteFailure) {
                body = try await self.client.get(
                    self.key(piece.object),
                    range: range,
                    maximumBytes: maximumBytes
                ).bytes
            } catch {
                switch error.kind {
                case .gone:
                    throw RemoteFailure(.permanent, "\(place) is missing; \(Self.remedy)")
                case .tooLarge: continue
                default: throw error
                }
            }
            if let bytes = content(body) { return bytes }
        }
        throw RemoteFailure(
            .permanent,
            "\(place) is damaged: its bytes are not those its name promises; \(Self.remedy)"
        )
    }
}

extension PieceAt {
    /// - Throws: where the local file has other bytes.
    func localBytes() throws(RemoteFailure) -> [UInt8] {
        do throws(StorageError) {
            let file = try MappedFile(path: self.path)
            let bytes: [UInt8] = file.withBytes { all in
                let end = self.offset + self.piece.byteCount
                return end <= all.count ? Array(all[self.offset..<end]) : []
            }
            guard sha256(bytes).hex == self.piece.sha256 else {
                throw StorageError(
                    .changed,
                    path: self.path,
                    "its bytes are not those of its name; look at it with 'millrace verify'"
                )
            }
            return bytes
        } catch {
            throw RemoteFailure(.permanent, error.message)
        }
    }
}
