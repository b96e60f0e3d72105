import Search
import Testing

@Suite struct FilterTests {
    @Test(
        arguments: [
            ("lang=de", Filter.language("de")), ("source=docs", .source("docs")),
            ("type=Text/HTML", .mediaType("text/html")),
            ("uri=https://a/?x=1", .uriPrefix("https://a/?x=1")),
            ("meta.author=A = B", .metadata(key: "author", value: "A = B")),
            ("date>=1970-01-02", .since(86_400)), ("date<1971", .before(31_536_000)),
            ("date<1970-01-01T01:00:00+01:00", .before(0)),
        ])
    func filtersAreRead(text: String, expected: Filter) throws {
        #expect(try Filter(parsing: text) == expected)
    }

    @Test(arguments: [
        "lang", "", "language=de", "meta.=x", "meta=x", "date=2026", "date>2026", "date>=soon",
        "date<", "date<=2026",
    ])
    func othersAreRefusedWithTheFieldsThereAre(text: String) {
        let error = #expect(throws: SearchError.self) { try Filter(parsing: text) }
        #expect(error?.code == .badFilter)
    }

    static let cases: [([Filter], @Sendable (TestDocument) -> Bool)] = [
        ([.language("de")], { $0.language == "de" }),
        ([.language("zh")], { $0.language == "zh-Hans" }),
        ([.language("z")], { _ in false }),
        ([.language("de"), .language("en")], { $0.language != "zh-Hans" }),
        ([.language("de"), .source("wiki")], { $0.language == "de" && $0.source == "wiki" }),
        ([.mediaType("text/html")], { _ in true }),
        ([.mediaType("application/pdf")], { _ in false }),
        ([.uriPrefix("https://example.org/1")], { $0.uri.hasPrefix("https://example.org/1") }),
        ([.metadata(key: "part", value: "3")], { $0.metadata["part"] == "3" }),
        ([.metadata(key: "absent", value: "")], { _ in false }),
        (
            [.metadata(key: "part", value: "3"), .source("docs"), .source("wiki")],
            { $0.metadata["part"] == "3" }
        ),
    ]

    @Test(arguments: 0..<Self.cases.count, SearchQuery.Mode.plain)
    func filtersApplyBeforeTheBestAreTaken(number: Int, mode: SearchQuery.Mode) throws {
        let documents = randomDocuments(60, dimensions: 8)
        let workspace = try TemporaryWorkspace()
        let snapshot = try workspace.publish(documents, dimensions: 8, shardCount: 2)
        let searcher = try Searcher(workspace: workspace.path, snapshot: snapshot, index: nil)
        let (filters, isAllowed) = Self.cases[number]
        var query = SearchQuery(
            text: "w0 w1 w2",
            vector: [1, 0, 1, 0, 1, 0, 1, 0],
            mode: mode,
            k: 500
        )
        let all = try searcher.search(query)
        query.filters = filters
        let allowed = Set(documents.filter(isAllowed).map(\.uri))
        let expected = all.filter { allowed.contains($0.uri) }
        let found = try searcher.search(query)
        func places(_ hits: [SearchHit]) -> [String] { hits.map { "\($0.uri) \($0.ordinal)" } }
        if mode == .fused {
            // Ranks close up where others are left out, so fused scores change.
            #expect(Set(places(found)) == Set(places(expected)))
        } else {
            #expect(places(found) == places(expected))
        }
        query.k = 3
        #expect(try searcher.search(query) == Array(found.prefix(3)))
    }
}
