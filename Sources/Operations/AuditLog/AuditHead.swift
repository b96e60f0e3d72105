internal import Foundation
internal import Storage

/// Where the audit log ends, kept beside it: what was cut off or added behind shows.
///
/// It is written before an entry, naming the one to come, and after it: a writer that is killed in between
/// leaves a log that ends at either, and nothing else is taken for an end.
struct AuditHead: Codable, Hashable {
    var version = 1
    /// Entries in the log.
    var count = 0
    /// Bytes of the log.
    var byteCount = 0
    /// Of the last entry, in hexadecimal; zeros for none.
    var hash = AuditLine.noHash
    /// Of the entry that is being written.
    var next: String?

    /// Nil where there is none.
    ///
    /// - Throws: ``OperationError`` `.fatal` for one that cannot be read.
    static func read(_ layout: WorkspaceLayout) throws -> AuditHead? {
        let path = layout.auditHead
        guard fileExists(path) else { return nil }
        let bytes = try readFile(path, maximumBytes: 1 << 12)
        guard let head = try? JSONDecoder().decode(AuditHead.self, from: Data(bytes)),
            head.version == 1, head.count >= 0, head.byteCount >= 0
        else {
            throw OperationError(
                .fatal,
                "\(path): it does not say where the audit log ends; 'millrace audit log verify' tells what "
                    + "is left of the log; restore both files from a backup"
            )
        }
        return head
    }

    func write(_ layout: WorkspaceLayout) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        try replaceFile(layout.auditHead, with: [UInt8](try encoder.encode(self)) + [0x0A])
    }
}
