internal import Foundation
internal import GRDB
package import Records

/// Everything a shard knows of one document, without what depends on the shard or its history.
package struct ExportedDocument: Hashable, Sendable, Codable {
    package struct Vector: Hashable, Sendable, Codable {
        /// The model's fingerprint.
        package var model: String
        package var textHash: [UInt8]
        /// Little-endian 32-bit floats; none where it is known that there was a vector, and none is kept.
        package var components: [UInt8]

        private enum CodingKeys: String, CodingKey {
            case model
            case textHash
            case components
        }

        init(model: String, textHash: [UInt8], components: [UInt8]) {
            self.model = model
            self.textHash = textHash
            self.components = components
        }

        package init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            self.model = try values.decode(String.self, forKey: .model)
            self.textHash = [UInt8](try values.decode(Data.self, forKey: .textHash))
            self.components = [UInt8](try values.decode(Data.self, forKey: .components))
        }

        package func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encode(self.model, forKey: .model)
            try values.encode(Data(self.textHash), forKey: .textHash)
            try values.encode(Data(self.components), forKey: .components)
        }
    }

    package var listing: StateRow
    package var version: StateRow?
    package var signature: StateRow?
    package var redactionCounts: [StateRow]
    package var chunkSets: [StateRow]
    /// Nil also in what an older program exported.
    package var pageBlocks: StateRow?
    package var deadLetter: StateRow?
    package var held: StateRow?
    /// Of the chunks, by model and text hash.
    package var vectors: [Vector]
}

/// A model as a manifest knows it.
package struct ExportedModel: Hashable, Sendable, Codable {
    package var fingerprint: String
    package var dimensions: Int64
}

extension ShardManifest {
    /// One page of documents with all that is known of them, by ascending id.
    ///
    /// - Parameter after: The last id of the page before; nil for the first.
    package func exportedDocuments(
        after: DocumentID?,
        limit: Int
    ) throws -> [(id: DocumentID, document: ExportedDocument)] {
        try self.file.read { database in
            let page = try database.cachedStatement(
                sql: "SELECT id, number FROM documents WHERE id > ? ORDER BY id LIMIT ?"
            ).all([DocumentID.after(after), limit]) {
                (id: try $0.documentID(0), number: try $0.integer(1))
            }
            return try page.compactMap { id, number in
                try database.exportedDocument(id, number: number).map { (id, $0) }
            }
        }
    }

    /// The models of this shard, by fingerprint.
    package func exportedModels() throws -> [ExportedModel] {
        try self.file.read { database in
            try database.cachedStatement(
                sql: "SELECT fingerprint, dimensions FROM models ORDER BY fingerprint"
            ).all { ExportedModel(fingerprint: try $0.string(0), dimensions: try $0.integer(1)) }
        }
    }

    /// The numbers kept beside the documents, without those that are said of the documents here.
    package func exportedNumbers() throws -> [String: Int64] {
        try self.file.read { database in
            let pairs = try database.cachedStatement(
                sql: """
                    SELECT key, value FROM meta
                    WHERE key NOT IN ('next_number', '\(pageBlocksKey)') ORDER BY key
                    """
            ).all { (try $0.string(0), try $0.integer(1)) }
            return Dictionary(uniqueKeysWithValues: pairs)
        }
    }

    /// Adds documents that another manifest exported, in one transaction.
    ///
    /// They are to be compared and indexed: neither a dedupe store nor a segment came with them.
    /// - Precondition: the manifest knows none of them.
    /// - Throws: ``ManifestError`` also for rows that do not fit the schema.
    package func importDocuments(_ documents: [ExportedDocument], models: [ExportedModel]) throws {
        try self.file.write { database in
            for model in models {
                try database.cachedStatement(
                    sql: "INSERT OR IGNORE INTO models (fingerprint, dimensions) VALUES (?, ?)"
                ).run([model.fingerprint, model.dimensions])
            }
            var number =
                try Int64.fetchOne(
                    database,
                    sql: "SELECT value FROM meta WHERE key = 'next_number'"
                ) ?? 1
            for document in documents {
                try database.insert(document, number: number)
                number += 1
            }
            try database.cachedStatement(
                sql: """
                    INSERT INTO meta (key, value) VALUES ('next_number', ?)
                    ON CONFLICT (key) DO UPDATE SET value = excluded.value
                    """
            ).run([number])
        }
    }
}

extension Database {
    fileprivate func exportedDocument(
        _ id: DocumentID,
        number: Int64
    ) throws -> ExportedDocument? {
        guard let listing = try StateTable.documents.rows(self, "WHERE id = ?", [id]).first
        else { return nil }
        func rows(_ table: StateTable, order: String = "") throws -> [StateRow] {
            try table.rows(self, "WHERE number = ? \(order)", [number])
        }
        let sets = try rows(.chunkSets, order: "ORDER BY stage")
        return ExportedDocument(
            listing: listing,
            version: try rows(.versions).first,
            signature: try rows(.signatures).first,
            redactionCounts: try rows(.redactionCounts, order: "ORDER BY kind"),
            chunkSets: sets,
            pageBlocks: try rows(.pageBlocks).first,
            deadLetter: try StateTable.deadLetters.rows(self, "WHERE id = ?", [id]).first,
            held: try StateTable.held.rows(self, "WHERE id = ?", [id]).first,
            vectors: try self.vectors(ofChunkSets: sets)
        )
    }

    private func vectors(ofChunkSets sets: [StateRow]) throws -> [ExportedDocument.Vector] {
        var hashes: Set<Digest> = []
        for case .blob(let bytes) in sets.compactMap({ $0["chunks"] }) {
            for chunk in try ChunkCoding.decode(bytes) { hashes.insert(chunk.textHash) }
        }
        let statement = try self.cachedStatement(
            sql: """
                SELECT m.fingerprint, v.components
                FROM models m JOIN vectors v ON v.model = m.model AND v.text_hash = ?
                """
        )
        let unkept = try self.cachedStatement(
            sql: """
                SELECT m.fingerprint
                FROM models m JOIN embedded e ON e.model = m.model AND e.text = ?
                """
        )
        var found: [ExportedDocument.Vector] = []
        for hash in hashes {
            found += try unkept.all([EmbeddedText.key(hash)]) { row in
                ExportedDocument.Vector(
                    model: try row.string(0),
                    textHash: hash.bytes,
                    components: []
                )
            }
            found += try statement.all([hash]) { row in
                ExportedDocument.Vector(
                    model: try row.string(0),
                    textHash: hash.bytes,
                    components: try row.bytes(1)
                )
            }
        }
        return found.sorted {
            ($0.model, $0.textHash.map { $0 }) < ($1.model, $1.textHash.map { $0 })
        }
    }

    fileprivate func insert(_ document: ExportedDocument, number: Int64) throws {
        try StateTable.documents.insert(
            ListingVersion.upgrade(document.listing),
            into: self,
            number: number
        )
        if let row = document.version {
            try StateTable.versions.insert(row, into: self, number: number)
        }
        if let row = document.signature {
            try StateTable.signatures.insert(row, into: self, number: number)
        }
        for row in document.redactionCounts {
            try StateTable.redactionCounts.insert(row, into: self, number: number)
        }
        for row in document.chunkSets {
            try StateTable.chunkSets.insert(row, into: self, number: number)
        }
        if let row = document.pageBlocks {
            try StateTable.pageBlocks.insert(row, into: self, number: number)
            try self.cachedStatement(sql: CommitSQL.putPagesUndecided).run([])
        }
        if let row = document.deadLetter { try StateTable.deadLetters.insert(row, into: self) }
        if let row = document.held { try StateTable.held.insert(row, into: self) }
        let vector = try self.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO vectors (model, text_hash, components)
                SELECT model, ?, ? FROM models WHERE fingerprint = ?
                """
        )
        let unkept = try self.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO embedded (model, text)
                SELECT model, ? FROM models WHERE fingerprint = ?
                """
        )
        for item in document.vectors {
            guard item.components.isEmpty else {
                try vector.run([item.textHash, item.components, item.model])
                continue
            }
            let hash = try item.textHash.withUnsafeBytes { try Digest(blob: $0) }
            try unkept.run([EmbeddedText.key(hash), item.model])
        }
        guard case .blob(let id) = document.listing["id"] else { throw BadColumn() }
        for table in ["unresolved", "unindexed"] {
            try self.cachedStatement(sql: "INSERT OR IGNORE INTO \(table) (id) VALUES (?)")
                .run([id])
        }
    }
}

private func < (left: (String, [UInt8]), right: (String, [UInt8])) -> Bool {
    left.0 != right.0 ? left.0 < right.0 : left.1.lexicographicallyPrecedes(right.1)
}

extension StateTable {
    fileprivate static let documents = StateTable(
        name: "documents",
        columns: [
            "id", "uri", "source", "priority", "size", "mtime_ns", "version", "state",
            "listed_hash",
            "attempt_fingerprint", "exclusion_stage", "exclusion_reason", "media_type", "language",
            "text_bytes", "canonical_id", "similarity", "labels", "group_id", "parent",
        ]
    )
    fileprivate static let versions = StateTable(
        name: "versions",
        columns: [
            "content_hash", "fingerprint", "text_hash", "title", "metadata",
            "language_confidence", "warnings", "redactions", "blocks", "text", "policy",
            "decisions", "places",
        ]
    )
    fileprivate static let signatures = StateTable(
        name: "signatures",
        columns: ["exact", "minimums", "facts"]
    )
    fileprivate static let redactionCounts = StateTable(
        name: "redaction_counts",
        columns: ["kind", "count"]
    )
    fileprivate static let chunkSets = StateTable(
        name: "chunk_sets",
        columns: ["stage", "fingerprint", "chunk_count", "token_count", "chunks", "places"]
    )
    fileprivate static let pageBlocks = StateTable(
        name: "page_blocks",
        columns: ["host", "entries", "left_out"]
    )
    fileprivate static let deadLetters = StateTable(
        name: "dead_letters",
        columns: [
            "id", "uri", "source", "stage", "code", "message", "attempts", "first_seen_ms",
            "last_seen_ms", "run", "disposition",
        ]
    )
    fileprivate static let held = StateTable(name: "held", columns: ["id", "run", "approved"])
}
