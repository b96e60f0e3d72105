internal import Foundation
internal import GRDB
package import Records

/// A document as dedupe sees it.
package struct DedupeMember: Hashable, Sendable {
    package var id: DocumentID
    /// Lower comes first, then the URI.
    package var priority: Int
    package var uri: String

    package init(id: DocumentID, priority: Int, uri: String) {
        self.id = id
        self.priority = priority
        self.uri = uri
    }
}

/// A document that came or changed, with what its signature gives.
package struct DedupeArrival: Hashable, Sendable {
    package var member: DedupeMember
    package var exact: Digest
    /// One key a band; empty for a document without tokens, which then has no near-duplicates.
    package var bandKeys: [UInt64]

    package init(member: DedupeMember, exact: Digest, bandKeys: [UInt64]) {
        self.member = member
        self.exact = exact
        self.bandKeys = bandKeys
    }
}

/// An exact group that is compared, and a document that has its shingles.
package struct DedupeCandidate: Hashable, Sendable {
    package var exact: Digest
    package var representative: DocumentID
}

/// What one ``DedupeStore/apply(removed:added:threshold:similarity:)`` did.
package struct DedupeChange: Hashable, Sendable {
    package var newGroups = 0
    package var droppedGroups = 0
    /// Pairs that shared a band and were compared.
    package var comparedPairs = 0
    /// Of those, pairs at or over the threshold.
    package var newEdges = 0

    package init() {}

    package static func += (left: inout DedupeChange, right: DedupeChange) {
        left.newGroups += right.newGroups
        left.droppedGroups += right.droppedGroups
        left.comparedPairs += right.comparedPairs
        left.newEdges += right.newEdges
    }
}

/// Which documents are equal or nearly so: exact groups and verified edges between them.
///
/// Invariant: what ``graph()`` returns depends on the set of documents only, never on the order or
/// the history of their coming and going. Memory does not grow with the corpus, but with its duplicates.
/// - Throws: ``ManifestError`` from every method.
package final class DedupeStore: Sendable {
    let file: ManifestFile

    package init(path: String, mode: OpenMode) throws {
        self.file = try ManifestFile(path: path, schema: .dedupe, mode: mode)
    }

    package var path: String { self.file.path }

    /// What the stored edges were made with: signature and threshold; nil in an empty store.
    package func fingerprint() throws -> String? {
        try self.file.read { database in
            try database.cachedStatement(
                sql: "SELECT value FROM settings WHERE key = 'fingerprint'"
            ).first([]) { try $0.string(0) }
        }
    }

    /// Forgets everything and starts with a new fingerprint; all documents must be applied again.
    package func reset(fingerprint: String) throws {
        try self.file.write { database in
            for table in ["edges", "bands", "members", "groups", "settings"] {
                try database.execute(sql: "DELETE FROM \(table)")
            }
            try database.cachedStatement(
                sql: "INSERT INTO settings (key, value) VALUES ('fingerprint', ?)"
            ).run([fingerprint])
            try database.markUndecided()
        }
    }

    /// Whether the graph changed since its consequences were last written everywhere.
    package func isUndecided() throws -> Bool {
        try self.file.read { database in
            try database.cachedStatement(
                sql: "SELECT 1 FROM settings WHERE key = 'undecided'"
            ).first([]) { _ in true } ?? false
        }
    }

    /// Says that every shard has the decisions that follow from the present graph.
    package func markDecided() throws {
        try self.file.write { database in
            try database.execute(sql: "DELETE FROM settings WHERE key = 'undecided'")
        }
    }

    /// Calls `body` with the id of every member, ascending; it must not call this store.
    package func visitMembers(_ body: (DocumentID) throws -> Void) throws {
        try self.file.read { database in
            let rows = try Row.fetchCursor(
                try database.cachedStatement(sql: "SELECT id FROM members ORDER BY id")
            )
            while let row = try rows.next() { try body(try row.documentID(0)) }
        }
    }

    package func memberCount() throws -> Int {
        try self.file.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM members") ?? 0 }
    }

    /// Looks at every page and row; see ``ManifestError`` `.corrupt`.
    package func check() throws { try self.file.check() }

    /// Moves the write-ahead log into the file; for the end of a phase.
    package func checkpoint() throws { try self.file.checkpoint() }

    /// Rewrites the file without free pages.
    package func vacuum() throws { try self.file.vacuum() }
}

extension Database {
    func markUndecided() throws {
        try self.cachedStatement(
            sql: "INSERT OR IGNORE INTO settings (key, value) VALUES ('undecided', '1')"
        ).run([])
    }
}
