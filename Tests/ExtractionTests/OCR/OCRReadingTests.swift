import Dataflow
import Formats
import Foundation
import Records
import Testing

@testable import Extraction

/// Whether Tesseract reads English here; `Ops/install-packages --tests` installs it.
let readsEnglish = OCREngine.open(["eng"]) != nil

@Suite(.enabled(if: readsEnglish, "Tesseract or its English is not installed"))
struct OCRReadingTests {
    private func text(_ content: ExtractedContent) -> String {
        String(decoding: content.text, as: UTF8.self)
    }

    private func image(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
        try extractImage(bytes, options: ImageOptions(Parameters([:])))
    }

    private func code(_ bytes: [UInt8]) -> StageFailure.Code? {
        do {
            _ = try self.image(bytes)
            return nil
        } catch {
            return error.code
        }
    }

    private func options(_ mode: OCROptions.Mode) -> PDFOptions {
        PDFOptions(ocr: OCROptions(mode: mode))
    }

    @Test func anImageIsAPageOfBlocks() throws {
        let content = try self.image(ScannedSample().png)
        #expect(content.title == "Flood notice")
        #expect(self.text(content).contains(ScannedSample.words))
        #expect(content.blocks.first?.kind == .heading)
        #expect(content.blocks.allSatisfy { $0.origin == .ocr && $0.page == 1 })
        #expect(content.warnings == [DocumentWarning(code: "ocr_pages")])
        #expect(content.metadata[PageNumbers.ocrKey] == "p1")
        let first = try #require(content.blocks.first?.place)
        #expect((30...45).contains(first.left) && (35...55).contains(first.top))
        #expect(content.text == (try self.image(ScannedSample().png)).text)
    }

    @Test func aScannedPageIsReadInItsOwnPixels() throws {
        let sample = try ScannedSample()
        let content = try extractPDF(sample.pdf(pages: 2))
        #expect(self.text(content).contains(ScannedSample.words))
        #expect(content.blocks.allSatisfy { $0.origin == .ocr })
        #expect(content.warnings.contains(DocumentWarning(code: "ocr_pages", count: 2)))
        #expect(try self.text(extractPDF(sample.pdf())) == self.text(self.image(sample.png)))
        #expect(throws: ExtractionError.self) {
            try extractPDF(sample.pdf(), options: self.options(.off))
        }
    }

    @Test func aStampStaysBesideWhatOCRReads() throws {
        let stamp = "BT /F 8 Tf 330 4 Td (ACME-0001234) Tj ET"
        let content = try extractPDF(ScannedSample().pdf(overlay: stamp))
        let text = self.text(content)
        #expect(text.contains(ScannedSample.words))
        #expect(text.components(separatedBy: "0001234").count == 2)
        #expect(content.warnings.contains(DocumentWarning(code: "needs_ocr")))
        #expect(content.warnings.contains(DocumentWarning(code: "ocr_pages")))
    }

    @Test(arguments: [OCROptions.Mode.off, .auto, .always])
    func aLayerOfOCRThatSaysTheSameIsKept(mode: OCROptions.Mode) throws {
        let lines = [
            "The mill leat rose by forty centimetres on 3 May.",
            "The lower gate stays closed until the wheel pit",
            "has been pumped dry and the bearings are greased.",
            "Visitors use the upper path. The bakery is open",
            "as usual, and flour is sold at the side door. LAYER",
        ]
        let shown = lines.map { "(\($0)) Tj 0 -17 Td" }.joined(separator: " ")
        let layer = "BT 3 Tr /F 11 Tf 40 270 Td \(shown) ET"
        let content = try extractPDF(
            ScannedSample().pdf(overlay: layer),
            options: self.options(mode)
        )
        #expect(self.text(content).contains("LAYER"))
        #expect(content.blocks.allSatisfy { $0.origin == .ocr })
        #expect(content.warnings.isEmpty)
    }

    @Test func aLayerOfNoiseGivesWay() throws {
        let noise = "BT 3 Tr /F 11 Tf 40 270 Td (.., .;. ' ,.: .i .. -- ;,) Tj ET"
        let bytes = try ScannedSample().pdf(overlay: noise)
        #expect(try self.text(extractPDF(bytes)).contains(ScannedSample.words))
        #expect(try !self.text(extractPDF(bytes, options: self.options(.off))).contains("mill"))
    }

    @Test func hostileImagesAreRefused() throws {
        let png = try ScannedSample().png
        var vast = png
        for offset in [16, 20] {
            vast.replaceSubrange(offset..<offset + 4, with: [0, 1, 0xFF, 0xFF])
        }
        #expect([.limitExceeded, .corrupt].contains(self.code(vast)))
        for length in [9, 20, 33, 40] { #expect(self.code(Array(png.prefix(length))) == .corrupt) }
        #expect(self.code([0xFF, 0xD8, 0xFF, 0xE0]) == .corrupt)
        // A TIFF whose directory points at itself.
        #expect(self.code([0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, 0, 0, 8, 0, 0, 0]) == .corrupt)
        #expect(self.code(Array("MM\0*".utf8) + [0xFF, 0xFF, 0xFF, 0xFF]) == .corrupt)
    }

    @Test func damagedPicturesEndTheirOwnDocumentAlone() throws {
        let png = try ScannedSample().png
        var generator = SeededGenerator(state: 14)
        for _ in 0..<40 {
            var bytes = png
            for _ in 0..<8 {
                bytes[Int.random(in: 8..<bytes.count, using: &generator)] = UInt8.random(
                    in: 0...255,
                    using: &generator
                )
            }
            _ = try? self.image(bytes)
        }
        #expect(try self.text(self.image(png)).contains(ScannedSample.words))
    }
}

struct OCRAbsenceTests {
    @Test func aLanguageThatIsNotThereLeavesAScanUnread() throws {
        let options = PDFOptions(ocr: OCROptions(languages: ["no_such_language"]))
        let scan = try ScannedSample().pdf()
        do {
            _ = try extractPDF(scan, options: options)
            Issue.record("a scan was read without a language")
        } catch {
            #expect(error.code == .needsOCR)
        }
    }

    @Test func anImageSaysWhatItNeeds() throws {
        let parameters = Parameters([
            "ocr_languages": .list([.string("no_such_language")])
        ])
        do {
            _ = try extractImage(ScannedSample().png, options: ImageOptions(parameters))
            Issue.record("an image was read without a language")
        } catch let error as ExtractionError {
            #expect(error.code == .needsOCR)
            #expect(error.message.contains("image (PNG)"))
        }
    }
}
