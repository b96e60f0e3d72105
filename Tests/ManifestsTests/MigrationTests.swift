import Foundation
import GRDB
import Hashing
import Records
import Storage
import Testing

@testable import Manifests

/// Files of every released version, made by the migrations up to it, are taken over with all they hold.
@Suite struct MigrationTests {
    let folder: TemporaryFolder

    init() throws { self.folder = try TemporaryFolder() }

    /// A file as the binary of `version` left it, after `statements`.
    private func file(_ schema: Schema, version: Int, _ statements: [String]) throws -> String {
        let path = self.folder("v\(version).sqlite")
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { database in
            database.add(function: ListingVersion.function)
            database.add(function: EmbeddedText.function)
            for migration in schema.migrations.prefix(version) {
                try database.execute(sql: migration)
            }
            try database.execute(sql: "PRAGMA application_id = \(schema.applicationID)")
            try database.execute(sql: "PRAGMA user_version = \(version)")
            for statement in statements { try database.execute(sql: statement) }
        }
        try queue.close()
        return path
    }

    private static let hash = String(repeating: "11", count: 32)
    private static let id = String(repeating: "22", count: 16)

    /// What a folder was compared by had columns of its own before version 10.
    private static func document(version: Int) -> String {
        let (columns, values) =
            switch version {
            case ..<6: ("inode", "9")
            case ..<10: ("inode, version_token", "9, -2")
            default: ("version", "x'\(hash)'")
            }
        return """
            INSERT INTO documents (id, number, uri, source, priority, size, mtime_ns, \(columns),
                state, listed_hash, attempt_fingerprint, media_type, language, text_bytes)
            VALUES (x'\(id)', 1, 'docs/a.md', 'docs', 0, 7, 8, \(values), 3, x'\(hash)',
                x'\(hash)', 'text/markdown', 'en', 4)
            """
    }

    private static let shardRows = [
        """
        INSERT INTO dead_letters (id, uri, source, stage, code, message, attempts, first_seen_ms,
            last_seen_ms, run)
        VALUES (x'\(id)', 'docs/a.md', 'docs', 'extract', 'corrupt', 'no end', 2, 1, 2, 3)
        """,
        "INSERT INTO meta (key, value) VALUES ('next_number', 2)",
        "INSERT INTO meta (key, value) VALUES ('revision', 5)",
    ]

    @Test(arguments: 1...Schema.shard.version)
    func shardManifestOfEveryVersionKeepsItsDocuments(version: Int) throws {
        let path = try self.file(
            .shard,
            version: version,
            [Self.document(version: version)] + Self.shardRows
        )
        if version < Schema.shard.version {
            let error = #expect(throws: ManifestError.self) {
                try ShardManifest(path: path, mode: .readOnly)
            }
            #expect(error?.code == .tooOld)
        }
        let manifest = try ShardManifest(path: path, mode: .readWrite)
        let row = try #require(try manifest.listing(includingURIs: true).first)
        #expect(row.uri == "docs/a.md")
        #expect(row.state == .stale)
        #expect(row.modificationNanoseconds == 8)
        // Before version 6 there was no token: looked at once more, since no time of a change is 0.
        switch version {
        case ..<6: #expect(row.version == ItemVersion(Digest(7, 8, 9, 0)))
        case ..<10: #expect(row.version == ItemVersion(Digest(7, 8, 9, .max - 1)))
        default: #expect(row.version.digest.hex == Self.hash)
        }
        #expect(row.labels.isEmpty)
        #expect(row.listedHash?.hex == Self.hash)
        let letter = try #require(try manifest.deadLetters().first)
        #expect(letter.attempts == 2)
        #expect(letter.disposition == .open)
        #expect(try manifest.indexes().isEmpty)
        #expect(try manifest.heldDeletions().isEmpty)
        #expect(try manifest.totals().documents.stale == 1)
        _ = try ShardManifest(path: path, mode: .readOnly)
    }

    /// Before version 15 a row without bytes said that a text was embedded.
    @Test func textsWhoseVectorsAreNotKeptStayKnown() throws {
        let texts = (0..<3).map { sha256("text \($0)") }
        let rows = [
            (1, texts[0], "zeroblob(0)"), (1, texts[1], "x'0000803F'"), (2, texts[2], "x''"),
        ]
        let path = try self.file(
            .shard,
            version: 14,
            [Self.document(version: 14), "INSERT INTO models VALUES (1, 'one', 1), (2, 'two', 1)"]
                + rows.map { model, hash, components in
                    """
                    INSERT INTO vectors (model, text_hash, components)
                    VALUES (\(model), x'\(hash.hex)', \(components))
                    """
                }
        )
        let manifest = try ShardManifest(path: path, mode: .readWrite)
        var target = [Float](repeating: 0, count: 3)
        for (model, gaps) in [
            (1 as Int64, VectorGaps(unknown: [2], unkept: [0])),
            (2, VectorGaps(unknown: [0, 1], unkept: [2])),
        ] {
            let found = try manifest.fillVectors(
                model: model,
                hashes: texts,
                dimensions: 1,
                into: &target
            )
            #expect(found == gaps)
        }
        #expect(target == [0, 1, 0])
        #expect(try manifest.totals().vectorCount == 3)
        let kept = try manifest.file.read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM vectors") ?? 0
        }
        #expect(kept == 1)
    }

    @Test(arguments: 1...Schema.catalog.version)
    func catalogOfEveryVersionKeepsItsRuns(version: Int) throws {
        let path = try self.file(
            .catalog,
            version: version,
            [
                "INSERT INTO settings (key, value) VALUES ('shard_count', '4')",
                """
                INSERT INTO runs (verb, pipeline, fingerprint, phase, status, started_ms, updated_ms)
                VALUES ('sync', 'p', x'\(Self.hash)', 'prepare', 'running', 1, 2)
                """,
            ]
        )
        let catalog = try Catalog(path: path, mode: .readWrite)
        #expect(try catalog.setting(SettingKey.shardCount) == "4")
        let run = try #require(try catalog.lastUnfinishedRun())
        #expect(run.verb == "sync")
        #expect(run.pipelinePath == nil)
        #expect(try catalog.accounts(run: run.id).isEmpty)
    }
}
