import Foundation
import Operations
import Segments
import Testing

/// The plan says what a run will do and why, and a run can be held to it.
@Suite struct PlanTests {
    let corpus: TestCorpus

    init() throws {
        self.corpus = try TestCorpus()
        try self.corpus.fill(12, sections: 1)
    }

    private func plan(_ change: (inout RunOptions) -> Void = { _ in }) throws -> RunPlan {
        var options = RunOptions()
        options.isolation = .none
        change(&options)
        return try makePlan(path: try self.corpus.pipelineFile(), options: options)
    }

    /// Plans, runs under the plan, and returns it.
    private func followed(_ verb: RunVerb = .sync) throws -> (plan: RunPlan, run: RunSummary) {
        let plan = try self.plan()
        return (plan, try self.corpus.run(verb) { $0.expectedPlan = plan })
    }

    @Test func newWorkspaceIsPlannedWhole() throws {
        let (plan, run) = try self.followed(.backfill)
        #expect(plan.added == 12)
        #expect(plan.extracted == 12)
        #expect(plan.groups.map(\.cause) == [.added])
        #expect(plan.estimate.bytes == run.bytesRead)
    }

    @Test func planOfNothingIsEmptyAndWritesNothing() throws {
        try self.corpus.run()
        let plan = try self.plan()
        #expect(plan.isEmpty)
        #expect(plan.unchanged == 12)
        #expect(try self.corpus.run(.sync).run == 2)
    }

    @Test func everyKindOfChangeHasItsGroup() throws {
        try self.corpus.run()
        try self.corpus.write("a000.md", TestDocument(seed: 500, sections: 1))
        try self.corpus.touch("a003.md", seconds: 1_000)
        try self.corpus.rename("a001.html", to: "moved.html")
        try self.corpus.delete("a002.txt")
        try self.corpus.write("new.md", TestDocument(seed: 501, sections: 1))
        let (plan, run) = try self.followed()
        #expect(plan.touched == 1)
        #expect(plan.added == 2)
        #expect(plan.changed == 1)
        #expect(plan.renamed == 1)
        #expect(plan.removed == 2)
        #expect(plan.extracted == 2)
        #expect(Set(plan.groups.map(\.cause)) == [.added, .renamed, .content])
        #expect(run.renamed == 1)
        #expect(run.chunksEmbedded == 2)
        #expect(run.digest == (try self.corpus.freshSnapshot()).digest)
    }

    @Test func changedKeyOfAPrepareStageIsNamed() throws {
        try self.corpus.run()
        self.corpus.pipeline.redactKinds = ["EMAIL"]
        let (plan, _) = try self.followed()
        #expect(plan.extracted == 12)
        #expect(plan.groups.map(\.cause) == [.configuration])
        #expect(plan.groups.first?.detail == "redact.kinds")
        #expect(plan.redone.isEmpty)
    }

    @Test func changedKeyOfALaterStageExtractsNothing() throws {
        try self.corpus.run()
        self.corpus.pipeline.maximumTokens = 20
        let (plan, run) = try self.followed()
        #expect(plan.extracted == 0)
        #expect(plan.unchanged == 12)
        #expect(plan.redone.map(\.stage) == ["chunk"])
        #expect(plan.redone.first?.detail == "chunk.maximum_tokens")
        #expect(plan.estimate.tokens > 0)
        #expect(run.extracted == 0)
    }

    @Test func stageOfOneMediaTypeRedoesItsDocumentsOnly() throws {
        try self.corpus.run()
        let before = try self.plan { $0.overrides = ["html.content": "all"] }
        #expect(before.extracted == 4)
        #expect(before.groups.map(\.detail) == ["html.content"])
    }

    @Test func runThatDiffersFromItsPlanPublishesNothing() throws {
        try self.corpus.run()
        let digest = try self.corpus.snapshot().digest
        let plan = try self.plan()
        try self.corpus.write("late.md", TestDocument(seed: 77, sections: 1))
        let error = #expect(throws: OperationError.self) {
            try self.corpus.run(.sync) { $0.expectedPlan = plan }
        }
        #expect(error?.status == .fatal)
        #expect(error?.message.contains("added: planned 0, done 1") == true)
        #expect(try self.corpus.snapshot().digest == digest)
    }
}
