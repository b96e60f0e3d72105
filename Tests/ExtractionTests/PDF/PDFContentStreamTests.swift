import Formats
import Foundation
import Records
import Testing

@testable import Extraction

private func form(_ content: String, _ entries: String = "") -> String {
    "<< /Type /XObject /Subtype /Form /BBox [0 0 300 200] \(entries) "
        + "/Length \(content.utf8.count) >>\nstream\n\(content)\nendstream"
}

private func text(_ bytes: [UInt8]) throws -> String {
    String(decoding: try extractPDF(bytes).text, as: UTF8.self)
}

@Suite("PDF content streams")
struct PDFContentStreamTests {
    @Test(arguments: [
        ("plain string", "BT /F 10 Tf 20 100 Td (one word) Tj ET"),
        ("hexadecimal string", "BT /F 10 Tf 20 100 Td <6F6E6520 776F7264> Tj ET"),
        ("escapes", "BT /F 10 Tf 20 100 Td (one\\040wo\\\nr\\144) Tj ET"),
        ("kerned", "BT /F 10 Tf 20 100 Td [(on) 20 (e w) -20 (ord)] TJ ET"),
        ("blank by kerning", "BT /F 10 Tf 20 100 Td [(one) -600 (word)] TJ ET"),
        ("blank by position", "BT /F 10 Tf 20 100 Td (one) Tj 20 0 Td (word) Tj ET"),
        ("no blanks between tokens", "BT/F 10 Tf 20 100 Td(one word)Tj ET"),
        ("comment", "BT /F 10 Tf % (not this) Tj\n20 100 Td (one word) Tj ET"),
        ("next line and show", "BT /F 10 Tf 12 TL 20 112 Td (one) Tj (word) ' ET"),
        ("spacing and show", "BT /F 10 Tf 12 TL 20 112 Td (one) Tj 0 0 (word) \" ET"),
        (
            "leading by TD",
            "BT /F 10 Tf 20 112 Td (one) Tj 0 -12 TD (wo) Tj T* ET q Q BT /F 10 Tf "
                + "31.5 100 Td (rd) Tj ET"
        ),
        ("matrix", "q 2 0 0 2 0 0 cm BT /F 5 Tf 1 0 0 1 10 50 Tm (one word) Tj ET Q"),
        ("state is restored", "BT /F 10 Tf ET q /F 1 Tf Q BT 20 100 Td (one word) Tj ET"),
        ("unbalanced restores", "Q Q BT /F 10 Tf 20 100 Td (one word) Tj ET Q"),
        (
            "an unknown font shows nothing",
            "BT /F 10 Tf 20 100 Td (one word) Tj /G 10 Tf (lost) Tj ET"
        ),
        ("unknown operators", "BT /F 10 Tf 20 100 Td 1 2 foo (one word) Tj foobar ET"),
        ("numbers written badly", "BT /F +10. Tf 20 1-00 Td (one word) Tj ET"),
        (
            "inline image",
            "q BI /W 2 /H 2 /BPC 8 /CS /G ID \u{1} EI EI Q BT /F 10 Tf 20 100 Td (one word) Tj ET"
        ),
        (
            "replacement text",
            "/Span << /ActualText (one word) >> BDC BT /F 10 Tf 20 100 Td "
                + "(xyz) Tj ET EMC"
        ),
        ("stray brackets", "] ) > } BT /F 10 Tf 20 100 Td (one word) Tj ET"),
    ])
    func isShown(what: String, content: String) throws {
        #expect(try text(contentPage(content)) == "one word", "\(what)")
    }

    @Test func formsUseTheirMatrixAndTheFontsOfThePage() throws {
        let bytes = contentPage(
            "/X Do",
            resources: "/XObject << /X 7 0 R >>",
            objects: [
                "<< /Type /OCG /Name (layer) >>",
                form("BT /F 10 Tf 0 0 Td (one word) Tj ET", "/Matrix [1 0 0 1 20 100]"),
            ]
        )
        let source = try readPDF(bytes, options: PDFOptions())
        #expect(try text(bytes) == "one word")
        #expect(source.pages[0].words.first.map { $0.box.left > 19 && $0.box.left < 21 } == true)
    }

    @Test func aFormThatDrawsItselfEnds() throws {
        let bytes = contentPage(
            "BT /F 10 Tf 20 100 Td (one word) Tj ET /X Do",
            resources: "/XObject << /X 7 0 R >>",
            objects: [
                "<< /Type /OCG /Name (layer) >>",
                form("/X Do", "/Resources << /XObject << /X 7 0 R >> >>"),
            ]
        )
        #expect(try text(bytes) == "one word")
    }

    @Test func hiddenLayersAreLeftOut() throws {
        let bytes = contentPage(
            "BT /F 10 Tf 20 100 Td (one word) Tj ET "
                + "/OC /L BDC /Span BMC BT /F 10 Tf 20 50 Td (hidden) Tj ET EMC EMC /X Do",
            resources: "/XObject << /X 7 0 R >> /Properties << /L 6 0 R >>",
            objects: [
                "<< /Type /OCG /Name (layer) >>",
                form("BT /F 10 Tf 20 30 Td (hidden too) Tj ET", "/OC 6 0 R"),
            ]
        )
        #expect(try text(bytes) == "one word")
    }

    @Test func formsPastTheLimitCutThePage() throws {
        let bytes = contentPage(
            "BT /F 10 Tf 20 100 Td (one word) Tj ET " + String(repeating: "/X Do ", count: 30),
            resources: "/XObject << /X 7 0 R >>",
            objects: ["<< /Type /OCG /Name (layer) >>", form("q Q")]
        )
        let cut = try extractPDF(bytes, options: PDFOptions(maximumPageForms: 29))
        let whole = try extractPDF(bytes, options: PDFOptions(maximumPageForms: 30))
        #expect(cut.warnings.map(\.code) == ["truncated"] && whole.warnings.isEmpty)
    }

    @Test func contentPastTheLimitCutsThePage() throws {
        let content = "BT /F 10 Tf 20 100 Td (one word) Tj ET"
        let bytes = contentPage(content + String(repeating: " ", count: 4_000))
        let cut = try extractPDF(bytes, options: PDFOptions(maximumPageContentBytes: 1_000))
        #expect(cut.warnings.map(\.code) == ["truncated"])
        #expect(String(decoding: cut.text, as: UTF8.self) == "one word")
    }

    @Test func linesAndThinBoxesAreRules() throws {
        let bytes = contentPage(
            "10 50 m 90 50 l S 10 40 80 1 re f 10 10 80 20 re S 0 0 m 50 60 l S "
                + "10 70 m 20 70 30 70 90 70 c S BT /F 10 Tf 20 100 Td (one word) Tj ET"
        )
        let source = try readPDF(bytes, options: PDFOptions())
        #expect(source.pages[0].rules.filter { $0.height < 1 }.count == 4)
        #expect(source.pages[0].rules.filter { $0.width < 1 }.count == 2)
    }

    @Test func articleThreadsDecideTheOrder() throws {
        let columns = [(20, "left"), (180, "right")].flatMap { x, name in
            [170, 158, 146, 90, 78, 66].enumerated().map { line, y in
                "BT /F 10 Tf \(x) \(y) Td (\(name) line \(line + 1) of the text.) Tj ET"
            }
        }
        let boxes = ["10 120 150 190", "170 120 290 190", "10 50 150 110", "170 50 290 110"]
        let bytes = contentPage(
            columns.joined(separator: "\n"),
            pageEntries: "/B [7 0 R 8 0 R 9 0 R 10 0 R]",
            catalogEntries: "/Threads [6 0 R]",
            objects: ["<< >>"] + boxes.map { "<< /R [\($0)] >>" }
        )
        let shown = try text(bytes)
        let places = [
            "left line 1", "left line 3", "right line 1", "right line 3", "left line 4",
            "right line 6",
        ].map { part in shown.range(of: part)?.lowerBound }
        #expect(!places.contains(nil))
        #expect(places.compactMap(\.self) == places.compactMap(\.self).sorted())
    }

    @Test func pageLabelsAreThePrintedNumbers() throws {
        let bytes = contentPage(
            "BT /F 10 Tf 20 100 Td (one word) Tj ET",
            catalogEntries: "/PageLabels << /Nums [0 << /S /r /St 4 /P (A-) >>] >>"
        )
        #expect(try extractPDF(bytes).blocks.compactMap(\.place?.label) == ["A-iv"])
        let plain = contentPage("BT /F 10 Tf 20 100 Td (one word) Tj ET")
        #expect(try extractPDF(plain).blocks.compactMap(\.place?.label) == ["1"])
    }

    /// The word's box on the page as shown, whichever way the text runs.
    @Test(arguments: [
        ("1 0 0 1 100 50", 100.0...150, 140.0...155), ("0 1 -1 0 100 50", 90...105, 100...150),
        ("-1 0 0 -1 100 50", 50...100, 145...160), ("0 -1 1 0 100 50", 95...110, 150...200),
    ])
    func boxesAreThoseOfThePageAsShown(
        matrix: String,
        across: ClosedRange<Double>,
        down: ClosedRange<Double>
    ) throws {
        let content = try extractPDF(contentPage("BT /F 10 Tf \(matrix) Tm (one word) Tj ET"))
        let place = try #require(content.blocks.first?.place)
        #expect(across.contains(Double(place.left)) && across.contains(Double(place.right)))
        #expect(down.contains(Double(place.top)) && down.contains(Double(place.bottom)))
        #expect(place.left < place.right && place.top < place.bottom)
    }

    /// The map leaves out `a`, `b` and `c`; the most frequent of them might be a blank.
    @Test func glyphsWithoutACharacterAreCounted() throws {
        let map = """
            /CIDInit /ProcSet findresource begin 12 dict begin begincmap
            1 begincodespacerange <00> <FF> endcodespacerange
            1 beginbfrange <64> <7A> <0064> endbfrange
            3 beginbfchar <61> <> <62> <> <63> <> endbfchar
            endcmap end end
            """
        let bytes = contentPage(
            "BT /G 10 Tf 20 100 Td (hij klm nopq rst uvwxyz abca) Tj ET",
            resources: "/Font << /G 7 0 R >>",
            objects: [
                "<< /Type /OCG /Name (layer) >>",
                "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 8 0 R >>",
                "<< /Length \(map.utf8.count) >>\nstream\n\(map)\nendstream",
            ]
        )
        #expect(try extractPDF(bytes).warnings.map(\.code) == ["low_text_quality"])
    }
}
