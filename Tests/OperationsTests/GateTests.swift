import Foundation
import Operations
import Segments
import Storage
import Testing

/// A snapshot that is worse than the live one is not published, and the next run works as ever.
@Suite struct GateTests {
    let corpus: TestCorpus
    private static let words = [
        "harbour", "glacier", "orchard", "lantern", "compass", "meadow", "quarry", "bellows",
        "cinnamon", "saddle", "walnut", "pebble",
    ]

    /// Twelve documents, each with a word of its own that a query asks for.
    init() throws {
        self.corpus = try TestCorpus()
        try self.writeDocuments()
        try self.writeGate()
        try self.corpus.run()
    }

    private func writeDocuments(_ number: Int? = nil) throws {
        for (index, word) in Self.words.enumerated() where number == nil || number == index {
            try self.corpus.write(
                "d\(index).md",
                TestDocument(
                    title: "About \(word)",
                    sections: [
                        "The \(word) was written about here, and \(word) again.",
                        TestDocument.paragraph(seed: UInt64(index) + 40),
                    ]
                )
            )
        }
    }

    private func writeGate() throws {
        let queries = Self.words.enumerated().map { "{\"_id\":\"q\($0)\",\"text\":\"\($1)\"}" }
        let judgements = Self.words.indices.map { "q\($0)\tdocs/d\($0).md\t1" }
        try self.write("queries.jsonl", queries)
        try self.write("judgements.tsv", ["query-id\tcorpus-id\tscore"] + judgements)
    }

    private func write(_ name: String, _ lines: [String]) throws {
        try Data((lines.joined(separator: "\n") + "\n").utf8)
            .write(to: URL(filePath: "\(self.corpus.root)/\(name)"))
    }

    private var workspace: String { self.corpus.workspace }

    /// The pipeline with a gate, by the two files alone or with more keys.
    private func useGate(_ keys: String = "") {
        self.corpus.pipeline.rootLines = [
            "gate: { queries: queries.jsonl, judgements: judgements.tsv\(keys) }"
        ]
    }

    private func regress() throws {
        for index in Self.words.indices {
            try self.corpus.write(
                "d\(index).md",
                TestDocument(
                    title: "About nothing",
                    sections: [TestDocument.paragraph(seed: UInt64(index) + 900)]
                )
            )
        }
    }

    @Test func theTwoFilesAloneAreAGateThatHarmlessChangesPass() throws {
        self.useGate()
        try self.corpus.write(
            "ferry.md",
            TestDocument(title: "Ferry", sections: ["A ferry crosses the lake at noon."])
        )
        let summary = try self.corpus.run(.sync)
        #expect(summary.outcome == .published)
        let gate = try #require(summary.gate)
        #expect(gate.passed)
        #expect(gate.live == 1)
        #expect(gate.candidate == 2)
        #expect(gate.queries == Self.words.count)
        let ndcg = try #require(gate.checks.first { $0.metric == "ndcg@10" && $0.was != nil })
        #expect(ndcg.now > 0.9)
        #expect(try self.corpus.run(.sync).gate == nil)
    }

    @Test func aLossIsStoppedAndTheNextRunWorks() throws {
        self.useGate()
        let digest = try self.corpus.snapshot().digest
        try self.regress()
        let summary = try self.corpus.run(.sync)
        #expect(summary.outcome == .refused)
        #expect(summary.status == .gateFailed)
        #expect(summary.snapshot == 1)
        let gate = try #require(summary.gate)
        #expect(gate.failed.contains { $0.metric == "ndcg@10" && $0.rule == "score_loss" })
        let loss = try #require(gate.failed.first { $0.metric == "ndcg@10" && $0.p != nil })
        #expect(try #require(loss.p) < 0.01)
        #expect(try self.corpus.snapshot().digest == digest)
        #expect(try snapshotNumbers(workspace: self.workspace) == [1, 2])
        // Nothing is a problem while it waits, and who looks is told.
        #expect(try status(workspace: self.workspace).candidate == 2)
        #expect(try verify(workspace: self.workspace).problems.isEmpty)
        #expect(try audit(workspace: self.workspace).problems.isEmpty)
        #expect(throws: OperationError.self) { try rollback(workspace: self.workspace, to: 2) }

        // The same again is the same candidate.
        #expect(try self.corpus.run(.sync).gate?.candidate == 2)
        try self.writeDocuments()
        let mended = try self.corpus.run(.sync)
        #expect(mended.outcome == .published || mended.outcome == .unchanged)
        #expect(mended.digest == digest)
        #expect(mended.status == .clean)
        #expect(try self.corpus.run(.sync).outcome == .unchanged)
        #expect(try status(workspace: self.workspace).candidate == nil)
    }

    @Test func aCandidateIsJudgedAgainAndForced() throws {
        self.useGate()
        try self.regress()
        try self.corpus.run(.sync)
        let pipeline = try self.corpus.pipelineFile()
        let again = try publishCandidate(PublishRequest(pipeline: pipeline))
        #expect(!again.isPublished)
        #expect(again.status == .gateFailed)
        #expect(try self.corpus.snapshot().number == 1)
        #expect(throws: OperationError.self) {
            try publishCandidate(PublishRequest(pipeline: pipeline, forcedReason: "  "))
        }
        let forced = try publishCandidate(
            PublishRequest(pipeline: pipeline, forcedReason: "the queries are of last year")
        )
        #expect(forced.isPublished)
        #expect(forced.from == 1)
        #expect(try self.corpus.snapshot().number == 2)
        #expect(try self.corpus.run(.sync).outcome == .unchanged)
        #expect(try verify(workspace: self.workspace).problems.isEmpty)
        let entries = try auditLog(workspace: self.workspace, limit: 10).entries
        #expect(entries.map(\.action) == [.force, .gateFailed, .publish])
        #expect(entries[0].details["reason"] == "the queries are of last year")
        #expect(try verifyAuditLog(workspace: self.workspace).isSound)
        // Nothing waits any more, and going back is possible.
        #expect(throws: OperationError.self) {
            try publishCandidate(PublishRequest(pipeline: pipeline))
        }
        #expect(try rollback(workspace: self.workspace, to: nil).to == 1)
    }

    @Test func otherLimitsLetTheSameCandidatePass() throws {
        self.useGate()
        try self.regress()
        try self.corpus.run(.sync)
        let loose = [
            "\"ndcg@10\"", "mrr", "\"recall@10\"", "\"p@10\"", "top10_churn", "tokens", "chunks",
            "chunk_length", "languages", "language_loss",
        ]
        self.useGate(
            ", thresholds: { \"ndcg@10\": 0 }, maximum_drop: { "
                + loose.map { "\($0): 1" }.joined(separator: ", ") + " }"
        )
        let report = try publishCandidate(
            PublishRequest(pipeline: try self.corpus.pipelineFile())
        )
        #expect(report.isPublished, "\(report.gate?.failed ?? [])")
        #expect(report.forcedReason == nil)
    }

    @Test func aFirstBackfillHasOnlyTheLimitsByThemselves() throws {
        self.useGate(", thresholds: { \"ndcg@10\": 0.6 }")
        let first = try self.corpus.run(workspace: self.corpus.workspace("first"))
        #expect(first.outcome == .published)
        #expect(first.gate?.live == nil)
        self.useGate(", thresholds: { documents: 1000 }")
        let refused = try self.corpus.run(workspace: self.corpus.workspace("refused"))
        #expect(refused.outcome == .refused)
        #expect(refused.snapshot == nil)
        #expect(refused.gate?.failed.map(\.metric) == ["documents"])
        #expect(try liveSnapshotNumber(workspace: self.corpus.workspace("refused")) == nil)
        #expect(try status(workspace: self.corpus.workspace("refused")).candidate == 1)
    }

    /// What goes wrong with a pipeline, and a measure that has to see it.
    enum Regression: String, CaseIterable, Sendable {
        case halfOfTheDocuments, wrongLanguages, noTitles, policyOff, duplicatesBack, tinyChunks
        case failures
    }

    @Test(arguments: Regression.allCases) func eachRegressionIsSeen(_ kind: Regression) throws {
        let metric = try self.prepare(kind)
        let summary = try self.corpus.run(.sync)
        #expect(summary.outcome == .refused, "\(kind)")
        #expect(summary.gate?.failed.contains { $0.metric == metric } ?? false, "\(kind)")
    }

    @Test func aMovedDocumentIsJudgedWhereItIsNow() throws {
        self.useGate()
        for index in 0..<6 {
            let bytes = try Data(contentsOf: URL(filePath: self.corpus.path("d\(index).md")))
            try self.corpus.write("moved/n\(index).md", [UInt8](bytes))
            try FileManager.default.removeItem(atPath: self.corpus.path("d\(index).md"))
        }
        let moved = try self.corpus.run(.sync)
        #expect(moved.outcome == .published, "\(moved.gate?.failed ?? [])")
        #expect(moved.gate?.queries == Self.words.count)
        let score = moved.gate?.checks.first { $0.metric == "ndcg@10" && $0.p != nil }
        #expect(score?.now == score?.was)
        let churn = moved.gate?.checks.first { $0.metric == "top10_churn" }
        // Equal scores go by the document's id, which is another now.
        #expect(churn?.now ?? 1 < 0.2)
        // In the next run nobody knows the old names any more: they are left out, and that is told.
        try self.corpus.write("e.md", TestDocument(title: "E", sections: ["A new page."]))
        let next = try self.corpus.run(.sync)
        #expect(next.outcome == .published)
        #expect(next.gate?.queries == 6)
        #expect(next.gate?.notes.contains { $0.contains("mean no document") } == true)
    }

    @Test func aDeletedDocumentIsNotMissedAndADuplicateIsFoundInItsStead() throws {
        self.useGate()
        try FileManager.default.removeItem(atPath: self.corpus.path("d3.md"))
        let copy = try Data(contentsOf: URL(filePath: self.corpus.path("d4.md")))
        try self.corpus.write("a4.md", [UInt8](copy))
        let summary = try self.corpus.run(.sync)
        #expect(summary.accounts.duplicates == 1)
        #expect(summary.outcome == .published, "\(summary.gate?.failed ?? [])")
        #expect(summary.gate?.queries == Self.words.count - 1)
        #expect(summary.gate?.notes.contains { $0.contains("deleted") } == true)
    }

    /// Brings the workspace to what the regression needs, makes the change, and names the measure.
    private func prepare(_ kind: Regression) throws -> String {
        switch kind {
        case .halfOfTheDocuments:
            self.useGate()
            self.corpus.pipeline.sourceKeys = ["exclude: [\"d1*.md\", \"d[2-6].md\"]"]
            _ = try? self.corpus.run(.sync)
            let held = try #require(try heldDeletions(workspace: self.workspace).first)
            try approveDeletes(ofRun: held.run, workspace: self.workspace)
            return "documents"
        case .wrongLanguages:
            self.useGate()
            self.corpus.pipeline.allowedLanguages = ["de"]
            return "documents"
        case .noTitles:
            self.useGate()
            for index in Self.words.indices {
                try self.corpus.write(
                    "d\(index).md",
                    Array("The \(Self.words[index]) is here.\n".utf8)
                )
            }
            return "titles"
        case .policyOff:
            for index in 0..<6 {
                try self.corpus.write(
                    "m\(index).md",
                    Array(
                        "# Mail \(index)\n\nAsk kim\(index).lee@corp.io or call 030 1234567\(index).\n"
                            .utf8
                    )
                )
            }
            try self.corpus.run(.sync)
            self.useGate()
            self.corpus.pipeline.redactKinds = ["IBAN"]
            return "redactions"
        case .duplicatesBack:
            for index in 0..<4 {
                let copy = try Data(contentsOf: URL(filePath: self.corpus.path("d\(index).md")))
                try self.corpus.write("copy\(index).md", [UInt8](copy))
            }
            try self.corpus.run(.sync)
            self.useGate()
            self.corpus.pipeline.threshold = nil
            return "duplicates"
        case .tinyChunks:
            self.useGate()
            self.corpus.pipeline.maximumTokens = 16
            return "chunk_length"
        case .failures:
            self.useGate()
            for index in 0..<4 {
                try self.corpus.write("broken\(index).html", [0xFF, 0xFE, 0x00])
                try self.corpus.write(
                    "broken\(index).pdf",
                    Array("%PDF-1.4 and nothing that follows".utf8)
                )
            }
            // Failures alone change nothing that is served, so that nothing is judged.
            try self.corpus.write("new.md", TestDocument(title: "New", seed: 70, sections: 1))
            return "dead_letters"
        }
    }
}
