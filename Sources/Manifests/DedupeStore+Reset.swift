internal import GRDB

extension DedupeStore {
    /// Forgets every document and comparison, in one transaction.
    package func reset() throws {
        try self.file.write { database in
            for table in ["edges", "bands", "members", "groups"] {
                try database.execute(sql: "DELETE FROM \(table)")
            }
        }
    }
}
