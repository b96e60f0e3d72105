import Foundation
import Operations
import Segments
import Storage
import Testing

/// A value that redaction takes out, or that goes with its document, leaves the disk.
@Suite struct OldValueTests {
    let corpus: TestCorpus

    init() throws {
        self.corpus = try TestCorpus()
        try self.corpus.fill(6, sections: 1)
        self.corpus.pipeline.redactKinds = ["PHONE"]
        try self.corpus.write(
            "p.md",
            Array("# Mail\n\nWrite to zebrafinch.quokka@corp.io please, and to no one else.\n".utf8)
        )
        try self.corpus.run()
    }

    /// Whether the letters stand in a file of the workspace; the first of a word may be shared with the word
    /// before it in a list.
    private func isOnDisk(_ letters: String) throws -> Bool {
        let root = self.corpus.workspace
        let names = try #require(FileManager.default.enumerator(atPath: root))
        for case let name as String in names {
            guard let data = try? Data(contentsOf: URL(filePath: "\(root)/\(name)")) else {
                continue
            }
            if data.range(of: Data(letters.utf8)) != nil { return true }
        }
        return false
    }

    private func scan() throws -> LeakReport {
        let pipeline = try self.corpus.pipelineFile()
        return try scanForLeaks(workspace: self.corpus.workspace, pipeline: pipeline)
    }

    @Test func stricterPolicyTakesTheOldValueOffTheDisk() throws {
        #expect(try self.isOnDisk("finch"))
        self.corpus.pipeline.redactKinds = nil
        let summary = try self.corpus.run(.sync)
        #expect(summary.outcome == .published)
        #expect(try !self.isOnDisk("finch"))
        #expect(try snapshotNumbers(workspace: self.corpus.workspace).count == 1)
        let report = try self.scan()
        #expect(report.leakCount == 0 && report.unjudged.isEmpty)
        #expect(try verify(workspace: self.corpus.workspace).problems.isEmpty)
        #expect(try self.corpus.run(.sync).outcome == .unchanged)
    }

    @Test func compactTakesADeletedDocumentOffTheDisk() throws {
        try self.corpus.delete("p.md")
        try self.corpus.run(.sync)
        #expect(try self.isOnDisk("finch"))
        self.corpus.pipeline.redactKinds = nil
        // Kept for readers still at work, and told.
        let report = try scanForLeaks(
            workspace: self.corpus.workspace,
            pipeline: try self.corpus.pipelineFile()
        )
        #expect(report.leakCount > 0)
        #expect(report.leaks.allSatisfy { !$0.isServed })
        self.corpus.pipeline.redactKinds = ["PHONE"]
        try self.corpus.run(.compact)
        #expect(try !self.isOnDisk("finch"))
    }

    @Test func setAsideManifestIsScannedAndPurged() throws {
        let manifests = try setShardsAside([0, 1, 2, 3], workspace: self.corpus.workspace)
        #expect(manifests.count == 4)
        try self.corpus.run(.sync)
        self.corpus.pipeline.redactKinds = nil
        #expect(try self.scan().leaks.contains { $0.file.contains(".damaged-1") })
        self.corpus.pipeline.redactKinds = ["PHONE"]
        try self.corpus.run(.compact)
        #expect(manifests.allSatisfy { fileExists($0.path) })
        try self.corpus.run(.compact) { $0.isPurging = true }
        #expect(manifests.allSatisfy { !fileExists($0.path) })
    }

    @Test func segmentThatNothingNamesIsScanned() throws {
        let segment = try #require(
            try self.corpus.snapshot().indexes.first?.segments.first { $0.documentCount > 0 }
        )
        let segments = try self.corpus.snapshot().indexes.flatMap(\.segments)
        for segment in segments {
            let path = segment.path(workspace: self.corpus.workspace)
            try FileManager.default.copyItem(
                atPath: path,
                toPath: parentFolder(of: path) + "/stray-\(segment.shard).mrs"
            )
        }
        self.corpus.pipeline.redactKinds = nil
        #expect(try self.scan().leaks.contains { $0.file.contains("stray-") })
        #expect(segment.chunkCount > 0)
    }
}
