import Dataflow
import Foundation
import Hashing
import Preparation
import Records
import Redact
import Stages
import Storage
import Telemetry
import Testing
import WorkerMessages

@testable import Operations

/// The document that shows that a pipeline redacts, before any other is taken.
@Suite struct CanaryTests {
    private func canary(_ corpus: TestCorpus) throws -> (Canary, Canary.Route) {
        let canary = try Canary(try loadPipeline(path: try corpus.pipelineFile(), for: .redaction))
        return (canary, try #require(canary.routes.first))
    }

    private func prepared(
        _ text: String,
        _ policy: Digest?,
        redactions: Int = 1
    ) throws -> PreparedDocument {
        let bytes = Array(text.utf8)
        return PreparedDocument(
            id: DocumentID(high: 0, low: 1),
            mediaType: .html,
            title: "",
            metadata: [:],
            language: "en",
            languageConfidence: 1,
            compressedText: Deflater().deflate(bytes),
            textByteCount: bytes.count,
            textHash: .zero,
            blocks: [],
            redactions: (0..<redactions).map {
                Redaction(kind: "EMAIL", rule: "email", range: $0..<$0 + 1)
            },
            policy: policy,
            warnings: [],
            signature: nil
        )
    }

    @Test func everyTypeAndKindHasAValueToLookFor() throws {
        let (canary, route) = try self.canary(try TestCorpus())
        #expect(
            Set(canary.routes.map(\.request.raw.mediaType))
                == [.html, .xhtml, .markdown, .plain, .pdf]
        )
        let kinds = Set(route.needles(language: "en").map(\.kind.rawValue))
        #expect(
            kinds.isSuperset(of: [
                "EMAIL", "PHONE", "CREDIT_CARD", "IBAN", "US_SSN", "NATIONAL_ID", "IP_ADDRESS",
                "MAC_ADDRESS", "SECRET", "CRYPTO_WALLET", "DATE_OF_BIRTH",
            ]),
            "\(kinds.sorted())"
        )
    }

    @Test func aValueThatIsLeftStopsTheRun() throws {
        let (canary, route) = try self.canary(try TestCorpus())
        let policy = route.redactors.first?.hash
        let clean = PrepareOutcome.prepared(try self.prepared("Write to [EMAIL].", policy))
        #expect(try canary.check(clean, of: route) != nil)
        for outcome in [
            PrepareOutcome.prepared(try self.prepared(Canary.lines[0], policy)),
            .prepared(try self.prepared("Nothing at all.", policy, redactions: 0)),
            .prepared(try self.prepared("Write to [EMAIL].", nil)),
            .prepared(try self.prepared("Write to [EMAIL].", .zero)),
            .failed(StageFailure(stage: "html", code: .corrupt, message: "no")),
        ] {
            let error = #expect(throws: OperationError.self) {
                try canary.check(outcome, of: route)
            }
            #expect(error?.status == .gateFailed)
            #expect(error?.message.contains("canary") == true)
        }
        let excluded = PrepareOutcome.excluded(stage: "language", reason: "en")
        #expect(try canary.check(excluded, of: route) == nil)
    }

    /// Each takes values out by something of the document that the canary is not told beforehand.
    @Test(
        arguments: [
            "rules:\n  - { language: [de], action: allow }",
            "action: allow\nrules:\n  - { language: [de], action: placeholder }",
            "action: allow\nrules:\n  - { language: [en], action: placeholder }",
            "rules:\n  - { language: [en], action: allow }",
            // 'noon' stands at the end of the line before the telephone numbers.
            "threshold: 0.95\ncontext:\n  - { kind: PHONE, words: [noon], raise: 0.4 }",
            // The word is part of others that stay.
            "dictionaries:\n  - { name: own, terms: [or, it] }\nkinds: [CUSTOM]",
        ],
        [true, false]
    )
    func aPolicyThatDoesWhatItSaysIsNotStopped(policy: String, detectsLanguage: Bool) throws {
        let corpus = try TestCorpus()
        corpus.pipeline.detectsLanguage = detectsLanguage
        try corpus.usePolicy(policy)
        try corpus.write("a.md", TestDocument(title: "Plain", seed: 3, sections: 2))
        #expect(try corpus.run().outcome == .published)
    }

    @Test func aWordOfAnotherLineMakesAValueSureEnough() throws {
        let corpus = try TestCorpus()
        try corpus.usePolicy(
            "threshold: 1\ncontext:\n  - { kind: PHONE, words: [noon], raise: 0.5 }"
        )
        let (_, route) = try self.canary(corpus)
        #expect(route.needles(language: "en").map(\.kind).contains(.phone))
    }

    @Test func aLanguageTheDocumentHasNotDecidesNothing() throws {
        let corpus = try TestCorpus()
        try corpus.usePolicy(
            "action: allow\nrules:\n  - { language: [de], kind: [IBAN], action: placeholder }"
        )
        let (_, route) = try self.canary(corpus)
        #expect(route.needles(language: "en").isEmpty)
        // A pipeline may detect the language after redaction.
        #expect(route.needles(language: "de").isEmpty)
    }

    /// The documents as a redactor that finds nothing, or a stage that is left out, passes them on.
    @Test(arguments: ["minimal", "standard", "compliance"], [true, false])
    func aRedactorThatDoesNothingIsCaught(policy: String, detectsLanguage: Bool) throws {
        let corpus = try TestCorpus()
        corpus.pipeline.detectsLanguage = detectsLanguage
        corpus.pipeline.policy = "\(Repository.root)/Pipelines/policies/\(policy).yaml"
        let plan = try loadPipeline(path: try corpus.pipelineFile(), for: .redaction)
        var nodes = plan.nodes(in: .prepare)
        let index = try #require(nodes.firstIndex { $0.uses == redactStageName })
        nodes[index].configuration["policy"] = .null
        nodes[index].configuration["kinds"] = .list([])
        var pipeline = try PreparePipeline(nodes: nodes, wantsSignature: false)
        for route in try Canary(plan).routes {
            var counters = StageCounters()
            let outcome = pipeline.prepare(
                route.request.raw,
                source: route.source,
                counters: &counters
            ).outcome
            guard case .prepared(var document) = outcome else {
                Issue.record("\(route.request.raw.mediaType.name): \(outcome)")
                continue
            }
            // What the stage says of itself is not to be trusted: the values are looked for.
            document.policy = route.redactors.last?.hash
            document.redactions = [Redaction(kind: "EMAIL", rule: "email", range: 0..<1)]
            let error = #expect(throws: OperationError.self) {
                try Canary(plan).check(.prepared(document), of: route)
            }
            #expect(error?.message.contains("still holds its") == true)
        }
    }

    @Test func onlyTheBranchThatRedactsIsHeldToIt() throws {
        let corpus = try TestCorpus()
        let text = try String(contentsOfFile: try corpus.pipelineFile(), encoding: .utf8)
            .replacing("from: [html, ", with: "from: [early, ")
            .replacing("redact: { uses: redact-pii, from: language }", with: "")
            .replacing("dedupe, from: redact,", with: "dedupe, from: language,")
            .replacing("stages:\n", with: "stages:\n  early: { uses: redact-pii, from: html }\n")
        let path = "\(corpus.root)/branches.yml"
        try Data(text.utf8).write(to: URL(filePath: path))
        let routes = try Canary(try loadPipeline(path: path, for: .redaction)).routes
        #expect(Set(routes.map(\.request.raw.mediaType)) == [.html, .xhtml])
        try corpus.write("a.md", TestDocument(title: "Plain", seed: 3, sections: 2))
        var options = RunOptions()
        options.isolation = .none
        let summary = try runPipelineFile(.backfill, path: path, options: options)
        #expect(summary.outcome == .published)
    }
}
