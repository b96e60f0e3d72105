import Foundation
import Search
import Segments
import Testing

/// What a search leaves out for speed must not show in its answers.
@Suite struct PruningTests {
    /// Words of every frequency, in documents long enough that lists have several blocks.
    private static func documents(_ count: Int, seed: UInt64) -> [TestDocument] {
        var random = Seeded(seed)
        return (0..<count).map { number in
            let texts = (0..<3).map { _ in
                (0..<(4 + Int(random.next() % 40))).map { _ in
                    let value = Double(random.next() % 4096) / 4096
                    return "v\(Int(value * value * value * 900))"
                }
                .joined(separator: " ")
            }
            return TestDocument(
                uri: "n\(number)",
                texts: texts,
                language: number % 5 == 0 ? "de" : "en"
            )
        }
    }

    @Test func theBestOfALongQueryAreThoseOfTheWholeRanking() throws {
        let documents = Self.documents(2_500, seed: 5)
        let workspace = try TemporaryWorkspace()
        let one = try Searcher(
            workspace: workspace.path,
            snapshot: try workspace.publish(documents, shardCount: 1),
            index: nil
        )
        let spread = try TemporaryWorkspace()
        let four = try Searcher(
            workspace: spread.path,
            snapshot: try spread.publish(documents, shardCount: 4),
            index: nil
        )
        var random = Seeded(8)
        for words in [1, 2, 3, 5, 9, 30] {
            for _ in 0..<4 {
                let text = (0..<words).map { _ in
                    let value = Double(random.next() % 4096) / 4096
                    return "v\(Int(value * value * value * value * 900))"
                }
                .joined(separator: " ")
                for filters in [[], [Filter.language("de")]] {
                    var query = SearchQuery(
                        text: text,
                        mode: .bm25,
                        k: 10_000,
                        filters: filters
                    )
                    // Everything that holds a word: nothing can be left out.
                    let all = try one.search(query).map { "\($0.chunkID) \($0.score)" }
                    for k in [1, 10, 60] {
                        query.k = k
                        let expected = Array(all.prefix(k))
                        #expect(
                            try one.search(query).map { "\($0.chunkID) \($0.score)" } == expected
                        )
                        #expect(
                            try four.search(query).map { "\($0.chunkID) \($0.score)" } == expected
                        )
                    }
                }
            }
        }
    }
}
