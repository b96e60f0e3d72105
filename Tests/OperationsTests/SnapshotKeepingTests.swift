import Foundation
import Segments
import Storage
import Testing

@testable import Operations

/// Which snapshots are kept, and by which names they go.
@Suite struct SnapshotKeepingTests {
    let corpus: TestCorpus

    init() throws {
        self.corpus = try TestCorpus()
        try self.corpus.fill(3, sections: 1)
        try self.corpus.run()
    }

    private var workspace: String { self.corpus.workspace }

    private func publish(_ count: Int, from first: Int = 0) throws {
        for number in first..<first + count {
            try self.corpus.write(
                "more\(number).md",
                TestDocument(title: "More \(number)", seed: UInt64(500 + number), sections: 1)
            )
            try self.corpus.run(.sync)
        }
    }

    private func numbers() throws -> [Int] { try snapshotNumbers(workspace: self.workspace) }

    @Test func thePipelineSaysHowManyAreKept() throws {
        try self.publish(3)
        #expect(try self.numbers() == [2, 3, 4])
        self.corpus.pipeline.rootLines = ["retention: { keep_snapshots: 4 }"]
        try self.publish(3, from: 10)
        #expect(try self.numbers() == [3, 4, 5, 6, 7])
        self.corpus.pipeline.rootLines = ["retention: { keep_snapshots: 0 }"]
        try self.publish(1, from: 20)
        #expect(try self.numbers() == [8])
        self.corpus.pipeline.rootLines = ["retention: { keep_snapshots: 0, keep_days: 2 }"]
        try self.publish(2, from: 30)
        #expect(try self.numbers() == [8, 9, 10])
    }

    @Test func aPinnedOneStaysUntilItIsGivenFree() throws {
        let pin = try pinSnapshot(1, reason: "for the audit", workspace: self.workspace)
        #expect(pin.isPinned && pin.reason == "for the audit")
        try self.publish(4)
        #expect(try self.numbers() == [1, 3, 4, 5])
        try self.corpus.run(.compact)
        #expect(try self.numbers().first == 1)
        #expect(try rollback(workspace: self.workspace, to: 1).documents == 3)
        _ = try rollback(workspace: self.workspace, to: self.numbers().last)
        _ = try pinSnapshot(1, reason: nil, workspace: self.workspace)
        #expect(throws: OperationError.self) {
            try pinSnapshot(1, reason: nil, workspace: self.workspace)
        }
        try self.publish(3, from: 10)
        #expect(try !self.numbers().contains(1))
        #expect(try verify(workspace: self.workspace).problems.isEmpty)
    }

    @Test func aChannelIsSearchedAndKept() throws {
        let mark = try setChannel("canary", to: 1, workspace: self.workspace)
        #expect(mark.channels == ["canary"])
        try self.publish(4)
        #expect(try self.numbers().contains(1))
        var request = SearchRequest(workspace: self.workspace, text: "more", count: 20)
        request.mode = .bm25
        #expect(try search(request).snapshot == 5)
        request.channel = "canary"
        #expect(try search(request).snapshot == 1)
        request.channel = "none"
        #expect(throws: OperationError.self) { try search(request) }
        #expect(throws: OperationError.self) {
            try setChannel("../LIVE", to: 1, workspace: self.workspace)
        }
        let list = try listSnapshots(workspace: self.workspace)
        #expect(list.snapshots.last?.channels == ["canary"])
    }

    @Test func aChangeOfRedactionTakesPinnedOnesAway() throws {
        try self.corpus.write("p.md", Array("# Mail\n\nWrite to kim.lee@corp.io please.\n".utf8))
        self.corpus.pipeline.redactKinds = ["PHONE"]
        try self.corpus.run(.sync)
        _ = try pinSnapshot(2, reason: "kept", workspace: self.workspace)
        self.corpus.pipeline.redactKinds = nil
        try self.corpus.run(.sync)
        #expect(try self.numbers().count == 1)
        #expect(!fileExists(WorkspaceLayout(root: self.workspace).pinsFolder + "/2"))
    }

    @Test func twoSnapshotsAreComparedDocumentByDocument() throws {
        try self.publish(1)
        try self.corpus.write("a000.md", TestDocument(title: "Other", seed: 3, sections: 1))
        try self.corpus.delete("a001.html")
        try self.corpus.run(.sync)
        let diff = try diffSnapshots(1, 3, workspace: self.workspace)
        #expect(diff.addedURIs == ["docs/more0.md"])
        #expect(diff.removedURIs == ["docs/a001.html"])
        #expect(diff.changedURIs == ["docs/a000.md"])
        #expect(diff.unchanged == 1)
        let same = try diffSnapshots(3, 3, workspace: self.workspace)
        #expect(same.added + same.removed + same.changed == 0)
        let details = try showSnapshot(3, workspace: self.workspace)
        #expect(details.sources == ["docs": 3])
        #expect(details.snapshot.isLive)
        #expect(throws: OperationError.self) { try showSnapshot(9, workspace: self.workspace) }
    }
}
