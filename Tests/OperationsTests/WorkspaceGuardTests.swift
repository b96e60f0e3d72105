import Foundation
import Glibc
import Operations
import Storage
import Testing

/// A workspace refuses what would harm it, and says what to do.
@Suite struct WorkspaceGuardTests {
    let corpus: TestCorpus
    let digest: String?

    init() throws {
        self.corpus = try TestCorpus()
        try self.corpus.fill(4)
        self.digest = try self.corpus.run().digest
    }

    @Test func secondWriterIsRefusedAndToldWhoHoldsTheLock() throws {
        let layout = WorkspaceLayout(root: self.corpus.workspace)
        let holder = LockHolder(
            host: "mill",
            processID: 4_711,
            verb: "sync",
            startedMilliseconds: 1
        )
        let lock = try WorkspaceLock.acquire(layout.lock, as: holder)
        let error = #expect(throws: OperationError.self) { try self.corpus.run() }
        #expect(error?.status == .locked)
        #expect(error?.message.contains("4711") == true)
        #expect(error?.message.contains("'sync'") == true)
        #expect(error?.message.contains("mill") == true)
        // Readers do not ask for the lock.
        #expect(try status(workspace: self.corpus.workspace).lockHolder?.process == 4_711)
        #expect(try self.corpus.search("Number").hits.isEmpty == false)
        #expect(try verify(workspace: self.corpus.workspace).problems.isEmpty)
        extendLifetime(lock)
    }

    @Test func otherShardCountIsRefused() throws {
        self.corpus.pipeline.shards = 8
        let error = #expect(throws: OperationError.self) { try self.corpus.run() }
        #expect(error?.status == .configuration)
        #expect(error?.message.contains("shards: 4") == true)
        self.corpus.pipeline.shards = 4
        #expect(try self.corpus.run().digest == self.digest)
    }

    @Test(arguments: ["catalog.sqlite", "shards/0002/manifest.sqlite", "dedupe.sqlite"])
    func stateOfANewerVersionIsRefusedUntouched(name: String) throws {
        let path = self.corpus.workspace + "/" + name
        // SQLite keeps user_version at byte 60, big-endian; the log is empty after a clean run.
        #expect(!fileExists(path + "-wal"))
        var bytes = try readFile(path, maximumBytes: 1 << 26)
        bytes.replaceSubrange(60..<64, with: [0, 0, 3, 0xE7])
        try Data(bytes).write(to: URL(filePath: path))
        let error = #expect(throws: OperationError.self) { try self.corpus.run() }
        #expect(error?.status == .newerVersion)
        #expect(error?.message.contains("999") == true)
        #expect(try readFile(path, maximumBytes: 1 << 26) == bytes)
    }

    @Test func readingVerbsSayThatThereIsNoWorkspace() throws {
        let nowhere = self.corpus.root + "/nowhere"
        let verbs: [() throws -> Void] = [
            { _ = try status(workspace: nowhere) },
            { _ = try verify(workspace: nowhere) },
            { _ = try Operations.digest(workspace: nowhere) },
            { _ = try explain(workspace: nowhere, uri: "docs/a000.md") },
            { _ = try search(SearchRequest(workspace: nowhere, text: "x", count: 1)) },
        ]
        for verb in verbs {
            let error = #expect(throws: OperationError.self) { try verb() }
            #expect(error?.status == .noSuchState)
            #expect(error?.message.contains("backfill") == true)
        }
        #expect(!fileExists(nowhere))
    }

    @Test func brokenPipelineFileTouchesNothing() throws {
        let path = self.corpus.root + "/broken.yml"
        let workspace = self.corpus.root + "/untouched"
        var text = TestPipeline().yaml(
            folders: ["docs": self.corpus.path("")],
            workspace: workspace
        )
        text = text.replacingOccurrences(of: "maximum_tokens", with: "maximum_tokns")
        try Data(text.utf8).write(to: URL(filePath: path))
        var options = RunOptions()
        options.isolation = .none
        let error = #expect(throws: OperationError.self) {
            try runPipelineFile(.backfill, path: path, options: options)
        }
        #expect(error?.status == .configuration)
        #expect(error?.message.contains("maximum_tokens") == true)
        #expect(error?.message.contains("broken.yml:") == true)
        #expect(!fileExists(workspace))
    }
}
