internal import GRDB
package import Records

/// A document that its source no longer lists and that is served until someone approves its deletion.
package struct HeldDeletion: Hashable, Sendable {
    package var id: DocumentID
    package var uri: String
    package var source: String
    /// The run that held it first.
    package var run: RunID
    package var isApproved: Bool
}

extension ShardManifest {
    /// The held deletions, by ascending document id.
    package func heldDeletions() throws -> [HeldDeletion] {
        try self.file.read { database in
            try database.cachedStatement(
                sql: """
                    SELECT h.id, d.uri, d.source, h.run, h.approved
                    FROM held h JOIN documents d ON d.id = h.id ORDER BY h.id
                    """
            ).all { row in
                HeldDeletion(
                    id: try row.documentID(0),
                    uri: try row.string(1),
                    source: try row.string(2),
                    run: try row.integer(3),
                    isApproved: try row.integer(4) != 0
                )
            }
        }
    }

    /// Makes `ids` all the held deletions of this shard; those that were held keep their run.
    package func setHeld(_ ids: [DocumentID], run: RunID) throws {
        try self.file.write { database in
            let wanted = Set(ids)
            let stored = try database.cachedStatement(sql: "SELECT id FROM held ORDER BY id")
                .all { try $0.documentID(0) }
            let drop = try database.cachedStatement(sql: "DELETE FROM held WHERE id = ?")
            for id in stored where !wanted.contains(id) { try drop.run([id]) }
            let put = try database.cachedStatement(
                sql: "INSERT OR IGNORE INTO held (id, run, approved) VALUES (?, ?, 0)"
            )
            for id in ids { try put.run([id, run]) }
        }
    }

    /// Approves the deletions that `run` held first; returns how many.
    @discardableResult
    package func approveHeld(ofRun run: RunID) throws -> Int {
        try self.file.write { database in
            try database.cachedStatement(sql: "UPDATE held SET approved = 1 WHERE run = ?")
                .run([run])
            return database.changesCount
        }
    }
}
