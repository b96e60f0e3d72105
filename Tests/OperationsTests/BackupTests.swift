import Foundation
import Operations
import Segments
import Storage
import Synchronization
import Testing

/// A backup is a state that the next sync brings up to date, whenever it was made.
@Suite struct BackupTests {
    private func copyBack(_ corpus: TestCorpus, to name: String) throws -> RestoreReport {
        try restore(from: corpus.root + "/backup", to: corpus.workspace(name))
    }

    @Test func restoredWorkspaceIsReadAndSyncedAsIfNothingHadHappened() throws {
        let corpus = try TestCorpus()
        try corpus.fill(20, sections: 2)
        try corpus.write("twin.html", TestDocument(title: "Number 0", seed: 7_919, sections: 2))
        let first = try corpus.run()
        let report = try backup(workspace: corpus.workspace, to: corpus.root + "/backup")
        #expect(report.isQuiet)
        #expect(report.digest == first.digest)
        let runs = try folderEntries(corpus.workspace + "/dedupe").compactMap(\.name)
        #expect(try folderEntries(corpus.root + "/backup/dedupe").compactMap(\.name) == runs)
        try corpus.delete("a000.md")
        try corpus.rename("a001.html", to: "moved.html")
        try corpus.write("a003.md", TestDocument(seed: 99))
        let last = try corpus.run(.sync)

        #expect(try self.copyBack(corpus, to: "restored").snapshot == first.snapshot)
        let restored = corpus.workspace("restored")
        #expect(try digest(workspace: restored).digest == first.digest)
        #expect(try verify(workspace: restored).problems.isEmpty)
        #expect(try status(workspace: restored).accounts.addsUp)
        let request = SearchRequest(workspace: restored, text: "co di fer", count: 3)
        #expect(try search(request).hits.count == 3)
        let synced = try corpus.run(.sync, workspace: restored)
        #expect(synced.digest == last.digest)
        // Only what changed after the backup was read again.
        #expect(synced.extracted <= 3)
        #expect(try verify(workspace: restored).problems.isEmpty)
    }

    /// The clock is read at every checkpoint and phase of a run: a backup at each of them.
    @Test(arguments: 2...14) func backupUnderAWriterIsRepairedByTheNextSync(reading: Int) throws {
        let corpus = try TestCorpus()
        try corpus.fill(40, sections: 1)
        for number in 0..<6 {
            let twin = TestDocument(title: "Twin", seed: 7_919 + UInt64(number), sections: 1)
            try corpus.write("twin\(number).txt", twin)
        }
        try corpus.run()
        try corpus.fill(30, sections: 1, seed: 2)
        for number in 0..<3 { try corpus.delete("twin\(number).txt") }
        let made = Mutex<Result<BackupReport, any Error>?>(nil)
        let (workspace, folder) = (corpus.workspace, corpus.root + "/backup")
        try corpus.run(.sync, workers: 1) { options in
            options.clock = hookedClock(reading: reading) {
                let result = Result { try backup(workspace: workspace, to: folder) }
                made.withLock { $0 = result }
            }
        }
        guard let report = try made.withLock({ $0 })?.get() else {
            #expect(reading > 8, "the run read its clock less often")
            return
        }
        #expect(!report.isQuiet)
        #expect(try self.copyBack(corpus, to: "restored").digest == report.digest)
        let restored = corpus.workspace("restored")
        #expect(try digest(workspace: restored).digest == report.digest)
        // Changes after the backup, among them an original that had duplicates.
        try corpus.delete("a001.html")
        try corpus.delete("twin4.txt")
        try corpus.write("late.md", TestDocument(seed: 4_711, sections: 2))
        let synced = try corpus.run(.sync, workspace: restored)
        #expect(synced.digest == (try corpus.freshSnapshot()).digest)
        #expect(try verify(workspace: restored).problems.isEmpty)
    }

    @Test func backupBeforeAnythingIsPublishedIsRestoredAndResumed() throws {
        let corpus = try TestCorpus()
        try corpus.fill(5)
        try corpus.run { $0.cancellation.request() }
        let report = try backup(workspace: corpus.workspace, to: corpus.root + "/backup")
        #expect(report.snapshot == nil)
        _ = try self.copyBack(corpus, to: "restored")
        let resumed = try corpus.run(workspace: corpus.workspace("restored"))
        #expect(resumed.digest == (try corpus.freshSnapshot()).digest)
    }

    @Test func everyDamagedFileIsNamedAndNothingIsMade() throws {
        let corpus = try TestCorpus()
        try corpus.fill(6)
        try corpus.run()
        let folder = corpus.root + "/backup"
        let report = try backup(workspace: corpus.workspace, to: folder)
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
            .filter { (try? fileStatus("\(folder)/\($0)").kind) == .regular }
        #expect(names.count == report.files + 1)
        for name in names where name != "backup.json" {
            let url = URL(filePath: "\(folder)/\(name)")
            let sound = try Data(contentsOf: url)
            var damaged = sound
            damaged[damaged.count / 2] ^= 1
            for bytes in [damaged, sound.dropLast(), Data()] {
                try bytes.write(to: url)
                let error = #expect(throws: OperationError.self) {
                    try self.copyBack(corpus, to: "restored")
                }
                #expect(error?.message.contains(name) == true)
            }
            try sound.write(to: url)
        }
        #expect(!fileExists(corpus.workspace("restored")))
        let manifest = "\(folder)/backup.json"
        let text = try String(contentsOfFile: manifest, encoding: .utf8)
        try Data(text.dropLast(10).utf8).write(to: URL(filePath: manifest))
        let error = #expect(throws: OperationError.self) {
            try self.copyBack(corpus, to: "restored")
        }
        #expect(error?.message.contains("backup.json") == true)
    }

    @Test func newerFormatIsRefused() throws {
        let corpus = try TestCorpus()
        try corpus.fill(2)
        try corpus.run()
        _ = try backup(workspace: corpus.workspace, to: corpus.root + "/backup")
        let url = URL(filePath: corpus.root + "/backup/backup.json")
        let text = try String(contentsOf: url, encoding: .utf8)
            .replacing("\"formatVersion\" : 1", with: "\"formatVersion\" : 2")
        try Data(text.utf8).write(to: url)
        let error = #expect(throws: OperationError.self) {
            try self.copyBack(corpus, to: "restored")
        }
        #expect(error?.status == .newerVersion)
    }

    @Test func pathThatLeavesTheWorkspaceIsRefused() throws {
        let corpus = try TestCorpus()
        try corpus.fill(2)
        try corpus.run()
        _ = try backup(workspace: corpus.workspace, to: corpus.root + "/backup")
        let url = URL(filePath: corpus.root + "/backup/backup.json")
        let text = try String(contentsOf: url, encoding: .utf8)
            .replacing("\"path\" : \"LIVE\"", with: "\"path\" : \"../LIVE\"")
        try Data(text.utf8).write(to: url)
        #expect(throws: OperationError.self) { try self.copyBack(corpus, to: "restored") }
    }

    @Test func nothingIsOverwritten() throws {
        let corpus = try TestCorpus()
        try corpus.fill(2)
        try corpus.run()
        let folder = corpus.root + "/backup"
        _ = try backup(workspace: corpus.workspace, to: folder)
        let again = #expect(throws: OperationError.self) {
            try backup(workspace: corpus.workspace, to: folder)
        }
        #expect(again?.status == .configuration)
        let over = #expect(throws: OperationError.self) {
            try restore(from: folder, to: corpus.workspace)
        }
        #expect(over?.status == .configuration)
        // An empty folder, such as a mount point, may be there.
        try createFolder(corpus.workspace("empty"))
        _ = try restore(from: folder, to: corpus.workspace("empty"))
        #expect(try verify(workspace: corpus.workspace("empty")).problems.isEmpty)
    }

    @Test func whatIsNotThereIsSaid() throws {
        let corpus = try TestCorpus()
        let missing = #expect(throws: OperationError.self) {
            try backup(workspace: corpus.workspace, to: corpus.root + "/backup")
        }
        #expect(missing?.status == .noSuchState)
        let none = #expect(throws: OperationError.self) {
            try self.copyBack(corpus, to: "restored")
        }
        #expect(none?.status == .noSuchState)
    }
}
