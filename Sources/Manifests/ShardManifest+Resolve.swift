internal import GRDB
package import Records

/// What dedupe needs of a document with a signature.
package struct SignatureRow: Hashable, Sendable {
    package var id: DocumentID
    package var uri: String
    package var priority: Int
    package var exact: Digest
    /// Empty when the document has no tokens.
    package var bandKeys: [UInt64]
    package var facts: UInt64
    package var title: String
    package var textHash: Digest
    /// Its address, date and labels may be among it.
    package var metadata: [String: String]
    /// Those that its source or the pipeline gives it.
    package var labels: [String]
}

/// A document whose part in dedupe may have changed since it was last resolved.
package struct UnresolvedDocument: Hashable, Sendable {
    package var id: DocumentID
    /// Nil when the document is gone, or has no version with a signature any more.
    package var signature: SignatureRow?
    /// Whether the shard has it for a copy of another, or in a group.
    package var isResolved: Bool
}

/// What dedupe decided about one document.
package struct Resolution: Hashable, Sendable {
    package var id: DocumentID
    /// The kept document that this one repeats; nil when it is kept itself.
    package var canonical: DocumentID?
    /// 0...1; nil when the document is kept.
    package var similarity: Float?
    /// The document that leads the group of near-duplicates this kept one is in; nil for none.
    package var group: DocumentID?

    package init(
        id: DocumentID,
        canonical: DocumentID?,
        similarity: Float?,
        group: DocumentID? = nil
    ) {
        self.id = id
        self.canonical = canonical
        self.similarity = similarity
        self.group = group
    }
}

extension ShardManifest {
    /// The next documents that dedupe has not seen in their present form, by ascending id.
    ///
    /// They stay on the list until ``markAllResolved()``, so a crash in between repeats them, and the
    /// dedupe store takes a repetition.
    /// - Parameter after: The last id of the page before; nil for the first page.
    package func unresolved(after: DocumentID?, limit: Int) throws -> [UnresolvedDocument] {
        try self.file.read { database in
            try database.cachedStatement(
                sql: """
                    SELECT u.id, d.uri, d.priority, s.exact, s.minimums, s.facts, v.text_hash,
                        v.metadata, v.title, d.labels,
                        d.canonical_id IS NOT NULL OR d.group_id IS NOT NULL
                    FROM (SELECT id FROM unresolved WHERE id > ? ORDER BY id LIMIT ?) u
                    LEFT JOIN documents d ON d.id = u.id
                    LEFT JOIN signatures s ON s.number = d.number
                    LEFT JOIN versions v ON v.number = d.number
                    ORDER BY u.id
                    """
            ).all([DocumentID.after(after), limit]) { row in
                let hasSignature = !row.isNull(3)
                return UnresolvedDocument(
                    id: try row.documentID(0),
                    signature: hasSignature ? try SignatureRow(row: row) : nil,
                    isResolved: try row.integer(10) != 0
                )
            }
        }
    }

    /// One page of the same by their ids alone, and whether the shard has the document still.
    package func unresolvedIDs(
        after: DocumentID?,
        limit: Int
    ) throws -> [(id: DocumentID, isThere: Bool)] {
        try self.file.read { database in
            try database.cachedStatement(
                sql: """
                    SELECT u.id, EXISTS (SELECT 1 FROM documents d WHERE d.id = u.id)
                    FROM unresolved u WHERE u.id > ? ORDER BY u.id LIMIT ?
                    """
            ).all([DocumentID.after(after), limit]) { row in
                (id: try row.documentID(0), isThere: try row.integer(1) != 0)
            }
        }
    }

    /// How many documents are on that list.
    package func unresolvedCount() throws -> Int {
        try self.file.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM unresolved") ?? 0 }
    }

    /// Empties the list, once the dedupe store has every document of it or nothing is going to be
    /// compared.
    package func markAllResolved() throws {
        try self.file.write { database in
            guard try Row.fetchOne(database, sql: "SELECT 1 FROM unresolved LIMIT 1") != nil else {
                return
            }
            try database.execute(sql: "DELETE FROM unresolved")
        }
    }

    /// Calls `body` with every document that has a signature, by ascending id, in bounded memory.
    package func visitSignatures(_ body: (SignatureRow) throws -> Void) throws {
        var last: DocumentID?
        while true {
            let page = try self.signatures(after: last, limit: 256)
            for row in page { try body(row) }
            guard let end = page.last else { return }
            last = end.id
        }
    }

    /// One page of the documents that have a signature, by ascending id.
    package func signatures(after: DocumentID?, limit: Int) throws -> [SignatureRow] {
        try self.file.read { database in
            try database.cachedStatement(
                sql: """
                    SELECT d.id, d.uri, d.priority, s.exact, s.minimums, s.facts, v.text_hash,
                        v.metadata, v.title, d.labels
                    FROM documents d JOIN signatures s ON s.number = d.number
                    JOIN versions v ON v.number = d.number
                    WHERE d.id > ? ORDER BY d.id LIMIT ?
                    """
            ).all([DocumentID.after(after), limit], SignatureRow.init(row:))
        }
    }

    /// The document's clean text to compare it by; nil without a signature, or of one that is not meant.
    ///
    /// - Parameter isMeant: gets the signature's hash of the tokens, the document's labels and its metadata.
    package func comparedText(
        of id: DocumentID,
        where isMeant: (_ exact: Digest, _ labels: [String], _ metadata: [String: String]) -> Bool
    ) throws -> CompressedText? {
        let found = try self.file.read { database in
            try database.cachedStatement(
                sql: """
                    SELECT v.text, d.text_bytes, v.title, s.exact, d.labels, v.metadata
                    FROM documents d JOIN signatures s ON s.number = d.number
                    JOIN versions v ON v.number = d.number
                    WHERE d.id = ?
                    """
            ).first([id]) { row -> CompressedText? in
                let isOne = isMeant(
                    try row.digest(3),
                    LabelCoding.decode(row[4] as String? ?? ""),
                    try MetadataCoding.decode(try row.string(5))
                )
                return isOne ? try CompressedText(row: row) : nil
            }
        }
        return found ?? nil
    }

    /// Writes what dedupe decided about documents; those that the shard does not have are left out.
    ///
    /// - Returns: How many documents changed.
    @discardableResult
    package func setResolutions(_ resolutions: [Resolution]) throws -> Int {
        try self.file.write { try $0.setResolution(resolutions) }
    }

    /// The documents that repeat others or are in a group, ascending.
    package func resolvedDocuments() throws -> [DocumentID] {
        try self.file.read { database in
            try database.cachedStatement(
                sql: """
                    SELECT id FROM documents WHERE canonical_id IS NOT NULL
                    UNION SELECT id FROM documents WHERE group_id IS NOT NULL ORDER BY id
                    """
            ).all { try $0.documentID(0) }
        }
    }

    /// One page of the documents that have a version and no signature, by ascending id.
    ///
    /// - Output: each with its clean text as raw DEFLATE and the byte count it expands to.
    package func unsigned(
        after: DocumentID?,
        limit: Int
    ) throws -> [(id: DocumentID, title: String, compressedText: [UInt8], textByteCount: Int)] {
        try self.file.read { database in
            try database.cachedStatement(
                sql: """
                    SELECT d.id, v.title, v.text, d.text_bytes
                    FROM documents d CROSS JOIN versions v ON v.number = d.number
                    WHERE d.id > ? AND NOT EXISTS
                        (SELECT 1 FROM signatures s WHERE s.number = d.number)
                    ORDER BY d.id LIMIT ?
                    """
            ).all([DocumentID.after(after), limit]) { row in
                (
                    try row.documentID(0), try row.string(1), try row.bytes(2),
                    Int(try row.integer(3))
                )
            }
        }
    }

    /// Adds signatures to documents that have a version.
    package func sign(_ signatures: [(id: DocumentID, signature: Signature)]) throws {
        try self.file.write { database in
            let statement = try database.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO signatures (number, exact, minimums, facts)
                    SELECT number, ?2, ?3, ?4 FROM documents WHERE id = ?1
                    """
            )
            for (id, signature) in signatures {
                try statement.run([
                    id, signature.exact, BandKeyCoding.encode(signature.bandKeys),
                    Int64(bitPattern: signature.facts),
                ])
            }
        }
    }

    /// Drops all signatures, when they are made in another way from now on.
    package func dropSignatures() throws {
        try self.file.write { try $0.execute(sql: "DELETE FROM signatures") }
    }

    /// Drops the signatures of the first revision, which say nothing of facts.
    package func dropFirstSignatures() throws {
        try self.file.write { try $0.execute(sql: "DELETE FROM signatures WHERE facts IS NULL") }
    }

    /// Puts every document with a signature on the list of ``unresolved(after:limit:)``.
    package func markAllUnresolved() throws {
        try self.file.write { database in
            try database.execute(
                sql: """
                    INSERT OR IGNORE INTO unresolved (id)
                    SELECT d.id FROM documents d JOIN signatures s ON s.number = d.number
                    """
            )
        }
    }
}

extension Database {
    fileprivate func setResolution(_ resolutions: [Resolution]) throws -> Int {
        let statement = try self.cachedStatement(
            sql: """
                UPDATE documents SET canonical_id = ?1, similarity = ?2, group_id = ?4
                WHERE id = ?3
                    AND (canonical_id IS NOT ?1 OR similarity IS NOT ?2 OR group_id IS NOT ?4)
                """
        )
        let unindexed = try self.cachedStatement(
            sql: "INSERT OR IGNORE INTO unindexed (id) VALUES (?)"
        )
        var count = 0
        for resolution in resolutions {
            try statement.run([
                resolution.canonical, resolution.similarity.map { Double($0) },
                resolution.id, resolution.group,
            ])
            guard self.changesCount > 0 else { continue }
            count += 1
            try unindexed.run([resolution.id])
        }
        // Only pages that repeat no other are compared with each other.
        if count > 0 {
            try self.cachedStatement(
                sql: "UPDATE meta SET value = 0 WHERE key = '\(pageBlocksKey)'"
            ).run([])
        }
        return count
    }
}

extension SignatureRow {
    fileprivate init(row: StatementRow) throws {
        self.init(
            id: try row.documentID(0),
            uri: try row.string(1),
            priority: Int(try row.integer(2)),
            exact: try row.digest(3),
            bandKeys: try row.withBytes(4, BandKeyCoding.decode),
            facts: UInt64(bitPattern: row[5] as Int64? ?? 0),
            title: try row.string(8),
            textHash: try row.digest(6),
            metadata: try MetadataCoding.decode(try row.string(7)),
            labels: LabelCoding.decode(row[9] as String? ?? "")
        )
    }
}
