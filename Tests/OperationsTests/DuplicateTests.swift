import Operations
import Segments
import Testing

/// Which of several alike documents is served, and what happens when that one goes.
@Suite struct DuplicateTests {
    static let twins = TestDocument(title: "Twins", seed: 40, sections: 6)

    /// One word of about 270 differs: a near-duplicate.
    static var near: TestDocument {
        var document = Self.twins
        document.sections[5] += " Otherwise."
        return document
    }

    @Test func firstURIOfEqualDocumentsIsServed() throws {
        let corpus = try TestCorpus()
        try corpus.write("b.md", Self.twins)
        try corpus.write("c.html", Self.twins)
        try corpus.write("a.md", Self.near)
        let summary = try corpus.run()
        #expect(summary.accounts.indexed == 1)
        #expect(summary.accounts.duplicates == 2)
        #expect(try corpus.state(of: "a.md") == "indexed")
        #expect(try corpus.state(of: "b.md") == "duplicate")
        #expect(try corpus.state(of: "c.html") == "duplicate")
    }

    @Test func deletingTheServedDocumentPromotesItsFirstTwin() throws {
        let corpus = try TestCorpus()
        try corpus.fill(5)
        for name in ["k.md", "m.html", "p.md"] { try corpus.write(name, Self.twins) }
        #expect(try corpus.run().accounts.duplicates == 2)
        for (gone, next) in [("k.md", "m.html"), ("m.html", "p.md")] {
            try corpus.delete(gone)
            let summary = try corpus.run(.sync)
            #expect(summary.removed == 1)
            #expect(try corpus.state(of: next) == "indexed")
            #expect(summary.digest == (try corpus.freshSnapshot("without-\(gone)")).digest)
        }
        #expect(try status(workspace: corpus.workspace).accounts.duplicates == 0)
    }

    @Test func editThatEndsTheLikenessFreesTheDuplicate() throws {
        let corpus = try TestCorpus()
        try corpus.write("a.md", Self.twins)
        try corpus.write("b.md", Self.near)
        #expect(try corpus.run().accounts.duplicates == 1)
        try corpus.write("a.md", TestDocument(seed: 41, sections: 6))
        let summary = try corpus.run(.sync)
        #expect(summary.accounts.indexed == 2)
        #expect(summary.digest == (try corpus.freshSnapshot()).digest)
    }

    @Test func priorityOfTheSourceComesBeforeTheURI() throws {
        var pipeline = TestPipeline()
        pipeline.priorities = ["archive": 10, "docs": 0]
        let corpus = try TestCorpus(pipeline, sources: ["archive", "docs"])
        try corpus.write("a.md", Self.twins, in: "archive")
        try corpus.write("z.md", Self.twins, in: "docs")
        try corpus.run()
        #expect(try corpus.state(of: "z.md", in: "docs") == "indexed")
        #expect(try corpus.state(of: "a.md", in: "archive") == "duplicate")
        corpus.pipeline.priorities = ["archive": 0, "docs": 10]
        let summary = try corpus.run(.sync)
        #expect(summary.chunksEmbedded == 0 || summary.accounts.duplicates == 1)
        #expect(try corpus.state(of: "a.md", in: "archive") == "indexed")
        #expect(try corpus.state(of: "z.md", in: "docs") == "duplicate")
        #expect(summary.digest == (try corpus.freshSnapshot()).digest)
    }

    @Test func withoutADedupeStageNothingIsADuplicate() throws {
        var pipeline = TestPipeline()
        pipeline.threshold = nil
        let corpus = try TestCorpus(pipeline)
        try corpus.write("a.md", Self.twins)
        try corpus.write("b.md", Self.twins)
        let summary = try corpus.run()
        #expect(summary.accounts.indexed == 2)
        // Equal texts are embedded once where they are met together, and stored once a shard.
        #expect(summary.chunksEmbedded <= summary.chunks)
        corpus.pipeline.threshold = 0.8
        let deduped = try corpus.run(.sync)
        #expect(deduped.accounts.duplicates == 1)
        #expect(deduped.chunksEmbedded == 0)
        #expect(deduped.digest == (try corpus.freshSnapshot()).digest)
        corpus.pipeline.threshold = nil
        #expect(try corpus.run(.sync).digest == summary.digest)
    }
}
