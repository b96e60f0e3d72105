import Formats
import Records
import Testing

@testable import Extraction

private func text(
    _ text: String,
    _ x: Double,
    _ y: Double,
    size: Double = 10,
    font: TinyPDF.Font = .regular
) -> TinyPDF.Text {
    TinyPDF.Text(text: text, x: x, y: y, size: size, font: font)
}

private func markdown(_ pages: [[TinyPDF.Text]]) throws -> String {
    String(decoding: try extractPDF(TinyPDF(pages: pages).bytes()).markdown, as: UTF8.self)
}

private func markdown(_ content: String) throws -> String {
    String(decoding: try extractPDF(contentPage(content)).markdown, as: UTF8.self)
}

private let prose = [
    "The board of the harbour met on Tuesday to settle how the old bridge",
    "should be kept open through the winter, when ice and heavy carts wear",
    "the planks of its deck thin, and who shall pay for the new bearings.",
]

@Suite("PDF layouts of many kinds")
struct PDFKindsTests {
    @Test func doubleSpacedLinesAreOneParagraph() throws {
        let pages =
            prose.enumerated().map { text($1, 72, 100 + 26 * Double($0), size: 11) }
            + prose.enumerated().map { text($1, 72, 230 + 26 * Double($0), size: 11) }
        let paragraph = prose.joined(separator: " ")
        #expect(try markdown([pages]) == "\(paragraph)\n\n\(paragraph)")
    }

    @Test func aBlankPartsWordsHoweverNarrow() throws {
        let content = "BT /F 10 Tf 20 100 Td (north ) Tj 22.3 0 Td (south) Tj ET"
        #expect(try markdown(content) == "north south")
    }

    @Test func aStampIsNoPartOfTheWordBesideIt() throws {
        let filler = "the lines of a page that stand between the two in the content stream"
        let content = """
            BT /F 10 Tf 20 100 Td (All) Tj ET BT /F 10 Tf 20 60 Td (\(filler)) Tj ET
            BT /F 10 Tf 20 40 Td (\(filler)) Tj ET
            BT /F 12 Tf 31.3 100 Td (Stamp) Tj ET
            """
        let text = try markdown(content)
        #expect(text.contains("All Stamp"), "\(text)")
    }

    @Test func aSoftHyphenWithinALineIsAHyphen() throws {
        let bytes = contentPage(
            "BT /G 10 Tf 20 100 Td (the acido\\255basique state) Tj ET",
            fonts: "/G 7 0 R",
            objects: [
                "<< /Type /OCG /Name (x) >>",
                "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding "
                    + "<< /Differences [173 /softhyphen] >> >>",
            ]
        )
        let text = String(decoding: try extractPDF(bytes).text, as: UTF8.self)
        #expect(text == "the acido-basique state")
    }

    @Test func itemsKeepTheirPrintedMarks() throws {
        func lines(_ marks: [String]) -> [TinyPDF.Text] {
            marks.enumerated().map { text("\($1) the clause \($0)", 72, 100 + 14 * Double($0)) }
        }
        let lettered = try extractPDF(TinyPDF(pages: [lines(["a)", "b)", "c)"])]).bytes())
        let printed = "a) the clause 0\nb) the clause 1\nc) the clause 2"
        #expect(String(decoding: lettered.text, as: UTF8.self) == printed)
        #expect(
            String(decoding: lettered.markdown, as: UTF8.self)
                == "- a) the clause 0\n- b) the clause 1\n- c) the clause 2"
        )
        let numbered = try extractPDF(TinyPDF(pages: [lines(["1.", "2.", "3."])]).bytes())
        let counted = "1. the clause 0\n2. the clause 1\n3. the clause 2"
        #expect(String(decoding: numbered.text, as: UTF8.self) == counted)
        #expect(numbered.text == numbered.markdown)
    }

    @Test func contentsWithoutLeadersStayWithTheirPages() throws {
        let leaders = String(repeating: " .", count: 20)
        let lines = [
            text("1", 72, 100, font: .bold), text("Basic notions", 110, 100, font: .bold),
            text("1", 520, 100), text("1.1", 90, 116), text("Spans\(leaders)", 110, 116),
            text("2", 520, 116), text("1.2", 90, 132), text("Loads\(leaders)", 110, 132),
            text("4", 520, 132), text("2", 72, 148, font: .bold),
            text("Materials", 110, 148, font: .bold), text("9", 520, 148),
        ]
        let expected = """
            - 1 Basic notions 1
              - 1.1 Spans 2
              - 1.2 Loads 4
            - 2 Materials 9
            """
        #expect(try markdown([lines]) == expected)
    }

    @Test func raggedColumnsAreReadOneAfterTheOther() throws {
        let numbers = [text("6", 60, 800), text("7", 500, 800)]
        let left = (0..<12).map { line in
            let words = String(prose[line % 3].prefix(line % 2 * 20 + 18))
            return text("left \(line) \(words)", 72, 100 + 13 * Double(line))
        }
        let right = (0..<12).map { line in
            let words = String(prose[line % 3].prefix(line % 3 * 12 + 15))
            return text("right \(line) \(words)", 330, 100 + 13 * Double(line))
        }
        let result = try markdown([numbers + left + right])
        let last = try #require(result.firstRange(of: "left 11"))
        let first = try #require(result.firstRange(of: "right 0"))
        #expect(last.upperBound < first.lowerBound)
    }

    @Test func cellsDrawnColumnByColumnAreRows() throws {
        let columns = [
            (72.0, (0..<12).map { "0\($0 % 9 + 1)/06/2015" }), (160, (0..<12).map { "\($0 * 31)" }),
            (220, (0..<12).map { "\(["mill", "stone", "sieve"][$0 % 3]) of corn" }),
        ]
        let cells = columns.flatMap { x, texts in
            texts.enumerated().map { text($1, x, 100 + 14 * Double($0), size: 9) }
        }
        let result = try markdown([cells])
        #expect(result.contains("| 02/06/2015 | 31 | stone of corn |"))
        #expect(result.contains("| 03/06/2015 | 341 | sieve of corn |"))
    }

    @Test func columnsWithRulesBetweenThemHaveTheRowsOfTheirLines() throws {
        var content =
            "20 20 250 160 re S 90 20 m 90 180 l S 180 20 m 180 180 l S 20 164 m 270 164 l S\n"
        let rows =
            [["Part", "Use", "Price"]]
            + (0..<8).map { ["p\($0)", "turns", "\($0).50"] }
        for (index, row) in rows.enumerated() {
            for (column, cell) in row.enumerated() {
                let x = [24, 94, 184][column]
                content += "BT /F 9 Tf \(x) \(168 - 16 * index) Td (\(cell)) Tj ET\n"
            }
        }
        let result = try markdown(content)
        #expect(
            result.hasPrefix("| Part | Use | Price |\n| --- | --- | --- |\n| p0 | turns | 0.50 |")
        )
        #expect(result.hasSuffix("| p7 | turns | 7.50 |"))
    }

    @Test func aSlantedWatermarkIsOnePhrase() throws {
        let mark = "q .7071 .7071 -.7071 .7071 80 40 cm BT /F 40 Tf 0 0 Td (SECRET) Tj ET Q\n"
        let lines = (0..<10).map {
            "BT /F 10 Tf 20 \(180 - 13 * $0) Td (The mill grinds corn.) Tj ET"
        }
        let content = try extractPDF(contentPage(mark + mark + lines.joined(separator: "\n")))
        let text = String(decoding: content.text, as: UTF8.self)
        #expect(text.hasPrefix("SECRET\n\nThe mill grinds corn."))
        #expect(text.ranges(of: "SECRET").count == 1)
        #expect(content.blocks.first?.kind == .header)
        #expect(content.warnings == [DocumentWarning(code: "watermark", count: 2)])
    }

    @Test func slantedLabelsAreText() throws {
        let label = "q .7071 .7071 -.7071 .7071 80 40 cm BT /F 10 Tf 0 0 Td (Flour 2026) Tj ET Q\n"
        let line = "BT /F 10 Tf 20 180 Td (The mill grinds corn.) Tj ET"
        #expect(try markdown(label + line) == "The mill grinds corn.\n\nFlour 2026")
    }

    @Test func mirroredTextIsReadAsInAMirror() throws {
        let content =
            "q -1 0 0 1 300 0 cm BT /F 10 Tf 20 180 Td (The mill grinds corn) Tj "
            + "0 -12 Td (in the valley.) Tj ET Q"
        #expect(try markdown(content) == "The mill grinds corn in the valley.")
    }

    @Test(arguments: [
        ("10", 4.0, "6", " litres", "10^6 litres"), ("H", -2, "2", "O is water", "H_2O is water"),
        ("the 1", 4, "st", " of May", "the 1st of May"), ("10", 4, "-6", " metres", "10^-6 metres"),
        ("x", 4, "n+1", " grows", "x^{n+1} grows"),
    ])
    func raisedAndLoweredDigitsAreMarked(
        before: String,
        rise: Double,
        script: String,
        after: String,
        expected: String
    ) throws {
        let content =
            "BT /F 12 Tf 20 150 Td (\(before)) Tj \(rise) Ts /F 7 Tf (\(script)) Tj "
            + "0 Ts /F 12 Tf (\(after)) Tj ET"
        #expect(try markdown(content) == expected)
    }

    @Test func lettersSetApartAreWords() throws {
        func spaced(_ word: String, by gap: Int = 250) -> String {
            "[" + word.map { "(\($0))" }.joined(separator: " -\(gap) ") + "] TJ"
        }
        let content =
            "BT /F 10 Tf 20 150 Td (from) Tj 40 0 Td \(spaced("their")) 60 0 Td (mill) Tj ET"
        #expect(try markdown(content) == "from their mill")
        // Options and initials are no word.
        let options = "BT /F 10 Tf 20 150 Td (Choose) Tj 50 0 Td \(spaced("ABCD", by: 600)) ET"
        #expect(try markdown(options) == "Choose A B C D")
    }

    @Test func lettersDrawnTwiceAreOneWord() throws {
        // At the widths of Helvetica, as a producer without a bold font sets them.
        let letters = [("B", 20.0), ("O", 28), ("L", 37.3), ("D", 44)]
        let content =
            "BT /F 12 Tf "
            + letters.map { letter, left in
                "1 0 0 1 \(left) 150 Tm (\(letter)) Tj 1 0 0 1 \(left + 0.4) 150 Tm (\(letter)) Tj "
            }.joined() + "ET"
        #expect(try markdown(content) == "BOLD")
    }

    @Test func lineNumbersOfAPleadingAreABlockOfTheirOwn() throws {
        let page = (1...25).flatMap { number in
            [text("\(number)", 60, 72 + 26 * Double(number))]
                + (number < 20 ? [text(prose[number % 3], 100, 72 + 26 * Double(number))] : [])
        }
        let content = try extractPDF(TinyPDF(pages: [page, page, page]).bytes())
        let texts = content.plainRanges.map { String(decoding: content.text[$0], as: UTF8.self) }
        #expect(texts.first == (1...25).map { "\($0)" }.joined(separator: " "))
        #expect(content.blocks.filter { $0.kind == .header }.count == 1)
        #expect(texts.dropFirst().allSatisfy { !$0.contains("19") })
        #expect(content.warnings == [DocumentWarning(code: "line_numbers_removed", count: 50)])
        let kept = try extractPDF(
            TinyPDF(pages: [page]).bytes(),
            options: PDFOptions(headers: .keep)
        )
        #expect(kept.blocks.allSatisfy { $0.kind != .header })
    }

    /// Numbers that name what stands beside them are no count of lines.
    @Test(arguments: ["%04d", "%d"])
    func theNumbersOfALedgerStay(format: String) throws {
        let names = ["Screw for the wheel", "Nut for the stone", "Seal for the pump", "Ring"]
        let page = { (number: Int) in
            (1...40).map { line in
                let value = 40 * number + line
                let digits = "\(value)"
                let zeros = format == "%d" ? 0 : max(0, 4 - digits.count)
                let name = String(repeating: "0", count: zeros) + digits
                return text("\(name) \(names[line % 4]) 1\(line).50", 60, 60 + 18 * Double(line))
            }
        }
        let content = try extractPDF(TinyPDF(pages: [page(0), page(1), page(2)]).bytes())
        let result = String(decoding: content.markdown, as: UTF8.self)
        #expect(content.warnings.allSatisfy { $0.code != "line_numbers_removed" })
        #expect(result.contains(format == "%d" ? "57 Nut for the stone 117.50" : "0057 Nut for"))
    }

    @Test func itemsWithWrappedLinesAreAListNotATable() throws {
        let lines = (0..<3).flatMap { item in
            [
                text(
                    "\\(\(["a", "b", "c"][item])\\)".replacing("\\", with: ""),
                    72,
                    100 + 36 * Double(item)
                ),
                text("a letter from the miller", 110, 100 + 36 * Double(item)),
                text("and his two sons", 110, 112 + 36 * Double(item)),
            ]
        }
        let result = try markdown([lines])
        #expect(!result.contains("|"))
        #expect(result.contains("a letter from the miller and his two sons"))
    }

    @Test func aTitleThatNamesAProgramIsNone() throws {
        var pdf = TinyPDF(pages: [[text("On Mills", 72, 72, size: 20)] + TinyPDF.lines(prose)])
        pdf.information = ["Title": "Report layout", "Producer": "Example"]
        #expect(try extractPDF(pdf.bytes()).title == "On Mills")
        pdf.information["Title"] = "Annual survey 2026"
        #expect(try extractPDF(pdf.bytes()).title == "Annual survey 2026")
    }
}
