/// The exit codes of the command; an interface, so a code never changes its meaning.
package enum ExitStatus: Int32, Error, Sendable, CaseIterable {
    case clean = 0
    /// Nothing was published.
    case fatal = 1
    /// Usage or configuration; nothing was touched.
    case configuration = 2
    /// Published, but some documents failed, or another system could not be brought up to date.
    case documentsFailed = 3
    /// Published, but deletions wait for approval; or a first run found nothing and published nothing.
    case deletesHeld = 4
    /// The old snapshot is still live.
    case gateFailed = 5
    /// Stopped at a budget; the next run goes on.
    case budgetReached = 6
    case noSuchState = 10
    case locked = 11
    case newerVersion = 12
    case interrupted = 130
}

extension ExitStatus {
    /// The line of the table that 'millrace help' and `Ops/README.md` print.
    package var meaning: String {
        switch self {
        case .clean: "clean"
        case .fatal: "fatal, nothing published"
        case .configuration: "usage or configuration; nothing was touched"
        case .documentsFailed: "published, some documents failed or an export is owed"
        case .deletesHeld: "published, deletions held; or a first run found no document"
        case .gateFailed: "gate failed, the old snapshot is still live"
        case .budgetReached: "stopped at a budget, resumable"
        case .noSuchState: "no such workspace, snapshot or document"
        case .locked: "locked by another process"
        case .newerVersion: "state from a newer version"
        case .interrupted: "interrupted, resumable"
        }
    }

    /// One word for programs.
    package var name: String {
        switch self {
        case .clean: "clean"
        case .fatal: "fatal"
        case .configuration: "configuration"
        case .documentsFailed: "documents_failed"
        case .deletesHeld: "deletes_held"
        case .gateFailed: "gate_failed"
        case .budgetReached: "budget_reached"
        case .noSuchState: "no_such_state"
        case .locked: "locked"
        case .newerVersion: "newer_version"
        case .interrupted: "interrupted"
        }
    }
}

/// Why a verb could not do its work; the message says what to type next.
package struct OperationError: Error, Sendable, CustomStringConvertible {
    package let status: ExitStatus
    package let message: String

    package init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }

    package var description: String { self.message }
}
