import Foundation
import Operations
import Segments
import Storage
import Testing

/// Damage is found, said, and repaired from the manifests.
@Suite struct VerifyTests {
    let corpus: TestCorpus
    let snapshot: Snapshot

    init() throws {
        self.corpus = try TestCorpus()
        try self.corpus.fill(12)
        try self.corpus.run()
        self.snapshot = try self.corpus.snapshot()
    }

    private var firstSegment: String {
        get throws {
            let segment = try #require(self.snapshot.indexes.first?.segments.first)
            return WorkspaceLayout(root: self.corpus.workspace)
                .segment(shard: segment.shard, name: segment.name)
        }
    }

    @Test func soundWorkspaceHasNoProblems() throws {
        let report = try verify(workspace: self.corpus.workspace)
        #expect(report.problems.isEmpty)
        #expect(report.documents == 12)
        #expect(report.chunks == self.snapshot.chunkCount)
        #expect(report.segments == self.snapshot.indexes[0].segments.count)
    }

    @Test(arguments: 0..<12) func flippedByteIsReported(part: Int) throws {
        let path = try self.firstSegment
        var bytes = try readFile(path, maximumBytes: 1 << 26)
        let offset = part == 11 ? bytes.count - 1 : part * bytes.count / 11
        bytes[offset] ^= 0x10
        chmod(path, 0o644)
        try Data(bytes).write(to: URL(filePath: path))
        let problems = try verify(workspace: self.corpus.workspace).problems
        #expect(problems.count == 1, "byte \(offset)")
        #expect(problems.first?.contains(path) == true)
    }

    @Test func deletedSegmentIsReportedAndRebuiltUnderItsName() throws {
        let path = try self.firstSegment
        let bytes = try readFile(path, maximumBytes: 1 << 26)
        try removeFile(path)
        let problems = try verify(workspace: self.corpus.workspace).problems
        #expect(problems.count == 1)
        #expect(problems.first?.contains(path) == true)
        let summary = try self.corpus.run(.sync)
        #expect(summary.outcome == .unchanged)
        #expect(summary.segmentsWritten == 1)
        #expect(summary.chunksEmbedded == 0)
        #expect(try readFile(path, maximumBytes: 1 << 26) == bytes)
        #expect(try verify(workspace: self.corpus.workspace).problems.isEmpty)
    }

    @Test func missingManifestIsReported() throws {
        let segment = try #require(self.snapshot.indexes.first?.segments.first)
        let layout = WorkspaceLayout(root: self.corpus.workspace)
        try removeFile(layout.manifest(shard: segment.shard))
        let problems = try verify(workspace: self.corpus.workspace).problems
        #expect(problems.contains { $0.contains(layout.manifest(shard: segment.shard)) })
    }

    @Test func oldSegmentsAreSweptAndThoseOfRecentSnapshotsKept() throws {
        for round in 0..<6 {
            try self.corpus.write("changing.md", TestDocument(seed: 900 + UInt64(round)))
            try self.corpus.run(.sync)
        }
        let live = try self.corpus.snapshot()
        #expect(live.number == 7)
        let layout = WorkspaceLayout(root: self.corpus.workspace)
        let files = try (0..<4).flatMap {
            try FileManager.default.contentsOfDirectory(atPath: layout.segmentsFolder(shard: $0))
        }
        let named = try (5...7).flatMap { number in
            try Segments.snapshot(number: number, workspace: self.corpus.workspace)
                .indexes.flatMap { $0.segments.map(\.name) }
        }
        #expect(Set(files) == Set(named))
    }
}

/// What people are told about documents, runs and quality.
@Suite struct InspectTests {
    @Test func everyFateOfADocumentIsExplained() throws {
        let corpus = try TestCorpus()
        let twin = TestDocument(title: "Twin", seed: 20)
        try corpus.write("a.md", twin)
        try corpus.write("b.html", twin)
        try corpus.write("c.txt", [])
        try corpus.run()

        let kept = try explain(workspace: corpus.workspace, uri: "docs/a.md")
        #expect(kept.state == "indexed")
        #expect(kept.chunks.count == 4)
        #expect(kept.chunks.map(\.ordinal) == [0, 1, 2, 3])
        #expect(kept.chunks.allSatisfy { $0.start < $0.end && $0.tokens <= 64 })
        #expect(kept.failures.isEmpty)
        #expect(kept.facts.contains { $0.name == "title" && $0.value == "Twin" })
        #expect(kept.facts.contains { $0.name == "repeated" && $0.value.contains("docs/b.html") })
        #expect(kept.facts.contains { $0.name == "snapshot" && $0.value == "1" })

        let duplicate = try explain(workspace: corpus.workspace, uri: "docs/b.html")
        #expect(duplicate.state == "duplicate")
        #expect(
            duplicate.facts.contains { $0.name == "repeats" && $0.value.hasPrefix("docs/a.md") }
        )
        #expect(!duplicate.facts.contains { $0.name == "snapshot" })

        let failed = try explain(workspace: corpus.workspace, uri: "docs/c.txt")
        #expect(failed.state == "failed")
        #expect(failed.failures.first?.contains("empty") == true)
        #expect(failed.chunks.isEmpty)

        let error = #expect(throws: OperationError.self) {
            try explain(workspace: corpus.workspace, uri: "docs/none.md")
        }
        #expect(error?.status == .noSuchState)
        #expect(error?.message.contains("docs/none.md") == true)
    }

    @Test func statusAgreesWithTheSummary() throws {
        let corpus = try TestCorpus()
        try corpus.fill(9)
        try corpus.write("twin.md", TestDocument(title: "Number 0", seed: 7_919, sections: 3))
        try corpus.write("bad.txt", [])
        let summary = try corpus.run()
        let report = try status(workspace: corpus.workspace)
        #expect(report.accounts == summary.accounts)
        #expect(report.accounts.addsUp)
        #expect(report.accounts.duplicates == 1)
        #expect(report.snapshot?.number == summary.snapshot)
        #expect(report.snapshot?.digest == summary.digest)
        #expect(report.snapshot?.chunks == summary.chunks)
        #expect(report.languages == summary.languages)
        #expect(report.deadLetters == summary.deadLetters)
        #expect(report.mediaTypes["text/html"] == 3)
        #expect(report.lockHolder == nil)
        #expect(report.runs.map(\.status) == ["finished"])
        #expect(report.runs.first?.exitCode == 3)
    }

    @Test func evaluationScoresDocumentsByTheirNames() throws {
        let corpus = try TestCorpus()
        try corpus.fill(10)
        try corpus.run()
        let queries = (0..<10).map { number -> String in
            let document = TestDocument(seed: 7_919 + UInt64(number), sections: 3)
            return "{\"_id\":\"q\(number)\",\"text\":\"\(document.sections[1])\"}"
        }
        let suffixes = TestDocument.Format.allCases.map(\.rawValue)
        // By URI, by path below the source, by file name alone.
        let judgements = (0..<10).map { number -> String in
            let name = ["docs/a00\(number).\(suffixes[number % 3])", "a00\(number)"]
            return "q\(number)\t\(name[number % 2])\t2"
        }
        let queriesPath = corpus.root + "/queries.jsonl"
        let judgementsPath = corpus.root + "/qrels.tsv"
        try Data(queries.joined(separator: "\n").utf8).write(to: URL(filePath: queriesPath))
        try Data((["query-id\tcorpus-id\tscore"] + judgements).joined(separator: "\n").utf8)
            .write(to: URL(filePath: judgementsPath))
        let report = try evaluate(
            EvaluationRequest(
                workspace: corpus.workspace,
                queriesPath: queriesPath,
                judgementsPath: judgementsPath,
                modes: SearchModeName.allCases,
                count: 10
            )
        )
        #expect(report.queryCount == 10)
        #expect(report.judgementCount == 10)
        #expect(report.modes.map(\.mode) == ["fused", "vector", "bm25"])
        for mode in report.modes {
            #expect(mode.ndcg10 == 1, "\(mode.mode)")
            #expect(mode.recall == 1)
            #expect(mode.mrr == 1)
        }
    }

    @Test func evaluationWithoutJudgedQueriesIsRefused() throws {
        let corpus = try TestCorpus()
        try corpus.fill(1)
        try corpus.run()
        let path = corpus.root + "/queries.jsonl"
        let qrels = corpus.root + "/qrels.tsv"
        try Data("{\"_id\":\"q\",\"text\":\"x\"}\n".utf8).write(to: URL(filePath: path))
        try Data("other\td\t1\n".utf8).write(to: URL(filePath: qrels))
        func attempt(_ queries: String, _ qrels: String) -> OperationError? {
            #expect(throws: OperationError.self) {
                try evaluate(
                    EvaluationRequest(
                        workspace: corpus.workspace,
                        queriesPath: queries,
                        judgementsPath: qrels,
                        modes: [.bm25],
                        count: 5
                    )
                )
            }
        }
        #expect(attempt(path, qrels)?.status == .configuration)
        #expect(attempt(path, corpus.root + "/absent.tsv")?.status == .configuration)
        #expect(attempt(qrels, qrels)?.message.contains("qrels.tsv:1") == true)
    }
}
