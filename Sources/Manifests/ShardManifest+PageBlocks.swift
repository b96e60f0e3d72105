internal import GRDB
package import Records

/// A page whose blocks are compared with those of its host's other pages.
package struct StoredPage: Hashable, Sendable {
    package var id: DocumentID
    package var source: String
    package var blocks: PageBlocks
    /// Indices of the blocks that are left out of its chunks now, ascending.
    package var leftOut: [Int]
}

extension ShardManifest {
    /// What decided the blocks that are left out; nil when no page was ever compared here.
    ///
    /// - Output: 0 when pages changed since; then every page is to be decided again.
    package func pageBlocksRevision() throws -> Int64? { try self.number(pageBlocksKey) }

    /// Records that every page is decided.
    package func setPageBlocksRevision(_ revision: Int) throws {
        try self.setNumber(pageBlocksKey, to: Int64(revision))
    }

    /// No fewer than the digests of all pages, which take nine bytes each.
    package func pageBlockCount() throws -> Int {
        try self.file.read { database in
            try database.cachedStatement(
                sql: "SELECT total(length(entries)) / 9 FROM page_blocks"
            ).first([]) { Int(try $0.real(0)) } ?? 0
        }
    }

    /// Calls `body` with one page after another of the pages that repeat no other, by ascending id.
    ///
    /// `body` runs between reads, so it may use this manifest.
    package func visitPages(_ body: ([StoredPage]) throws -> Void) throws {
        var last: DocumentID?
        while true {
            let page = try self.pages(after: last, limit: 256)
            guard let end = page.last else { return }
            try body(page)
            last = end.id
        }
    }

    private func pages(after: DocumentID?, limit: Int) throws -> [StoredPage] {
        try self.file.read { database in
            try database.cachedStatement(
                sql: """
                    SELECT d.id, d.source, p.host, p.entries, p.left_out
                    FROM documents d CROSS JOIN page_blocks p ON p.number = d.number
                    WHERE d.id > ? AND d.canonical_id IS NULL ORDER BY d.id LIMIT ?
                    """
            ).all([DocumentID.after(after), limit]) { row in
                StoredPage(
                    id: try row.documentID(0),
                    source: try row.string(1),
                    blocks: try row.pageBlocks(2),
                    leftOut: try row.leftOut(4)
                )
            }
        }
    }

    /// Changes which blocks of documents are left out: their chunks are to be cut and indexed again.
    package func setLeftOut(_ changes: [(id: DocumentID, blocks: [Int])]) throws {
        try self.file.write { database in
            let set = try database.cachedStatement(
                sql: """
                    UPDATE page_blocks SET left_out = ?2
                    WHERE number = (SELECT number FROM documents WHERE id = ?1)
                    """
            )
            let dropChunkSets = try database.cachedStatement(
                sql: """
                    DELETE FROM chunk_sets
                    WHERE number = (SELECT number FROM documents WHERE id = ?)
                    """
            )
            let putUnindexed = try database.cachedStatement(
                sql: "INSERT OR IGNORE INTO unindexed (id) VALUES (?)"
            )
            for (id, blocks) in changes {
                try set.run([id, LeftOutCoding.encode(blocks)])
                try dropChunkSets.run([id])
                try putUnindexed.run([id])
            }
        }
    }
}

/// The row of `meta` that says what decided the blocks that are left out.
let pageBlocksKey = "page_blocks_revision"

/// Indices of blocks as a column: NULL for none.
enum LeftOutCoding {
    static func encode(_ blocks: [Int]) -> [UInt8]? {
        blocks.isEmpty ? nil : AscendingCoding.encode(blocks.map { UInt32(clamping: $0) })
    }

    static func decode(_ bytes: [UInt8]?) throws -> [Int] {
        try bytes.map { try AscendingCoding.decode($0).map(Int.init) } ?? []
    }
}

extension StatementRow {
    /// The columns `host` and `entries`.
    func pageBlocks(_ column: Int) throws -> PageBlocks {
        PageBlocks(
            host: UInt64(bitPattern: try self.integer(column)),
            entries: try [PageBlocks.Entry](coded: try self.bytes(column + 1))
        )
    }

    func leftOut(_ column: Int) throws -> [Int] {
        try LeftOutCoding.decode(try self.optionalBytes(column))
    }
}
