import Dataflow
import Execution
import Foundation
import Hashing
import Records
import WorkerMessages

@testable import Operations

/// A shell script in the place of the worker program: it takes its instructions, greets, takes the
/// beginning of a document, and then does what a broken one does.
final class ScriptedWorker {
    private let folder: String

    /// - Parameter script: what it does with a document.
    init(_ script: String) throws {
        var template = Array("/tmp/millrace-worker-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        self.folder = template.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { String(cString: $0) } ?? ""
        }
        let text = """
            #!/bin/sh
            echo started >> \(self.folder)/starts
            dd bs=65536 count=1 of=/dev/null 2>/dev/null
            \(try Self.greeting())
            dd bs=65536 count=1 of=/dev/null 2>/dev/null
            \(script)
            """
        try self.replaceScript(text)
    }

    /// The command that answers as a worker of this version does, or as another one.
    static func greeting(_ report: WorkerReport? = nil) throws -> String {
        let greeting = try (report ?? WorkerReport(version: .ofThisProgram)).encoded()
        let bytes = [greeting.count & 0xFF, greeting.count >> 8]
        let length = bytes.map { "\\" + String($0, radix: 8) }
        let text = String(decoding: greeting, as: UTF8.self)
        return "printf '\(length.joined())\\0\\0\\0\\0\\0\\0%s' '\(text)'"
    }

    /// Writes the script from another process: what this one has open for writing, a child that some
    /// other test is starting has too until it runs, and such a file cannot be executed.
    func replaceScript(_ text: String) throws {
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments = [
            "-c", #"printf '%s' "$SCRIPT" > "$1" && chmod 700 "$1""#, "sh", self.executable,
        ]
        shell.environment = ["SCRIPT": text, "PATH": "/usr/bin:/bin"]
        try shell.run()
        shell.waitUntilExit()
        guard shell.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
    }

    deinit { try? FileManager.default.removeItem(atPath: self.folder) }

    var executable: String { self.folder + "/worker" }

    var starts: Int {
        let text = try? String(contentsOfFile: self.folder + "/starts", encoding: .utf8)
        return (text ?? "").split(separator: "\n").count
    }

    func worker(limits: WorkerLimits = WorkerLimits(deadlineSeconds: 30)) throws -> PrepareWorker {
        try PrepareWorker(
            isolation: .process(WorkerProgram(path: self.executable)),
            nodes: [htmlNode],
            wantsSignature: false,
            limits: limits
        )
    }
}

let htmlNode = PlanNode(
    id: "html",
    uses: "extract-html",
    phase: .prepare,
    inputs: ["docs"],
    mediaTypes: [MediaType.html.name],
    configuration: [:]
)

func htmlRequest(_ bytes: [UInt8], memoryBytes: Int? = nil) -> PrepareRequest {
    let raw = RawDocument(
        id: documentID(uri: "docs/page.html"),
        uri: "docs/page.html",
        mediaType: .html,
        bytes: bytes
    )
    return PrepareRequest(raw: raw, source: "docs", memoryBytes: memoryBytes)
}

let smallPage = Array("<title>t</title><main><p>One sentence to be read here.</p></main>".utf8)
