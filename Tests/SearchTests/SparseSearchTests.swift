import Foundation
import Records
import Search
import Segments
import Testing

/// Ranking by expansions, and beside words and vectors.
@Suite struct SparseSearchTests {
    private static let dimensions = 8

    private static func documents() -> [TestDocument] {
        var random = Seeded(21)
        return randomDocuments(150, dimensions: Self.dimensions).map { document in
            var document = document
            document.expansions = document.texts.map { _ in
                var pieces: [String: UInt32] = [:]
                for _ in 0..<10 {
                    let value = Double(random.next() % 1000) / 1000
                    pieces["p\(Int(value * value * 80))"] = 1 + UInt32(random.next() % 255)
                }
                return pieces
            }
            return document
        }
    }

    private static func query(_ pieces: [(String, Int)]) -> [SearchQuery.Term] {
        pieces.sorted { $0.0 < $1.0 }.map {
            SearchQuery.Term(bytes: Array($0.0.utf8), count: $0.1)
        }
    }

    @Test func theScoreIsRarityTimesImpactOverAllSegments() throws {
        let documents = Self.documents()
        let asked = [("p0", 1), ("p7", 2), ("p33", 1), ("p79", 1), ("absent", 1)]
        let chunks = documents.flatMap { document in
            document.expansions.enumerated().map { (document.uri, $0.offset, $0.element) }
        }
        var expected: [SearcherTests.Scored] = []
        for (uri, ordinal, pieces) in chunks {
            var score = 0.0
            for (piece, count) in asked {
                let holders = Double(chunks.count { $0.2[piece] != nil })
                guard let impact = pieces[piece] else { continue }
                let rarity = log(1 + (Double(chunks.count) - holders + 0.5) / (holders + 0.5))
                score += rarity * Double(count) * Double(impact) / 64
            }
            if score > 0 { expected.append(.init(uri: uri, ordinal: ordinal, score: score)) }
        }
        expected = SearcherTests.ranked(expected)
        var query = SearchQuery(text: "", expansion: Self.query(asked), mode: .sparse, k: 1_000)
        query.explains = true
        var answers: [[String]] = []
        for shardCount in [1, 4] {
            let workspace = try TemporaryWorkspace()
            let snapshot = try workspace.publish(
                documents,
                dimensions: Self.dimensions,
                shardCount: shardCount,
                isExpanded: true
            )
            let searcher = try Searcher(workspace: workspace.path, snapshot: snapshot, index: nil)
            let hits = try searcher.search(query)
            #expect(hits.count == expected.count)
            for (hit, wanted) in zip(hits, expected) {
                #expect(abs(hit.score - wanted.score) < 1e-4)
                let shares = try #require(hit.explanation?.expansion)
                #expect(abs(shares.reduce(0) { $0 + $1.share } - hit.score) < 1e-4)
            }
            answers.append(hits.map { "\($0.uri) \($0.ordinal) \($0.score)" })
            // What is left out of a short answer could not have been in it.
            for count in [1, 5, 30] {
                query.k = count
                let short = try searcher.search(query).map { "\($0.uri) \($0.ordinal) \($0.score)" }
                #expect(short == Array(answers[0].prefix(count)))
            }
            query.k = 1_000
        }
        #expect(answers[0] == answers[1])
    }

    @Test func fusionJoinsThree() throws {
        let workspace = try TemporaryWorkspace()
        let snapshot = try workspace.publish(
            Self.documents(),
            dimensions: Self.dimensions,
            shardCount: 2,
            isExpanded: true
        )
        let searcher = try Searcher(workspace: workspace.path, snapshot: snapshot, index: nil)
        #expect(searcher.fusion == .ofModel("test-model", isExpanded: true))
        #expect(searcher.fusion.sparse > 0)
        var query = SearchQuery(
            text: "w1 w5",
            vector: [1, 0, 0.5, 0, 0, 0, -1, 0],
            expansion: Self.query([("p3", 1), ("p50", 1)]),
            mode: .fused,
            k: 20
        )
        func answer(_ fusion: FusionWeights?) throws -> [String] {
            query.fusion = fusion
            return try searcher.search(query).map(\.chunkID.description)
        }
        func alone(_ mode: SearchQuery.Mode) throws -> [String] {
            var one = query
            one.mode = mode
            return try searcher.search(one).map(\.chunkID.description)
        }
        let sparse = try alone(.sparse)
        #expect(
            Array(try answer(.init(bm25: 0, vector: 0, sparse: 1)).prefix(sparse.count)) == sparse
        )
        #expect(try answer(.init(bm25: 0, vector: 1, sparse: 0)) == alone(.vector))
        #expect(try answer(nil) != answer(.init(vector: searcher.fusion.vector)))
    }

    @Test func aQueryThatDoesNotFitTheIndexIsRefused() throws {
        let workspace = try TemporaryWorkspace()
        let plain = try workspace.publish(randomDocuments(5))
        let searcher = try Searcher(workspace: workspace.path, snapshot: plain, index: nil)
        #expect(throws: SearchError.self) {
            try searcher.search(SearchQuery(text: "w1", expansion: [], mode: .sparse))
        }
        let other = try TemporaryWorkspace()
        let expanded = try other.publish(Self.documents(), dimensions: 8, isExpanded: true)
        let wide = try Searcher(workspace: other.path, snapshot: expanded, index: nil)
        for mode in [SearchQuery.Mode.sparse, .fused] {
            #expect(throws: SearchError.self) {
                try wide.search(
                    SearchQuery(text: "w1", vector: [Float](repeating: 1, count: 8), mode: mode)
                )
            }
        }
        // Words alone need nothing.
        #expect(try !wide.search(SearchQuery(text: "w1", mode: .bm25)).isEmpty)
    }
}
