/// The exit codes of the command; an interface, so a code never changes its meaning.
package enum ExitStatus: Int32, Error, Sendable, CaseIterable {
    case clean = 0
    /// Nothing was published.
    case fatal = 1
    /// Usage or configuration; nothing was touched.
    case configuration = 2
    /// Published, but some documents failed.
    case documentsFailed = 3
    /// Published, but deletions wait for approval.
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
