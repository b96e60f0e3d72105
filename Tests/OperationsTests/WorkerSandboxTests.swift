import Dataflow
import Execution
import Foundation
import Hashing
import Records
import Testing
import WorkerMessages

@testable import Operations

@Suite(.enabled(if: WorkerBinary.isBuilt, WorkerBinary.absence))
struct WorkerSandboxTests {
    private static let nodes: [PlanNode] = [
        ("html", "extract-html", MediaType.html), ("pdf", "extract-pdf", .pdf),
        ("text", "extract-text", .plain),
    ].map { id, uses, type in
        PlanNode(
            id: id,
            uses: uses,
            phase: .prepare,
            inputs: ["docs"],
            mediaTypes: [type.name],
            configuration: [:]
        )
    }

    private func worker(isSandboxed: Bool) throws -> PrepareWorker {
        try PrepareWorker(
            isolation: .process(WorkerProgram(path: WorkerBinary.path)),
            nodes: Self.nodes,
            wantsSignature: true,
            limits: WorkerLimits(),
            isSandboxed: isSandboxed
        )
    }

    @Test func aWorkerTellsWhatHoldsItInAndCannotBreakOut() throws {
        let report = try #require(try self.worker(isSandboxed: true).probe())
        #expect(Set(report.mechanisms.map(\.name)) == Set(Sandbox.MechanismName.allCases))
        #expect(report.probes.count == 10)
        let isComplete = report.mechanisms.allSatisfy(\.isActive)
        let possible = report.probes.filter { !$0.isRefused }.map(\.attempt)
        #expect(possible.isEmpty || !isComplete, "a parser could \(possible)")
        #expect(isComplete || Sandbox.landlockABI == 0)
    }

    @Test(arguments: ["shift_jis", "utf-16le", "windows-1251"])
    func charsetsReadTheSameInsideTheSandbox(charset: String) throws {
        let encodings: [String: String.Encoding] = [
            "shift_jis": .shiftJIS, "utf-16le": .utf16LittleEndian,
            "windows-1251": .windowsCP1251,
        ]
        let word = charset == "windows-1251" ? "Привет, мир. " : "日本語の文書です。"
        let page =
            "<meta charset=\(charset)><title>t</title><main><p>"
            + String(repeating: word, count: 40) + "</p></main>"
        let encoding = try #require(encodings[charset])
        let bytes = Array(try #require(page.data(using: encoding)))
        try self.expectSame([(bytes, .html)])
    }

    @Test(.enabled(if: !SharedDocuments.all.isEmpty, "no shared folder beside the repository"))
    func realDocumentsReadTheSameInsideTheSandbox() throws {
        try self.expectSame(
            try SharedDocuments.all.map { path, type in
                (Array(try Data(contentsOf: URL(filePath: path))), type)
            }
        )
    }

    private func expectSame(_ documents: [(bytes: [UInt8], type: MediaType)]) throws {
        let outside = try self.worker(isSandboxed: false)
        let inside = try self.worker(isSandboxed: true)
        for (index, document) in documents.enumerated() {
            let raw = RawDocument(
                id: documentID(uri: "docs/\(index)"),
                uri: "docs/\(index)",
                mediaType: document.type,
                bytes: document.bytes
            )
            let request = PrepareRequest(raw: raw, source: "docs")
            let expected = try outside.prepare(request).outcome
            #expect(
                try encoded(inside.prepare(request).outcome) == encoded(expected),
                "document \(index)"
            )
        }
    }
}

private func encoded(_ outcome: PrepareOutcome) -> [UInt8] {
    var writer = ByteWriter()
    outcome.encode(to: &writer)
    return writer.bytes
}

/// A few pages and, because poppler reads files for them, every made PDF.
private enum SharedDocuments {
    static let all: [(path: String, type: MediaType)] = {
        var root = URL(filePath: #filePath).resolvingSymlinksInPath()
        for _ in 0..<4 { root.deleteLastPathComponent() }
        let data = root.appendingPathComponent("shared/data").path
        let pages = Self.files(below: data + "/html", extension: "html").enumerated()
            .filter { $0.offset.isMultiple(of: 12) }.map { ($0.element, MediaType.html) }
        return pages + Self.files(below: data + "/pdf", extension: "pdf").map { ($0, .pdf) }
    }()

    private static func files(below folder: String, extension name: String) -> [String] {
        let paths = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String }
        return (paths ?? []).filter { $0.hasSuffix("." + name) }.sorted().map { folder + "/" + $0 }
    }
}
