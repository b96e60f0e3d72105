internal import Foundation
internal import Hashing
internal import Records
internal import Storage

/// An erasure that has begun: whatever ends the process, the next one knows what was to go and ends it.
struct PendingErasure: Codable {
    var version = 1
    /// `uri`, `pseudonym`, `query` or `retention`.
    var request: String
    var documents: [ErasureReceipt.Document] = []
    /// SHA-256 of contents, texts and chunks, in hexadecimal, ascending.
    var digests: [String] = []
    var copiesKept = 0
    var snapshotsDropped: [Int] = []
    var before: ErasureReceipt.State

    private static let byteCountMax = 1 << 28

    /// - Parameter path: Of the file; nil is returned where there is none.
    static func read(_ path: String) throws -> PendingErasure? {
        guard fileExists(path) else { return nil }
        let bytes = try readFile(path, maximumBytes: Self.byteCountMax)
        guard let pending = try? JSONDecoder().decode(PendingErasure.self, from: Data(bytes)),
            pending.version == 1
        else {
            throw OperationError(
                .fatal,
                "\(path): what was being erased cannot be read; remove the file, and ask for the erasure again"
            )
        }
        return pending
    }

    func write(to path: String, in layout: WorkspaceLayout) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        try createFolder(layout.erasureFolder)
        try replaceFile(path, with: [UInt8](try encoder.encode(self)) + [0x0A])
    }

    /// Takes in the documents with the digests of what they hold.
    mutating func add(_ targets: ErasureTargets, namedBy names: ForgottenDocuments) {
        self.documents += targets.documents.map {
            ErasureReceipt.Document(
                id: $0.id.hex,
                uriDigest: names.digest(uri: $0.uri),
                chunks: $0.chunkHashes.count,
                isChild: $0.isChild
            )
        }
        var digests: Set<Digest> = []
        for document in targets.documents {
            digests.formUnion(
                [document.contentHash, document.textHash, document.exact].compactMap { $0 }
            )
            digests.formUnion(document.chunkHashes)
        }
        self.digests = Set(self.digests).union(digests.map(\.hex)).sorted()
        self.copiesKept = targets.copies.count
    }

    /// Takes in another that had begun before.
    mutating func add(_ other: PendingErasure) {
        let known = Set(self.documents.map(\.id))
        self.documents += other.documents.filter { !known.contains($0.id) }
        self.digests = Set(self.digests).union(other.digests).sorted()
        self.snapshotsDropped = Set(self.snapshotsDropped).union(other.snapshotsDropped).sorted()
        self.before = other.before
    }
}
