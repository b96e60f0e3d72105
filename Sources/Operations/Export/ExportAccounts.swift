internal import Foundation
internal import Manifests

/// What a workspace knows of an export of its pipeline: what was sent last, and what is owed since.
package struct ExportAccount: Sendable, Hashable, Codable {
    package struct Sent: Sendable, Hashable, Codable {
        package var snapshot: Int
        package var digest: String
        package var rows: Int
        package var milliseconds: Int64
    }

    /// Rows that lie between what was sent last and what is published.
    package struct Owed: Sendable, Hashable, Codable {
        package var inserted: Int
        package var updated: Int
        package var deleted: Int
    }

    /// The stage's name in the pipeline file.
    package var stage: String
    package var index: String
    /// What and where, without credentials; empty until it was reached.
    package var target: String
    /// Nil until all rows of one snapshot were sent.
    package var sent: Sent?
    /// Of the snapshot that was live when it was tried last; nil where nothing is owed, or nobody can tell how much.
    package var owed: Owed?
    /// Why it did not come to its end when it was tried last.
    package var problem: String?
    package var triedMilliseconds: Int64
    var identity: String

    /// Whether the target holds other rows than snapshot `live`, as far as is known here.
    package func isBehind(_ live: Int?) -> Bool { live != nil && self.sent?.snapshot != live }
}

/// An export as `status` shows it.
package struct ExportStatus: Sendable, Codable {
    package var stage: String
    package var index: String
    package var target: String
    /// The snapshot that was sent last, whole; nil for none.
    package var sentSnapshot: Int?
    package var sentRows: Int?
    package var sentMilliseconds: Int64?
    /// Whether what is published now was not sent yet; the next run sends the difference.
    package var isOwed: Bool
    /// The difference where it is known.
    package var owed: ExportAccount.Owed?
    package var problem: String?

    init(_ account: ExportAccount, live: Int?) {
        self.stage = account.stage
        self.index = account.index
        self.target = account.target
        self.sentSnapshot = account.sent?.snapshot
        self.sentRows = account.sent?.rows
        self.sentMilliseconds = account.sent?.milliseconds
        self.isOwed = account.isBehind(live)
        self.owed = self.isOwed ? account.owed : nil
        self.problem = account.problem
    }
}

extension Catalog {
    private static let exportsKey = "exports"

    /// Those of the pipeline's exports that were tried; none in what an older version wrote.
    func exportAccounts() throws -> [ExportAccount] {
        guard let text = try self.setting(Self.exportsKey) else { return [] }
        return (try? JSONDecoder().decode([ExportAccount].self, from: Data(text.utf8))) ?? []
    }

    func setExportAccounts(_ accounts: [ExportAccount]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(accounts), as: UTF8.self)
        guard try self.setting(Self.exportsKey) ?? "[]" != text else { return }
        try self.setSetting(Self.exportsKey, to: text)
    }
}
