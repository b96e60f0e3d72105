import Formats
import Records
import Testing

@testable import Extraction

@Suite("PDF text beyond the page's edge")
struct PDFOverflowTests {
    private func extract(_ content: String, box: String = "") throws -> ExtractedContent {
        try extractPDF(contentPage(content, pageEntries: box), options: PDFOptions())
    }

    private let overflowing =
        "BT /F 12 Tf 200 100 Td (The mill stands at the river) Tj ET"

    @Test func aLineThatRunsOffTheRightEdgeIsReadToItsEnd() throws {
        let content = try extract(overflowing)
        #expect(String(decoding: content.text, as: UTF8.self) == "The mill stands at the river")
        #expect(content.warnings.contains { $0.code == "text_beyond_page" && $0.count > 5 })
        let right = try #require(content.blocks.first?.place?.box[2])
        #expect(right <= 300)
    }

    @Test(arguments: [
        "BT /F 12 Tf 320 100 Td (unseen words) Tj ET",
        "BT /F 12 Tf 20 60 Td (far) Tj 300 0 Td (unseen words) Tj ET",
        "BT /F 12 Tf 250 60 Td (above) Tj 60 -40 Td (unseen words) Tj ET",
    ])
    func textThatBeginsBeyondTheEdgeStaysUnread(hidden: String) throws {
        let content = try extract("BT /F 12 Tf 20 150 Td (Seen words) Tj ET \(hidden)")
        let text = String(decoding: content.text, as: UTF8.self)
        #expect(text.contains("Seen words") && !text.contains("unseen"))
        #expect(content.warnings.isEmpty)
    }

    @Test func aCropInsideTheSheetCuts() throws {
        let content = try extract(overflowing, box: "/CropBox [0 0 250 200]")
        #expect(!String(decoding: content.text, as: UTF8.self).contains("river"))
        #expect(content.warnings.isEmpty)
    }

    @Test func aFileWithoutPagesIsEmptyNotCorrupt() {
        let page = "/Kids [3 0 R] /Count 1"
        let none = "/Kids []      /Count 0"
        let whole = String(decoding: contentPage(overflowing), as: UTF8.self)
        let bytes = Array(whole.replacing(page, with: none).utf8)
        #expect(throws: ExtractionError.self) { try extractPDF(bytes, options: PDFOptions()) }
        do {
            _ = try extractPDF(bytes, options: PDFOptions())
        } catch {
            #expect(error.code == .empty)
        }
    }
}
