import Foundation
import Search
import Segments
import Storage
import Testing

@testable import MillraceSearch

@Suite struct SearchIndexTests {
    private static let documents = tenantDocuments(40)

    private static func open(
        _ corpus: PublishedCorpus,
        refreshInterval: Duration? = nil
    ) async throws -> SearchIndex {
        try await SearchIndex.open(
            workspace: corpus.path,
            options: SearchIndex.Options(refreshInterval: refreshInterval)
        )
    }

    @Test(arguments: [SearchMode.fused, .vector, .bm25])
    func answersAsTheSearcherBelow(mode: SearchMode) async throws {
        let corpus = try PublishedCorpus(Self.documents)
        let index = try await Self.open(corpus)
        let snapshot = try #require(try liveSnapshot(workspace: corpus.path))
        let searcher = try Searcher(workspace: corpus.path, snapshot: snapshot, index: nil)
        let embedder = try QueryEmbedder(of: searcher.index, modelsRoot: nil)
        let query = SearchQuery(
            text: "w1 w20 w3",
            vector: try embedder.vector("w1 w20 w3"),
            mode: SearchQuery.Mode(rawValue: mode.rawValue) ?? .fused,
            k: 7
        )
        let expected = try searcher.search(query)
        let answer = try await index.search(SearchRequest("w1 w20 w3", count: 7, mode: mode))
        #expect(answer.snapshot == 1)
        #expect(answer.hits.map(\.id) == expected.map(\.chunkID.description))
        #expect(answer.hits.map(\.score) == expected.map(\.score))
        #expect(answer.hits.map(\.text) == expected.map(\.text))
    }

    @Test func chunksAndDocumentsAreFetchedByTheirIDs() async throws {
        let corpus = try PublishedCorpus(Self.documents)
        let index = try await Self.open(corpus)
        let hit = try #require(try await index.search(SearchRequest("w2")).hits.first)
        let chunk = try #require(try await index.chunk(hit.id))
        #expect(chunk.text == hit.text)
        let document = try #require(try await index.document(String(hit.id.prefix(32))))
        #expect(document.uri == hit.uri)
        #expect(document.chunks.contains(hit.id))
        #expect(try await index.chunk(hit.id.dropLast(12) + "000000000000") == nil)
        await #expect(throws: SearchFailure.self) { try await index.chunk("nonsense") }
        await #expect(throws: SearchFailure.self) { try await index.document("..") }
    }

    @Test func aNewSnapshotIsNoticedAndAnOldViewStaysReadable() async throws {
        let corpus = try PublishedCorpus(Self.documents)
        let index = try await Self.open(corpus, refreshInterval: .milliseconds(10))
        let old = try index.current()
        let before = try await old.search(SearchRequest("w1 w2", count: 20))
        try corpus.publish([CorpusDocument(uri: "new", texts: ["w1 zebra"])], number: 2)
        try corpus.collect(keeping: 2)
        while try index.current().snapshot.number == 1 {
            try await Task.sleep(for: .milliseconds(5))
        }
        #expect(try await index.search(SearchRequest("zebra")).hits.map(\.uri) == ["new"])
        #expect(try await old.search(SearchRequest("w1 w2", count: 20)) == before)
        #expect(try await index.view(ofSnapshot: 1) == nil)
        #expect(try index.snapshots().map(\.number) == [2])
    }

    /// A writer publishes and collects all the time; no question fails or mixes snapshots.
    @Test func questionsGoOnWhileAWriterPublishesAndCollects() async throws {
        let corpus = try PublishedCorpus([CorpusDocument(uri: "d1", texts: ["stone number1"])])
        let index = try await Self.open(corpus, refreshInterval: .milliseconds(2))
        let asking = Task {
            var seen: Set<Int> = []
            while !Task.isCancelled {
                let answer = try await index.search(SearchRequest("stone", mode: .bm25))
                let texts = answer.hits.map(\.text)
                #expect(texts == ["stone number\(answer.snapshot)"])
                seen.insert(answer.snapshot)
            }
            return seen
        }
        for number in 2...12 {
            let document = CorpusDocument(uri: "d\(number)", texts: ["stone number\(number)"])
            try corpus.publish([document], number: number)
            try corpus.collect(keeping: number)
            while try index.current().snapshot.number < number {
                try await Task.sleep(for: .milliseconds(2))
            }
        }
        asking.cancel()
        #expect(try await asking.value.count > 1)
        #expect(index.refreshFailure == nil)
    }

    @Test func aLeaseNamesTheSnapshotUntilTheViewGoes() async throws {
        let corpus = try PublishedCorpus(Self.documents)
        let layout = WorkspaceLayout(root: corpus.path)
        func leased() throws -> Set<Int> { try leasedSnapshots(layout, nowMilliseconds: 0) }
        let index = try await Self.open(corpus)
        #expect(try leased() == [1])
        try corpus.publish([CorpusDocument(uri: "new", texts: ["zebra"])], number: 2)
        var old: IndexView? = try index.current()
        try await index.refresh()
        #expect(try leased() == [1, 2])
        #expect(old?.snapshot.number == 1)
        old = nil
        #expect(try leased() == [2])
        index.close()
        #expect(try leased().isEmpty)
        await #expect(throws: SearchFailure.self) { try await index.search(SearchRequest("w1")) }
    }

    @Test func aLeaseThatHasEndedHoldsNothingAndGoes() throws {
        let corpus = try PublishedCorpus(Self.documents)
        let layout = WorkspaceLayout(root: corpus.path)
        let lease = ReaderLease(
            holder: .current(verb: "search", startedMilliseconds: 5),
            snapshot: 1,
            expiresMilliseconds: 1_000
        )
        try lease.write(lease.freshName(), in: layout)
        #expect(try leasedSnapshots(layout, nowMilliseconds: 999) == [1])
        #expect(try leasedSnapshots(layout, nowMilliseconds: 1_000).isEmpty)
        #expect(try folderEntries(layout.leasesFolder).isEmpty)
    }

    @Test func whoMayNotWriteSearchesWithoutALease() async throws {
        let corpus = try PublishedCorpus(Self.documents)
        // A file in the place of the folder: also the superuser cannot write into it.
        try Data().write(to: URL(filePath: WorkspaceLayout(root: corpus.path).leasesFolder))
        let index = try await Self.open(corpus)
        #expect(try await !index.search(SearchRequest("w1")).hits.isEmpty)
    }

    @Test func nothingPublishedIsSaidSo() async throws {
        let corpus = try PublishedCorpus()
        let failure = await #expect(throws: SearchFailure.self) {
            try await SearchIndex.open(workspace: corpus.path)
        }
        #expect(failure?.code == .nothingPublished)
    }

    @Test(arguments: [
        SearchRequest("w1", count: 0), SearchRequest("w1", filters: ["nonsense"]),
        SearchRequest("w1", filters: ["colour=red"]),
    ])
    func whatCannotBeAskedIsABadRequest(request: SearchRequest) async throws {
        let corpus = try PublishedCorpus(Self.documents)
        let index = try await Self.open(corpus)
        let failure = await #expect(throws: SearchFailure.self) { try await index.search(request) }
        #expect(failure?.code == .badRequest)
    }

    @Test func oneChunkOfEachDocumentWhereItIsAskedFor() async throws {
        let corpus = try PublishedCorpus(Self.documents)
        let index = try await Self.open(corpus)
        let all = try await index.search(SearchRequest("w1 w2 w3", count: 100, grouping: .none))
        let each = try await index.search(
            SearchRequest("w1 w2 w3", count: 100, grouping: .document)
        )
        #expect(Set(each.hits.map(\.uri)).count == each.hits.count)
        #expect(all.hits.count > each.hits.count)
    }
}
