import Foundation
import Search
import Testing

@Suite struct RankingMetricsTests {
    @Test func measuresFollowTheDefinitions() {
        let metrics = RankingMetrics(
            rankings: ["1": ["x", "b", "y", "a"], "2": [], "9": ["a"]],
            judgements: ["1": ["a": 2, "b": 1, "c": 0], "2": ["a": 1], "3": ["a": 0]],
            k: 3
        )
        #expect(metrics.queryCount == 2)
        let ideal = 2 + 1 / log2(3.0)
        #expect(abs(metrics.ndcg - (1 / log2(3.0)) / ideal / 2) < 1e-12)
        #expect(metrics.recall == 0.25)
        #expect(metrics.meanReciprocalRank == 0.25)
    }

    @Test func noQueryGivesNoDivisionByZero() {
        let metrics = RankingMetrics(rankings: [:], judgements: [:], k: 10)
        #expect(metrics.ndcg == 0 && metrics.recall == 0 && metrics.queryCount == 0)
    }

    @Test(.enabled(if: sharedFolder != nil, "the shared folder is not beside the repository"))
    func theScorerOfTheDataSetsAgrees() throws {
        let tool = try #require(sharedFolder).appendingPathComponent("tools/score_retrieval.py")
        var random = Seeded(6)
        var rankings: [String: [String]] = [:]
        var judgements: Judgements = [:]
        for query in 0..<40 {
            let documents = (0..<100).map { "d\($0)" }
            judgements["q\(query)"] = Dictionary(
                uniqueKeysWithValues: documents.shuffled(using: &random).prefix(6).map {
                    ($0, Double(random.next() % 4))
                }
            )
            guard query % 7 != 0 else { continue }
            rankings["q\(query)"] = Array(documents.shuffled(using: &random).prefix(70))
        }
        let output = try Self.score(tool, rankings, judgements)
        for k in [10, 50] {
            let metrics = RankingMetrics(rankings: rankings, judgements: judgements, k: k)
            #expect(Double(metrics.queryCount) == output["queries"])
            #expect(abs(metrics.recall - (output["recall@\(k)"] ?? -1)) < 1e-6)
            #expect(abs(metrics.meanReciprocalRank - (output["mrr"] ?? -1)) < 1e-6)
            if k == 10 { #expect(abs(metrics.ndcg - (output["ndcg@10"] ?? -1)) < 1e-6) }
        }
    }

    static func score(
        _ tool: URL,
        _ rankings: [String: [String]],
        _ judgements: Judgements
    ) throws -> [String: Double] {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("metrics-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let qrels = judgements.flatMap { query, grades in
            grades.map { "\(query)\t\($0.key)\t\($0.value)\n" }
        }
        let run = rankings.flatMap { query, ranking in
            ranking.enumerated().map { "\(query) Q0 \($0.element) 0 \(1000 - $0.offset) t\n" }
        }
        let qrelsFile = folder.appendingPathComponent("qrels.tsv")
        let runFile = folder.appendingPathComponent("run.txt")
        try ("query-id\tcorpus-id\tscore\n" + qrels.joined())
            .write(to: qrelsFile, atomically: true, encoding: .utf8)
        try run.joined().write(to: runFile, atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", tool.path, qrelsFile.path, runFile.path, "--json"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return try JSONDecoder().decode([String: Double].self, from: data)
    }
}
