internal import Dataflow
internal import Foundation
internal import Hashing
internal import Records
internal import Storage
internal import Telemetry

/// What was taken out of a workspace, when and by whom: no text, and no URI but as a keyed digest.
package struct ErasureReceipt: Codable, Sendable {
    package struct Document: Codable, Sendable, Hashable {
        /// The document's id: the first 16 bytes of SHA-256 of its URI.
        package var id: String
        /// HMAC-SHA256 of its URI by the workspace's key.
        package var uriDigest: String
        /// Chunks it had.
        package var chunks: Int
        /// Whether it was taken out of another document, with which it went.
        package var isChild: Bool
    }

    package struct State: Codable, Sendable, Hashable {
        /// Nil where nothing was published.
        package var snapshot: Int?
        package var digest: String?
    }

    package var form = Self.currentForm
    package var workspace: String
    package var pipeline: String
    /// `2026-11-21 02:00:07 UTC`.
    package var time: String
    package var who: String
    package var from: String
    /// `uri`, `pseudonym`, `query` or `retention`.
    package var request: String
    package var documents: [Document]
    /// Documents of other URIs with the same text that stay, since they were not asked for.
    package var copiesKept: Int
    /// Pinned snapshots and those of channels that went because they held it.
    package var snapshotsDropped: [Int]
    package var before: State
    package var after: State
    /// What is to be in no file: ids and SHA-256 of contents, texts and chunks, in hexadecimal.
    package var digests: [String]
    /// Chunks of the documents that others have word for word, and keep.
    package var chunksShared: Int
    /// Files that were looked through, and their bytes.
    package var filesScanned: Int
    package var bytesScanned: Int
    /// What the workspace cannot reach.
    package var notReached: [String]

    /// What is signed.
    func body() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(self))
    }
}

/// A receipt with its signature: one line, whose last key is the receipt in the bytes that were signed.
struct SignedReceipt {
    let receipt: ErasureReceipt
    let body: [UInt8]
    let publicKey: [UInt8]
    let signature: [UInt8]

    private static let parts = (
        head: Array("{\"publicKey\":\"".utf8), middle: Array("\",\"signature\":\"".utf8),
        tail: Array("\",\"receipt\":".utf8)
    )
    private static let byteCountMax = 1 << 28

    init(_ receipt: ErasureReceipt, key: SigningKey) throws {
        self.receipt = receipt
        self.body = try receipt.body()
        self.publicKey = key.publicKey
        self.signature = try key.signature(of: self.body)
    }

    var bytes: [UInt8] {
        Self.parts.head + Array(Hex.encode(self.publicKey).utf8) + Self.parts.middle
            + Array(Hex.encode(self.signature).utf8) + Self.parts.tail + self.body
            + Array("}\n".utf8)
    }

    /// - Throws: ``OperationError`` `.configuration` for a file that is no receipt.
    init(path: String) throws {
        let file: [UInt8]
        do {
            file = try readFile(path, maximumBytes: Self.byteCountMax)
        } catch {
            throw OperationError(.configuration, error.message)
        }
        var rest = file[...]
        func take(_ count: Int) -> ArraySlice<UInt8> {
            let part = rest.prefix(count)
            rest = rest.dropFirst(count)
            return part
        }
        let head = take(Self.parts.head.count)
        let key = hexBytes(String(decoding: take(64), as: UTF8.self))
        let middle = take(Self.parts.middle.count)
        let signature = hexBytes(String(decoding: take(128), as: UTF8.self))
        let tail = take(Self.parts.tail.count)
        let body = Array(rest.dropLast(2))
        guard head.elementsEqual(Self.parts.head), middle.elementsEqual(Self.parts.middle),
            tail.elementsEqual(Self.parts.tail), rest.suffix(2).elementsEqual(Array("}\n".utf8)),
            let key, let signature,
            let receipt = try? JSONDecoder().decode(ErasureReceipt.self, from: Data(body)),
            receipt.form == ErasureReceipt.currentForm
        else { throw OperationError(.configuration, "\(path): not a receipt of 'millrace forget'") }
        self.receipt = receipt
        self.body = body
        self.publicKey = key
        self.signature = signature
    }

    /// Writes it beside the others, by its own hash; returns the path.
    func write(_ layout: WorkspaceLayout) throws -> String {
        try createFolder(layout.receiptsFolder)
        let path = "\(layout.receiptsFolder)/\(sha256(self.body).hex.prefix(16)).json"
        try replaceFile(path, with: self.bytes)
        return path
    }

    var isSigned: Bool { isSignature(self.signature, of: self.body, by: self.publicKey) }
}

extension ErasureReceipt {
    static let currentForm = "erasure-receipt/1"
    /// The request of what a pipeline's `retention` took out, which may come back in a younger version.
    static let retention = "retention"

    /// Of what was noted before it went and is proved to be gone, by who runs this process, now.
    ///
    /// - Parameter after: what is published without it.
    init(
        of pending: PendingErasure,
        _ proof: ErasureProof,
        after: State,
        plan: Plan,
        layout: WorkspaceLayout,
        clock: WallClock
    ) {
        let actor = Actor.current()
        self.init(
            workspace: layout.root,
            pipeline: plan.name,
            time: universalTime(clock.milliseconds()),
            who: actor.who,
            from: actor.from,
            request: pending.request,
            documents: pending.documents.sorted { $0.id < $1.id },
            copiesKept: pending.copiesKept,
            snapshotsDropped: pending.snapshotsDropped,
            before: pending.before,
            after: after,
            digests: proof.own,
            chunksShared: proof.shared.count,
            filesScanned: proof.files,
            bytesScanned: proof.bytes,
            notReached: Self.notReached(of: plan)
        )
    }

    /// What no erasure in the workspace of a pipeline takes away.
    static func notReached(of plan: Plan) -> [String] {
        let everywhere = [
            "the sources themselves", "backups and exports that were made before",
            "readers that have a snapshot of before open",
        ]
        let caches =
            plan.embeddingCacheFiles.isEmpty
            ? [] : ["embedding caches that the pipeline named before, in other folders"]
        guard let remote = plan.remote else { return everywhere + caches }
        return everywhere + caches + [
            "earlier states at \(remote), until 'millrace gc \(remote)' has taken them away"
        ]
    }
}
