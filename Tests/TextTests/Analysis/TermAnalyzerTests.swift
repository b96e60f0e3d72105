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
    @Test(
        arguments: [
            ("", []),
            (" .,;!\n", []),
            ("The runner runs; running!", ["run*2", "runner", "the"]),
            ("os.path sb_stemmer_new x86-64", ["64", "os", "path", "sb_stemmer_new", "x86"]),
            ("is as a It", ["a", "as", "is", "it"]),
            ("don't", ["don", "t"]),
            ("Café cafés CAFÉ", ["cafe*3"]),
            ("cafe\u{301} naïve", ["cafe", "naiv"]),
            ("Straße Ærø œuvre Łódź þing", ["aero", "lodz", "oeuvr", "strass", "thing"]),
            ("İstanbul ISTANBUL ıstanbul", ["istanbul*3"]),
            ("Việt Nam ｆｕｌｌ", ["full", "nam", "viet"]),
            ("Ελλάδα Москва", ["ελλάδα", "москва"]),
            ("数据库", ["据库", "数据"]),
            ("数 据", ["据", "数"]),
            ("用Swift写", ["swift", "写", "用"]),
            ("カタカナ", ["カタ", "カナ", "タカ"]),
            ("한국어 문서", ["문서", "한국어"]),
            ("ภาษา", ["ภา", "ษา", "าษ"]),
            ("हिन्दी", ["हिन्दी"]),
            ("a\u{301}\u{301} \u{301}", ["a"]),
            ("½ ² Ⅷ", ["²", "½", "ⅷ"]),
        ] as [(String, [String])]
    )
    func termsOfText(text: String, expected: [String]) {
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
        let greek = "7" + String(repeating: "ω", count: count)
        let kept = "7" + String(repeating: "ω", count: min(count, 31))
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
        let alphabet = Array("abcde019_éж".unicodeScalars)
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
            expected[Array(one.bytes), default: 0] += 1
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
}
