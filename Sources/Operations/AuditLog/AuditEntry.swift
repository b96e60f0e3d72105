internal import Foundation
internal import Hashing
internal import Records

/// What was done to a workspace that someone may have to answer for; never document text.
package struct AuditEntry: Codable, Hashable, Sendable {
    package enum Action: String, Codable, Sendable, CaseIterable {
        case publish
        /// A snapshot did not pass the gate and waits.
        case gateFailed = "gate_failed"
        /// Published in spite of the gate.
        case force
        case rollback
        case approveDeletes = "approve_deletes"
        case ignoreFailures = "ignore_failures"
        /// The stages that redact, or their policies and keys, are others than before.
        case policy
        case forget
        case pin
        case unpin
        case channel
    }

    /// Counts from 1.
    package var sequence: Int
    /// `2026-11-21 02:00:07 UTC`.
    package var time: String
    package var action: Action
    /// `user@host`.
    package var who: String
    /// The terminal, the address of a remote login, or the program that started this one.
    package var from: String
    package var details: [String: String]
    /// The hash of the entry before, in hexadecimal; zeros for the first.
    package var previous: String
}

/// A line of the log: an entry and what it hashes to.
///
/// `{"hash":"…",` and then the entry's own keys in their order: the hash is of the line without its first key,
/// so that a reader needs no parser to check it.
enum AuditLine {
    private static let prefix = Array("{\"hash\":\"".utf8)
    private static let middle = Array("\",".utf8)
    private static let digitCount = 64
    static let noHash = String(repeating: "0", count: Self.digitCount)
    /// Choice: reasons and URIs are short; a longer line is none of ours.
    static let byteCountMax = 1 << 16

    /// The line with its line feed, and its hash.
    static func bytes(of entry: AuditEntry) throws -> (bytes: [UInt8], hash: String) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = [UInt8](try encoder.encode(entry))
        let hash = sha256(body).hex
        let line = self.prefix + Array(hash.utf8) + self.middle + body.dropFirst()
        return (line + [UInt8(ascii: "\n")], hash)
    }

    /// The entry of a line without its line feed; nil where it is none, or not the one that was hashed.
    static func entry(of line: ArraySlice<UInt8>) -> (entry: AuditEntry, hash: String)? {
        let head = self.prefix.count + self.digitCount + self.middle.count
        guard line.count > head, line.starts(with: self.prefix) else { return nil }
        let hash = String(
            decoding: line.dropFirst(self.prefix.count).prefix(self.digitCount),
            as: UTF8.self
        )
        guard line.dropFirst(head - self.middle.count).starts(with: self.middle) else { return nil }
        let body = [UInt8(ascii: "{")] + line.dropFirst(head)
        guard sha256(body).hex == hash,
            let entry = try? JSONDecoder().decode(AuditEntry.self, from: Data(body))
        else { return nil }
        return (entry, hash)
    }
}
