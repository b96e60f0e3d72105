internal import Manifests
internal import Storage

package struct FailuresReport: Sendable, Codable {
    package var workspace: String
    /// All dead letters by state, whatever was asked for.
    package var counts: [String: Int]
    /// Those asked for, by URI.
    package var failures: [FailureReport]
}

/// The documents that were set aside.
///
/// - Throws: ``OperationError`` `.noSuchState`, `.configuration` for an unknown code.
package func failures(
    workspace root: String,
    filter: FailureFilter = FailureFilter()
) throws -> FailuresReport {
    try filter.check()
    return try translatingErrors {
        let table = try FailureTable(WorkspaceReader(root: root))
        let reports = table.rows.map(\.report)
        return FailuresReport(
            workspace: root,
            counts: Dictionary(reports.map { ($0.state.rawValue, 1) }, uniquingKeysWith: +),
            failures: reports.filter(filter.includes)
        )
    }
}

/// One document that was set aside.
///
/// - Parameter name: its URI, its id, or the beginning of the id.
/// - Throws: ``OperationError`` `.noSuchState`, `.configuration` when the name is of several.
package func failure(workspace root: String, name: String) throws -> FailureReport {
    try translatingErrors {
        try FailureTable(WorkspaceReader(root: root))
            .named(name).report
    }
}
