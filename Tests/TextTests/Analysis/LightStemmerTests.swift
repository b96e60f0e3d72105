import Foundation
import Testing

@testable import Text

@Suite struct LightStemmerTests {
    private static func terms(_ text: String, _ tag: String) -> [String] {
        var analyzer = TermAnalyzer()
        return analyzer.sequence(of: Array(text.utf8), in: LightStemmer.of(tag)).map {
            String(decoding: $0.bytes, as: UTF8.self)
        }
    }

    @Test(
        arguments: [
            ("de", "Straße Straßen", "strass"), ("de", "Kind Kinder Kindern Kindes", "kind"),
            ("nl", "boek boeken", "boek"), ("sv", "flicka flickor flickorna", "flick"),
            ("da", "hus huset husene", "hus"), ("nb", "avtale avtalen avtaler", "avtal"),
            ("fr", "journal journaux", "journal"), ("fr", "grande grandes grand", "grand"),
            ("it", "libro libri", "libr"), ("es", "ciudad ciudades", "ciudad"),
            ("es", "luz luces", "luz"), ("pt", "região regiões", "regia"),
            ("ca", "casa cases", "cas"), ("ro", "carte cărți", "cart"),
            ("ru", "документ документа документов документами", "документ"),
            ("uk", "книга книги книгами", "книг"), ("pl", "umowa umowy umowami umów", "umow"),
            ("cs", "město města městech", "mest"), ("hu", "ház házban házak", "haz"),
            ("fi", "talo talossa talosta", "tal"), ("tr", "okul okullar okullarda", "okul"),
            ("el", "δρόμος δρόμου δρόμων", "δρομ"), ("ar", "كتاب الكتاب والكتاب", "كتاب"),
            ("hi", "किताब किताबें किताबों", "किताब"), ("id", "buku bukunya", "buku"),
            ("lt", "knyga knygos knygų", "knyg"), ("hr", "knjiga knjige knjigama", "knjig"),
        ]
    )
    func aWordIsOneTermInItsInflections(tag: String, words: String, stem: String) throws {
        let prefix = try #require(LightStemmer.of(tag)).language + ":"
        #expect(Set(Self.terms(words, tag)) == [prefix + stem])
    }

    @Test(arguments: ["en", "und", "zxx", "ja", "zh-Hant", "hi-Latn", "ru-Latn", "", "-", "de:"])
    func otherLanguagesKeepTheirWords(tag: String) {
        #expect(LightStemmer.of(tag) == nil)
        #expect(Self.terms("wheels", tag) == ["wheel"])
    }

    @Test func tagsWithRegionsAndScriptsHaveTheirLanguagesRules() {
        #expect(LightStemmer.of("de-AT")?.language == "de")
        #expect(LightStemmer.of("sr-Latn")?.language == "sr")
        #expect(LightStemmer.of("pt-BR")?.language == "pt")
    }

    @Test func numbersNamesAndShortWordsCarryNoLanguage() {
        #expect(
            Self.terms("EU 2024 C++ .NET 5kg", "de") == [
                "eu", "2024", "c++", ".net", "de:net", "5", "kg", "5kg",
            ]
        )
    }

    /// The same place is the same word in every language: a query's forms are joined by it.
    @Test func everyLanguageHasTheSameNumberOfTerms() {
        let text = """
            Zürich wi-fi Node.js U.S.A. C++ getUserName 1,234,567 5kg Überprüfung Ölförderung don't 東京都 \
            книгами السيارات किताबें \(String(repeating: "ü", count: 70)) \(String(repeating: "x", count: 90))
            """
        let count = Self.terms(text, "en").count
        for stemmer in LightStemmer.all {
            #expect(Self.terms(text, stemmer.language).count == count, "\(stemmer.language)")
        }
    }

    @Test func termsKeepToTheirLimit() {
        for count in 55...70 {
            let word = String(repeating: "z", count: count)
            for stemmer in LightStemmer.all {
                for term in Self.terms(word, stemmer.language) {
                    #expect(term.utf8.count <= TermAnalyzer.termByteLimit)
                }
            }
        }
    }

    /// Random words, against the rules applied one by one to strings.
    @Test func stemsEqualThoseOfASlowReference() {
        var generator = SplitMix(seed: 7)
        for stemmer in LightStemmer.all {
            for _ in 0..<300 {
                let word = String(
                    (0..<Int.random(in: 3...14, using: &generator)).map { _ in
                        "aeioulnrstmдомамиыхвει".randomElement(using: &generator) ?? "a"
                    }
                )
                let found = Self.terms(word, stemmer.language)
                #expect(found == [Self.slowStem(word, stemmer)])
            }
        }
    }

    private static func slowStem(_ word: String, _ stemmer: LightStemmer) -> String {
        let rules = LightStemmer.rules.first { $0.language == stemmer.language }?.rules ?? ""
        var stem = word
        for pass in rules.split(separator: "\n") {
            var best: (part: String, result: String)?
            for group in pass.split(separator: ";") {
                let words = group.split(separator: " ")
                let least = Int(words[0].dropLast()) ?? 0
                for rule in words.dropFirst() where !rule.hasPrefix("^") {
                    let sides = rule.split(separator: ">").map(String.init)
                    guard stem.hasSuffix(sides[0]), sides[0].count > best?.part.count ?? 0,
                        stem.count - sides[0].count >= least
                    else { continue }
                    best = (
                        sides[0], stem.dropLast(sides[0].count) + (sides.count > 1 ? sides[1] : "")
                    )
                }
            }
            stem = best?.result ?? stem
        }
        return stemmer.language + ":" + stem
    }
}
