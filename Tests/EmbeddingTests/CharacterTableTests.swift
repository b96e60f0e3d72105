import Hashing
import Records
import Testing

@testable import Embedding

@Suite("Character table")
struct CharacterTableTests {
    /// One line a scalar: hexadecimal value, class (x dropped, s space, i isolated, w word), output.
    private func line(_ scalar: Unicode.Scalar) -> String {
        let kind =
            switch CharacterTable.shared.entry(scalar.value).kind {
            case .removed, .mark: "x"
            case .space: "s"
            case .isolated: "i"
            case .word: "w"
            }
        let output = CharacterTable.shared.output(scalar.value)
        let fields = [scalar.value] + output
        let texts = fields.map { String($0, radix: 16, uppercase: true) }
        return ([texts[0], kind] + texts[1...]).joined(separator: " ") + "\n"
    }

    /// The expected hash is of the same listing made with Hugging Face tokenizers 0.23.3:
    /// `normalizer.normalize_str` and `pre_tokenizer.pre_tokenize_str` around each scalar.
    @Test func everyScalarIsNormalisedAsHuggingFaceDoes() {
        var listing: [UInt8] = []
        for value in UInt32(0)..<0x110000 {
            if let scalar = Unicode.Scalar(value) { listing += self.line(scalar).utf8 }
        }
        #expect(
            sha256(listing).hex
                == "7e7af82f6d6deaf2118ccf65a6d5d00ad14ce145f1b7a390b0e4f1cc2012960e"
        )
    }

    @Test(
        arguments: [
            ("A", "w 61\n"), ("é", "w 65\n"), ("≠", "i 3D\n"), ("中", "i 4E2D\n"),
            ("\u{301}", "x\n"), ("\u{AD}", "x\n"), ("\u{85}", "x\n"), ("\u{2028}", "s\n"),
            ("\u{212B}", "w 61\n"), ("각", "w 1100 1161 11A8\n"), ("\u{2E4F}", "w 2E4F\n"),
            ("\u{F900}", "i 8C48\n"), ("\u{10FFFF}", "w 10FFFF\n"), ("\u{F8FF}", "x\n"),
        ] as [(Unicode.Scalar, Substring)]
    )
    func knownScalars(scalar: Unicode.Scalar, expected: Substring) {
        #expect(self.line(scalar).split(separator: " ", maxSplits: 1)[1] == expected)
    }
}
