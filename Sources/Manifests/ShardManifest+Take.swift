internal import Foundation
internal import GRDB
internal import Records

/// Which tables hold what a shard knows of its documents, for a move of documents into another manifest.
enum MovedTables {
    /// Keyed by the number of a document, which the new manifest gives anew.
    static let byNumber = [
        "versions", "signatures", "redaction_counts", "chunk_sets", "page_blocks",
    ]
    /// Keyed by the id of a document, which may be one that is deleted.
    static let byID = ["dead_letters", "unresolved", "held", "superseded"]
    /// Moved in ways of their own.
    static let others = ["documents", "models", "vectors", "embedded"]
    /// Of the segments, which are written anew; `unindexed` names every document then.
    static let left = ["unindexed", "indexes", "segments", "meta"]
}

extension ShardManifest {
    /// Adds what another manifest knows of the documents that belong to one of `shardCount` shards, in one
    /// transaction: with versions, signatures, chunks, vectors, dead letters and held deletions.
    ///
    /// All of them are to be indexed. What was decided of duplicates stays; the dedupe store does not change.
    /// - Parameter path: of a manifest of this schema, which is left as it is.
    /// - Precondition: this manifest knows none of the documents.
    package func takeDocuments(of path: String, shard: Int, shardCount: Int) throws {
        let functions = [Move.shardFunction, EmbeddedText.function]
        try self.file.writeAttaching(path, as: Move.source, functions) { database in
            try Move(database: database, shard: shard, shardCount: shardCount).run()
        }
    }

    /// Adds the vectors of another manifest whose texts no chunk there has: they were paid for.
    package func takeUnusedVectors(of path: String) throws {
        let functions = [EmbeddedText.function]
        try self.file.writeAttaching(path, as: Move.source, functions) { database in
            try Move(database: database, shard: 0, shardCount: 1).takeUnusedVectors()
        }
    }
}

/// The statements of one move between two manifests; the other one is attached as `source`.
private struct Move {
    static let source = "source"

    /// The shard that a document id falls to: `shard_of(id, shards)`.
    static let shardFunction = DatabaseFunction("shard_of", argumentCount: 2, pure: true) {
        values in
        guard let bytes = Data.fromDatabaseValue(values[0]),
            let id = DocumentID(bytes: [UInt8](bytes)),
            let count = Int.fromDatabaseValue(values[1])
        else { return nil }
        return id.shard(of: count)
    }

    let database: Database
    let shard: Int
    let shardCount: Int

    func run() throws {
        let offset = try self.nextNumber(of: "main") - 1
        try self.select()
        try self.move("documents", where: "number IN (SELECT number FROM moving)", offset)
        for table in MovedTables.byNumber {
            try self.move(table, where: "number IN (SELECT number FROM moving)", offset)
        }
        let isOwn = "shard_of(id, \(self.shardCount)) = \(self.shard)"
        for table in MovedTables.byID { try self.move(table, where: isOwn, nil) }
        try self.execute("INSERT OR IGNORE INTO main.unindexed (id) SELECT id FROM moving")
        try self.collectTexts("WHERE number IN (SELECT number FROM moving)")
        try self.takeVectors("SELECT hash FROM texts")
        try self.takeEmbedded("SELECT \(EmbeddedText.name)(hash) AS text FROM texts")
        let next = try offset + self.nextNumber(of: Self.source)
        try self.database.cachedStatement(sql: CommitSQL.putNextNumber).run([next])
        try self.execute("DROP TABLE temp.moving; DROP TABLE temp.texts")
    }

    func takeUnusedVectors() throws {
        try self.collectTexts("")
        try self.takeVectors(
            "SELECT DISTINCT text_hash AS hash FROM \(Self.source).vectors "
                + "WHERE text_hash NOT IN (SELECT hash FROM texts)"
        )
        try self.takeEmbedded(
            "SELECT DISTINCT text FROM \(Self.source).embedded "
                + "WHERE text NOT IN (SELECT \(EmbeddedText.name)(hash) FROM texts)"
        )
        try self.execute("DROP TABLE temp.texts")
    }

    /// Ids and numbers of the documents that move, in the order of their numbers, which large rows are in.
    private func select() throws {
        try self.execute(
            """
            CREATE TEMP TABLE moving (number INTEGER PRIMARY KEY, id BLOB NOT NULL);
            INSERT INTO moving (number, id) SELECT number, id FROM \(Self.source).documents
            WHERE shard_of(id, \(self.shardCount)) = \(self.shard)
            """
        )
    }

    /// - Parameter offset: what is added to the numbers; nil for a table without them.
    private func move(_ table: String, where condition: String, _ offset: Int64?) throws {
        let names = try self.columns(of: table)
        let list = names.joined(separator: ", ")
        let values = names.map { $0 == "number" ? "number + \(offset ?? 0)" : $0 }
        try self.execute(
            """
            INSERT INTO main.\(table) (\(list)) SELECT \(values.joined(separator: ", "))
            FROM \(Self.source).\(table) WHERE \(condition)
            """
        )
    }

    private func columns(of table: String) throws -> [String] {
        try self.database.cachedStatement(sql: "SELECT name FROM main.pragma_table_info(?)")
            .all([table]) { try $0.string(0) }
    }

    /// Puts the hashes of the texts of chunk sets into `texts`.
    private func collectTexts(_ condition: String) throws {
        try self.execute("CREATE TEMP TABLE texts (hash BLOB PRIMARY KEY) WITHOUT ROWID")
        let put = try self.database.makeStatement(
            sql: "INSERT OR IGNORE INTO texts (hash) VALUES (?)"
        )
        let sets = try self.database.makeStatement(
            sql: "SELECT chunks FROM \(Self.source).chunk_sets \(condition)"
        )
        let rows = try sets.rows()
        while let row = try rows.next() {
            for chunk in try ChunkCoding.decode(row.bytes(0)) { try put.run([chunk.textHash]) }
        }
    }

    /// - Parameter hashes: a query of the texts whose vectors are taken, as `hash`.
    private func takeVectors(_ hashes: String) throws {
        try self.execute(
            """
            INSERT OR IGNORE INTO main.models (fingerprint, dimensions)
            SELECT fingerprint, dimensions FROM \(Self.source).models;
            INSERT OR IGNORE INTO main.vectors (model, text_hash, components)
            SELECT own.model, v.text_hash, v.components
            FROM \(Self.source).models other CROSS JOIN (\(hashes)) t
                CROSS JOIN \(Self.source).vectors v ON v.model = other.model AND v.text_hash = t.hash
                CROSS JOIN main.models own ON own.fingerprint = other.fingerprint
            """
        )
    }

    /// - Parameter texts: a query of what is taken of those whose vectors are not kept, as `text`.
    private func takeEmbedded(_ texts: String) throws {
        try self.execute(
            """
            INSERT OR IGNORE INTO main.embedded (model, text)
            SELECT own.model, e.text
            FROM \(Self.source).models other CROSS JOIN (\(texts)) t
                CROSS JOIN \(Self.source).embedded e ON e.model = other.model AND e.text = t.text
                CROSS JOIN main.models own ON own.fingerprint = other.fingerprint
            """
        )
    }

    private func nextNumber(of schema: String) throws -> Int64 {
        let sql = "SELECT value FROM \(schema).meta WHERE key = 'next_number'"
        return try Int64.fetchOne(self.database, sql: sql) ?? 1
    }

    private func execute(_ sql: String) throws { try self.database.execute(sql: sql) }
}
