internal import CFaults
internal import Glibc
internal import Storage

/// One fault to let happen in this process, at a chosen operation that changes what is on disk.
///
/// Recovery is tested with it: a child process is armed, runs, and dies or fails at operation `number`;
/// then its parent looks at what it left. Only `millrace-selftest` is linked with this room; SQLite is
/// reached through a VFS that stands before its own.
package struct FaultPlan: Hashable, Sendable, Codable {
    /// What can fail: the calls of this room, and those of SQLite on a database, its log and journal.
    package enum Operation: String, Hashable, Sendable, Codable, CaseIterable {
        case write
        case sync
        case rename
        case remove
        case create
        case makeFolder = "make-folder"
        case databaseCreate = "database-create"
        case databaseWrite = "database-write"
        case databaseSync = "database-sync"
        case databaseTruncate = "database-truncate"
        case databaseRemove = "database-remove"

        package var isWrite: Bool { self == .write || self == .databaseWrite }
        package var isSync: Bool { self == .sync || self == .databaseSync }

        /// Whether a full disk refuses it.
        package var needsSpace: Bool {
            switch self {
            case .write, .create, .makeFolder, .databaseCreate, .databaseWrite: true
            case .sync, .rename, .remove, .databaseSync, .databaseTruncate, .databaseRemove: false
            }
        }
    }

    package enum Action: String, Hashable, Sendable, Codable, CaseIterable {
        /// Nothing fails; the operations are only noted.
        case count
        /// The process is killed before the operation.
        case kill
        /// Half of a write happens, then the process is killed.
        case tear
        /// As `kill`, and whatever was not synced never happened.
        case powerCut = "power-cut"
        /// The operation fails with EIO.
        case ioError = "io-error"
        /// This and every later write fails with ENOSPC: a full disk stays full.
        case diskFull = "disk-full"
        /// A write stops half-way and says so.
        case shortWrite = "short-write"

        /// Whether the process ends at the fault.
        package var kills: Bool { self == .kill || self == .tear || self == .powerCut }
    }

    /// A bug to plant, so that a self-test can show that it finds it.
    package enum Flaw: String, Hashable, Sendable, Codable, CaseIterable {
        /// Files take their name without having been synced.
        case unsyncedFiles = "unsynced-files"
        /// A file is replaced by truncating and writing it, not by rename.
        case replacedInPlace = "replaced-in-place"
    }

    /// The kind that is counted; nil for all kinds.
    package var operation: Operation?
    /// From 1; ignored by `count`.
    package var number: Int
    package var action: Action
    package var flaw: Flaw?

    package init(
        _ action: Action,
        at number: Int = 1,
        of operation: Operation? = nil,
        flaw: Flaw? = nil
    ) {
        self.action = action
        self.number = number
        self.operation = operation
        self.flaw = flaw
    }

    /// Arms the plan for the rest of this process's life.
    ///
    /// - Precondition: no database was opened before; what is open is not counted.
    package func arm() {
        cfaults_arm(
            self.operation.map { Self.number(of: $0) } ?? -1,
            self.number,
            Self.number(of: self.action),
            self.flaw.map { Self.number(of: $0) + 1 } ?? 0
        )
        FileCalls.interpose(.faulted)
    }

    /// Position among the cases, which stand in the order of the C declarations.
    private static func number<Value: CaseIterable & Equatable>(of value: Value) -> Int32 {
        Int32(Array(Value.allCases).firstIndex(of: value) ?? 0)
    }
}

/// An operation that happened, or was let fail, while a plan was armed.
package struct FaultableOperation: Hashable, Sendable, Codable {
    package var kind: FaultPlan.Operation
    package var path: String

    /// What was noted since ``FaultPlan/arm()``, in order; operation `n` of a plan is element `n - 1`.
    package static func noted() -> [FaultableOperation] {
        let kinds = FaultPlan.Operation.allCases
        return (0..<cfaults_count()).map { index in
            FaultableOperation(
                kind: kinds[Int(cfaults_operation_at(index))],
                path: String(cString: cfaults_path_at(index))
            )
        }
    }
}

extension FileCalls {
    /// What the armed plan lets the system do.
    fileprivate static let faulted = FileCalls(
        write: { cfaults_pwrite($0, $1, $2, off_t($3)) },
        sync: { cfaults_fsync($0) },
        rename: { cfaults_rename($0, $1) },
        remove: { cfaults_unlink($0) },
        makeFolder: { cfaults_mkdir($0, $1) },
        create: { cfaults_create($0, $1, $2) }
    )
}
