import Formats
import Records
import Testing

@testable import Extraction

@Suite("PDF extraction")
struct PDFExtractionTests {
    private func extract(_ pdf: TinyPDF) throws -> ExtractedContent {
        try extractPDF(pdf.bytes(), options: PDFOptions())
    }

    private func texts(_ content: ExtractedContent) -> [String] {
        content.plainRanges.map { String(decoding: content.text[$0], as: UTF8.self) }
    }

    private func markdown(_ content: ExtractedContent) -> String {
        String(decoding: content.markdown, as: UTF8.self)
    }

    private let prose = [
        "The mill stands at the river since the year of the great flood and",
        "grinds corn for all villages of the valley, from early spring until",
        "the first ice closes the race in the short days of the winter.",
    ]

    @Test func linesOfAParagraphAreJoined() throws {
        let content = try extract(TinyPDF(pages: [TinyPDF.lines(prose)]))
        #expect(texts(content) == [prose.joined(separator: " ")])
        #expect(content.blocks.map(\.page) == [1])
        #expect(content.blocks.map(\.kind) == [.paragraph])
    }

    @Test func leftColumnIsReadBeforeTheRight() throws {
        let left = (0..<8).map { "left column line number \($0) goes on and" }
        let right = (0..<8).map { "right column line number \($0) goes on and" }
        var page: [TinyPDF.Text] = []
        page += TinyPDF.lines(left, x: 60)
        page += TinyPDF.lines(right, x: 320)
        let text = texts(try extract(TinyPDF(pages: [page]))).joined(separator: " ")
        #expect(text == (left + right).joined(separator: " "))
    }

    @Test func columnsAreFoundWhenLinesAreDrawnAcrossThePage() throws {
        let left = (0..<12).map { "left column, its line \($0), goes on for a while and" }
        let right = (0..<12).map { "right column, its line \($0), goes on for a while" }
        let page = zip(TinyPDF.lines(left, x: 60), TinyPDF.lines(right, x: 320))
            .flatMap { [$0.0, $0.1] }
        let text = texts(try extract(TinyPDF(pages: [page]))).joined(separator: " ")
        #expect(text == (left + right).joined(separator: " "))
    }

    @Test func titleAcrossTwoColumnsComesFirst() throws {
        var page = [
            TinyPDF.Text(
                text: "A title that spans both of the columns",
                x: 120,
                y: 60,
                size: 20,
                font: .bold
            )
        ]
        page += TinyPDF.lines((0..<6).map { "left column line number \($0) goes on" }, x: 60)
        page += TinyPDF.lines((0..<6).map { "right column line number \($0) goes on" }, x: 320)
        let content = try extract(TinyPDF(pages: [page]))
        #expect(content.blocks.first?.kind == .heading)
        #expect(content.title == "A title that spans both of the columns")
        #expect(texts(content).dropFirst().first?.hasPrefix("left column line number 0") == true)
    }

    @Test func aSentenceOnTwoPagesIsNoHeader() throws {
        let pages = ["One", "Two"].map { TinyPDF.lines([prose[0], "\($0) more line."]) }
        let content = try extract(TinyPDF(pages: pages))
        #expect(
            texts(content) == ["\(prose[0]) One more line.", "\(prose[0]) Two more line."]
        )
    }

    @Test func aDocumentOfRepeatedPagesKeepsItsText() throws {
        let page = TinyPDF.lines(["Closed on Sundays"])
        let content = try extract(TinyPDF(pages: [page, page]))
        #expect(texts(content) == ["Closed on Sundays", "Closed on Sundays"])
    }

    @Test func wordsCutAtALineEndAreWhole() throws {
        let content = try extract(
            TinyPDF(pages: [
                TinyPDF.lines([
                    "The extrac-", "tion of a well-known text and of one that is well-",
                    "known keeps its hyphens, while ex-", "traction loses those of the Click-",
                    "House and of no North-", "South line; a ClickHouse is one word.",
                ])
            ])
        )
        #expect(
            texts(content) == [
                "The extraction of a well-known text and of one that is well-known keeps its "
                    + "hyphens, while extraction loses those of the ClickHouse and of no "
                    + "North-South line; a ClickHouse is one word."
            ]
        )
    }

    @Test func paragraphGoesOnOverThePageEnd() throws {
        let first = [
            "The paragraph starts on the first page with a line that is full and",
            "goes on with another one that ends in the middle of a sentence that",
        ]
        let content = try extract(
            TinyPDF(pages: [
                TinyPDF.lines(first, y: 700),
                TinyPDF.lines(["ends on the second page."], y: 80),
            ])
        )
        #expect(texts(content) == [(first + ["ends on the second page."]).joined(separator: " ")])
    }

    @Test func headingLevelsFollowTypeSize() throws {
        var page: [TinyPDF.Text] = []
        page.append(TinyPDF.Text(text: "Guide to mills", x: 72, y: 60, size: 20, font: .bold))
        page += TinyPDF.lines(prose, y: 100)
        page.append(TinyPDF.Text(text: "The wheel", x: 72, y: 170, size: 15, font: .bold))
        page += TinyPDF.lines(prose, y: 200)
        page.append(TinyPDF.Text(text: "The buckets", x: 72, y: 260, size: 11.7, font: .bold))
        page += TinyPDF.lines(prose, y: 290)
        let content = try extract(TinyPDF(pages: [page]))
        let headings = content.blocks.filter { $0.kind == .heading }
        #expect(headings.map(\.level) == [1, 2, 3])
        #expect(markdown(content).hasPrefix("# Guide to mills\n\nThe mill stands"))
    }

    @Test func outlineMakesBoldLinesHeadings() throws {
        let page =
            TinyPDF.lines(prose, y: 100)
            + [TinyPDF.Text(text: "The wheel.", x: 72, y: 160, font: .bold)]
            + TinyPDF.lines(prose, y: 184)
        let plain = try extract(TinyPDF(pages: [page]))
        #expect(!plain.blocks.contains { $0.kind == .heading })
        let outlined = try extract(TinyPDF(pages: [page], outline: ["The wheel."]))
        #expect(outlined.blocks.filter { $0.kind == .heading }.count == 1)
    }

    @Test func aBoldStartSetOffByAGapIsAHeading() throws {
        let page =
            TinyPDF.lines(prose, y: 60)
            + [
                TinyPDF.Text(text: "Run-in title", x: 72, y: 120, font: .bold),
                TinyPDF.Text(text: "The text goes on in the same line and", x: 140, y: 120),
                TinyPDF.Text(text: "in the next.", x: 72, y: 132),
            ]
        let content = try extract(TinyPDF(pages: [page]))
        #expect(content.blocks.map(\.kind) == [.paragraph, .heading, .paragraph])
        #expect(
            texts(content).suffix(2) == [
                "Run-in title", "The text goes on in the same line and in the next.",
            ]
        )
    }

    @Test func listsKeepTheirItems() throws {
        let page =
            TinyPDF.lines(prose, y: 60)
            + [
                TinyPDF.Text(text: "- First item of the list that goes", x: 90, y: 110),
                TinyPDF.Text(text: "on in a second line", x: 97, y: 122),
                TinyPDF.Text(text: "- Second item", x: 90, y: 134),
            ]
        let content = try extract(TinyPDF(pages: [page]))
        #expect(content.blocks.map(\.kind) == [.paragraph, .list])
        #expect(
            markdown(content).hasSuffix(
                "- First item of the list that goes on in a second line\n- Second item"
            )
        )
        #expect(
            texts(content).last
                == "First item of the list that goes on in a second line\nSecond item"
        )
    }

    @Test func codeIsFencedWithItsIndentation() throws {
        let code = ["func grind(corn: Corn) -> Flour {", "    return mill.run(corn)", "}"]
        var page = TinyPDF.lines(prose, y: 60)
        for (index, line) in code.enumerated() {
            let indent = line.prefix { $0 == " " }.count
            page.append(
                TinyPDF.Text(
                    text: String(line.dropFirst(indent)),
                    x: 72 + 6 * Double(indent),
                    y: 120 + 12 * Double(index),
                    font: .fixed
                )
            )
        }
        let content = try extract(TinyPDF(pages: [page]))
        #expect(content.blocks.map(\.kind) == [.paragraph, .code])
        #expect(markdown(content).hasSuffix("```\n\(code.joined(separator: "\n"))\n```"))
    }

    @Test func alignedGapsMakeATable() throws {
        let rows = [["Name", "Grain", "Tons"], ["Adler", "rye", "12"], ["Bach", "wheat", "9"]]
        var page = TinyPDF.lines(prose, y: 60)
        for (row, cells) in rows.enumerated() {
            for (column, cell) in cells.enumerated() {
                page.append(
                    TinyPDF.Text(
                        text: cell,
                        x: 72 + 120 * Double(column),
                        y: 130 + 16 * Double(row)
                    )
                )
            }
        }
        let content = try extract(TinyPDF(pages: [page]))
        #expect(content.blocks.map(\.kind) == [.paragraph, .table])
        #expect(
            markdown(content).hasSuffix(
                "| Name | Grain | Tons |\n| --- | --- | --- |\n| Adler | rye | 12 |\n"
                    + "| Bach | wheat | 9 |"
            )
        )
        #expect(texts(content).last == "Name\tGrain\tTons\nAdler\trye\t12\nBach\twheat\t9")
    }

    @Test func sidewaysTextIsKeptApart() throws {
        let page =
            TinyPDF.lines(prose, y: 100)
            + [TinyPDF.Text(text: "Draft of May", x: 30, y: 400, quarterTurns: 1)]
        let content = try extract(TinyPDF(pages: [page]))
        #expect(texts(content) == [prose.joined(separator: " "), "Draft of May"])
    }

    @Test(arguments: [1, 2, 3])
    func aPageOfSidewaysTextIsReadUpright(quarterTurns: Int) throws {
        let page = prose.enumerated().map { index, line -> TinyPDF.Text in
            let offset = 12 * Double(index)
            return switch quarterTurns {
            case 1: TinyPDF.Text(text: line, x: 100 + offset, y: 600, quarterTurns: 1)
            case 2: TinyPDF.Text(text: line, x: 500, y: 600 - offset, quarterTurns: 2)
            default: TinyPDF.Text(text: line, x: 300 - offset, y: 200, quarterTurns: 3)
            }
        }
        let content = try extract(TinyPDF(pages: [page]))
        #expect(texts(content) == [prose.joined(separator: " ")])
    }

    @Test func informationBecomesMetadata() throws {
        let content = try extract(
            TinyPDF(
                pages: [TinyPDF.lines(prose)],
                information: [
                    "Title": "On Mills", "Author": "A. Miller", "Subject": "Mills",
                    "CreationDate": "D:20240501101530+02'00'", "ModDate": "D:20240502",
                ]
            )
        )
        #expect(content.title == "On Mills")
        #expect(
            content.metadata == [
                "author": "A. Miller", "description": "Mills",
                "published": "2024-05-01T10:15:30+02:00", "modified": "2024-05-02",
            ]
        )
    }

    @Test func whatNobodyFilledInIsNoMetadata() throws {
        let content = try extractPDF(
            TinyPDF(
                pages: [TinyPDF.lines(prose)],
                information: ["Author": "(anonymous)", "Subject": "unspecified"]
            ).bytes()
        )
        #expect(content.metadata.isEmpty)
    }

    @Test(arguments: [
        ("Microsoft Word - report.doc", false), ("untitled", false), ("report_final_2", false),
        ("Word Document", false),
        ("thesis.dvi", false), ("C:\\docs\\a b", false), ("12", false), ("On Mills", true),
        ("Mühlen", true), ("Slide 1", false), ("(anonymous)", false), ("print", false),
        ("https://example.org/mills", false),
        ("Sans titre 1", false), ("Unbenannt-2", false),
        ("Blank Page", false), ("(unspecified)", false), ("Notes 2", true),
        ("New Microsoft Word Document", false),
    ])
    func onlySensibleTitlesAreTaken(title: String, isSensible: Bool) {
        #expect(isSensibleTitle(title) == isSensible)
    }

    @Test(arguments: [
        ("D:20231114221320Z", "2023-11-14T22:13:20Z"), ("D:2023", "2023"),
        ("20230102", "2023-01-02"), ("D:20230102030405-05'30'", "2023-01-02T03:04:05-05:30"),
        ("D:20231314", nil), ("yesterday", nil), ("", nil),
    ])
    func datesAreISO(text: String, expected: String?) {
        #expect(pdfDate(text) == expected)
    }

    @Test(arguments: [
        ([1.44, 1.2, 1.0], [1, 2, 3]), ([1.2, 1.0], [2, 3]), ([2.0, 1.5, 1.17], [1, 2, 3]),
        ([1.4], [1]), ([3, 2.5, 2, 1.5, 1.4, 1.3, 1.2], [1, 2, 3, 4, 5, 6, 6]), ([], []),
    ])
    func headingSizesFallOnTheScaleOfATypesetter(ratios: [Float], levels: [UInt8]) {
        #expect(headingLevels(ratios: ratios) == levels)
    }
}

@Suite("PDF refusals and warnings")
struct PDFRefusalTests {
    private func code(_ bytes: [UInt8]) -> StageFailure.Code? {
        do {
            _ = try extractPDF(bytes, options: PDFOptions())
            return nil
        } catch {
            return error.code
        }
    }

    @Test func unreadableBytesAreCorrupt() {
        #expect(code([]) == .empty)
        #expect(code(Array("not a PDF at all".utf8)) == .corrupt)
        #expect(code(Array("%PDF-1.4\n".utf8)) == .corrupt)
    }

    @Test func pagesOfImagesNeedOCR() {
        #expect(code(TinyPDF(pages: [[]], pagesWithImage: [0]).bytes()) == .needsOCR)
        #expect(code(TinyPDF(pages: [[]]).bytes()) == .empty)
    }

    @Test func aPageWithoutTextAmongOthersIsAWarning() throws {
        let pdf = TinyPDF(
            pages: [TinyPDF.lines(["A page with text."]), []],
            pagesWithImage: [1]
        )
        let content = try extractPDF(pdf.bytes(), options: PDFOptions())
        #expect(
            content.warnings == [
                DocumentWarning(code: "pages_without_text"), DocumentWarning(code: "needs_ocr"),
            ]
        )
    }

    @Test func pagesPastTheLimitAreCountedAsTruncated() throws {
        let pdf = TinyPDF(
            pages: ["First page", "Second page", "Third page"].map { TinyPDF.lines([$0]) }
        )
        var options = PDFOptions()
        options.maximumPages = 2
        let content = try extractPDF(pdf.bytes(), options: options)
        #expect(content.blocks.map(\.page) == [1, 2])
        #expect(content.warnings == [DocumentWarning(code: "truncated")])
    }

    @Test func glyphLimitCutsThePage() throws {
        let pdf = TinyPDF(pages: [TinyPDF.lines(["one two three", "four five six"])])
        var options = PDFOptions()
        options.maximumPageGlyphs = 13
        let content = try extractPDF(pdf.bytes(), options: options)
        #expect(String(decoding: content.text, as: UTF8.self) == "one two three")
        #expect(content.warnings == [DocumentWarning(code: "truncated")])
    }

    @Test func aFileThatLostItsEndIsRepaired() throws {
        let whole = TinyPDF(pages: [TinyPDF.lines(["The text is still there."])]).bytes()
        let cut = try #require(whole.firstRange(of: Array("xref\n".utf8)))
        for length in [cut.lowerBound, cut.lowerBound + 60] {
            let content = try extractPDF(Array(whole[..<length]), options: PDFOptions())
            #expect(String(decoding: content.text, as: UTF8.self) == "The text is still there.")
        }
    }
}

@Suite("Printed order to reading order")
struct LogicalOrderTests {
    private func logical(_ text: String) -> String {
        Array(text.utf8).withUnsafeBufferPointer {
            String(decoding: logicalOrder($0), as: UTF8.self)
        }
    }

    @Test func leftToRightTextStays() {
        #expect(logical("plain text 12") == "plain text 12")
    }

    @Test func hebrewIsReversed() {
        #expect(logical("םולש") == "שלום")
        #expect(logical("םלוע םולש") == "שלום עולם")
    }

    @Test func numbersAndLatinKeepTheirOrderInHebrew() {
        #expect(logical("25 רפסמ") == "מספר 25")
        #expect(logical("Swift 6 לש תונכתה תפש") == "שפת התכנות של Swift 6")
    }

    @Test func hebrewInsideLatinIsReversedInPlace() {
        #expect(logical("the word םולש means peace") == "the word שלום means peace")
    }

    @Test func marksStayBehindTheirLetter() {
        #expect(logical("\u{05D1}\u{05D0}\u{05B8}") == "\u{05D0}\u{05B8}\u{05D1}")
    }

    @Test(arguments: [
        ("שלום עולם", true), ("عالم", true), ("\u{FE8D}\u{FE8E}", true), ("word", false),
        ("12.5", false), ("", false), ("שלום and more of it", false), ("русский текст", false),
    ])
    func theScriptOfMostLettersDecidesTheDirection(text: String, isRight: Bool) {
        #expect(isMostlyRightToLeft(Array(text.utf8)[...]) == isRight)
    }

    /// A Hebrew paragraph ends on the left, and its first line may be indented on the right.
    @Test func columnsAreMeasuredFromTheSideWhereLinesBegin() {
        let box = PDFBox(left: 30, top: 0, right: 190, bottom: 10)
        let fragment = PDFFragment(
            box: box,
            baseline: 8,
            size: 10,
            words: 0..<1,
            streamPosition: 0
        )
        var row = PDFRow(box: box, baseline: 8, size: 10, page: 0, fragments: [fragment])
        let column = PDFColumn(page: 0, left: 20, right: 200, rows: [row])
        #expect(column.indent(of: row) == 10 && column.slack(of: row) == 10)
        row.box.left = 60
        #expect(column.indent(of: row) == 40 && column.slack(of: row) == 10)
        row.isRightToLeft = true
        #expect(column.indent(of: row) == 10 && column.slack(of: row) == 40)
    }
}
