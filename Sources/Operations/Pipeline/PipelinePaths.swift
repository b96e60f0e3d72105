internal import Dataflow
internal import Foundation
internal import Stages

/// `path` made absolute against the current folder.
package func absolutePath(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.path
}

/// The workspace that the pipeline file at `pipeline` names.
///
/// - Throws: ``OperationError`` `.configuration` with every diagnostic of the file.
package func workspacePath(pipeline: String) throws -> String {
    try loadPipeline(path: pipeline).workspace
}

/// The validated plan of a pipeline file.
///
/// - Throws: ``OperationError`` `.configuration` with every diagnostic of the file.
func loadPipeline(path: String, overrides: [String: String] = [:]) throws -> Plan {
    do {
        return try readingPolicies(
            loadPlan(
                path: path,
                catalogue: pipelineCatalogue,
                environment: ProcessInfo.processInfo.environment,
                overrides: overrides
            )
        )
    } catch {
        throw OperationError(.configuration, "\(error)")
    }
}
