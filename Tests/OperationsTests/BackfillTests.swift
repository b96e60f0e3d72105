import Foundation
import Operations
import Segments
import Testing

/// A backfill publishes what it can and accounts for the rest.
@Suite struct BackfillTests {
    @Test(arguments: [RunVerb.backfill, .sync]) func everyListedDocumentIsPublished(verb: RunVerb)
        throws
    {
        let corpus = try TestCorpus()
        try corpus.fill(12)
        let summary = try corpus.run(verb)
        #expect(summary.outcome == .published)
        #expect(summary.status == .clean)
        #expect(summary.accounts.listed == 12)
        #expect(summary.accounts.indexed == 12)
        #expect(summary.added == 12)
        #expect(summary.extracted == 12)
        let snapshot = try corpus.snapshot()
        #expect(summary.snapshot == snapshot.number)
        #expect(summary.digest == snapshot.digest)
        #expect(summary.chunks == snapshot.chunkCount)
        #expect(snapshot.documentCount == 12)
        #expect(summary.chunksEmbedded == summary.chunks)
        #expect(try digest(workspace: corpus.workspace).digest == snapshot.digest)
    }

    @Test func secondRunFindsNothingToDo() throws {
        let corpus = try TestCorpus()
        try corpus.fill(9)
        let first = try corpus.run()
        for verb in [RunVerb.backfill, .sync] {
            let again = try corpus.run(verb)
            #expect(again.outcome == .unchanged)
            #expect(again.status == .clean)
            #expect(again.snapshot == first.snapshot)
            #expect(again.digest == first.digest)
            #expect(again.unchanged == 9)
            #expect(again.extracted == 0)
            #expect(again.bytesRead == 0)
            #expect(again.chunksEmbedded == 0)
            #expect(again.segmentsWritten == 0)
        }
    }

    @Test func paranoidRunReadsEveryByteAndStillChangesNothing() throws {
        let corpus = try TestCorpus()
        try corpus.fill(6)
        let first = try corpus.run()
        let again = try corpus.run { $0.isParanoid = true }
        #expect(again.outcome == .unchanged)
        #expect(again.snapshot == first.snapshot)
        #expect(again.unchanged == 6)
        #expect(again.chunksEmbedded == 0)
    }

    /// Name, bytes, and the code of the dead letter.
    static let badDocuments: [(name: String, bytes: [UInt8], code: String)] = [
        ("empty.txt", [], "empty"),
        ("blank.md", Array(" \n\n \u{200B}\n".utf8), "empty"),
        ("large.txt", Array(repeating: UInt8(ascii: "a"), count: (1 << 20) + 1), "too_large"),
        ("noise.txt", (0..<4_096).map { UInt8(truncatingIfNeeded: $0 &* 131) }, "corrupt"),
        ("noise.pdf", Array("%PDF-1.4\n".utf8) + (0..<999).map { UInt8($0 % 251) }, "corrupt"),
        (
            "picture.html",
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52],
            "unsupported_type"
        ),
    ]

    @Test func badDocumentsBecomeDeadLettersAndTheOthersArePublished() throws {
        let corpus = try TestCorpus()
        try corpus.fill(8)
        for bad in Self.badDocuments { try corpus.write(bad.name, bad.bytes) }
        let summary = try corpus.run()
        #expect(summary.outcome == .published)
        #expect(summary.status == .documentsFailed)
        #expect(summary.exitCode == 3)
        #expect(summary.accounts.listed == 8 + Self.badDocuments.count)
        #expect(summary.accounts.indexed == 8)
        #expect(summary.accounts.failed == Self.badDocuments.count)
        #expect(summary.accounts.stale == 0)
        let codes = Dictionary(uniqueKeysWithValues: summary.deadLetters.map { ($0.uri, $0.code) })
        for bad in Self.badDocuments {
            #expect(codes["docs/\(bad.name)"] == bad.code, "\(bad.name)")
        }
        #expect(summary.failures.values.reduce(0, +) == Self.badDocuments.count)
        let again = try corpus.run()
        #expect(again.outcome == .unchanged)
        #expect(again.status == .documentsFailed)
        #expect(again.accounts == summary.accounts)
    }

    @Test(.enabled(if: getuid() != 0, "root may read every file"))
    func unreadableDocumentIsADeadLetter() throws {
        let corpus = try TestCorpus()
        try corpus.fill(3)
        try corpus.write("locked.md", TestDocument(seed: 5))
        #expect(chmod(corpus.path("locked.md"), 0) == 0)
        let summary = try corpus.run()
        #expect(summary.status == .documentsFailed)
        #expect(summary.failures == ["unreadable": 1])
        #expect(chmod(corpus.path("locked.md"), 0o644) == 0)
        #expect(try corpus.run().status == .clean)
    }

    @Test func mislabelledDocumentIsReadAsWhatItIs() throws {
        let corpus = try TestCorpus()
        try corpus.write("page.txt", TestDocument(title: "A page", seed: 3).bytes(.html))
        let summary = try corpus.run()
        #expect(summary.status == .clean)
        let facts = try explain(workspace: corpus.workspace, uri: "docs/page.txt").facts
        #expect(facts.contains { $0.name == "type" && $0.value == "text/html" })
        #expect(
            facts.contains { $0.name == "warning" && $0.value.contains("media_type_disagrees") }
        )
    }

    @Test func documentOfATypeThePipelineDoesNotTakeFails() throws {
        var pipeline = TestPipeline()
        pipeline.pdf = false
        let corpus = try TestCorpus(pipeline)
        try corpus.fill(2)
        try corpus.write("manual.pdf", Array("%PDF-1.4\n%%EOF\n".utf8))
        let summary = try corpus.run()
        #expect(summary.failures == ["unsupported_type": 1])
        #expect(summary.accounts.indexed == 2)
    }

    @Test func excludedLanguageIsCountedAndNeverServed() throws {
        var pipeline = TestPipeline()
        pipeline.allowedLanguages = ["de"]
        let corpus = try TestCorpus(pipeline)
        let german =
            "Die alte Wassermühle steht seit zweihundert Jahren am Bach und mahlt noch immer das "
            + "Getreide der Bauern aus der Umgebung. Jeden Samstag dürfen Besucher zusehen."
        let english =
            "The old water mill has stood at the brook for two hundred years and still grinds "
            + "the grain of the farmers around. Visitors may watch it every Saturday."
        try corpus.write("de.txt", Array(german.utf8))
        try corpus.write("en.txt", Array(english.utf8))
        let summary = try corpus.run()
        #expect(summary.status == .clean)
        #expect(summary.accounts.indexed == 1)
        #expect(summary.accounts.excluded == 1)
        #expect(try corpus.state(of: "en.txt").hasPrefix("excluded by language"))
        #expect(try corpus.search("mill").hits.map(\.uri).allSatisfy { $0 == "docs/de.txt" })
        let again = try corpus.run()
        #expect(again.outcome == .unchanged)
        #expect(again.extracted == 0)
    }

    @Test func missingSourceEndsTheRunAndDeletesNothing() throws {
        let corpus = try TestCorpus()
        try corpus.fill(5)
        let before = try corpus.run()
        try FileManager.default.moveItem(
            atPath: corpus.path(""),
            toPath: corpus.root + "/elsewhere"
        )
        let error = #expect(throws: OperationError.self) { try corpus.run(.sync) }
        #expect(error?.status == .fatal)
        #expect(error?.message.contains("docs") == true)
        #expect(try corpus.snapshot().number == before.snapshot)
        let report = try status(workspace: corpus.workspace)
        #expect(report.accounts.listed == 5)
        #expect(report.runs.first?.status == "failed")
        try FileManager.default.moveItem(
            atPath: corpus.root + "/elsewhere",
            toPath: corpus.path("")
        )
        let after = try corpus.run(.sync)
        #expect(after.outcome == .unchanged)
        #expect(after.digest == before.digest)
    }

    @Test func incompleteListingHoldsDeletionsAndTakesUpTheRest() throws {
        let corpus = try TestCorpus()
        try corpus.fill(6)
        try corpus.run()
        // Deeper than a listing goes: what is below is not known to be gone.
        let deep = String(repeating: "x/", count: 140)
        try corpus.write(deep + "deep.md", TestDocument(seed: 8))
        try corpus.delete("a000.md")
        try corpus.write("new.md", TestDocument(seed: 9))
        let held = try corpus.run(.sync)
        #expect(held.status == .deletesHeld)
        #expect(held.exitCode == 4)
        #expect(held.outcome == .published)
        #expect(held.heldReasons.count == 1)
        #expect(held.accounts.held == 1)
        #expect(held.accounts.listed == 7)
        #expect(held.removed == 0)
        #expect(try corpus.state(of: "a000.md") == "indexed")
        #expect(try corpus.state(of: "new.md") == "indexed")
        try FileManager.default.removeItem(atPath: corpus.path("x"))
        let summary = try corpus.run(.sync)
        #expect(summary.status == .clean)
        #expect(summary.removed == 1)
        #expect(summary.digest == (try corpus.freshSnapshot()).digest)
    }

    @Test func sourceThatLeavesThePipelineTakesItsDocumentsWithItOnceApproved() throws {
        let corpus = try TestCorpus(sources: ["docs", "extra"])
        try corpus.fill(4)
        try corpus.write("x.md", TestDocument(seed: 77), in: "extra")
        #expect(try corpus.run().accounts.indexed == 5)
        let alone = try TestCorpus()
        try alone.fill(4)
        let path = alone.root + "/other.yml"
        let yaml = TestPipeline().yaml(
            folders: ["docs": corpus.path("")],
            workspace: corpus.workspace
        )
        try Data(yaml.utf8).write(to: URL(filePath: path))
        var options = RunOptions()
        options.isolation = .none
        let held = try runPipelineFile(.sync, path: path, options: options)
        #expect(held.status == .deletesHeld)
        #expect(held.accounts.held == 1)
        #expect(held.accounts.indexed == 4)
        try approveDeletes(ofRun: held.run, workspace: corpus.workspace)
        let summary = try runPipelineFile(.sync, path: path, options: options)
        #expect(summary.status == .clean)
        #expect(summary.removed == 1)
        #expect(summary.accounts.listed == 4)
        #expect(summary.digest == (try alone.freshSnapshot()).digest)
    }
}
