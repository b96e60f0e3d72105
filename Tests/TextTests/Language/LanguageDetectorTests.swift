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
        ("zh", "人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心。"),
        ("zh-Hant", "人人生而自由，在尊嚴和權利上一律平等。他們賦有理性和良心。"),
    ])
    func namesTheLanguage(_ code: String, _ text: String) {
        #expect(detect(text).language == code)
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
        let result = text.withUTF8 { detector.detect($0, hint: nil) }
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

    @Test(
        .enabled(
            if: SharedData.url("data/lang") != nil,
            "shared/data/lang is not beside the repository"
        ),
        arguments: [("sentence", 0.92), ("paragraph", 0.94), ("short", 0.83), ("noise", 0.9)]
    )
    func accuracyOnDevelopmentData(_ name: String, _ bar: Double) throws {
        let url = try #require(SharedData.url("data/lang/\(name).tsv"))
        var right = 0
        var count = 0
        for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n") {
            let fields = line.split(separator: "\t", maxSplits: 1).map(String.init)
            let answer = detect(fields[1]).language
            let expected = fields[0] == "zxx" ? "und" : fields[0]
            if (answer.hasPrefix("zh") ? "zh" : answer) == expected { right += 1 }
            count += 1
        }
        #expect(Double(right) / Double(count) >= bar)
    }
}

private func detect(_ text: String) -> LanguageResult {
    var text = text
    return text.withUTF8 { LanguageDetector().detect($0, hint: nil) }
}
