import Search
import Segments
import Testing

@Suite struct DateFilterTests {
    private static let dates: [[String: String]] = [
        ["published": "2025-12-31"], ["published": "2026-01-01"],
        ["published": "2026-01-01T00:30:00+01:00"],
        ["published": "2020-05-05", "modified": "2026-02-03T10:00:00Z"], ["modified": "2026"],
        ["published": "2026-03"], [:], ["published": "soon"],
        ["modified": "never", "published": "2026-06-01"],
    ]

    private static func documents() -> [TestDocument] {
        Self.dates.enumerated().map { number, metadata in
            TestDocument(uri: "d\(number)", texts: ["mill wheel"], metadata: metadata)
        }
    }

    @Test(
        arguments: [
            (["date>=2026-01-01"], [1, 3, 4, 5, 8]), (["date<2026-01-01"], [0, 2]),
            (["date>=2026-01-01", "date<2026-02-01"], [1, 4]),
            (["date>=2026-02", "date<2026-06-01T00:00:01Z"], [3, 5, 8]),
            (["date>=2025-12-31T23:30:00Z", "date<2026"], [2]),
            // Those of one field are alternatives.
            (["date>=2026-05-01", "date>=2026-02-01"], [3, 5, 8]), (["date>=2027"], []),
            (["date>=0001", "meta.published=2026-03"], [5]),
            (["date<9999"], [0, 1, 2, 3, 4, 5, 8]),
        ] as [([String], [Int])]
    )
    func datesAreThoseOfTheDocuments(filters: [String], expected: [Int]) throws {
        let workspace = try TemporaryWorkspace()
        let snapshot = try workspace.publish(Self.documents(), shardCount: 2)
        let searcher = try Searcher(workspace: workspace.path, snapshot: snapshot, index: nil)
        var query = SearchQuery(text: "mill", mode: .bm25, k: 100)
        query.filters = try filters.map { try Filter(parsing: $0) }
        let found = try searcher.search(query).map(\.uri).sorted()
        #expect(found == expected.map { "d\($0)" })
    }
}
