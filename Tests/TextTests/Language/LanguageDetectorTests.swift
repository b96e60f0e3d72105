import Foundation
import Records
import Testing

@testable import Text

@Suite struct LanguageDetectorTests {
    @Test func theFullTablesAreLinked() {
        #expect(LanguageDetector.selfTest())
    }

    @Test(arguments: [
        ("en", "All human beings are born free and equal in dignity and rights."),
        ("de", "Alle Menschen sind frei und gleich an Würde und Rechten geboren."),
        (
            "nb",
            "Regjeringen sier at barnehagene skal åpne igjen etter påske, men ikke hvordan det skal gjøres."
        ),
        ("he", "כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם."),
        ("zh-Hans", "人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心。"),
        ("zh-Hant", "人人生而自由，在尊嚴和權利上一律平等。他們賦有理性和良心。"),
    ])
    func namesTheLanguage(_ code: String, _ text: String) {
        #expect(detect(text).language == code)
    }

    @Test(arguments: [
        ("sr-Cyrl", "Сва људска бића рађају се слободна и једнака у достојанству и правима."),
        ("sr-Latn", "Sva ljudska bića rađaju se slobodna i jednaka u dostojanstvu i pravima."),
        ("hr", "Sva ljudska bića rađaju se slobodna i jednaka u dostojanstvu i pravima."),
        ("ckb", "هەموو مرۆڤەکان بە سەربەستی و بە یەکسانی لە پایە و مافدا لە دایک دەبن"),
        ("ku", "Hemû mirov azad û di weqar û mafan de wekhev tên dinyayê."),
        ("zh-Hant", "開放時間"), ("zh-Hans", "开放时间"),
    ])
    func theScriptIsNamedWhereReadersNeedIt(_ code: String, _ text: String) {
        var copy = text
        let script = copy.withUTF8 { LanguageScript($0) }
        let base = code == "ckb" ? "ku" : String(code.prefix { $0 != "-" })
        #expect(script.tagged(base) == code)
    }

    @Test func lettersOfSorbianAreKnown() {
        func sorbian(_ text: String) -> String? {
            var text = text
            return text.withUTF8 { LanguageScript($0).sorbian }
        }
        #expect(sorbian("Wšitcy čłowjekojo su wot naroda swobodni a su jenacy.") == "hsb")
        #expect(sorbian("Wszyscy ludzie rodzą się wolni i równi pod względem godności.") == nil)
        #expect(sorbian("Všichni lidé rodí se svobodní a sobě rovní v důstojnosti.") == nil)
    }

    @Test(arguments: [
        "def sort(self): self.items = [x for x in self.items if x._name != '']; return self",
        "for (int i = 0; i < count; ++i) { buffer[i] = table[i] ^ 0xFF; }",
        "351ec03d7159b84be4fc69fd591ad3ec889ef3bc8823f8a593bcabfc287e8f8 d69a41780ed8586614a4749c",
        "2024-01-02T03:04:05 GET /api/v1/users/123 200 12ms | 2024-01-02T03:04:06 GET /x 404 3ms",
    ])
    func codeAndNoiseHaveNoLanguage(_ text: String) {
        let result = detect(text)
        #expect(result.language == "zxx")
        #expect(result.confidence > 0.5)
    }

    @Test func controlCharactersDoNotHideALanguage() {
        let text =
            "Alle Menschen sind frei\u{95} und gleich\u{1} an Würde\u{FFFE} und Rechten geboren."
        #expect(detect(text).language == "de")
    }

    @Test(arguments: [
        "", " ", "12 34 56 78", "!!! ---", "a1", "```\nlet x = 1\n```", "https://a.example/b",
    ])
    func textWithoutProseIsUndetermined(_ text: String) {
        let result = detect(text)
        #expect(result.language == "und")
        #expect(result.confidence < 0.5)
    }

    @Test func aThresholdAboveOneNamesNothing() {
        let detector = LanguageDetector(minimumConfidence: 1.1)
        var text = "All human beings are born free and equal in dignity and rights."
        let result = text.withUTF8 { detector.detect($0, hint: nil, spans: true) }
        #expect(result.language == "und")
        #expect(result.alternatives.first?.language == "en")
    }

    @Test func illFormedTextIsUndetermined() {
        let bytes: [UInt8] = Array("All human beings ".utf8) + [0xFF, 0xC3]
        let result = bytes.withUnsafeBufferPointer {
            LanguageDetector().detect($0, hint: "en'; drop", spans: true)
        }
        #expect(result.language == "und")
        #expect(result.spans.isEmpty)
    }

    @Test func fencedCodeAndURLsAreNotSampled() {
        let code = String(repeating: "The quick brown fox jumps over the lazy dog\n", count: 50)
        let text =
            "Guten Tag, hier steht ein Satz.\n```\n\(code)```\nUnd noch einer: http://the.english.example/words/here\n"
        var copy = text
        let sample = copy.withUTF8 { ProseSample($0, maximumByteCount: 3_072) }
        let kept = String(decoding: sample.bytes, as: UTF8.self)
        #expect(!kept.contains("quick"))
        #expect(!kept.contains("english"))
        #expect(kept.contains("Und noch einer"))
    }

    @Test(arguments: [0, 1, 90, 91, 92, 100, 4_000, 100_000])
    func aSampleIsBoundedAndWellFormed(_ repeats: Int) {
        var text = String(repeating: "日本語のテキスト", count: repeats)
        let sample = text.withUTF8 { ProseSample($0, maximumByteCount: 90) }
        #expect(sample.bytes.count <= 93)
        #expect(!String(decoding: sample.bytes, as: UTF8.self).contains("\u{FFFD}"))
    }

    @Test func spansNameEachLanguageOfAMixedText() throws {
        let german =
            "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft und Gewissen begabt."
        let greek =
            "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα."
        var text = german + "\n\n" + greek
        let result = text.withUTF8 { LanguageDetector().detect($0, hint: nil, spans: true) }
        #expect(result.spans.map(\.language) == ["de", "el"])
        let bytes = Array(text.utf8)
        let last = try #require(result.spans.last)
        #expect(String(decoding: bytes[last.range], as: UTF8.self).hasSuffix("δικαιώματα."))
        #expect(result.alternatives.map(\.language).sorted() == ["de", "el"])
    }

    @Test func aForeignParagraphOfALongTextIsASpanOfItsOwn() throws {
        let german = "Alle Menschen sind frei und gleich an Würde und Rechten geboren. "
        let greek =
            "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα."
        let around = String(repeating: german, count: 40)
        var text = around + "\n\n" + greek + "\n\n" + around
        let result = text.withUTF8 { LanguageDetector().detect($0, hint: nil, spans: true) }
        #expect(result.spans.map(\.language) == ["de", "el", "de"])
        let start = around.utf8.count + 2
        #expect(result.spans.dropFirst().first?.range == start..<start + greek.utf8.count)
    }

    @Test(arguments: [20, 40, 400])
    func bothLanguagesOfALongDocumentAreNamed(_ repeats: Int) {
        let german = "Alle Menschen sind frei und gleich an Würde und Rechten geboren. "
        let greek = "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στα δικαιώματα. "
        let text =
            String(repeating: german, count: repeats) + "\n"
            + String(repeating: greek, count: repeats)
        let result = detect(text)
        #expect(["de", "el"].contains(result.language))
        #expect(result.alternatives.map(\.language).sorted() == ["de", "el"])
        #expect(result.alternatives.allSatisfy { $0.share > 0.2 })
    }

    @Test(arguments: [1, 20, 60])
    func aLongTextInOneLanguageIsOneSpan(_ repeats: Int) {
        let sentence = "Alle Menschen sind frei und gleich an Würde und Rechten geboren. "
        var text = "\n  " + String(repeating: sentence, count: repeats) + "\n"
        let result = text.withUTF8 { LanguageDetector().detect($0, hint: nil, spans: true) }
        #expect(result.spans.map(\.language) == ["de"])
        #expect(result.spans.first?.range == 3..<text.utf8.count - 2)
    }

    @Test(
        .enabled(
            if: SharedData.url("data/lang") != nil,
            "shared/data/lang is not beside the repository"
        ),
        arguments: [
            ("sentence", 0.92), ("paragraph", 0.94), ("short", 0.83), ("noise", 0.9),
            ("code", 0.95),
        ]
    )
    func accuracyOfTheTablesAloneOnDevelopmentData(_ name: String, _ bar: Double) throws {
        #expect(try accuracy(of: LanguageDetector(), on: name, every: 1) >= bar)
    }

    @Test(
        .enabled(
            if: SharedData.url("data/lang") != nil && InstalledNgrams.model != nil,
            "shared/data/lang or the model of 'Ops/fetch-models py3langid' is not there"
        ),
        arguments: [
            ("word", 0.70), ("pair", 0.86), ("short", 0.89), ("sentence", 0.95),
            ("paragraph", 0.96), ("noise", 0.98), ("code", 0.95),
        ]
    )
    func accuracyWithTheModelOnDevelopmentData(_ name: String, _ bar: Double) throws {
        let detector = LanguageDetector(minimumConfidence: 0.25, model: InstalledNgrams.model)
        #expect(!detector.isDegraded)
        #expect(try accuracy(of: detector, on: name, every: 3) >= bar)
    }
}

/// The model where `Ops/fetch-models` puts it.
private enum InstalledNgrams {
    // The bytes are never written.
    private final class File: @unchecked Sendable {
        let data: NSData
        init(_ data: NSData) { self.data = data }
    }

    static let model: NgramModel? = {
        let environment = ProcessInfo.processInfo.environment
        let root = environment["MILLRACE_MODELS"] ?? NSHomeDirectory() + "/.cache/millrace/models"
        guard let data = NSData(contentsOfFile: root + "/py3langid/ngrams.bin") else { return nil }
        let file = File(data)
        let bytes = UnsafeRawBufferPointer(start: data.bytes, count: data.length)
        return try? NgramModel(bytes, owner: file)
    }()
}

/// The share of right answers on every `step`th row, after the foldings of the data's README.
private func accuracy(
    of detector: LanguageDetector,
    on name: String,
    every step: Int
) throws -> Double {
    let url = try #require(SharedData.url("data/lang/\(name).tsv"))
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
    var right = 0
    var count = 0
    for index in stride(from: 0, to: lines.count, by: step) {
        let fields = lines[index].split(separator: "\t", maxSplits: 1).map(String.init)
        var text = fields[1]
        let answer = text.withUTF8 { detector.detect($0, hint: nil) }.language
        if fields[0] == "zxx" {
            if answer == "zxx" || answer == "und" { right += 1 }
        } else if answer.prefix(while: { $0 != "-" }) == fields[0] {
            right += 1
        }
        count += 1
    }
    return Double(right) / Double(count)
}

private func detect(_ text: String) -> LanguageResult {
    var text = text
    return text.withUTF8 { LanguageDetector().detect($0, hint: nil, spans: true) }
}
