internal import Manifests
internal import Records
internal import Storage

package struct IgnoreReport: Sendable, Codable {
    /// URIs of the documents whose failure no longer counts.
    package var ignored: [String]
}

/// Accepts failures: they no longer make a run end with exit code 3, until their content changes.
///
/// - Parameters:
///   - names: URIs, ids, or beginnings of ids; empty means all that the filter takes.
///   - filter: of those, the ones that are meant.
/// - Throws: ``OperationError`` `.noSuchState` for a name of no dead letter, `.locked`.
package func ignoreFailures(
    workspace root: String,
    names: [String],
    filter: FailureFilter = FailureFilter(),
    lockWaitSeconds: Double = 0
) throws -> IgnoreReport {
    try filter.check()
    return try translatingErrors {
        let workspace = try WorkspaceEditor(
            root: root,
            verb: "failures ignore",
            lockWaitSeconds: lockWaitSeconds
        )
        let table = try FailureTable(workspace.reader)
        let rows = try (names.isEmpty ? table.rows : table.named(names)).filter {
            filter.includes($0.report) && (!names.isEmpty || $0.report.state != .ignored)
        }
        try AuditLog(layout: workspace.reader.layout)
            .append(.ignoreFailures, ["documents": "\(rows.count)"])
        try workspace.forEachShard(owning: rows.map(\.id)) {
            try $0.setDisposition(.ignored, of: $1)
        }
        return IgnoreReport(ignored: rows.map(\.report.uri))
    }
}
