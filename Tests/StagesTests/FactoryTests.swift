import Dataflow
import Extraction
import Foundation
import Records
import Testing

@testable import Preparation
@testable import Stages

/// Every stage kind makes a working stage from its default configuration.
@Suite struct FactoryTests {
    static let page =
        "<!doctype html><title>Mill</title><main><h1>Mill</h1><p>The wheel turns "
        + "<a href='https://example.org/x'>slowly</a> all day long.</p></main>"

    @Test func extractionStagesReadTheirType() throws {
        let cases: [(kind: String, document: RawDocument, expected: String)] = [
            ("extract-html", raw("a.html", .html, Self.page), "The wheel turns slowly"),
            ("extract-markdown", raw("a.md", .markdown, "# Mill\n\nIt turns.\n"), "It turns."),
            ("extract-text", raw("a.txt", .plain, "Mill\n\nIt turns.\n"), "It turns."),
            (
                "extract-pdf",
                raw("a.pdf", .pdf, try Repository.sample("pdf/satzung.pdf")), "Satzung"
            ),
        ]
        for item in cases {
            let stage = try ExtractDocument(try node(item.kind))
            let document = try stage.extract(item.document)
            let text = String(decoding: document.text, as: UTF8.self)
            #expect(text.contains(item.expected), "\(item.kind)")
            #expect(document.id == item.document.id)
            #expect(!document.blocks.isEmpty)
            for block in document.blocks {
                #expect(block.range.upperBound <= document.text.count)
            }
        }
    }

    @Test func keysReachTheExtractor() throws {
        let stage = try ExtractDocument(try node("extract-html", ["links": "urls"]))
        let document = try stage.extract(raw("a.html", .html, Self.page))
        #expect(String(decoding: document.text, as: UTF8.self).contains("https://example.org/x"))
    }

    @Test(arguments: [
        "extract-html", "extract-markdown", "extract-text", "extract-pdf", "extract-epub",
        "extract-docx", "extract-mail", "extract-archive",
    ])
    func sizeLimitIsHeldToTheByte(kind: String) throws {
        let stage = try ExtractDocument(try node(kind, ["maximum_bytes": "8"]))
        let error = #expect(throws: StageError.self) {
            try stage.extract(raw("a", .plain, Array(repeating: 0x61, count: 9)))
        }
        #expect(error?.code == .tooLarge)
        #expect(error?.message.contains("maximum_bytes") == true)
        let empty = #expect(throws: StageError.self) { try stage.extract(raw("a", .plain, "")) }
        #expect(empty?.code == .empty)
        let atLimit = try ExtractDocument(try node("extract-text", ["maximum_bytes": "8"]))
        #expect(try atLimit.extract(raw("a", .plain, "12345678")).text.count >= 8)
    }

    @Test func normaliseEmptiesWhatIsNothing() throws {
        let stage = try makeDocumentStage(try node("normalise"))
        var document = Document(id: raw("a", .plain, "").id, uri: "a", mediaType: .plain)
        document.text = Array(" \u{200B}\u{202E} ".utf8)
        document.blocks = [Block(kind: .paragraph, range: 0..<document.text.count)]
        let error = #expect(throws: StageError.self) { try stage.process(&document) }
        #expect(error?.code == .empty)
        document.text = Array("e\u{301}te".utf8)
        document.blocks = [Block(kind: .paragraph, range: 0..<document.text.count)]
        try stage.process(&document)
        #expect(document.text == Array("\u{E9}te".utf8))
        #expect(document.blocks.first?.range == 0..<document.text.count)
    }

    @Test func languageStageNamesAndFilters() throws {
        let german =
            "Die alte Wassermühle steht seit zweihundert Jahren am Bach und mahlt noch "
            + "immer das Getreide der Bauern aus der ganzen Umgebung."
        func document() -> Document {
            var document = Document(id: raw("a", .plain, "").id, uri: "a", mediaType: .plain)
            document.text = Array(german.utf8)
            return document
        }
        var open = document()
        try makeDocumentStage(try node("detect-language")).process(&open)
        #expect(open.language?.language == "de")
        var allowed = document()
        try makeDocumentStage(try node("detect-language", ["allow": "de,en"])).process(&allowed)
        #expect(allowed.language?.language == "de")
        let stage = try makeDocumentStage(try node("detect-language", ["allow": "en"]))
        let error = #expect(throws: StageError.self) {
            var refused = document()
            try stage.process(&refused)
        }
        #expect(error?.code == .excluded)
        var doubtful = document()
        try makeDocumentStage(try node("detect-language", ["minimum_confidence": "1"]))
            .process(&doubtful)
        #expect(doubtful.language?.language == "und" || doubtful.language?.confidence == 1)
    }

    @Test func redactStageReplacesItsKindsOnly() throws {
        func redacted(_ overrides: [String: String]) throws -> Document {
            var document = Document(id: raw("a", .plain, "").id, uri: "a", mediaType: .plain)
            document.text = Array("Write to clerk@example.org or +44 20 7946 0958.".utf8)
            document.blocks = [Block(kind: .paragraph, range: 0..<document.text.count)]
            try makeDocumentStage(try node("redact-pii", overrides)).process(&document)
            return document
        }
        let all = try redacted([:])
        #expect(String(decoding: all.text, as: UTF8.self) == "Write to [EMAIL] or [PHONE].")
        #expect(all.redactions.map(\.kind) == ["EMAIL", "PHONE"])
        #expect(all.blocks.first?.range == 0..<all.text.count)
        let emails = try redacted(["kinds": "EMAIL"])
        let text = String(decoding: emails.text, as: UTF8.self)
        #expect(text == "Write to [EMAIL] or +44 20 7946 0958.")
    }

    @Test func kindsOfAnotherPhaseAreRefused() throws {
        #expect(throws: StageConstructionError.self) {
            try makeDocumentStage(try node("extract-html"))
        }
        #expect(throws: StageConstructionError.self) {
            try ExtractDocument(try node("normalise"))
        }
        #expect(throws: StageConstructionError.self) { try makeDocumentStage(try node("chunk")) }
    }

    @Test func routerGivesTextAndMarkdownByContent() throws {
        let router = try ContentRouter(
            nodes: ["extract-html", "extract-pdf", "extract-markdown", "extract-text"].map {
                try node($0)
            }
        )
        let content = try router.content(of: Array(Self.page.utf8), declared: .pdf)
        #expect(content.title == "Mill")
        #expect(content.warnings.map(\.code) == ["media_type_disagrees"])
        #expect(content.blocks.count == content.plainRanges.count)
        let declared = try router.content(of: Array("plain words".utf8), declared: .unknown)
        #expect(declared.warnings.isEmpty)
        let error = #expect(throws: StageError.self) {
            try router.content(of: [0x50, 0x4B, 3, 4, 0, 0, 0, 0], declared: .unknown)
        }
        #expect(error?.code == .unsupportedType)
        #expect(throws: StageError.self) { try router.content(of: [], declared: .plain) }
    }
}
