import Dataflow
import Execution
import Hashing
import Records
import Telemetry
import Testing
import WorkerMessages

@testable import Operations

/// The messages between a run and its workers.
@Suite struct WorkerMessageTests {
    private var document: PreparedDocument {
        PreparedDocument(
            id: DocumentID(high: 1, low: 2),
            mediaType: .html,
            title: "Title",
            metadata: ["author": "A", "date": "2026-01-01"],
            language: "en",
            languageConfidence: 0.5,
            compressedText: [1, 2, 3],
            textByteCount: 9,
            textHash: sha256("text"),
            blocks: [Block(kind: .heading, level: 1, range: 0..<4)],
            redactions: [
                Redaction(
                    kind: "EMAIL",
                    rule: "email",
                    range: 4..<9,
                    action: .mask,
                    score: 0.75,
                    digest: 7
                )
            ],
            policy: sha256("policy"),
            warnings: [DocumentWarning(code: "name_table_missing", count: 2)],
            signature: Signature(exact: sha256("s"), bandKeys: [1, 1 << 40 - 1]),
            pageBlocks: PageBlocks(host: 5, entries: [.kept, .heading(level: 2), .text(6)])
        )
    }

    /// The bytes of every kind of message, as this version writes them.
    private func messages() throws -> [UInt8] {
        let nodes = [htmlNode]
        var counters = StageCounters()
        var row = StageCounters.Row()
        row.documents = 1
        counters.add(row, to: "html")
        let outcomes: [PrepareOutcome] = [
            .prepared(self.document),
            .failed(StageFailure(stage: "html", code: .corrupt, message: "no")),
            .excluded(stage: "language", reason: "xx"),
        ]
        let version = WorkerVersion(stages: ["chunk": 1])
        var instructions = WorkerInstructions(
            version: version,
            task: .prepare,
            nodes: nodes,
            wantsSignature: true,
            limits: WorkerLimits(
                addressSpaceBytes: 4,
                memoryBytes: 3,
                processorSecondsPerDocument: 2
            ),
            isSandboxed: true
        )
        instructions.version.messages = 0
        var known = KnownChildren()
        known.done = [1: 2]
        known.setAside = [3: StageFailure(stage: "worker", code: .crashed, message: "no")]
        let request = htmlRequest(smallPage, memoryBytes: 5)
            .frame(processorSeconds: 3, known: known)
        var report = WorkerReport(version: instructions.version)
        report.libraries = [.init(name: "parser", version: "1")]
        report.refusal = "no"
        let extraction = ExtractRequest(
            lineID: [0x31],
            uri: "a.html",
            mediaType: .html,
            bytes: smallPage
        )
        let answers: [ExtractResponse.Outcome] = [
            .lines([0x7B, 0x7D]), .refused(StageError(.corrupt, "no")),
        ]
        let notices: [ChildNotice] = [
            .begun(number: 1), .done(number: 1, last: 2, isWhole: true, payload: [3]),
            .done(number: 1, last: 2, isWhole: false, payload: []),
        ]
        return try instructions.encoded() + request.head + report.encoded()
            + notices.flatMap(\.frame.body)
            + extraction.frame(processorSeconds: 3, known: KnownChildren()).head
            + answers.map { ExtractResponse(outcome: $0).frame() }.flatMap { $0.head + $0.body }
            + outcomes.flatMap { outcome in
                let child = PreparedChild(
                    suffix: "#2/a.txt",
                    byteCount: 7,
                    contentHash: sha256("child"),
                    outcome: outcome
                )
                var writer = ByteWriter()
                child.encode(to: &writer)
                return PrepareResponse(outcome: outcome, counters: counters).encoded()
                    + PrepareResponse(outcome: outcome, children: [], counters: counters).encoded()
                    + writer.bytes
            }
    }

    /// A child of another version must be refused, which takes a version of its own for every form.
    @Test func anotherFormOfAMessageIsAnotherVersion() throws {
        let form = sha256(try self.messages()).hex.prefix(16)
        #expect(
            "\(WorkerVersion.messages) \(form)" == "9 4d1165b5046af74a",
            "a message has changed: raise the version, and take its form here"
        )
    }
}
