import Records
import Search
import Segments
import Testing
import Text

/// Words of a document's language are found in all their inflections, and weigh what they weigh in any other.
@Suite struct LanguageSearchTests {
    private static let documents = [
        TestDocument(uri: "de", texts: ["Die alten Straßen der Stadt Berlin"], language: "de"),
        TestDocument(uri: "de2", texts: ["Alte Häuser am langen Fluss Elbe"], language: "de-AT"),
        TestDocument(
            uri: "ru",
            texts: ["В архиве хранятся документы города Berlin"],
            language: "ru"
        ),
        TestDocument(uri: "fr", texts: ["Les journaux de la ville de Berlin"], language: "fr"),
        TestDocument(uri: "en", texts: ["The old news of the city Berlin"], language: "en"),
        TestDocument(uri: "und", texts: ["old wheels and a new mill"], language: "und"),
    ]

    private static func searcher(_ workspace: TemporaryWorkspace, revision: Int? = nil) throws
        -> Searcher
    {
        try Searcher(
            workspace: workspace.path,
            snapshot: try workspace.publish(
                Self.documents,
                shardCount: 2,
                analyzerRevision: revision ?? TermAnalyzer.revision
            ),
            index: nil
        )
    }

    private static func hits(_ searcher: Searcher, _ text: String) throws -> [SearchHit] {
        try searcher.search(SearchQuery(text: text, mode: .bm25, k: 10))
    }

    @Test(
        arguments: [
            ("Straße", ["de"]), ("STRASSE", ["de"]), ("Haus", ["de2"]), ("Haeuser", ["de2"]),
            ("документ", ["ru"]), ("документами", ["ru"]), ("journal", ["fr"]),
            ("wheel", ["und"]), ("news", ["en"]), ("\"alten Straßen\"", ["de"]),
            ("\"alte Straße\"", []), ("mill -wheels", []), ("Stadt -Straße", []),
            ("Elbe -Straße", ["de2"]),
        ] as [(String, [String])]
    )
    func wordsAreFoundInTheirInflections(query: String, expected: [String]) throws {
        let workspace = try TemporaryWorkspace()
        let searcher = try Self.searcher(workspace)
        #expect(try Self.hits(searcher, query).map(\.uri) == expected)
    }

    @Test func aNameWeighsTheSameInEveryLanguage() throws {
        let workspace = try TemporaryWorkspace()
        let hits = try Self.hits(try Self.searcher(workspace), "Berlin")
        #expect(Set(hits.map(\.uri)) == ["de", "ru", "fr", "en"])
        let byLength = Dictionary(grouping: hits) { $0.text.split(separator: " ").count }
        for hits in byLength.values { #expect(Set(hits.map(\.score)).count == 1) }
        #expect(byLength.values.contains { $0.count >= 2 })
    }

    @Test func snippetsMarkInflectedWords() throws {
        let workspace = try TemporaryWorkspace()
        let hit = try #require(try Self.hits(try Self.searcher(workspace), "Straße").first)
        let marked = hit.marks.map { String(decoding: Array(hit.snippet.utf8)[$0], as: UTF8.self) }
        #expect(marked == ["Straßen"])
    }

    /// Revision 3 had neither stems by language nor these spellings: what it has is still found.
    @Test func segmentsOfTheRevisionBeforeAreRead() throws {
        let workspace = try TemporaryWorkspace()
        let searcher = try Self.searcher(workspace, revision: 3)
        #expect(try Self.hits(searcher, "wheel").map(\.uri) == ["und"])
        let error = #expect(throws: SearchError.self) {
            try Self.searcher(try TemporaryWorkspace(), revision: 2)
        }
        #expect(error?.code == .otherAnalysis)
    }
}
