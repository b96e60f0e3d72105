import Dataflow
import Foundation
import Operations
import Segments
import Testing

/// `boilerplate: host` leaves out of the chunks what the pages of a host share, whatever their history.
@Suite struct BoilerplateTests {
    private static let closing = "The keeper of this garden waters every sundialogue by hand."

    private static func page(
        _ number: Int,
        host: String? = "example.org",
        closing: String = Self.closing
    ) -> [UInt8] {
        let own = TestDocument.paragraph(seed: UInt64(number) &+ 900, words: 60)
        let link = host.map { "<link rel=\"canonical\" href=\"https://\($0)/\(number)\">" } ?? ""
        return Array(
            ("<!doctype html><html><head><title>Page \(number)</title>\(link)</head><body><main>"
                + "<h1>Page \(number)</h1><p>\(own)</p><h2>Letter</h2><p>\(closing)</p>"
                + "</main></body></html>").utf8
        )
    }

    private static func corpus(_ boilerplate: String = "host") throws -> TestCorpus {
        var pipeline = TestPipeline()
        pipeline.boilerplate = boilerplate
        return try TestCorpus(pipeline)
    }

    /// The documents whose chunks hold the closing, by name.
    private static func holders(_ corpus: TestCorpus) throws -> Set<String> {
        let report = try corpus.search("sundialogue", mode: .bm25, count: 50)
        return Set(report.hits.map { String($0.uri.dropFirst("docs/".count)) })
    }

    @Test func blockOfThreePagesOfAHostIsInNoChunkOfThem() throws {
        let corpus = try Self.corpus()
        for number in 0..<3 { try corpus.write("p\(number).html", Self.page(number)) }
        try corpus.write("other.html", Self.page(7, host: "elsewhere.example"))
        try corpus.write("note.md", Array("# Note\n\n\(Self.closing)\n".utf8))
        let summary = try corpus.run()
        #expect(summary.accounts.indexed == 5)
        #expect(try Self.holders(corpus) == ["other.html", "note.md"])
        let report = try explain(workspace: corpus.workspace, uri: "docs/p0.html")
        #expect(report.lineage.contains { $0.name == "left out" && $0.value.hasPrefix("2 blocks") })
        // Its heading went with it.
        #expect(report.chunks.allSatisfy { !$0.headings.contains("Letter") })
    }

    @Test func unlessAskedForEverythingIsKept() throws {
        let corpus = try Self.corpus("keep")
        for number in 0..<3 { try corpus.write("p\(number).html", Self.page(number)) }
        try corpus.run()
        #expect(try Self.holders(corpus).count == 3)
    }

    @Test func pagesThatNameNoHostAreComparedWithinTheirSource() throws {
        let corpus = try Self.corpus()
        for number in 0..<3 { try corpus.write("p\(number).html", Self.page(number, host: nil)) }
        try corpus.run()
        #expect(try Self.holders(corpus).isEmpty)
    }

    @Test func historyLeavesNoTrace() throws {
        let corpus = try Self.corpus()
        func sync(_ holders: Set<String>, _ name: String) throws {
            let summary = try corpus.run(.sync)
            #expect(try Self.holders(corpus) == holders, "\(name)")
            #expect(summary.digest == (try corpus.freshSnapshot(name)).digest, "\(name)")
        }
        for number in 0..<2 { try corpus.write("p\(number).html", Self.page(number)) }
        try sync(["p0.html", "p1.html"], "two")
        try corpus.write("p2.html", Self.page(2))
        try sync([], "third")
        #expect(try corpus.run(.sync).chunksEmbedded == 0)
        try corpus.rename("p2.html", to: "q2.html")
        try sync([], "renamed")
        // Enough pages without it make it rare again.
        for number in 10..<15 {
            try corpus.write(
                "p\(number).html",
                Self.page(number, closing: "\(number) is its own end.")
            )
        }
        try sync(["p0.html", "p1.html", "q2.html"], "rare")
        for number in 10..<15 { try corpus.delete("p\(number).html") }
        // More than half of them are gone, and the operator meant it.
        corpus.pipeline.sourceKeys = ["max_delete_count: 9"]
        try sync([], "common")
        try corpus.write("p1.html", Self.page(1, host: "elsewhere.example"))
        try sync(["p0.html", "p1.html", "q2.html"], "moved")
        try corpus.write("p1.html", Self.page(1))
        try sync([], "back")
        corpus.pipeline.boilerplate = "keep"
        try sync(["p0.html", "p1.html", "q2.html"], "off")
        corpus.pipeline.boilerplate = "host"
        try sync([], "on")
        try corpus.delete("q2.html")
        try sync(["p0.html", "p1.html"], "gone")
        let compacted = try corpus.run(.compact)
        #expect(compacted.digest == (try corpus.freshSnapshot("gone-2")).digest)
        #expect(
            try SnapshotContent(corpus.snapshot()) == SnapshotContent(corpus.snapshot("gone-2"))
        )
    }

    @Test func onlyDocumentsThatChangeAreChunkedAgain() throws {
        let corpus = try Self.corpus()
        for number in 0..<6 { try corpus.write("p\(number).html", Self.page(number)) }
        for number in 20..<30 {
            try corpus.write("e\(number).html", Self.page(number, host: "elsewhere.example"))
        }
        try corpus.run()
        try corpus.write("p6.html", Self.page(6))
        let summary = try corpus.run(.sync)
        #expect(summary.chunked == 1)
        #expect(try Self.holders(corpus).isEmpty)
    }

    @Test func duplicatesDoNotMakeABlockCommon() throws {
        let corpus = try Self.corpus()
        for name in ["a.html", "b.html", "c.html"] { try corpus.write(name, Self.page(0)) }
        try corpus.write("d.html", Self.page(1))
        let summary = try corpus.run()
        #expect(summary.accounts.duplicates == 2)
        #expect(try Self.holders(corpus) == ["a.html", "d.html"])
        // Two that differ join them: now the block is on three pages, and each is counted once.
        try corpus.write("c.html", Self.page(2))
        let after = try corpus.run(.sync)
        #expect(try Self.holders(corpus).isEmpty)
        #expect(after.digest == (try corpus.freshSnapshot()).digest)
    }

    /// The lost manifest alone knew that the page was there.
    @Test func pageThatVanishedWithItsManifestCountsNoLonger() throws {
        let corpus = try Self.corpus()
        corpus.pipeline.shards = 13
        for number in 0..<3 { try corpus.write("p\(number).html", Self.page(number)) }
        try corpus.run()
        let shards = try (0..<3).map {
            try explain(workspace: corpus.workspace, uri: "docs/p\($0).html").shard
        }
        let shard = try #require(Set(shards).count == 3 ? shards.last : nil, "shards \(shards)")
        try corpus.delete("p2.html")
        _ = try setShardsAside([shard], workspace: corpus.workspace)
        let summary = try corpus.run(.sync)
        #expect(try Self.holders(corpus) == ["p0.html", "p1.html"])
        #expect(summary.digest == (try corpus.freshSnapshot()).digest)
    }

    @Test(arguments: [1, 2, 3, 5])
    func stoppedRunIsTakenUp(documents: Int) throws {
        let corpus = try Self.corpus()
        for number in 0..<5 { try corpus.write("p\(number).html", Self.page(number)) }
        try corpus.run { $0.maximumDocuments = documents }
        let summary = try corpus.run(.sync)
        #expect(summary.digest == (try corpus.freshSnapshot()).digest)
        #expect(try Self.holders(corpus).isEmpty)
    }
}
