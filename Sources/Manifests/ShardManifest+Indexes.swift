internal import GRDB
package import Records

/// What is written of one index in this shard.
package struct IndexRecord: Hashable, Sendable {
    package var name: String
    /// Of the index stage and all before it.
    package var fingerprint: Digest
    /// One description for each segment, by position; this room does not look into them.
    package var segments: [String]

    package init(name: String, fingerprint: Digest, segments: [String]) {
        self.name = name
        self.fingerprint = fingerprint
        self.segments = segments
    }
}

extension ShardManifest {
    /// The documents whose part in the segments may have changed since they were written, ascending.
    ///
    /// A document that is served must be in a segment in its present form, any other in none.
    package func unindexed() throws -> [DocumentID] {
        try self.file.read { database in
            try database.cachedStatement(sql: "SELECT id FROM unindexed ORDER BY id")
                .all { try $0.documentID(0) }
        }
    }

    package func hasUnindexed() throws -> Bool {
        try self.file.read { database in
            try database.cachedStatement(sql: "SELECT 1 FROM unindexed LIMIT 1")
                .first([]) { _ in true } ?? false
        }
    }

    /// What is written of every index, by name.
    package func indexes() throws -> [IndexRecord] {
        try self.file.read { database in
            let segments = try database.cachedStatement(
                sql: "SELECT segment FROM segments WHERE index_name = ? ORDER BY position"
            )
            return try database.cachedStatement(
                sql: "SELECT name, fingerprint FROM indexes ORDER BY name"
            ).all { (name: try $0.string(0), fingerprint: try $0.digest(1)) }
                .map { name, fingerprint in
                    IndexRecord(
                        name: name,
                        fingerprint: fingerprint,
                        segments: try segments.all([name]) { try $0.string(0) }
                    )
                }
        }
    }

    /// Records what the segments hold now, and that nothing is unindexed: one transaction.
    ///
    /// - Precondition: the segments are durable, and no commit came since ``unindexed()`` was read.
    package func setIndexes(_ records: [IndexRecord]) throws {
        try self.file.write { database in
            for table in ["segments", "indexes", "unindexed", "superseded"] {
                try database.execute(sql: "DELETE FROM \(table)")
            }
            let putIndex = try database.cachedStatement(
                sql: "INSERT INTO indexes (name, fingerprint) VALUES (?, ?)"
            )
            let putSegment = try database.cachedStatement(
                sql: "INSERT INTO segments (index_name, position, segment) VALUES (?, ?, ?)"
            )
            for record in records {
                try putIndex.run([record.name, record.fingerprint])
                for (position, segment) in record.segments.enumerated() {
                    try putSegment.run([record.name, position, segment])
                }
            }
        }
    }

    /// Those of `ids` that are served under their own name, in their order.
    package func canonical(among ids: [DocumentID]) throws -> [DocumentID] {
        try self.file.read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT 1 FROM documents
                    WHERE id = ? AND canonical_id IS NULL AND state IN (0, 3)
                    """
            )
            return try ids.filter { try statement.first([$0]) { _ in true } ?? false }
        }
    }

    /// Ids of all documents that are served under their own name, ascending.
    package func canonicalIDs() throws -> [DocumentID] {
        try self.file.read { database in
            try database.cachedStatement(
                sql: """
                    SELECT id FROM documents WHERE canonical_id IS NULL AND state IN (0, 3)
                    ORDER BY id
                    """
            ).all { try $0.documentID(0) }
        }
    }

    /// How many documents' part in the segments may have changed.
    package func unindexedCount() throws -> Int {
        try self.file.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM unindexed") ?? 0 }
    }

    /// How many documents are served under their own name.
    package func canonicalCount() throws -> Int {
        try self.file.read { database in
            let sql = """
                SELECT count(*) FROM documents WHERE canonical_id IS NULL AND state IN (0, 3)
                """
            return try Int.fetchOne(database, sql: sql) ?? 0
        }
    }
}
