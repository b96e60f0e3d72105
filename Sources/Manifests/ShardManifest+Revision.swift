internal import GRDB

extension ShardManifest {
    /// Goes up with every commit that may change what the shard's segments hold.
    ///
    /// Equal revisions of one manifest mean equal canonical documents, so that what was made of them
    /// need not be made again.
    package func revision() throws -> Int64 {
        try self.file.read { database in
            try database.cachedStatement(sql: "SELECT value FROM meta WHERE key = 'revision'")
                .first([]) { try $0.integer(0) } ?? 0
        }
    }
}

extension Database {
    func advanceRevision() throws {
        try self.cachedStatement(
            sql: """
                INSERT INTO meta (key, value) VALUES ('revision', 1)
                ON CONFLICT (key) DO UPDATE SET value = value + 1
                """
        ).run([])
    }
}

extension PrepareRecord {
    /// Whether the shard's segments may look different after this record.
    var changesContent: Bool {
        switch self {
        case .prepared, .excluded, .removed: true
        // A touch changes the listing only, and a failure keeps what is served as it is.
        case .failed, .touched: false
        }
    }
}
