import Formats
import Records
import Testing

@testable import Extraction

/// Which pages are pictures of text, on pages of 300 by 200 points.
struct PDFScannedPagesTests {
    private static let words = "the pump is checked every second Tuesday of the month"

    private static let grey = "/BitsPerComponent 8 /ColorSpace /DeviceGray"

    private func picture(_ entries: String = grey) -> String {
        "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 \(entries) /Length 1 >>\n"
            + "stream\n0\nendstream"
    }

    private func page(_ content: String, picture: String? = nil) -> [UInt8] {
        contentPage(
            content,
            resources: "/XObject << /P 7 0 R >>",
            objects: ["<< /Type /OCG /Name (x) >>", picture ?? self.picture()]
        )
    }

    private func needsOCR(_ bytes: [UInt8]) -> Bool {
        do {
            return try extractPDF(bytes).warnings.contains { $0.code == "needs_ocr" }
        } catch {
            return error.code == .needsOCR
        }
    }

    @Test(
        arguments: [
            "BT /F 4 Tf 20 192 Td (FAX 12.03.2026 FROM +1 555 0100 PAGE 1/4) Tj ET",
            "BT /F 4 Tf 250 6 Td (ACME-0001234) Tj ET",
            "BT /F 4 Tf 0 1 -1 0 10 60 Tm (Received 2026-03-12) Tj ET",
            "BT /F 30 Tf .7 .7 -.7 .7 80 40 Tm (COPY) Tj ET",
            "BT /F 4 Tf 20 192 Td (Case 1) Tj 0 -188 Td (Page 1 of 1) Tj ET",
        ]
    )
    func aStampOverAPictureIsAScan(stamp: String) {
        let picture = "q 300 0 0 200 0 0 cm /P Do Q "
        #expect(needsOCR(page(picture + stamp)))
        let strips = (0..<4).map { "q 280 0 0 50 10 \($0 * 50) cm /P Do Q " }.joined()
        #expect(needsOCR(page(strips + stamp)))
        #expect(!needsOCR(page(stamp)))
        #expect(!needsOCR(page("q 150 0 0 150 20 20 cm /P Do Q " + stamp)))
    }

    @Test(
        arguments: [
            "BT /F 6 Tf 40 100 Td (\(words)) Tj ET",
            "BT /F 20 Tf 40 180 Td (Annual report) Tj ET",
            "BT /F 4 Tf 20 192 Td (Page 1) Tj 0 -80 Td (\(words)) Tj ET",
            // Layers of OCR are not painted.
            "BT 3 Tr /F 6 Tf 40 100 Td (\(words)) Tj ET",
            "BT 3 Tr /F 4 Tf 20 192 Td (Page 1) Tj ET",
            "BT /F 4 Tf 20 192 Td (FAX) Tj 3 Tr 0 -80 Td (\(words)) Tj ET",
        ]
    )
    func textOverAPictureIsText(text: String) throws {
        let content = try extractPDF(page("q 300 0 0 200 0 0 cm /P Do Q " + text))
        #expect(content.warnings.isEmpty)
        #expect(!content.text.isEmpty)
    }

    @Test func typeOverBlackAndWhitePixelsIsAStamp() {
        let text = "q 300 0 0 200 0 0 cm /P Do Q BT /F 6 Tf 40 100 Td (RECEIVED by the clerk) Tj ET"
        #expect(!needsOCR(page(text)))
        #expect(needsOCR(page(text, picture: picture("/ImageMask true /BitsPerComponent 1"))))
    }

    @Test func aLayerUnderThePictureIsText() throws {
        let layer = "BT /F 4 Tf 20 192 Td (Page 1) Tj ET q 300 0 0 200 0 0 cm /P Do Q"
        let content = try extractPDF(page(layer))
        #expect(content.warnings.isEmpty)
        #expect(content.text == Array("Page 1".utf8))
        #expect(needsOCR(page(layer, picture: picture(Self.grey + " /SMask 7 0 R"))))
    }

    @Test func aPictureOfAHiddenLayerIsNone() {
        let content = "q 300 0 0 200 0 0 cm /P Do Q BT /F 4 Tf 20 192 Td (Page 1) Tj ET"
        let hidden = picture(Self.grey + " /OC 6 0 R")
        #expect(!needsOCR(page(content, picture: hidden)))
        #expect(needsOCR(page(content)))
    }

    private func scans(_ texts: [String]) -> [UInt8] {
        TinyPDF(
            pages: texts.map { [TinyPDF.Text(text: $0, x: 300, y: 400)] },
            pagesWithImage: Set(texts.indices),
            imagesFillPages: true
        ).bytes()
    }

    @Test func whatStandsAtOnePlaceOfManyPagesIsAStamp() {
        #expect(needsOCR(scans(["RECEIVED 03 MAY", "RECEIVED 04 MAY", "RECEIVED 17 MAY"])))
        #expect(!needsOCR(scans(["Pumps and seals", "Sand in the well", "Power of a motor"])))
    }

    @Test func stampsAmongPagesOfTextAreKeptAndCounted() throws {
        let text = TinyPDF.lines(["A page with text of its own, in the middle of it."])
        let stamp = [TinyPDF.Text(text: "ACME-000123", x: 480, y: 830, size: 8)]
        let bytes = TinyPDF(
            pages: [text, stamp, stamp],
            pagesWithImage: [1, 2],
            imagesFillPages: true
        ).bytes()
        let content = try extractPDF(bytes)
        #expect(content.warnings.first { $0.code == "needs_ocr" }?.count == 2)
        #expect(String(decoding: content.text, as: UTF8.self).contains("ACME-000123"))
        #expect(throws: ExtractionError.self) { try extractPDF(scans(["", ""])) }
    }
}
