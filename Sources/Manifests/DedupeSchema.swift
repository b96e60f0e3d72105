extension Schema {
    /// Exact groups, LSH bands and verified edges of the whole corpus; see `Manifests.docc/Schema.md`.
    ///
    /// `groups.band_keys` repeats the keys of a group's bands, so that they are deleted by key and need no
    /// index by group, which would double the largest table.
    static let dedupe = Schema(
        name: "dedupe store",
        applicationID: 0x4D4C_5244,  // "MLRD"
        migrations: [
            """
            CREATE TABLE settings (
                key TEXT PRIMARY KEY,
                value TEXT NOT NULL
            ) WITHOUT ROWID;
            CREATE TABLE groups (
                number INTEGER PRIMARY KEY,
                exact BLOB NOT NULL UNIQUE,
                band_keys BLOB
            );
            CREATE TABLE members (
                id BLOB PRIMARY KEY,
                number INTEGER NOT NULL,
                priority INTEGER NOT NULL,
                uri TEXT NOT NULL
            ) WITHOUT ROWID;
            CREATE INDEX members_by_group ON members (number, priority, uri);
            CREATE TABLE bands (
                band INTEGER NOT NULL,
                key INTEGER NOT NULL,
                number INTEGER NOT NULL,
                PRIMARY KEY (band, key, number)
            ) WITHOUT ROWID;
            CREATE TABLE edges (
                low INTEGER NOT NULL,
                high INTEGER NOT NULL,
                similarity REAL NOT NULL,
                PRIMARY KEY (low, high)
            ) WITHOUT ROWID;
            CREATE INDEX edges_by_high ON edges (high);
            """,
            // What tells documents of one form apart, what decides which is kept, and what is known
            // of texts that were compared.
            """
            ALTER TABLE groups ADD COLUMN facts INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE members ADD COLUMN canonical INTEGER NOT NULL DEFAULT 1;
            ALTER TABLE members ADD COLUMN modified INTEGER;
            ALTER TABLE members ADD COLUMN text_hash BLOB;
            ALTER TABLE edges ADD COLUMN containment INTEGER NOT NULL DEFAULT 0;
            CREATE TABLE verdicts (
                texts BLOB PRIMARY KEY,
                holds_fact INTEGER NOT NULL
            ) WITHOUT ROWID;
            """,
        ],
        pageByteCount: 4_096,
        cacheKibibytes: 4_096,
        syncsEveryCommit: false
    )
}
