internal import Foundation
internal import GRDB
package import Records

/// A document as dedupe sees it.
package struct DedupeMember: Hashable, Sendable {
    package var id: DocumentID
    package var priority: Int
    package var uri: String
    /// What it says of its own address, as a rank; lower comes first.
    package var canonical: Int
    /// The date it gives, in seconds since 1970.
    package var modified: Int64?
    /// Of its title and clean text: equal tokens may be written in several ways.
    package var comparedHash: Digest

    package init(
        id: DocumentID,
        priority: Int,
        uri: String,
        canonical: Int = 1,
        modified: Int64? = nil,
        comparedHash: Digest = .zero
    ) {
        self.id = id
        self.priority = priority
        self.uri = uri
        self.canonical = canonical
        self.modified = modified
        self.comparedHash = comparedHash
    }
}

/// A document that came or changed, with what its signature gives.
package struct DedupeArrival: Hashable, Sendable {
    package var member: DedupeMember
    package var exact: Digest
    /// One key a band; empty for a document without tokens, which then has no near-duplicates.
    package var bandKeys: [UInt64]
    /// Equal for equal `exact`; documents of which it differs differ in a fact.
    package var facts: UInt64

    package init(member: DedupeMember, exact: Digest, bandKeys: [UInt64], facts: UInt64 = 0) {
        self.member = member
        self.exact = exact
        self.bandKeys = bandKeys
        self.facts = facts
    }
}

/// How two groups compare: the same for every member of them.
package struct DedupeComparison: Hashable, Sendable {
    package var similarity: Double
    package var containment: Containment

    package init(similarity: Double, containment: Containment = .neither) {
        self.similarity = similarity
        self.containment = containment
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

    /// Whether the file is not as it was when it was opened.
    package var hasChanged: Bool { self.file.hasChanged }

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
            for table in ["edges", "bands", "members", "groups", "verdicts", "settings"] {
                try database.execute(sql: "DELETE FROM \(table)")
            }
            try database.cachedStatement(
                sql: "INSERT INTO settings (key, value) VALUES ('fingerprint', ?)"
            ).run([fingerprint])
            try database.markUndecided()
        }
    }

    /// Whether the graph changed since its consequences were last written everywhere, or they were drawn
    /// by another rule than `rule`.
    package func isUndecided(rule: String) throws -> Bool {
        try self.file.read { database in
            let setting = try database.cachedStatement(
                sql: "SELECT value FROM settings WHERE key = ?"
            )
            let isUndecided = try setting.first(["undecided"]) { _ in true } ?? false
            return try isUndecided || setting.first(["decided_by"]) { try $0.string(0) } != rule
        }
    }

    /// Says that every shard has the decisions that follow from the present graph by `rule`.
    package func markDecided(rule: String) throws {
        try self.file.write { database in
            try database.execute(sql: "DELETE FROM settings WHERE key = 'undecided'")
            try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO settings (key, value) VALUES ('decided_by', ?)"
            ).run([rule])
        }
    }

    /// Whether the difference of two texts holds a fact, as far as it was found out before.
    package func verdict(_ left: Digest, _ right: Digest) throws -> Bool? {
        try self.file.read { database in
            try database.cachedStatement(sql: "SELECT holds_fact FROM verdicts WHERE texts = ?")
                .first([textPair(left, right)]) { try $0.integer(0) != 0 }
        }
    }

    /// Remembers verdicts, which are functions of the texts and never change.
    package func remember(
        _ verdicts: [(left: Digest, right: Digest, holdsFact: Bool)]
    ) throws {
        guard !verdicts.isEmpty else { return }
        try self.file.write { database in
            let put = try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO verdicts (texts, holds_fact) VALUES (?, ?)"
            )
            for verdict in verdicts {
                try put.run([textPair(verdict.left, verdict.right), verdict.holdsFact])
            }
        }
    }

    /// Forgets the verdicts on texts that no member has any more.
    package func dropOldVerdicts() throws {
        try self.file.write { database in
            try database.execute(
                sql: """
                    DELETE FROM verdicts
                    WHERE substr(texts, 1, 32) NOT IN (SELECT text_hash FROM members)
                        OR substr(texts, 33) NOT IN (SELECT text_hash FROM members)
                    """
            )
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

/// The key of a pair of texts, whichever is named first.
private func textPair(_ left: Digest, _ right: Digest) -> Data {
    left < right ? left.blob + right.blob : right.blob + left.blob
}

extension Database {
    func markUndecided() throws {
        try self.cachedStatement(
            sql: "INSERT OR IGNORE INTO settings (key, value) VALUES ('undecided', '1')"
        ).run([])
    }
}
