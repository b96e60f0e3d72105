internal import GRDB
package import Records

/// Which documents are equal or nearly so, and what was decided for them.
///
/// Invariant: what follows for a document depends on the set of documents only, never on the order or
/// the history of their coming and going, once nothing is queued. Memory does not grow with the corpus.
/// - Throws: ``ManifestError`` from every method.
package final class DedupeStore: Sendable {
    let file: ManifestFile

    package init(path: String, mode: OpenMode) throws {
        self.file = try ManifestFile(path: path, schema: .dedupe, mode: mode)
    }

    package var path: String { self.file.path }

    /// Whether the file is not as it was when it was opened.
    package var hasChanged: Bool { self.file.hasChanged }

    /// The rule that the stored decisions follow; nil in an empty store.
    package func fingerprint() throws -> String? {
        try self.file.read { database in
            try database.cachedStatement(
                sql: "SELECT value FROM settings WHERE key = 'fingerprint'"
            ).first([]) { try $0.string(0) }
        }
    }

    /// Forgets everything and starts with a new fingerprint; all documents must be taken up again.
    ///
    /// - Parameter unwritten: documents of which a shard says what no longer follows from the store.
    package func reset(fingerprint: String, unwritten: [DocumentID]) throws {
        try self.file.write { database in
            let tables = [
                "bands", "listed", "queue", "unwritten", "members", "groups", "settings",
            ]
            for table in tables { try database.execute(sql: "DELETE FROM \(table)") }
            try database.cachedStatement(
                sql: "INSERT INTO settings (key, value) VALUES ('fingerprint', ?)"
            ).run([fingerprint])
            let put = try database.cachedStatement(
                sql: "INSERT OR IGNORE INTO unwritten (id) VALUES (?)"
            )
            for id in unwritten { try put.run([id]) }
        }
    }

    /// Runs `body` in one transaction: all of it is durable at return, or none of it happened.
    package func update<Result>(_ body: (DedupeTables) throws -> Result) throws -> Result {
        try self.file.write { database in
            let tables = DedupeTables(database)
            let result = try body(tables)
            try tables.flush()
            return result
        }
    }

    /// How many groups wait to be decided.
    package func queuedCount() throws -> Int { try self.count("queue") }

    /// How many documents' decisions wait to be written to their shards.
    package func unwrittenCount() throws -> Int { try self.count("unwritten") }

    package func memberCount() throws -> Int { try self.count("members") }

    private func count(_ table: String) throws -> Int {
        try self.file.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? 0 }
    }

    /// The members that are held, ascending.
    package func heldMembers() throws -> [DocumentID] {
        try self.file.read { database in
            try database.cachedStatement(sql: "SELECT id FROM members WHERE is_held ORDER BY id")
                .all { try $0.documentID(0) }
        }
    }

    /// Has every document taken up anew by the next run, whatever rule it follows.
    package func forgetFingerprint() throws {
        try self.file.write {
            try $0.execute(sql: "DELETE FROM settings WHERE key = 'fingerprint'")
        }
    }

    /// One page of what is decided for documents whose shards may say something else, by ascending id.
    ///
    /// They stay on the list until ``markWritten()``, so a crash in between repeats them.
    /// - Parameter after: The last id of the page before; nil for the first page.
    package func unwritten(after: DocumentID?, limit: Int) throws -> [Resolution] {
        try self.file.read { database in
            try database.cachedStatement(
                sql: """
                    SELECT u.id, g.first, g.role, g.similarity, p.first, EXISTS
                        (SELECT 1 FROM groups f WHERE f.partner = g.number AND f.role = 2)
                    FROM (SELECT id FROM unwritten WHERE id > ? ORDER BY id LIMIT ?) u
                    LEFT JOIN members m ON m.id = u.id
                    LEFT JOIN groups g ON g.number = m.number
                    LEFT JOIN groups p ON p.number = g.partner
                    ORDER BY u.id
                    """
            ).all([DocumentID.after(after), limit], Resolution.init(row:))
        }
    }

    /// Empties the list, once the shards have every decision of it on the disk.
    package func markWritten() throws {
        try self.file.write { try $0.execute(sql: "DELETE FROM unwritten") }
    }

    /// Looks at every page and row; see ``ManifestError`` `.corrupt`.
    package func check() throws { try self.file.check() }

    /// Moves the write-ahead log into the file; for the end of a phase.
    package func checkpoint() throws { try self.file.checkpoint() }

    /// Rewrites the file without free pages.
    package func vacuum() throws { try self.file.vacuum() }
}

extension Resolution {
    fileprivate init(row: StatementRow) throws {
        let id = try row.documentID(0)
        guard let first = try row.optionalDocumentID(1) else {
            self.init(id: id, canonical: nil, similarity: nil)
            return
        }
        guard let role = NearRole(rawValue: Int(try row.integer(2))) else { throw BadColumn() }
        let partner = try row.optionalDocumentID(4)
        switch role {
        case .removed:
            let similarity = Float(try row.real(3))
            self.init(id: id, canonical: partner, similarity: similarity)
        case _ where id != first: self.init(id: id, canonical: first, similarity: 1)
        case .member: self.init(id: id, canonical: nil, similarity: nil, group: partner)
        case .undecided, .leader, .lonely:
            let leads = try row.integer(5) != 0
            self.init(id: id, canonical: nil, similarity: nil, group: leads ? id : nil)
        }
    }
}
