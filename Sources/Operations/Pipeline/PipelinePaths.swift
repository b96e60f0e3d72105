internal import Dataflow
internal import Foundation
internal import Stages

/// `path` made absolute against the current folder.
package func absolutePath(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.path
}

/// The workspace that the pipeline file at `pipeline` names; one on object storage is brought up to date.
///
/// - Throws: ``OperationError`` `.configuration` with every diagnostic of the file.
package func workspacePath(pipeline: String) throws -> String {
    try pipelinePlace(pipeline).workspace
}

/// The name and the workspace of the pipeline file at `pipeline`.
///
/// - Throws: as ``workspacePath(pipeline:)``.
package func pipelinePlace(_ pipeline: String) throws -> (name: String, workspace: String) {
    let plan = try loadPipeline(path: pipeline)
    try enterWorkspace(of: plan)
    return (plan.name, plan.workspace)
}

/// The validated plan of a pipeline file, which leaves its policy files unread.
///
/// - Throws: ``OperationError`` `.configuration` with every diagnostic of the file.
func loadPipeline(path: String, overrides: [String: String] = [:]) throws -> Plan {
    let plan: Plan
    do {
        plan = try loadPlan(
            path: path,
            catalogue: pipelineCatalogue,
            environment: ProcessInfo.processInfo.environment,
            overrides: overrides
        )
    } catch {
        throw OperationError(.configuration, "\(error)")
    }
    return try locatingWorkspace(plan)
}

/// The validated plan of a pipeline file with its policies, for work on its workspace: one on object storage is
/// brought up to date.
///
/// - Throws: ``OperationError`` `.configuration` with every diagnostic of the file, and for a policy
///   that may not be used so.
func loadPipeline(
    path: String,
    overrides: [String: String] = [:],
    for use: PolicyUse
) throws -> Plan {
    let plan = try loadPipeline(path: path, overrides: overrides)
    let read: Plan
    do {
        read = try readingPolicies(plan, for: use)
    } catch {
        throw OperationError(.configuration, "\(error)")
    }
    try enterWorkspace(of: read)
    return read
}
