import Hashing
import Manifests
import Records
import Testing

@Suite struct CatalogTests {
    let folder: TemporaryFolder
    let catalog: Catalog

    init() throws {
        self.folder = try TemporaryFolder()
        self.catalog = try Catalog(path: self.folder("catalog.sqlite"), mode: .create)
    }

    private func begin(_ verb: String, at time: Int64) throws -> RunID {
        try self.catalog.beginRun(
            verb: verb,
            pipeline: "demo",
            pipelineFingerprint: sha256("p"),
            at: time
        )
    }

    @Test func settingsAreReplacedAndListedByKey() throws {
        #expect(try self.catalog.setting(SettingKey.shardCount) == nil)
        try self.catalog.setSetting(SettingKey.workspaceFormat, to: "1")
        try self.catalog.setSetting(SettingKey.shardCount, to: "4")
        try self.catalog.setSetting(SettingKey.shardCount, to: "8")
        #expect(try self.catalog.setting(SettingKey.shardCount) == "8")
        #expect(try self.catalog.settings().map(\.key) == ["shard_count", "workspace_format"])
    }

    @Test func runTellsItsStory() throws {
        let run = try self.begin("backfill", at: 100)
        try self.catalog.updateRun(run, phase: "prepare", at: 150)
        let open = try #require(try self.catalog.run(run))
        #expect(open.status == .running)
        #expect(open.phase == "prepare")
        #expect(open.pipelineFingerprint == sha256("p"))
        #expect(open.updatedMilliseconds == 150)
        #expect(open.exitCode == nil)
        #expect(open.finishedMilliseconds == nil)
        try self.catalog.finishRun(
            run,
            status: .finished,
            exitCode: 3,
            summary: #"{"failed":1}"#,
            at: 200
        )
        let closed = try #require(try self.catalog.run(run))
        #expect(closed.status == .finished)
        #expect(closed.exitCode == 3)
        #expect(closed.summary == #"{"failed":1}"#)
        #expect(closed.startedMilliseconds == 100)
        #expect(closed.finishedMilliseconds == 200)
    }

    @Test func unfinishedRunIsFoundUntilALaterOneFinishes() throws {
        #expect(try self.catalog.lastUnfinishedRun() == nil)
        let killed = try self.begin("backfill", at: 1)
        #expect(try self.catalog.lastUnfinishedRun()?.id == killed)
        let stopped = try self.begin("sync", at: 2)
        try self.catalog.finishRun(
            stopped,
            status: .interrupted,
            exitCode: 130,
            summary: "{}",
            at: 3
        )
        #expect(try self.catalog.lastUnfinishedRun()?.id == stopped)
        let whole = try self.begin("sync", at: 4)
        try self.catalog.finishRun(whole, status: .finished, exitCode: 0, summary: "{}", at: 5)
        #expect(try self.catalog.lastUnfinishedRun() == nil)
        #expect(try self.catalog.runs(limit: 2).map(\.id) == [whole, stopped])
    }

    @Test func unknownRunAndSnapshotAreRefused() throws {
        for change in [
            { try self.catalog.updateRun(9, phase: "prepare", at: 1) },
            { try self.catalog.setSnapshotState(9, to: .published) },
        ] {
            let error = #expect(throws: ManifestError.self) { try change() }
            #expect(error?.code == .unknownKey)
        }
    }

    @Test func snapshotNumbersAreNeverUsedTwice() throws {
        #expect(try self.catalog.nextSnapshotNumber() == 1)
        let run = try self.begin("backfill", at: 1)
        let snapshot = SnapshotRecord(
            number: 1,
            run: run,
            createdMilliseconds: 5,
            digest: sha256("d"),
            state: .candidate
        )
        try self.catalog.recordSnapshot(snapshot)
        #expect(throws: ManifestError.self) { try self.catalog.recordSnapshot(snapshot) }
        try self.catalog.setSnapshotState(1, to: .rejected)
        #expect(try self.catalog.nextSnapshotNumber() == 2)
        var expected = snapshot
        expected.state = .rejected
        #expect(try self.catalog.snapshots() == [expected])
    }
}
