import Search
import Segments
import Testing

@Suite struct QueryTextTests {
    @Test(
        arguments: [
            "", "plain words", "std::vector of http://a.b/?x=1", "a -1 - -- +x", "5\" pipe",
            "an \"open quotation", "note: title: and heading:", "-", "\"\"", "e-mail x-y",
        ])
    func whatAsksForNothingMoreIsWordsAsTyped(text: String) {
        let query = QueryText(parsing: text)
        #expect(query == QueryText(plain: text))
        #expect(!query.hasConditions)
    }

    @Test func phrasesExclusionsAndFieldsAreTakenApart() {
        let query = QueryText(
            parsing:
                "  grey \"night heron\" -pond -\"sea gull\" title:birds heading:\"Where they live\" „zwei Wörter“"
        )
        #expect(query.words == "grey night heron birds Where they live zwei Wörter")
        #expect(query.phrases == ["night heron", "zwei Wörter"])
        #expect(query.excluded == ["pond", "sea gull"])
        #expect(query.fields.map(\.field) == [.title, .heading])
        #expect(query.fields.map(\.words) == ["birds", "Where they live"])
        #expect(query.hasConditions)
    }
}

@Suite struct QueryConditionTests {
    private static let documents = [
        TestDocument(
            uri: "a",
            title: "Wading birds",
            texts: ["The Night-Heron fishes at dusk.", "A heron by night is grey."]
        ),
        TestDocument(
            uri: "b",
            title: "Sea birds",
            texts: ["Night herons and gulls, a night heron; birds by the sea"],
            isUnderTitle: true
        ),
        TestDocument(
            uri: "c",
            title: "Birdseed",
            texts: ["heron night", "Gulls eat herrings at night"]
        ),
        TestDocument(uri: "d", title: "夜鹭", texts: ["夜鹭在夜间活动 heron", "鹭夜 heron"]),
    ]

    private func found(_ text: String, _ mode: SearchQuery.Mode = .bm25, plain: Bool = false) throws
        -> Set<String>
    {
        let workspace = try TemporaryWorkspace()
        var documents = Self.documents
        // Vectors for those modes that want them: all alike, so that conditions alone decide.
        for index in documents.indices {
            documents[index].vectors = documents[index].texts.map { _ in [1, 0] }
        }
        let searcher = try Searcher(
            workspace: workspace.path,
            snapshot: try workspace.publish(documents, dimensions: 2, shardCount: 2),
            index: nil
        )
        var query = SearchQuery(text: text, vector: [1, 0], mode: mode, k: 50)
        query.isPlain = plain
        return Set(try searcher.search(query).map { "\($0.uri)\($0.ordinal)" })
    }

    @Test(arguments: SearchQuery.Mode.plain)
    func aPhraseStandsAsItWasWritten(mode: SearchQuery.Mode) throws {
        #expect(try self.found("\"night heron\"", mode) == ["a0", "b0"])
        #expect(try self.found("\"NIGHT, HÉRON\" grey", mode) == ["a0", "b0"])
        #expect(try self.found("\"heron night\"", mode) == ["c0"])
        // A phrase is found in titles too, whose words a chunk's terms hold, and is never a part of a word.
        #expect(try self.found("\"sea birds\"", mode) == ["b0"])
        #expect(try self.found("\"ight heron\"", mode).isEmpty)
        #expect(try self.found("\"夜鹭\"", mode) == ["d0"])
        #expect(try self.found("\"鹭夜\"", mode) == ["d1"])
    }

    @Test(arguments: SearchQuery.Mode.plain)
    func whatIsExcludedIsNotFound(mode: SearchQuery.Mode) throws {
        #expect(try self.found("heron -grey -gull -heading", mode) == ["a0", "c0", "d0", "d1"])
        // In all its forms.
        #expect(!(try self.found("night -gull", mode).contains("c1")))
        #expect(try self.found("night -\"night heron\" -夜", mode).isDisjoint(with: ["a0", "b0"]))
    }

    @Test(arguments: SearchQuery.Mode.plain)
    func aFieldHoldsItsWords(mode: SearchQuery.Mode) throws {
        let birds = try self.found("night title:birds", mode)
        #expect(birds == ["a0", "a1", "b0"])
        #expect(try self.found("heron title:\"Wading birds\"", mode) == ["a0", "a1"])
        #expect(try self.found("heron heading:\"part 1\"", mode).isSubset(of: ["a1", "c1", "d1"]))
        #expect(try self.found("heron heading:absent", mode).isEmpty)
    }

    @Test func plainQueriesAreWords() throws {
        #expect(
            try self.found("\"night heron\" -grey", plain: true).isSuperset(of: [
                "a0", "a1", "b0", "c0",
            ])
        )
    }

    /// However far down the ranking the phrase stands.
    @Test func theOnlyChunkWithThePhraseIsFound() throws {
        var documents = (0..<400).map {
            TestDocument(uri: "n\($0)", texts: ["beta alpha alpha beta"])
        }
        documents.append(
            TestDocument(
                uri: "it",
                texts: ["alpha beta " + String(repeating: "filler ", count: 90)]
            )
        )
        let workspace = try TemporaryWorkspace()
        let searcher = try Searcher(
            workspace: workspace.path,
            snapshot: try workspace.publish(documents, shardCount: 2),
            index: nil
        )
        let hits = try searcher.search(
            SearchQuery(text: "\"alpha beta filler\"", mode: .bm25, k: 3)
        )
        #expect(hits.map(\.uri) == ["it"])
        let both = try searcher.search(
            SearchQuery(text: "alpha \"beta filler\"", mode: .bm25, k: 3)
        )
        #expect(both.map(\.uri) == ["it"])
    }
}

@Suite struct StopWordTests {
    private func terms(_ text: String) throws -> [String] {
        let words = Set(text.split(separator: " ").map(String.init)).sorted()
        let workspace = try TemporaryWorkspace()
        let searcher = try Searcher(
            workspace: workspace.path,
            snapshot: try workspace.publish([
                TestDocument(uri: "a", texts: [words.joined(separator: " ")])
            ]),
            index: nil
        )
        var query = SearchQuery(text: text, mode: .bm25)
        query.explains = true
        let hit = try #require(try searcher.search(query).first)
        return try #require(hit.explanation).terms.map(\.term).sorted()
    }

    @Test func aLongQueryIsAskedWithoutThem() throws {
        let sentence = "how do the herons of the north find their way in fog and rain"
        #expect(
            try self.terms(sentence).filter { ["the", "of", "and", "in"].contains($0) }.isEmpty
        )
        #expect(try self.terms(sentence).contains("heron"))
        let german = "wie finden die reiher ihren weg bei nebel und regen über das moor"
        #expect(try self.terms(german).allSatisfy { !["die", "und", "das"].contains($0) })
        #expect(try self.terms(german).contains("nebel"))
    }

    @Test func aShortQueryAndOneOfStopWordsAreTakenAsTheyAre() throws {
        #expect(try self.terms("the who") == ["the", "who"])
        #expect(try self.terms("to be or not to be that is the one").contains("not"))
    }
}
