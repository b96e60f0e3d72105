internal import Dataflow

package struct CompactReport: Sendable, Codable {
    package var run: RunSummary
    package var before: WorkspaceFootprint
    package var after: WorkspaceFootprint
}

/// Rewrites the segments of a pipeline's workspace in the form a fresh backfill gives them, and returns
/// the room that deleted documents held.
///
/// - Throws: ``OperationError`` `.noSuchState` when nothing was indexed yet, `.configuration` when the
///   pipeline changed since the last run.
package func compact(path: String, options: RunOptions) throws -> CompactReport {
    let plan = try loadPipeline(path: path, overrides: options.overrides)
    try enterWorkspace(of: plan)
    let workspace = plan.workspace
    let before = try footprint(workspace: workspace)
    let run = try runPipelineFile(.compact, path: path, options: options)
    return CompactReport(run: run, before: before, after: try footprint(workspace: workspace))
}

private func footprint(workspace: String) throws -> WorkspaceFootprint {
    try translatingErrors { try WorkspaceReader(root: workspace).footprint() }
}
