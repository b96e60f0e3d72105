import Foundation
import Hashing
import Records
import Search
import Segments
import Testing

@Suite struct SearcherTests {
    static let dimensions = 32

    static func query(_ seed: UInt64) -> [Float] {
        var random = Seeded(seed)
        return (0..<Self.dimensions).map { _ in Float.random(in: -1...1, using: &random) }
    }

    struct Scored: Equatable {
        let uri: String
        let ordinal: Int
        let score: Double
    }

    static func ranked(_ scored: [Scored]) -> [Scored] {
        scored.sorted {
            if $0.score != $1.score { return $0.score > $1.score }
            let (left, right) = (documentID(uri: $0.uri), documentID(uri: $1.uri))
            return left != right ? left < right : $0.ordinal < $1.ordinal
        }
    }

    @Test func bm25IsTheFormulaOverAllSegments() throws {
        let documents = randomDocuments(120)
        let workspace = try TemporaryWorkspace()
        let snapshot = try workspace.publish(documents, shardCount: 4)
        let searcher = try Searcher(workspace: workspace.path, snapshot: snapshot, index: nil)
        let words = ["w3", "w40", "w150", "absent"]
        let hits = try searcher.search(
            SearchQuery(text: words.joined(separator: " "), mode: .bm25, k: 1000)
        )

        let chunks = documents.flatMap { document in
            document.texts.enumerated().map {
                (document.uri, $0.offset, $0.element.split(separator: " ").map(String.init))
            }
        }
        let average = Double(chunks.reduce(0) { $0 + $1.2.count }) / Double(chunks.count)
        var expected: [Scored] = []
        for (uri, ordinal, text) in chunks {
            var score = 0.0
            // The order of the terms' bytes.
            for word in words.sorted() {
                let holders = Double(chunks.count { $0.2.contains(word) })
                guard holders > 0 else { continue }
                let rarity = log(1 + (Double(chunks.count) - holders + 0.5) / (holders + 0.5))
                let count = Double(text.count { $0 == word })
                let norm = 1.2 * (0.25 + 0.75 * Double(text.count) / average)
                score += rarity * count * 2.2 / (count + norm)
            }
            if score > 0 { expected.append(Scored(uri: uri, ordinal: ordinal, score: score)) }
        }
        #expect(hits.count == expected.count)
        let byPlace = Dictionary(
            uniqueKeysWithValues: expected.map { ("\($0.uri) \($0.ordinal)", $0.score) }
        )
        for hit in hits {
            let score = try #require(byPlace["\(hit.uri) \(hit.ordinal)"])
            #expect(abs(hit.score - score) < 1e-5)
        }
        let found = hits.map { Scored(uri: $0.uri, ordinal: $0.ordinal, score: $0.score) }
        #expect(found == Self.ranked(found))
    }

    @Test func vectorSearchRanksByTheStoredVectors() throws {
        let documents = randomDocuments(150, dimensions: Self.dimensions)
        let workspace = try TemporaryWorkspace()
        let snapshot = try workspace.publish(
            documents,
            dimensions: Self.dimensions,
            shardCount: 3
        )
        let searcher = try Searcher(workspace: workspace.path, snapshot: snapshot, index: "main")
        let vector = Self.query(8)
        let hits = try searcher.search(
            SearchQuery(text: "", vector: vector, mode: .vector, k: 20)
        )
        var expected: [Scored] = []
        for document in documents {
            for (ordinal, stored) in document.vectors.enumerated() {
                let score = zip(stored, vector).reduce(0.0) {
                    $0 + Double(Float(Float16($1.0))) * Double($1.1)
                }
                expected.append(Scored(uri: document.uri, ordinal: ordinal, score: score))
            }
        }
        let best = Self.ranked(expected).prefix(20)
        #expect(hits.map(\.uri) == best.map(\.uri))
        #expect(hits.map(\.ordinal) == best.map(\.ordinal))
        #expect(zip(hits, best).allSatisfy { abs($0.score - $1.score) < 1e-4 })
    }

    @Test(arguments: SearchQuery.Mode.plain)
    func theAnswerDoesNotDependOnTheSegments(mode: SearchQuery.Mode) throws {
        // Twins in text and vector, so that ties decide.
        var documents = randomDocuments(60, dimensions: Self.dimensions)
        documents += documents.map {
            var twin = $0
            twin.uri += "/twin"
            return twin
        }
        var answers: [[SearchHit]] = []
        for shardCount in [1, 2, 7] {
            let workspace = try TemporaryWorkspace()
            let snapshot = try workspace.publish(
                documents,
                dimensions: Self.dimensions,
                shardCount: shardCount
            )
            let searcher = try Searcher(
                workspace: workspace.path,
                snapshot: snapshot,
                index: nil
            )
            for filters in [[], [Filter.language("de")]] {
                answers.append(
                    try searcher.search(
                        SearchQuery(
                            text: "w1 w5 w70",
                            vector: Self.query(4),
                            mode: mode,
                            k: 15,
                            filters: filters
                        )
                    )
                )
            }
        }
        #expect(answers.allSatisfy { $0.count == 15 })
        #expect(answers[0] == answers[2] && answers[0] == answers[4])
        #expect(answers[1] == answers[3] && answers[1] == answers[5])
        #expect(answers[0] != answers[1])
    }

    @Test func aHitCitesItsChunk() throws {
        let workspace = try TemporaryWorkspace()
        let snapshot = try workspace.publish([
            TestDocument(
                uri: "file:///a.pdf",
                title: "Title",
                texts: ["first part", "the second part names a heron"],
                language: "en-GB",
                source: "books",
                mediaType: "application/pdf"
            )
        ])
        let searcher = try Searcher(workspace: workspace.path, snapshot: snapshot, index: nil)
        let hits = try searcher.search(SearchQuery(text: "Herons", mode: .bm25))
        let hit = try #require(hits.first)
        #expect(hits.count == 1)
        #expect(hit.documentID == documentID(uri: "file:///a.pdf"))
        #expect(hit.uri == "file:///a.pdf" && hit.title == "Title" && hit.source == "books")
        #expect(hit.language == "en-GB" && hit.mediaType == "application/pdf")
        #expect(hit.ordinal == 1 && hit.range == 100..<129 && hit.page == 2)
        #expect(hit.headings == ["Top", "Part 1"])
        #expect(hit.text == "the second part names a heron" && hit.snippet == hit.text)
        #expect(hit.score > 0)
    }

    @Test func oneChunkOfADocumentIsItsBest() throws {
        let documents = randomDocuments(40, dimensions: Self.dimensions)
        let workspace = try TemporaryWorkspace()
        let snapshot = try workspace.publish(documents, dimensions: Self.dimensions)
        let searcher = try Searcher(workspace: workspace.path, snapshot: snapshot, index: nil)
        for mode in SearchQuery.Mode.plain {
            var query = SearchQuery(text: "w1 w2 w3", vector: Self.query(1), mode: mode, k: 200)
            let all = try searcher.search(query)
            query.onePerDocument = true
            query.k = 10
            let collapsed = try searcher.search(query)
            var seen: Set<String> = []
            let expected = all.filter { seen.insert($0.uri).inserted }.prefix(10)
            #expect(collapsed == Array(expected))
            #expect(try searcher.rankedURIs(query) == collapsed.map(\.uri))
        }
    }

    @Test func fusionAddsWeightedReciprocalRanks() throws {
        let workspace = try TemporaryWorkspace()
        let snapshot = try workspace.publish(
            [
                TestDocument(uri: "a", texts: ["heron heron"], vectors: [[0, 1]]),
                TestDocument(uri: "b", texts: ["heron and more words"], vectors: [[1, 0]]),
                TestDocument(uri: "c", texts: ["nothing"], vectors: [[0.5, 0]]),
            ],
            dimensions: 2
        )
        let searcher = try Searcher(workspace: workspace.path, snapshot: snapshot, index: nil)
        let hits = try searcher.search(
            SearchQuery(
                text: "heron",
                vector: [1, 0],
                mode: .fused,
                fusion: FusionWeights(bm25: 1, vector: 2, rankOffset: 10)
            )
        )
        let expected = ["b": 1.0 / 12 + 2.0 / 11, "a": 1.0 / 11 + 2.0 / 13, "c": 2.0 / 12]
        #expect(hits.map(\.uri) == ["b", "a", "c"])
        for hit in hits { #expect(abs(hit.score - (expected[hit.uri] ?? 0)) < 1e-12) }
    }

    @Test func anIndexWithoutVectorsAnswersFusedQueriesByWords() throws {
        let workspace = try TemporaryWorkspace()
        let snapshot = try workspace.publish(randomDocuments(20))
        let searcher = try Searcher(workspace: workspace.path, snapshot: snapshot, index: nil)
        let words = try searcher.search(SearchQuery(text: "w1 w2", mode: .bm25))
        let fused = try searcher.search(SearchQuery(text: "w1 w2", mode: .fused))
        #expect(fused.map(\.uri) == words.map(\.uri))
    }

    @Test func chunksWithoutAVectorAreFoundByWordsOnly() throws {
        let workspace = try TemporaryWorkspace()
        let snapshot = try workspace.publish(
            [
                TestDocument(uri: "a", texts: ["heron", "other"], vectors: [[0, 0], [-1, 0]])
            ],
            dimensions: 2
        )
        let searcher = try Searcher(workspace: workspace.path, snapshot: snapshot, index: nil)
        func ordinals(_ mode: SearchQuery.Mode) throws -> [Int] {
            try searcher.search(SearchQuery(text: "heron", vector: [1, 0], mode: mode))
                .map(\.ordinal)
        }
        #expect(try ordinals(.vector) == [1])
        #expect(try ordinals(.bm25) == [0])
        #expect(try ordinals(.fused) == [0, 1])
    }

    @Test func queriesThatDoNotFitAreRefused() throws {
        let workspace = try TemporaryWorkspace()
        let snapshot = try workspace.publish(
            randomDocuments(5, dimensions: Self.dimensions),
            dimensions: Self.dimensions
        )
        let searcher = try Searcher(workspace: workspace.path, snapshot: snapshot, index: nil)
        func code(_ query: SearchQuery) -> SearchError.Code? {
            do {
                _ = try searcher.search(query)
                return nil
            } catch {
                return (error as? SearchError)?.code
            }
        }
        #expect(code(SearchQuery(text: "a", mode: .vector)) == .badVector)
        #expect(code(SearchQuery(text: "a", mode: .fused)) == .badVector)
        #expect(code(SearchQuery(text: "a", vector: [1, 2], mode: .vector)) == .badVector)
        var vector = Self.query(1)
        vector[3] = .nan
        #expect(code(SearchQuery(text: "a", vector: vector, mode: .fused)) == .badVector)
        #expect(code(SearchQuery(text: "a", mode: .bm25, k: 0)) == .badQuery)
        #expect(code(SearchQuery(text: "a", mode: .bm25)) == nil)
        #expect(code(SearchQuery(text: "", mode: .bm25)) == nil)
    }

    @Test func anUnknownIndexIsNamedWithThoseThereAre() throws {
        let workspace = try TemporaryWorkspace()
        let snapshot = try workspace.publish([])
        let error = #expect(throws: SearchError.self) {
            try Searcher(workspace: workspace.path, snapshot: snapshot, index: "other")
        }
        #expect(error?.message == "snapshot 1 has no index 'other'; it has: main")
    }

    @Test func termsOfAnotherAnalysisAreRefused() throws {
        let workspace = try TemporaryWorkspace()
        let snapshot = try workspace.publish(randomDocuments(3), analyzerRevision: 9_999)
        let error = #expect(throws: SearchError.self) {
            try Searcher(workspace: workspace.path, snapshot: snapshot, index: nil)
        }
        #expect(error?.code == .otherAnalysis)
    }
}

/// Near-duplicates that differ in facts share a group, of which a search shows the best member.
@Suite struct GroupSearchTests {
    private func document(_ number: Int, group: Int?, extra: String = "") -> TestDocument {
        var document = TestDocument(
            uri: "d\(number)",
            texts: ["invoice terms of payment number\(number) \(extra)", "terms second part"]
        )
        document.metadata = group.map { [SegmentDocument.groupKey: "g\($0)"] } ?? [:]
        return document
    }

    private func uris(
        _ searcher: Searcher,
        _ text: String,
        k: Int,
        expands: Bool = false,
        onePerDocument: Bool = false
    ) throws -> [String] {
        try searcher.search(
            SearchQuery(
                text: text,
                mode: .bm25,
                k: k,
                onePerDocument: onePerDocument,
                expandsGroups: expands
            )
        ).map(\.uri)
    }

    @Test func theBestMemberStandsForItsGroup() throws {
        let workspace = try TemporaryWorkspace()
        let documents =
            (0..<30).map { self.document($0, group: 1) }
            + (30..<34).map { self.document($0, group: $0 < 32 ? 2 : nil) }
        let searcher = try Searcher(
            workspace: workspace.path,
            snapshot: try workspace.publish(documents, shardCount: 3),
            index: nil
        )
        // The member that is asked for is the best, whichever leads the group.
        #expect(try self.uris(searcher, "terms number17", k: 1) == ["d17"])
        let found = try self.uris(searcher, "invoice terms", k: 4, onePerDocument: true)
        #expect(Set(found).count == 4)
        #expect(found.filter { Int($0.dropFirst()) ?? 0 < 30 }.count == 1)
        #expect(Set(found).isSuperset(of: ["d32", "d33"]))
        // Both chunks of the best member stay.
        let chunks = try self.uris(searcher, "terms", k: 40)
        #expect(chunks.count == 8)
        #expect(try self.uris(searcher, "terms", k: 100, expands: true).count == 68)
        let hits = try searcher.search(SearchQuery(text: "number17", mode: .bm25, k: 1))
        #expect(hits.first?.group == "g1")
        #expect(try self.uris(searcher, "absent", k: 3).isEmpty)
    }

    @Test func aFilterChoosesAmongTheMembers() throws {
        let workspace = try TemporaryWorkspace()
        let searcher = try Searcher(
            workspace: workspace.path,
            snapshot: try workspace.publish((0..<5).map { self.document($0, group: 1) }),
            index: nil
        )
        let query = SearchQuery(
            text: "terms",
            mode: .bm25,
            k: 5,
            filters: [.uriPrefix("d3")],
            onePerDocument: true
        )
        #expect(try searcher.search(query).map(\.uri) == ["d3"])
    }
}
