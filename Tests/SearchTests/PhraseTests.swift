import Search
import Segments
import Testing

/// Quoted phrases beside a look at every text.
@Suite struct PhraseTests {
    private static let words = [
        "mill", "mills", "milling", "wheel", "wheels", "the", "of", "wi-fi", "4711-0815", "number7",
        "Straße",
        "東京タワー", "getUserName", "1,234,567", "U.S.A.", "café", "Müller", "C++",
    ]

    private static func text(_ count: Int, _ random: inout Seeded) -> [String] {
        (0..<count).map { _ in
            let value = Double(random.next() % 1024) / 1024
            return Self.words[Int(value * value * Double(Self.words.count))]
        }
    }

    @Test(arguments: ["en", "de"])
    func aPhraseIsFoundWhereItsWordsStandAsTheyAreTyped(language: String) throws {
        var random = Seeded(21)
        let documents = (0..<220).map { number in
            TestDocument(
                uri: "n\(number)",
                title: "Paper",
                texts: (0..<2).map { _ in Self.text(30, &random).joined(separator: " ") },
                language: language
            )
        }
        let workspace = try TemporaryWorkspace()
        let snapshot = try workspace.publish(documents, shardCount: 2)
        let searcher = try Searcher(workspace: workspace.path, snapshot: snapshot, index: nil)
        var foundCount = 0
        for count in [2, 2, 2, 3, 3, 4, 5] {
            for _ in 0..<12 {
                // Words of one form each: what a phrase takes for words is plain in these.
                let words = Self.text(count, &random).filter {
                    $0.allSatisfy(\.isLetter) && $0.utf8.allSatisfy { $0 < 0x80 }
                }
                guard words.count > 1 else { continue }
                let phrase = words.joined(separator: " ")
                let query = SearchQuery(text: "\"\(phrase)\"", mode: .bm25, k: 10_000)
                let found = try Set(searcher.search(query).map { "\($0.uri) \($0.ordinal)" })
                let needle = " " + phrase.lowercased() + " "
                let expected = documents.flatMap { document in
                    document.texts.enumerated().compactMap { ordinal, text in
                        (" " + text.lowercased() + " ").contains(needle)
                            ? "\(document.uri) \(ordinal)" : nil
                    }
                }
                #expect(found == Set(expected), "\(phrase)")
                foundCount += found.count
            }
        }
        #expect(foundCount > 300)
    }

    /// Whatever is quoted out of a text finds it, if each of its words does.
    @Test(arguments: [
        "wi fi", "wi-fi the", "the 4711 0815", "Straße", "the strasse of", "東京タワー", "the café",
    ])
    func spellingsDoNotStandBetweenWords(phrase: String) throws {
        let documents = [
            TestDocument(
                uri: "a",
                texts: [
                    "The wi-fi the 4711-0815 the Straße",
                    "of the strasse of 東京タワー 1,234,567 the café",
                ]
            ),
            TestDocument(uri: "b", texts: ["fi wi 0815 4711 of mill the, 東タ京ワー and cafe mill"]),
        ]
        let workspace = try TemporaryWorkspace()
        let snapshot = try workspace.publish(documents, shardCount: 1)
        let searcher = try Searcher(workspace: workspace.path, snapshot: snapshot, index: nil)
        let found = try searcher.search(SearchQuery(text: "\"\(phrase)\"", mode: .bm25, k: 10))
        #expect(!found.isEmpty)
        #expect(found.allSatisfy { $0.uri == "a" })
    }

    /// Signs are part of names, in a phrase and in what is left out.
    @Test(
        arguments: [
            ("\"C++ programs\"", ["cpp"]), ("\"C programs\"", ["c"]), ("\"U.S.A. army\"", ["usa"]),
            ("\"the Node.js server\"", ["node"]), ("\"in C# or\"", ["cpp"]),
            ("programs -C++", ["c"]), ("army -U.S.A.", ["us"]), ("network -wi-fi", ["lan"]),
        ] as [(String, [String])]
    )
    func signsStandInPhrases(query: String, expected: [String]) throws {
        let documents = [
            ("cpp", "many C++ programs, fewer in C# or Rust"), ("c", "many C programs"),
            ("usa", "the U.S.A. army"), ("us", "an army of ants"),
            ("node", "run the Node.js server"), ("wlan", "the wi fi network"),
            ("lan", "the network"),
        ].map { TestDocument(uri: $0.0, texts: [$0.1]) }
        let workspace = try TemporaryWorkspace()
        let snapshot = try workspace.publish(documents, shardCount: 2)
        let searcher = try Searcher(workspace: workspace.path, snapshot: snapshot, index: nil)
        let found = try searcher.search(SearchQuery(text: query, mode: .bm25, k: 10))
        #expect(found.map(\.uri) == expected)
    }
}
