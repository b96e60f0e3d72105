internal import Manifests
internal import Records
internal import Storage

package struct RetryReport: Sendable, Codable {
    /// Documents that the next sync tries again.
    package var retried: Int
    /// Of those that were asked for: left out because they are quarantined or ignored.
    package var leftOut: Int
}

/// Makes the next sync try documents again that failed.
///
/// Named documents are tried whatever their state; of the others, the quarantined only when the filter
/// asks for them, and the ignored never.
/// - Throws: ``OperationError`` `.noSuchState` for a name of no dead letter, `.locked`.
package func retryFailures(
    workspace root: String,
    names: [String] = [],
    filter: FailureFilter = FailureFilter(),
    lockWaitSeconds: Double = 0
) throws -> RetryReport {
    try filter.check()
    return try translatingErrors {
        let workspace = try WorkspaceEditor(
            root: root,
            verb: "failures retry",
            lockWaitSeconds: lockWaitSeconds
        )
        let table = try FailureTable(workspace.reader)
        let wanted = try names.isEmpty ? table.rows : table.named(names)
        let matching = wanted.filter { filter.includes($0.report) }
        let chosen = matching.filter { row in
            switch row.report.state {
            case .failed, .stale: true
            case .quarantined: filter.isQuarantined || !names.isEmpty
            case .ignored: !names.isEmpty
            }
        }
        try workspace.forEachShard(owning: chosen.map(\.id)) { try $0.forgetAttempts(of: $1) }
        return RetryReport(retried: chosen.count, leftOut: matching.count - chosen.count)
    }
}
