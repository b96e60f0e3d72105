extension Schema {
    /// What concerns the documents of one shard; see `Manifests.docc/Schema.md`.
    ///
    /// `documents` is narrow and clustered by id, so that a listing or a status reads no text; what is
    /// wide hangs off `number`, a small integer that makes large rows append instead of scatter.
    static let shard = Schema(
        name: "shard manifest",
        applicationID: 0x4D4C_5253,  // "MLRS"
        migrations: [
            """
            CREATE TABLE meta (
                key TEXT PRIMARY KEY,
                value INTEGER NOT NULL
            ) WITHOUT ROWID;
            CREATE TABLE documents (
                id BLOB PRIMARY KEY,
                number INTEGER NOT NULL,
                uri TEXT NOT NULL,
                source TEXT NOT NULL,
                priority INTEGER NOT NULL,
                size INTEGER NOT NULL,
                mtime_ns INTEGER NOT NULL,
                inode INTEGER NOT NULL,
                state INTEGER NOT NULL,
                listed_hash BLOB,
                attempt_fingerprint BLOB NOT NULL,
                exclusion_stage TEXT,
                exclusion_reason TEXT,
                media_type TEXT,
                language TEXT,
                text_bytes INTEGER,
                canonical_id BLOB,
                similarity REAL
            ) WITHOUT ROWID;
            CREATE INDEX duplicates ON documents (canonical_id) WHERE canonical_id IS NOT NULL;
            CREATE TABLE versions (
                number INTEGER PRIMARY KEY,
                content_hash BLOB NOT NULL,
                fingerprint BLOB NOT NULL,
                text_hash BLOB NOT NULL,
                title TEXT NOT NULL,
                metadata TEXT NOT NULL,
                language_confidence REAL NOT NULL,
                warnings BLOB NOT NULL,
                redactions BLOB NOT NULL,
                blocks BLOB NOT NULL,
                text BLOB
            );
            CREATE TABLE signatures (
                number INTEGER PRIMARY KEY,
                exact BLOB NOT NULL,
                minimums BLOB,
                shingles BLOB NOT NULL
            );
            CREATE TABLE redaction_counts (
                number INTEGER NOT NULL,
                kind TEXT NOT NULL,
                count INTEGER NOT NULL,
                PRIMARY KEY (number, kind)
            ) WITHOUT ROWID;
            CREATE TABLE chunk_sets (
                number INTEGER NOT NULL,
                stage TEXT NOT NULL,
                fingerprint BLOB NOT NULL,
                chunk_count INTEGER NOT NULL,
                token_count INTEGER NOT NULL,
                chunks BLOB NOT NULL
            );
            CREATE UNIQUE INDEX chunk_sets_by_document ON chunk_sets (number, stage);
            CREATE TABLE models (
                model INTEGER PRIMARY KEY,
                fingerprint TEXT NOT NULL UNIQUE,
                dimensions INTEGER NOT NULL
            );
            CREATE TABLE vectors (
                vector INTEGER PRIMARY KEY,
                model INTEGER NOT NULL,
                text_hash BLOB NOT NULL,
                components BLOB NOT NULL
            );
            CREATE UNIQUE INDEX vectors_by_text ON vectors (model, text_hash);
            CREATE TABLE dead_letters (
                id BLOB PRIMARY KEY,
                uri TEXT NOT NULL,
                source TEXT NOT NULL,
                stage TEXT NOT NULL,
                code TEXT NOT NULL,
                message TEXT NOT NULL,
                attempts INTEGER NOT NULL,
                first_seen_ms INTEGER NOT NULL,
                last_seen_ms INTEGER NOT NULL,
                run INTEGER NOT NULL
            ) WITHOUT ROWID;
            CREATE TABLE unresolved (
                id BLOB PRIMARY KEY
            ) WITHOUT ROWID;
            """,
            // Segments as a log: what is in them, and what is not yet.
            """
            DELETE FROM meta WHERE key = 'revision';
            CREATE TABLE unindexed (
                id BLOB PRIMARY KEY
            ) WITHOUT ROWID;
            CREATE TABLE indexes (
                name TEXT PRIMARY KEY,
                fingerprint BLOB NOT NULL
            ) WITHOUT ROWID;
            CREATE TABLE segments (
                index_name TEXT NOT NULL,
                position INTEGER NOT NULL,
                segment TEXT NOT NULL,
                PRIMARY KEY (index_name, position)
            ) WITHOUT ROWID;
            CREATE TABLE held (
                id BLOB PRIMARY KEY,
                run INTEGER NOT NULL,
                approved INTEGER NOT NULL
            ) WITHOUT ROWID;
            ALTER TABLE dead_letters ADD COLUMN disposition INTEGER NOT NULL DEFAULT 0;
            """,
            // Which policy redacted and how it decided, and where on a page a block or chunk stands.
            """
            ALTER TABLE versions ADD COLUMN policy BLOB;
            ALTER TABLE versions ADD COLUMN decisions BLOB;
            ALTER TABLE versions ADD COLUMN places BLOB;
            ALTER TABLE chunk_sets ADD COLUMN places BLOB;
            """,
            // What the pages of a host share, and which blocks are left out for it.
            """
            CREATE TABLE page_blocks (
                number INTEGER PRIMARY KEY,
                host INTEGER NOT NULL,
                entries BLOB NOT NULL,
                left_out BLOB
            );
            """,
            // Chunk sets in a coding with the header rows of tables, which older programs cannot read.
            "",
            // What tells a change that size and time hide; what was listed before is read once more.
            """
            ALTER TABLE documents ADD COLUMN version_token INTEGER NOT NULL DEFAULT 0;
            """,
            // Which near-duplicates are kept as a group, and what tells their facts apart.
            """
            ALTER TABLE documents ADD COLUMN group_id BLOB;
            ALTER TABLE signatures ADD COLUMN facts INTEGER;
            CREATE INDEX grouped ON documents (group_id) WHERE group_id IS NOT NULL;
            """,
            // Blocks that say whether OCR read them, in a coding that older programs cannot read.
            "",
            // Which listed document a document was taken out of.
            """
            ALTER TABLE documents ADD COLUMN parent BLOB;
            CREATE INDEX children ON documents (parent) WHERE parent IS NOT NULL;
            """,
            // One opaque version in place of what folders are compared by, which it is made of; and labels.
            """
            ALTER TABLE documents ADD COLUMN version BLOB;
            ALTER TABLE documents ADD COLUMN labels TEXT;
            UPDATE documents SET version = \(ListingVersion.name)(size, mtime_ns, inode, version_token)
                WHERE parent IS NULL;
            ALTER TABLE documents DROP COLUMN inode;
            ALTER TABLE documents DROP COLUMN version_token;
            """,
            // The version that is served of a document whose next one may yet be refused.
            """
            CREATE TABLE superseded (
                id BLOB PRIMARY KEY,
                media_type TEXT,
                language TEXT,
                text_bytes INTEGER,
                content_hash BLOB NOT NULL,
                fingerprint BLOB NOT NULL,
                text_hash BLOB NOT NULL,
                title TEXT NOT NULL,
                metadata TEXT NOT NULL,
                language_confidence REAL NOT NULL,
                warnings BLOB NOT NULL,
                redactions BLOB NOT NULL,
                blocks BLOB NOT NULL,
                text BLOB,
                policy BLOB,
                decisions BLOB,
                places BLOB,
                exact BLOB,
                minimums BLOB,
                shingles BLOB,
                facts INTEGER,
                page_host INTEGER,
                page_entries BLOB
            );
            """,
            // Texts that were embedded by a model whose vectors are not kept, which older programs cannot read.
            "",
            // Signatures in a coding of fewer bits, which older programs cannot read.
            "",
            // Shingles are made from the text when two are compared: they were a fifth of a workspace.
            """
            ALTER TABLE signatures DROP COLUMN shingles;
            ALTER TABLE superseded DROP COLUMN shingles;
            """,
            // Which texts were embedded by a model whose vectors are not kept, without a row of `vectors`
            // and of its index for each: they were a twentieth of a workspace of short texts.
            """
            CREATE TABLE embedded (
                model INTEGER NOT NULL,
                text INTEGER NOT NULL,
                PRIMARY KEY (model, text)
            ) WITHOUT ROWID;
            INSERT OR IGNORE INTO embedded (model, text)
                SELECT model, \(EmbeddedText.name)(text_hash) FROM vectors
                WHERE length(components) = 0;
            DELETE FROM vectors WHERE length(components) = 0;
            """,
            // Band keys in place of the minimums that they follow from, which older programs cannot read.
            "",
        ],
        pageByteCount: 8_192,
        cacheKibibytes: 2_048,
        syncsEveryCommit: false
    )
}
