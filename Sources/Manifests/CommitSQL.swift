/// The statements of a checkpoint, some of which other writes to a shard share.
enum CommitSQL {
    static let find = """
        SELECT number, state, priority, listed_hash, attempt_fingerprint, source, labels
        FROM documents WHERE id = ?
        """
    static let listVersion = """
        INSERT INTO documents
            (id, number, uri, source, priority, size, mtime_ns, version, labels, state,
            listed_hash, attempt_fingerprint, media_type, language, text_bytes, parent)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET
            source = excluded.source, priority = excluded.priority, size = excluded.size,
            mtime_ns = excluded.mtime_ns, version = excluded.version,
            labels = excluded.labels, state = excluded.state,
            listed_hash = excluded.listed_hash,
            attempt_fingerprint = excluded.attempt_fingerprint,
            exclusion_stage = NULL, exclusion_reason = NULL,
            media_type = excluded.media_type, language = excluded.language,
            text_bytes = excluded.text_bytes
        """
    /// States 1 and 2, `failed` and `excluded`, have no version.
    static let listAttempt = """
        INSERT INTO documents
            (id, number, uri, source, priority, size, mtime_ns, version, labels, state,
            listed_hash, attempt_fingerprint, exclusion_stage, exclusion_reason, parent)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET
            source = excluded.source, priority = excluded.priority, size = excluded.size,
            mtime_ns = excluded.mtime_ns, version = excluded.version,
            labels = excluded.labels, state = excluded.state,
            listed_hash = excluded.listed_hash,
            attempt_fingerprint = excluded.attempt_fingerprint,
            exclusion_stage = excluded.exclusion_stage,
            exclusion_reason = excluded.exclusion_reason,
            media_type = CASE WHEN excluded.state IN (1, 2) THEN NULL ELSE media_type END,
            language = CASE WHEN excluded.state IN (1, 2) THEN NULL ELSE language END,
            text_bytes = CASE WHEN excluded.state IN (1, 2) THEN NULL ELSE text_bytes END,
            canonical_id = CASE WHEN excluded.state IN (1, 2) THEN NULL ELSE canonical_id END,
            similarity = CASE WHEN excluded.state IN (1, 2) THEN NULL ELSE similarity END,
            group_id = CASE WHEN excluded.state IN (1, 2) THEN NULL ELSE group_id END
        """
    static let listTouch = """
        UPDATE documents SET source = ?, priority = ?, size = ?, mtime_ns = ?, version = ?,
            labels = ?
        WHERE id = ?
        """
    static let findVersion = """
        SELECT v.text_hash, v.title, v.blocks, v.metadata, d.language, d.media_type, d.source,
            EXISTS (SELECT 1 FROM signatures s WHERE s.number = v.number),
            v.places, v.redactions, v.decisions
        FROM versions v, documents d WHERE v.number = ?1 AND d.id = ?2
        """
    static let putVersion = """
        INSERT OR REPLACE INTO versions
            (number, content_hash, fingerprint, text_hash, title, metadata, language_confidence,
            warnings, redactions, blocks, text, policy, decisions, places)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    static let putSignature = """
        INSERT OR REPLACE INTO signatures (number, exact, minimums, facts)
        VALUES (?, ?, ?, ?)
        """
    static let putRedactionCount = """
        INSERT INTO redaction_counts (number, kind, count) VALUES (?, ?, ?)
        """
    /// Attempts count tries of the same content with the same fingerprint; `?10` says it is one.
    ///
    /// What an operator chose to ignore (2) stays ignored for that content.
    static let putDeadLetter = """
        INSERT INTO dead_letters
            (id, uri, source, stage, code, message, attempts, first_seen_ms, last_seen_ms, run,
            disposition)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, ?7, ?8, ?9, ?11)
        ON CONFLICT (id) DO UPDATE SET
            source = excluded.source, stage = excluded.stage, code = excluded.code,
            message = excluded.message,
            attempts = CASE WHEN ?10 THEN attempts + 1 ELSE 1 END,
            last_seen_ms = excluded.last_seen_ms, run = excluded.run,
            disposition = CASE WHEN ?10 AND disposition = 2 THEN 2 ELSE excluded.disposition END
        """
    static let putUnresolved = "INSERT OR IGNORE INTO unresolved (id) VALUES (?)"
    static let putUnindexed = "INSERT OR IGNORE INTO unindexed (id) VALUES (?)"
    static let findPageBlocks = """
        SELECT host, entries, left_out FROM page_blocks WHERE number = ?
        """
    static let putPageBlocks = """
        INSERT OR REPLACE INTO page_blocks (number, host, entries) VALUES (?, ?, ?)
        """
    static let putPagesUndecided = """
        INSERT INTO meta (key, value) VALUES ('\(pageBlocksKey)', 0)
        ON CONFLICT (key) DO UPDATE SET value = excluded.value
        """
    static let putNextNumber = """
        INSERT INTO meta (key, value) VALUES ('next_number', ?)
        ON CONFLICT (key) DO UPDATE SET value = excluded.value
        """
}
