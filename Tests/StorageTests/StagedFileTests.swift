import Foundation
import Glibc
import Synchronization
import Testing

@testable import Storage

@Suite struct StagedFileTests {
    let folder: TemporaryFolder

    init() throws { self.folder = try TemporaryFolder() }

    @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 200_000])
    func committedFileHoldsExactlyWhatWasWritten(byteCount: Int) throws {
        let bytes = sampleBytes(byteCount)
        var file = try StagedFile(in: self.folder.path)
        var start = 0
        for length in [1, 40_000, 65_536, 7, 90_000] {
            let end = min(byteCount, start + length)
            try file.write(Array(bytes[start..<end]))
            start = end
        }
        try file.write(Array(bytes[start...]))
        #expect(file.byteCount == byteCount)
        try file.commit(to: self.folder("a"))
        #expect(try readFile(self.folder("a"), maximumBytes: byteCount) == bytes)
        #expect(self.folder.names == ["a"])
    }

    @Test func droppedFileLeavesNothing() throws {
        do {
            var file = try StagedFile(in: self.folder.path)
            try file.write([1, 2, 3])
            #expect(self.folder.names.count == 1)
            #expect(self.folder.names.allSatisfy { $0.hasPrefix(".tmp-") })
        }
        #expect(self.folder.names.isEmpty)
    }

    @Test func headerIsReplacedInPlace() throws {
        var file = try StagedFile(in: self.folder.path)
        try file.write([0, 0, 0, 0, 9])
        try file.pwrite([1, 2, 3, 4], at: 0)
        try file.write([10])
        try file.commit(to: self.folder("a"))
        #expect(try readFile(self.folder("a"), maximumBytes: 10) == [1, 2, 3, 4, 9, 10])
    }

    @Test func commitReplacesTheOldFile() throws {
        try replaceFile(self.folder("a"), with: [1])
        try replaceFile(self.folder("a"), with: [2, 3])
        #expect(try readFile(self.folder("a"), maximumBytes: 10) == [2, 3])
    }

    @Test func twoStagedFilesNeverShareAName() throws {
        let first = try StagedFile(in: self.folder.path)
        let second = try StagedFile(in: self.folder.path)
        #expect(first.path != second.path)
    }

    @Test func shortWritesAreContinued() throws {
        let bytes = sampleBytes(100_000)
        let writes = Atomic<Int>(0)
        // Writes a third of what is asked, at least one byte.
        var calls = FileCalls.system
        calls.write = { descriptor, start, count, offset in
            writes.add(1, ordering: .relaxed)
            return Glibc.pwrite(descriptor, start, max(1, count / 3), off_t(offset))
        }
        var file = try StagedFile(in: self.folder.path, calls: calls)
        try file.write(bytes)
        try file.commit(to: self.folder("a"))
        #expect(writes.load(ordering: .relaxed) > 10)
        #expect(try readFile(self.folder("a"), maximumBytes: bytes.count) == bytes)
    }

    @Test func interruptedCallsAreRepeated() throws {
        let interruptions = Atomic<Int>(0)
        let interrupt: @Sendable () -> Bool = {
            guard interruptions.add(1, ordering: .relaxed).newValue % 2 == 1 else { return false }
            errno = EINTR
            return true
        }
        var calls = FileCalls.system
        calls.write = { interrupt() ? -1 : Glibc.pwrite($0, $1, $2, off_t($3)) }
        calls.sync = { interrupt() ? -1 : fsync($0) }
        var file = try StagedFile(in: self.folder.path, calls: calls)
        try file.write([1, 2, 3])
        try file.commit(to: self.folder("a"))
        #expect(try readFile(self.folder("a"), maximumBytes: 3) == [1, 2, 3])
    }

    enum Fault: CaseIterable { case write, sync, rename }

    @Test(arguments: Fault.allCases)
    func failedCommitKeepsTheOldFileAndSweepsTheNew(fault: Fault) throws {
        try replaceFile(self.folder("a"), with: [7])
        var calls = FileCalls.system
        switch fault {
        case .write: calls.write = { _, _, _, _ in fail(ENOSPC) }
        case .sync: calls.sync = { _ in Int32(fail(EIO)) }
        case .rename: calls.rename = { _, _ in Int32(fail(EIO)) }
        }
        let error = #expect(throws: StorageError.self) {
            var file = try StagedFile(in: self.folder.path, calls: calls)
            try file.write([1, 2, 3])
            try file.commit(to: self.folder("a"))
        }
        #expect(error?.code == (fault == .write ? .noSpace : .io))
        #expect(try readFile(self.folder("a"), maximumBytes: 9) == [7])
        #expect(self.folder.names == ["a"])
    }

    @Test func fileSizeLimitIsNoSpace() async {
        await #expect(processExitsWith: .success) {
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 100_000, rlim_max: 100_000)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let folder = try TemporaryFolder()
            let error = #expect(throws: StorageError.self) {
                try replaceFile(folder("a"), with: sampleBytes(150_000))
            }
            #expect(error?.code == .noSpace)
            #expect(error?.systemCode == EFBIG)
            #expect(folder.names.isEmpty)
        }
    }

    @Test func leftoversOfAKilledWriterAreSwept() async throws {
        // The child dies with a staged file open; only the name tells what it was.
        let result = await #expect(
            processExitsWith: .signal(SIGKILL),
            observing: [\.standardOutputContent]
        ) {
            let folder = try TemporaryFolder()
            var file = try StagedFile(in: folder.path)
            try file.write(sampleBytes(100_000))
            print("folder=\(folder.path)=")
            fflush(nil)
            kill(getpid(), SIGKILL)
        }
        let output = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
        let parts = output.components(separatedBy: "=")
        let path = try #require(parts.indices.contains(1) ? parts[1] : nil)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try replaceFile(path + "/whole", with: [1])
        #expect(try removeStagedFiles(in: path) == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["whole"])
    }

    @Test func sweepTakesFoldersOfTheDeadAndLeavesThoseInUse() throws {
        let folder = try TemporaryFolder()
        let abandoned = folder.path + "/" + StagedFile.namePrefix + "other-1"
        try createFolder(abandoned + "/inner")
        try replaceFile(abandoned + "/inner/file", with: [1])
        let used = try StagedFolder(for: folder.path + "/copy")
        #expect(try removeStagedFiles(in: folder.path) == 1)
        #expect(!fileExists(abandoned) && fileExists(used.path))
        withExtendedLifetime(used.path) {}
    }
}

private func fail(_ code: Int32) -> Int {
    errno = code
    return -1
}
