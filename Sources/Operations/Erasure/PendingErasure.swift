internal import Foundation
internal import Records
internal import Storage

/// An erasure that has begun: whatever ends the process, the next one knows what was to go and ends it.
struct PendingErasure: Codable {
    var version = 1
    /// `uri`, `pseudonym` or `query`.
    var request: String
    var documents: [ErasureReceipt.Document] = []
    /// SHA-256 of contents, texts and chunks, in hexadecimal, ascending.
    var digests: [String] = []
    var copiesKept = 0
    var snapshotsDropped: [Int] = []
    var before: ErasureReceipt.State

    private static let byteCountMax = 1 << 28

    static func read(_ layout: WorkspaceLayout) throws -> PendingErasure? {
        guard fileExists(layout.pendingErasure) else { return nil }
        let bytes = try readFile(layout.pendingErasure, maximumBytes: Self.byteCountMax)
        guard let pending = try? JSONDecoder().decode(PendingErasure.self, from: Data(bytes)),
            pending.version == 1
        else {
            throw OperationError(
                .fatal,
                "\(layout.pendingErasure): what was being erased cannot be read; remove the file, and ask for "
                    + "the erasure again"
            )
        }
        return pending
    }

    func write(_ layout: WorkspaceLayout) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        try createFolder(layout.erasureFolder)
        try replaceFile(layout.pendingErasure, with: [UInt8](try encoder.encode(self)) + [0x0A])
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
