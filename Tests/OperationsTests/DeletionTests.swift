import Foundation
import Operations
import Segments
import Testing

/// An outage of a source never empties the index.
@Suite struct DeletionTests {
    let corpus: TestCorpus

    init() throws {
        self.corpus = try TestCorpus()
        try self.corpus.fill(40, sections: 1)
        #expect(try self.corpus.run().accounts.indexed == 40)
    }

    private func delete(_ numbers: Range<Int>) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: self.corpus.path(""))
        for name in names.sorted()[numbers] { try self.corpus.delete(name) }
    }

    @Test(arguments: [20, 21]) func moreThanTwentyAndATenthAreHeld(count: Int) throws {
        try self.delete(0..<count)
        let summary = try self.corpus.run(.sync)
        let isHeld = count > 20
        #expect(summary.status == (isHeld ? .deletesHeld : .clean))
        #expect(summary.accounts.held == (isHeld ? count : 0))
        #expect(summary.removed == (isHeld ? 0 : count))
        #expect(try self.corpus.snapshot().documentCount == (isHeld ? 40 : 40 - count))
        #expect(try audit(workspace: self.corpus.workspace).problems.isEmpty)
    }

    @Test func smallShareOfALargeSourceIsDeleted() throws {
        try self.delete(0..<4)
        #expect(try self.corpus.run(.sync).removed == 4)
    }

    @Test func emptyFolderDeletesNothing() throws {
        try self.delete(0..<40)
        let summary = try self.corpus.run(.sync)
        #expect(summary.status == .deletesHeld)
        #expect(summary.accounts.held == 40)
        #expect(try self.corpus.snapshot().documentCount == 40)
        #expect(summary.heldReasons.joined().contains("lists no document"))
    }

    @Test func missingFolderIsAnErrorAndDeletesNothing() throws {
        let root = self.corpus.path("")
        try FileManager.default.moveItem(atPath: root, toPath: self.corpus.root + "/away")
        let error = #expect(throws: OperationError.self) { try self.corpus.run(.sync) }
        #expect(error?.status == .fatal)
        #expect(try self.corpus.snapshot().documentCount == 40)
        try FileManager.default.moveItem(atPath: self.corpus.root + "/away", toPath: root)
        let summary = try self.corpus.run(.sync)
        #expect(summary.outcome == .unchanged)
        #expect(summary.read == 0)
    }

    @Test func restIsPublishedWhileDeletionsAreHeld() throws {
        try self.delete(0..<30)
        try self.corpus.write("new.md", TestDocument(title: "Novelty", seed: 99, sections: 1))
        let summary = try self.corpus.run(.sync)
        #expect(summary.status == .deletesHeld)
        #expect(summary.added == 1)
        #expect(try self.corpus.search("Novelty").hits.first?.uri == "docs/new.md")
        #expect(try self.corpus.snapshot().documentCount == 41)
    }

    @Test func approvedDeletionsGoAndTheResultIsThatOfAFreshBackfill() throws {
        try self.delete(0..<30)
        let held = try self.corpus.run(.sync)
        #expect(
            try approveDeletes(ofRun: held.run, workspace: self.corpus.workspace).approved == 30
        )
        let summary = try self.corpus.run(.sync)
        #expect(summary.status == .clean)
        #expect(summary.removed == 30)
        #expect(summary.digest == (try self.corpus.freshSnapshot()).digest)
    }

    @Test func documentThatComesBackIsNotDeletedThoughItWasApproved() throws {
        let name = "a000.md"
        let bytes = try Data(contentsOf: URL(filePath: self.corpus.path(name)))
        try self.delete(0..<30)
        let held = try self.corpus.run(.sync)
        try approveDeletes(ofRun: held.run, workspace: self.corpus.workspace)
        try self.corpus.write(name, Array(bytes))
        let summary = try self.corpus.run(.sync)
        #expect(summary.removed == 29)
        #expect(summary.extracted == 0)
        #expect(try self.corpus.state(of: name) == "indexed")
    }

    @Test func heldDocumentsThatComeBackAreAsIfNothingHappened() throws {
        let root = try #require(self.corpus.folders["docs"])
        let copy = self.corpus.root + "/copy"
        try FileManager.default.copyItem(atPath: root, toPath: copy)
        let digest = try self.corpus.snapshot().digest
        try self.delete(0..<40)
        #expect(try self.corpus.run(.sync).status == .deletesHeld)
        try FileManager.default.removeItem(atPath: root)
        try FileManager.default.moveItem(atPath: copy, toPath: root)
        let summary = try self.corpus.run(.sync)
        #expect(summary.status == .clean)
        #expect(summary.digest == digest)
        #expect(summary.extracted == 0)
        #expect(summary.chunksEmbedded == 0)
    }

    @Test func approvalOfARunThatHoldsNothingNamesThoseThatDo() throws {
        try self.delete(0..<30)
        let held = try self.corpus.run(.sync)
        let error = #expect(throws: OperationError.self) {
            try approveDeletes(ofRun: held.run + 7, workspace: self.corpus.workspace)
        }
        #expect(error?.status == .noSuchState)
        #expect(error?.message.contains("run \(held.run) holds 30") == true)
    }
}
