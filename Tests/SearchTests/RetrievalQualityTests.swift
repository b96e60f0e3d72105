import Foundation
import Search
import Segments
import Testing

/// SciFact in BEIR form: 5,183 abstracts, 300 test queries.
@Suite struct RetrievalQualityTests {
    private struct Row: Decodable {
        let _id: String
        let title: String?
        let text: String
    }

    private static func rows(_ url: URL) throws -> [Row] {
        try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map {
            try JSONDecoder().decode(Row.self, from: Data($0.utf8))
        }
    }

    @Test(.enabled(if: sharedFolder != nil, "the shared folder is not beside the repository"))
    func bm25FindsWhatPublishedFiguresSayItShould() throws {
        let data = try #require(sharedFolder).appendingPathComponent("data/retrieval")
        let documents = try Self.rows(data.appendingPathComponent("corpus.jsonl")).map {
            TestDocument(uri: $0._id, texts: [($0.title ?? "") + " " + $0.text])
        }
        let workspace = try TemporaryWorkspace()
        let snapshot = try workspace.publish(documents, shardCount: 3)
        let searcher = try Searcher(workspace: workspace.path, snapshot: snapshot, index: nil)
        var judgements: Judgements = [:]
        let qrels = try String(
            contentsOf: data.appendingPathComponent("qrels.tsv"),
            encoding: .utf8
        )
        for line in qrels.split(separator: "\n").dropFirst() {
            let fields = line.split(separator: "\t").map(String.init)
            judgements[fields[0], default: [:]][fields[1]] = Double(fields[2])
        }
        var rankings: [String: [String]] = [:]
        for query in try Self.rows(data.appendingPathComponent("queries.jsonl")) {
            rankings[query._id] = try searcher.rankedURIs(
                SearchQuery(text: query.text, mode: .bm25, k: 10, onePerDocument: true)
            )
        }
        let metrics = RankingMetrics(rankings: rankings, judgements: judgements, k: 10)
        #expect(metrics.queryCount == 300)
        // Published for BM25 with stemming: 0.665 to 0.679.
        #expect(metrics.ndcg > 0.66, "\(metrics)")
    }
}
