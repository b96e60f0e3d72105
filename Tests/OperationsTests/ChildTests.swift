import Foundation
import Manifests
import Operations
import Segments
import Testing

/// Documents in documents: attachments, messages and members are listed, counted, explained and deleted
/// with the file that holds them.
@Suite struct ChildTests {
    let corpus: TestCorpus

    init() throws {
        var pipeline = TestPipeline()
        pipeline.containers = true
        self.corpus = try TestCorpus(pipeline)
    }

    private func text(_ number: Int) -> String {
        "# Number \(number)\n\n"
            + (0..<30).map { "word\(number)x\($0)" }.joined(separator: " ") + "\n"
    }

    private func write(_ name: String, _ numbers: [Int]) throws {
        let files = numbers.map { (name: "\($0).md", text: self.text($0)) }
        try self.corpus.write(name, TestArchive(files).bytes)
    }

    private func state(_ name: String) -> String? { try? self.corpus.state(of: name) }

    private func hit(_ number: Int) throws -> String? {
        try self.corpus.search("word\(number)x5", mode: .bm25, count: 1).hits.first?.uri
    }

    @Test func membersAreDocuments() throws {
        try self.write("a.tar", [1, 2])
        try self.corpus.write("b.md", Array(self.text(3).utf8))
        let summary = try self.corpus.run()
        #expect(summary.status == .clean)
        #expect(summary.accounts.listed == 4)
        #expect(summary.accounts.children == 2)
        #expect(summary.accounts.indexed == 4)
        #expect(try self.hit(1) == "docs/a.tar!/1.md")
        let report = try explain(workspace: self.corpus.workspace, uri: "docs/a.tar!/2.md")
        #expect(report.state == "indexed")
        #expect(report.facts.contains { $0.name == "in" && $0.value == "docs/a.tar" })
        #expect(try audit(workspace: self.corpus.workspace).problems.isEmpty)
        #expect(try verify(workspace: self.corpus.workspace).problems.isEmpty)
    }

    @Test func nothingIsDoneWhereNothingChanged() throws {
        try self.write("a.tar", [1, 2])
        try self.corpus.run()
        let again = try self.corpus.run(.sync)
        #expect(again.outcome == .unchanged && again.read == 0)
        try self.corpus.touch("a.tar", seconds: 1_000_000_000)
        let touched = try self.corpus.run(.sync)
        #expect(touched.touched == 1 && touched.extracted == 0 && touched.segmentsWritten == 0)
    }

    @Test func onlyTheMembersThatChangedAreTouched() throws {
        try self.write("a.tar", [1, 2, 3])
        try self.corpus.run()
        try self.write("a.tar", [1, 3, 4])
        let summary = try self.corpus.run(.sync)
        #expect(summary.status == .clean)
        #expect(summary.accounts.listed == 4)
        #expect(self.state("a.tar!/2.md") == nil)
        #expect(self.state("a.tar!/4.md") == "indexed")
        #expect(try self.hit(2)?.contains("2.md") != true)
        // The new member and the list of names.
        #expect(summary.chunked == 2)
        #expect(summary.digest == (try self.corpus.freshSnapshot()).digest)
    }

    @Test func aRenamedFileEmbedsNothing() throws {
        try self.write("a.tar", [1, 2])
        try self.corpus.run()
        try self.corpus.rename("a.tar", to: "z-b.tar")
        let summary = try self.corpus.run(.sync)
        #expect(summary.status == .clean)
        #expect(summary.chunksEmbedded == 0)
        #expect(try self.hit(1) == "docs/z-b.tar!/1.md")
        #expect(summary.digest == (try self.corpus.freshSnapshot()).digest)
    }

    @Test func aDeletedFileTakesItsMembersAlong() throws {
        try self.write("a.tar", [1, 2])
        try self.corpus.write("b.md", Array(self.text(3).utf8))
        try self.corpus.run()
        try self.corpus.delete("a.tar")
        let summary = try self.corpus.run(.sync)
        #expect(summary.status == .clean)
        #expect(summary.accounts.listed == 1 && summary.accounts.children == nil)
        #expect(self.state("a.tar!/1.md") == nil)
        #expect(summary.digest == (try self.corpus.freshSnapshot()).digest)
    }

    @Test func aFileThatFailsKeepsItsMembers() throws {
        try self.write("a.tar", [1, 2])
        try self.corpus.run()
        try self.corpus.write("a.tar", [])
        let summary = try self.corpus.run(.sync)
        #expect(summary.status == .documentsFailed)
        #expect(self.state("a.tar") == "stale")
        #expect(self.state("a.tar!/1.md") == "indexed")
        #expect(try self.hit(1) == "docs/a.tar!/1.md")
        try self.write("a.tar", [1])
        #expect(try self.corpus.run(.sync).status == .clean)
        #expect(self.state("a.tar!/2.md") == nil)
    }

    @Test func aMemberThatFailsIsADeadLetterOfItsOwn() throws {
        let inner = TestArchive([(name: "x.md", text: self.text(9))]).bytes
        var archive = TestArchive([(name: "1.md", text: self.text(1))])
        archive.files.append(("bad.md", [0x61, 0, 0, 0, 1]))
        archive.files.append(("in.tar", inner))
        try self.corpus.write("a.tar", archive.bytes)
        let summary = try self.corpus.run()
        #expect(summary.status == .documentsFailed)
        #expect(summary.accounts.failed == 1)
        #expect(summary.deadLetters.map(\.uri) == ["docs/a.tar!/bad.md"])
        #expect(summary.deadLetters.map(\.code) == ["corrupt"])
        #expect(self.state("a.tar!/in.tar!/x.md") == "indexed")
        // It is tried again when someone asks, and only then.
        let quiet = try self.corpus.run(.sync)
        #expect(quiet.read == 0 && quiet.extracted == 0)
        // What was in a member that cannot be read any more stays, as that member's old version does.
        archive.files[2].bytes = [0x61, 0, 0, 0, 1]
        try self.corpus.write("a.tar", archive.bytes)
        try self.corpus.run(.sync)
        #expect(self.state("a.tar!/in.tar") == "stale")
        #expect(self.state("a.tar!/in.tar!/x.md") == "indexed")
        archive.files.removeLast()
        try self.corpus.write("a.tar", archive.bytes)
        try self.corpus.run(.sync)
        #expect(self.state("a.tar!/in.tar!/x.md") == nil)
    }

    @Test func membersAreComparedWithOtherDocuments() throws {
        try self.corpus.write("1.md", Array(self.text(1).utf8))
        try self.write("a.tar", [1, 2])
        let summary = try self.corpus.run()
        #expect(summary.accounts.duplicates == 1)
        #expect(self.state("a.tar!/1.md") == "duplicate")
        try self.corpus.delete("1.md")
        let after = try self.corpus.run(.sync)
        #expect(after.accounts.duplicates == 0)
        #expect(self.state("a.tar!/1.md") == "indexed")
    }

    @Test func aFileThatIsNoContainerAnyMoreHoldsNothing() throws {
        try self.write("a.tar", [1, 2])
        try self.corpus.run()
        try self.corpus.write("a.tar", Array(self.text(5).utf8))
        let summary = try self.corpus.run(.sync)
        #expect(summary.accounts.listed == 1)
        #expect(try self.hit(5) == "docs/a.tar")
    }

    @Test func heldFilesHoldTheirMembers() throws {
        for number in 0..<8 { try self.write("a\(number).tar", [number]) }
        try self.corpus.run()
        for number in 0..<8 { try self.corpus.delete("a\(number).tar") }
        try self.corpus.write("b.md", Array(self.text(20).utf8))
        let held = try self.corpus.run(.sync)
        #expect(held.status == .deletesHeld)
        #expect(held.accounts.held == 16)
        #expect(try self.hit(3) == "docs/a3.tar!/3.md")
        _ = try approveDeletes(ofRun: held.run, workspace: self.corpus.workspace)
        let gone = try self.corpus.run(.sync)
        #expect(gone.status == .clean)
        #expect(gone.accounts.listed == 1)
    }

    @Test func aChangeOfTheMembersStageReadsThemAgain() throws {
        let page = "<!doctype html><body><nav>Home words</nav><main><p>\(self.text(1))</p></main>"
        try self.corpus.write("a.tar", TestArchive([(name: "p.html", text: page)]).bytes)
        try self.corpus.run()
        self.corpus.pipeline.boilerplate = "host"
        let summary = try self.corpus.run(.sync)
        #expect(summary.extracted == 1)
    }

    @Test func personalDataInTransferEncodingsIsRedacted() throws {
        let body = Data("Please write to jane.doe@example.org today.".utf8).base64EncodedString()
        let attachment = Data("Her card is 4111 1111 1111 1111, she said.".utf8)
            .base64EncodedString()
        let message = """
            From: Jane <jane.doe@example.org>
            Subject: =?utf-8?b?\(Data("For jane.doe@example.org".utf8).base64EncodedString())?=
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Transfer-Encoding: base64

            \(body)
            --b
            Content-Type: text/plain; name=card.txt
            Content-Disposition: attachment
            Content-Transfer-Encoding: base64

            \(attachment)
            --b--
            """
        try self.corpus.write("m.eml", Array(message.utf8))
        let summary = try self.corpus.run()
        #expect(summary.status == .clean && summary.accounts.listed == 2)
        #expect((summary.redactions["EMAIL"] ?? 0) >= 1)
        #expect((summary.redactions["CREDIT_CARD"] ?? 0) == 1)
        for query in ["jane.doe@example.org", "4111 1111 1111 1111"] {
            for hit in try self.corpus.search(query, count: 10).hits {
                #expect(!hit.snippet.contains(query) && !hit.title.contains(query))
            }
        }
    }
}
