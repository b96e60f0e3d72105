import Foundation
import LoopbackServer
import Operations
import Testing

/// Hits that a model ranks anew, and what happens where it does not answer.
@Suite struct RerankTests {
    let corpus: TestCorpus

    init() throws {
        self.corpus = try TestCorpus()
        for number in 0..<6 {
            try self.corpus.write(
                "d\(number).md",
                TestDocument(title: "Ferry", sections: ["The ferry \(number) leaves at noon."])
            )
        }
        self.corpus.pipeline.threshold = nil
        try self.corpus.run()
    }

    /// A program that prefers the largest digit, by the protocol of the pipeline key.
    private static let byDigit = """
        import json, sys
        for line in sys.stdin:
            asked = json.loads(line)
            scores = [max((int(c) for c in text if c.isdigit()), default=0) for text in asked["texts"]]
            print(json.dumps({"scores": scores}), flush=True)
        """

    private func answer(_ rerank: String, count: Int = 3, skips: Bool = false) throws
        -> SearchReport
    {
        self.corpus.pipeline.rootLines = ["rerank: { \(rerank) }"]
        var request = SearchRequest(
            workspace: self.corpus.workspace,
            text: "ferry noon",
            count: count
        )
        request.pipeline = try self.corpus.pipelineFile()
        request.skipsRerank = skips
        return try search(request)
    }

    private func program(_ text: String) throws -> String {
        let path = self.corpus.root + "/rank.py"
        try Data(text.utf8).write(to: URL(filePath: path))
        return "command: [python3, \"\(path)\"]"
    }

    private func uris(_ report: SearchReport) -> [String] { report.hits.map(\.uri) }

    private static let bestByDigit = ["docs/d5.md", "docs/d4.md", "docs/d3.md"]

    @Test func aProgramRanksTheBestHitsAnew() throws {
        let report = try self.answer(try self.program(Self.byDigit))
        #expect(self.uris(report) == Self.bestByDigit)
        #expect(report.hits.map(\.score) == [5, 4, 3])
        #expect(report.rerank?.by == "python3" && report.rerank?.candidates == 6)
        #expect(report.rerank?.failure == nil)
        let plain = try self.answer(try self.program(Self.byDigit), skips: true)
        #expect(plain.rerank == nil && self.uris(plain) != Self.bestByDigit)
    }

    private func evaluation(_ rerank: String, skips: Bool = false) throws -> EvaluationReport {
        self.corpus.pipeline.rootLines = ["rerank: { \(rerank) }"]
        for (name, text) in [
            ("queries.jsonl", #"{"_id":"q","text":"ferry noon"}"#),
            ("qrels.tsv", "q\tdocs/d5.md\t1"),
        ] {
            try Data(text.utf8).write(to: URL(filePath: self.corpus.root + "/" + name))
        }
        var request = EvaluationRequest(
            workspace: self.corpus.workspace,
            queriesPath: self.corpus.root + "/queries.jsonl",
            judgementsPath: self.corpus.root + "/qrels.tsv",
            modes: SearchModeName.allCases,
            count: 10
        )
        request.pipeline = try self.corpus.pipelineFile()
        request.skipsRerank = skips
        return try evaluate(request)
    }

    @Test func anEvaluationScoresWhatIsRankedAnewBesideTheModes() throws {
        let modes = try self.evaluation(try self.program(Self.byDigit)).modes
        #expect(modes.map(\.mode) == ["fused", "vector", "bm25", "reranked"])
        #expect(modes[3].ndcg10 == 1 && modes[0].ndcg10 < 1)
        let without = try self.evaluation(try self.program(Self.byDigit), skips: true).modes
        #expect(without.map(\.ndcg10) == modes.prefix(3).map(\.ndcg10))
        #expect(throws: OperationError.self) {
            try self.evaluation(try self.program("raise SystemExit(3)"))
        }
    }

    @Test(arguments: [
        "import time; time.sleep(60)", "print('{\"scores\": [1]}')", "print('no JSON')",
        "raise SystemExit(3)",
        "import sys, time; sys.stderr.write(sys.stdin.readline()); sys.stderr.flush(); time.sleep(60)",
        "import sys; sys.stdin.readline(); print('{\"scores\": [NaN, 1, 1, 1, 1, 1]}')",
    ])
    func hitsKeepTheirPlacesWhereNobodyRanks(program: String) throws {
        let wanted = try self.answer(try self.program(Self.byDigit), skips: true)
        let report = try self.answer(try self.program(program) + ", seconds: 1.5")
        #expect(report.rerank?.failure != nil)
        #expect(self.uris(report) == self.uris(wanted))
        #expect(report.hits.map(\.score) == wanted.hits.map(\.score))
        // The query and the texts are nobody's but the ranker's.
        #expect(report.rerank?.failure?.contains("leaves") == false)
    }

    @Test(arguments: ["tei", "cohere"]) func aServerRanksThemInItsForm(form: String) throws {
        let server = try LoopbackServer { request in
            let key = form == "tei" ? "texts" : "documents"
            let asked =
                try? JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any]
            let texts = asked?[key] as? [String] ?? []
            let rows = texts.indices.reversed().map { index in
                let score = texts[index].compactMap(\.wholeNumberValue).max() ?? 0
                return form == "tei"
                    ? "{\"index\":\(index),\"score\":\(score)}"
                    : "{\"index\":\(index),\"relevance_score\":\(score).0}"
            }.joined(separator: ",")
            return .init(text: form == "tei" ? "[\(rows)]" : "{\"results\":[\(rows)]}")
        }
        let report = try self.answer(
            "endpoint: \"\(server.url)/rerank\", form: \(form), model: m, seconds: 60"
        )
        #expect(self.uris(report) == Self.bestByDigit, "\(report.rerank?.failure ?? "")")
        #expect(server.requests.count == 1)
    }

    @Test(arguments: [
        #"[{"index":0,"score":1}]"#, #"[{"index":9,"score":1}]"#, "[[[[[",
        #"{"error":"overloaded"}"#,
    ])
    func anAnswerOfAnotherFormIsNone(body: String) throws {
        let server = try LoopbackServer { _ in .init(text: body) }
        let report = try self.answer("endpoint: \"\(server.url)\", seconds: 60")
        #expect(report.rerank?.failure != nil && report.hits.count == 3)
        #expect(server.requests.count == 1)
    }

    @Test(arguments: [
        "candidates: 5", "command: [a], endpoint: \"http://h/\"", "endpoint: \"ftp://h\"",
        "endpoint: \"http://user:word@h/\"", "endpoint: \"http://h/\"",
        "endpoint: \"https://h/\", api_key_env: NOT_SET_HERE",
    ])
    func whatNamesNoRankerIsRefused(keys: String) throws {
        let error = #expect(throws: OperationError.self) { try self.answer(keys) }
        #expect(error?.status == .configuration && error?.message.contains("rerank") == true)
        #expect(error?.message.contains("word@") == false)
    }
}
