import Foundation
import GRDB
import Hashing
import Records
import Storage
import Testing

@testable import Manifests

@Suite struct OpeningTests {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        self.folder = try TemporaryFolder()
        self.path = self.folder("manifest.sqlite")
    }

    private func code(_ mode: OpenMode = .readWrite) -> ManifestError.Code? {
        do {
            _ = try ShardManifest(path: self.path, mode: mode)
            return nil
        } catch {
            return (error as? ManifestError)?.code
        }
    }

    private func sql(_ statements: String...) throws {
        let queue = try DatabaseQueue(path: self.path)
        try queue.writeWithoutTransaction { database in
            for statement in statements { try database.execute(sql: statement) }
        }
        try queue.close()
    }

    @Test func missingFileIsMadeOnRequestOnly() throws {
        #expect(self.code(.readOnly) == .notFound)
        #expect(self.code(.readWrite) == .notFound)
        #expect(!fileExists(self.path))
        #expect(self.code(.create) == nil)
        #expect(self.code(.create) == nil)
        #expect(self.code(.readOnly) == nil)
    }

    /// A power cut may bring the journal of the first transaction back.
    @Test func fileWhoseFirstWriterWasStoppedIsMadeByTheNextWriterAlone() throws {
        _ = try ShardManifest(path: self.path, mode: .create)
        try self.sql("PRAGMA journal_mode = DELETE")
        #expect(self.code(.readOnly) == nil)
        try replaceFile(self.path + "-journal", with: [UInt8](repeating: 0, count: 512))
        #expect(self.code(.readOnly) == .notFound)
        #expect(self.code(.create) == nil)
        #expect(self.code(.readOnly) == nil)
    }

    /// A file that lost its log is given one, and is then another file.
    @Test func fileWithoutALogIsGivenOne() throws {
        _ = try ShardManifest(path: self.path, mode: .create)
        #expect(try !ShardManifest(path: self.path, mode: .create).hasChanged)
        try self.sql("PRAGMA journal_mode = DELETE")
        #expect(try ShardManifest(path: self.path, mode: .create).hasChanged)
        #expect(try !ShardManifest(path: self.path, mode: .create).hasChanged)
    }

    @Test func newerFileIsRefusedUntouchedAndSaysBothVersions() throws {
        _ = try ShardManifest(path: self.path, mode: .create)
        let newer = Schema.shard.version + 1
        try self.sql("PRAGMA user_version = \(newer)", "PRAGMA wal_checkpoint(TRUNCATE)")
        let before = try readFile(self.path, maximumBytes: 1 << 20)
        for mode in [OpenMode.readOnly, .readWrite, .create] {
            let error = #expect(throws: ManifestError.self) {
                try ShardManifest(path: self.path, mode: mode)
            }
            #expect(error?.code == .tooNew)
            #expect(error?.message.contains("version \(newer)") == true)
            #expect(error?.message.contains("up to \(newer - 1)") == true)
        }
        #expect(try readFile(self.path, maximumBytes: 1 << 20) == before)
    }

    @Test(arguments: [OpenMode.readOnly, .readWrite, .create])
    func fileOfAnotherKindIsRefused(mode: OpenMode) throws {
        try replaceFile(self.path, with: Array(repeating: UInt8(ascii: "x"), count: 5_000))
        #expect(self.code(mode) == .corrupt)
        try removeFile(self.path)
        _ = try Catalog(path: self.path, mode: .create)
        #expect(self.code(mode) == .corrupt)
        try removeFile(self.path)
        try self.sql("CREATE TABLE theirs (a)")
        #expect(self.code(mode) == .corrupt)
    }

    @Test func damagedPageIsCorruptNotACrash() throws {
        do {
            let manifest = try ShardManifest(path: self.path, mode: .create)
            let records = (0..<200).map { success(item("\($0)")) }
            try manifest.commit(records, run: 1, at: 1)
            try manifest.checkpoint()
        }
        var bytes = try readFile(self.path, maximumBytes: 1 << 24)
        for index in 8_192..<bytes.count { bytes[index] = UInt8(truncatingIfNeeded: index &* 31) }
        try replaceFile(self.path, with: bytes)
        let error = #expect(throws: ManifestError.self) {
            let manifest = try ShardManifest(path: self.path, mode: .readOnly)
            _ = try manifest.listing()
        }
        #expect(error?.code == .corrupt)
    }

    @Test func damagedColumnIsCorrupt() throws {
        do {
            let manifest = try ShardManifest(path: self.path, mode: .create)
            try manifest.commit([success(item("a"), signature: signature("s"))], run: 1, at: 1)
        }
        try self.sql(
            "UPDATE signatures SET exact = x'FFFFFFFF', minimums = x'00'",
            "UPDATE versions SET blocks = x'09'"
        )
        let manifest = try ShardManifest(path: self.path, mode: .readOnly)
        for read in [
            {
                _ = try manifest.comparedText(
                    of: item("a").id,
                    where: { exact, _, _ in exact == sha256("s") }
                )
            },
            { _ = try manifest.signatures(after: nil, limit: 1) },
            { _ = try manifest.canonicalDocuments(after: nil) },
            { _ = try manifest.document(item("a").id) },
        ] {
            let error = #expect(throws: ManifestError.self) { try read() }
            #expect(error?.code == .corrupt)
        }
    }

    @Test func readerSeesCommitsOfALiveWriter() throws {
        let writer = try ShardManifest(path: self.path, mode: .create)
        let reader = try ShardManifest(path: self.path, mode: .readOnly)
        #expect(try reader.documentCount() == 0)
        try writer.commit([success(item("a"))], run: 1, at: 1)
        #expect(try reader.documentCount() == 1)
        let error = #expect(throws: ManifestError.self) {
            try reader.commit([success(item("b"))], run: 1, at: 1)
        }
        #expect(error?.code == .permission)
    }

    @Test func killedWriterLeavesWholeBatchesOnly() async throws {
        // The child commits one batch, and is killed in the middle of the second.
        let result = await #expect(
            processExitsWith: .signal(SIGKILL),
            observing: [\.standardOutputContent]
        ) {
            let folder = try TemporaryFolder()
            print("folder=\(folder.path)=")
            fflush(nil)
            let manifest = try ShardManifest(path: folder("manifest.sqlite"), mode: .create)
            try manifest.commit((0..<50).map { success(item("\($0)")) }, run: 1, at: 1)
            try manifest.file.write { database in
                try database.execute(sql: "DELETE FROM documents")
                try database.execute(sql: "PRAGMA cache_spill = 1")
                kill(getpid(), SIGKILL)
            }
        }
        let output = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
        let parts = output.components(separatedBy: "=")
        let path = try #require(parts.indices.contains(1) ? parts[1] : nil)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let manifest = try ShardManifest(path: path + "/manifest.sqlite", mode: .readWrite)
        #expect(try manifest.documentCount() == 50)
    }

    @Test func failedBatchLeavesNothing() throws {
        let manifest = try ShardManifest(path: self.path, mode: .create)
        try manifest.commit([success(item("a"))], run: 1, at: 1)
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            try manifest.file.write { database in
                try database.execute(sql: "DELETE FROM documents")
                throw Stop()
            }
        }
        #expect(try manifest.documentCount() == 1)
    }

    @Test func fullDiskIsNoSpaceAndTheManifestLives() throws {
        let manifest = try ShardManifest(path: self.path, mode: .create)
        try manifest.commit([success(item("a"))], run: 1, at: 1)
        try manifest.file.write { database in
            let count = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            try database.execute(sql: "PRAGMA max_page_count = \(count + 1)")
        }
        let large = (0..<100).map { success(item("\($0)")) }
        let error = #expect(throws: ManifestError.self) {
            try manifest.commit(large, run: 2, at: 2)
        }
        #expect(error?.code == .noSpace)
        #expect(try manifest.documentCount() == 1)
    }

    @Test func filesAreSyncedAsTheirSchemaSays() throws {
        let shard = try ManifestFile(path: self.path, schema: .shard, mode: .create)
        let catalog = try ManifestFile(
            path: self.folder("catalog.sqlite"),
            schema: .catalog,
            mode: .create
        )
        func pragma(_ file: ManifestFile, _ name: String) throws -> String {
            try file.read { try String.fetchOne($0, sql: "PRAGMA \(name)") ?? "" }
        }
        #expect(try pragma(shard, "synchronous") == "1")
        #expect(try pragma(catalog, "synchronous") == "2")
        #expect(try pragma(shard, "journal_mode") == "wal")
        #expect(try pragma(shard, "page_size") == "8192")
        #expect(try pragma(shard, "foreign_keys") == "0")
        #expect(try pragma(shard, "cache_size") == "-2048")
    }

    @Test func migrationsRunInOrderOnceAndKeepTheRows() throws {
        func schema(_ count: Int) -> Schema {
            let steps = [
                "CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1);",
                "ALTER TABLE t ADD COLUMN b INTEGER; UPDATE t SET b = a + 1;",
                "INSERT INTO t SELECT b, a FROM t;",
            ]
            return Schema(
                name: "test",
                applicationID: 7,
                migrations: Array(steps.prefix(count)),
                pageByteCount: 4_096,
                cacheKibibytes: 64,
                syncsEveryCommit: false
            )
        }
        _ = try ManifestFile(path: self.path, schema: schema(1), mode: .create)
        let old = #expect(throws: ManifestError.self) {
            try ManifestFile(path: self.path, schema: schema(3), mode: .readOnly)
        }
        #expect(old?.code == .tooOld)
        for _ in 0..<2 {
            let file = try ManifestFile(path: self.path, schema: schema(3), mode: .readWrite)
            let rows = try file.read { try Row.fetchAll($0, sql: "SELECT a, b FROM t") }
            #expect(rows.map { [$0[0] as Int, $0[1] as Int] } == [[1, 2], [2, 1]])
        }
    }

    @Test func failedMigrationLeavesTheOldVersion() throws {
        func schema(_ migrations: [String]) -> Schema {
            Schema(
                name: "test",
                applicationID: 7,
                migrations: migrations,
                pageByteCount: 4_096,
                cacheKibibytes: 64,
                syncsEveryCommit: false
            )
        }
        let first = "CREATE TABLE t (a INTEGER)"
        _ = try ManifestFile(path: self.path, schema: schema([first]), mode: .create)
        #expect(throws: ManifestError.self) {
            try ManifestFile(
                path: self.path,
                schema: schema([first, "INSERT INTO t VALUES (1); NONSENSE"]),
                mode: .readWrite
            )
        }
        let file = try ManifestFile(path: self.path, schema: schema([first]), mode: .readWrite)
        #expect(try file.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM t") } == 0)
    }
}
