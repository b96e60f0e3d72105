import Records
import Testing

@testable import Extraction

private func marked(_ tag: String, _ number: Int, _ text: String, _ x: Int, _ y: Int) -> String {
    "/\(tag) << /MCID \(number) >> BDC BT /F 10 Tf \(x) \(y) Td (\(text)) Tj ET EMC"
}

/// A title, a paragraph in two far lines and a table of two rows without lines, all in one size.
private func taggedPage(more: [String] = [], lastCells: [Int] = [5, 6]) -> [UInt8] {
    let content =
        [
            "/Artifact BMC BT /F 10 Tf 20 190 Td (A running title) Tj ET EMC",
            marked("Head", 0, "About mills", 20, 165),
            marked("P", 1, "The first line of the", 20, 150),
            marked("P", 2, "text. And its second.", 20, 110),
            marked("TD", 3, "corn", 20, 80), marked("TD", 4, "flour", 60, 80),
            lastCells.contains(5) ? marked("TD", 5, "oats", 20, 68) : "",
            marked("TD", 6, "flakes", 60, 68),
        ] + more
    let cell = { (number: Int) in "<< /S /TD /Pg 3 0 R /K \(number) >>" }
    return contentPage(
        content.joined(separator: "\n"),
        catalogEntries: "/MarkInfo << /Marked true >> /StructTreeRoot 7 0 R",
        objects: [
            "<< /Type /OCG /Name (layer) >>",
            "<< /K [8 0 R 9 0 R 10 0 R] /RoleMap << /Head /Head2 /Head2 /H2 >> >>",
            "<< /S /Head /Pg 3 0 R /K 0 >>",
            "<< /S /P /K [<< /Type /MCR /Pg 3 0 R /MCID 1 >> << /S /Span /Pg 3 0 R /K [2] >>] >>",
            "<< /S /Table /K [<< /S /TBody /K [11 0 R 12 0 R] >>] >>",
            "<< /S /TR /K [\(cell(3)) \(cell(4))] >>",
            "<< /S /TR /K [\(lastCells.map(cell).joined(separator: " "))] >>",
        ]
    )
}

@Suite("PDF structure trees")
struct PDFStructureTests {
    @Test func tagsDecideHeadingsParagraphsAndTables() throws {
        let content = try extractPDF(taggedPage())
        let expected = """
            A running title

            ## About mills

            The first line of the text. And its second.

            | corn | flour |
            | --- | --- |
            | oats | flakes |
            """
        #expect(String(decoding: content.markdown, as: UTF8.self) == expected)
    }

    @Test func cellsStandBelowTheirColumnWhenAnEmptyOneIsMissing() throws {
        let content = try extractPDF(taggedPage(lastCells: [6]))
        #expect(String(decoding: content.markdown, as: UTF8.self).hasSuffix("\n|  | flakes |"))
    }

    @Test func aTreeOfAPartOfTheTextIsNotTrusted() throws {
        let untagged = (0..<4).map { "BT /F 10 Tf 20 \(50 - 12 * $0) Td (More text here) Tj ET" }
        let content = try extractPDF(taggedPage(more: untagged))
        #expect(!content.blocks.contains { $0.kind == .heading })
    }

    @Test func elementsKnowTheirBlockAndCell() {
        let structure = PDFStructure(
            roles: [
                (.table, -1), (.row, 0), (.cell, 1), (.paragraph, 2), (.code, 3), (.code, -1),
            ],
            items: [(0, 3, 4), (0, 1, 5), (2, 0, 3), (0, 7, 99)]
        )
        #expect(structure.element(page: 0, number: 3) == 4)
        #expect(structure[4]?.block == 3 && structure[4]?.cell == 2 && structure[4]?.table == 0)
        #expect(structure[structure.element(page: 0, number: 1)]?.block == 5)
        for number: Int32 in [0, 2, 7, 1_000_000, PDFStructure.none] {
            #expect(structure.element(page: 0, number: number) == PDFStructure.none)
        }
        #expect(structure.element(page: 1, number: 0) == PDFStructure.none)
        #expect(structure.element(page: 9, number: 0) == PDFStructure.none)
    }

    @Test func aTreeThatContainsItselfEnds() throws {
        let bytes = contentPage(
            marked("P", 0, "one word", 20, 100),
            catalogEntries: "/StructTreeRoot 7 0 R",
            objects: [
                "<< /Type /OCG /Name (layer) >>", "<< /K [8 0 R 8 0 R] >>",
                "<< /S /P /Pg 3 0 R /K [0 8 0 R 8 0 R] >>",
            ]
        )
        #expect(String(decoding: try extractPDF(bytes).text, as: UTF8.self) == "one word")
    }
}
