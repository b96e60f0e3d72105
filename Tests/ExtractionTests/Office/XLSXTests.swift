import Records
import Testing

@testable import Extraction

@Suite("XLSX extraction")
struct XLSXTests {
    private func extract(_ zip: TinyZip, keepsHidden: Bool = false) throws -> ExtractedContent {
        let bytes = zip.bytes()
        let content = try extractXLSX(bytes, keepsHidden: keepsHidden)
        expectSound(content) { try extractXLSX(bytes, keepsHidden: keepsHidden) }
        return content
    }

    @Test func cellsSayWhatTheyShow() throws {
        let zip = TinyOffice.workbook(
            [
                (
                    "Preise &amp; mehr", "visible",
                    """
                    <row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='inlineStr'><is><r><t>in</t></r><r><t>line</t></r></is></c>
                    <c r='D1' t='s'><v>1</v></c></row>
                    <row r='2'><c r='A2' s='1'><v>43788</v></c><c r='B2' s='2'><f>1+1</f><v>-1234.565</v></c>
                    <c r='D2' t='b'><v>1</v></c></row>
                    <row r='3'><c r='A3' t='str'><f>x</f><v>formula</v></c><c r='B3' t='e'><v>#DIV/0!</v></c>
                    <c r='D3'><v>0.30000000000000004</v></c></row>
                    """
                )
            ],
            strings:
                "<si><t>Tag_x000D_</t><rPh><t>no</t></rPh></si><si><r><t>a</t></r><r><t> b</t></r></si>",
            styles: "<numFmts><numFmt numFmtId='164' formatCode='yyyy\\-mm\\-dd'/></numFmts>"
                + "<cellStyleXfs><xf numFmtId='9'/></cellStyleXfs>"
                + "<cellXfs><xf numFmtId='0'/><xf numFmtId='164'/><xf numFmtId='4'/></cellXfs>"
        )
        let content = try self.extract(zip)
        #expect(
            content.markdownText == """
                # Preise & mehr

                | Tag | inline | a b |
                | --- | --- | --- |
                | 2019-11-19 | -1,234.57 | TRUE |
                | formula | #DIV/0! | 0.3 |
                """
        )
        #expect(content.blocks.allSatisfy { $0.page == 1 && $0.place?.label == "Preise & mehr" })
    }

    @Test func aRaisedDigitOfACellIsNoDigitOfItsNumber() throws {
        let zip = TinyOffice.workbook(
            [("A", "visible", "<row><c t='s'><v>0</v></c></row>")],
            strings: "<si><r><t>10</t></r><r><rPr><vertAlign val='superscript'/></rPr><t>6</t></r>"
                + "<r><t xml:space='preserve'> litres</t></r></si>"
        )
        #expect(try self.extract(zip).plainText == "A\n\n10^6 litres")
    }

    @Test func whatLiesOverTheCellsIsRead() throws {
        var zip = TinyOffice.workbook([("A", "visible", "")])
        let drawing = "http://schemas.openxmlformats.org/drawingml/2006"
        let parts = [
            (
                "xl/worksheets/_rels/0.xml.rels",
                TinyOffice.relationships([("r", "drawing", "../drawings/d.xml")])
            ),
            (
                "xl/drawings/_rels/d.xml.rels",
                TinyOffice.relationships([("r", "chart", "../charts/c.xml")])
            ),
            (
                "xl/drawings/d.xml",
                "<x:wsDr xmlns:x='\(drawing)/spreadsheetDrawing' xmlns:a='\(drawing)/main'><x:sp><x:txBody>"
                    + "<a:p><a:r><a:t>Read</a:t></a:r><a:r><a:t> me</a:t></a:r></a:p><a:p/></x:txBody></x:sp>"
                    + "</x:wsDr>"
            ),
            (
                "xl/charts/c.xml",
                "<c:chartSpace xmlns:c='\(drawing)/chart' xmlns:a='\(drawing)/main'><c:chart><c:title><a:t>Flow"
                    + "</a:t></c:title><c:ser><c:tx><c:v>Pump</c:v></c:tx><c:cat><c:pt idx='0'><c:v>May</c:v>"
                    + "</c:pt></c:cat><c:val><c:pt idx='0'><c:v>7</c:v></c:pt></c:val></c:ser></c:chart>"
                    + "</c:chartSpace>"
            ),
        ]
        zip.parts += parts.map { TinyZip.Part($0.0, $0.1) }
        let text = try self.extract(zip).markdownText
        #expect(text.hasPrefix("# A\n\nRead me\n\nFlow\n\n|  | Pump |"), "\(text)")
        #expect(text.hasSuffix("| May | 7 |"))
    }

    @Test func hiddenSheetsAreCounted() throws {
        let cell = "<row><c t='inlineStr'><is><t>secret</t></is></c></row>"
        let shown = "<row hidden='1'><c t='inlineStr'><is><t>open</t></is></c></row>"
        let zip = TinyOffice.workbook([
            ("A", "visible", shown), ("B", "hidden", cell), ("C", "veryHidden", cell),
        ])
        let content = try self.extract(zip)
        #expect(content.plainText == "A\n\nopen")
        #expect(content.count(of: "hidden_sheets") == 2)
        #expect(content.count(of: "hidden_rows_kept") == 1)
        #expect(
            try self.extract(zip, keepsHidden: true).plainText
                == "A\n\nopen\n\nB\n\nsecret\n\nC\n\nsecret"
        )
    }

    @Test func titlesStandBeforeTablesThatBlankRowsSetApart() throws {
        func row(_ number: Int, _ cells: [String]) -> String {
            "<row r='\(number)'>"
                + cells.map { "<c t='inlineStr'><is><t>\($0)</t></is></c>" }.joined() + "</row>"
        }
        let data =
            row(1, ["Report"]) + row(3, ["a", "b"]) + row(4, ["1", "2"]) + row(7, ["c", "d"])
            + row(8, ["3", "4"])
        let content = try self.extract(TinyOffice.workbook([("S", "visible", data)]))
        #expect(content.kinds == [.heading, .paragraph, .table, .table])
    }

    static let formats: [(code: String, value: Double, printed: String)] = [
        ("0.00", 1.005, "1.01"), ("0", 2.5, "3"), ("#,##0", 1_234_567, "1,234,567"),
        ("0%", 0.256, "26%"),
        ("#,##0.00;(#,##0.00)", -1234.5, "(1,234.50)"), ("0.00E+00", 12345, "1.23E+04"),
        ("# ?/?", 1.25, "1 1/4"),
        ("[$€-407] #,##0.00", 5, "€ 5.00"), ("0.0,,\"M\"", 12_345_678, "12.3M"),
        ("000-00-0000", 123_456_789, "123-45-6789"),
        ("General", 1e20, "1E+20"), ("m/d/yyyy h:mm AM/PM", 43788.75, "11/19/2019 6:00 PM"),
        ("[h]:mm", 1.5, "36:00"),
        ("dddd, d. mmmm yyyy", 43788, "Tuesday, 19. November 2019"), ("mm:ss.0", 0.0007, "01:00.5"),
        ("yyyy-mm-dd", 60, "1900-02-29"),
        ("yyyy-mm-dd", 1, "1900-01-01"), ("[>=100]\"big\";\"small\"", 5, "small"), (";;;", 5, ""),
        ("\"x\"0", -5, "-x5"),
        ("0.###", 5, "5."), ("yyyy", -1, "-1"), (".00", 12.5, "12.50"),
        ("0;-0;\"none\"", 0, "none"), ("#", 0, ""),
    ]

    @Test(arguments: formats.indices) func numbersArePrintedByTheirFormats(index: Int) {
        let item = Self.formats[index]
        let printed = NumberFormat(item.code).printed(item.value, epoch1904: false)
        #expect(String(decoding: printed, as: UTF8.self) == item.printed, "\(item.code)")
    }

    @Test func daysAreCountedFrom1904WhereTheWorkbookSaysSo() {
        let printed = NumberFormat("yyyy-mm-dd").printed(0, epoch1904: true)
        #expect(String(decoding: printed, as: UTF8.self) == "1904-01-01")
    }

    @Test func hostileWorkbooksEnd() throws {
        let long = String(repeating: "x", count: 30_000)
        let references = (1...9_000).map { "<row r='\($0)'><c r='A\($0)' t='s'><v>0</v></c></row>" }
            .joined()
        let bomb = TinyOffice.workbook(
            [("S", "visible", references)],
            strings: "<si><t>\(long)</t></si>"
        )
        #expect(refusal { _ = try extractXLSX(bomb.bytes()) } == .limitExceeded)
        let scattered = (1...2_000).map { row in
            "<row r='\(row)'><c r='A\(row)'><v>1</v></c><c r='\(name(ofColumn: row + 1))\(row)'><v>\(row)</v></c></row>"
        }.joined()
        let content = try self.extract(TinyOffice.workbook([("S", "visible", scattered)]))
        #expect(content.markdown.count < 200_000)
        for data in [
            "<row r='99999999999'><c r='ZZZZ1'><v>1</v></c></row>",
            "<row><c r='' t='s'><v>-5</v></c></row>",
            "<row><c t='s'><v>99999999999999999999</v></c></row>",
            "<row><c s='99'><v>1e999</v></c><c><v>nan</v></c></row>",
        ] {
            _ = try? extractXLSX(TinyOffice.workbook([("S", "visible", data)]).bytes())
        }
        let nothing = TinyZip([("xl/workbook.xml", "<workbook \(TinyOffice.sheetNames)/>")])
        #expect(refusal { _ = try extractXLSX(nothing.bytes()) } == .empty)
        #expect(refusal { _ = try extractXLSX(TinyZip([("xl/a", "b")]).bytes()) } == .corrupt)
        for code in [
            "[", "\"", "\\", "_", "*", "0E", "/", "[h", "yyyyyyyyy", "?/?", ",,,,", "0.0.0.0",
            "@@@", "[>1]", "E+E+",
        ] {
            for value in [0, -1, 0.5, 1e300, -1e300, .leastNonzeroMagnitude, .infinity] {
                _ = NumberFormat(code).printed(value, epoch1904: false)
            }
        }
    }
}

private func name(ofColumn column: Int) -> String {
    var rest = column
    var name = ""
    while rest > 0 {
        rest -= 1
        name = String(UnicodeScalar(UInt8(0x41 + rest % 26))) + name
        rest /= 26
    }
    return name
}
