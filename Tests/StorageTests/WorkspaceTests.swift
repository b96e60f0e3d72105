import Foundation
import Glibc
import Storage
import Testing

@Suite struct WorkspaceTests {
    let folder: TemporaryFolder
    let holder = LockHolder(host: "h", processID: 42, verb: "sync", startedMilliseconds: 1_000)

    init() throws { self.folder = try TemporaryFolder() }

    @Test func secondWriterIsToldWhoHoldsTheLock() throws {
        let lock = try WorkspaceLock.acquire(self.folder("lock"), as: self.holder)
        let error = #expect(throws: StorageError.self) {
            try WorkspaceLock.acquire(self.folder("lock"), as: self.holder)
        }
        #expect(error?.code == .locked)
        #expect(error?.holder == self.holder)
        #expect(error?.message.contains("'sync' (process 42 on h)") == true)
        #expect(WorkspaceLock.holder(at: self.folder("lock")) == self.holder)
        withExtendedLifetime(lock) {}
    }

    @Test func droppedLockIsFree() throws {
        _ = try WorkspaceLock.acquire(self.folder("lock"), as: self.holder)
        #expect(WorkspaceLock.holder(at: self.folder("lock")) == nil)
        _ = try WorkspaceLock.acquire(self.folder("lock"), as: self.holder)
    }

    @Test func lockOfAnotherProcessHoldsUntilItIsKilled() throws {
        let path = self.folder("lock")
        try replaceFile(path, with: [])
        let other = Process()
        let output = Pipe()
        other.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
        // exec: the killed process itself must be the one that holds the lock.
        other.arguments = ["--no-fork", path, "/bin/sh", "-c", "echo held; exec sleep 60"]
        other.standardOutput = output
        try other.run()
        #expect(output.fileHandleForReading.readData(ofLength: 5).count == 5)
        let error = #expect(throws: StorageError.self) {
            try WorkspaceLock.acquire(path, as: self.holder)
        }
        #expect(error?.code == .locked)
        #expect(error?.holder == nil)
        kill(other.processIdentifier, SIGKILL)
        other.waitUntilExit()
        let lock = try WorkspaceLock.acquire(path, as: self.holder)
        #expect(lock.holder == self.holder)
    }

    @Test func nameLeftByAKilledHolderIsNotBelieved() throws {
        let json = #"{"host":"h","processID":1,"startedMilliseconds":1,"verb":"sync"}"#
        try replaceFile(self.folder("lock"), with: Array(json.utf8))
        #expect(WorkspaceLock.holder(at: self.folder("lock")) == nil)
    }

    @Test func lockIsNotInheritedByChildren() throws {
        let path = self.folder("lock")
        var lock: WorkspaceLock? = try WorkspaceLock.acquire(path, as: self.holder)
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/bin/sleep")
        child.arguments = ["60"]
        try child.run()
        defer {
            kill(child.processIdentifier, SIGKILL)
            child.waitUntilExit()
        }
        #expect(lock != nil)
        lock = nil
        _ = try WorkspaceLock.acquire(path, as: self.holder)
    }

    /// Between fork and exec a child has copies of all descriptors, whatever they say of exec.
    @Test func droppedLockIsFreeWhileAChildIsBeingStarted() throws {
        let path = self.folder("lock")
        var lock: WorkspaceLock? = try WorkspaceLock.acquire(path, as: self.holder)
        let copies = (0..<1024).filter { descriptor in
            let link = "/proc/self/fd/\(descriptor)"
            return (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) == path
        }.map { dup(Int32($0)) }
        defer { for copy in copies { close(copy) } }
        try #require(copies.count == 1)
        #expect(lock != nil)
        lock = nil
        _ = try WorkspaceLock.acquire(path, as: self.holder)
    }

    @Test func layoutIsTheOneOfTheFormat() {
        let layout = WorkspaceLayout(root: "/w/")
        #expect(layout.catalog == "/w/catalog.sqlite")
        #expect(layout.dedupe == "/w/dedupe.sqlite")
        #expect(layout.manifest(shard: 7) == "/w/shards/0007/manifest.sqlite")
        #expect(layout.segment(shard: 12_345, name: "a.mrs") == "/w/shards/12345/segments/a.mrs")
        #expect(layout.snapshot(3) == "/w/snapshots/3.json")
        #expect(layout.live == "/w/LIVE")
    }

    @Test func leftoversAreSweptFromTheWholeWorkspace() throws {
        let layout = WorkspaceLayout(root: self.folder("w"))
        try layout.createFolders(shardCount: 2)
        for folder in [layout.root, layout.snapshotsFolder, layout.segmentsFolder(shard: 1)] {
            try Data([1]).write(to: URL(fileURLWithPath: folder + "/.tmp-1-1"))
        }
        #expect(try layout.removeStagedFiles(shardCount: 2) == 3)
        #expect(try layout.removeStagedFiles(shardCount: 2) == 0)
    }
}
