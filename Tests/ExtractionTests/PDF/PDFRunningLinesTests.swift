import Formats
import Records
import Testing

@testable import Extraction

private let words = ["corn", "mill", "stone", "sieve", "wheel", "flour", "sack", "race"]

/// Lines of text that differ from page to page and fill the page.
private func body(_ page: Int, from y: Double = 100, count: Int = 40) -> [TinyPDF.Text] {
    TinyPDF.lines(
        (0..<count).map { line in
            let place = page * 7 + line * 3
            return "the \(words[place % 8]) of the \(words[(place + line) % 8]) and its "
                + "\(words[(place / 8) % 8]) in the \(words[(line * line + page) % 8])"
        },
        y: y
    )
}

private func line(_ text: String, y: Double, x: Double = 72, size: Double = 10) -> TinyPDF.Text {
    TinyPDF.Text(text: text, x: x, y: y, size: size)
}

@Suite("PDF headers and footers")
struct PDFRunningLinesTests {
    private func extract(
        _ pages: [[TinyPDF.Text]],
        _ headers: PDFOptions.Headers = .first
    ) throws -> ExtractedContent {
        try extractPDF(TinyPDF(pages: pages).bytes(), options: PDFOptions(headers: headers))
    }

    private func texts(_ content: ExtractedContent, _ kinds: [Block.Kind]) -> [String] {
        zip(content.blocks, content.plainRanges).filter { kinds.contains($0.0.kind) }
            .map { String(decoding: content.text[$0.1], as: UTF8.self) }
    }

    private func count(_ content: ExtractedContent, of text: String) -> Int {
        String(decoding: content.text, as: UTF8.self).ranges(of: text).count
    }

    private func pages(_ count: Int = 4) -> [[TinyPDF.Text]] {
        (1...count).map { number in
            [line("Example Mills Ltd, internal", y: 40)] + body(number)
                + [line("Page \(number) of \(count)", y: 800)]
        }
    }

    @Test func theFirstCopyOfAHeaderIsABlockOfItsOwn() throws {
        let content = try self.extract(self.pages())
        #expect(self.texts(content, [.header]) == ["Example Mills Ltd, internal"])
        #expect(self.texts(content, [.footer]).isEmpty)
        #expect(self.count(content, of: "Example Mills") == 1)
        #expect(self.count(content, of: "Page ") == 0)
        // Three headers and four page numbers.
        #expect(content.warnings == [DocumentWarning(code: "chrome_removed", count: 7)])
    }

    @Test func theKeyDropsOrKeepsThem() throws {
        let dropped = try self.extract(self.pages(), .drop)
        #expect(self.count(dropped, of: "Example Mills") == 0)
        #expect(dropped.warnings == [DocumentWarning(code: "chrome_removed", count: 8)])
        let kept = try self.extract(self.pages(), .keep)
        #expect(self.count(kept, of: "Example Mills") == 4)
        #expect(self.count(kept, of: "Page 3 of 4") == 1)
        #expect(self.texts(kept, [.header, .footer]).isEmpty)
        #expect(kept.warnings.isEmpty)
    }

    @Test func aParagraphGoesOnBehindAHeader() throws {
        let content = try self.extract(self.pages())
        #expect(self.texts(content, [.paragraph]).count == 1)
    }

    @Test(arguments: ["Week", "Chapter", "Invoice no. 100", "Part A-"])
    func aLineWithAnotherNumberOnEachPageStays(name: String) throws {
        let pages = (1...6).map { number in
            [line("\(name) \(number)", y: 60, size: 10)] + body(number)
        }
        let content = try self.extract(pages)
        for number in 1...6 { #expect(self.count(content, of: "\(name) \(number)") == 1) }
        #expect(content.warnings.isEmpty)
    }

    @Test func aHeadingOverEachRecordStays() throws {
        let pages = ["Ann", "Bob", "Eve", "Tom"].enumerated().map { index, name in
            [
                line("Certificate of the mill", y: 80, size: 16), line("Miller \(name)", y: 120),
                line("Valid until \(index + 10).03.2027", y: 144),
                line("Pressure held \(index).2 bar", y: 168),
            ]
        }
        let content = try self.extract(pages)
        #expect(self.count(content, of: "Certificate of the mill") == 4)
        #expect(content.warnings.isEmpty)
    }

    @Test func linesOfALogStay() throws {
        let pages = (0..<4).map { page in
            TinyPDF.lines(
                (0..<50).map {
                    "2026-03-01 0\(page):\(10 + $0):00 INFO wheel turns at \($0 * 37 % 91)"
                },
                y: 60
            )
        }
        let content = try self.extract(pages)
        #expect(self.count(content, of: "INFO wheel turns") == 200)
        #expect(content.warnings.isEmpty)
    }

    @Test func twoCopiesStayUnlessThePagesAreNumbered() throws {
        let letters = (1...2).map { number in
            [line("Example Mills Ltd", y: 40)] + body(number, count: 6)
                + [line("Your order \(number)41 was sent.", y: 300)]
        }
        #expect(try self.count(self.extract(letters), of: "Example Mills Ltd") == 2)
        let numbered = try self.extract(self.pages(2))
        #expect(self.count(numbered, of: "Example Mills") == 1)
    }

    @Test func aNumberThatDoesNotRiseStays() throws {
        let pages = [17, 4, 23, 9].map { number in body(number) + [line("\(number)", y: 800)] }
        let content = try self.extract(pages)
        #expect(self.texts(content, [.paragraph]).suffix(1).first?.hasSuffix("9") == true)
        #expect(content.warnings.isEmpty)
    }

    @Test func theHeadOfATableOverPagesIsKeptOnceAndCounted() throws {
        let pages = (0..<4).map { page in
            let rows =
                [["Article", "Size", "Price"]]
                + (0..<50).map { ["Screw \(page)-\($0)", "\($0 * 7 % 90) mm", "\($0).60 EUR"] }
            return rows.enumerated().flatMap { index, row in
                row.enumerated().map { column, text in
                    line(text, y: 60 + 14 * Double(index), x: 72 + 120 * Double(column))
                }
            }
        }
        let content = try self.extract(pages)
        #expect(self.count(content, of: "Screw ") == 200)
        #expect(self.count(content, of: "Article") == 1)
        #expect(content.warnings == [DocumentWarning(code: "table_heads_removed", count: 3)])
        #expect(try self.count(self.extract(pages, .keep), of: "Article") == 4)
    }

    @Test func eachLetterOfABlockMustRun() throws {
        let pages = ["Ann", "Bob", "Eve"].map { name in
            [line("Example Mills Ltd", y: 40), line("Miller \(name)", y: 52)] + body(name.count)
        }
        #expect(try self.count(self.extract(pages), of: "Example Mills Ltd") == 3)
    }
}

@Suite("PDF page numbers")
struct PDFPageNumberTests {
    private func text(_ line: String) -> PDFEdgeText {
        let words = line.split(separator: " ").map { Array($0.utf8)[...] }
        return PDFEdgeText(fragments: [words])
    }

    @Test(arguments: [
        ("12", [12], "#"), ("- 12 -", [12], "- # -"), ("xiv", [14], "#"), ("Page 3", [3], "Page #"),
        ("3 of 8", [3, 8], "# of #"), ("Seite 3 von 8", [3, 8], "Seite # von #"),
        ("Mills | 12", [12], "Mills | #"), ("3/8", [3], "#"), ("A-12", [12], "#"),
        ("Week 3", [], "Week 3"), ("Invoice 1001", [], "Invoice 1001"), ("20548", [], "20548"),
        ("on 3 May 2026", [], "on 3 May 2026"), ("8 of 3", [], "8 of 3"),
    ])
    func aNumberAloneOrNamedIsAPageNumber(line: String, values: [Int], masked: String) {
        let text = self.text(line)
        #expect(text.values == values)
        #expect(String(decoding: text.masked, as: UTF8.self) == masked)
    }

    @Test func numbersRiseWithThePages() {
        let (one, two, four) = (self.text("Page 7"), self.text("Page 8"), self.text("Page 10"))
        #expect(one.rises(to: two, over: 1) && one.rises(to: four, over: 3))
        #expect(!one.rises(to: one, over: 1) && !one.rises(to: four, over: 1))
    }
}
