import Foundation
import Operations
import Storage
import Testing

/// A chunk is found again by the id that a search gave it, as long as it is what it was.
@Suite struct ChunkIDTests {
    let corpus: TestCorpus

    init() throws {
        self.corpus = try TestCorpus()
        try self.corpus.write(
            "ferry.md",
            TestDocument(title: "Ferry", sections: ["A ferry crosses the lake at noon."])
        )
        try self.corpus.write(
            "mill.md",
            TestDocument(title: "Mill", sections: ["The wheel turns in the leat."])
        )
        try self.corpus.run()
    }

    private func found(_ text: String) throws -> FoundChunk {
        var request = SearchRequest(workspace: self.corpus.workspace, text: text, count: 1)
        request.mode = .bm25
        return try #require(try search(request).hits.first)
    }

    @Test func aChunkIsShownByItsID() throws {
        let hit = try self.found("ferry")
        let shown = try showChunk(hit.chunkID, workspace: self.corpus.workspace, index: nil)
        #expect(shown.chunk.text == hit.text)
        #expect(shown.chunk.text.contains("crosses the lake"))
        #expect(shown.chunk.uri == "docs/ferry.md")
        #expect(shown.document.title == "Ferry")
        #expect(shown.document.chunkCount >= 1)
    }

    @Test func theIDStaysWhileOthersChangeAndGoesWithItsText() throws {
        let hit = try self.found("ferry")
        try self.corpus.write(
            "mill.md",
            TestDocument(title: "Mill", sections: ["The wheel stands still."])
        )
        try self.corpus.run(.sync)
        #expect(try self.found("ferry").chunkID == hit.chunkID)
        try self.corpus.write(
            "ferry.md",
            TestDocument(title: "Ferry", sections: ["A ferry crosses the lake at dusk."])
        )
        try self.corpus.run(.sync)
        #expect(try self.found("ferry").chunkID != hit.chunkID)
        let error = #expect(throws: OperationError.self) {
            try showChunk(hit.chunkID, workspace: self.corpus.workspace, index: nil)
        }
        #expect(error?.status == .noSuchState)
    }

    @Test(arguments: ["", "abc", "0-0-0", "00-1-aaaaaaaaaaaa"])
    func whatIsNoIDIsSaidToBeNone(id: String) throws {
        let error = #expect(throws: OperationError.self) {
            try showChunk(id, workspace: self.corpus.workspace, index: nil)
        }
        #expect(error?.status == .configuration)
    }

    @Test func everyQueryOfAFileIsAnsweredInItsOrder() throws {
        let path = self.corpus.root + "/queries.jsonl"
        let lines = [
            #"{"id":"b","query":"ferry"}"#, "", #"{"_id":"a","text":"wheel"}"#,
        ]
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: path))
        var request = SearchRequest(workspace: self.corpus.workspace, text: "", count: 1)
        request.mode = .bm25
        var answers: [BatchAnswer] = []
        try searchBatch(request, path: path) { answers.append($0) }
        #expect(answers.map(\.id) == ["b", "a"])
        #expect(answers.map { $0.report.hits.first?.uri } == ["docs/ferry.md", "docs/mill.md"])
    }

    @Test func aLineThatIsNoQueryIsNamedBeforeAnythingIsAsked() throws {
        let path = self.corpus.root + "/queries.jsonl"
        try Data("{\"id\":\"a\",\"query\":\"x\"}\n{\"id\":1}\n".utf8).write(to: URL(filePath: path))
        let request = SearchRequest(workspace: self.corpus.workspace, text: "", count: 1)
        let error = #expect(throws: OperationError.self) {
            try searchBatch(request, path: path) { _ in Issue.record("asked") }
        }
        #expect(error?.message.contains(":2:") == true)
    }
}
