import Records
import Testing

@testable import Extraction

@Suite("OpenDocument extraction")
struct OpenDocumentTests {
    private func extract(_ zip: TinyZip, keepsHidden: Bool = false) throws -> ExtractedContent {
        let bytes = zip.bytes()
        let content = try extractOpenDocument(bytes, keepsHidden: keepsHidden)
        expectSound(content) { try extractOpenDocument(bytes, keepsHidden: keepsHidden) }
        return content
    }

    @Test func textIsReadWithItsStructure() throws {
        let body = """
            <text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>
            <text:p text:style-name='Title'>Mill</text:p><text:h text:outline-level='1'>Water</text:h>
            <text:p>It<text:s text:c='1'/>turns<text:note text:note-class='footnote'><text:note-citation>1</text:note-citation>
            <text:note-body><text:p>A note.</text:p></text:note-body></text:note><text:span text:style-name='H'>unseen</text:span> slowly.</text:p>
            <text:list text:style-name='L'><text:list-item><text:p>one</text:p><text:list><text:list-item><text:p>deep</text:p>
            </text:list-item></text:list></text:list-item><text:list-item><text:p>two</text:p></text:list-item></text:list>
            <table:table><table:table-row><table:table-cell table:number-columns-spanned='2'><text:p>A</text:p></table:table-cell>
            <table:covered-table-cell/></table:table-row><table:table-row><table:table-cell><text:p>1</text:p></table:table-cell>
            <table:table-cell><text:p>2</text:p></table:table-cell></table:table-row></table:table>
            <text:p text:style-name='P1'>x = 1</text:p><text:p text:style-name='P1'>y = 2</text:p>
            <text:p>An <draw:frame><draw:text-box><text:p>anchored box</text:p></draw:text-box></draw:frame></text:p>
            <text:table-of-content><text:p>Water 1</text:p></text:table-of-content>
            """
        let styles = """
            <style:style style:name='H' style:family='text'><style:text-properties text:display='none'/></style:style>
            <style:style style:name='P1' style:family='paragraph' style:parent-style-name='Preformatted_20_Text'/>
            <text:list-style style:name='L'><text:list-level-style-number text:level='1' style:num-format='1'/></text:list-style>
            """
        let content = try self.extract(TinyOffice.openDocument(body, styles: styles))
        #expect(
            content.markdownText == """
                # Mill

                # Water

                It turns slowly.

                [^1]: A note.

                1. one
                   - deep
                2. two

                | A |  |
                | --- | --- |
                | 1 | 2 |

                ```
                x = 1
                y = 2
                ```

                An anchored box
                """
        )
        #expect(content.count(of: "hidden_content") == 1)
        #expect(content.count(of: "deleted_text_left_out") == 1)
        #expect(content.count(of: "contents_left_out") == 1)
    }

    @Test func sheetsSayWhatTheyShow() throws {
        let row =
            "<table:table-row><table:table-cell office:value-type='float' office:value='5'><text:p>5,00 €</text:p></table:table-cell>"
            + "<table:table-cell table:number-columns-repeated='2'><text:p>x</text:p></table:table-cell>"
            + "<table:table-cell table:number-columns-repeated='16380'/></table:table-row>"
            + "<table:table-row table:number-rows-repeated='2'><table:table-cell><text:p>y</text:p></table:table-cell>"
            + "<table:table-cell><text:p>z</text:p></table:table-cell></table:table-row>"
            + "<table:table-row table:number-rows-repeated='1048000'><table:table-cell/></table:table-row>"
        let styles =
            "<style:style style:name='T' style:family='table'><style:table-properties table:display='false'/></style:style>"
        let body =
            "<table:table table:name='Kasse'>\(row)</table:table><table:table table:name='B' table:style-name='T'>\(row)</table:table>"
        let zip = TinyOffice.openDocument(body, styles: styles, kind: "spreadsheet")
        let content = try self.extract(zip)
        #expect(content.plainText == "Kasse\n\n5,00 €\tx\tx\ny\tz\ny\tz")
        #expect(content.blocks.map { $0.place?.label } == ["Kasse", "Kasse"])
        #expect(content.count(of: "hidden_sheets") == 1)
        #expect(try self.extract(zip, keepsHidden: true).blocks.count == 4)
    }

    @Test func slidesHaveTitlesAndNotes() throws {
        func frame(_ kind: String, _ text: String) -> String {
            "<draw:frame presentation:class='\(kind)'><draw:text-box>\(text)</draw:text-box></draw:frame>"
        }
        let list =
            "<text:list><text:list-item><text:p>one</text:p></text:list-item><text:list-item><text:p>two</text:p></text:list-item></text:list>"
        let body =
            "<draw:page draw:name='p1'>\(frame("title", "<text:p>Mill</text:p>"))\(frame("outline", list))"
            + "<presentation:notes>\(frame("notes", "<text:p>Say this.</text:p>"))</presentation:notes></draw:page>"
            + "<draw:page draw:style-name='D'><draw:frame><draw:text-box><text:p>unseen</text:p></draw:text-box></draw:frame></draw:page>"
        let styles =
            "<style:style style:name='D' style:family='drawing-page'><style:drawing-page-properties presentation:visibility='hidden'/></style:style>"
        let content = try self.extract(
            TinyOffice.openDocument(body, styles: styles, kind: "presentation")
        )
        #expect(content.markdownText == "# Mill\n\n- one\n- two\n\n> Say this.")
        #expect(content.blocks.allSatisfy { $0.page == 1 })
        #expect(content.count(of: "hidden_slides") == 1)
    }

    @Test func hostileOpenDocumentsEnd() {
        let cell =
            "<table:table-cell table:number-columns-repeated='16384'><text:p>\(String(repeating: "x", count: 500))</text:p></table:table-cell>"
        let row = "<table:table-row table:number-rows-repeated='1048576'>\(cell)</table:table-row>"
        let bomb = TinyOffice.openDocument(
            "<table:table table:name='S'>\(row)</table:table>",
            kind: "spreadsheet"
        )
        #expect(refusal { _ = try extractOpenDocument(bomb.bytes()) } == .limitExceeded)
        let locked = TinyZip([
            ("content.xml", "x"), ("META-INF/manifest.xml", "<manifest:encryption-data/>"),
        ])
        #expect(refusal { _ = try extractOpenDocument(locked.bytes()) } == .encrypted)
        #expect(refusal { _ = try extractOpenDocument(TinyZip([("a", "b")]).bytes()) } == .corrupt)
        let circle =
            "<style:style style:name='A' style:family='paragraph' style:parent-style-name='A'/>"
        let odd =
            "<text:list-item/><table:table-cell/><text:note-citation/></office:text><text:p text:style-name='A'>x</text:p><office:text>"
        _ = try? extractOpenDocument(TinyOffice.openDocument(odd, styles: circle).bytes())
    }
}
