import Records
import Testing

@testable import Text

@Suite struct TextNormaliserTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let input: String
        let output: String
        init(_ input: String, _ output: String) {
            self.input = input
            self.output = output
        }
        var testDescription: String { self.input.debugDescription }
    }

    @Test(arguments: [
        Case("", ""),
        Case("plain ASCII text", "plain ASCII text"),
        Case("e\u{301}", "é"),
        Case("a\r\nb\rc\u{85}d\u{2028}e\u{0C}f", "a\nb\nc\nd\ne\nf"),
        Case("a\u{0}b\u{7}c\u{7F}d\u{9B}e", "abcde"),
        Case("tab\tkept", "tab\tkept"),
        Case("\u{202E}evil\u{202C} \u{2066}x\u{2069}\u{200E}", "evil x"),
        Case("zero\u{200B}width\u{FEFF}\u{AD}\u{2060}", "zerowidth"),
        Case("tag\u{E0041}\u{E0042}\u{E007F}s", "tags"),
        Case("a\u{A0}b\u{2003}c\u{3000}d", "a b c d"),
        Case("end  \t\nnext \n", "end\nnext"),
        Case("a\n\n\n\n\nb", "a\n\nb"),
        Case(" \n\n a", " a"),
        Case("می\u{200C}خواهم", "می\u{200C}خواهم"),
        Case("क्\u{200D}ष", "क्\u{200D}ष"),
        Case("a\u{200D}b\u{200C}c", "abc"),
        Case("👩\u{200D}👩\u{200D}👧", "👩\u{200D}👩\u{200D}👧"),
        Case("🏳\u{FE0F}\u{200D}🌈", "🏳\u{FE0F}\u{200D}🌈"),
        Case("👩\u{200D} x", "👩 x"),
        Case("1\u{FE0F}\u{20E3}", "1\u{FE0F}\u{20E3}"),
        Case("葛\u{E0100}", "葛\u{E0100}"),
        Case("a\u{FE0F}b\u{E0100}\u{E0101}", "ab"),
        Case("\u{1100}\u{1161}\u{11A8}", "각"),
    ])
    func normalises(_ testCase: Case) {
        #expect(normalised(Array(testCase.input.utf8)).output == Array(testCase.output.utf8))
    }

    @Test(
        arguments: [
            ([0xFF], 1, "\u{FFFD}"), ([0x61, 0xC3, 0x62], 1, "a\u{FFFD}b"),
            ([0xE2, 0x82], 1, "\u{FFFD}"), ([0xC0, 0x80], 2, "\u{FFFD}\u{FFFD}"),
            ([0xED, 0xA0, 0x80], 3, "\u{FFFD}\u{FFFD}\u{FFFD}"),
            ([0xF0, 0x9F, 0x98], 1, "\u{FFFD}"),
            ([0xF4, 0x90, 0x80, 0x80], 4, "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"),
        ] as [([UInt8], Int, String)]
    )
    func replacesIllFormedBytesAsTheStandardLibraryDoes(
        _ bytes: [UInt8],
        _ count: Int,
        _ expected: String
    ) {
        let (output, report) = normalised(bytes)
        #expect(report.invalidBytes == count)
        #expect(output == Array(expected.utf8))
        #expect(output == Array(String(decoding: bytes, as: UTF8.self).utf8))
    }

    @Test func noncharactersAreRemoved() {
        let bytes: [UInt8] = [0xEF, 0xB7, 0x90, 0x78, 0xEF, 0xBF, 0xBE, 0xF0, 0x9F, 0xBF, 0xBF]
        #expect(normalised(bytes).output == [0x78])
        #expect(normalised(bytes).report.invisibles == 3)
    }

    @Test func countsWhatItRemoves() {
        let (_, report) = normalised(Array("\u{1}\u{202E}\u{200B}\u{A0}x e\u{301}".utf8))
        #expect(report.controls == 1)
        #expect(report.bidiControls == 1)
        #expect(report.invisibles == 1)
        #expect(report.spaces == 1)
        #expect(report.composed)
    }

    @Test func growsWhenEveryByteIsIllFormed() {
        let (output, report) = normalised([UInt8](repeating: 0xFF, count: 10_000))
        #expect(report.invalidBytes == 10_000)
        #expect(output.count == 30_000)
    }

    /// Every alignment and length of the wide copy, with one byte that stops it.
    @Test func theWideCopyStopsAtEveryOffset() {
        for length in 0..<40 {
            for position in 0..<max(length, 1) {
                for stop: UInt8 in [0x00, 0x1F, 0x7F, 0x80, 0xFF] {
                    var bytes = [UInt8](repeating: 0x61, count: length)
                    if position < length { bytes[position] = stop }
                    let expected = bytes.flatMap { byte -> [UInt8] in
                        byte >= 0x80 ? [0xEF, 0xBF, 0xBD] : byte == 0x61 ? [byte] : []
                    }
                    #expect(normalised(bytes).output == expected)
                }
            }
        }
    }

    @Test func normalisingTwiceChangesNothingMore() {
        var random = SplitMix(seed: 7)
        let pool: [UInt32] = [
            0x20, 0x0A, 0x0D, 0x09, 0x61, 0x3D, 0x31, 0x338, 0x301, 0x323, 0x200C, 0x200D, 0x200B,
            0xFE0F, 0xFE00, 0xE0100, 0x915, 0x94D, 0x958, 0x93C, 0x9BE, 0x9C7, 0x627, 0x653,
            0x1F468,
            0x2764, 0x1F3FB, 0x2ADC, 0xF900, 0x8C48, 0x2126, 0x212A, 0x1FEF, 0x37E, 0xA0, 0x202E,
            0xE0041, 0x1100, 0x1161, 0xAC00, 0x11A8, 0x2329, 0x1D15E, 0xFB1D, 0x344, 0xFFFD, 0xAD,
            0x0F43, 0x1B05, 0x1B35, 0x110A5, 0x110BA, 0x2000, 0x3099, 0x304B,
        ]
        for _ in 0..<4_000 {
            var scalars = String.UnicodeScalarView()
            for _ in 0..<Int(random.next() % 12) {
                let value = pool[Int(random.next() % UInt64(pool.count))]
                if let scalar = Unicode.Scalar(value) { scalars.append(scalar) }
            }
            let once = normalised(Array(String(scalars).utf8)).output
            let twice = normalised(once)
            #expect(twice.output == once, "\(scalars.map { String($0.value, radix: 16) })")
            var changed = twice.report
            changed.invalidBytes = 0
            #expect(changed == NormaliseReport())
        }
    }

    @Test func longTextIsComposedAcrossPieces() {
        let line = "cafe\u{301} " + String(repeating: "x", count: 5_000) + "e\u{301}\n"
        let input = Array(String(repeating: line, count: 60).utf8)
        let output = normalised(input).output
        #expect(
            String(decoding: output, as: UTF8.self).unicodeScalars.allSatisfy { $0.value != 0x301 }
        )
        #expect(output.count == input.count - 60 * 2 - 1)
    }

    @Test func blocksKeepTheirTextAndCodeKeepsItsSpaces() {
        var document = Document(id: DocumentID(high: 0, low: 1), uri: "u", mediaType: .markdown)
        let parts: [(Block.Kind, String)] = [
            (.heading, "# Ti\u{200B}tle  "), (.paragraph, "\u{200B} "),
            (.code, "```\na  \n\n\n\nb\n```"), (.paragraph, "bad \u{1}e\u{301} end \n"),
        ]
        for (kind, text) in parts {
            if !document.text.isEmpty { document.text += Array("\n\n".utf8) }
            let start = document.text.count
            document.text += Array(text.utf8)
            document.blocks.append(Block(kind: kind, range: start..<document.text.count))
        }
        document.title = " A\u{202E}\u{A0}title\n"
        document.metadata = ["author": "Ann\u{200B}", "empty": "\u{200B}"]
        TextNormaliser().normalise(&document)
        let texts = document.blocks.map { String(decoding: document.text[$0.range], as: UTF8.self) }
        #expect(texts == ["# Title", "```\na  \n\n\n\nb\n```", "bad é end"])
        #expect(document.title == "A title")
        #expect(document.metadata == ["author": "Ann"])
        #expect(document.warnings.contains(DocumentWarning(code: "bidi_controls", count: 1)))
        #expect(document.warnings.contains(DocumentWarning(code: "control_characters", count: 1)))

        var again = document
        again.warnings = []
        TextNormaliser().normalise(&again)
        #expect(again.text == document.text)
        #expect(again.blocks == document.blocks)
        #expect(again.warnings.isEmpty)
    }
}

private func normalised(_ bytes: [UInt8]) -> (output: [UInt8], report: NormaliseReport) {
    var output: [UInt8] = []
    var report = NormaliseReport()
    bytes.withUnsafeBufferPointer {
        TextNormaliser().normalise($0, into: &output, report: &report)
    }
    return (output, report)
}
