import Search
import Testing

@Suite struct SnippetTests {
    static func snippet(_ text: String, _ query: String) throws -> String {
        let workspace = try TemporaryWorkspace()
        let snapshot = try workspace.publish(
            [TestDocument(uri: "a", texts: [text], vectors: [[1]])],
            dimensions: 1
        )
        let searcher = try Searcher(workspace: workspace.path, snapshot: snapshot, index: nil)
        let hits = try searcher.search(SearchQuery(text: query, vector: [1], mode: .vector))
        return try #require(hits.first).snippet
    }

    @Test func shortTextsAreWholeWithSpaceCollapsed() throws {
        #expect(try Self.snippet("one\n\n  two\tthree ", "two") == "one two three")
        #expect(try Self.snippet("", "two") == "")
    }

    @Test func longTextsAreCutAroundTheWordsOfTheQuery() throws {
        let filler = (0..<200).map { "filler\($0)" }.joined(separator: " ")
        let snippet = try Self.snippet(
            filler + " the grey heron fishes " + filler,
            "Herons fishing"
        )
        #expect(snippet.contains("the grey heron fishes"))
        #expect(snippet.hasPrefix("…") && snippet.hasSuffix("…"))
        #expect(snippet.utf8.count <= 240 && snippet.utf8.count > 150)
        // Whole words at both ends.
        let words = snippet.dropFirst().dropLast().split(separator: " ")
        #expect(words.allSatisfy { $0.hasPrefix("filler") || $0.count < 7 })
    }

    @Test func withoutAWordOfTheQueryTheBeginningIsShown() throws {
        let text = (0..<100).map { "word\($0)" }.joined(separator: " ")
        let snippet = try Self.snippet(text, "absent")
        #expect(snippet.hasPrefix("word0 word1 ") && snippet.hasSuffix("…"))
    }

    @Test(arguments: ["ä", "漢", "😀", "e\u{301}"])
    func textsWithoutSpacesAreCutBetweenScalars(unit: String) throws {
        let text = String(repeating: unit, count: 400)
        for query in ["x", unit, unit + unit] {
            let snippet = try Self.snippet("x" + text + "heron" + text, query)
            #expect(snippet.utf8.count <= 240)
            #expect(!snippet.unicodeScalars.contains("\u{FFFD}"))
            #expect(snippet.utf8.count > 200)
        }
    }
}
