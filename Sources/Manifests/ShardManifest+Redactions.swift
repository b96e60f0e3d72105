internal import GRDB
package import Records

/// What redaction did to the version of a document that is stored.
package struct RedactionRecord: Sendable {
    package var id: DocumentID
    package var uri: String
    package var source: String
    package var language: String
    /// The hash of the policy it went through; nil where nothing was redacted.
    package var policy: Digest?
    package var redactions: [Redaction]
}

/// The texts of a document's stored version.
package struct StoredText: Sendable {
    package var id: DocumentID
    package var uri: String
    package var source: String
    package var language: String
    package var title: String
    package var metadata: [String: String]
    /// Raw DEFLATE of the clean text.
    package var compressedText: [UInt8]
    package var textByteCount: Int
}

extension ShardManifest {
    /// Calls `body` for every document with a version, duplicates included, by ascending id.
    ///
    /// `body` runs between reads, so it may use this manifest.
    package func visitRedactions(_ body: (RedactionRecord) throws -> Void) throws {
        try self.visit(
            columns: "v.policy, v.redactions, v.decisions",
            pageCount: 1_024,
            { row in
                RedactionRecord(
                    id: try row.documentID(0),
                    uri: try row.string(1),
                    source: try row.string(2),
                    language: try row.string(3),
                    policy: try row.optionalDigest(4),
                    redactions: try [Redaction](
                        coded: try row.bytes(5),
                        decisions: try row.optionalBytes(6)
                    )
                )
            },
            id: \.id,
            body
        )
    }

    /// Calls `body` for every document with a version, duplicates included, by ascending id.
    ///
    /// `body` runs between reads, so it may use this manifest.
    package func visitTexts(_ body: (StoredText) throws -> Void) throws {
        try self.visit(
            columns: "v.title, v.metadata, v.text, d.text_bytes",
            pageCount: 32,
            { row in
                StoredText(
                    id: try row.documentID(0),
                    uri: try row.string(1),
                    source: try row.string(2),
                    language: try row.string(3),
                    title: try row.string(4),
                    metadata: try MetadataCoding.decode(try row.string(5)),
                    compressedText: try row.bytes(6),
                    textByteCount: Int(try row.integer(7))
                )
            },
            id: \.id,
            body
        )
    }

    private func visit<Record>(
        columns: String,
        pageCount: Int,
        _ record: (StatementRow) throws -> Record,
        id: (Record) -> DocumentID,
        _ body: (Record) throws -> Void
    ) throws {
        var last: DocumentID?
        while true {
            let page = try self.file.read { database in
                try database.cachedStatement(
                    sql: """
                        SELECT d.id, d.uri, d.source, d.language, \(columns)
                        FROM documents d CROSS JOIN versions v ON v.number = d.number
                        WHERE d.id > ? ORDER BY d.id LIMIT ?
                        """
                ).all([DocumentID.after(last), pageCount], record)
            }
            for record in page { try body(record) }
            guard let end = page.last else { return }
            last = id(end)
        }
    }
}
