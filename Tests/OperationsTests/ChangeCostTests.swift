import Foundation
import Operations
import Segments
import Testing

/// A change costs what it changed, and nothing is paid twice.
@Suite struct ChangeCostTests {
    static let document = TestDocument(title: "Handbook", seed: 9, sections: 6)

    let corpus: TestCorpus
    let chunkCount: Int

    init() throws {
        self.corpus = try TestCorpus()
        try self.corpus.fill(10)
        try self.corpus.write("handbook.md", Self.document)
        let summary = try self.corpus.run()
        self.chunkCount = summary.chunks
        #expect(summary.chunks == 10 * 3 + 6)
    }

    private func expectFreshDigest(_ summary: RunSummary) throws {
        #expect(summary.digest == (try self.corpus.freshSnapshot()).digest)
    }

    @Test func editEmbedsTheChangedChunkOnly() throws {
        var edited = Self.document
        edited.sections[2] = TestDocument.paragraph(seed: 1_234)
        try self.corpus.write("handbook.md", edited)
        let summary = try self.corpus.run(.sync)
        #expect(summary.outcome == .published)
        #expect(summary.changed == 1)
        #expect(summary.extracted == 1)
        #expect(summary.chunksEmbedded == 1)
        #expect(summary.segmentsWritten == 1)
        #expect(summary.chunks == self.chunkCount)
        try self.expectFreshDigest(summary)
    }

    @Test func addedSectionIsTheOnlyOneEmbedded() throws {
        var edited = Self.document
        edited.sections.append(TestDocument.paragraph(seed: 4_321))
        try self.corpus.write("handbook.md", edited)
        let summary = try self.corpus.run(.sync)
        #expect(summary.chunksEmbedded == 1)
        #expect(summary.chunks == self.chunkCount + 1)
        try self.expectFreshDigest(summary)
    }

    @Test func removedLastSectionEmbedsNothing() throws {
        var edited = Self.document
        edited.sections.removeLast()
        try self.corpus.write("handbook.md", edited)
        let summary = try self.corpus.run(.sync)
        #expect(summary.chunksEmbedded == 0)
        #expect(summary.chunks == self.chunkCount - 1)
        try self.expectFreshDigest(summary)
    }

    @Test func touchReadsTheDocumentAndEmbedsNothing() throws {
        try self.corpus.touch("handbook.md", seconds: 1_000_000)
        let summary = try self.corpus.run(.sync)
        #expect(summary.outcome == .unchanged)
        #expect(summary.unchanged == 11)
        #expect(summary.extracted == 0)
        #expect(summary.chunksEmbedded == 0)
        let again = try self.corpus.run(.sync)
        #expect(again.bytesRead == 0)
        #expect(again.outcome == .unchanged)
    }

    @Test func rewrittenEqualBytesChangeNothing() throws {
        try self.corpus.write("handbook.md", Self.document)
        let summary = try self.corpus.run(.sync)
        #expect(summary.outcome == .unchanged)
        #expect(summary.chunksEmbedded == 0)
    }

    @Test func deletionEmbedsNothingAndIsNoLongerFound() throws {
        #expect(try self.corpus.search("Handbook").hits.first?.uri == "docs/handbook.md")
        try self.corpus.delete("handbook.md")
        let summary = try self.corpus.run(.sync)
        #expect(summary.removed == 1)
        #expect(summary.chunksEmbedded == 0)
        #expect(summary.accounts.listed == 10)
        let hits = try self.corpus.search("Handbook").hits
        #expect(!hits.contains { $0.uri == "docs/handbook.md" })
        let error = #expect(throws: OperationError.self) {
            try self.corpus.state(of: "handbook.md")
        }
        #expect(error?.status == .noSuchState)
        try self.expectFreshDigest(summary)
    }

    @Test func manyDeletionsAtOnceAreTakenUpWhereTheSourceAllowsThem() throws {
        self.corpus.pipeline.sourceKeys = ["max_delete_count: 10"]
        for name in try FileManager.default.contentsOfDirectory(atPath: self.corpus.path(""))
        where name != "handbook.md" {
            try self.corpus.delete(name)
        }
        let summary = try self.corpus.run(.sync)
        #expect(summary.removed == 10)
        #expect(summary.accounts.listed == 1)
        try self.expectFreshDigest(summary)
    }

    @Test func renameWithinAShardEmbedsNothing() throws {
        var pipeline = TestPipeline()
        pipeline.shards = 1
        let corpus = try TestCorpus(pipeline)
        try corpus.fill(4)
        try corpus.write("handbook.md", Self.document)
        try corpus.run()
        try corpus.rename("handbook.md", to: "manual.md")
        let summary = try corpus.run(.sync)
        #expect(summary.added == 1)
        #expect(summary.removed == 1)
        #expect(summary.chunksEmbedded == 0)
        #expect(summary.digest == (try corpus.freshSnapshot()).digest)
    }

    @Test func onlyShardsWithAChangeAreWritten() throws {
        let before = try self.corpus.snapshot()
        var edited = Self.document
        edited.sections[0] = TestDocument.paragraph(seed: 99)
        try self.corpus.write("handbook.md", edited)
        try self.corpus.run(.sync)
        let after = try self.corpus.snapshot()
        let names = Set(before.indexes[0].segments.map(\.name))
        #expect(after.indexes[0].segments.count { !names.contains($0.name) } == 1)
    }
}

/// A document whose update fails keeps its old version in the index.
@Suite struct StaleDocumentTests {
    @Test func failedUpdateKeepsTheOldVersionServedUntilTheDocumentIsGoodAgain() throws {
        let corpus = try TestCorpus()
        try corpus.fill(4)
        let good = TestDocument(title: "Ledger", seed: 60)
        try corpus.write("ledger.txt", good)
        let first = try corpus.run()
        let probe = good.sections[1]

        try corpus.write("ledger.txt", [0, 1, 2, 3, 0, 255, 254, 0, 7])
        let failed = try corpus.run(.sync)
        #expect(failed.status == .documentsFailed)
        #expect(failed.accounts.failed == 0)
        #expect(failed.accounts.indexed == 5)
        #expect(failed.accounts.stale == 1)
        #expect(failed.failures == ["corrupt": 1])
        #expect(failed.digest == first.digest)
        #expect(try corpus.search(probe).hits.first?.uri == "docs/ledger.txt")
        let report = try status(workspace: corpus.workspace)
        #expect(report.accounts.stale == 1)
        #expect(report.deadLetters.map(\.code) == ["corrupt"])

        try corpus.write("ledger.txt", good)
        let recovered = try corpus.run(.sync)
        #expect(recovered.status == .clean)
        #expect(recovered.accounts.stale == 0)
        #expect(recovered.digest == first.digest)
        #expect(recovered.chunksEmbedded == 0)
        #expect(try status(workspace: corpus.workspace).deadLetters.isEmpty)
    }

    @Test func goodNewVersionReplacesTheStaleOne() throws {
        let corpus = try TestCorpus()
        try corpus.write("ledger.txt", TestDocument(seed: 61))
        try corpus.run()
        try corpus.write("ledger.txt", [])
        #expect(try corpus.run(.sync).accounts.stale == 1)
        try corpus.write("ledger.txt", TestDocument(seed: 62))
        let summary = try corpus.run(.sync)
        #expect(summary.status == .clean)
        #expect(summary.accounts.indexed == 1)
        #expect(summary.digest == (try corpus.freshSnapshot()).digest)
    }

    @Test func documentThatWasNeverGoodIsNotStale() throws {
        let corpus = try TestCorpus()
        try corpus.fill(2)
        try corpus.write("empty.md", [])
        let summary = try corpus.run()
        #expect(summary.accounts.failed == 1)
        #expect(summary.accounts.stale == 0)
        #expect(try corpus.state(of: "empty.md") == "failed")
        try corpus.delete("empty.md")
        let after = try corpus.run(.sync)
        #expect(after.status == .clean)
        #expect(after.accounts.listed == 2)
    }
}
