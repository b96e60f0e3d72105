import Testing

@testable import Text

extension TermAnalyzer {
    /// The terms of `text` with their counts, `term` or `term*n`, in order.
    mutating func describe(_ text: String) -> [String] {
        var terms = TermCounts()
        Array(text.utf8).withUnsafeBufferPointer { self.analyze($0, into: &terms) }
        return terms.described
    }
}

extension TermCounts {
    var described: [String] {
        (0..<self.termCount).map { index in
            let term = String(decoding: self.term(at: index), as: UTF8.self)
            return self.counts[index] == 1 ? term : "\(term)*\(self.counts[index])"
        }
    }
}

@Suite struct TermAnalyzerTests {
    @Test func oneReadingGivesTheFormsOfEachLanguage() {
        let languages = LightStemmer.all
        var analyzer = TermAnalyzer()
        for text in [
            "", "Die alten Häuser und Straßen, les maisons des journaux; документами",
            "wi-fi C++ 5kg getUserNames",
            "数据库 한국어 gatos GATOS İstanbul " + String(repeating: "häuser", count: 12) + " a\u{300}b",
        ] {
            let bytes = Array(text.utf8)
            let forms = analyzer.forms(of: bytes, in: languages)
            let plain = analyzer.sequence(of: bytes)
            #expect(forms.map(\.position) == plain.map(\.position))
            #expect(forms.map { $0.forms[0] } == plain.map(\.bytes))
            for (number, language) in languages.enumerated() {
                let own = analyzer.sequence(of: bytes, in: language).map(\.bytes)
                #expect(forms.map { $0.forms[number + 1] } == own, "\(language.language)")
            }
        }
    }

    /// What is looked for is found as often as the table of all terms has it.
    @Test(arguments: [nil, "de", "ru"])
    func wantedTermsAreFoundAsTheTableHasThem(language: String?) {
        let inflections = language.flatMap(LightStemmer.of)
        let texts = [
            "", "The runner runs; running! is as a It",
            "getUserName user_name wi-fi Node.js U.S.A. C++ .NET",
            "5kg 0x80070005 1,234,567 KB5034441", "Gebäude Straßen документами 数据库 한국어 문서",
            "internationalisationalised internationalisationalism x"
                + String(repeating: "y", count: 90),
        ]
        var analyzer = TermAnalyzer()
        var counted = TermCounts()
        var wanted: Set<[UInt8]> = []
        for text in texts {
            Array(text.utf8).withUnsafeBufferPointer {
                analyzer.analyze($0, in: inflections, into: &counted)
            }
            // Every second one, and one that no text has.
            for index in stride(from: 0, to: counted.termCount, by: 2) {
                wanted.insert(Array(counted.term(at: index)))
            }
        }
        wanted.insert(Array("internationalisationalist".utf8))
        let terms = wanted.sorted { $0.lexicographicallyPrecedes($1) }
        let set = WantedTerms(terms)
        var places: [Int] = []
        for text in texts {
            Array(text.utf8).withUnsafeBufferPointer { bytes in
                analyzer.analyze(bytes, in: inflections, into: &counted)
                analyzer.find(set, in: bytes, of: inflections, into: &places)
            }
            let expected = (0..<counted.termCount).map { Array(counted.term(at: $0)) }
                .filter(wanted.contains)
            #expect(places.map { terms[$0] } == expected)
        }
    }

    @Test(
        arguments: [
            ("", []),
            (" .,;!\n", []),
            ("The runner runs; running!", ["run*2", "runner", "the"]),
            ("x86-64 os/path", ["64", "os", "path", "x86", "x8664"]),
            ("is as a It", ["a", "as", "is", "it"]),
            ("don't", ["don", "t"]),
            ("Café cafés CAFÉ", ["cafe*3"]),
            ("cafe\u{301} naïve", ["cafe", "naiv"]),
            ("Straße Ærø œuvre Łódź þing", ["aero", "lodz", "oeuvr", "strass", "thing"]),
            ("İstanbul ISTANBUL ıstanbul", ["istanbul*3"]),
            ("Việt Nam ｆｕｌｌ", ["full", "nam", "viet"]),
            ("Ελλάδας ΕΛΛΆΔΑΣ Москва", ["ελλαδασ*2", "москва"]),
            ("ёлка елка Ёлка", ["елка*3"]),
            ("مدرسة مدرسه مَدْرَسـة أحمد احمد", ["احمد*2", "مدرسه*3"]),
            ("שָׁלוֹם שלום", ["שלום*2"]),
            ("oﬃce eﬀect ﬂow ﬁne", ["effect", "fine", "flow", "offic"]),
            ("H₂O CO₂ m² 10⁹ µm μm", ["109", "co", "co2", "h2o", "m2", "μm*2"]),
            ("数据库", ["据库", "数据"]),
            ("数 据", ["据", "数"]),
            ("用Swift写", ["swift", "写", "用"]),
            ("カタカナ", ["カタ", "カナ", "タカ"]),
            ("한국어 문서", ["문서", "한국어"]),
            ("ภาษา", ["ภา", "ษา", "าษ"]),
            ("हिन्दी", ["हिन्दी"]),
            ("a\u{301}\u{301} \u{301}", ["a"]),
            ("½ ² Ⅷ", ["2", "½", "ⅷ"]),
        ] as [(String, [String])]
    )
    func termsOfText(text: String, expected: [String]) {
        var analyzer = TermAnalyzer()
        #expect(analyzer.describe(text) == expected)
    }

    @Test(
        arguments: [
            ("5kg 5 kg", ["5*2", "5kg", "kg*2"]),
            ("KB5034441", ["5034441", "kb", "kb5034441"]),
            ("100км", ["100", "100км", "км"]),
            ("ipv4 iphone15", ["iphon", "iphone15", "ipv", "ipv4"]),
            // What is no number beside letters: names, codes, identifiers.
            ("A4 5G h2o", ["5g", "a4", "h2o"]),
            ("a1b2 user_2 0x", ["0x", "a1b2", "user", "user_2"]),
            ("0x80070005 0xffee", ["0x80070005", "0xffee", "80070005", "ffee"]),
            ("1,234", ["1", "1234", "234"]),
            ("1,234,567.8", ["1", "1234567", "234", "567", "8"]),
            ("1'234'567", ["1", "1234567", "234", "567"]),
            ("1.234.567", ["1", "1234567", "234", "567"]),
            ("3.141 v1,234 1,2345 12,34", ["1", "12", "141", "234", "2345", "3", "34", "v1"]),
            ("Gebäude Ölförderung", ["gebaeud", "gebaud", "oelfoerderung", "olforderung"]),
            ("Zürich-Übersee", ["uberse", "ueberse", "zuerich", "zurich", "zurichuberse"]),
        ] as [(String, [String])]
    )
    func otherSpellingsStandBesideAWord(text: String, expected: [String]) {
        var analyzer = TermAnalyzer()
        #expect(analyzer.describe(text) == expected)
    }

    @Test(arguments: [
        ("skies", "sky"), ("dying", "die"), ("hopping", "hop"), ("hoping", "hope"),
        ("internationalization", "internation"), ("generalizations", "general"),
        ("antidisestablishmentarianism", "antidisestablishmentarian"), ("abc123ing", "abc123ing"),
    ])
    func wordsAreStemmedAsEnglishWhateverTheirLength(word: String, stem: String) {
        var analyzer = TermAnalyzer()
        // Twice: once from the library, once from the cache.
        #expect(analyzer.describe("\(word) \(word.uppercased())") == ["\(stem)*2"])
        #expect(analyzer.describe(word) == [stem])
    }

    @Test(arguments: [15, 16, 17, 63, 64, 65, 200])
    func longTermsAreCutAtTheLimit(count: Int) {
        var analyzer = TermAnalyzer()
        let digits = String(repeating: "7", count: count)
        #expect(analyzer.describe(digits) == [String(repeating: "7", count: min(count, 64))])
        // Two bytes each after one of one byte: the 64th byte would halve a scalar.
        let greek = "x" + String(repeating: "ω", count: count)
        let kept = "x" + String(repeating: "ω", count: min(count, 31))
        #expect(analyzer.describe(greek) == [kept])
    }

    @Test func longTermsThatShareTheirStartAreApart() {
        var analyzer = TermAnalyzer()
        let stem = String(repeating: "0", count: 16)
        #expect(
            analyzer.describe("\(stem)2 \(stem)1 \(stem) \(stem)12 \(stem)1")
                == [stem, "\(stem)1*2", "\(stem)12", "\(stem)2"]
        )
    }

    @Test func malformedBytesSeparateWords() {
        var analyzer = TermAnalyzer()
        var terms = TermCounts()
        for bytes in [[0x61, 0xFF, 0x62], [0x61, 0xC3], [0xE4, 0xB8], [0xF0, 0x9F]] as [[UInt8]] {
            bytes.withUnsafeBufferPointer { analyzer.analyze($0, into: &terms) }
            #expect(
                terms.described == (bytes[0] == 0x61 ? bytes.count == 3 ? ["a", "b"] : ["a"] : [])
            )
        }
    }

    /// Random words, many more than the cache and the first table hold, against a dictionary.
    @Test(arguments: [10, 1_000, 30_000])
    func countsEqualThoseOfADictionary(wordCount: Int) {
        var generator = SplitMix(seed: UInt64(wordCount))
        let alphabet = Array("abcde019éж".unicodeScalars)
        var words: [String] = []
        for _ in 0..<wordCount {
            var word = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 1...24, using: &generator) {
                word.append(alphabet.randomElement(using: &generator) ?? "a")
            }
            words.append(String(word))
        }
        var analyzer = TermAnalyzer()
        var single = TermAnalyzer()
        var expected: [[UInt8]: UInt32] = [:]
        var one = TermCounts()
        for word in words {
            Array(word.utf8).withUnsafeBufferPointer { single.analyze($0, into: &one) }
            for index in 0..<one.termCount {
                expected[Array(one.term(at: index)), default: 0] += one.counts[index]
            }
        }
        var terms = TermCounts()
        Array(words.joined(separator: " ").utf8).withUnsafeBufferPointer {
            analyzer.analyze($0, into: &terms)
        }
        let found = (0..<terms.termCount).map { Array(terms.term(at: $0)) }
        #expect(found == expected.keys.sorted { $0.lexicographicallyPrecedes($1) })
        #expect(terms.counts == found.map { expected[$0] ?? 0 })
        #expect(terms.length == wordCount)
    }

    @Test func anAnalyzerGivesTheSameTermsWhateverCameBefore() {
        var used = TermAnalyzer()
        let text = "Indexing 索引 the Überprüfung of 20 documents"
        _ = used.describe((0..<90_000).map { "w\($0)" }.joined(separator: " "))
        _ = used.describe("other words entirely, indexing")
        var fresh = TermAnalyzer()
        #expect(used.describe(text) == fresh.describe(text))
    }

    @Test(
        arguments: [
            ("wi-fi e-mail", ["e", "email", "fi", "mail", "wi", "wifi"]),
            ("wi\u{2011}fi", ["fi", "wi", "wifi"]),
            ("Über-Ich", ["ich", "uber", "uberich", "ueber"]),
            ("4711-0815 ORA-00942", ["00942", "0815", "4711", "47110815", "ora", "ora00942"]),
            ("state-of-the-art", ["art", "of", "state", "stateoftheart", "the"]),
            ("a-b-c-d-e", ["a", "b", "c", "d", "e"]),
            ("Node.js", ["js", "node", "nodej"]),
            ("end.Next 1.2.3", ["1", "2", "3", "end", "endnext", "next"]),
            ("U.S.A. I.B.M, 5 p.m. x.y", ["5", "ibm", "pm", "usa", "x", "y"]),
            ("C++ c++17 C# F# C", ["17", "c", "c#", "c++*2", "f#"]),
            ("vi++ i++; a+++b a# #tag ##", ["a", "a#", "b", "i++", "tag", "vi", "vi++"]),
            (".NET (.env) a.net", [".env", ".net", "a", "env", "net*2"]),
            ("getUserName", ["get", "getusernam", "name", "user"]),
            (
                "HTTPServer XMLHttpRequest",
                [
                    "http*2", "httpserver", "request", "server", "xml", "xmlhttprequest",
                ]
            ),
            (
                "user_name E_ACCESSDENIED __x__",
                [
                    "__x__", "accessdeni", "e_accessdenied", "name", "user", "user_name",
                ]
            ),
            ("HTTP iPhone Étage", ["etag", "http", "iphon", "phone"]),
            ("- -- a - b -x .", ["a", "b", "x"]),
            ("a-", ["a"]), ("-", []), ("c++", ["c++"]), ("U.S.A", ["usa"]), ("p.m.", ["pm"]),
        ] as [(String, [String])]
    )
    func wordsHaveTheSpellingsPeopleType(text: String, expected: [String]) {
        var analyzer = TermAnalyzer()
        #expect(analyzer.describe(text) == expected)
    }

    @Test(arguments: [
        ("wifi", "wi-fi"), ("email", "e-mail"), ("USA", "U.S.A."), ("nodejs", "Node.js"),
        ("user name", "getUserName"), ("C++", "c++17"), ("dotnet .NET", ".net"),
        ("reindexing", "re-index"), ("Strassen", "Straßen"),
    ])
    func oneSpellingFindsTheOther(query: String, text: String) {
        var analyzer = TermAnalyzer()
        let wanted = Set(analyzer.describe(query))
        #expect(!wanted.isDisjoint(with: analyzer.describe(text)))
    }

    @Test func otherSpellingsDoNotLengthenAText() {
        var analyzer = TermAnalyzer()
        var terms = TermCounts()
        Array("the wi-fi of getUserName in the U.S.A.".utf8).withUnsafeBufferPointer {
            analyzer.analyze($0, into: &terms)
        }
        // the, wi, fi, of, getusername, in, the, usa
        #expect(terms.length == 8)
    }

    /// Random signs and letters: no reading past the end, the same terms after other texts.
    @Test(arguments: 0..<20) func randomSignsAreRead(seed: UInt64) {
        var generator = SplitMix(seed: seed)
        let alphabet = Array("aB0_.-+# é\u{2011}数".unicodeScalars)
        var used = TermAnalyzer()
        for length in 0..<60 {
            var text = String.UnicodeScalarView()
            for _ in 0..<length { text.append(alphabet.randomElement(using: &generator) ?? "a") }
            var fresh = TermAnalyzer()
            #expect(used.describe(String(text)) == fresh.describe(String(text)))
        }
    }
}
