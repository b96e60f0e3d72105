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
        for name in ["k.md", "m.html", "p.html"] { try corpus.write(name, Self.twins) }
        #expect(try corpus.run().accounts.duplicates == 2)
        for (gone, next) in [("k.md", "m.html"), ("m.html", "p.html")] {
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

    /// A text of which one number differs from the others.
    private static func invoice(_ number: Int) -> TestDocument {
        var document = Self.twins
        document.sections[5] += " It owes \(number) euros."
        return document
    }

    private func groups(_ corpus: TestCorpus, _ query: String) throws -> [String?] {
        var request = SearchRequest(workspace: corpus.workspace, text: query, count: 50)
        request.mode = .bm25
        request.expandsGroups = true
        return try search(request).hits.map(\.group)
    }

    @Test func documentsThatDifferInAFactAreAllIndexedInOneGroup() throws {
        let corpus = try TestCorpus()
        for number in 0..<6 { try corpus.write("i\(number).md", Self.invoice(100 + number)) }
        try corpus.write("copy.md", Self.invoice(103))
        let summary = try corpus.run()
        #expect(summary.accounts.indexed == 6)
        #expect(summary.accounts.duplicates == 1)
        #expect(try corpus.state(of: "copy.md") == "duplicate")
        #expect(summary.nearDuplicates?.groups == 1)
        #expect(summary.nearDuplicates?.documents == 6)
        #expect(try audit(workspace: corpus.workspace).nearDuplicates == summary.nearDuplicates)
        let found = try search(
            SearchRequest(workspace: corpus.workspace, text: "owes 104 euros", count: 50)
        ).hits
        #expect(Set(found.map(\.uri)).count == 1)
        #expect(Set(try self.groups(corpus, "euros")).count == 1)
        let explained = try explain(workspace: corpus.workspace, uri: "docs/i2.md").facts
        #expect(explained.filter { $0.name == "grouped" }.count == 5)

        // The leader goes: the others are a group of their own, as if it had never been.
        try corpus.delete("i0.md")
        let after = try corpus.run(.sync)
        #expect(after.nearDuplicates?.documents == 5)
        #expect(after.chunksEmbedded == 0)
        #expect(after.digest == (try corpus.freshSnapshot()).digest)
        for (seed, name) in ["i2.md", "i3.md", "i4.md", "i5.md", "copy.md"].enumerated() {
            try corpus.write(name, TestDocument(seed: UInt64(60 + seed), sections: 6))
        }
        let last = try corpus.run(.sync)
        #expect(last.nearDuplicates == nil)
        #expect(try self.groups(corpus, "euros").allSatisfy { $0 == nil })
    }

    /// A page's text lacks the heading that its title repeats; pages may differ in nothing else.
    @Test func aTitleIsPartOfWhatIsCompared() throws {
        let corpus = try TestCorpus()
        func form(_ year: Int) -> TestDocument {
            TestDocument(title: "Form \(year)", sections: Self.twins.sections)
        }
        try corpus.write("a.html", form(2023))
        try corpus.write("b.html", form(2024))
        try corpus.write("copy.md", form(2024))
        let summary = try corpus.run()
        #expect(summary.accounts.indexed == 2)
        #expect(summary.nearDuplicates?.documents == 2)
        #expect(try corpus.state(of: "copy.md") == "duplicate")
        // A change of the title alone is a change.
        try corpus.write("a.html", form(2024))
        let after = try corpus.run(.sync)
        #expect(after.accounts.duplicates == 2)
        #expect(after.nearDuplicates == nil)
        #expect(after.digest == (try corpus.freshSnapshot()).digest)
    }

    @Test func whatBecomesOfNearDuplicatesIsAKey() throws {
        let corpus = try TestCorpus()
        for number in 0..<3 { try corpus.write("i\(number).md", Self.invoice(100 + number)) }
        try corpus.write("near.md", Self.near)
        let expected = ["facts": (4, 4), "remove": (1, 0), "group": (4, 4), "off": (4, 0)]
        for near in ["facts", "remove", "group", "off", "facts"] {
            corpus.pipeline.dedupeKeys = ", near: \(near)"
            let summary = try corpus.run(.sync)
            #expect(summary.accounts.indexed == expected[near]?.0, "\(near)")
            #expect(summary.nearDuplicates?.documents ?? 0 == expected[near]?.1, "\(near)")
            #expect(summary.digest == (try corpus.freshSnapshot("fresh-\(near)")).digest)
        }
    }

    @Test func whichIsKeptIsAKeyAndFollowsThePath() throws {
        let corpus = try TestCorpus()
        try corpus.fill(8)
        try corpus.write("a/old/page.md", Self.twins)
        try corpus.write("b/page.md", Self.twins)
        try corpus.write("c.md", Self.near)
        #expect(try corpus.run().accounts.duplicates == 2)
        #expect(try corpus.state(of: "c.md") == "indexed")
        corpus.pipeline.dedupeKeys = ", prefer: [live_path, short_path, completeness]"
        try corpus.run(.sync)
        #expect(try corpus.state(of: "c.md") == "indexed")
        try corpus.delete("c.md")
        let summary = try corpus.run(.sync)
        #expect(try corpus.state(of: "b/page.md") == "indexed")
        #expect(summary.digest == (try corpus.freshSnapshot()).digest)
        corpus.pipeline.dedupeKeys = ", prefer: [uri]"
        try corpus.run(.sync)
        #expect(try corpus.state(of: "a/old/page.md") == "indexed")
    }

    @Test func aHeldDocumentHidesNoLivingOne() throws {
        let corpus = try TestCorpus()
        for number in 0..<20 {
            try corpus.write("a/d\(number).md", TestDocument(seed: UInt64(number)))
        }
        try corpus.write("a/twins.md", Self.twins)
        try corpus.run()
        for number in 0..<20 { try corpus.delete("a/d\(number).md") }
        try corpus.delete("a/twins.md")
        try corpus.write("z/near.md", Self.near)
        let held = try corpus.run(.sync)
        #expect(held.accounts.held > 0)
        // A ghost stands for no living document, whatever its path.
        #expect(try corpus.state(of: "z/near.md") == "indexed")
        #expect(try corpus.state(of: "a/twins.md") == "duplicate")
        #expect(held.accounts.addsUp)
        #expect(try audit(workspace: corpus.workspace).problems == [])
    }
}
