internal import Manifests
internal import Storage

/// The pipeline file of the newest run in a workspace that recorded one.
///
/// - Throws: ``OperationError`` `.noSuchState` when none did, or its file is gone.
package func recordedPipeline(workspace root: String) throws -> String {
    try translatingErrors {
        let reader = try WorkspaceReader(root: root)
        let run = try reader.catalog.runs(limit: 1_000).first { $0.pipelinePath != nil }
        guard let run, let path = run.pipelinePath else {
            throw OperationError(
                .noSuchState,
                "no run in \(root) recorded its pipeline file; name it instead of --workspace"
            )
        }
        return try existingPipeline(path, ofRun: run.id)
    }
}

/// `path`, when a file is there.
func existingPipeline(_ path: String, ofRun run: RunID) throws -> String {
    guard fileExists(path) else {
        throw OperationError(
            .noSuchState,
            "\(path), the pipeline file of run \(run), is gone; name the file instead of --workspace"
        )
    }
    return path
}
