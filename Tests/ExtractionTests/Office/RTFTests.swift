import Records
import Testing

@testable import Extraction

@Suite("RTF extraction")
struct RTFTests {
    private func extract(_ body: String) throws -> ExtractedContent {
        let bytes = Array(
            (#"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Times;}{\f1\fcharset204 Arial;}{\f2\fcharset128 Gothic;}}"#
                + #"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}{\s2 Quote;}}"# + body
                + "}").utf8
        )
        let content = try extractRTF(bytes)
        expectSound(content) { try extractRTF(bytes) }
        return content
    }

    @Test(arguments: [
        (#"10{\super 6} l"#, "10^6 l"), (#"H{\sub 2}O"#, "H_2O"),
        (#"m\super 2\nosupersub  wide"#, "m^2 wide"),
        (#"10\up6 3\up0  l"#, "10^3 l"), (#"the 1{\super st}"#, "the 1st"),
    ])
    func raisedTextKeepsApart(source: String, expected: String) throws {
        #expect(try self.extract(#"\pard "# + source + #"\par"#).markdownText == expected)
    }

    @Test func structureIsRead() throws {
        let content = try self.extract(
            #"""
            {\info{\title The Mill}{\author Ada}{\creatim\yr2031}}{\header\pard Company\par}
            \pard\s1\outlinelevel0 Water\par
            \pard\s0 It {\b turns}{\v unseen} slowly{\super 1{\footnote\pard A note.\par}}\emdash yes\line next.\par
            {\listtext 1.\tab}\pard\ls1\ilvl0 one\par{\listtext a)\tab}\pard\ls1\ilvl1 deep\par{\listtext\'b7\tab}\pard\ls2 dot\par
            \trowd\cellx1\cellx2\pard\intbl A\cell B\cell\row\trowd\cellx1\cellx2\pard\intbl 1\par more\cell 2\cell\row
            \pard\s2 Quoted.\par{\*\unknown secret}{\pict\wmetafile8 0102}{\object{\*\objdata 0105}{\result\pard shown\par}}
            {\field{\*\fldinst HYPERLINK "http://x.y"}{\fldrslt the pond}}\par
            """#
        )
        #expect(content.title == "The Mill")
        #expect(content.metadata["author"] == "Ada")
        #expect(
            content.markdownText
                == """
                # Water

                It turns slowly1—yes
                next.

                [^1]: A note.

                1. one
                  - a) deep
                - dot

                | A | B |
                | --- | --- |
                | 1 more | 2 |

                > Quoted.

                shown

                the pond
                """.replacing("  - a) deep", with: "   - a) deep")
        )
        #expect(content.count(of: "hidden_content") == 1)
        #expect(content.count(of: "headers_footers_left_out") == 1)
    }

    @Test func codePagesAndUnicodeAreDecoded() throws {
        let text =
            #"\pard Gr\'f6\'dfe {\f1 \'cc\'ee\'f1\'f2} {\f2 \'90\'85\'8e\'d4} \u8364? {\uc2\u26085\'93\'fa}\u-10179?\u-8704? \{x\}\par"#
        #expect(try self.extract(text).plainText == "Größe Мост 水車 € 日😀 {x}")
    }

    @Test func hostileRTFEnds() throws {
        #expect(refusal { _ = try extractRTF(Array("words".utf8)) } == .corrupt)
        #expect(refusal { _ = try extractRTF(Array(#"{\rtf1 }"#.utf8)) } == .empty)
        #expect(
            refusal { _ = try self.extract(String(repeating: "{", count: 100_000)) }
                == .limitExceeded
        )
        for piece in [
            "}", "\\", #"\'"#, #"\'f"#, #"\u"#, #"\bin99999999999 x"#, #"\cell"#, #"\row"#,
            #"{\footnote x"#, #"\ilvl-5{\listtext}x\par"#,
            #"\u55357?"#, #"{\fonttbl{\f1"#, #"\uc99999\u1"#, #"\outlinelevel99 x\par"#, #"{\*\x"#,
            #"{\footnote{\footnote x}}"#,
        ] {
            _ = try? self.extract("x " + piece)
            _ = try? self.extract(String(repeating: piece, count: 300))
        }
    }
}
