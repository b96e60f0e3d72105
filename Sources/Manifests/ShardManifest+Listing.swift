internal import GRDB
package import Records

/// What a sync compares a listed document with.
package struct ListingRow: Hashable, Sendable {
    package var id: DocumentID
    /// Nil unless asked for; a comparison by id needs none.
    package var uri: String?
    package var source: String
    package var priority: Int
    package var size: Int
    package var modificationNanoseconds: Int64
    package var version: ItemVersion
    /// As the manifest stores them; equal for equal labels.
    package var labels: String
    package var state: DocumentState
    /// Hash of the content that was last read; nil when it could not be read, so it must be again.
    package var listedHash: Digest?
    /// The prepare fingerprint of the last attempt.
    package var attemptFingerprint: Digest
    /// The listed document that it was taken out of; nil for a listed one.
    package var parent: DocumentID?
    /// Of the version that is served; nil without one, and in a visit of all documents.
    package var mediaType: MediaType?
}

extension ShardManifest {
    /// All documents of the shard, by ascending id.
    ///
    /// - Complexity: O(documents), about 150 bytes each.
    package func listing(includingURIs: Bool = false) throws -> [ListingRow] {
        var rows: [ListingRow] = []
        try self.visitListing(includingURIs: includingURIs) { rows.append($0) }
        return rows
    }

    /// What is known of one document; nil when nothing is.
    package func listingRow(of id: DocumentID) throws -> ListingRow? {
        try self.file.read { database in
            try database.cachedStatement(
                sql: """
                    SELECT id, source, priority, size, mtime_ns, version, state, listed_hash,
                        attempt_fingerprint, uri, labels, parent, media_type
                    FROM documents WHERE id = ?
                    """
            ).first([id]) { row in
                var listing = try ListingRow(row: row, source: try row.string(1))
                listing.mediaType = (row[12] as String?).map { MediaType($0) }
                return listing
            }
        }
    }

    /// Calls `body` with every document of the shard, by ascending id.
    ///
    /// `body` runs inside the read and must not call this manifest.
    package func visitListing(
        includingURIs: Bool = false,
        _ body: (ListingRow) throws -> Void
    ) throws {
        let uri = includingURIs ? "uri" : "NULL"
        try self.file.read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT id, source, priority, size, mtime_ns, version, state, listed_hash,
                        attempt_fingerprint, \(uri), labels, parent
                    FROM documents ORDER BY id
                    """
            )
            let rows = try statement.rows()
            // Sources are few: sharing the last name saves a string for every row.
            var source = ""
            while let row = try rows.next() {
                let name = try row.string(1)
                if name != source { source = name }
                try body(ListingRow(row: row, source: source))
            }
        }
    }

    /// Calls `body` with every document that has a version with a text that is not empty, and the hash of
    /// that text; in no order.
    ///
    /// `body` runs inside the read and must not call this manifest.
    package func visitTextHashes(_ body: (DocumentID, Digest) throws -> Void) throws {
        try self.file.read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT d.id, v.text_hash FROM documents d JOIN versions v ON v.number = d.number
                    WHERE d.text_bytes > 0
                    """
            )
            let rows = try statement.rows()
            while let row = try rows.next() { try body(row.documentID(0), row.digest(1)) }
        }
    }

    /// How many documents the manifest knows.
    package func documentCount() throws -> Int {
        try self.file.read { database in
            try Int.fetchOne(database, sql: "SELECT count(*) FROM documents") ?? 0
        }
    }
}

extension ListingRow {
    fileprivate init(row: StatementRow, source: String) throws {
        self.init(
            id: try row.documentID(0),
            uri: row[9] as String?,
            source: source,
            priority: Int(try row.integer(2)),
            size: Int(try row.integer(3)),
            modificationNanoseconds: try row.integer(4),
            version: ItemVersion(try row.optionalDigest(5) ?? .zero),
            labels: row[10] as String? ?? "",
            state: try DocumentState(column: try row.integer(6)),
            listedHash: try row.optionalDigest(7),
            attemptFingerprint: try row.digest(8),
            parent: try row.optionalDocumentID(11)
        )
    }
}
