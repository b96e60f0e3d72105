internal import Objects
internal import Storage
internal import Synchronization
internal import Telemetry

/// Puts the files of a generation into a folder: those that another folder has are linked, pieces that it has
/// are copied, and the rest is asked for.
struct RemoteFetch: Sendable {
    let store: RemoteStore
    let target: WorkspaceLayout
    /// Where some may be already.
    let source: WorkspaceLayout
    /// What is in `source`.
    let present: [RemoteFile]
    let progress: RunProgress

    /// - Returns: the bytes that came over the network, before compression.
    func run(_ files: [RemoteFile]) throws -> Int {
        let there = Dictionary(self.present.map { ($0.path, $0) }) { first, _ in first }
        var missing: [RemoteFile] = []
        for file in files {
            try createFolder(parentFolder(of: self.path(file)))
            // What cannot be linked, or is gone meanwhile, is fetched.
            let isLinked =
                there[file.path] == file
                && (try? linkFile("\(self.source.root)/\(file.path)", as: self.path(file))) != nil
            if !isLinked { missing.append(file) }
        }
        try self.requireSpace(for: missing)
        let pieces = self.localPieces()
        self.progress.begin(phase: "pull", total: missing.count)
        let received = Mutex(0)
        try asking { [missing] () async throws(RemoteFailure) in
            _ = try await inParallel(missing, limit: RemoteStore.concurrency) {
                file async throws(RemoteFailure) in
                let count = try await self.fetch(file, local: pieces)
                received.withLock { $0 += count }
            }
        }
        for folder in Set(files.map { parentFolder(of: self.path($0)) }) { try syncFolder(folder) }
        return received.withLock { $0 }
    }

    private func path(_ file: RemoteFile) -> String { "\(self.target.root)/\(file.path)" }

    /// Where this machine has pieces of databases, which change in places.
    private func localPieces() -> [String: PieceAt] {
        var pieces: [String: PieceAt] = [:]
        for file in self.present where file.isDeflated {
            for piece in file.piecesAt("\(self.source.root)/\(file.path)") {
                pieces[piece.piece.sha256] = piece
            }
        }
        return pieces
    }

    private func fetch(
        _ file: RemoteFile,
        local: [String: PieceAt]
    ) async throws(RemoteFailure) -> Int {
        let path = self.path(file)
        var received = 0
        do {
            var staged = try StagedFile(in: parentFolder(of: path))
            for piece in file.piecesAt(path) {
                var bytes: [UInt8]? = nil
                if let place = local[piece.piece.sha256] { bytes = try? place.localBytes() }
                if bytes == nil { received += piece.piece.byteCount }
                let content: [UInt8]
                if let bytes {
                    content = bytes
                } else {
                    content = try await self.store.fetch(piece)
                }
                try staged.write(content)
                self.progress.update { $0.bytesRead += content.count }
            }
            try staged.commit(to: path)
            if path == self.target.erasureKey { try makePrivate(path) }
        } catch let failure as RemoteFailure {
            throw failure
        } catch let error as StorageError {
            throw RemoteFailure(.permanent, error.message)
        } catch {
            throw RemoteFailure(.permanent, "\(path) cannot be written")
        }
        self.progress.finish(1)
        return received
    }

    /// Refuses at once what could only end in a full disk.
    private func requireSpace(for files: [RemoteFile]) throws {
        let needed = files.reduce(0) { $0 + $1.byteCount }
        let free = try freeBytes(at: self.target.root)
        guard needed < free else {
            throw OperationError(
                .fatal,
                "\(parentFolder(of: self.target.root)): the workspace takes \(needed) more bytes, \(free) "
                    + "are free; nothing was changed"
            )
        }
    }
}
