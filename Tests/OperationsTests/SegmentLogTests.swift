import Foundation
import Operations
import Segments
import Storage
import Testing

/// Segments grow like a log: a change writes a little, their number stays small, and what is lost is
/// rebuilt.
@Suite struct SegmentLogTests {
    let corpus: TestCorpus

    init() throws {
        var pipeline = TestPipeline()
        pipeline.shards = 1
        self.corpus = try TestCorpus(pipeline)
        try self.corpus.fill(60, sections: 1)
        #expect(try self.corpus.run().segmentsWritten == 1)
    }

    private var segments: [SnapshotSegment] {
        get throws { try self.corpus.snapshot().indexes[0].segments }
    }

    @Test func changedDocumentIsWrittenAloneAndItsOldRowBuried() throws {
        let base = try self.segments[0].name
        try self.corpus.write("a003.md", TestDocument(title: "Changed", seed: 70, sections: 1))
        #expect(try self.corpus.run(.sync).segmentsWritten == 1)
        let segments = try self.segments.sorted { $0.documentCount < $1.documentCount }
        #expect(segments.map(\.documentCount) == [1, 59])
        #expect(segments[1].name == base)
        #expect(segments[1].tombstones != nil)
        #expect(try self.corpus.search("Changed").hits.first?.uri == "docs/a003.md")
    }

    @Test func deletionWritesNoSegment() throws {
        try self.corpus.delete("a003.md")
        #expect(try self.corpus.run(.sync).segmentsWritten == 0)
        #expect(try self.segments.map(\.documentCount) == [59])
    }

    @Test func manySmallSyncsLeaveFewSegmentsThatCompactMakesOne() throws {
        for number in 0..<30 {
            let document = TestDocument(seed: UInt64(500 + number), sections: 1)
            try self.corpus.write("n\(number).md", document)
            if number.isMultiple(of: 3) {
                try self.corpus.delete("a0\(10 + number).md", maybe: true)
            }
            #expect(try self.corpus.run(.sync).outcome == .published)
            #expect(try self.segments.count <= 5)
        }
        #expect(try verify(workspace: self.corpus.workspace).problems.isEmpty)
        let digest = try self.corpus.snapshot().digest
        let compacted = try self.corpus.run(.compact)
        #expect(compacted.digest == digest)
        #expect(compacted.extracted == 0)
        #expect(compacted.chunksEmbedded == 0)
        #expect(
            SnapshotContent(try self.corpus.snapshot())
                == SnapshotContent(try self.corpus.freshSnapshot())
        )
        #expect(try self.corpus.run(.compact).outcome == .unchanged)
        #expect(try self.corpus.run(.sync).outcome == .unchanged)
    }

    @Test(arguments: [".mrs", ".mrt"]) func lostFileIsRebuiltFromTheManifest(kind: String) throws {
        try self.corpus.delete("a003.md")
        try self.corpus.run(.sync)
        let digest = try self.corpus.snapshot().digest
        let folder = WorkspaceLayout(root: self.corpus.workspace).segmentsFolder(shard: 0)
        for name in try FileManager.default.contentsOfDirectory(atPath: folder)
        where name.hasSuffix(kind) {
            try FileManager.default.removeItem(atPath: folder + "/" + name)
        }
        #expect(try !verify(workspace: self.corpus.workspace).problems.isEmpty)
        let summary = try self.corpus.run(.sync)
        #expect(summary.digest == digest)
        #expect(summary.extracted == 0)
        #expect(summary.chunksEmbedded == 0)
        #expect(try verify(workspace: self.corpus.workspace).problems.isEmpty)
    }

    @Test func damagedSegmentIsRebuiltByAParanoidSync() throws {
        let digest = try self.corpus.snapshot().digest
        let path = try self.segments[0].path(workspace: self.corpus.workspace)
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(filePath: path))
        #expect(try !verify(workspace: self.corpus.workspace).problems.isEmpty)
        #expect(try self.corpus.run(.sync) { $0.isParanoid = true }.digest == digest)
        #expect(try verify(workspace: self.corpus.workspace).problems.isEmpty)
    }

    @Test func oldSnapshotsAndTheirFilesAreSwept() throws {
        for number in 0..<6 {
            try self.corpus.write("n.md", TestDocument(seed: UInt64(900 + number), sections: 1))
            try self.corpus.run(.sync)
        }
        let numbers = try snapshotNumbers(workspace: self.corpus.workspace)
        #expect(numbers.count == 3)
        let named = try Set(
            numbers.flatMap { number in
                try snapshot(number: number, workspace: self.corpus.workspace).indexes
                    .flatMap(\.segments).flatMap { [$0.name, $0.tombstones].compactMap { $0 } }
            }
        )
        let folder = WorkspaceLayout(root: self.corpus.workspace).segmentsFolder(shard: 0)
        #expect(try Set(FileManager.default.contentsOfDirectory(atPath: folder)) == named)
    }
}

extension TestCorpus {
    fileprivate func delete(_ name: String, maybe: Bool) throws {
        guard FileManager.default.fileExists(atPath: self.path(name)) else { return }
        try self.delete(name)
    }
}
