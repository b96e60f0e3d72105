import Operations
import Segments
import Testing

/// An earlier snapshot is live again at once, and the next run goes on from the manifests.
@Suite struct RollbackTests {
    let corpus: TestCorpus

    /// Two snapshots, of 4 and 5 documents.
    init() throws {
        self.corpus = try TestCorpus()
        try self.corpus.fill(4)
        try self.corpus.run()
        try self.corpus.write(
            "ferry.md",
            TestDocument(title: "Ferry", sections: ["A ferry crosses the lake at noon."])
        )
        try self.corpus.run(.sync)
    }

    private var workspace: String { self.corpus.workspace }

    @Test func theSnapshotBeforeIsServedAndNothingIsAProblem() throws {
        let report = try rollback(workspace: self.workspace, to: nil)
        #expect(report.from == 2)
        #expect(report.to == 1)
        #expect(report.documents == 4)
        #expect(try self.corpus.snapshot().number == 1)
        let verified = try verify(workspace: self.workspace)
        #expect(verified.problems.isEmpty)
        #expect(verified.areStateFilesJudged)
        #expect(verified.rolledBackFrom == 2)
        #expect(try audit(workspace: self.workspace).problems.isEmpty)
        #expect(try status(workspace: self.workspace).rolledBackFrom == 2)
    }

    @Test func theNextRunPublishesWhatTheManifestsHold() throws {
        let digest = try self.corpus.snapshot().digest
        _ = try rollback(workspace: self.workspace, to: 1)
        let summary = try self.corpus.run(.sync)
        #expect(summary.extracted == 0)
        #expect(summary.digest == digest)
        #expect(try self.corpus.snapshot().number == 3)
        #expect(try status(workspace: self.workspace).rolledBackFrom == nil)
        let list = try listSnapshots(workspace: self.workspace)
        #expect(list.snapshots.map(\.number) == [3, 2, 1])
        #expect(list.snapshots.map(\.isLive) == [true, false, false])
    }

    @Test func whatIsNotThereIsRefusedAndNothingChanges() throws {
        #expect(throws: OperationError.self) { try rollback(workspace: self.workspace, to: 9) }
        _ = try rollback(workspace: self.workspace, to: 1)
        #expect(throws: OperationError.self) { try rollback(workspace: self.workspace, to: nil) }
        #expect(try self.corpus.snapshot().number == 1)
    }

    @Test func runsAreListedTheNewestFirst() throws {
        let runs = try listRuns(workspace: self.workspace, limit: 5).runs
        #expect(runs.map(\.verb) == ["sync", "backfill"])
        #expect(try listRuns(workspace: self.workspace, limit: 1).runs.count == 1)
    }
}
