import Records
import Search
import Segments
import Testing

@Suite struct HitTests {
    private func searcher(_ documents: [TestDocument], dimensions: Int = 0) throws -> (
        TemporaryWorkspace, Searcher
    ) {
        let workspace = try TemporaryWorkspace()
        let snapshot = try workspace.publish(documents, dimensions: dimensions, shardCount: 2)
        return (workspace, try Searcher(workspace: workspace.path, snapshot: snapshot, index: nil))
    }

    @Test func theSharesExplainTheScore() throws {
        let (workspace, searcher) = try self.searcher(
            randomDocuments(80, dimensions: 8),
            dimensions: 8
        )
        withExtendedLifetime(workspace) {}
        let vector: [Float] = [1, 0, 0.5, 0, 0, 0, -1, 0]
        for mode in SearchQuery.Mode.plain {
            var query = SearchQuery(text: "w1 w1 w5 w70 absent", vector: vector, mode: mode, k: 20)
            #expect(
                try searcher.search(query).allSatisfy { $0.explanation == nil && $0.section == nil }
            )
            query.explains = true
            for hit in try searcher.search(query) {
                let explanation = try #require(hit.explanation)
                #expect(!explanation.terms.contains { $0.term == "absent" })
                #expect(explanation.terms.first { $0.term == "w1" }?.occurrences ?? 2 == 2)
                #expect(
                    abs(explanation.terms.reduce(0) { $0 + $1.share } - explanation.bm25) < 1e-9
                )
                let similarity = try #require(explanation.similarity)
                switch mode {
                case .bm25: #expect(abs(explanation.bm25 - hit.score) < 1e-5)
                case .vector: #expect(similarity == hit.score)
                case .sparse: Issue.record("there are no expansions")
                case .fused: #expect(explanation.fusion == .ofModel("test-model"))
                }
            }
        }
    }

    @Test func aPageThatOCRReadIsSaidToBeOne() throws {
        let (workspace, searcher) = try self.searcher([
            TestDocument(
                uri: "a",
                texts: ["heron one", "heron two", "heron three"],
                metadata: [PageNumbers.ocrKey: PageNumbers([2, 5]).text]
            ),
            TestDocument(uri: "b", texts: ["x", "heron too"], metadata: [PageNumbers.ocrKey: "2"]),
        ])
        withExtendedLifetime(workspace) {}
        let hits = try searcher.search(SearchQuery(text: "heron", mode: .bm25))
        #expect(hits.count == 4)
        #expect(hits.filter { $0.origin == .ocr }.map(\.ordinal) == [1])
        #expect(hits.first { $0.origin == .ocr }?.uri == "a")
    }

    @Test func aSectionIsTheChunksUnderTheSameHeadings() throws {
        // Headings of test documents name the ordinal: each chunk is a section of its own.
        let (workspace, searcher) = try self.searcher([
            TestDocument(uri: "a", texts: ["one heron", "two", "three"])
        ])
        withExtendedLifetime(workspace) {}
        var query = SearchQuery(text: "heron", mode: .bm25)
        query.expandsSections = true
        let section = try #require(try searcher.search(query).first?.section)
        #expect(section.text == "one heron" && section.range == 0..<9)
    }

    @Test func marksAreTheWordsOfTheQuery() throws {
        let (workspace, searcher) = try self.searcher([
            TestDocument(uri: "a", texts: ["Äre there (herons)? A heron, héron; no her."])
        ])
        withExtendedLifetime(workspace) {}
        let hit = try #require(try searcher.search(SearchQuery(text: "heron", mode: .bm25)).first)
        let bytes = Array(hit.snippet.utf8)
        let words = hit.marks.map { String(decoding: bytes[$0], as: UTF8.self) }
        #expect(words == ["herons", "heron", "héron"])
    }

    @Test func snippetsBeginAndEndWithSentencesThatFit() throws {
        let filler = String(repeating: "Nothing of note was said about any of it here. ", count: 20)
        let (workspace, searcher) = try self.searcher([
            TestDocument(
                uri: "a",
                texts: [
                    filler + "Then came a heron to the pond. It stayed for some time and left. "
                        + filler
                ]
            )
        ])
        withExtendedLifetime(workspace) {}
        let hit = try #require(try searcher.search(SearchQuery(text: "heron", mode: .bm25)).first)
        #expect(hit.snippet.hasPrefix("…Then came a heron to the pond."))
        #expect(hit.snippet.hasSuffix(".…"))
        #expect(hit.snippet.utf8.count <= 240)
    }
}

/// Scores of two rankings as one.
@Suite struct FusionTests {
    private func fused(
        _ documents: [TestDocument],
        _ weights: FusionWeights?,
        ofSearcher own: FusionWeights? = nil,
        k: Int = 10
    ) throws -> [(uri: String, score: Double)] {
        let workspace = try TemporaryWorkspace()
        let searcher = try Searcher(
            workspace: workspace.path,
            snapshot: try workspace.publish(documents, dimensions: 2, shardCount: 2),
            index: nil,
            fusion: own
        )
        return try searcher.search(
            SearchQuery(text: "heron", vector: [1, 0], mode: .fused, k: k, fusion: weights)
        ).map { ($0.uri, $0.score) }
    }

    private static let documents = [
        TestDocument(uri: "a", texts: ["heron heron"], vectors: [[0, 1]]),
        TestDocument(uri: "b", texts: ["heron and more words"], vectors: [[1, 0]]),
        TestDocument(uri: "c", texts: ["nothing"], vectors: [[0.5, 0]]),
    ]

    @Test func scoresGoFromZeroToOneInEachRanking() throws {
        let found = try self.fused(Self.documents, FusionWeights(bm25: 1, vector: 3))
        // Words: a is the best, b the last. Vectors: b 1, c 0.5, a 0.
        #expect(found.map(\.uri) == ["b", "c", "a"])
        let expected = ["b": 3.0, "c": 1.5, "a": 1.0]
        for (uri, score) in found { #expect(abs(score - (expected[uri] ?? -1)) < 1e-6) }
    }

    @Test func theQuerysWeightsGoBeforeTheSearchers() throws {
        let words = FusionWeights(bm25: 1, vector: 0)
        #expect(try self.fused(Self.documents, nil, ofSearcher: words).map(\.uri) == ["a", "b"])
        #expect(
            try self.fused(Self.documents, FusionWeights(bm25: 0, vector: 1), ofSearcher: words)
                .map(\.uri) == ["b", "c", "a"]
        )
    }

    @Test func moreAnswersDoNotChangeTheFirst() throws {
        let documents = (0..<700).map { number in
            TestDocument(
                uri: "d\(number)",
                texts: ["heron " + String(repeating: "word ", count: number % 97)],
                vectors: [[Float(number * 37 % 701) / 701, 0.2]]
            )
        }
        let weights = FusionWeights(bm25: 1, vector: 1)
        let few = try self.fused(documents, weights, k: 10)
        let more = try self.fused(documents, weights, k: 100)
        #expect(few.map(\.uri) == more.prefix(10).map(\.uri))
        #expect(Set(more.map(\.uri)).count == 100)
        let all = try self.fused(documents, weights, k: 700)
        #expect(all.count == 700)
        #expect(zip(all, all.dropFirst()).allSatisfy { $0.score >= $1.score })
    }

    @Test func aTwinGivesTheSameBitsWhateverTheLegs() throws {
        let searcherFirst = try self.fused(Self.documents, nil)
        #expect(
            searcherFirst.map(\.uri) == (try self.fused(Self.documents, .ofModel("x"))).map(\.uri)
        )
    }
}

@Suite struct RecallTests {
    @Test func theDefaultVectorSearchFindsWhatAnExactOneDoes() throws {
        var random = Seeded(2026)
        let centres = (0..<30).map { _ in
            (0..<64).map { _ in Float.random(in: -1...1, using: &random) }
        }
        func member() -> [Float] {
            let centre = centres[Int(random.next() % 30)]
            let vector = centre.map { $0 + Float.random(in: -0.6...0.6, using: &random) }
            let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return vector.map { $0 / norm }
        }
        let documents = (0..<3_000).map {
            TestDocument(uri: "d\($0)", texts: ["t"], vectors: [member()])
        }
        let workspace = try TemporaryWorkspace()
        let searcher = try Searcher(
            workspace: workspace.path,
            snapshot: try workspace.publish(documents, dimensions: 64, shardCount: 2),
            index: nil
        )
        var found = 0
        for _ in 0..<30 {
            var query = SearchQuery(text: "", vector: member(), mode: .vector)
            let answers = try searcher.rankedURIs(query)
            query.isExact = true
            found += Set(try searcher.rankedURIs(query)).intersection(answers).count
        }
        #expect(found >= 298)
    }

    @Test func samplesAreTheSameHoweverChunksAreSpread() throws {
        let documents = randomDocuments(60)
        let samples = try [1, 3].map { shardCount in
            let workspace = try TemporaryWorkspace()
            return try Searcher(
                workspace: workspace.path,
                snapshot: try workspace.publish(documents, shardCount: shardCount),
                index: nil
            ).sample(20)
        }
        #expect(samples[0] == samples[1])
        #expect(samples[0].count == 20)
        #expect(
            samples[0].contains { $0.passage != nil } && samples[0].contains { $0.heading != nil }
        )
    }
}
