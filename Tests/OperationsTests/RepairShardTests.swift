import Foundation
import Operations
import Segments
import Storage
import Testing

/// A shard whose manifest is damaged or gone is prepared again; the others are left alone.
@Suite struct RepairShardTests {
    let corpus: TestCorpus
    let digest: String?
    private let layout: WorkspaceLayout

    /// Twelve documents, and four that repeat each other, so that shards depend on one another.
    init() throws {
        self.corpus = try TestCorpus()
        try self.corpus.fill(12, sections: 2)
        for name in ["k.md", "m.html", "p.md", "q.txt"] {
            try self.corpus.write(name, DuplicateTests.twins)
        }
        self.digest = try self.corpus.run().digest
        self.layout = WorkspaceLayout(root: self.corpus.workspace)
    }

    private func documentCount(ofShard shard: Int) throws -> Int {
        let live = try self.corpus.snapshot()
        return live.indexes[0].segments.filter { $0.shard == shard }
            .reduce(0) { $0 + $1.documentCount }
    }

    @Test(arguments: 0..<4) func rebuiltShardGivesTheSameSnapshotAndSparesTheOthers(
        shard: Int
    ) throws {
        let manifest = self.layout.manifest(shard: shard)
        var bytes = try readFile(manifest, maximumBytes: 1 << 26)
        for place in 0..<100 { bytes[place] = 0xA5 }
        try Data(bytes).write(to: URL(filePath: manifest))
        let error = #expect(throws: OperationError.self) { try self.corpus.run(.sync) }
        #expect(error?.status == .fatal)
        #expect(error?.message.contains(manifest) == true)
        #expect(error?.message.contains("--rebuild-shard 000\(shard)") == true)

        let aside = try setShardsAside([shard], workspace: self.corpus.workspace)
        #expect(aside.map(\.path) == [manifest + ".damaged-1"])
        #expect(try readFile(manifest + ".damaged-1", maximumBytes: 1 << 26) == bytes)
        let summary = try self.corpus.run(.sync)
        #expect(summary.digest == self.digest)
        #expect(summary.added + summary.unchanged == 16)
        // The copies of a document elsewhere need no extraction at all.
        #expect(summary.extracted <= summary.added)
        #expect(try verify(workspace: self.corpus.workspace).problems.isEmpty)
        #expect(try audit(workspace: self.corpus.workspace).problems.isEmpty)
        let again = try self.corpus.run(.sync)
        #expect(again.outcome == .unchanged)
        #expect(again.read == 0)
    }

    /// What is served elsewhere may have been decided by a document that only the lost shard knew.
    @Test func documentThatVanishedMeanwhileIsNoLongerRepeated() throws {
        #expect(try self.corpus.state(of: "k.md") == "indexed")
        let shard = try explain(workspace: self.corpus.workspace, uri: "docs/k.md").shard
        try self.corpus.delete("k.md")
        _ = try setShardsAside([shard], workspace: self.corpus.workspace)
        let summary = try self.corpus.run(.sync)
        // Of equal documents the one with the shorter path.
        #expect(try self.corpus.state(of: "p.md") == "indexed")
        #expect(summary.accounts.listed == 15)
        #expect(summary.digest == (try self.corpus.freshSnapshot()).digest)
    }

    @Test func runThatFindsAManifestMissingRebuildsIt() throws {
        try self.corpus.delete("k.md")
        for shard in 0..<4 { try removeFile(self.layout.manifest(shard: shard)) }
        let summary = try self.corpus.run(.sync)
        #expect(summary.added == 15)
        #expect(summary.digest == (try self.corpus.freshSnapshot()).digest)
    }

    @Test func severalShardsAreSetAsideUnderNamesThatAreFree() throws {
        let workspace = self.corpus.workspace
        _ = try setShardsAside([1, 2, 1], workspace: workspace)
        #expect(try setShardsAside([1], workspace: workspace).isEmpty)
        #expect(try self.corpus.run(.sync).digest == self.digest)
        let aside = try setShardsAside([1], workspace: workspace)
        #expect(aside.map(\.path) == [self.layout.manifest(shard: 1) + ".damaged-2"])
        #expect(try self.corpus.run(.sync).digest == self.digest)
        #expect(try status(workspace: workspace).footprint.damagedBytes > 0)
    }

    @Test(arguments: [-1, 4, 9_999]) func shardThatIsNotThereIsRefused(shard: Int) throws {
        let error = #expect(throws: OperationError.self) {
            try setShardsAside([0, shard], workspace: self.corpus.workspace)
        }
        #expect(error?.status == .configuration)
        #expect(fileExists(self.layout.manifest(shard: 0)))
    }
}
