import Testing

@testable import Extraction

@Suite("PDF text of scripts that reorder")
struct PDFScriptTests {
    typealias Glyph = ScriptFont.Glyph

    private func text(_ glyphs: [Glyph], _ lines: [[Int]]) throws -> String {
        let page = ScriptFont(glyphs: glyphs).page(lines)
        let text = String(decoding: try extractPDF(page).text, as: UTF8.self)
        return text.unicodeScalars.map { $0 == "\n" ? " " : String($0) }.joined()
    }

    private let ka = Glyph(character: 0x0915, mapped: "\u{915}\u{93F}")
    private let va = Glyph(character: 0x0935, mapped: "\u{935}")
    private let sign = Glyph(advance: 260, mapped: "")

    /// The map has the whole of the first cluster for its last glyph.
    @Test func aClusterIsSharedOutAmongItsGlyphs() throws {
        let glyphs = [self.ka, self.va, self.sign]
        // कि, then the same glyphs in वि and क.
        #expect(
            try self.text(glyphs, [[3, 1, 2], [3, 2, 1]])
                == "\u{915}\u{93F}\u{935} \u{935}\u{93F}\u{915}"
        )
    }

    @Test func aSignMovesBehindConsonantsThatAreJoined() throws {
        let half = Glyph(type: .ligature, mapped: "\u{928}\u{94D}")
        let glyphs = [self.ka, self.va, self.sign, half]
        #expect(
            try self.text(glyphs, [[3, 1], [2, 3, 4, 2]])
                == "\u{915}\u{93F} \u{935}\u{928}\u{94D}\u{935}\u{93F}"
        )
    }

    @Test func aRaAboveIsReadBeforeItsConsonants() throws {
        let reph = Glyph(type: .mark, advance: 0, mapped: "\u{930}\u{94D}\u{935}")
        let withVowel = Glyph(
            type: .ligature,
            advance: 260,
            mapped: "\u{930}\u{94D}\u{915}\u{94B}"
        )
        let ka = Glyph(character: 0x0915, mapped: "\u{915}")
        let aa = Glyph(character: 0x093E, mapped: "\u{93E}")
        // र्व, र्का, र्को: the ra is drawn last.
        #expect(
            try self.text(
                [ka, self.va, reph, aa, withVowel],
                [[1, 2, 3], [2, 1, 4, 3], [1, 5]]
            )
                == "\u{915}\u{930}\u{94D}\u{935} \u{935}\u{930}\u{94D}\u{915}\u{93E} "
                + "\u{930}\u{94D}\u{915}\u{94B}"
        )
    }

    @Test func vowelSignsOfTwoPartsStandAroundTheirConsonant() throws {
        // Bengali কো, whose last glyph has it all in the map.
        let glyphs = [
            Glyph(character: 0x09C7, mapped: ""), Glyph(character: 0x0995, mapped: ""),
            Glyph(character: 0x09BE, mapped: "\u{995}\u{9CB}"),
        ]
        #expect(
            try self.text(glyphs, [[1, 2, 3], [2, 3]])
                == "\u{995}\u{9C7}\u{9BE} \u{995}\u{9BE}"
        )
    }

    @Test func halfFormsWithoutAMapFollowTheOrderOfTheirLetters() throws {
        let letters: [UInt32] = [0x0915, 0x0916, 0x0917, 0x0918]
        let plain = letters.map { letter in
            Glyph(character: letter, mapped: Unicode.Scalar(letter).map { String($0) })
        }
        let halves = letters.dropFirst().map { letter in
            Glyph(
                type: .ligature,
                advance: 400,
                mapped: Unicode.Scalar(letter).map { "\($0)\u{94D}" }
            )
        }
        let unmapped = Glyph(type: .ligature, advance: 400, mapped: "")
        #expect(
            try self.text(plain + [unmapped] + halves, [[4, 5, 3]])
                == "\u{918}\u{915}\u{94D}\u{917}"
        )
    }

    /// Right text: a sign behind its consonant, and a ligature behind the consonant it begins with.
    @Test func whatTheMapSaysInReadingOrderStays() throws {
        let glyphs = [
            Glyph(type: .ligature, mapped: "\u{915}\u{93F}"), self.va,
            Glyph(type: .ligature, mapped: "\u{915}\u{94D}\u{937}"),
            Glyph(character: 0x0915, mapped: "\u{915}"),
        ]
        #expect(
            try self.text(glyphs, [[1, 2], [4, 3, 2]])
                == "\u{915}\u{93F}\u{935} \u{915}\u{915}\u{94D}\u{937}\u{935}"
        )
    }

    /// Without the font's help only the places of the signs on the page tell.
    @Test func aPageOfSignsBeforeTheirConsonantsIsTurned() throws {
        // कि and कवि; nothing in the font says which glyph is which letter.
        let glyphs = [
            Glyph(mapped: "\u{93F}"), Glyph(mapped: "\u{915}"), Glyph(mapped: "\u{935}"),
        ]
        #expect(
            try self.text(glyphs, [[1, 2], [1, 3], [2, 1, 3]])
                == "\u{915}\u{93F} \u{935}\u{93F} \u{915}\u{935}\u{93F}"
        )
        #expect(
            try self.text(glyphs, [[2, 1], [3, 1], [2, 1, 3]])
                == "\u{915}\u{93F} \u{935}\u{93F} \u{915}\u{93F}\u{935}"
        )
    }

    @Test func thaiAmIsOneCharacterBehindItsToneMark() throws {
        let glyphs = [
            Glyph(character: 0x0E19, mapped: "\u{E19}"), Glyph(mapped: "\u{E4D}"),
            Glyph(mapped: "\u{E49}"), Glyph(character: 0x0E32, mapped: "\u{E32}"),
        ]
        #expect(
            try self.text(glyphs, [[1, 2, 3, 4], [1, 2, 4]])
                == "\u{E19}\u{E49}\u{E33} \u{E19}\u{E33}"
        )
    }

    /// A mark drawn back over its letter does not end the word.
    @Test func marksDrawnToTheLeftKeepTheWordTogether() throws {
        let glyphs = [
            self.va, Glyph(character: 0x0947, type: .mark, advance: 0, mapped: "\u{947}"),
        ]
        let font = ScriptFont(glyphs: glyphs)
        let bytes = font.page([[1, 2, 1]])
        let moved = Array(
            String(decoding: bytes, as: UTF8.self)
                .replacing("<000100020001> Tj", with: "[<0001> 300 <0002> -300 <0001>]TJ").utf8
        )
        #expect(
            String(decoding: try extractPDF(moved).text, as: UTF8.self)
                == "\u{935}\u{947}\u{935}"
        )
    }

    @Test func aFontFileThatLiesIsHarmless() throws {
        let glyphs = [self.ka, self.va, self.sign]
        let page = ScriptFont(glyphs: glyphs).page([[3, 1, 2]])
        let offset = try #require(
            page.firstRange(of: Array("/ASCIIHexDecode >>\nstream\n".utf8))?.upperBound
        )
        for place in stride(from: 0, to: 400, by: 2) {
            var broken = page
            broken[offset + place] = UInt8(ascii: "f")
            broken[offset + place + 1] = UInt8(ascii: "f")
            _ = try? extractPDF(broken)
        }
    }
}
