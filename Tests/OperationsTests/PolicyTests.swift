import Foundation
import Hashing
import Manifests
import Records
import Redact
import Segments
import Storage
import Testing

@testable import Connectors
@testable import Operations

/// A redaction policy from its file to the index, and what an auditor is told.
@Suite struct PolicyTests {
    let corpus: TestCorpus

    init() throws {
        self.corpus = try TestCorpus(sources: ["docs", "crm"])
        var letter = TestDocument(title: "Letter", seed: 70, sections: 4)
        letter.sections[1] += " Write to clerk@mail-house.org about card 4111 1111 1111 1111."
        try self.corpus.write("letter.md", letter)
        try self.corpus.write("plain.md", TestDocument(title: "Plain", seed: 3, sections: 4))
    }

    private func use(_ policy: String, named name: String = "policy.yaml") throws {
        try self.corpus.usePolicy(policy, named: name)
    }

    private func text(of name: String) throws -> String {
        let hits = try self.corpus.search("letter", mode: .bm25, count: 50).hits
        return hits.filter { $0.uri.hasSuffix(name) }.map(\.snippet).joined(separator: "\n")
    }

    private func leaks(policy: String? = nil) throws -> LeakReport {
        try scanForLeaks(
            workspace: self.corpus.workspace,
            pipeline: self.corpus.pipelineFile(),
            policy: policy
        )
    }

    @Test func actionsReachTheIndexAndTheAudit() throws {
        try self.use(
            """
            rules:
              - { kind: [CREDIT_CARD], action: mask, keep_last: 4 }
            """
        )
        #expect(try self.corpus.run().redactions == ["EMAIL": 1, "CREDIT_CARD": 1])
        #expect(try self.leaks().leakCount == 0)
        let pipeline = try self.corpus.pipelineFile()
        let audit = try auditPII(workspace: self.corpus.workspace, pipeline: pipeline)
        #expect(audit.documents == 2 && audit.values == 2 && audit.outdatedCount == 0)
        #expect(audit.counts.map(\.action) == ["mask", "placeholder"])
        #expect(audit.runs.first?.kinds == ["EMAIL": 1, "CREDIT_CARD": 1])
        let document = try auditDocument(
            workspace: self.corpus.workspace,
            pipeline: pipeline,
            uri: "docs/letter.md"
        )
        #expect(document.findings.map(\.kind) == ["EMAIL", "CREDIT_CARD"])
        #expect(document.findings.allSatisfy { $0.digest == nil && $0.score > 0.5 })
        let segment = try #require(try self.corpus.snapshot().indexes.first?.segments.first)
        let reader = try LiveSegmentReader(segment, workspace: self.corpus.workspace)
        #expect(reader.segment.configuration.properties["policy"] == document.policy)
    }

    @Test func theScanSeesWhatTheRedactorsReadingHides() throws {
        var hidden = TestDocument(title: "Hidden", seed: 71, sections: 4)
        // The groups of a card with a sign between them that the redactor does not read.
        hidden.sections[1] += " It was paid by 4111×1111×1111×1111 then."
        try self.corpus.write("hidden.md", hidden)
        try self.use("kinds: [EMAIL, CREDIT_CARD]")
        try self.corpus.run()
        let report = try self.leaks()
        #expect(Set(report.leaks.map(\.rule)) == ["plain.card"])
        #expect(report.leaks.allSatisfy { $0.document.hasSuffix("hidden.md") })
        #expect(Set(report.leaks.map(\.part)) == ["text"])
        try self.use("kinds: [EMAIL]", named: "mail.yaml")
        #expect(try self.leaks(policy: self.corpus.pipeline.policy).leakCount == 0)
    }

    @Test func aStricterPolicyFindsWhatAnEarlierOneLeft() throws {
        try self.use("kinds: [CREDIT_CARD]")
        try self.corpus.run()
        #expect(try self.leaks().leakCount == 0)
        try self.use("kinds: [EMAIL, CREDIT_CARD]", named: "strict.yaml")
        let report = try self.leaks(policy: self.corpus.pipeline.policy)
        // The text in the manifest and in the segment, and the words of the address are no address.
        #expect(Set(report.leaks.map(\.kind)) == ["EMAIL"])
        #expect(Set(report.leaks.map(\.part)) == ["text"] && report.leakCount == 2)
        #expect(report.leaks.allSatisfy { $0.document == "docs/letter.md" })
    }

    @Test func whatAnUpdateCouldNotRedactAgainIsNamed() throws {
        try self.use("kinds: [EMAIL]")
        try self.corpus.run()
        try self.use("kinds: [EMAIL, CREDIT_CARD]")
        try self.corpus.write("letter.md", [UInt8](repeating: 0, count: 64))
        try self.corpus.run()
        #expect(try self.corpus.state(of: "letter.md") == "stale")
        let audit = try auditPII(
            workspace: self.corpus.workspace,
            pipeline: try self.corpus.pipelineFile()
        )
        #expect(audit.outdated == ["docs/letter.md"])
        #expect(audit.policies.filter(\.isOutdated).map(\.documents) == [1])
        #expect(try self.leaks().byKind == ["CREDIT_CARD": 2])
    }

    @Test(arguments: [
        ("kinds: [EMIAL]", "policy.yaml:3:"),
        ("kinds: [EMIAL]", "unknown kind 'EMIAL'; did you mean 'EMAIL'?"),
        ("kinds: [E_MAIL, FAX]", "unknown kind 'E_MAIL'; did you mean 'EMAIL'?"),
        ("kinds: [FAX]", "unknown kind 'FAX'; known kinds: ADDRESS, BANK_ACCOUNT"),
        ("action: masked", "unknown action 'masked'; did you mean 'mask'?"),
        ("kind: [EMAIL]", "unknown key 'kind'; did you mean 'kinds'?"),
        ("rules:\n  - { kind: [EMAIL] }", "policy.yaml:4:"),
        ("cases:\n  - { text: a@mail-house.org, expect: x }", "policy.yaml:4:"),
        ("threshold: 2", "policy.yaml:3:"), ("kinds: [EMAIL", "policy.yaml:"),
        ("action: pseudonym\npseudonym_key: k1", "key_env"),
    ])
    func whatAPolicyMayNotSayIsRefusedWithItsLine(policy: String, place: String) throws {
        try self.use(policy)
        let error = #expect(throws: OperationError.self) { try self.corpus.run() }
        #expect(error?.status == .configuration)
        #expect(error?.message.contains(place) == true, "\(error?.message ?? "")")
        #expect(!FileManager.default.fileExists(atPath: self.corpus.workspace))
    }

    @Test func quarantineTakesTheServedVersionAway() throws {
        try self.use("kinds: [EMAIL, CREDIT_CARD]")
        try self.corpus.run()
        try self.use("rules:\n  - { kind: [CREDIT_CARD], action: quarantine }")
        let summary = try self.corpus.run()
        #expect(summary.failures == ["quarantined": 1])
        #expect(summary.exitCode == ExitStatus.documentsFailed.rawValue)
        #expect(try self.corpus.state(of: "letter.md") == "failed")
        #expect(try self.corpus.snapshot().documentCount == 1)
        #expect(summary.digest == (try self.corpus.freshSnapshot()).digest)
        try self.use("kinds: [EMAIL]")
        #expect(try self.corpus.run().failures.isEmpty)
        #expect(try self.corpus.snapshot().documentCount == 2)
    }

    @Test func aDroppedChunkIsNotKeptAndComesBackWithThePolicy() throws {
        try self.use("kinds: [CREDIT_CARD]")
        let whole = try self.corpus.run()
        try self.use("kinds: [CREDIT_CARD]\naction: drop_chunk")
        let dropped = try self.corpus.run()
        #expect(dropped.chunks == whole.chunks - 1)
        #expect(dropped.digest == (try self.corpus.freshSnapshot()).digest)
        try self.use("kinds: [CREDIT_CARD]")
        #expect(try self.corpus.run().digest == whole.digest)
    }

    @Test func aRuleForOneSourceFollowsADocumentThatMoves() throws {
        try self.use("rules:\n  - { source: [crm], kind: [EMAIL], action: allow }")
        try self.corpus.run()
        #expect(try status(workspace: self.corpus.workspace).redactions["EMAIL"] == 1)
        let bytes = try Data(contentsOf: URL(filePath: self.corpus.path("letter.md")))
        try self.corpus.delete("letter.md")
        try self.corpus.write("letter.md", [UInt8](bytes), in: "crm")
        let moved = try self.corpus.run()
        #expect(moved.copied == 0 && moved.redactions["EMAIL"] == nil)
        #expect(moved.digest == (try self.corpus.freshSnapshot()).digest)
    }

    @Test func anIndexMayShowURIsRedacted() throws {
        try self.corpus.rename("letter.md", to: "clerk@mail-house.org.md")
        // Of a document that fails there is nothing but its name.
        try self.corpus.write("ann@mail-house.org.md", [UInt8](repeating: 0, count: 64))
        try self.use("uris: redact")
        try self.corpus.run()
        let uris = Set(try self.corpus.search("letter", mode: .bm25, count: 50).hits.map(\.uri))
        #expect(uris == ["docs/[EMAIL].md"])
        let redacted = try self.leaks()
        #expect(redacted.leakCount == 0)
        // The manifest finds the file by its name, so the value stands there and is counted.
        let named = documentID(uri: "docs/clerk@mail-house.org.md")
        #expect(redacted.manifestURIs.isJudged && redacted.manifestURIs.count == 3)
        #expect(redacted.manifestURIs.byKind == ["EMAIL": 2])
        #expect(redacted.manifestURIs.documents.contains("\(named)"))
        try self.use("uris: keep")
        try self.corpus.run()
        #expect(try self.leaks().manifestURIs == .init(count: 3))
        let kept = try self.corpus.search("letter", mode: .bm25, count: 50).hits.map(\.uri)
        #expect(kept.contains("docs/clerk@mail-house.org.md"))
    }

    @Test func aDiffCountsWhatAnotherPolicyWouldChange() throws {
        try self.use("kinds: [EMAIL]", named: "old.yaml")
        try self.use("kinds: [EMAIL, CREDIT_CARD]\naction: mask", named: "new.yaml")
        var request = PolicyDiffRequest(
            old: "\(self.corpus.root)/old.yaml",
            new: "\(self.corpus.root)/new.yaml"
        )
        request.corpus = "\(self.corpus.root)/docs"
        request.isolation = .none
        request.workerCount = 2
        let report = try comparePolicies(request)
        #expect(report.documents == 2 && report.changed == 1 && report.unchanged == 1)
        let counts = report.counts.map { "\($0.kind) \($0.action) \($0.old) \($0.new)" }
        #expect(
            counts == ["CREDIT_CARD mask 0 1", "EMAIL mask 0 1", "EMAIL placeholder 1 0"]
        )
        #expect(report.changes.map(\.uri) == ["corpus/letter.md"])
    }

    /// Of a policy's key a reader knows nothing, and a case that fails is no reason not to look.
    @Test func whatReadsAWorkspaceNeedsNoKey() throws {
        // Any variable that is set and long enough serves for a key.
        self.corpus.pipeline.keyVariable = "PATH"
        let policy = "action: pseudonym\npseudonym_key: k1\nuris: redact\n"
        try self.use(policy)
        try self.corpus.run()
        self.corpus.pipeline.keyVariable = "MILLRACE_TESTS_NEVER_SET"
        try self.use(policy + "cases:\n  - { text: a@mail-house.org, expect: x }")
        let pipeline = try self.corpus.pipelineFile()
        let workspace = try workspacePath(pipeline: pipeline)
        #expect(workspace == self.corpus.workspace)
        #expect(try self.leaks().leakCount == 0)
        let audit = try auditPII(workspace: workspace, pipeline: pipeline)
        #expect(audit.values == 2 && audit.outdatedCount == 0)
        let document = try auditDocument(
            workspace: workspace,
            pipeline: pipeline,
            uri: "docs/letter.md"
        )
        #expect(!document.isOutdated && document.findings.allSatisfy { $0.digest != nil })
    }

    @Test func whatRedactsNeedsTheKey() throws {
        self.corpus.pipeline.keyVariable = "MILLRACE_TESTS_NEVER_SET"
        try self.use("action: pseudonym\npseudonym_key: k1")
        let pipeline = try self.corpus.pipelineFile()
        var diff = PolicyDiffRequest(
            old: try #require(self.corpus.pipeline.policy),
            new: "\(Repository.root)/Pipelines/policies/minimal.yaml"
        )
        diff.pipeline = pipeline
        diff.isolation = .none
        let verbs: [() throws -> Void] = [
            { try self.corpus.run() }, { _ = try makePlan(path: pipeline, options: RunOptions()) },
            { _ = try comparePolicies(diff) },
        ]
        for verb in verbs {
            let error = #expect(throws: OperationError.self, performing: verb)
            #expect(error?.status == .configuration)
            let message = error?.message ?? ""
            #expect(message.contains("'redact'") && message.contains("MILLRACE_TESTS_NEVER_SET"))
        }
        #expect(!FileManager.default.fileExists(atPath: self.corpus.workspace))
    }

    @Test func aDiffNamesWhatItCouldNotSee() throws {
        try self.corpus.write("bomb.md", [UInt8](repeating: 0, count: 64))
        try self.corpus.write("titled.html", Self.titled)
        let limit = self.corpus.pipeline.maximumBytes
        try self.corpus.write("huge.md", [UInt8](repeating: 0x61, count: limit + 1))
        // Too deep to list, as a folder that may not be read is.
        let deep = (0..<FolderWalk.depthMax).map { _ in "d" }.joined(separator: "/")
        try self.corpus.write("\(deep)/far.md", [])
        try self.use("kinds: [CREDIT_CARD]", named: "old.yaml")
        try self.use("kinds: [EMAIL, CREDIT_CARD]", named: "new.yaml")
        var request = PolicyDiffRequest(
            old: "\(self.corpus.root)/old.yaml",
            new: "\(self.corpus.root)/new.yaml"
        )
        request.pipeline = try self.corpus.pipelineFile()
        request.isolation = .none
        let report = try comparePolicies(request)
        #expect(report.changes.map(\.uri) == ["docs/letter.md", "docs/titled.html"])
        #expect(report.changes.map(\.parts) == [["text"], ["title", "metadata"]])
        #expect(report.changes.last?.counts == [])
        let unreadable = report.unreadableDocuments.map { "\($0.uri) \($0.stage) \($0.code)" }
        #expect(unreadable == ["docs/bomb.md markdown corrupt", "docs/huge.md read too_large"])
        #expect(report.documents == 5 && report.unchanged == 1 && report.unreadable == 2)
        #expect(report.listingProblems.count == 1 && !report.isWhole)
    }

    private static let titled = Array(
        """
        <!doctype html><title>For clerk@mail-house.org</title>
        <meta name=author content="clerk@mail-house.org"><main><p>One sentence to be read \
        here, and another one.</p></main>
        """.utf8
    )

    @Test(arguments: ["minimal", "standard", "compliance"])
    func shippedPoliciesPassTheirCases(name: String) throws {
        let path = "\(Repository.root)/Pipelines/policies/\(name).yaml"
        let report = try testPolicy(path: path)
        #expect(report.caseCount >= 3)
        // Without the table of names its cases cannot come out; it says so.
        if report.warnings.isEmpty { #expect(report.failures.isEmpty, "\(report.failures)") }
    }
}
