import Records
import Testing

@testable import Extraction

@Suite("PPTX extraction")
struct PPTXTests {
    typealias Office = TinyOffice

    private func extract(
        _ slides: [(attributes: String, shapes: String, notes: String)],
        keepsHidden: Bool = false
    ) throws -> ExtractedContent {
        let bytes = Office.presentation(slides).bytes()
        let content = try extractPPTX(bytes, keepsHidden: keepsHidden)
        expectSound(content) { try extractPPTX(bytes, keepsHidden: keepsHidden) }
        return content
    }

    @Test func slidesAreReadInOrderWithTitlesListsTablesAndNotes() throws {
        let body = Office.shape(
            [Office.run("one"), "<a:pPr lvl='1'/>" + Office.run("deep"), Office.run("two")],
            placeholder: "body"
        )
        let table =
            "<p:graphicFrame><a:tbl><a:tr><a:tc gridSpan='2'><a:p>\(Office.run("A"))</a:p></a:tc>"
            + "<a:tc hMerge='1'><a:p>\(Office.run("stale"))</a:p></a:tc></a:tr><a:tr><a:tc><a:p>\(Office.run("1"))</a:p></a:tc>"
            + "<a:tc><a:p>\(Office.run("2"))</a:p></a:tc></a:tr></a:tbl></p:graphicFrame>"
        let group =
            "<p:grpSp><p:nvGrpSpPr><p:cNvPr id='5' name='g'/></p:nvGrpSpPr>"
            + "<p:grpSp>\(Office.shape([Office.run("in groups")]))</p:grpSp></p:grpSp>"
        let footer = Office.shape([Office.run("Company")], placeholder: "ftr")
        let choice =
            "<mc:AlternateContent><mc:Choice>\(Office.shape([Office.run("new")]))</mc:Choice>"
            + "<mc:Fallback>\(Office.shape([Office.run("old")]))</mc:Fallback></mc:AlternateContent>"
        let content = try self.extract([
            (
                "", body + Office.shape([Office.run("Mill")], placeholder: "ctrTitle") + footer,
                Office.shape([Office.run("Say this.")], placeholder: "body")
            ),
            (
                "",
                Office.shape([Office.run("Water")], placeholder: "title") + table + group + choice,
                ""
            ),
            (
                "",
                Office.shape([Office.run("loose")])
                    + Office.shape([Office.run("unseen")], hidden: true), ""
            ),
        ])
        #expect(
            content.markdownText == """
                # Mill

                - one
                  - deep
                - two

                > Say this.

                ## Water

                | A |  |
                | --- | --- |
                | 1 | 2 |

                in groups

                new

                ## Slide 3

                loose
                """
        )
        #expect(content.title == "Mill")
        #expect(content.blocks.map(\.page) == [1, 1, 1, 2, 2, 2, 2, 3, 3])
        #expect(content.count(of: "headers_footers_left_out") == 1)
        #expect(content.count(of: "hidden_content") == 1)
    }

    @Test func hiddenSlidesAreCounted() throws {
        let slides = [
            (attributes: "", shapes: Office.shape([Office.run("open")]), notes: ""),
            (attributes: "show='0'", shapes: Office.shape([Office.run("backup")]), notes: ""),
        ]
        let content = try self.extract(slides)
        #expect(!content.plainText.contains("backup"))
        #expect(content.count(of: "hidden_slides") == 1)
        #expect(try self.extract(slides, keepsHidden: true).plainText.contains("backup"))
    }

    @Test func hostilePresentationsEnd() {
        #expect(refusal { _ = try self.extract([("", "", "")]) } == .empty)
        #expect(refusal { _ = try extractPPTX(TinyZip([("ppt/a", "b")]).bytes()) } == .corrupt)
        let deep = String(repeating: "<p:grpSp>", count: 3_000)
        #expect(refusal { _ = try self.extract([("", deep, "")]) } != nil)
        let odd = "</p:spTree><a:tc><a:p/></a:tc><a:tr/><p:spTree>"
        _ = try? self.extract([
            ("", odd + Office.shape(["<a:pPr lvl='-9'/>" + Office.run("x")]), "")
        ])
    }
}
