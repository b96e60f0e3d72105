internal import Foundation
internal import Glibc
internal import Storage

/// Takes the writer's lock of a workspace, waiting for another writer as long as asked.
///
/// - Throws: ``OperationError`` `.locked` naming the holder, `.fatal` when the file cannot be locked.
func acquireWriterLock(
    _ layout: WorkspaceLayout,
    verb: String,
    startedMilliseconds: Int64,
    waitSeconds: Double = 0
) throws -> WorkspaceLock {
    try waitingForLock(layout.root, seconds: waitSeconds) { () throws(StorageError) in
        try WorkspaceLock.acquire(
            layout.lock,
            as: .current(verb: verb, startedMilliseconds: startedMilliseconds)
        )
    }
}

/// Takes a lock, trying again for so many seconds while another process has it.
///
/// - Parameter name: what is locked, for people.
/// - Throws: ``OperationError`` `.locked` naming the holder, `.fatal` when the file cannot be locked.
func waitingForLock(
    _ name: String,
    seconds: Double,
    _ take: () throws(StorageError) -> WorkspaceLock
) throws -> WorkspaceLock {
    let pauseMicroseconds: UInt32 = 200_000
    var restSeconds = seconds
    while true {
        do {
            return try take()
        } catch {
            guard error.code == .locked else { throw OperationError(.fatal, error.message) }
            guard restSeconds > 0 else { throw lockedError(name, error.holder) }
            usleep(pauseMicroseconds)
            restSeconds -= Double(pauseMicroseconds) / 1e6
        }
    }
}

private func lockedError(_ name: String, _ holder: LockHolder?) -> OperationError {
    let holder = holder.map { LockReport($0).description } ?? "another process"
    return OperationError(
        .locked,
        "\(name): in use by \(holder); wait for it to end with --wait 5m, or stop it"
    )
}

/// Who writes to a workspace.
package struct LockReport: Sendable, Hashable, Codable, CustomStringConvertible {
    package var host: String
    package var process: Int32
    package var verb: String
    package var startedMilliseconds: Int64

    init(_ holder: LockHolder) {
        self.host = holder.host
        self.process = holder.processID
        self.verb = holder.verb
        self.startedMilliseconds = holder.startedMilliseconds
    }

    /// `'sync' (process 4711 on mill, since 2026-11-21 02:00:07 UTC)`.
    package var description: String {
        "'\(self.verb)' (process \(self.process) on \(self.host), since "
            + "\(universalTime(self.startedMilliseconds)))"
    }
}

/// Who writes to the workspace at `root`; nil when no one does.
package func lockHolder(workspace root: String) -> LockReport? {
    WorkspaceLock.holder(at: WorkspaceLayout(root: root).lock).map(LockReport.init)
}

/// `2026-11-21 02:00:07 UTC`; people compare it with logs of other machines.
package func universalTime(_ milliseconds: Int64) -> String {
    let date = Date(timeIntervalSince1970: Double(milliseconds / 1_000))
    let format = Date.ISO8601FormatStyle(
        dateTimeSeparator: .space,
        timeZone: TimeZone(secondsFromGMT: 0) ?? .current
    )
    return format.year().month().day().time(includingFractionalSeconds: false).format(date) + " UTC"
}
