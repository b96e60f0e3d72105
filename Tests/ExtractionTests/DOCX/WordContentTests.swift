import Formats
import Records
import Testing

@testable import Extraction

/// What a Word document prints beside its text: numbers, formulas, raised digits, charts, ticks.
@Suite struct WordContentTests {
    typealias Word = TinyWord

    private func markdown(_ word: TinyWord, comments: DOCXOptions.Comments = .drop) throws -> String
    {
        let content = try extractDOCX(word.bytes(), options: DOCXOptions(comments: comments))
        return String(decoding: content.markdown, as: UTF8.self)
    }

    private func warnings(_ word: TinyWord) throws -> [String: Int] {
        try extractDOCX(word.bytes()).warnings.reduce(into: [:]) { $0[$1.code] = $1.count }
    }

    private static func level(_ level: Int, _ format: String, _ text: String, _ more: String = "")
        -> String
    {
        """
        <w:lvl w:ilvl='\(level)'><w:start w:val='1'/><w:numFmt w:val='\(format)'/>\(more)\
        <w:lvlText w:val='\(text)'/></w:lvl>
        """
    }

    private static func numbering(_ levels: String) -> String {
        "<w:abstractNum w:abstractNumId='1'>\(levels)</w:abstractNum>"
            + "<w:num w:numId='1'><w:abstractNumId w:val='1'/></w:num>"
    }

    @Test func clausesHaveTheirPrintedNumbers() throws {
        var word = TinyWord(
            [("One", 0), ("first", 1), ("deep", 2), ("second", 1), ("Two", 0), ("third", 1)]
                .map { Word.paragraph($0.0, list: 1, level: $0.1) }.joined()
        )
        word.numbering = Self.numbering(
            Self.level(0, "upperRoman", "Article %1:")
                + Self.level(1, "decimal", "%1.%2", "<w:isLgl/>")
                + Self.level(2, "lowerLetter", "(%3)")
        )
        #expect(
            try self.markdown(word)
                == "- Article I: One\n  - 1.1 first\n    - (a) deep\n  - 1.2 second\n"
                + "- Article II: Two\n  - 2.1 third"
        )
    }

    @Test func headingsHaveTheNumbersOfTheirStyles() throws {
        var word = TinyWord(
            Word.paragraph("Scope", style: "H1") + Word.paragraph("Terms", style: "H2")
                + Word.paragraph("Fees", style: "H2") + Word.paragraph("Annex", style: "H1")
        )
        word.styles = """
            <w:style w:type='paragraph' w:styleId='H1'><w:name w:val='heading 1'/>
            <w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr></w:style>
            <w:style w:type='paragraph' w:styleId='H2'><w:name w:val='heading 2'/>
            <w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr></w:style>
            """
        word.numbering = Self.numbering(
            Self.level(0, "decimal", "%1", "<w:pStyle w:val='H1'/>")
                + Self.level(1, "decimal", "%1.%2", "<w:pStyle w:val='H2'/>")
        )
        #expect(try self.markdown(word) == "# 1 Scope\n\n## 1.1 Terms\n\n## 1.2 Fees\n\n# 2 Annex")
    }

    @Test func aRunThatIsSetHigherIsRaised() throws {
        let run = { (text: String, shift: Int) in
            "<w:r><w:rPr><w:position w:val='\(shift)'/></w:rPr><w:t xml:space='preserve'>\(text)"
                + "</w:t></w:r>"
        }
        let word = TinyWord(
            "<w:p>\(run("10", 0))\(run("6", 8))\(run(" l of H", 0))\(run("2", -6))\(run("O", 1))</w:p>"
        )
        #expect(try self.markdown(word) == "10^6 l of H_2O")
    }

    @Test(arguments: [
        ("lowerLetter", 1, "a"), ("lowerLetter", 27, "aa"), ("upperLetter", 2, "B"),
        ("upperRoman", 1994, "MCMXCIV"), ("lowerRoman", 4, "iv"), ("decimalZero", 7, "07"),
        ("ordinal", 22, "22nd"), ("ordinal", 12, "12th"), ("chineseCounting", 3, "三"),
        ("chineseCountingThousand", 10, "十"), ("chineseCountingThousand", 25, "二十五"),
        ("chineseCountingThousand", 101, "一百零一"), ("japaneseCounting", 112, "百十二"),
        ("koreanCounting", 21, "이십일"), ("ideographDigital", 20, "二〇"),
        ("decimalFullWidth", 12, "１２"), ("decimalEnclosedCircle", 3, "③"),
        ("decimalEnclosedCircle", 21, "21"), ("japaneseCounting", 10_000, "10000"),
        ("lowerLetter", 0, "0"), ("upperRoman", 5_000, "5000"),
    ])
    func numbersAreWrittenInTheirFormat(name: String, number: Int, text: String) {
        #expect(WordNumberFormat(name).text(of: number) == text)
    }

    @Test(arguments: [
        ("10", "6", "superscript", "10^6"), ("H", "2", "subscript", "H_2"),
        ("x", "n+1", "superscript", "x^(n+1)"), ("21", "st", "superscript", "21st"),
        ("Steel.", "2", "superscript", "Steel.2"), ("x", "n", "superscript", "x^n"),
        ("word", "a", "superscript", "worda"),
    ])
    func raisedDigitsStayApart(base: String, raised: String, kind: String, text: String) throws {
        let body = """
            <w:p><w:r><w:t>\(base)</w:t></w:r><w:r><w:rPr><w:vertAlign w:val='\(kind)'/></w:rPr>
            <w:t>\(raised)</w:t></w:r><w:r><w:t xml:space='preserve'> end</w:t></w:r></w:p>
            """
        #expect(try self.markdown(TinyWord(body)) == text + " end")
    }

    private static func run(_ text: String) -> String { "<m:r><m:t>\(text)</m:t></m:r>" }

    @Test(arguments: [
        ("<m:f><m:num>\(run("V"))</m:num><m:den>\(run("t"))</m:den></m:f>", "\\frac{V}{t}"),
        ("<m:sSup><m:e>\(run("10"))</m:e><m:sup>\(run("6"))</m:sup></m:sSup>", "10^6"),
        (
            "<m:sSubSup><m:e>\(run("x"))</m:e><m:sub>\(run("i"))</m:sub><m:sup>\(run("2"))</m:sup>"
                + "</m:sSubSup>", "x_i^2"
        ),
        (
            "<m:rad><m:radPr><m:degHide/></m:radPr><m:deg/><m:e>\(run("2"))</m:e></m:rad>",
            "\\sqrt{2}"
        ),
        ("<m:rad><m:deg>\(run("3"))</m:deg><m:e>\(run("x"))</m:e></m:rad>", "\\sqrt[3]{x}"),
        (
            "<m:d><m:dPr><m:begChr m:val='['/><m:endChr m:val=']'/></m:dPr><m:e>\(run("a"))</m:e></m:d>",
            "[a]"
        ),
        (
            "<m:nary><m:naryPr><m:chr m:val='∑'/></m:naryPr><m:sub>\(run("i"))</m:sub><m:sup>\(run("n"))"
                + "</m:sup><m:e>\(run("k"))</m:e></m:nary>", "∑_i^nk"
        ),
        ("<m:func><m:fName>\(run("sin"))</m:fName><m:e>\(run("x"))</m:e></m:func>", "\\sin x"),
        (
            "<m:m><m:mr><m:e>\(run("a"))</m:e><m:e>\(run("b"))</m:e></m:mr></m:m>",
            "\\begin{matrix} a & b \\end{matrix}"
        ),
    ])
    func formulasAreWrittenAsLaTeX(markup: String, latex: String) throws {
        #expect(
            try self.markdown(TinyWord("<w:p><m:oMath>\(markup)</m:oMath></w:p>")) == "$\(latex)$"
        )
    }

    @Test func commentsAreCountedOrKept() throws {
        var word = TinyWord(
            "<w:p><w:r><w:t>The fee.</w:t></w:r><w:r><w:commentReference w:id='5'/></w:r></w:p>"
        )
        word.comments = "<w:comment w:id='5' w:author='A'>\(Word.paragraph("too high"))</w:comment>"
        #expect(try self.markdown(word) == "The fee.")
        #expect(try self.warnings(word) == ["comments_left_out": 1])
        #expect(try self.markdown(word, comments: .keep) == "The fee.[^1]\n\n[^1]: too high")
    }

    @Test func headersFootersAndPromptsAreCounted() throws {
        var word = TinyWord(
            Word.paragraph("text")
                + "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
                + Word.paragraph("Click here to enter text.") + "</w:sdtContent></w:sdt>"
        )
        word.others = ["header", "footer", "footer"].enumerated().map { index, type in
            let text = index == 2 ? "" : Word.paragraph("Mill Ltd")
            return ("e\(index)", type, "<w:hdr \(word.namespaces)>\(text)</w:hdr>")
        }
        #expect(try self.markdown(word) == "text")
        #expect(
            try self.warnings(word) == ["headers_footers_left_out": 2, "placeholders_left_out": 1]
        )
    }

    @Test func ticksAndSymbolsAreCharacters() throws {
        let box = { (value: String) in
            "<w:fldChar w:fldCharType='begin'><w:ffData><w:checkBox><w:default w:val='0'/>\(value)"
                + "</w:checkBox></w:ffData></w:fldChar>"
        }
        let body = """
            <w:p><w:r>\(box("<w:checked/>"))<w:t xml:space='preserve'> yes </w:t>\(box(""))
            <w:t xml:space='preserve'> no </w:t><w:sym w:font='Wingdings' w:char='F0FC'/>
            <w:sym w:font='Symbol' w:char='F0B0'/><w:sym w:font='Odd' w:char='F011'/></w:r></w:p>
            """
        let word = TinyWord(body)
        #expect(try self.markdown(word) == "☒ yes ☐ no ✓°")
        #expect(try self.warnings(word) == ["unknown_symbols": 1])
    }

    @Test func chartsAndDiagramsSayWhatTheyShow() throws {
        var word = TinyWord(
            "<w:p><w:r><w:t>See:</w:t><w:drawing><a:graphic><a:graphicData><c:chart r:id='c1'/>"
                + "</a:graphicData></a:graphic></w:drawing></w:r></w:p>"
                + "<w:p><w:r><w:drawing><dgm:relIds r:dm='d1'/></w:drawing></w:r></w:p>"
        )
        func points(_ name: String, _ values: [String]) -> String {
            let points = values.enumerated().map { "<c:pt idx='\($0)'><c:v>\($1)</c:v></c:pt>" }
            return
                "<c:\(name)><c:strRef><c:strCache>\(points.joined())</c:strCache></c:strRef></c:\(name)>"
        }
        let series =
            "<c:ser>\(points("tx", ["Flow"]))\(points("cat", ["May", "June"]))"
            + "\(points("val", ["3", "4.5"]))</c:ser>"
        let chart =
            "<c:chartSpace \(word.namespaces)><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>Water</a:t>"
            + "</a:r></a:p></c:rich></c:tx></c:title><c:plotArea>\(series)</c:plotArea></c:chart>"
            + "</c:chartSpace>"
        let diagram =
            "<dgm:dataModel \(word.namespaces)><dgm:ptLst><dgm:pt><dgm:t><a:p><a:r><a:t>Pump</a:t></a:r>"
            + "<a:r><a:t> on</a:t></a:r></a:p></dgm:t></dgm:pt><dgm:pt><dgm:t><a:p><a:r><a:t>Valve"
            + "</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>"
        word.others = [("c1", "chart", chart), ("d1", "diagramData", diagram)]
        #expect(
            try self.markdown(word)
                == "See:\n\nWater\n\n|  | Flow |\n| --- | --- |\n| May | 3 |\n| June | 4.5 |\n\n"
                + "- Pump on\n- Valve"
        )
    }
}
