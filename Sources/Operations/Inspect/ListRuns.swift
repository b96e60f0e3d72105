package struct RunList: Sendable, Codable {
    package var workspace: String
    /// The newest first.
    package var runs: [StatusReport.RunReport]
}

/// The runs of a workspace, the newest first.
///
/// - Throws: ``OperationError`` `.noSuchState` where there is no workspace.
package func listRuns(workspace root: String, limit: Int) throws -> RunList {
    try translatingErrors {
        let reader = try WorkspaceReader(root: root)
        return RunList(workspace: root, runs: try reader.runReports(limit: limit))
    }
}
