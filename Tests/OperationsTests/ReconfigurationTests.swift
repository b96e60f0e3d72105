import Foundation
import Operations
import Segments
import Testing

/// A changed pipeline redoes what depends on the change.
@Suite struct ReconfigurationTests {
    let corpus: TestCorpus

    init() throws {
        self.corpus = try TestCorpus()
        try self.corpus.fill(8, sections: 4)
        var letter = TestDocument(title: "Letter", seed: 70, sections: 4)
        letter.sections[1] += " Write to clerk@example.org or call +44 20 7946 0958."
        try self.corpus.write("letter.md", letter)
        try self.corpus.run()
    }

    private func expectFreshDigest(_ summary: RunSummary) throws {
        #expect(summary.digest == (try self.corpus.freshSnapshot()).digest)
    }

    @Test func otherChunkSizeCutsStoredTextAgain() throws {
        let before = try self.corpus.snapshot()
        self.corpus.pipeline.maximumTokens = 24
        let summary = try self.corpus.run()
        #expect(summary.outcome == .published)
        #expect(summary.extracted == 0)
        #expect(summary.bytesRead == 0)
        #expect(summary.chunks > before.chunkCount)
        #expect(summary.chunksEmbedded > 0)
        try self.expectFreshDigest(summary)
        self.corpus.pipeline.maximumTokens = 64
        let back = try self.corpus.run()
        #expect(back.digest == before.digest)
        #expect(back.extracted == 0)
    }

    @Test func otherRedactionPolicyPreparesEveryDocumentAgain() throws {
        #expect(
            try status(workspace: self.corpus.workspace).redactions == ["EMAIL": 1, "PHONE": 1]
        )
        self.corpus.pipeline.redactKinds = ["PHONE"]
        let summary = try self.corpus.run()
        #expect(summary.extracted == 9)
        #expect(summary.redactions == ["PHONE": 1])
        // One chunk has another text now.
        #expect(summary.chunksEmbedded == 1)
        try self.expectFreshDigest(summary)
        let hits = try self.corpus.search("clerk@example.org", mode: .bm25).hits
        #expect(hits.first?.uri == "docs/letter.md")
        self.corpus.pipeline.redactKinds = nil
        let clean = try self.corpus.run()
        #expect(clean.extracted == 9)
        #expect(try self.corpus.search("clerk@example.org", mode: .bm25).hits.isEmpty)
    }

    @Test func otherDedupeThresholdDecidesAgainWithoutReading() throws {
        let twin = TestDocument(title: "Letter", seed: 70, sections: 4)
        var near = twin
        near.sections[3] = TestDocument.paragraph(seed: 71)
        try self.corpus.write("n1.md", twin)
        try self.corpus.write("n2.md", near)
        self.corpus.pipeline.threshold = 0.95
        let strict = try self.corpus.run()
        self.corpus.pipeline.threshold = 0.5
        let loose = try self.corpus.run()
        #expect(loose.extracted == 0)
        #expect(loose.accounts.duplicates > strict.accounts.duplicates)
        try self.expectFreshDigest(loose)
        self.corpus.pipeline.threshold = 0.95
        #expect(try self.corpus.run().digest == strict.digest)
    }

    @Test func keysThatOnlyChangeSpeedChangeNothing() throws {
        let summary = try self.corpus.run(overrides: ["embed.batch_tokens": "64"])
        #expect(summary.outcome == .unchanged)
        #expect(summary.chunksEmbedded == 0)
    }

    @Test func otherVectorEncodingWritesSegmentsAgainWithoutEmbedding() throws {
        let before = try self.corpus.snapshot()
        let summary = try self.corpus.run(overrides: ["index.vectors": "f32"])
        #expect(summary.outcome == .published)
        #expect(summary.chunksEmbedded == 0)
        #expect(summary.extracted == 0)
        #expect(try self.corpus.snapshot().indexes != before.indexes)
    }
}

/// Several embedders and indexes behind one chunk stage.
@Suite struct IndexChoiceTests {
    static let probe = TestDocument(seed: 31).sections[0]

    private static func corpus(tail: [String]) throws -> TestCorpus {
        var pipeline = TestPipeline()
        pipeline.tail = tail
        let corpus = try TestCorpus(pipeline)
        try corpus.fill(6)
        try corpus.write("probe.md", TestDocument(title: "Probe", seed: 31))
        return corpus
    }

    @Test func secondEmbedderWithItsOwnIndexIsSearchable() throws {
        let corpus = try Self.corpus(tail: [
            "embed: { uses: embed, from: chunk, model: hash }",
            "again: { uses: embed, from: chunk, model: hash, batch_tokens: 64 }",
            "index: { uses: index, from: embed }",
            "exact: { uses: index, from: again, vectors: f32 }",
        ])
        let summary = try corpus.run()
        #expect(summary.status == .clean)
        #expect(try corpus.snapshot().indexes.map(\.name) == ["index", "exact"])
        #expect(try verify(workspace: corpus.workspace).problems.isEmpty)
        for index in ["index", "exact"] {
            for mode in SearchModeName.allCases where mode != .sparse {
                let report = try corpus.search(Self.probe, mode: mode, index: index)
                #expect(report.index == index)
                #expect(report.hits.first?.uri == "docs/probe.md")
            }
        }
        #expect(try corpus.search(Self.probe).index == "index")
        #expect(
            SnapshotContent(try corpus.freshSnapshot()) == SnapshotContent(try corpus.snapshot())
        )
    }

    @Test func secondChunkSizeHasItsOwnIndex() throws {
        let corpus = try Self.corpus(tail: [
            "embed: { uses: embed, from: chunk, model: hash }",
            "index: { uses: index, from: embed }",
            "small: { uses: chunk, from: dedupe, maximum_tokens: 16, tokenizer: words }",
            "embed-small: { uses: embed, from: small, model: hash }",
            "index-small: { uses: index, from: embed-small }",
        ])
        let summary = try corpus.run()
        #expect(summary.status == .clean)
        let indexes = try corpus.snapshot().indexes
        let chunkCounts = indexes.map { $0.segments.reduce(0) { $0 + $1.chunkCount } }
        try #require(indexes.count == 2)
        #expect(chunkCounts[1] > chunkCounts[0])
        let chunks = try explain(workspace: corpus.workspace, uri: "docs/probe.md").chunks
        #expect(Set(chunks.map(\.index)) == ["chunk", "small"])
        #expect(try verify(workspace: corpus.workspace).problems.isEmpty)
    }

    @Test func addedIndexIsFilledFromWhatIsStored() throws {
        let corpus = try Self.corpus(tail: TestPipeline().tail)
        try corpus.run()
        corpus.pipeline.tail.append("words: { uses: index, from: chunk }")
        let summary = try corpus.run()
        #expect(summary.outcome == .published)
        #expect(summary.extracted == 0)
        #expect(summary.chunksEmbedded == 0)
        for mode in [SearchModeName.bm25, .fused] {
            let report = try corpus.search(Self.probe, mode: mode, index: "words")
            #expect(report.index == "words")
            #expect(report.hits.first?.uri == "docs/probe.md")
        }
    }

    @Test func indexFedByChunksAnswersByWordsOnly() throws {
        let corpus = try Self.corpus(tail: ["words: { uses: index, from: chunk }"])
        let summary = try corpus.run()
        #expect(summary.status == .clean)
        #expect(summary.chunksEmbedded == 0)
        for mode in [SearchModeName.bm25, .fused] {
            #expect(try corpus.search(Self.probe, mode: mode).hits.first?.uri == "docs/probe.md")
        }
        let error = #expect(throws: OperationError.self) {
            try corpus.search(Self.probe, mode: .vector)
        }
        #expect(error?.status == .configuration)
        #expect(error?.message.contains("bm25") == true)
    }

    @Test func unknownIndexIsRefusedWithTheNamesThereAre() throws {
        let corpus = try Self.corpus(tail: TestPipeline().tail)
        try corpus.run()
        let error = #expect(throws: OperationError.self) {
            try corpus.search("x", index: "other")
        }
        #expect(error?.status == .configuration)
        #expect(error?.message.contains("index") == true)
    }

    @Test func oneIndexOfTwoModelsIsRefusedBeforeAnythingIsTouched() throws {
        let corpus = try Self.corpus(tail: [
            "embed: { uses: embed, from: chunk, model: hash }",
            "again: { uses: embed, from: chunk, model: hash }",
            "index: { uses: index, from: [embed, again] }",
        ])
        let error = #expect(throws: OperationError.self) { try corpus.run() }
        #expect(error?.status == .configuration)
        #expect(!FileManager.default.fileExists(atPath: corpus.workspace))
    }
}
