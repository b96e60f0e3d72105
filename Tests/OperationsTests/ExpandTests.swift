import Foundation
import Operations
import Segments
import Testing

/// A stage 'expand' beside words and vectors, with a small model drawn by seed.
@Suite struct ExpandTests {
    let corpus: TestCorpus
    /// A copy: what is known of a model's files is kept beside them.
    private let model: String

    init() throws {
        self.corpus = try TestCorpus()
        self.model = self.corpus.root + "/model"
        try FileManager.default.copyItem(
            atPath: Repository.root + "/Tests/Golden/embedding/m-splade",
            toPath: self.model
        )
        try self.corpus.fill(10, sections: 4)
        try self.corpus.write(
            "time.md",
            TestDocument(title: "Ferry", sections: ["The time of day and the work of a man."])
        )
        self.corpus.pipeline.tail = self.tail()
    }

    private func tail(terms: Int = 64) -> [String] {
        [
            "embed: { uses: embed, from: chunk, model: hash }",
            "expand: { uses: expand, from: chunk, model: \(self.model), terms: \(terms) }",
            "index: { uses: index, from: [embed, expand] }",
        ]
    }

    /// Whether each live segment has expansions.
    private func haveExpansions() throws -> Set<Bool> {
        let snapshot = try self.corpus.snapshot()
        return try Set(
            snapshot.indexes.flatMap(\.segments).map { segment in
                let folder = self.corpus.workspace + "/shards/000\(segment.shard)/segments"
                return try SegmentReader(path: folder + "/" + segment.name).hasExpansions
            }
        )
    }

    @Test func expansionsAreSearchedAloneAndFused() throws {
        let summary = try self.corpus.run()
        #expect(summary.outcome == .published)
        #expect(try self.haveExpansions() == [true])
        let sparse = try self.corpus.search("time of day", mode: .sparse)
        #expect(!sparse.hits.isEmpty)
        var request = SearchRequest(workspace: self.corpus.workspace, text: "time of day", count: 3)
        request.explains = true
        for hit in try Operations.search(request).hits {
            let explanation = try #require(hit.explanation)
            let terms = try #require(explanation.expansion).map { $0.term }
            #expect(Set(terms).isSubset(of: ["time", "of", "day"]))
            #expect(explanation.sparseWeight == 1)
        }
        let checked = try verify(workspace: self.corpus.workspace)
        #expect(checked.problems.isEmpty)
    }

    @Test func workersAndHistoryChangeNothing() throws {
        try self.corpus.run(workers: 1)
        try self.corpus.write("more.md", TestDocument(title: "More", seed: 91, sections: 3))
        try self.corpus.delete("time.md")
        let summary = try self.corpus.run(.sync)
        #expect(summary.digest == (try self.corpus.freshSnapshot(workers: 3)).digest)
        func answers(_ workspace: String) throws -> [String] {
            var request = SearchRequest(workspace: workspace, text: "the work of a man", count: 50)
            request.mode = .sparse
            return try Operations.search(request).hits.map { "\($0.chunkID) \($0.score)" }
        }
        let fresh = try answers(self.corpus.workspace("fresh"))
        #expect(!fresh.isEmpty)
        #expect(try answers(self.corpus.workspace) == fresh)
    }

    @Test func whatWasExpandedIsNotExpandedAgain() throws {
        let first = try self.corpus.run()
        // Each chunk by both models.
        #expect(first.chunksEmbedded == 2 * first.chunks)
        #expect(try self.corpus.run(.sync).chunksEmbedded == 0)
        // Another count of terms is another expansion; vectors stay.
        self.corpus.pipeline.tail = self.tail(terms: 32)
        let other = try self.corpus.run()
        #expect(other.chunksEmbedded == other.chunks)
        // Without the stage the segments are as before there was one.
        self.corpus.pipeline.tail = [
            "embed: { uses: embed, from: chunk, model: hash }",
            "index: { uses: index, from: embed }",
        ]
        let plain = try self.corpus.run()
        #expect(plain.chunksEmbedded == 0)
        #expect(try self.haveExpansions() == [false])
        #expect(throws: OperationError.self) {
            try self.corpus.search("time", mode: .sparse)
        }
    }

    @Test func anIndexOfWordsMayHaveExpansionsToo() throws {
        self.corpus.pipeline.tail = [
            "expand: { uses: expand, from: chunk, model: \(self.model) }",
            "index: { uses: index, from: expand }",
        ]
        try self.corpus.run()
        #expect(try self.haveExpansions() == [true])
        let fused = try self.corpus.search("time of day")
        #expect(fused.mode == .fused)
        #expect(try !self.corpus.search("time of day", mode: .sparse).hits.isEmpty)
        #expect(throws: OperationError.self) {
            try self.corpus.search("time", mode: .vector)
        }
    }

    @Test func anotherTokeniserThanTheIndexsIsRefused() throws {
        try self.corpus.run()
        let path = self.model + "/tokenizer.json"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try Data(text.replacingOccurrences(of: "\"time\"", with: "\"tyme\"").utf8)
            .write(to: URL(filePath: path))
        #expect {
            try self.corpus.search("time", mode: .sparse)
        } throws: {
            ($0 as? OperationError)?.message.contains("another") == true
        }
        // Words need no model.
        #expect(try !self.corpus.search("time", mode: .bm25).hits.isEmpty)
    }
}
