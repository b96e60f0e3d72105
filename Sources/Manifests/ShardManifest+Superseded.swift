internal import GRDB
package import Records

/// A document that a stage after the resolve phase cannot take.
package struct SetAsideDocument: Hashable, Sendable {
    package var id: DocumentID
    package var failure: StageFailure
    /// What the attempt counts for: equal to a later one's, the document is left alone.
    package var fingerprint: Digest

    package init(id: DocumentID, failure: StageFailure, fingerprint: Digest) {
        self.id = id
        self.failure = failure
        self.fingerprint = fingerprint
    }
}

/// What was served of a document before its present version, until that is in the segments.
///
/// An embedder may refuse a document when its new version is already the one the manifest knows. Then
/// the version before it comes back from here and the document is stale; without one it is failed.
extension ShardManifest {
    /// Sets documents aside: the version before this one is served again, where there was one.
    ///
    /// Puts each on the lists of ``unresolved(after:limit:)`` and ``unindexed()``: one transaction.
    /// - Parameter time: Milliseconds since 1970, for the dead letters.
    package func setAside(_ documents: [SetAsideDocument], run: RunID, at time: Int64) throws {
        try self.file.write { database in
            for document in documents { try database.setAside(document, run: run, at: time) }
        }
    }
}

extension Database {
    /// Keeps the version that is served of a document that is about to get another one.
    ///
    /// One that waits for the segments was never served; then what was kept before it stays.
    func supersede(_ id: DocumentID) throws {
        try self.cachedStatement(sql: SupersededSQL.keep).run([id])
    }

    func dropSuperseded(_ id: DocumentID) throws {
        try self.cachedStatement(sql: "DELETE FROM superseded WHERE id = ?").run([id])
    }

    fileprivate func setAside(
        _ document: SetAsideDocument,
        run: RunID,
        at time: Int64
    ) throws {
        let id = document.id
        guard
            let number = try self.cachedStatement(
                sql: "SELECT number FROM documents WHERE id = ? AND state IN (0, 3)"
            ).first([id], { try $0.integer(0) })
        else { return }
        for table in ["versions", "signatures", "redaction_counts", "chunk_sets", "page_blocks"] {
            try self.cachedStatement(sql: "DELETE FROM \(table) WHERE number = ?").run([number])
        }
        try self.cachedStatement(
            sql: "UPDATE meta SET value = 0 WHERE key = '\(pageBlocksKey)'"
        ).run([])
        let hasOlder =
            try self.cachedStatement(sql: "SELECT 1 FROM superseded WHERE id = ?")
            .first([id]) { _ in true } ?? false
        if hasOlder { try self.bringBack(id, number: number) }
        try self.cachedStatement(
            sql: hasOlder ? SupersededSQL.listStale : SupersededSQL.listFailed
        ).run([id, document.fingerprint])
        try self.cachedStatement(sql: CommitSQL.putUnresolved).run([id])
        try self.cachedStatement(sql: CommitSQL.putUnindexed).run([id])
        try self.cachedStatement(sql: SupersededSQL.putDeadLetter).run([
            id, document.failure.stage, document.failure.code.rawValue, document.failure.message,
            time, run,
        ])
        try self.dropSuperseded(id)
    }

    private func bringBack(_ id: DocumentID, number: Int64) throws {
        for sql in [
            SupersededSQL.bringVersionBack, SupersededSQL.bringSignatureBack,
            SupersededSQL.bringPageBack,
        ] {
            try self.cachedStatement(sql: sql).run([id, number])
        }
        let redactions =
            try self.cachedStatement(
                sql: "SELECT redactions, decisions FROM superseded WHERE id = ?"
            ).first([id]) { row in
                try [Redaction](
                    coded: try row.bytes(0),
                    decisions: try row.optionalBytes(1)
                )
            } ?? []
        let counts = Dictionary(redactions.map { ($0.kind, 1) }, uniquingKeysWith: +)
        for (kind, count) in counts.sorted(by: { $0.key < $1.key }) {
            try self.cachedStatement(sql: CommitSQL.putRedactionCount).run([number, kind, count])
        }
    }
}

private enum SupersededSQL {
    static let keep = """
        INSERT OR IGNORE INTO superseded
            (id, media_type, language, text_bytes, content_hash, fingerprint, text_hash, title,
            metadata, language_confidence, warnings, redactions, blocks, text, policy, decisions,
            places, exact, minimums, facts, page_host, page_entries)
        SELECT d.id, d.media_type, d.language, d.text_bytes, v.content_hash, v.fingerprint,
            v.text_hash, v.title, v.metadata, v.language_confidence, v.warnings, v.redactions,
            v.blocks, v.text, v.policy, v.decisions, v.places, s.exact, s.minimums,
            s.facts, p.host, p.entries
        FROM documents d JOIN versions v ON v.number = d.number
        LEFT JOIN signatures s ON s.number = d.number
        LEFT JOIN page_blocks p ON p.number = d.number
        WHERE d.id = ?1 AND NOT EXISTS (SELECT 1 FROM unindexed WHERE id = ?1)
        """
    static let bringVersionBack = """
        INSERT INTO versions
            (number, content_hash, fingerprint, text_hash, title, metadata, language_confidence,
            warnings, redactions, blocks, text, policy, decisions, places)
        SELECT ?2, content_hash, fingerprint, text_hash, title, metadata, language_confidence,
            warnings, redactions, blocks, text, policy, decisions, places
        FROM superseded WHERE id = ?1
        """
    static let bringSignatureBack = """
        INSERT INTO signatures (number, exact, minimums, facts)
        SELECT ?2, exact, minimums, facts FROM superseded
        WHERE id = ?1 AND exact IS NOT NULL
        """
    static let bringPageBack = """
        INSERT INTO page_blocks (number, host, entries)
        SELECT ?2, page_host, page_entries FROM superseded
        WHERE id = ?1 AND page_host IS NOT NULL
        """
    static let listStale = """
        UPDATE documents SET state = 3, attempt_fingerprint = ?2, media_type = s.media_type,
            language = s.language, text_bytes = s.text_bytes
        FROM superseded s WHERE documents.id = ?1 AND s.id = ?1
        """
    static let listFailed = """
        UPDATE documents SET state = 1, attempt_fingerprint = ?2, media_type = NULL,
            language = NULL, text_bytes = NULL, canonical_id = NULL, similarity = NULL,
            group_id = NULL
        WHERE id = ?1
        """
    static let putDeadLetter = """
        INSERT INTO dead_letters
            (id, uri, source, stage, code, message, attempts, first_seen_ms, last_seen_ms, run,
            disposition)
        SELECT id, uri, source, ?2, ?3, ?4, 1, ?5, ?5, ?6, 0 FROM documents WHERE id = ?1
        ON CONFLICT (id) DO UPDATE SET
            source = excluded.source, stage = excluded.stage, code = excluded.code,
            message = excluded.message, attempts = attempts + 1,
            last_seen_ms = excluded.last_seen_ms, run = excluded.run
        """
}
