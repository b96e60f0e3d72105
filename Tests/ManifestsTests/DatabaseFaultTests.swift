import Faults
import Glibc
import Records
import Storage
import Testing

@testable import Manifests

/// SQLite under faults; each test arms a plan in a process of its own.
@Suite struct DatabaseFaultTests {
    @Test func everyChangeOfADatabaseIsNoted() async {
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            FaultPlan(.count).arm()
            do {
                let catalog = try Catalog(path: folder("c"), mode: .create)
                try catalog.setSetting("a", to: "b")
            }
            let noted = FaultableOperation.noted()
            let paths = Set(noted.map(\.path))
            #expect(paths.isSuperset(of: [folder("c"), folder("c-wal")]))
            let kinds = Set(noted.map(\.kind))
            #expect(kinds.isSuperset(of: [.databaseCreate, .databaseWrite, .databaseSync]))
        }
    }

    /// The catalog syncs each commit: what was told to be stored is there, whatever comes after.
    @Test(arguments: [FaultPlan.Action.kill, .tear, .powerCut])
    func catalogKeepsWhatItAcknowledged(action: FaultPlan.Action) async throws {
        for number in stride(from: 1, to: 80, by: 3) {
            let folder = try TemporaryFolder()
            let path = folder("c")
            let acknowledged = folder("acknowledged")
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [
                    number = number as Int, path = path as String,
                    acknowledged = acknowledged as String, action
                ] in
                FaultPlan(action, at: number, of: .databaseWrite).arm()
                let catalog = try Catalog(path: path, mode: .create)
                for value in 0..<100 {
                    try catalog.setSetting("value", to: String(value))
                    let file = open(acknowledged, O_WRONLY | O_CREAT | O_APPEND, 0o644)
                    write(file, "x", 1)
                    close(file)
                }
            }
            let count = (try? readFile(acknowledged, maximumBytes: 1 << 10).count) ?? 0
            let catalog = try Catalog(path: path, mode: .create)
            let value = try catalog.setting("value").flatMap(Int.init) ?? -1
            #expect(value == count - 1 || value == count, "\(action) at \(number)")
        }
    }

    @Test(arguments: [(FaultPlan.Action.diskFull, "no_space"), (.ioError, "io")])
    func failedWriteIsAnErrorThatNamesTheFile(
        action: FaultPlan.Action,
        code: String
    ) async {
        await #expect(processExitsWith: .success) { [action, code] in
            let folder = try TemporaryFolder()
            FaultPlan(action, at: 12, of: .databaseWrite).arm()
            let error = #expect(throws: ManifestError.self) {
                let catalog = try Catalog(path: folder("c"), mode: .create)
                for value in 0..<100 { try catalog.setSetting("value", to: String(value)) }
            }
            #expect(error?.code.rawValue == code)
            #expect(error?.message.contains(folder("c")) == true)
        }
    }
}
