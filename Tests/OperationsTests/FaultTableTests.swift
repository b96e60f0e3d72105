import Foundation
import Operations
import Segments
import Testing

/// The faults of an ordinary month of nightly runs, each of which loses documents, keeps stale ones or
/// pays twice in tools that glue scripts together.
@Suite struct FaultTableTests {
    let corpus: TestCorpus

    init() throws {
        self.corpus = try TestCorpus()
        try self.corpus.fill(8, sections: 1)
    }

    @Test func oneBadDocumentCostsItselfOnlyAndTheExitCodeSaysSo() throws {
        try self.corpus.write("bad.pdf", Array("%PDF-1.7\nbroken".utf8))
        let summary = try self.corpus.run()
        #expect(summary.status == .documentsFailed)
        #expect(summary.accounts.indexed == 8)
        #expect(summary.accounts.failed == 1)
        #expect(summary.deadLetters.map(\.uri) == ["docs/bad.pdf"])
    }

    @Test func failedUpdateKeepsTheOldVersionServedAndSaysItIsStale() throws {
        try self.corpus.write("page.md", TestDocument(title: "Zymurgy", seed: 5, sections: 1))
        try self.corpus.run()
        try self.corpus.write("page.md", [])
        let failed = try self.corpus.run(.sync)
        #expect(failed.status == .documentsFailed)
        #expect(failed.accounts.stale == 1)
        #expect(try self.corpus.search("Zymurgy").hits.first?.uri == "docs/page.md")
        try self.corpus.write("page.md", TestDocument(title: "Zymurgy", seed: 5, sections: 1))
        let mended = try self.corpus.run(.sync)
        #expect(mended.status == .clean)
        #expect(mended.accounts.stale == 0)
        #expect(mended.chunksEmbedded == 0)
    }

    @Test func changedDocumentIsFoundByItsNewTextOnly() throws {
        try self.corpus.write("page.md", TestDocument(title: "Zymurgy", seed: 5, sections: 1))
        try self.corpus.run()
        try self.corpus.write("page.md", TestDocument(title: "Quixotry", seed: 6, sections: 1))
        try self.corpus.run(.sync)
        let old = try self.corpus.search("Zymurgy", mode: .bm25).hits
        #expect(old.isEmpty)
        let new = try self.corpus.search("Quixotry", mode: .bm25).hits
        #expect(new.map(\.uri) == ["docs/page.md"])
    }

    @Test func renamesAreTakenOverWhateverTheirShard() throws {
        try self.corpus.run()
        let names = try FileManager.default.contentsOfDirectory(atPath: self.corpus.path(""))
        for name in names { try self.corpus.rename(name, to: "moved-\(name)") }
        let summary = try self.corpus.run(.sync)
        #expect(summary.renamed == 8)
        #expect(summary.removed == 8)
        #expect(summary.extracted == 0)
        #expect(summary.chunksEmbedded == 0)
        #expect(summary.digest == (try self.corpus.freshSnapshot()).digest)
    }

    @Test func copyIsNotExtractedAndBecomesADuplicate() throws {
        try self.corpus.run()
        let bytes = try Data(contentsOf: URL(filePath: self.corpus.path("a000.md")))
        try self.corpus.write("z-copy.md", Array(bytes))
        let summary = try self.corpus.run(.sync)
        #expect(summary.copied == 1)
        #expect(summary.renamed == 0)
        #expect(summary.extracted == 0)
        #expect(summary.accounts.duplicates == 1)
        #expect(summary.digest == (try self.corpus.freshSnapshot()).digest)
    }

    @Test func droppedAndRestoredDedupeStageExtractsNothing() throws {
        let bytes = try Data(contentsOf: URL(filePath: self.corpus.path("a000.md")))
        try self.corpus.write("z-copy.md", Array(bytes))
        let first = try self.corpus.run()
        self.corpus.pipeline.threshold = nil
        try self.corpus.write("late.md", TestDocument(seed: 99, sections: 1))
        let without = try self.corpus.run(.sync)
        #expect(without.extracted == 1)
        #expect(without.accounts.duplicates == 0)
        self.corpus.pipeline.threshold = 0.8
        let again = try self.corpus.run(.sync)
        #expect(again.extracted == 0)
        #expect(again.accounts.duplicates == first.accounts.duplicates)
        #expect(again.digest == (try self.corpus.freshSnapshot()).digest)
    }

    @Test func repeatedTextHasTheRightOffsetsEachTime() throws {
        let paragraph = TestDocument.paragraph(seed: 3)
        let document = TestDocument(title: "Echo", sections: [paragraph, paragraph, paragraph])
        try self.corpus.write("echo.md", document)
        try self.corpus.run()
        let chunks = try explain(workspace: self.corpus.workspace, uri: "docs/echo.md").chunks
        #expect(chunks.count == 3)
        #expect(zip(chunks, chunks.dropFirst()).allSatisfy { $0.end <= $1.start })
        #expect(Set(chunks.map { $0.end - $0.start }).count <= 2)
    }

    @Test func budgetOfDocumentsStopsAtACheckpointAndTheNextRunGoesOn() throws {
        try self.corpus.fill(200, sections: 1)
        let stopped = try self.corpus.run { $0.maximumDocuments = 50 }
        #expect(stopped.status == .budgetReached)
        #expect(stopped.outcome == .stopped)
        #expect(stopped.extracted >= 50)
        #expect(stopped.extracted < 200)
        let done = try self.corpus.run(.sync)
        #expect(done.resumed?.run == stopped.run)
        #expect(done.resumed?.done == stopped.extracted)
        #expect(done.extracted == 200 - stopped.extracted)
        #expect(done.digest == (try self.corpus.freshSnapshot()).digest)
    }

    @Test func budgetOfNoTimeStopsAndPublishesNothing() throws {
        let stopped = try self.corpus.run { $0.maximumSeconds = 0 }
        #expect(stopped.status == .budgetReached)
        #expect(try liveSnapshot(workspace: self.corpus.workspace) == nil)
        #expect(try self.corpus.run(.sync).accounts.indexed == 8)
    }
}
