extension Schema {
    /// Exact groups, LSH bands and decisions on the whole corpus; see `Manifests.docc/Schema.md`.
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
            // What was decided and what it follows from, instead of every pair that was compared; all
            // documents are taken up anew.
            """
            DROP TABLE edges;
            DROP TABLE verdicts;
            DROP TABLE bands;
            DROP TABLE members;
            DROP TABLE groups;
            DELETE FROM settings;
            CREATE TABLE groups (
                number INTEGER PRIMARY KEY AUTOINCREMENT,
                exact BLOB NOT NULL UNIQUE,
                first BLOB NOT NULL,
                rank BLOB NOT NULL,
                contained_at INTEGER,
                facts INTEGER NOT NULL,
                band_keys BLOB,
                container INTEGER,
                role INTEGER NOT NULL,
                partner INTEGER,
                similarity REAL NOT NULL,
                is_saturated INTEGER NOT NULL
            );
            CREATE INDEX followers ON groups (partner, role) WHERE partner IS NOT NULL;
            CREATE INDEX contained ON groups (container) WHERE container IS NOT NULL;
            CREATE INDEX decided ON groups (rank) WHERE role IN (1, 2, 3);
            CREATE TABLE members (
                id BLOB PRIMARY KEY,
                number INTEGER NOT NULL,
                rank BLOB NOT NULL,
                contained_at INTEGER,
                is_held INTEGER NOT NULL
            ) WITHOUT ROWID;
            CREATE INDEX members_by_group ON members (number, rank);
            CREATE INDEX held_members ON members (id) WHERE is_held;
            CREATE TABLE bands (
                key INTEGER NOT NULL,
                number INTEGER NOT NULL,
                PRIMARY KEY (key, number)
            ) WITHOUT ROWID;
            CREATE TABLE listed (
                key INTEGER NOT NULL,
                list INTEGER NOT NULL,
                facts INTEGER NOT NULL,
                standing INTEGER NOT NULL,
                number INTEGER NOT NULL,
                PRIMARY KEY (key, list, facts, standing, number)
            ) WITHOUT ROWID;
            CREATE TABLE queue (
                rank BLOB NOT NULL,
                number INTEGER NOT NULL,
                PRIMARY KEY (rank, number)
            ) WITHOUT ROWID;
            CREATE TABLE unwritten (
                id BLOB PRIMARY KEY
            ) WITHOUT ROWID;
            """,
            // The bands in files of their own, the rank of a group that is alone in its member only; all
            // documents are taken up anew.
            """
            DROP TABLE bands;
            DROP TABLE groups;
            DELETE FROM settings;
            DELETE FROM members;
            DELETE FROM listed;
            DELETE FROM queue;
            DELETE FROM unwritten;
            CREATE TABLE groups (
                number INTEGER PRIMARY KEY,
                exact BLOB NOT NULL UNIQUE,
                first BLOB NOT NULL,
                rank BLOB,
                contained_at INTEGER,
                facts INTEGER NOT NULL,
                container INTEGER,
                role INTEGER NOT NULL,
                partner INTEGER,
                similarity REAL NOT NULL,
                is_saturated INTEGER NOT NULL
            );
            CREATE INDEX followers ON groups (partner, role) WHERE partner IS NOT NULL;
            CREATE INDEX contained ON groups (container) WHERE container IS NOT NULL;
            CREATE INDEX decided ON groups (rank) WHERE role IN (1, 2, 3);
            CREATE TABLE runs (
                low INTEGER PRIMARY KEY,
                high INTEGER NOT NULL,
                entries INTEGER NOT NULL,
                digest BLOB NOT NULL
            );
            CREATE TABLE dropped (
                number INTEGER PRIMARY KEY
            );
            """,
        ],
        pageByteCount: 4_096,
        cacheKibibytes: 16_384,
        syncsEveryCommit: false
    )
}
