import Dataflow
import Extraction
import Preparation
import Records
import Stages
import Testing

/// The filter's way to content: by what the bytes are, outside of any gzip.
@Suite struct ContentRouterTests {
    /// A page of one paragraph, "The wheel turns slowly all day.", as gzip.
    static let gzippedPage: [UInt8] = [
        0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0xFF, 0xB3, 0x51, 0x4C, 0xC9,
        0x4F, 0x2E, 0xA9, 0x2C, 0x48, 0x55, 0xC8, 0x28, 0xC9, 0xCD, 0xB1, 0xB3, 0xC9, 0x4D,
        0xCC, 0xCC, 0xB3, 0xB3, 0x29, 0xB0, 0x0B, 0xC9, 0x48, 0x55, 0x28, 0xCF, 0x48, 0x4D,
        0xCD, 0x51, 0x28, 0x29, 0x2D, 0xCA, 0x2B, 0x56, 0x28, 0xCE, 0xC9, 0x2F, 0xCF, 0xA9,
        0x54, 0x48, 0xCC, 0xC9, 0x51, 0x48, 0x49, 0xAC, 0xD4, 0xB3, 0xD1, 0x2F, 0xB0, 0xB3,
        0xD1, 0x07, 0x2B, 0x06, 0x00, 0xDC, 0x4F, 0xED, 0x2F, 0x42, 0x00, 0x00, 0x00,
    ]

    private func router(_ kinds: [String], limit: String = "1000") throws -> ContentRouter {
        try ContentRouter(nodes: kinds.map { try node($0, ["maximum_bytes": limit]) })
    }

    private func failure(_ body: () throws -> Void) -> StageFailure.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? StageError)?.code
        }
    }

    @Test(arguments: [
        ("a.html.gz", 0), ("a.gz", 0), ("a.html", 1), ("a.txt", 1), ("a.txt.gz", 1), ("a", 0),
    ])
    func gzippedPagesAreReadAsPages(name: String, disagreements: Int) throws {
        let router = try self.router(["extract-html", "extract-text"])
        let content = try router.content(
            of: Self.gzippedPage,
            declared: MediaType(ofPath: name)
        )
        #expect(String(decoding: content.text, as: UTF8.self) == "The wheel turns slowly all day.")
        #expect(
            content.warnings.filter { $0.code == "media_type_disagrees" }.count == disagreements
        )
    }

    @Test func whatAGzipStandsForIsBounded() throws {
        let router = try self.router(["extract-html"], limit: "65")
        let code = self.failure { _ = try router.content(of: Self.gzippedPage, declared: .gzip) }
        #expect(code == .tooLarge)
        let cut = Array(Self.gzippedPage.dropLast(9))
        let whole = try self.router(["extract-html"])
        #expect(self.failure { _ = try whole.content(of: cut, declared: .gzip) } == .corrupt)
    }

    @Test(arguments: ["text/calendar", "text/rfc822-headers", "message/delivery-status"])
    func textThatNothingReadsAsMoreIsPlainText(name: String) throws {
        let router = try self.router(["extract-html", "extract-text"])
        let text = "SUMMARY:The wheel is mended\n"
        let content = try router.content(of: Array(text.utf8), declared: MediaType(name))
        #expect(String(decoding: content.text, as: UTF8.self).contains("wheel is mended"))
        #expect(content.warnings.contains { $0.code == "read_as_plain_text" })
    }

    /// A stage that names no converter, and one whose converter is gone, say what to type.
    @Test(arguments: ["", "/no/such/program"])
    func oldOfficeFilesAskForAConverter(converter: String) throws {
        let router = try ContentRouter(nodes: [
            try node("extract-legacy-office", ["converter": converter])
        ])
        #expect(
            self.failure { _ = try router.content(of: [1, 2, 3], declared: .doc) }
                == .unsupportedType
        )
    }

    @Test func officeFilesAndBooksHaveStagesOfTheirOwn() throws {
        let router = try self.router(["extract-epub", "extract-docx", "extract-text"])
        let zip = Array("PK\u{5}\u{6}".utf8) + Array(repeating: 0, count: 18)
        #expect(
            self.failure { _ = try router.content(of: zip, declared: .docx) } == .unsupportedType
        )
        let cut = Array("PK\u{3}\u{4}................word/document.xml".utf8)
        #expect(self.failure { _ = try router.content(of: cut, declared: .docx) } == .corrupt)
        let content = try router.content(of: Array("words".utf8), declared: .docx)
        #expect(content.warnings.map(\.code) == ["media_type_disagrees"])
    }
}
