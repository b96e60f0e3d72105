import Glibc
import Testing

@testable import Faults
@testable import Storage

/// Each test arms a plan in a process of its own.
@Suite struct FaultPlanTests {
    @Test func processThatIsNotArmedNotesNothing() throws {
        let folder = try TemporaryFolder()
        try replaceFile(folder("a"), with: [1])
        #expect(FaultableOperation.noted().isEmpty)
    }

    @Test func everyOperationOfAReplacementIsNoted() async {
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            FaultPlan(.count).arm()
            try createFolder(folder("new"))
            try replaceFile(folder("new/a"), with: [1, 2, 3])
            try removeFile(folder("new/a"))
            let kinds = FaultableOperation.noted().map(\.kind)
            #expect(
                kinds == [.makeFolder, .sync, .create, .write, .sync, .rename, .sync, .remove]
            )
            #expect(FaultableOperation.noted()[5].path == folder("new/a"))
        }
    }

    @Test(arguments: 1...5)
    func killAtAnyOperationLeavesTheOldFileOrTheNew(number: Int) async throws {
        let folder = try TemporaryFolder()
        try replaceFile(folder("a"), with: [7])
        let path = folder("a")
        await #expect(processExitsWith: .signal(SIGKILL)) { [number, path = path as String] in
            FaultPlan(.kill, at: number).arm()
            try replaceFile(path, with: [1, 2, 3, 4])
        }
        let isNew = number == 5
        #expect(try readFile(path, maximumBytes: 9) == (isNew ? [1, 2, 3, 4] : [7]))
    }

    @Test(arguments: 1...5)
    func powerCutUndoesARenameWhoseFolderIsNotSynced(number: Int) async throws {
        let folder = try TemporaryFolder()
        try replaceFile(folder("a"), with: [7])
        let path = folder("a")
        await #expect(processExitsWith: .signal(SIGKILL)) { [number, path = path as String] in
            FaultPlan(.powerCut, at: number).arm()
            try replaceFile(path, with: [1, 2, 3, 4])
        }
        #expect(try readFile(path, maximumBytes: 9) == [7])
    }

    @Test func powerCutKeepsWhatWasSynced() async throws {
        let folder = try TemporaryFolder()
        let path = folder("a")
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            FaultPlan(.powerCut, at: 6).arm()
            try replaceFile(path, with: [1, 2, 3, 4])
            try removeFile(path)
        }
        #expect(try readFile(path, maximumBytes: 9) == [1, 2, 3, 4])
    }

    @Test func tornWriteLeavesHalfUnderTheTemporaryName() async throws {
        let folder = try TemporaryFolder()
        let path = folder("a")
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            FaultPlan(.tear, at: 1, of: .write).arm()
            try replaceFile(path, with: [1, 2, 3, 4])
        }
        let names = folder.names
        #expect(names.count == 1)
        let torn = try readFile(folder(try #require(names.first)), maximumBytes: 9)
        #expect(torn == [1, 2])
        #expect(try removeStagedFiles(in: folder.path) == 1)
    }

    @Test(arguments: 1...5)
    func ioErrorAtAnyOperationIsReportedWithItsPath(number: Int) async throws {
        await #expect(processExitsWith: .success) { [number] in
            let folder = try TemporaryFolder()
            FaultPlan(.ioError, at: number).arm()
            let error = #expect(throws: StorageError.self) {
                try replaceFile(folder("a"), with: [1, 2, 3, 4])
            }
            #expect(error?.code == .io)
            #expect(error?.message.contains(folder.path) == true)
        }
    }

    @Test func fullDiskStaysFull() async {
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            FaultPlan(.diskFull, at: 2).arm()
            for _ in 0..<3 {
                let error = #expect(throws: StorageError.self) {
                    try replaceFile(folder("a"), with: [1])
                }
                #expect(error?.code == .noSpace)
            }
            #expect(folder.names.isEmpty)
        }
    }

    @Test func shortWriteIsContinued() async {
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            FaultPlan(.shortWrite, at: 1, of: .write).arm()
            try replaceFile(folder("a"), with: [1, 2, 3, 4, 5])
            #expect(try readFile(folder("a"), maximumBytes: 9) == [1, 2, 3, 4, 5])
            #expect(FaultableOperation.noted().count { $0.kind == .write } == 2)
        }
    }

    @Test func plantedFlawLosesAFileThatWasNotSynced() async throws {
        let folder = try TemporaryFolder()
        let path = folder("a")
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            FaultPlan(.powerCut, at: 6, flaw: .unsyncedFiles).arm()
            try replaceFile(path, with: [1, 2, 3, 4])
            try removeFile(path)
        }
        #expect(try readFile(path, maximumBytes: 9).isEmpty)
    }

    @Test func plantedFlawReplacesInPlace() async throws {
        let folder = try TemporaryFolder()
        try replaceFile(folder("a"), with: [7])
        let path = folder("a")
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            FaultPlan(.kill, at: 2, of: .write, flaw: .replacedInPlace).arm()
            try replaceFile(path, with: [1, 2, 3, 4])
        }
        #expect(try readFile(path, maximumBytes: 9).isEmpty)
    }
}
