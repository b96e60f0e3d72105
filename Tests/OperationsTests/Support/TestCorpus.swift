import Foundation
import Operations
import Segments
import Testing

/// Source folders, a pipeline file and workspaces in a temporary folder that goes with the value.
final class TestCorpus {
    let root: String
    var pipeline: TestPipeline
    /// Source name → documents folder.
    private(set) var folders: [String: String]

    init(_ pipeline: TestPipeline = TestPipeline(), sources: [String] = ["docs"]) throws {
        var template = Array("/tmp/millrace-operations-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        let root = template.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { String(cString: $0) } ?? ""
        }
        self.root = root
        self.pipeline = pipeline
        self.folders = Dictionary(uniqueKeysWithValues: sources.map { ($0, "\(root)/\($0)") })
        for folder in self.folders.values {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true
            )
        }
    }

    deinit { _ = try? FileManager.default.removeItem(atPath: self.root) }

    /// The workspace of runs that name no other.
    var workspace: String { self.workspace("main") }

    func workspace(_ name: String) -> String { "\(self.root)/workspaces/\(name)" }

    func path(_ name: String, in source: String = "docs") -> String {
        "\(self.folders[source] ?? "")/\(name)"
    }

    // MARK: Documents

    func write(_ name: String, _ bytes: [UInt8], in source: String = "docs") throws {
        let path = self.path(name, in: source)
        let folder = URL(filePath: path).deletingLastPathComponent().path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(filePath: path))
    }

    /// The format is that of the name's extension.
    func write(_ name: String, _ document: TestDocument, in source: String = "docs") throws {
        let suffix = name.split(separator: ".").last.map(String.init) ?? ""
        let format = try #require(TestDocument.Format(rawValue: suffix))
        try self.write(name, document.bytes(format), in: source)
    }

    /// Documents `a000.md`, `a001.html`, … of `sections` chunks each.
    func fill(_ count: Int, sections: Int = 3, seed: UInt64 = 1) throws {
        for number in 0..<count {
            let digits = String(number)
            let padded = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
            let format = TestDocument.Format.allCases[number % TestDocument.Format.allCases.count]
            try self.write(
                "a\(padded).\(format.rawValue)",
                TestDocument(
                    title: "Number \(number)",
                    seed: seed &* 7_919 &+ UInt64(number),
                    sections: sections
                )
            )
        }
    }

    func rename(_ name: String, to other: String, in source: String = "docs") throws {
        try FileManager.default.moveItem(
            atPath: self.path(name, in: source),
            toPath: self.path(other, in: source)
        )
    }

    func delete(_ name: String, in source: String = "docs") throws {
        try FileManager.default.removeItem(atPath: self.path(name, in: source))
    }

    /// Another time, the same bytes.
    func touch(_ name: String, seconds: Double, in source: String = "docs") throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: seconds)],
            ofItemAtPath: self.path(name, in: source)
        )
    }

    /// Makes the pipeline redact by a policy of these lines.
    func usePolicy(_ lines: String, named name: String = "policy.yaml") throws {
        let path = "\(self.root)/\(name)"
        try Data(("version: 1\nname: tested\n" + lines).utf8).write(to: URL(filePath: path))
        self.pipeline.policy = path
    }

    // MARK: Runs

    /// The pipeline file, written anew from `pipeline`.
    func pipelineFile(workspace: String? = nil) throws -> String {
        let path = "\(self.root)/pipeline.yml"
        let text = self.pipeline.yaml(
            folders: self.folders,
            workspace: workspace ?? self.workspace
        )
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }

    @discardableResult
    func run(
        _ verb: RunVerb = .backfill,
        workers: Int = 2,
        workspace: String? = nil,
        overrides: [String: String] = [:],
        _ change: (inout RunOptions) -> Void = { _ in }
    ) throws -> RunSummary {
        var options = RunOptions()
        options.isolation = .none
        options.workerCount = workers
        options.overrides = overrides
        change(&options)
        let summary = try runPipelineFile(
            verb,
            path: try self.pipelineFile(workspace: workspace),
            options: options
        )
        #expect(summary.accounts.addsUp)
        return summary
    }

    /// A backfill into a workspace that no run has seen.
    func freshSnapshot(_ name: String = "fresh", workers: Int = 2) throws -> Snapshot {
        try self.run(workers: workers, workspace: self.workspace(name))
        return try self.snapshot(name)
    }

    func snapshot(_ name: String = "main") throws -> Snapshot {
        try #require(try liveSnapshot(workspace: self.workspace(name)))
    }

    // MARK: Questions

    func search(
        _ text: String,
        mode: SearchModeName = .fused,
        count: Int = 10,
        index: String? = nil
    ) throws -> SearchReport {
        var request = SearchRequest(workspace: self.workspace, text: text, count: count)
        request.mode = mode
        request.index = index
        return try Operations.search(request)
    }

    func state(of name: String, in source: String = "docs") throws -> String {
        try explain(workspace: self.workspace, uri: "\(source)/\(name)").state
    }
}

/// The parts of a snapshot that are a function of the documents and the pipeline.
struct SnapshotContent: Hashable {
    let indexes: [IndexSnapshot]
    let digest: String
    let documentCount: Int
    let chunkCount: Int

    init(_ snapshot: Snapshot) {
        self.indexes = snapshot.indexes
        self.digest = snapshot.digest
        self.documentCount = snapshot.documentCount
        self.chunkCount = snapshot.chunkCount
    }
}
