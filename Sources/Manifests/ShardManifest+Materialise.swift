internal import GRDB
package import Records

/// A document that is served and no duplicate, as the chunk and index stages need it.
package struct CanonicalDocument: Sendable {
    package var id: DocumentID
    package var uri: String
    package var source: String
    package var mediaType: MediaType
    package var language: String
    package var title: String
    package var metadata: [String: String]
    /// Who may see it; sorted.
    package var labels: [String]
    package var blocks: [Block]
    /// Places of the clean text whose chunks are not kept, by the redaction policy.
    package var withheld: [Range<Int>]
    /// Places of the clean text that belong to its host, not to it; ascending.
    package var leftOut: [Range<Int>]
    package var textHash: Digest
    /// The document that leads its group of near-duplicates; nil when it is in none.
    package var group: DocumentID?
    /// Raw DEFLATE of the clean text.
    package var compressedText: [UInt8]
    package var textByteCount: Int
}

/// The chunks one chunk stage made of one document.
package struct ChunkSet: Hashable, Sendable {
    package var document: DocumentID
    /// The name of the chunk stage in the pipeline.
    package var stage: String
    package var fingerprint: Digest
    package var chunks: [Chunk]

    package init(document: DocumentID, stage: String, fingerprint: Digest, chunks: [Chunk]) {
        self.document = document
        self.stage = stage
        self.fingerprint = fingerprint
        self.chunks = chunks
    }
}

extension ShardManifest {
    /// One page of the documents that have a version and repeat no other, by ascending id.
    ///
    /// - Parameter after: The last id of the page before; nil for the first page.
    /// - Parameter maximumBytes: Of compressed text; a page holds one document at least.
    /// - Output: Empty after the last document only.
    package func canonicalDocuments(
        after: DocumentID?,
        maximumCount: Int = 64,
        maximumBytes: Int = 4 << 20
    ) throws -> [CanonicalDocument] {
        try self.file.read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT d.id, d.uri, d.source, d.media_type, d.language, d.text_bytes,
                        v.title, v.metadata, v.blocks, v.text_hash, v.text, v.places,
                        v.redactions, v.decisions, p.left_out, d.group_id, d.labels
                    FROM documents d CROSS JOIN versions v ON v.number = d.number
                    LEFT JOIN page_blocks p ON p.number = d.number
                    WHERE d.id > ? AND d.canonical_id IS NULL ORDER BY d.id
                    """
            )
            let rows = try statement.rows([DocumentID.after(after)])
            var page: [CanonicalDocument] = []
            var byteCount = 0
            while page.count < maximumCount, byteCount < maximumBytes, let row = try rows.next() {
                let document = try CanonicalDocument(row: row)
                byteCount += document.compressedText.count
                page.append(document)
            }
            return page
        }
    }

    /// Those of the first of `ids` that are canonical, in their order.
    ///
    /// - Parameter maximumBytes: Of compressed text; one document is given at least.
    /// - Output: the documents, and how many of `ids` were looked at: one at least.
    package func canonicalDocuments(
        _ ids: ArraySlice<DocumentID>,
        maximumBytes: Int = 4 << 20
    ) throws -> (documents: [CanonicalDocument], visited: Int) {
        try self.file.read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT d.id, d.uri, d.source, d.media_type, d.language, d.text_bytes,
                        v.title, v.metadata, v.blocks, v.text_hash, v.text, v.places,
                        v.redactions, v.decisions, p.left_out, d.group_id, d.labels
                    FROM documents d CROSS JOIN versions v ON v.number = d.number
                    LEFT JOIN page_blocks p ON p.number = d.number
                    WHERE d.id = ? AND d.canonical_id IS NULL
                    """
            )
            var documents: [CanonicalDocument] = []
            var byteCount = 0
            var visited = 0
            for id in ids where byteCount < maximumBytes {
                visited += 1
                guard let document = try statement.first([id], CanonicalDocument.init(row:))
                else { continue }
                byteCount += document.compressedText.count
                documents.append(document)
            }
            return (documents, visited)
        }
    }

    /// The chunks a stage made of the document's present version; nil when it made none yet.
    package func chunks(of id: DocumentID, stage: String) throws -> ChunkSet? {
        try self.file.read { database in
            try database.cachedStatement(
                sql: """
                    SELECT c.fingerprint, c.chunks, c.places
                    FROM documents d JOIN chunk_sets c ON c.number = d.number
                    WHERE d.id = ? AND c.stage = ?
                    """
            ).first([id, stage]) { row in
                ChunkSet(
                    document: id,
                    stage: stage,
                    fingerprint: try row.digest(0),
                    chunks: try ChunkCoding.decode(
                        try row.bytes(1),
                        places: try row.optionalBytes(2)
                    )
                )
            }
        }
    }

    /// Checkpoints a batch of the materialise phase: chunk sets replaced, vectors added, all or nothing.
    ///
    /// - Throws: ``ManifestError`` `.unknownKey` for a document that the manifest does not know.
    package func storeMaterialised(
        chunkSets: [ChunkSet],
        vectors: [VectorSet]
    ) throws {
        try self.file.write { database in
            let find = try database.cachedStatement(
                sql: "SELECT number FROM documents WHERE id = ?"
            )
            let put = try database.cachedStatement(
                sql: """
                    INSERT INTO chunk_sets
                        (number, stage, fingerprint, chunk_count, token_count, chunks, places)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (number, stage) DO UPDATE SET
                        fingerprint = excluded.fingerprint, chunk_count = excluded.chunk_count,
                        token_count = excluded.token_count, chunks = excluded.chunks,
                        places = excluded.places
                    """
            )
            for set in chunkSets {
                guard let number = try find.first([set.document], { try $0.integer(0) })
                else {
                    throw ManifestError(
                        .unknownKey,
                        path: self.path,
                        "there is no document \(set.document)"
                    )
                }
                try put.run([
                    number, set.stage, set.fingerprint, set.chunks.count,
                    set.chunks.reduce(0) { $0 + $1.tokenCount },
                    ChunkCoding.encode(set.chunks),
                    set.chunks.map(\.place).coded,
                ])
            }
            for set in vectors { try database.insert(set) }
        }
    }

    /// Drops the chunk sets of stages that the pipeline no longer has; returns how many.
    @discardableResult
    package func dropChunkSets(exceptStages stages: [String]) throws -> Int {
        try self.file.write { database in
            let stored = try database.cachedStatement(
                sql: "SELECT DISTINCT stage FROM chunk_sets ORDER BY stage"
            ).all { try $0.string(0) }
            var count = 0
            let drop = try database.cachedStatement(sql: "DELETE FROM chunk_sets WHERE stage = ?")
            for stage in stored where !stages.contains(stage) {
                try drop.run([stage])
                count += database.changesCount
            }
            return count
        }
    }
}

extension CanonicalDocument {
    fileprivate init(row: StatementRow) throws {
        let blocks = try [Block](coded: try row.bytes(8), places: try row.optionalBytes(11))
        self.init(
            id: try row.documentID(0),
            uri: try row.string(1),
            source: try row.string(2),
            mediaType: MediaType(try row.string(3)),
            language: try row.string(4),
            title: try row.string(6),
            metadata: try MetadataCoding.decode(try row.string(7)),
            labels: LabelCoding.decode(row[16] as String? ?? ""),
            blocks: blocks,
            withheld: try [Redaction](
                coded: try row.bytes(12),
                decisions: try row.optionalBytes(13)
            ).withheldRanges,
            leftOut: try row.leftOut(14).filter { $0 < blocks.count }.map { blocks[$0].range },
            textHash: try row.digest(9),
            group: try row.optionalDocumentID(15),
            compressedText: try row.bytes(10),
            textByteCount: Int(try row.integer(5))
        )
    }
}
