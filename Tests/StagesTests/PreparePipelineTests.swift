import Dataflow
import Hashing
import Preparation
import Records
import Stages
import Telemetry
import Testing
import WorkerMessages

/// The prepare phase takes each document down the branch of its type.
@Suite struct PreparePipelineTests {
    static func nodes(allow: String = "", pdf: Bool = true) throws -> [PlanNode] {
        var extracts = [
            try node("extract-html", id: "pages", from: ["docs"]),
            try node("extract-markdown", id: "notes", from: ["docs"]),
            try node("extract-text", id: "letters", from: ["docs", "mail"]),
        ]
        if pdf { extracts.append(try node("extract-pdf", id: "papers", from: ["docs"])) }
        let keys = allow.isEmpty ? [:] : ["allow": allow]
        return extracts + [
            try node("normalise", from: extracts.map(\.id)),
            try node("detect-language", id: "language", from: ["normalise"], keys),
            try node("redact-pii", id: "redact", from: ["language"]),
            try node("dedupe", from: ["redact"]),
            try node("chunk", from: ["dedupe"]),
        ]
    }

    static func pipeline(allow: String = "", pdf: Bool = true) throws -> PreparePipeline {
        try PreparePipeline(nodes: try Self.nodes(allow: allow, pdf: pdf), wantsSignature: true)
    }

    static let text =
        "The wheel of the mill turns slowly, and the miller writes to clerk@example.org "
        + "when the water is low."

    static var documents: [RawDocument] {
        get throws {
            [
                raw(
                    "a.html",
                    .html,
                    "<!doctype html><title>A</title><main><p>\(Self.text)</p></main>"
                ),
                raw("b.md", .markdown, "# B\n\n\(Self.text)\n"),
                raw("c.txt", .plain, Self.text),
                raw("d.pdf", .pdf, try Repository.sample("pdf/incident-2031.pdf")),
                raw("e.unknown", .unknown, Self.text),
                raw("f.html", .html, try Repository.sample("html/kengaku.html")),
            ]
        }
    }

    private func prepared(_ file: PreparedFile) -> PreparedDocument? {
        if case .prepared(let document) = file.outcome { document } else { nil }
    }

    private func failure(_ file: PreparedFile) -> StageFailure? {
        if case .failed(let failure) = file.outcome { failure } else { nil }
    }

    @Test(arguments: [("keep", nil), ("host", 1)])
    func blocksAreDigestedWhereBoilerplateIsLearnt(boilerplate: String, count: Int?) throws {
        let nodes = [
            try node("extract-html", id: "pages", from: ["docs"], ["boilerplate": boilerplate]),
            try node("normalise", from: ["pages"]),
        ]
        var pipeline = try PreparePipeline(nodes: nodes, wantsSignature: false)
        var counters = StageCounters()
        let page = raw("a.html", .html, "<title>A</title><main><p>\(Self.text)</p></main>")
        let document = try #require(
            self.prepared(pipeline.prepare(page, source: "docs", counters: &counters))
        )
        #expect(document.pageBlocks?.entries.count == count)
        #expect(document.pageBlocks.map(\.host) == count.map { _ in 0 })
    }

    @Test func documentsTakeTheBranchOfTheirType() throws {
        var pipeline = try Self.pipeline()
        let branches = ["pages", "notes", "letters", "papers", "letters", "pages"]
        for (document, branch) in zip(try Self.documents, branches) {
            var counters = StageCounters()
            let outcome = pipeline.prepare(document, source: "docs", counters: &counters)
            let result = try #require(self.prepared(outcome), "\(document.uri)")
            #expect(result.id == document.id)
            #expect(result.warnings.allSatisfy { $0.code != "media_type_disagrees" })
            #expect(result.signature != nil)
            #expect(result.redactions.contains { $0.kind == "EMAIL" })
            #expect(
                counters.stages
                    == [branch, "normalise", "language", "redact", "signature", "compress"]
            )
        }
    }

    @Test func mislabelledDocumentTakesTheBranchOfItsBytesWithAWarning() throws {
        var pipeline = try Self.pipeline()
        let bytes = try Repository.sample("pdf/satzung.pdf")
        var counters = StageCounters()
        let outcome = pipeline.prepare(
            raw("x.html", .html, bytes),
            source: "docs",
            counters: &counters
        )
        let document = try #require(self.prepared(outcome))
        #expect(document.mediaType == .pdf)
        #expect(document.warnings.contains { $0.code == "media_type_disagrees" })
        #expect(counters.stages.first == "papers")
        // But for the warning it is what the rightly named document is.
        let right = try #require(
            self.prepared(
                pipeline.prepare(raw("x.pdf", .pdf, bytes), source: "docs", counters: &counters)
            )
        )
        #expect(document.textHash == right.textHash)
        #expect(document.blocks == right.blocks)
    }

    @Test func typeWithoutABranchFails() throws {
        var pipeline = try Self.pipeline(pdf: false)
        var counters = StageCounters()
        let pdf = raw("x.pdf", .pdf, try Repository.sample("pdf/satzung.pdf"))
        let zip = raw("x.zip", .unknown, [0x50, 0x4B, 3, 4, 10, 0, 0, 0])
        for document in [pdf, zip] {
            let outcome = pipeline.prepare(document, source: "docs", counters: &counters)
            #expect(self.failure(outcome)?.code == .unsupportedType)
            #expect(self.failure(outcome)?.stage == "extract")
        }
    }

    @Test func branchTakesItsOwnSourcesOnly() throws {
        var pipeline = try Self.pipeline()
        var counters = StageCounters()
        let text = raw("c.txt", .plain, Self.text)
        let page = try Self.documents[0]
        #expect(self.prepared(pipeline.prepare(text, source: "mail", counters: &counters)) != nil)
        let outcome = pipeline.prepare(page, source: "mail", counters: &counters)
        #expect(self.failure(outcome)?.code == .unsupportedType)
        #expect(self.failure(outcome)?.message.contains("mail") == true)
    }

    @Test func failureNamesTheStageAsThePipelineDoes() throws {
        var pipeline = try Self.pipeline()
        let cases: [(document: RawDocument, stage: String, code: StageFailure.Code)] = [
            (raw("a", .plain, ""), "read", .empty),
            (raw("b", .pdf, "%PDF-1.4\nnoise"), "papers", .corrupt),
            (raw("c", .plain, [0, 1, 2, 255, 0, 254, 0, 0]), "letters", .corrupt),
            (raw("d", .plain, "\u{200B}\u{202E}"), "normalise", .empty),
        ]
        for item in cases {
            var counters = StageCounters()
            let outcome = pipeline.prepare(item.document, source: "docs", counters: &counters)
            #expect(self.failure(outcome)?.code == item.code, "\(item.document.uri)")
            #expect(self.failure(outcome)?.stage == item.stage, "\(item.document.uri)")
        }
    }

    @Test func refusedLanguageIsExcludedNotFailed() throws {
        var pipeline = try Self.pipeline(allow: "de")
        var counters = StageCounters()
        let outcome = pipeline.prepare(
            raw("c.txt", .plain, Self.text),
            source: "docs",
            counters: &counters
        )
        guard case .excluded(let stage, let reason) = outcome.outcome else {
            Issue.record("expected an exclusion")
            return
        }
        #expect(stage == "language")
        #expect(reason.contains("'en'"))
    }

    @Test func noDocumentLeavesATraceInTheNext() throws {
        let documents = try Self.documents
        var alone: [[UInt8]] = []
        for document in documents {
            var pipeline = try Self.pipeline()
            alone.append(Self.bytes(of: document, &pipeline))
        }
        var pipeline = try Self.pipeline()
        for order in [Array(documents.indices), documents.indices.reversed(), [3, 0, 3, 5, 1, 3]] {
            for index in order {
                #expect(Self.bytes(of: documents[index], &pipeline) == alone[index])
            }
        }
    }

    private static func bytes(of document: RawDocument, _ pipeline: inout PreparePipeline)
        -> [UInt8]
    {
        var counters = StageCounters()
        var writer = ByteWriter()
        pipeline.prepare(document, source: "docs", counters: &counters).outcome
            .encode(to: &writer)
        return writer.bytes
    }

    @Test func equalTextInThreeFormatsHasOneExactSignature() throws {
        var pipeline = try Self.pipeline()
        var counters = StageCounters()
        let signatures = [
            raw("a.md", .markdown, Self.text), raw("b.txt", .plain, Self.text),
            raw("c.html", .html, "<!doctype html><main><p>\(Self.text)</p></main>"),
        ].map {
            self.prepared(pipeline.prepare($0, source: "docs", counters: &counters))?.signature
        }
        #expect(signatures.allSatisfy { $0?.exact == signatures[0]?.exact })
        #expect(signatures[0]?.exact != nil)
    }
}
