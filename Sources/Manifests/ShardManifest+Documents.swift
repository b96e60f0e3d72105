internal import GRDB
package import Records

/// Everything the manifest knows of one document.
package struct DocumentRecord: Sendable {
    /// The version that is served.
    package struct Version: Sendable {
        package var contentHash: Digest
        package var fingerprint: Digest
        package var document: PreparedDocument
    }

    /// What one chunk stage made of it.
    package struct ChunkSummary: Hashable, Sendable {
        package var stage: String
        package var fingerprint: Digest
        package var chunkCount: Int
        package var tokenCount: Int
    }

    package var item: SourceItem
    package var state: DocumentState
    package var listedHash: Digest?
    package var attemptFingerprint: Digest
    /// Why it was left out; nil unless `state` is `excluded`.
    package var exclusion: (stage: String, reason: String)?
    package var version: Version?
    package var resolution: Resolution
    package var chunkSets: [ChunkSummary]
    package var deadLetter: DeadLetter?
    /// Indices of the version's blocks that its host's pages share, and that are left out.
    package var leftOut: [Int]
}

extension ShardManifest {
    /// Everything about one document, its compressed text and signature included; nil when unknown.
    package func document(_ id: DocumentID) throws -> DocumentRecord? {
        try self.file.read { database in
            let found = try database.cachedStatement(sql: documentQuery)
                .first([id]) {
                    (number: try $0.integer(0), record: try DocumentRecord($0, id))
                }
            guard let number = found?.number, var record = found?.record else { return nil }
            let pageBlocks = try database.cachedStatement(sql: CommitSQL.findPageBlocks)
                .first([number]) { (try $0.pageBlocks(0), try $0.leftOut(2)) }
            record.version = try database.version(number, of: record, id: id)
            record.version?.document.pageBlocks = pageBlocks?.0
            record.leftOut = pageBlocks?.1 ?? []
            record.chunkSets = try database.cachedStatement(sql: chunkSummaryQuery)
                .all([number], DocumentRecord.ChunkSummary.init(row:))
            record.deadLetter = try database.deadLetter(of: id)
            return record
        }
    }

    /// What each chunk stage made of the document, without the chunks, by stage.
    package func chunkSummaries(of id: DocumentID) throws -> [DocumentRecord.ChunkSummary] {
        try self.file.read { database in
            try database.cachedStatement(
                sql: """
                    SELECT c.stage, c.fingerprint, c.chunk_count, c.token_count
                    FROM documents d JOIN chunk_sets c ON c.number = d.number
                    WHERE d.id = ? ORDER BY c.stage
                    """
            ).all([id], DocumentRecord.ChunkSummary.init(row:))
        }
    }

    /// The documents of this shard whose group `id` leads, itself among them, by ascending id.
    package func members(ofGroup id: DocumentID) throws -> [DocumentID] {
        try self.file.read { database in
            try database.cachedStatement(
                sql: "SELECT id FROM documents WHERE group_id = ? ORDER BY id"
            ).all([id]) { try $0.documentID(0) }
        }
    }

    /// The document's title and clean text; nil without a version.
    package func compressedText(of id: DocumentID) throws -> CompressedText? {
        try self.file.read { database in
            try database.cachedStatement(
                sql: """
                    SELECT v.text, d.text_bytes, v.title
                    FROM documents d JOIN versions v ON v.number = d.number WHERE d.id = ?
                    """
            ).first([id], CompressedText.init(row:))
        }
    }

    /// The documents of this shard that repeat `id`, by ascending id.
    package func duplicates(of id: DocumentID) throws -> [DocumentID] {
        try self.file.read { database in
            try database.cachedStatement(
                sql: "SELECT id FROM documents WHERE canonical_id = ? ORDER BY id"
            ).all([id]) { try $0.documentID(0) }
        }
    }
}

private let documentQuery = """
    SELECT number, uri, source, priority, size, mtime_ns, version, state, listed_hash,
        attempt_fingerprint, exclusion_stage, exclusion_reason, canonical_id, similarity,
        labels, group_id, parent
    FROM documents WHERE id = ?
    """

private let chunkSummaryQuery = """
    SELECT stage, fingerprint, chunk_count, token_count FROM chunk_sets
    WHERE number = ? ORDER BY stage
    """

extension DocumentRecord {
    fileprivate init(_ row: StatementRow, _ id: DocumentID) throws {
        var exclusion: (stage: String, reason: String)?
        if let stage = row[10] as String? { exclusion = (stage, row[11] as String? ?? "") }
        self.init(
            item: SourceItem(
                id: id,
                uri: try row.string(1),
                source: try row.string(2),
                priority: Int(try row.integer(3)),
                size: Int(try row.integer(4)),
                modificationNanoseconds: try row.integer(5),
                version: ItemVersion(try row.optionalDigest(6) ?? .zero),
                labels: LabelCoding.decode(row[14] as String? ?? ""),
                parent: try row.optionalDocumentID(16)
            ),
            state: try DocumentState(column: try row.integer(7)),
            listedHash: try row.optionalDigest(8),
            attemptFingerprint: try row.digest(9),
            exclusion: exclusion,
            version: nil,
            resolution: Resolution(
                id: id,
                canonical: try row.optionalDocumentID(12),
                similarity: (row[13] as Double?).map { Float($0) },
                group: try row.optionalDocumentID(15)
            ),
            chunkSets: [],
            deadLetter: nil,
            leftOut: []
        )
    }
}

extension DocumentRecord.ChunkSummary {
    fileprivate init(row: StatementRow) throws {
        self.init(
            stage: try row.string(0),
            fingerprint: try row.digest(1),
            chunkCount: Int(try row.integer(2)),
            tokenCount: Int(try row.integer(3))
        )
    }
}

extension Database {
    fileprivate func version(
        _ number: Int64,
        of record: DocumentRecord,
        id: DocumentID
    ) throws -> DocumentRecord.Version? {
        let signature = try self.cachedStatement(
            sql: "SELECT exact, minimums, facts FROM signatures WHERE number = ?"
        ).first([number]) { row in
            Signature(
                exact: try row.digest(0),
                bandKeys: try row.withBytes(1, BandKeyCoding.decode),
                facts: UInt64(bitPattern: row[2] as Int64? ?? 0)
            )
        }
        return try self.cachedStatement(
            sql: """
                SELECT v.content_hash, v.fingerprint, v.text_hash, v.title, v.metadata,
                    v.language_confidence, v.warnings, v.redactions, v.blocks, v.text,
                    d.media_type, d.language, d.text_bytes, v.places, v.decisions, v.policy
                FROM versions v, documents d WHERE v.number = ? AND d.id = ?
                """
        ).first([number, id]) { row in
            DocumentRecord.Version(
                contentHash: try row.digest(0),
                fingerprint: try row.digest(1),
                document: try PreparedDocument(versionRow: row, id: id, signature: signature)
            )
        }
    }
}

extension PreparedDocument {
    fileprivate init(versionRow row: StatementRow, id: DocumentID, signature: Signature?) throws {
        self.init(
            id: id,
            mediaType: MediaType(try row.string(10)),
            title: try row.string(3),
            metadata: try MetadataCoding.decode(try row.string(4)),
            language: try row.string(11),
            languageConfidence: Float(try row.real(5)),
            compressedText: try row.bytes(9),
            textByteCount: Int(try row.integer(12)),
            textHash: try row.digest(2),
            blocks: try [Block](coded: try row.bytes(8), places: try row.optionalBytes(13)),
            redactions: try [Redaction](
                coded: try row.bytes(7),
                decisions: try row.optionalBytes(14)
            ),
            policy: try row.optionalDigest(15),
            warnings: try [DocumentWarning](coded: try row.bytes(6)),
            signature: signature
        )
    }
}
