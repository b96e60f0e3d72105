import Foundation
import Testing

@testable import MillraceSearch

/// What a caller may not see takes part in nothing.
@Suite struct AccessTests {
    private static let documents = tenantDocuments(120)

    private static func open(_ documents: [CorpusDocument]) async throws -> (
        SearchIndex, PublishedCorpus
    ) {
        let corpus = try PublishedCorpus(documents)
        let options = SearchIndex.Options(refreshInterval: nil)
        return (try await SearchIndex.open(workspace: corpus.path, options: options), corpus)
    }

    /// Equal in every hit, score and snippet to an index that holds nothing else: so no rarity of a word, no
    /// place in a ranking and no count tells of another tenant's document.
    @Test(arguments: [["team-a"], ["team-b"], [], ["team-a", "team-b"]])
    func aTenantsAnswersAreThoseOfAnIndexOfTheirs(labels: [String]) async throws {
        let (shared, corpus) = try await Self.open(Self.documents)
        let (own, ownCorpus) = try await Self.open(
            Self.documents.filter { $0.isVisible(to: Set(labels)) }
        )
        defer { withExtendedLifetime((corpus, ownCorpus)) {} }
        var random = Seeded(11)
        for number in 0..<tenantQueryCount(250, of: 2_500) {
            let words = (0..<1 + random.below(4)).map { _ in seededWord(&random) }
            var request = SearchRequest(
                words.joined(separator: " "),
                count: 1 + random.below(30),
                mode: SearchMode.allCases[number % 3],
                filters: number % 5 == 0 ? ["meta.part=\(number % 5)"] : [],
                grouping: Grouping.allCases[random.below(3)],
                access: .labels([])
            )
            // An index of one's own is seen whole: but groups are told to nobody who has labels.
            request.access = .labels(["team-a", "team-b"])
            let expected = try await own.search(request)
            request.access = .labels(labels)
            let found = try await shared.search(request)
            #expect(found == expected, "query \(number)")
        }
    }

    @Test func neitherChunksNorDocumentsOfOthersAreFetched() async throws {
        let (index, corpus) = try await Self.open(Self.documents)
        defer { withExtendedLifetime(corpus) {} }
        let all = try await index.search(
            SearchRequest("w0 w1 w2 w3 w4 w5", count: 1_000, mode: .vector, grouping: .none)
        )
        let access = Access.labels(["team-a"])
        let visible = Set(Self.documents.filter { $0.isVisible(to: ["team-a"]) }.map(\.uri))
        #expect(all.hits.count > 100)
        for hit in all.hits {
            let chunk = try await index.chunk(hit.id, access: access)
            let document = try await index.document(String(hit.id.prefix(32)), access: access)
            #expect((chunk != nil) == visible.contains(hit.uri))
            #expect((document != nil) == visible.contains(hit.uri))
            #expect(chunk?.group == nil && document?.metadata["duplicate_group"] == nil)
        }
    }

    @Test func everythingIsSeenByWhoMaySeeEverything() async throws {
        let (index, corpus) = try await Self.open(Self.documents)
        defer { withExtendedLifetime(corpus) {} }
        let all = try await index.search(
            SearchRequest("w1", count: 1_000, mode: .vector, grouping: .none)
        )
        #expect(all.hits.count == Self.documents.reduce(0) { $0 + $1.texts.count })
    }
}
