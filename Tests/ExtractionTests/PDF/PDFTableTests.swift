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

    /// Without the line below `alpha`, and those between the three columns of the header.
    @Test func cellsWithoutALineBetweenThemAreOne() throws {
        let lines =
            [20, 100, 120].map { "20 \($0) m 220 \($0) l S" } + ["80 60 m 220 60 l S"]
            + [20, 220].map { "\($0) 20 m \($0) 120 l S" }
            + [80, 150].map { "\($0) 20 m \($0) 100 l S" }
        let text = [
            shown("What it means to all", 40, 106), shown("alpha", 25, 42), shown("one", 85, 78),
            shown("two", 155, 78), shown("three", 85, 38), shown("four", 155, 38),
        ]
        #expect(
            try markdown((lines + text).joined(separator: "\n")) == """
                | What it means to all |  |  |
                | --- | --- | --- |
                | alpha | one | two |
                |  | three | four |
                """
        )
    }

    /// The sums of an invoice below its items.
    @Test func tablesThatTouchAreTwo() throws {
        let lines =
            [180, 160, 140, 120].map { "20 \($0) m 260 \($0) l S" }
            + [20, 100, 180, 260].map { "\($0) 120 m \($0) 180 l S" }
            + [100, 80].map { "150 \($0) m 260 \($0) l S" }
            + [150, 210, 260].map { "\($0) 80 m \($0) 120 l S" }
        let text = [
            shown("No", 25, 166), shown("Item", 105, 166), shown("Price", 185, 166),
            shown("1", 25, 146), shown("pump", 105, 146), shown("10.00", 185, 146),
            shown("2", 25, 126), shown("seal", 105, 126), shown("4.00", 185, 126),
            shown("Net", 155, 106), shown("14.00", 215, 106),
            shown("Total", 155, 86), shown("16.66", 215, 86),
        ]
        #expect(
            try markdown((lines + text).joined(separator: "\n")) == """
                | No | Item | Price |
                | --- | --- | --- |
                | 1 | pump | 10.00 |
                | 2 | seal | 4.00 |

                | Net | 14.00 |
                | --- | --- |
                | Total | 16.66 |
                """
        )
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

@Suite("PDF lines that look like tables")
struct PDFStretchedTextTests {
    /// Words of a line at these places, all as wide as 20 points.
    private func line(_ places: [Float], _ baseline: Float, joined: Bool = false) -> [PDFFragment] {
        let fragments = places.enumerated().map { index, left in
            PDFFragment(
                box: PDFBox(left: left, top: baseline - 8, right: left + 20, bottom: baseline),
                baseline: baseline,
                size: 10,
                words: index..<index + 1,
                streamPosition: 0
            )
        }
        guard joined, var all = fragments.first, let last = fragments.last else { return fragments }
        all.box.add(last.box)
        all.words = 0..<fragments.count
        return [all]
    }

    /// - Parameter text: whether the line above is running text, and not words apart.
    private func table(_ places: [[Float]], belowText text: Bool) -> PDFTable? {
        let above = self.line([20, 45, 70, 95, 120], 20, joined: text)
        let below = places.enumerated().flatMap { self.line($1, 32 + 12 * Float($0)) }
        return Extraction.table(in: rows(of: above + below, page: 0)[...], at: 1)
    }

    @Test func stretchedLinesOfAParagraphAreNoTable() {
        let stretched: [[Float]] = [[20, 70, 120], [20, 70, 120]]
        #expect(self.table(stretched, belowText: true) == nil)
        #expect(self.table(stretched, belowText: false) != nil)
        #expect(self.table([[20, 60, 120], [20, 60, 120]], belowText: true) != nil)
    }
}

@Suite("PDF tables between lines")
struct PDFOpenTableTests {
    private let lines = [150, 130, 60].map { "20 \($0) m 280 \($0) l S" }
    private let header = [shown("Part", 22, 136), shown("Use", 122, 136)]

    @Test func linesAboveAndBelowMakeATableOfFewRows() throws {
        let row = [shown("wheel", 22, 110), shown("turns the stones", 122, 110)]
        #expect(
            try markdown((self.lines + self.header + row).joined(separator: "\n")) == """
                | Part | Use |
                | --- | --- |
                | wheel | turns the stones |
                """
        )
    }

    @Test func aHeaderOfTwoLinesIsOneRow() throws {
        let lines = [162, 130, 60].map { "20 \($0) m 280 \($0) l S" }
        let text = [
            shown("Part of", 22, 150), shown("the mill", 22, 138), shown("Use", 122, 138),
            shown("wheel", 22, 110), shown("turns", 122, 110), shown("stone", 22, 90),
            shown("grinds", 122, 90),
        ]
        #expect(
            try markdown((lines + text).joined(separator: "\n")) == """
                | Part of the mill | Use |
                | --- | --- |
                | wheel | turns |
                | stone | grinds |
                """
        )
    }

    /// A line below each row, and none above the heads of the columns.
    @Test func theLineAboveTheFirstRuleHoldsTheHeads() throws {
        let lines = [130, 110, 90, 70].map { "20 \($0) m 280 \($0) l S" }
        let text = [
            shown("Part", 22, 134), shown("Use", 122, 134), shown("wheel", 22, 114),
            shown("turns", 122, 114), shown("stone", 22, 94), shown("grinds", 122, 94),
            shown("sieve", 22, 74), shown("sifts", 122, 74),
        ]
        #expect(
            try markdown((lines + text).joined(separator: "\n")) == """
                | Part | Use |
                | --- | --- |
                | wheel | turns |
                | stone | grinds |
                | sieve | sifts |
                """
        )
    }

    @Test func aSentenceAboveTheFirstRuleIsNoHead() throws {
        let lines = [130, 110, 90, 70].map { "20 \($0) m 280 \($0) l S" }
        let text = [
            shown("What the parts of a mill are for.", 22, 134), shown("wheel", 22, 114),
            shown("turns", 122, 114), shown("stone", 22, 94), shown("grinds", 122, 94),
            shown("sieve", 22, 74), shown("sifts", 122, 74),
        ]
        let result = try markdown((lines + text).joined(separator: "\n"))
        #expect(result.hasPrefix("What the parts of a mill are for.\n\n| wheel | turns |"))
    }

    @Test func textBetweenLinesIsNoTable() throws {
        let text = [
            shown("Some lines of a paragraph that", 22, 136),
            shown("stand between lines drawn", 22, 110),
            shown("over the whole page.", 22, 98),
        ]
        #expect(
            !(try markdown((self.lines + text).joined(separator: "\n"))).contains("|")
        )
    }

    @Test func aFrameNeedsThreeLinesAndNoUprightOne() {
        let flat = [10, 30, 90].map { PDFBox(left: 20, top: $0, right: 200, bottom: $0) }
        #expect(openFrames(of: flat).map(\.lines) == [[10, 30, 90]])
        #expect(openFrames(of: Array(flat.dropLast())).isEmpty)
        let upright = PDFBox(left: 100, top: 10, right: 100, bottom: 90)
        #expect(openFrames(of: flat + [upright]).isEmpty)
    }
}

@Suite("PDF tables over a page's end")
struct PDFLongTableTests {
    private func page(_ rows: [[String]], from y: Double, bold: Bool = false) -> [TinyPDF.Text] {
        rows.enumerated().flatMap { index, row in
            row.enumerated().map { column, text in
                TinyPDF.Text(
                    text: text,
                    x: 72 + 120 * Double(column),
                    y: y + 18 * Double(index),
                    font: bold && index == 0 ? .bold : .regular
                )
            }
        }
    }

    private func markdown(_ pages: [[TinyPDF.Text]]) throws -> String {
        var pdf = TinyPDF()
        pdf.pages = pages
        return String(decoding: try extractPDF(pdf.bytes()).markdown, as: UTF8.self)
    }

    private let first = [
        ["Part", "Use", "Wear"], ["wheel", "turns", "low"], ["shaft", "drives", "low"],
    ]
    private let second = [
        ["stone", "grinds", "high"], ["sieve", "sorts", "high"], ["sack", "holds", "none"],
    ]
    private let expected = """
        | Part | Use | Wear |
        | --- | --- | --- |
        | wheel | turns | low |
        | shaft | drives | low |
        | stone | grinds | high |
        | sieve | sorts | high |
        | sack | holds | none |
        """

    @Test(arguments: [false, true])
    func itIsOneTableWithOneHeader(repeatsHeader: Bool) throws {
        let rows = (repeatsHeader ? [self.first[0]] : []) + self.second
        #expect(
            try self.markdown([self.page(self.first, from: 700), self.page(rows, from: 72)])
                == self.expected
        )
    }

    @Test func aRowThatThePageCutsIsWhole() throws {
        let rest = [
            ["", "small, hard", "if dry"], ["sieve", "sorts", "high"], ["sack", "holds", "none"],
        ]
        let cut = self.first + [["stone", "grinds", "high"]]
        let result = try self.markdown([self.page(cut, from: 700), self.page(rest, from: 72)])
        #expect(result.contains("| stone | grinds small, hard | high if dry |\n| sieve |"))
    }

    @Test func otherColumnsAreAnotherTable() throws {
        let moved = self.page(self.second, from: 72).map { text in
            var copy = text
            if text.x > 200 { copy.x += 40 }
            return copy
        }
        let result = try self.markdown([self.page(self.first, from: 700), moved])
        #expect(result.count(of: "| --- | --- | --- |") == 2)
    }

    @Test func aBoldHeaderThatDiffersBeginsAnotherTable() throws {
        let other = [["Name", "Age", "Town"]] + self.second
        let result = try self.markdown([
            self.page(self.first, from: 700, bold: true), self.page(other, from: 72, bold: true),
        ])
        #expect(result.count(of: "| --- | --- | --- |") == 2)
    }

    @Test func textBetweenThemKeepsTablesApart() throws {
        let caption = TinyPDF.Text(text: "The parts of the second mill are others.", x: 72, y: 60)
        let result = try self.markdown([
            self.page(self.first, from: 700), [caption] + self.page(self.second, from: 90),
        ])
        #expect(result.count(of: "| --- | --- | --- |") == 2)
    }
}

extension String {
    /// How often `part` occurs.
    fileprivate func count(of part: String) -> Int { self.ranges(of: part).count }
}
