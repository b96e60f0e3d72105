import Foundation
import Records
import Testing

@testable import Extraction

@Suite struct CompositionTests {
    private func appended(_ text: String) -> [UInt8] {
        var output = Array("before ".utf8)
        appendComposed(text.utf8, to: &output)
        return Array(output.dropFirst(7))
    }

    @Test(arguments: [
        "", "plain text only, longer than a word", "cafe\u{301}", "\u{2126} and \u{212B}",
        "か\u{3099}",
        "\u{1100}\u{1161}\u{11A8}", "é already", "“quotes” – dashes…", "\u{2000}\u{2001}",
        "a\u{301}",
        "\u{301} first", "q\u{307}\u{323}", "\u{915}\u{93C}", "日本語の文章です。", "한국어", "\u{FA10}",
        "\u{1D15E}", "Ѐ й и\u{306}",
    ])
    func aTextIsComposedAsFoundationDoes(_ text: String) {
        let expected = text.precomposedStringWithCanonicalMapping
        #expect(self.appended(text) == Array(expected.utf8))
        #expect(Array(composed(text).utf8) == Array(expected.utf8))
    }

    /// Text that begins with a line to compose goes through ICU whole, so that the look at what may
    /// compose is compared with it.
    @Test func noScalarThatComposesIsPassedOver() {
        for value in UInt32(0x80)..<0x3_0000 {
            guard let scalar = Unicode.Scalar(value), value < 0x3400 || value % 7 == 0 else {
                continue
            }
            for text in ["e\(scalar)x\(scalar)\(scalar)", "か\(scalar)\u{3099}"] {
                let whole = self.appended("e\u{301}\n" + text).dropFirst(3)
                let found = self.appended(text)
                if !found.elementsEqual(whole) { Issue.record("U+\(String(value, radix: 16))") }
            }
        }
    }

    @Test func aLongResultIsWhole() {
        // U+1D160 is one of the few whose composition is longer: three code points for one.
        let text = String(repeating: "\u{1D160}", count: 1_000)
        let expected = text.precomposedStringWithCanonicalMapping
        #expect(expected.utf8.count > text.utf8.count * 2)
        #expect(self.appended(text) == Array(expected.utf8))
    }

    @Test func blocksSliceComposedText() {
        var content = ExtractedContent()
        content.append(
            kind: .heading,
            level: 1,
            markdown: "# Cafe\u{301}".utf8,
            text: "Cafe\u{301}".utf8
        )
        content.append(kind: .paragraph, markdown: "и\u{306}".utf8, text: "и\u{306}".utf8)
        content.title = "Cafe\u{301}"
        content.metadata["author"] = "Jose\u{301}"
        #expect(content.markdown == Array("# Café\n\nй".utf8))
        #expect(content.text[content.plainRanges[1]].elementsEqual("й".utf8))
        #expect(content.markdown[content.blocks[1].range].elementsEqual("й".utf8))
        #expect(Array(content.title.utf8) == Array("Café".utf8))
        #expect(content.metadata["author"].map { Array($0.utf8) } == Array("José".utf8))
    }
}
