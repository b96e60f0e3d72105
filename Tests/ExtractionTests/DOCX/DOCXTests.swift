import Formats
import Records
import Testing

@testable import Extraction

@Suite("DOCX extraction")
struct DOCXTests {
    typealias Word = TinyWord

    private func extract(_ word: TinyWord) throws -> ExtractedContent {
        try extractDOCX(word.bytes())
    }

    private func markdown(_ body: String) throws -> String {
        String(decoding: try self.extract(TinyWord(body)).markdown, as: UTF8.self)
    }

    private func code(_ bytes: [UInt8]) -> StageFailure.Code? {
        do throws(ExtractionError) {
            _ = try extractDOCX(bytes)
            return nil
        } catch {
            return error.code
        }
    }

    @Test func headingsFollowStylesAndWhatTheyAreBasedOn() throws {
        var word = TinyWord(
            Word.paragraph("Band", style: "Titel") + Word.paragraph("Eins", style: "berschrift1")
                + Word.paragraph("Zwei", style: "Eigene")
                + Word.paragraph("Drei", style: "Gliederung")
                + "<w:p><w:pPr><w:outlineLvl w:val='3'/></w:pPr><w:r><w:t>Vier</w:t></w:r></w:p>"
                + "<w:p><w:pPr><w:pStyle w:val='berschrift1'/><w:outlineLvl w:val='9'/></w:pPr>"
                + "<w:r><w:t>kein Titel</w:t></w:r></w:p>" + Word.paragraph("Text", style: "Kreis")
                + Word.paragraph("Eins 1", style: "IV1")
        )
        word.styles = """
            <w:style w:type='paragraph' w:styleId='Titel'><w:name w:val='Title'/></w:style>
            <w:style w:type='paragraph' w:styleId='berschrift1'><w:name w:val='heading 1'/></w:style>
            <w:style w:type='paragraph' w:styleId='berschrift2'><w:name w:val='heading 2'/></w:style>
            <w:style w:type='paragraph' w:styleId='Eigene'><w:name w:val='Mein Stil'/>
            <w:basedOn w:val='berschrift2'/></w:style>
            <w:style w:type='paragraph' w:styleId='Gliederung'><w:name w:val='Gliederung'/>
            <w:pPr><w:outlineLvl w:val='2'/></w:pPr></w:style>
            <w:style w:type='paragraph' w:styleId='Kreis'><w:basedOn w:val='Kreis'/></w:style>
            <w:style w:type='paragraph' w:styleId='IV1'><w:name w:val='toc 1'/></w:style>
            """
        let content = try self.extract(word)
        #expect(
            String(decoding: content.markdown, as: UTF8.self)
                == "# Band\n\n# Eins\n\n## Zwei\n\n### Drei\n\n#### Vier\n\nkein Titel\n\nText"
                + "\n\nEins 1"
        )
        #expect(content.title == "Band")
        #expect(content.blocks.map(\.level) == [1, 1, 2, 3, 4, 0, 0, 0])
    }

    @Test func listsAreNumberedAsTheyShow() throws {
        let items = [
            ("a", 1, 0), ("b", 1, 1), ("c", 1, 1), ("d", 1, 0), ("e", 2, 0), ("f", 3, 0),
        ]
        var word = TinyWord(
            items.map { Word.paragraph($0.0, list: $0.1, level: $0.2) }.joined()
                + Word.paragraph("after", list: 0)
        )
        word.numbering = """
            <w:abstractNum w:abstractNumId='7'>
            <w:lvl w:ilvl='0'><w:start w:val='3'/><w:numFmt w:val='decimal'/></w:lvl>
            <w:lvl w:ilvl='1'><w:start w:val='1'/><w:numFmt w:val='lowerLetter'/></w:lvl>
            </w:abstractNum>
            <w:abstractNum w:abstractNumId='8'>
            <w:lvl w:ilvl='0'><w:numFmt w:val='bullet'/></w:lvl></w:abstractNum>
            <w:num w:numId='1'><w:abstractNumId w:val='7'/></w:num>
            <w:num w:numId='2'><w:abstractNumId w:val='8'/></w:num>
            <w:num w:numId='3'><w:abstractNumId w:val='7'/>
            <w:lvlOverride w:ilvl='0'><w:startOverride w:val='9'/></w:lvlOverride></w:num>
            """
        let content = try self.extract(word)
        let slices = content.blocks.map {
            String(decoding: content.markdown[$0.range], as: UTF8.self)
        }
        #expect(slices == ["3. a\n   1. b\n   2. c\n4. d", "- e", "9. f", "after"])
        #expect(content.blocks.map(\.kind) == [.list, .list, .list, .paragraph])
        #expect(
            content.plainRanges.first.map { Array(content.text[$0]) } == Array("a\nb\nc\nd".utf8)
        )
    }

    @Test func revisionsShowTheTextAsItWouldBeAccepted() throws {
        let body = """
            <w:p><w:r><w:t>kept</w:t></w:r>
            <w:del><w:r><w:delText> deleted</w:delText><w:t> deleted</w:t></w:r></w:del>
            <w:ins><w:r><w:t xml:space='preserve'> inserted</w:t></w:r></w:ins>
            <w:moveFrom><w:r><w:t>from</w:t></w:r></w:moveFrom>
            <w:moveTo><w:r><w:t xml:space='preserve'> to</w:t></w:r></w:moveTo></w:p>
            <w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>one </w:t></w:r></w:p>
            <w:p><w:r><w:t>paragraph</w:t></w:r></w:p>
            """
        #expect(try self.markdown(body) == "kept inserted to\n\none paragraph")
    }

    @Test func hiddenTextIsLeftOutAndCounted() throws {
        let body = """
            <w:p><w:r><w:t>seen</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>SPAM</w:t></w:r>
            <w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t xml:space='preserve'> too</w:t></w:r>
            <w:r><w:rPr><w:rStyle w:val='H'/></w:rPr><w:t>SPAM</w:t><w:tab/></w:r></w:p>
            <w:p><w:r><w:t>a\u{202E}b\u{E0041}c\u{AD}d\u{A0}e</w:t></w:r></w:p>
            """
        var word = TinyWord(body)
        word.styles = """
            <w:style w:type='character' w:styleId='H'><w:rPr><w:vanish/></w:rPr></w:style>
            """
        let content = try self.extract(word)
        #expect(String(decoding: content.text, as: UTF8.self) == "seen too\n\nabcd e")
        #expect(
            content.warnings == [
                DocumentWarning(code: "hidden_content", count: 2),
                DocumentWarning(code: "invisible_characters", count: 2),
            ]
        )
    }

    @Test func tablesOfDataBecomeTablesAndOthersTheirContent() throws {
        let merged = """
            <w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr>\(Word.paragraph("wide"))
            </w:tc></w:tr><w:tr><w:tc><w:tcPr><w:vMerge w:val='restart'/></w:tcPr>
            \(Word.paragraph("a"))</w:tc><w:tc>\(Word.paragraph("b"))\(Word.paragraph("c"))</w:tc>
            </w:tr><w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr>\(Word.paragraph("HIDDEN"))</w:tc><w:tc>
            \(Word.paragraph("d|e"))</w:tc></w:tr><w:tr><w:trPr><w:del/></w:trPr><w:tc>
            \(Word.paragraph("GONE"))</w:tc></w:tr></w:tbl>
            """
        let content = try self.extract(TinyWord(merged))
        #expect(
            String(decoding: content.markdown, as: UTF8.self)
                == "| wide |  |\n| --- | --- |\n| a | b c |\n|  | d\\|e |"
        )
        #expect(String(decoding: content.text, as: UTF8.self) == "wide\t\na\tb c\n\td|e")
        #expect(content.blocks.map(\.kind) == [.table])
        let layout = Word.table([["left", "right"]]) + Word.table([["one"], ["two"]])
        #expect(try self.markdown(layout) == "left\n\nright\n\none\n\ntwo")
        let nested =
            "<w:tbl><w:tr><w:tc>\(Word.paragraph("x"))\(Word.table([["1", "2"], ["3", "4"]]))"
            + "</w:tc></w:tr></w:tbl>"
        #expect(try self.markdown(nested) == "x\n\n| 1 | 2 |\n| --- | --- |\n| 3 | 4 |")
    }

    @Test func notesFollowTheTextInTheOrderOfTheirReferences() throws {
        var word = TinyWord(
            """
            <w:p><w:r><w:t>one</w:t></w:r><w:r><w:endnoteReference w:id='2'/></w:r>
            <w:r><w:t xml:space='preserve'> two</w:t><w:footnoteReference w:id='3'/></w:r></w:p>
            """
        )
        word.footnotes = """
            <w:footnote w:type='separator' w:id='0'>\(Word.paragraph("---"))</w:footnote>
            <w:footnote w:id='1'>\(Word.paragraph("never referred to"))</w:footnote>
            <w:footnote w:id='3'>\(Word.paragraph("the foot"))</w:footnote>
            """
        word.endnotes = "<w:endnote w:id='2'>\(Word.paragraph("the end"))</w:endnote>"
        let content = try self.extract(word)
        #expect(
            String(decoding: content.markdown, as: UTF8.self)
                == "one[^1] two[^2]\n\n[^1]: the end\n\n[^2]: the foot"
        )
        #expect(String(decoding: content.text, as: UTF8.self) == "one two\n\nthe end\n\nthe foot")
        #expect(content.blocks.map(\.kind) == [.paragraph, .footnote, .footnote])
    }

    @Test func notesFollowTheirSection() throws {
        let reference = "<w:r><w:footnoteReference w:id='1'/></w:r>"
        var word = TinyWord(
            "<w:p><w:r><w:t>one</w:t></w:r>\(reference)</w:p>" + Word.paragraph("two")
                + "<w:p><w:pPr><w:outlineLvl w:val='0'/></w:pPr><w:r><w:t>Next</w:t></w:r></w:p>"
                + "<w:tbl><w:tr><w:tc>\(Word.paragraph("a"))</w:tc><w:tc>\(Word.paragraph("b"))</w:tc>"
                + "</w:tr><w:tr><w:tc><w:p><w:r><w:t>c</w:t><w:footnoteReference w:id='2'/></w:r></w:p>"
                + "</w:tc><w:tc>\(Word.paragraph("d"))</w:tc></w:tr></w:tbl>"
                + "<w:p><w:r><w:t>again</w:t></w:r>\(reference)</w:p>"
        )
        word.footnotes = """
            <w:footnote w:id='1'>\(Word.paragraph("first"))</w:footnote>
            <w:footnote w:id='2'>\(Word.paragraph("second"))</w:footnote>
            """
        #expect(
            String(decoding: try self.extract(word).markdown, as: UTF8.self)
                == "one[^1]\n\ntwo\n\n[^1]: first\n\n# Next\n\n| a | b |\n| --- | --- |\n"
                + "| c[^2] | d |\n\nagain[^1]\n\n[^2]: second"
        )
    }

    private static let linked: TinyWord = {
        var word = TinyWord(
            """
            <w:p><w:r><w:t xml:space='preserve'>See </w:t></w:r><w:hyperlink r:id='rId7'><w:r>
            <w:t xml:space='preserve'>the mill </w:t></w:r></w:hyperlink><w:r><w:t>today,</w:t></w:r>
            <w:hyperlink w:anchor='below'><w:r><w:t xml:space='preserve'> below</w:t></w:r>
            </w:hyperlink><w:hyperlink r:id='rId8'><w:r><w:t xml:space='preserve'> or run</w:t></w:r>
            </w:hyperlink></w:p>
            <w:p><w:r><w:fldChar w:fldCharType='begin'/><w:instrText> HYPERLINK "https://m.example/a"
            </w:instrText></w:r><w:r><w:fldChar w:fldCharType='separate'/><w:t>field</w:t></w:r>
            <w:r><w:fldChar w:fldCharType='end'/></w:r><w:r><w:fldChar w:fldCharType='begin'/>
            <w:instrText>PAGE</w:instrText><w:fldChar w:fldCharType='separate'/><w:t
            xml:space='preserve'> 9</w:t><w:fldChar w:fldCharType='end'/></w:r></w:p>
            <w:p><w:fldSimple w:instr='HYPERLINK "https://m.example/b"'><w:r><w:t>simple</w:t></w:r>
            </w:fldSimple></w:p>
            """
        )
        word.links = [("rId7", "https://m.example/wheel (1)"), ("rId8", "javascript:run()")]
        return word
    }()

    @Test(arguments: [
        (LinkStyle.text, "See the mill today, below or run\n\nfield 9\n\nsimple"),
        (
            .urls,
            "See [the mill](https://m.example/wheel%20%281%29) today, below or run\n\n"
                + "[field](https://m.example/a) 9\n\n[simple](https://m.example/b)"
        ),
    ])
    func linksKeepTheirAddressesOnDemand(links: LinkStyle, expected: String) throws {
        let content = try extractDOCX(Self.linked.bytes(), options: DOCXOptions(links: links))
        #expect(String(decoding: content.markdown, as: UTF8.self) == expected)
        #expect(
            String(decoding: content.text, as: UTF8.self)
                == "See the mill today, below or run\n\nfield 9\n\nsimple"
        )
    }

    @Test func textBoxesStandOnceBehindTheirParagraph() throws {
        let box = "<w:txbxContent>\(Word.paragraph("in the box"))</w:txbxContent>"
        let body = """
            <w:p><w:r><w:t>before</w:t></w:r><w:r><mc:AlternateContent>
            <mc:Choice Requires='wps'><w:drawing>\(box)</w:drawing></mc:Choice>
            <mc:Fallback><w:pict>\(box)</w:pict></mc:Fallback></mc:AlternateContent></w:r>
            <w:r><w:t xml:space='preserve'> after</w:t></w:r></w:p>
            """
        #expect(try self.markdown(body) == "before after\n\nin the box")
    }

    @Test func codeQuotesCaptionsAndBreaks() throws {
        let mono = "<w:rPr><w:rFonts w:ascii='Courier New'/></w:rPr>"
        let body = """
            <w:p><w:r>\(mono)<w:t>if a {</w:t></w:r></w:p>
            <w:p><w:r>\(mono)<w:tab/><w:t>b</w:t></w:r></w:p>
            <w:p><w:r><w:t>The </w:t></w:r><w:r>\(mono)<w:t>b</w:t></w:r></w:p>
            <w:p><w:r><w:t>line</w:t><w:br/><w:t>break</w:t><w:br w:type='page'/><w:tab/>
            <w:t>non</w:t><w:noBreakHyphen/><w:t>stop</w:t><w:sym w:char='F0E0'/><w:sym w:char='2014'/>
            </w:r></w:p>
            \(Word.paragraph("so it is said", style: "Quote"))
            \(Word.paragraph("Figure 1", style: "Caption"))
            <w:p><w:r><w:fldChar w:fldCharType='begin'/><w:instrText>HYPERLINK "x"</w:instrText>
            <w:fldChar w:fldCharType='separate'/><w:t>shown</w:t></w:r></w:p>
            <w:p><m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath></w:p>
            """
        let content = try self.extract(TinyWord(body))
        #expect(
            String(decoding: content.markdown, as: UTF8.self)
                == "```\nif a {\n\tb\n```\n\nThe b\n\nline\nbreak non-stop→—\n\n> so it is said\n\n"
                + "Figure 1\n\nshown\n\n$a+b$"
        )
        #expect(
            content.blocks.map(\.kind)
                == [.code, .paragraph, .paragraph, .quote, .caption, .paragraph, .paragraph]
        )
    }

    @Test func tablesOfContentsStandAside() throws {
        let body = """
            <w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/>
            </w:docPartObj></w:sdtPr><w:sdtContent>\(Word.paragraph("One ... 1"))</w:sdtContent>
            </w:sdt><w:sdt><w:sdtPr/><w:sdtContent>\(Word.paragraph("kept"))</w:sdtContent></w:sdt>
            \(Word.paragraph("Two ... 2", style: "TOC2"))
            """
        let bytes = TinyWord(body).bytes()
        let aside = try extractDOCX(bytes)
        #expect(aside.blocks.map(\.kind) == [.contents, .paragraph, .contents])
        let whole = try extractDOCX(bytes, options: DOCXOptions(contents: .keep))
        #expect(whole.blocks.map(\.kind) == [.paragraph, .paragraph, .paragraph])
        for content in [aside, whole] {
            #expect(
                String(decoding: content.markdown, as: UTF8.self)
                    == "One ... 1\n\nkept\n\nTwo ... 2"
            )
            #expect(content.warnings.isEmpty)
        }
        let dropped = try extractDOCX(bytes, options: DOCXOptions(contents: .drop))
        #expect(String(decoding: dropped.markdown, as: UTF8.self) == "kept")
        #expect(dropped.warnings == [DocumentWarning(code: "contents_left_out", count: 2)])
    }

    @Test func corePropertiesAreTheMetadata() throws {
        var word = TinyWord(Word.paragraph("text"))
        word.core = """
            <dc:title>On Mills</dc:title><dc:creator>A. Miller</dc:creator><dc:language>en</dc:language>
            <dcterms:created>2024-05-01T08:00:00Z</dcterms:created>
            <dcterms:modified>2024-06-02T09:30:00Z</dcterms:modified><dc:subject>Water</dc:subject>
            """
        let content = try self.extract(word)
        #expect(content.title == "On Mills")
        #expect(
            content.metadata == [
                "author": "A. Miller", "language": "en", "published": "2024-05-01T08:00:00Z",
                "modified": "2024-06-02T09:30:00Z", "description": "Water",
            ]
        )
    }

    @Test func strictFilesAndOtherPartNamesAreRead() throws {
        var word = TinyWord(Word.paragraph("text"))
        word.isStrict = true
        word.mainName = "content/main.xml"
        #expect(String(decoding: try self.extract(word).text, as: UTF8.self) == "text")
    }

    @Test func unusableFilesAreRefused() {
        #expect(self.code(TinyWord("").bytes()) == .empty)
        #expect(self.code(TinyWord("<w:p>").bytes()) == .corrupt)
        #expect(self.code(TinyZip([("a", "b")]).bytes()) == .corrupt)
        #expect(self.code(Array("words".utf8)) == .corrupt)
        let deep =
            String(repeating: "<w:sdt>", count: 2_000)
            + String(repeating: "</w:sdt>", count: 2_000)
        #expect(self.code(TinyWord(deep).bytes()) == .limitExceeded)
        var locked = TinyWord(Word.paragraph("x")).zip
        locked.parts[1].flags = 1
        #expect(self.code(locked.bytes()) == .encrypted)
        let ole: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]
        let name = Array("EncryptedPackage".utf8.map { [$0, 0] }.joined())
        #expect(self.code(ole + Array(repeating: 0, count: 512) + name) == .encrypted)
    }

    @Test func entitiesAreRefusedAndNothingIsLoaded() throws {
        func file(_ declaration: String) -> [UInt8] {
            var zip = TinyWord("").zip
            let markup =
                declaration
                + "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'>"
                + "<w:body>\(Word.paragraph("text &e;"))</w:body></w:document>"
            zip.parts[1] = TinyZip.Part("word/document.xml", markup)
            return zip.bytes()
        }
        let bombs = (0..<10).map { "<!ENTITY l\($0) '&l\(max(0, $0 - 1));&l\(max(0, $0 - 1));'>" }
        #expect(self.code(file("<!DOCTYPE d [\(bombs.joined())]>")) == .limitExceeded)
        let external = "<!DOCTYPE d [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"
        #expect(self.code(file(external)) == .limitExceeded)
        let parameter = "<!DOCTYPE d [<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;]>"
        #expect(self.code(file(parameter)) == .limitExceeded)
        let subset = "<!DOCTYPE d SYSTEM 'file:///etc/passwd'>"
        if let content = try? extractDOCX(file(subset)) {
            #expect(String(decoding: content.text, as: UTF8.self) == "text")
        }
    }
}
