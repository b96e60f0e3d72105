import Records
import Testing

@testable import Extraction

private func shown(_ text: String, _ x: Double, _ y: Double, _ size: Double = 10) -> String {
    "BT /F \(size) Tf \(x) \(y) Td (\(text)) Tj ET"
}

private func markdown(_ content: String) throws -> String {
    String(decoding: try extractPDF(contentPage(content)).markdown, as: UTF8.self)
}

@Suite("PDF tables")
struct PDFTableTests {
    /// Lines at y 20, 60, 100 and 120; columns at x 20, 120 and 220.
    private let lines =
        [20, 60, 100, 120].map { "20 \($0) m 220 \($0) l S" }
        + [20, 120, 220].map { "\($0) 20 m \($0) 120 l S" }

    private let text = [
        shown("Name", 25, 106), shown("Meaning", 125, 106),
        shown("alpha", 25, 88), shown("the first", 125, 88), shown("of all", 125, 76),
        shown("beta", 25, 48), shown("the second", 125, 48), shown("of them", 125, 36),
    ]

    private let expected = """
        | Name | Meaning |
        | --- | --- |
        | alpha | the first of all |
        | beta | the second of them |
        """

    @Test func drawnCellsHoldTheirLines() throws {
        #expect(try markdown((self.lines + self.text).joined(separator: "\n")) == self.expected)
    }

    @Test func outerLinesMayBeMissing() throws {
        let inner = self.lines.filter { !$0.hasPrefix("20 20 m 20 ") && !$0.hasPrefix("220 ") }
        #expect(inner.count == self.lines.count - 2)
        #expect(try markdown((inner + self.text).joined(separator: "\n")) == self.expected)
    }

    @Test func aTableStaysAtItsPlaceInTheText() throws {
        let around = [shown("Before the table.", 20, 150), shown("After the table.", 20, 5)]
        let content = (self.lines + around + self.text).joined(separator: "\n")
        #expect(
            try markdown(content)
                == "Before the table.\n\n" + self.expected + "\n\nAfter the table."
        )
    }

    @Test func wordsOfNeighbouringCellsAreCutAtTheLine() throws {
        let close = [shown("one", 103, 106), shown("two", 122, 106)]
        let below = [shown("three", 25, 80), shown("four", 125, 80)]
        let result = try markdown((self.lines + close + below).joined(separator: "\n"))
        #expect(result.hasPrefix("| one | two |\n"))
    }

    @Test func aFrameIsNoTable() throws {
        let frame = ["20 20 200 100 re S", shown("Some text in a box,", 25, 100)]
        let more = [shown("on two lines.", 25, 88)]
        #expect(
            try markdown((frame + more).joined(separator: "\n"))
                == "Some text in a box, on two lines."
        )
    }

    @Test func piecesOfABorderAreOneLine() {
        let pieces = [
            PDFBox(left: 0, top: 10, right: 50, bottom: 10),
            PDFBox(left: 49, top: 11, right: 100, bottom: 11),
            PDFBox(left: 0, top: 40, right: 100, bottom: 40),
            PDFBox(left: 0, top: 70, right: 100, bottom: 70),
            PDFBox(left: 50, top: 10, right: 50, bottom: 38),
            PDFBox(left: 51, top: 39, right: 51, bottom: 70),
        ]
        let found = grids(of: pieces)
        #expect(found.count == 1)
        #expect(found.first?.columnCount == 2 && found.first?.rowCount == 2)
        #expect(found.first?.column(at: -5) == 0 && found.first?.column(at: 500) == 1)
    }

    @Test(arguments: [
        ("1.2 Rules . . . . . . . 12", "1.2 Rules", "12"),
        ("Preface .......... iv", "Preface", "iv"),
        ("Index....A-3", "Index", "A-3"),
    ])
    func leadersSeparateTitleAndPage(line: String, title: String, page: String) {
        let entry = contentsEntry(Array(line.utf8)[...])
        #expect(entry == PDFContentsEntry(title: Array(title.utf8), page: Array(page.utf8)))
    }

    @Test(arguments: ["He waited... 12", "and so on ...", "... . . 12", "", "No. 4. 5"])
    func otherDotsAreNoLeaders(line: String) {
        #expect(contentsEntry(Array(line.utf8)[...]) == nil)
    }

    @Test func aTableOfContentsIsAList() throws {
        let content = [
            shown("1 Start . . . . . . . . 3", 20, 150), shown("1.1 Aims . . . . . . . 4", 30, 138),
            shown("2 End . . . . . . . . . 9", 20, 126),
        ]
        #expect(
            try markdown(content.joined(separator: "\n"))
                == "- 1 Start 3\n  - 1.1 Aims 4\n- 2 End 9"
        )
    }

    @Test func lineNumbersAreNoPartOfCode() throws {
        var pdf = TinyPDF()
        let code = ["func grind() {", "    return mill", "}"]
        pdf.pages = [
            code.enumerated().flatMap { index, line in
                let y = 100.0 + 12 * Double(index)
                return [
                    TinyPDF.Text(text: "\(7 + index)", x: 50, y: y, size: 6),
                    TinyPDF.Text(text: line, x: 72, y: y, font: .fixed),
                ]
            }
        ]
        let content = try extractPDF(pdf.bytes())
        #expect(content.blocks.map(\.kind) == [.code])
        #expect(String(decoding: content.text, as: UTF8.self) == code.joined(separator: "\n"))
    }
}

@Suite("PDF tables without lines")
struct PDFPlainTableTests {
    @Test func aCellCentredBesideALongerOneIsOfItsRow() throws {
        let page = [
            shown("Case", 20, 180), shown("Run", 80, 180), shown("What happens", 140, 180),
            shown("all rows are", 140, 162), shown("new", 20, 156), shown("first", 80, 156),
            shown("written", 140, 150), shown("changed rows", 140, 132), shown("known", 20, 126),
            shown("later", 80, 126), shown("are written", 140, 120),
        ]
        #expect(
            try markdown(page.joined(separator: "\n")) == """
                | Case | Run | What happens |
                | --- | --- | --- |
                | new | first | all rows are written |
                | known | later | changed rows are written |
                """
        )
    }
}
