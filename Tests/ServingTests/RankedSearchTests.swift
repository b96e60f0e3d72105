import Foundation
import Hummingbird
import HummingbirdTesting
import Operations
import Testing

@testable import Serving

/// Answers whose hits somebody else ranks anew, and what happens where nobody does in time.
@Suite struct RankedSearchTests {
    /// Prefers the shortest text.
    private static let byLength = """
        import json, sys
        for line in sys.stdin:
            asked = json.loads(line)
            print(json.dumps({"scores": [-len(text) for text in asked["texts"]]}), flush=True)
        """

    private struct Answer: Decodable {
        struct Hit: Decodable {
            let chunkID: String
            let score: Double
            let text: String

            private enum CodingKeys: String, CodingKey {
                case chunkID = "chunk_id"
                case score, text
            }
        }

        struct Rerank: Decodable {
            let candidates: Int
            let warning: String?
        }

        let hits: [Hit]
        let rerank: Rerank?
    }

    /// The server of a pipeline that has `program` rank.
    private func served(_ program: String, seconds: Double = 30) async throws -> ServedCorpus {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "millrace-ranked-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(program.utf8).write(to: folder.appending(path: "rank.py"))
        let pipeline = folder.appending(path: "pipeline.yml")
        try Data(
            """
            version: 1
            name: ranked
            workspace: workspace
            rerank: { command: [python3, rank.py], candidates: 20, seconds: \(seconds) }
            sources:
              docs: { type: folder, path: . }
            stages:
              text: { uses: extract-text, from: docs }
              chunk: { uses: chunk, from: text, tokenizer: words }
              index: { uses: index, from: chunk }
            """.utf8
        ).write(to: pipeline)
        let reranking = try #require(try SharedReranking(pipeline: pipeline.path))
        return try await ServedCorpus(reranking: reranking)
    }

    private func answer(
        _ served: ServedCorpus,
        _ body: String,
        token: String = "reader-token"
    ) async throws -> Answer {
        try await served.application().test(.router) { client in
            let response = try await client.send(.post, "/v1/search", token: token, body: body)
            #expect(response.status == .ok)
            return try JSONDecoder().decode(Answer.self, from: Data(response.text.utf8))
        }
    }

    @Test func hitsAreRankedAnewAndCutThen() async throws {
        let served = try await self.served(Self.byLength)
        let plain = try await self.answer(served, #"{"query":"zebra w1 w2","k":20,"rerank":false}"#)
        #expect(plain.rerank == nil && plain.hits.count > 3)
        let ranked = try await self.answer(served, #"{"query":"zebra w1 w2","k":3}"#)
        #expect(ranked.rerank?.candidates == plain.hits.count)
        #expect(ranked.rerank?.warning == nil)
        let lengths = plain.hits.map { $0.text.unicodeScalars.count }.sorted()
        #expect(ranked.hits.map { $0.text.unicodeScalars.count } == Array(lengths.prefix(3)))
        #expect(ranked.hits.map(\.score) == lengths.prefix(3).map { -Double($0) })
        // A caller of one label has that label's hits ranked, and no others.
        let own = try await self.answer(
            served,
            #"{"query":"zebra w1 w2","k":20,"rerank":false}"#,
            token: "a-token"
        )
        let ownRanked = try await self.answer(
            served,
            #"{"query":"zebra w1 w2","k":20}"#,
            token: "a-token"
        )
        #expect(Set(ownRanked.hits.map(\.chunkID)) == Set(own.hits.map(\.chunkID)))
    }

    @Test func manyAtOnceAreAllRanked() async throws {
        let served = try await self.served(Self.byLength)
        let alone = try await self.answer(served, #"{"query":"zebra w1","k":5}"#)
        try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<12 {
                group.addTask {
                    try await self.answer(served, #"{"query":"zebra w1","k":5}"#).hits.map(
                        \.chunkID
                    )
                }
            }
            for try await ids in group { #expect(ids == alone.hits.map(\.chunkID)) }
        }
    }

    @Test(arguments: [
        "import sys\nsys.exit(3)", "print('no scores', flush=True)\nimport time\ntime.sleep(60)",
        "import time\ntime.sleep(60)",
    ])
    func whereNobodyRanksTheOrderOfTheIndexIsAnsweredWithAWarning(program: String) async throws {
        let served = try await self.served(program, seconds: 0.5)
        let plain = try await self.answer(served, #"{"query":"zebra w1","k":4,"rerank":false}"#)
        let answer = try await self.answer(served, #"{"query":"zebra w1","k":4}"#)
        #expect(answer.hits.map(\.chunkID) == plain.hits.map(\.chunkID))
        #expect(answer.hits.map(\.score) == plain.hits.map(\.score))
        #expect(answer.rerank?.warning?.contains("order") == true)
    }
}
