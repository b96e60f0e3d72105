internal import Manifests
internal import Records
internal import Storage

package struct IgnoreReport: Sendable, Codable {
    /// URIs of the documents whose failure no longer counts.
    package var ignored: [String]
}

/// Accepts failures: they no longer make a run end with exit code 3, until their content changes.
///
/// - Parameter names: URIs, ids, or beginnings of ids.
/// - Throws: ``OperationError`` `.noSuchState` for a name of no dead letter, `.locked`.
package func ignoreFailures(
    workspace root: String,
    names: [String],
    lockWaitSeconds: Double = 0
) throws -> IgnoreReport {
    try translatingErrors {
        let workspace = try WorkspaceEditor(
            root: root,
            verb: "failures ignore",
            lockWaitSeconds: lockWaitSeconds
        )
        let rows = try FailureTable(workspace.reader).named(names)
        try AuditLog(layout: workspace.reader.layout)
            .append(.ignoreFailures, ["documents": "\(rows.count)"])
        try workspace.forEachShard(owning: rows.map(\.id)) {
            try $0.setDisposition(.ignored, of: $1)
        }
        return IgnoreReport(ignored: rows.map(\.report.uri))
    }
}
