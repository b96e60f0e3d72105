import GRDB
import Hashing
import Records
import Storage
import Testing

@testable import Manifests

/// Files as earlier versions made them, from SQL that is never edited: they must open and read for good.
@Suite struct FixtureTests {
    let folder: TemporaryFolder

    init() throws { self.folder = try TemporaryFolder() }

    private func make(
        _ path: String,
        _ applicationID: Int32,
        _ sql: [String],
        version: Int = 1
    ) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write { database in
            for statement in sql { try database.execute(sql: statement) }
            try database.execute(sql: "PRAGMA application_id = \(applicationID)")
            try database.execute(sql: "PRAGMA user_version = \(version)")
        }
        try queue.close()
    }

    /// Tables and indexes by name, spaces evened out.
    private func schema(_ path: String) throws -> [String: String] {
        let queue = try DatabaseQueue(path: path)
        return try queue.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"
            )
            return Dictionary(
                rows.map { row in
                    let sql: String = row[1]
                    return (row[0] as String, sql.split(whereSeparator: \.isWhitespace).joined())
                },
                uniquingKeysWith: { first, _ in first }
            )
        }
    }

    @Test func shardOfVersion1OpensAndReads() throws {
        let path = self.folder("manifest.sqlite")
        try self.make(path, 0x4D4C_5253, version1Shard + version1ShardRows)
        let manifest = try ShardManifest(path: path, mode: .readWrite)
        let id = try #require(DocumentID(bytes: Array(0..<16)))
        let record = try #require(try manifest.document(id))
        let document = try #require(record.version?.document)
        #expect(record.item.uri == "file:///a.html")
        #expect(record.item.version.digest.word2 == UInt64.max)
        #expect(record.state == .stale)
        #expect(document.title == "A")
        #expect(document.metadata == ["author": "N"])
        #expect(document.blocks == [Block(kind: .heading, level: 1, range: 0..<2)])
        #expect(document.redactions == [Redaction(kind: "IP", rule: "v4", range: 1..<5)])
        #expect(document.warnings == [DocumentWarning(code: "cut", count: 3)])
        #expect(document.signature != nil)
        // What made it knew no facts, so it is to be signed anew.
        try manifest.dropFirstSignatures()
        #expect(try manifest.document(id)?.version?.document.signature == nil)
        let text = try inflate(document.compressedText, byteCount: document.textByteCount)
        #expect(text == Array("abc".utf8))
        #expect(record.deadLetter?.attempts == 2)
        #expect(record.deadLetter?.failure.code == .timedOut)
        let chunks = try manifest.chunks(of: id, stage: "chunk")?.chunks
        #expect(chunks?.map(\.headings) == [["H"]])
        #expect(chunks?.map(\.range) == [1..<3])
        let model = try manifest.modelNumber(for: "model", dimensions: 1)
        let hash = Digest(0x0101_0101_0101_0101, 0, 0, 0)
        #expect(try manifest.vectors(model: model, hashes: [hash]) == [hash: [1]])
        #expect(try manifest.unresolved(after: nil, limit: 9).map(\.id) == [id])
        #expect(try manifest.totals().redactions == ["IP": 1])
        // Whatever number comes next must not meet one that is taken.
        try manifest.commit([success(item("new"))], run: 1, at: 1)
        #expect(try manifest.document(id)?.version?.document.title == "A")
    }

    @Test func migratedShardHasTheSchemaOfANewOne() throws {
        try self.make(self.folder("old.sqlite"), 0x4D4C_5253, version1Shard)
        _ = try ShardManifest(path: self.folder("old.sqlite"), mode: .readWrite)
        _ = try ShardManifest(path: self.folder("new.sqlite"), mode: .create)
        #expect(
            try self.schema(self.folder("old.sqlite")) == self.schema(self.folder("new.sqlite"))
        )
    }

    @Test func migratedDedupeStoreHasTheSchemaOfANewOne() throws {
        try self.make(self.folder("old.sqlite"), 0x4D4C_5244, version1Dedupe)
        _ = try DedupeStore(path: self.folder("old.sqlite"), mode: .readWrite)
        _ = try DedupeStore(path: self.folder("new.sqlite"), mode: .create)
        #expect(
            try self.schema(self.folder("old.sqlite")) == self.schema(self.folder("new.sqlite"))
        )
    }

    /// What an older store decided is decided anew: it asks for all documents by naming no rule.
    @Test(arguments: [1, 2, 3]) func olderDedupeStoreOpensAndIsFilledAnew(version: Int) throws {
        let path = self.folder("dedupe.sqlite")
        let rows =
            version == 3
            ? version3DedupeRows
            : [
                "INSERT INTO settings VALUES ('fingerprint', '1 0.8')",
                "INSERT INTO groups (number, exact) VALUES (1, zeroblob(32)), (2, x'\(hex(1, 32))')",
                """
                INSERT INTO members (id, number, priority, uri)
                VALUES (zeroblob(16), 1, 0, 'a'), (x'\(hex(1, 16))', 2, 3, 'b')
                """,
                "INSERT INTO edges (low, high, similarity) VALUES (1, 2, 0.9)",
            ]
        let tables = [version1Dedupe, version1Dedupe + version2Dedupe, version3Dedupe]
        let statements = tables[version - 1] + rows
        try self.make(path, 0x4D4C_5244, statements, version: version)
        let store = try DedupeStore(path: path, mode: .readWrite)
        #expect(try store.fingerprint() == nil)
        #expect(try store.memberCount() == 0)
        _ = try DedupeStore(path: self.folder("new.sqlite"), mode: .create)
        #expect(try self.schema(path) == self.schema(self.folder("new.sqlite")))
    }

    private func hex(_ value: UInt8, _ count: Int) -> String {
        String(repeating: "0\(value)", count: count)
    }

    @Test func migratedCatalogHasTheSchemaOfANewOne() throws {
        try self.make(self.folder("old.sqlite"), 0x4D4C_5243, version1Catalog)
        _ = try Catalog(path: self.folder("old.sqlite"), mode: .readWrite)
        _ = try Catalog(path: self.folder("new.sqlite"), mode: .create)
        #expect(
            try self.schema(self.folder("old.sqlite")) == self.schema(self.folder("new.sqlite"))
        )
    }
}

private let version1Shard = [
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    """
    CREATE TABLE documents (id BLOB PRIMARY KEY, number INTEGER NOT NULL, uri TEXT NOT NULL,
    source TEXT NOT NULL, priority INTEGER NOT NULL, size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL, inode INTEGER NOT NULL, state INTEGER NOT NULL, listed_hash BLOB,
    attempt_fingerprint BLOB NOT NULL, exclusion_stage TEXT, exclusion_reason TEXT, media_type TEXT,
    language TEXT, text_bytes INTEGER, canonical_id BLOB, similarity REAL) WITHOUT ROWID
    """,
    "CREATE INDEX duplicates ON documents (canonical_id) WHERE canonical_id IS NOT NULL",
    """
    CREATE TABLE versions (number INTEGER PRIMARY KEY, content_hash BLOB NOT NULL,
    fingerprint BLOB NOT NULL, text_hash BLOB NOT NULL, title TEXT NOT NULL,
    metadata TEXT NOT NULL, language_confidence REAL NOT NULL, warnings BLOB NOT NULL,
    redactions BLOB NOT NULL, blocks BLOB NOT NULL, text BLOB)
    """,
    """
    CREATE TABLE signatures (number INTEGER PRIMARY KEY, exact BLOB NOT NULL, minimums BLOB,
    shingles BLOB NOT NULL)
    """,
    """
    CREATE TABLE redaction_counts (number INTEGER NOT NULL, kind TEXT NOT NULL,
    count INTEGER NOT NULL, PRIMARY KEY (number, kind)) WITHOUT ROWID
    """,
    """
    CREATE TABLE chunk_sets (number INTEGER NOT NULL, stage TEXT NOT NULL,
    fingerprint BLOB NOT NULL, chunk_count INTEGER NOT NULL, token_count INTEGER NOT NULL,
    chunks BLOB NOT NULL)
    """,
    "CREATE UNIQUE INDEX chunk_sets_by_document ON chunk_sets (number, stage)",
    """
    CREATE TABLE models (model INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE,
    dimensions INTEGER NOT NULL)
    """,
    """
    CREATE TABLE vectors (vector INTEGER PRIMARY KEY, model INTEGER NOT NULL,
    text_hash BLOB NOT NULL, components BLOB NOT NULL)
    """,
    "CREATE UNIQUE INDEX vectors_by_text ON vectors (model, text_hash)",
    """
    CREATE TABLE dead_letters (id BLOB PRIMARY KEY, uri TEXT NOT NULL, source TEXT NOT NULL,
    stage TEXT NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, attempts INTEGER NOT NULL,
    first_seen_ms INTEGER NOT NULL, last_seen_ms INTEGER NOT NULL, run INTEGER NOT NULL)
    WITHOUT ROWID
    """,
    "CREATE TABLE unresolved (id BLOB PRIMARY KEY) WITHOUT ROWID",
]

private let version1ShardRows = [
    """
    INSERT INTO documents VALUES (x'000102030405060708090A0B0C0D0E0F', 4, 'file:///a.html', 'docs',
    1, 100, 77, -1, 3, zeroblob(32), zeroblob(32), NULL, NULL, 'text/html', 'en', 3, NULL, NULL)
    """,
    """
    INSERT INTO versions VALUES (4, zeroblob(32), zeroblob(32), zeroblob(32), 'A',
    '{"author":"N"}', 0.5, x'010363757403', x'010249500276340104', x'010101000002', x'4B4C4A0600')
    """,
    "INSERT INTO signatures VALUES (4, zeroblob(32), zeroblob(504), x'02058001')",
    "INSERT INTO redaction_counts VALUES (4, 'IP', 1)",
    """
    INSERT INTO chunk_sets VALUES (4, 'chunk', zeroblob(32), 1, 9,
    CAST(x'01000102090000010148' || zeroblob(32) AS BLOB))
    """,
    "INSERT INTO models VALUES (1, 'model', 1)",
    """
    INSERT INTO vectors VALUES (1, 1, CAST(x'0101010101010101' || zeroblob(24) AS BLOB),
    x'0000803F')
    """,
    """
    INSERT INTO dead_letters VALUES (x'000102030405060708090A0B0C0D0E0F', 'file:///a.html', 'docs',
    'extract', 'timed_out', 'no answer in 20 s', 2, 5, 6, 1)
    """,
    "INSERT INTO unresolved VALUES (x'000102030405060708090A0B0C0D0E0F')",
    "INSERT INTO meta VALUES ('next_number', 5)",
]

private let version1Dedupe = [
    "CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """
    CREATE TABLE groups (number INTEGER PRIMARY KEY, exact BLOB NOT NULL UNIQUE, band_keys BLOB)
    """,
    """
    CREATE TABLE members (id BLOB PRIMARY KEY, number INTEGER NOT NULL, priority INTEGER NOT NULL,
    uri TEXT NOT NULL) WITHOUT ROWID
    """,
    "CREATE INDEX members_by_group ON members (number, priority, uri)",
    """
    CREATE TABLE bands (band INTEGER NOT NULL, key INTEGER NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (band, key, number)) WITHOUT ROWID
    """,
    """
    CREATE TABLE edges (low INTEGER NOT NULL, high INTEGER NOT NULL, similarity REAL NOT NULL,
    PRIMARY KEY (low, high)) WITHOUT ROWID
    """,
    "CREATE INDEX edges_by_high ON edges (high)",
]

private let version2Dedupe = [
    "ALTER TABLE groups ADD COLUMN facts INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE members ADD COLUMN canonical INTEGER NOT NULL DEFAULT 1",
    "ALTER TABLE members ADD COLUMN modified INTEGER",
    "ALTER TABLE members ADD COLUMN text_hash BLOB",
    "ALTER TABLE edges ADD COLUMN containment INTEGER NOT NULL DEFAULT 0",
    """
    CREATE TABLE verdicts (texts BLOB PRIMARY KEY, holds_fact INTEGER NOT NULL) WITHOUT ROWID
    """,
]

private let version3Dedupe = [
    "CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """
    CREATE TABLE groups (number INTEGER PRIMARY KEY AUTOINCREMENT, exact BLOB NOT NULL UNIQUE,
    first BLOB NOT NULL, rank BLOB NOT NULL, contained_at INTEGER, facts INTEGER NOT NULL,
    band_keys BLOB, container INTEGER, role INTEGER NOT NULL, partner INTEGER,
    similarity REAL NOT NULL, is_saturated INTEGER NOT NULL)
    """,
    "CREATE INDEX followers ON groups (partner, role) WHERE partner IS NOT NULL",
    "CREATE INDEX contained ON groups (container) WHERE container IS NOT NULL",
    "CREATE INDEX decided ON groups (rank) WHERE role IN (1, 2, 3)",
    """
    CREATE TABLE members (id BLOB PRIMARY KEY, number INTEGER NOT NULL, rank BLOB NOT NULL,
    contained_at INTEGER, is_held INTEGER NOT NULL) WITHOUT ROWID
    """,
    "CREATE INDEX members_by_group ON members (number, rank)",
    "CREATE INDEX held_members ON members (id) WHERE is_held",
    """
    CREATE TABLE bands (key INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (key, number))
    WITHOUT ROWID
    """,
    """
    CREATE TABLE listed (key INTEGER NOT NULL, list INTEGER NOT NULL, facts INTEGER NOT NULL,
    standing INTEGER NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (key, list, facts, standing, number)) WITHOUT ROWID
    """,
    """
    CREATE TABLE queue (rank BLOB NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (rank, number))
    WITHOUT ROWID
    """,
    "CREATE TABLE unwritten (id BLOB PRIMARY KEY) WITHOUT ROWID",
]

private let version3DedupeRows = [
    "INSERT INTO settings VALUES ('fingerprint', '3 1 2 0.8 facts')",
    """
    INSERT INTO groups (number, exact, first, rank, contained_at, facts, band_keys, role, partner,
    similarity, is_saturated) VALUES
    (1, zeroblob(32), zeroblob(16), x'0001', 1, 5, x'0100000000000000', 3, NULL, 0, 0),
    (2, x'0101010101010101' || zeroblob(24), x'0101010101010101' || zeroblob(8), x'0002', 1, 5,
    x'0100000000000000', 1, 1, 0.9, 0)
    """,
    """
    INSERT INTO members VALUES (zeroblob(16), 1, x'0001', 1, 0),
    (x'0101010101010101' || zeroblob(8), 2, x'0002', 1, 1)
    """,
    "INSERT INTO bands VALUES (1, 1), (1, 2)",
    "INSERT INTO listed VALUES (1, 0, 0, 0, 1)",
    "INSERT INTO queue VALUES (x'0001', 1)",
    "INSERT INTO unwritten VALUES (zeroblob(16))",
]

private let version1Catalog = [
    "CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """
    CREATE TABLE runs (run INTEGER PRIMARY KEY AUTOINCREMENT, verb TEXT NOT NULL,
    pipeline TEXT NOT NULL, fingerprint BLOB NOT NULL, phase TEXT NOT NULL, status TEXT NOT NULL,
    exit_code INTEGER, summary TEXT, started_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL,
    finished_ms INTEGER)
    """,
    """
    CREATE TABLE snapshots (number INTEGER PRIMARY KEY AUTOINCREMENT, run INTEGER NOT NULL,
    created_ms INTEGER NOT NULL, digest BLOB NOT NULL, state TEXT NOT NULL)
    """,
]
