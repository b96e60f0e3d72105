import Foundation
import Manifests
import Operations
import Segments
import Storage
import Testing

/// A workspace gets another count of shards: nothing is lost, read again or paid twice, and the digest stays.
@Suite struct ReshardTests {
    let corpus: TestCorpus
    let digest: String?
    private let layout: WorkspaceLayout
    private var workspace: String { self.corpus.workspace }

    /// Documents with repetitions, near-duplicates, host boilerplate and one that cannot be read.
    init() throws {
        var pipeline = TestPipeline()
        pipeline.boilerplate = "host"
        self.corpus = try TestCorpus(pipeline)
        try self.corpus.fill(14, sections: 2)
        for name in ["k.md", "m.html", "p.md", "q.txt"] {
            try self.corpus.write(name, DuplicateTests.twins)
        }
        try self.corpus.write("bad.pdf", Array("%PDF-1.7\nbroken".utf8))
        self.digest = try self.corpus.run().digest
        self.layout = WorkspaceLayout(root: self.corpus.workspace)
    }

    @discardableResult
    private func reshard(_ count: Int) throws -> ReshardReport {
        let report = try Operations.reshard(to: count, workspace: self.workspace)
        self.corpus.pipeline.shards = count
        return report
    }

    /// Shard, name and tombstones of every segment.
    private func segments(_ snapshot: Snapshot) -> Set<String> {
        Set(
            snapshot.indexes.flatMap(\.segments).map {
                "\($0.shard) \($0.name) \($0.tombstones ?? "-")"
            }
        )
    }

    @Test(arguments: [1, 3, 9]) func anotherCountGivesTheSameDigestAndTheBytesOfABackfill(
        count: Int
    ) throws {
        let before = try status(workspace: self.workspace)
        let answer = try self.corpus.search("Number").hits.map(\.uri)
        let report = try self.reshard(count)
        #expect((report.shardsBefore, report.shards, report.documents) == (4, count, 19))

        // Between the two, everything that reads goes on.
        #expect(try self.corpus.search("Number").hits.map(\.uri) == answer)
        let between = try verify(workspace: self.workspace)
        #expect(between.awaitsSegments)
        #expect(between.areStateFilesJudged)
        #expect(between.problems.isEmpty)
        #expect(try audit(workspace: self.workspace).problems.isEmpty)
        #expect(try status(workspace: self.workspace).accounts == before.accounts)
        let checks = doctor(workspace: self.workspace).checks
        #expect(checks.allSatisfy { $0.isSound })

        let summary = try self.corpus.run(.sync)
        #expect(summary.digest == self.digest)
        #expect((summary.extracted, summary.chunksEmbedded) == (0, 0))
        #expect(summary.unchanged == 19)
        #expect(try !verify(workspace: self.workspace).awaitsSegments)
        #expect(try verify(workspace: self.workspace).problems.isEmpty)
        #expect(try audit(workspace: self.workspace).problems.isEmpty)
        #expect(try self.corpus.run(.sync).outcome == .unchanged)
        try self.corpus.run(.compact)
        #expect(
            try self.segments(self.corpus.snapshot()) == self.segments(self.corpus.freshSnapshot())
        )
    }

    /// What differs between the documents of a run goes on to differ as after a run without a reshard.
    @Test func changesBeforeAndAfterAreTakenUp() throws {
        try self.corpus.delete("k.md")
        try self.corpus.write("a001.html", TestDocument(title: "Zymurgy", seed: 77, sections: 1))
        try self.reshard(2)
        try self.corpus.write("a002.txt", TestDocument(title: "Quixotry", seed: 78, sections: 1))
        let summary = try self.corpus.run(.sync)
        #expect(summary.removed == 1)
        #expect(summary.changed == 2)
        #expect(summary.digest == (try self.corpus.freshSnapshot()).digest)
    }

    @Test func heldDeletionsAndIgnoredFailuresGoAlong() throws {
        for number in 0..<14 {
            let suffix = TestDocument.Format.allCases[number % TestDocument.Format.allCases.count]
            let digits = number < 10 ? "0\(number)" : "\(number)"
            try self.corpus.delete("a0\(digits).\(suffix.rawValue)")
        }
        let held = try self.corpus.run(.sync)
        #expect(held.status == .deletesHeld)
        let before = try heldDeletions(workspace: self.workspace)
        #expect(!before.isEmpty)
        try self.reshard(7)
        #expect(try heldDeletions(workspace: self.workspace) == before)
        #expect(try self.corpus.run(.sync).digest == self.digest)
    }

    @Test func runThatAsksForAnotherCountIsToldTheCommand() throws {
        self.corpus.pipeline.shards = 8
        let error = #expect(throws: OperationError.self) { try self.corpus.run(.sync) }
        #expect(error?.status == .configuration)
        let file = try self.corpus.pipelineFile()
        #expect(error?.message.contains("'millrace reshard 8 \(file)'") == true)
        #expect(error?.message.contains("'shards: 4'") == true)
        try self.reshard(8)
        #expect(try self.corpus.run(.sync).digest == self.digest)
        self.corpus.pipeline.shards = 4
        let back = #expect(throws: OperationError.self) { try self.corpus.run(.sync) }
        #expect(back?.message.contains("millrace reshard 4 ") == true)
    }

    @Test func itIsRefusedWhileAnotherWriterIsAtWork() throws {
        let holder = LockHolder(
            host: "mill",
            processID: 4_711,
            verb: "sync",
            startedMilliseconds: 1
        )
        let lock = try WorkspaceLock.acquire(self.layout.lock, as: holder)
        let error = #expect(throws: OperationError.self) {
            try Operations.reshard(to: 2, workspace: self.workspace)
        }
        #expect(error?.status == .locked)
        #expect(error?.message.contains("'sync' (process 4711 on mill") == true)
        #expect(try status(workspace: self.workspace).accounts.listed == 19)
        extendLifetime(lock)
    }

    @Test func itIsRefusedWhileARunInItemsIsUnderWay() throws {
        try createFolder(self.layout.workFolder)
        try replaceFile(self.layout.workSession, with: Array("{}".utf8))
        let error = #expect(throws: OperationError.self) {
            try Operations.reshard(to: 2, workspace: self.workspace)
        }
        #expect(error?.status == .locked)
        #expect(error?.message.contains("millrace work done") == true)
    }

    @Test(arguments: [0, -1, 1_025]) func countThatNoWorkspaceHasIsRefused(count: Int) throws {
        let error = #expect(throws: OperationError.self) {
            try Operations.reshard(to: count, workspace: self.workspace)
        }
        #expect(error?.status == .configuration)
        #expect(error?.message.contains("1 to 1024") == true)
    }

    @Test func lostManifestIsNamedAndNothingChanges() throws {
        try removeFile(self.layout.manifest(shard: 2))
        let error = #expect(throws: OperationError.self) {
            try Operations.reshard(to: 2, workspace: self.workspace)
        }
        #expect(error?.status == .fatal)
        #expect(error?.message.contains(self.layout.manifest(shard: 2)) == true)
        #expect(try self.corpus.run(.sync).digest == self.digest)
    }

    @Test func sameCountChangesNoFile() throws {
        func contents() throws -> [String: [UInt8]] {
            var files: [String: [UInt8]] = [:]
            for name in try FileManager.default.subpathsOfDirectory(atPath: self.workspace)
            where [".sqlite", ".mrs", ".json", "CHECKSUMS"].contains(where: name.hasSuffix) {
                files[name] = try? readFile("\(self.workspace)/\(name)", maximumBytes: 1 << 26)
            }
            return files
        }
        let before = try contents()
        let report = try self.reshard(4)
        #expect((report.shardsBefore, report.shards, report.documents) == (4, 4, 19))
        #expect(try contents() == before)
    }

    /// Segments of shards that are no more stay as long as a snapshot names them.
    @Test func earlierSnapshotsStayReadableUntilTheyGo() throws {
        self.corpus.pipeline.rootLines = ["retention: { keep_snapshots: 1 }"]
        try self.reshard(9)
        try self.reshard(2)
        #expect(fileExists(self.layout.segmentsFolder(shard: 3)))
        #expect(!fileExists(self.layout.shardFolder(8)), "it holds nothing")
        try self.corpus.write("b.md", TestDocument(title: "Zymurgy", seed: 5, sections: 1))
        try self.corpus.run(.sync)
        #expect(try self.corpus.search("Zymurgy").hits.first?.uri == "docs/b.md")
        _ = try rollback(workspace: self.workspace, to: 1)
        #expect(try self.corpus.snapshot().digest == self.digest)
        #expect(try !self.corpus.search("Number").hits.isEmpty)
        for seed in 6..<9 {
            try self.corpus.write(
                "b.md",
                TestDocument(title: "Zymurgy", seed: UInt64(seed), sections: 1)
            )
            try self.corpus.run(.sync)
        }
        #expect(!fileExists(self.layout.shardFolder(3)))
        #expect(!fileExists(self.layout.shardFolder(2)))
        #expect(try verify(workspace: self.workspace).problems.isEmpty)
    }

    @Test func backupOfAReshardedWorkspaceIsWhole() throws {
        try self.reshard(3)
        let folder = self.corpus.root + "/backup"
        _ = try backup(workspace: self.workspace, to: folder)
        let restored = self.corpus.workspace("restored")
        _ = try restore(from: folder, to: restored)
        #expect(try self.corpus.snapshot("restored").digest == self.digest)
        #expect(try self.corpus.run(.sync, workspace: restored).digest == self.digest)
    }

    // MARK: Killed in between

    /// As a process leaves it that is killed after the exchange: the file in the new folder is right.
    @Test func catalogThatLagsBehindIsOverruledAndBroughtUpToDate() throws {
        try self.reshard(3)
        try self.pretendCatalogLags(count: 3)
        #expect(try status(workspace: self.workspace).accounts.listed == 19)
        #expect(try verify(workspace: self.workspace).problems.isEmpty)
        let report = try self.reshard(3)
        #expect((report.shardsBefore, report.documents) == (3, 19))
        #expect(!fileExists(self.layout.shardCountFile))
        try self.pretendCatalogLags(count: 3)
        #expect(try self.corpus.run(.sync).digest == self.digest)
        #expect(!fileExists(self.layout.shardCountFile))
    }

    /// A file system that cannot exchange folders renames twice.
    @Test(arguments: [true, false]) func processKilledBetweenTwoRenamesLosesNothing(
        runs: Bool
    ) throws {
        try self.reshard(3)
        try self.pretendCatalogLags(count: 3)
        let staged = "\(self.workspace)/\(StagedFile.namePrefix)shards-4711"
        try FileManager.default.moveItem(atPath: self.layout.shardsFolder, toPath: staged)
        try createFolder(staged + "-old/0000")
        if !runs { #expect(try self.reshard(3).documents == 19) }
        let summary = try self.corpus.run(.sync)
        #expect(summary.digest == self.digest)
        #expect(summary.extracted == 0)
        #expect(!fileExists(staged))
        #expect(!fileExists(staged + "-old"))
    }

    @Test func folderOfAKilledReshardGoesWithTheNextRun() throws {
        let staged = "\(self.workspace)/\(StagedFile.namePrefix)shards-4711"
        try createFolder(staged + "/0000/segments")
        try replaceFile(staged + "/0000/manifest.sqlite", with: [0])
        #expect(try self.corpus.run(.sync).outcome == .unchanged)
        #expect(!fileExists(staged))
    }

    @Test func damagedCountIsNamed() throws {
        try replaceFile(self.layout.shardCountFile, with: Array("many\n".utf8))
        let error = #expect(throws: OperationError.self) { try self.corpus.run(.sync) }
        #expect(error?.message.contains(self.layout.shardCountFile) == true)
    }

    private func pretendCatalogLags(count: Int) throws {
        let catalog = try Catalog(path: self.layout.catalog, mode: .readWrite)
        try catalog.setSetting(SettingKey.shardCount, to: "4")
        try catalog.checkpoint()
        try replaceFile(self.layout.shardCountFile, with: Array("\(count)\n".utf8))
        try removeFile(self.layout.checksums)
    }
}
