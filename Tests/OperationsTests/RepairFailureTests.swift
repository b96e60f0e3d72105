import Foundation
import Manifests
import Operations
import Records
import Storage
import Testing

/// Documents that failed: listed, explained, tried again, accepted.
@Suite struct RepairFailureTests {
    let corpus: TestCorpus

    /// Six documents, three of which fail: two are empty, one is no PDF.
    init() throws {
        self.corpus = try TestCorpus()
        try self.corpus.fill(6, sections: 1)
        try self.corpus.write("empty.txt", [])
        try self.corpus.write("nothing.txt", [])
        try self.corpus.write("broken.pdf", Array("%PDF-1.7\nnothing more".utf8))
        let summary = try self.corpus.run()
        try #require(summary.accounts.failed == 3)
    }

    private func list(_ change: (inout FailureFilter) -> Void = { _ in }) throws -> [String] {
        var filter = FailureFilter()
        change(&filter)
        return try failures(workspace: self.corpus.workspace, filter: filter).failures.map(\.uri)
    }

    private func failure(_ name: String) throws -> FailureReport {
        try Operations.failure(workspace: self.corpus.workspace, name: name)
    }

    /// Commits a dead letter as a run does whose worker ended each time.
    private func quarantine(_ name: String) throws {
        let report = try self.failure("docs/\(name)")
        let path = WorkspaceLayout(root: self.corpus.workspace).manifest(shard: report.shard)
        let shard = try ShardManifest(path: path, mode: .readWrite)
        let letter = try #require(try shard.deadLetters().first { $0.uri == report.uri })
        try shard.setDisposition(.quarantined, of: [letter.id])
    }

    @Test func filtersChooseByStageCodeSourceAndQuarantine() throws {
        let all = ["docs/broken.pdf", "docs/empty.txt", "docs/nothing.txt"]
        #expect(try self.list() == all)
        #expect(try self.list { $0.code = "empty" } == ["docs/empty.txt", "docs/nothing.txt"])
        #expect(try self.list { $0.stage = "read" } == ["docs/empty.txt", "docs/nothing.txt"])
        #expect(try self.list { $0.source = "docs" } == all)
        #expect(try self.list { $0.source = "other" } == [])
        #expect(try self.list { $0.isQuarantined = true } == [])
        try self.quarantine("broken.pdf")
        #expect(try self.list { $0.isQuarantined = true } == ["docs/broken.pdf"])
        #expect(
            try failures(workspace: self.corpus.workspace).counts == [
                "failed": 2, "quarantined": 1,
            ]
        )
        let error = #expect(throws: OperationError.self) { try self.list { $0.code = "tired" } }
        #expect(error?.status == .configuration)
        #expect(error?.message.contains("timed_out") == true)
    }

    @Test func documentIsNamedByURIOrIDOrItsBeginning() throws {
        let report = try self.failure("docs/empty.txt")
        #expect(report.code == "empty")
        #expect(report.attempts == 1)
        #expect(report.state == .failed)
        #expect(!report.isServed)
        #expect(try self.failure(report.id) == report)
        #expect(try self.failure(String(report.id.prefix(8)).uppercased()) == report)
        for name in ["docs/a000.md", "0000000000", String(report.id.prefix(3)), ""] {
            let error = #expect(throws: OperationError.self) { try self.failure(name) }
            #expect(error?.status == .noSuchState, "'\(name)'")
            #expect(error?.message.contains("millrace failures ls") == true)
        }
    }

    @Test func failedUpdateIsStaleAndServedUntilItIsMended() throws {
        let before = try self.corpus.state(of: "a000.md")
        #expect(before == "indexed")
        try self.corpus.write("a000.md", [])
        let summary = try self.corpus.run(.sync)
        #expect(summary.accounts.stale == 1)
        let report = try self.failure("docs/a000.md")
        #expect(report.state == .stale)
        #expect(report.isServed)
        _ = try ignoreFailures(workspace: self.corpus.workspace, names: ["docs/a000.md"])
        let ignored = try self.failure("docs/a000.md")
        #expect(ignored.state == .ignored)
        #expect(ignored.isServed)
    }

    @Test func ignoredFailureDoesNotCountUntilItsContentChanges() throws {
        let names = try self.list()
        let report = try ignoreFailures(workspace: self.corpus.workspace, names: names)
        #expect(report.ignored == names)
        let quiet = try self.corpus.run(.sync)
        #expect(quiet.status == .clean)
        #expect(quiet.accounts.failed == 3)
        #expect(quiet.ignoredFailures == 3)
        try self.corpus.write("broken.pdf", Array("%PDF-1.7\nstill nothing".utf8))
        let loud = try self.corpus.run(.sync)
        #expect(loud.status == .documentsFailed)
        #expect(loud.ignoredFailures == 2)
        #expect(try self.failure("docs/broken.pdf").state == .failed)
    }

    @Test func ignoringANameOfNothingIgnoresNothing() throws {
        #expect(throws: OperationError.self) {
            try ignoreFailures(workspace: self.corpus.workspace, names: ["docs/empty.txt", "no"])
        }
        #expect(try self.failure("docs/empty.txt").state == .failed)
    }

    @Test func retryTriesWhatMatchesAgainAndCountsTheAttempt() throws {
        #expect(try self.corpus.run(.sync).extracted == 0)
        var filter = FailureFilter()
        filter.code = try self.failure("docs/broken.pdf").code
        let report = try retryFailures(workspace: self.corpus.workspace, filter: filter)
        #expect(report.retried == 1)
        #expect(report.leftOut == 0)
        let summary = try self.corpus.run(.sync)
        #expect(summary.read == 1)
        #expect(summary.extracted == 1)
        #expect(try self.failure("docs/broken.pdf").attempts == 2)
        #expect(try self.corpus.run(.sync).extracted == 0)
    }

    @Test func retryLeavesOutQuarantinedAndIgnoredUnlessAsked() throws {
        try self.quarantine("broken.pdf")
        _ = try ignoreFailures(workspace: self.corpus.workspace, names: ["docs/empty.txt"])
        let workspace = self.corpus.workspace
        let plain = try retryFailures(workspace: workspace)
        #expect(plain.retried == 1)
        #expect(plain.leftOut == 2)
        #expect(try self.failure("docs/broken.pdf").state == .quarantined)
        var filter = FailureFilter()
        filter.isQuarantined = true
        #expect(try retryFailures(workspace: workspace, filter: filter).retried == 1)
        #expect(try self.failure("docs/broken.pdf").state == .failed)
        let named = try retryFailures(workspace: workspace, names: ["docs/empty.txt"])
        #expect(named.retried == 1)
        #expect(named.leftOut == 0)
    }

    @Test(arguments: StageFailure.Code.allCases)
    func everyCodeSaysWhatToDo(code: StageFailure.Code) throws {
        let report = try self.failure("docs/broken.pdf")
        let path = WorkspaceLayout(root: self.corpus.workspace).manifest(shard: report.shard)
        let shard = try ShardManifest(path: path, mode: .readWrite)
        let letter = try #require(try shard.deadLetters().first { $0.uri == report.uri })
        let record = try #require(try shard.document(letter.id))
        try shard.commit(
            [
                .failed(
                    record.item,
                    contentHash: nil,
                    fingerprint: record.attemptFingerprint,
                    failure: StageFailure(stage: "pdf", code: code, message: "told")
                )
            ],
            run: 1,
            at: 1
        )
        let hint = try self.failure("docs/broken.pdf").hint
        #expect(hint.count > 20)
        #expect(hint.hasSuffix("."))
        if code != .corrupt { #expect(hint != report.hint) }
    }
}
