extension Schema {
    /// What concerns the whole workspace; see `Manifests.docc/Schema.md`.
    static let catalog = Schema(
        name: "catalog",
        applicationID: 0x4D4C_5243,  // "MLRC"
        migrations: [
            """
            CREATE TABLE settings (
                key TEXT PRIMARY KEY,
                value TEXT NOT NULL
            ) WITHOUT ROWID;
            CREATE TABLE runs (
                run INTEGER PRIMARY KEY AUTOINCREMENT,
                verb TEXT NOT NULL,
                pipeline TEXT NOT NULL,
                fingerprint BLOB NOT NULL,
                phase TEXT NOT NULL,
                status TEXT NOT NULL,
                exit_code INTEGER,
                summary TEXT,
                started_ms INTEGER NOT NULL,
                updated_ms INTEGER NOT NULL,
                finished_ms INTEGER
            );
            CREATE TABLE snapshots (
                number INTEGER PRIMARY KEY AUTOINCREMENT,
                run INTEGER NOT NULL,
                created_ms INTEGER NOT NULL,
                digest BLOB NOT NULL,
                state TEXT NOT NULL
            );
            """,
            """
            DELETE FROM settings WHERE key LIKE 'shard_state.%';
            ALTER TABLE runs ADD COLUMN pipeline_path TEXT;
            ALTER TABLE runs ADD COLUMN resumes INTEGER;
            CREATE TABLE run_accounts (
                run INTEGER NOT NULL,
                source TEXT NOT NULL,
                is_complete INTEGER NOT NULL,
                listed INTEGER NOT NULL,
                accounts TEXT NOT NULL,
                PRIMARY KEY (run, source)
            ) WITHOUT ROWID;
            """,
            // What a run was told beside its file, and where the next listing of changes begins.
            """
            ALTER TABLE runs ADD COLUMN overrides TEXT;
            CREATE TABLE source_checkpoints (
                source TEXT PRIMARY KEY,
                configuration BLOB NOT NULL,
                cursor BLOB,
                reconciled_ms INTEGER NOT NULL
            ) WITHOUT ROWID;
            """,
            // What servers that embed were paid, by the month that a run began in.
            """
            CREATE TABLE spend (
                run INTEGER NOT NULL,
                stage TEXT NOT NULL,
                month TEXT NOT NULL,
                tokens INTEGER NOT NULL,
                money REAL NOT NULL,
                requests INTEGER NOT NULL,
                PRIMARY KEY (run, stage)
            ) WITHOUT ROWID;
            """,
        ],
        pageByteCount: 4_096,
        cacheKibibytes: 256,
        syncsEveryCommit: true
    )
}
