import GRDB
import Hashing
import Records
import Testing

@testable import Manifests

/// Documents move from some manifests into others with all that is known of them.
@Suite struct TakeDocumentsTests {
    let folder: TemporaryFolder
    let items = (0..<40).map { item("\($0)") }

    init() throws { self.folder = try TemporaryFolder() }

    private func path(_ name: String, _ shard: Int) -> String { self.folder("\(name)-\(shard)") }

    /// Manifests of two shards with rows in every table.
    private func makeSources() throws {
        let unused = sha256("a text that no chunk has any more")
        for shard in 0..<2 {
            let manifest = try ShardManifest(path: self.path("old", shard), mode: .create)
            let own = self.items.filter { $0.id.shard(of: 2) == shard }
            try manifest.commit(
                own.map { success($0, text: "Text of \($0.uri)", signature: signature($0.uri)) },
                run: 1,
                at: 1
            )
            try manifest.commit([failure(own[0]), exclusion(own[1])], run: 1, at: 2)
            try manifest.commit([.removed(own[2].id)], run: 1, at: 2)
            try manifest.setHeld([own[3].id], run: 1)
            try manifest.setResolutions([
                Resolution(id: own[4].id, canonical: own[5].id, similarity: 0.9)
            ])
            // Of another number in each shard.
            if shard == 1 { _ = try manifest.modelNumber(for: "other", dimensions: 3) }
            let model = try manifest.modelNumber(for: "model", dimensions: 1)
            let cheap = try manifest.modelNumber(for: "cheap", dimensions: 2)
            try manifest.storeMaterialised(
                chunkSets: own.dropFirst(5).map { item in
                    ChunkSet(
                        document: item.id,
                        stage: "chunk",
                        fingerprint: sha256("chunker"),
                        chunks: [chunk(0, "one of \(item.uri)"), chunk(1, "the same everywhere")]
                    )
                },
                vectors: [
                    VectorSet(
                        model: model,
                        dimensions: 1,
                        hashes: own.dropFirst(5).map { sha256("one of \($0.uri)") }
                            + [sha256("the same everywhere"), unused],
                        components: (0..<own.count - 3).map(Float.init)
                    ),
                    VectorSet(
                        model: cheap,
                        dimensions: 2,
                        hashes: own.dropFirst(6).map { sha256("one of \($0.uri)") } + [unused],
                        components: []
                    ),
                ]
            )
        }
    }

    @discardableResult
    private func spread(over count: Int) throws -> [ShardManifest] {
        try (0..<count).map { shard in
            let manifest = try ShardManifest(path: self.path("new", shard), mode: .create)
            for source in 0..<2 {
                let path = self.path("old", source)
                try manifest.takeDocuments(of: path, shard: shard, shardCount: count)
                if source % count == shard { try manifest.takeUnusedVectors(of: path) }
            }
            return manifest
        }
    }

    private func open(_ name: String, _ count: Int) throws -> [ShardManifest] {
        try (0..<count).map { try ShardManifest(path: self.path(name, $0), mode: .readWrite) }
    }

    private func exported(_ manifests: [ShardManifest]) throws -> [DocumentID: ExportedDocument] {
        var documents: [DocumentID: ExportedDocument] = [:]
        for manifest in manifests {
            for (id, document) in try manifest.exportedDocuments(after: nil, limit: 1_000) {
                documents[id] = document
            }
        }
        return documents
    }

    private func rows(_ table: String, _ manifest: ShardManifest) throws -> Int {
        try manifest.file.read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? 0
        }
    }

    @Test(arguments: [1, 2, 3, 7]) func everythingThatIsKnownGoesAlong(count: Int) throws {
        try self.makeSources()
        let before = try self.exported(self.open("old", 2))
        let manifests = try self.spread(over: count)
        #expect(try self.exported(manifests) == before)
        #expect(before.count == 38)
        for (shard, manifest) in manifests.enumerated() {
            let ids = try manifest.listing().map(\.id)
            #expect(ids.allSatisfy { $0.shard(of: count) == shard })
            // Every document is to be indexed, and what was deleted and not yet resolved stays on that list.
            #expect(try manifest.unindexed() == ids)
        }
        #expect(before.values.contains { $0.vectors.contains { $0.components.isEmpty } })
        let old = try self.open("old", 2)
        for table in MovedTables.byNumber + MovedTables.byID + ["documents"] {
            let wanted = try old.reduce(0) { try $0 + self.rows(table, $1) }
            #expect(try manifests.reduce(0) { try $0 + self.rows(table, $1) } == wanted, "\(table)")
        }
    }

    @Test func vectorsThatNoChunkHasAreNotPaidTwice() throws {
        try self.makeSources()
        let hash = sha256("a text that no chunk has any more")
        let manifests = try self.spread(over: 3)
        let found = try manifests.filter { manifest in
            guard let model = try manifest.knownModelNumber(for: "model") else { return false }
            return try manifest.vectors(model: model, hashes: [hash])[hash] != nil
        }
        #expect(!found.isEmpty)
        let known = try manifests.filter { manifest in
            guard let model = try manifest.knownModelNumber(for: "cheap") else { return false }
            var target: [Float] = [0, 0]
            return try manifest.fillVectors(
                model: model,
                hashes: [hash],
                dimensions: 2,
                into: &target
            ) == VectorGaps(unknown: [], unkept: [0])
        }
        #expect(!known.isEmpty)
    }

    @Test func numbersAreNotUsedTwice() throws {
        try self.makeSources()
        let manifest = try #require(try self.spread(over: 1).first)
        let new = item("new")
        try manifest.commit([success(new)], run: 2, at: 3)
        let numbers = try manifest.file.read {
            try Int64.fetchAll($0, sql: "SELECT number FROM documents ORDER BY number")
        }
        #expect(numbers.count == 39)
        #expect(Set(numbers).count == 39)
    }

    /// A table that is added later has to be thought of.
    @Test func everyTableIsMovedOrLeftOnPurpose() throws {
        let manifest = try ShardManifest(path: self.folder("any"), mode: .create)
        let tables = try manifest.file.read {
            try String.fetchAll($0, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        let known = MovedTables.byNumber + MovedTables.byID + MovedTables.others + MovedTables.left
        #expect(Set(tables) == Set(known))
        #expect(known.count == Set(known).count)
    }
}
