import Foundation
import Manifests
import Operations
import Segments
import Storage
import Testing

/// State files that are lost or damaged: who finds it, what is said, and what heals it.
@Suite struct LossTests {
    let corpus: TestCorpus
    let digest: String

    init() throws {
        self.corpus = try TestCorpus()
        try self.corpus.fill(12, sections: 1)
        self.digest = try #require(try self.corpus.run().digest)
    }

    private func path(_ name: String) -> String { "\(self.corpus.workspace)/\(name)" }

    private func flip(_ name: String, at share: Double) throws {
        var bytes = try readFile(self.path(name), maximumBytes: 1 << 28)
        bytes[Int(Double(bytes.count - 1) * share)] ^= 0x10
        try Data(bytes).write(to: URL(filePath: self.path(name)))
    }

    static let files = [
        "catalog.sqlite", "dedupe.sqlite", "shards/0000/manifest.sqlite",
        "shards/0003/manifest.sqlite",
    ]

    @Test(arguments: files, [0.3, 0.5, 0.77, 0.999]) func oneFlippedByteIsFoundByVerify(
        name: String,
        share: Double
    ) throws {
        #expect(try verify(workspace: self.corpus.workspace).areStateFilesJudged)
        try self.flip(name, at: share)
        do {
            let problems = try verify(workspace: self.corpus.workspace).problems
            #expect(problems.contains { $0.contains(name) && $0.contains("millrace sync") })
        } catch let error as OperationError {
            // SQLite met it first.
            #expect(error.message.contains(name))
        }
    }

    @Test func paranoidSyncMakesTheDedupeStoreAgainAndPublishesNothingFromADamagedManifest() throws
    {
        try self.flip("dedupe.sqlite", at: 0.9)
        let summary = try self.corpus.run(.sync) { $0.isParanoid = true }
        #expect(summary.digest == self.digest)
        #expect(try verify(workspace: self.corpus.workspace).problems.isEmpty)
        try self.flip("shards/0001/manifest.sqlite", at: 0.9)
        let error = #expect(throws: OperationError.self) {
            try self.corpus.run(.sync) { $0.isParanoid = true }
        }
        #expect(error?.message.contains("--rebuild-shard 0001") == true)
    }

    @Test(arguments: [true, false]) func aRunOfTheDedupeStoreIsMadeAgain(isLost: Bool) throws {
        let workspace = self.corpus.workspace
        let files = try DedupeStore.runFiles(of: self.path("dedupe.sqlite"))
        let run = try #require(files.first)
        #expect(files.allSatisfy { $0.hasPrefix(self.path("dedupe/")) })
        func damage() throws {
            guard !isLost else { return try removeFile(run) }
            try self.flip(String(run.dropFirst(self.path("").utf8.count)), at: 0.5)
        }
        func isSound() -> Bool { doctor(workspace: workspace).checks.allSatisfy(\.isSound) }
        #expect(isSound())
        try damage()
        #expect(!isSound())
        let problems = try verify(workspace: workspace).problems
        #expect(problems.contains { $0.contains(run) && $0.contains("--rebuild dedupe") })
        let summary = try self.corpus.run(.sync) { $0.isParanoid = true }
        #expect(summary.digest == self.digest)
        #expect(try DedupeStore.runFiles(of: self.path("dedupe.sqlite")) == files)
        #expect(try verify(workspace: workspace).problems.isEmpty && isSound())

        // A change asks for the file, and is told what makes it again.
        try damage()
        try self.corpus.write("more.md", TestDocument(title: "More", seed: 77, sections: 1))
        let error = #expect(throws: OperationError.self) { try self.corpus.run(.sync) }
        #expect(error?.message.contains("--rebuild dedupe") == true, "\(error?.message ?? "")")
        _ = try setAside(.dedupe, workspace: workspace)
        try self.corpus.delete("more.md")
        #expect(try self.corpus.run(.sync).digest == self.digest)
        #expect(try verify(workspace: workspace).problems.isEmpty && isSound())
    }

    @Test func writersLeaveTheirOwnChecksums() throws {
        try self.corpus.write("more.md", TestDocument(title: "More", seed: 77, sections: 1))
        try self.corpus.run(.sync)
        #expect(try verify(workspace: self.corpus.workspace).problems.isEmpty)
        try self.corpus.run(.compact)
        let report = try verify(workspace: self.corpus.workspace)
        #expect(report.problems.isEmpty && report.areStateFilesJudged)
    }

    @Test(arguments: ["LIVE", "snapshots/1.json"], [true, false])
    func lostOrDamagedSnapshotIsToldAndHealedBySync(name: String, isLost: Bool) throws {
        if isLost {
            try FileManager.default.removeItem(atPath: self.path(name))
        } else {
            try Data("nonsense".utf8).write(to: URL(filePath: self.path(name)))
        }
        let workspace = self.corpus.workspace
        let verbs: [(String, () throws -> Void)] = [
            ("search", { _ = try self.corpus.search("Number") }),
            ("status", { _ = try status(workspace: workspace) }),
            ("digest", { _ = try Operations.digest(workspace: workspace) }),
            ("verify", { _ = try verify(workspace: workspace) }),
            ("audit", { _ = try audit(workspace: workspace) }),
        ]
        for (verb, call) in verbs {
            let error = #expect(throws: OperationError.self, "\(verb)") { try call() }
            #expect(error?.status == .fatal, "\(verb)")
            #expect(error?.message.contains("millrace sync PIPELINE") == true, "\(verb)")
        }
        let summary = try self.corpus.run(.sync)
        #expect(summary.outcome == .published)
        #expect(summary.digest == self.digest)
        #expect(try verify(workspace: workspace).problems.isEmpty)
    }

    @Test func lostCatalogIsToldAndHealedBySync() throws {
        try FileManager.default.removeItem(atPath: self.path("catalog.sqlite"))
        // Search needs none.
        #expect(try !self.corpus.search("Number").hits.isEmpty)
        let error = #expect(throws: OperationError.self) {
            try status(workspace: self.corpus.workspace)
        }
        #expect(error?.status == .fatal)
        #expect(error?.message.contains("catalog.sqlite is missing") == true)
        self.corpus.pipeline.shards = 2
        let refusal = #expect(throws: OperationError.self) { try self.corpus.run(.sync) }
        #expect(refusal?.status == .configuration)
        self.corpus.pipeline.shards = 4
        let summary = try self.corpus.run(.sync)
        #expect(summary.digest == self.digest)
        #expect(summary.extracted == 0)
        #expect(try verify(workspace: self.corpus.workspace).problems.isEmpty)
    }

    @Test func lostShardManifestIsAnErrorOfStatus() throws {
        try FileManager.default.removeItem(atPath: self.path("shards/0002/manifest.sqlite"))
        let error = #expect(throws: OperationError.self) {
            try status(workspace: self.corpus.workspace)
        }
        #expect(error?.status == .fatal)
        #expect(error?.message.contains("shards/0002/manifest.sqlite: missing") == true)
        #expect(try self.corpus.run(.sync).digest == self.digest)
        #expect(try status(workspace: self.corpus.workspace).accounts.listed == 12)
    }

    @Test(arguments: [RebuildableState.catalog, .dedupe])
    func stateThatIsSetAsideIsMadeAgain(state: RebuildableState) throws {
        for share in [0.0, 0.01] { try self.flip("\(state.rawValue).sqlite", at: share) }
        #expect(throws: OperationError.self) {
            try self.corpus.delete("a000.md")
            try self.corpus.run(.sync)
        }
        let path = try #require(try setAside(state, workspace: self.corpus.workspace))
        #expect(fileExists(path))
        let summary = try self.corpus.run(.sync)
        #expect(summary.digest == (try self.corpus.freshSnapshot()).digest)
    }
}
