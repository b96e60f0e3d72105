internal import Manifests
internal import Storage

package struct ApprovalReport: Sendable, Codable {
    package var run: Int64
    /// Deletions that the next sync carries out, unless their documents are listed again by then.
    package var approved: Int
}

/// Approves the deletions that a run held.
///
/// - Throws: ``OperationError`` `.noSuchState` when the run holds none, naming those that do;
///   `.locked` while another writer is at work.
@discardableResult
package func approveDeletes(ofRun run: Int64, workspace root: String) throws -> ApprovalReport {
    try translatingErrors {
        let workspace = try WorkspaceEditor(root: root, verb: "approve-deletes")
        let held = try workspace.shards.flatMap { try $0.heldDeletions() }
        guard held.contains(where: { $0.run == run }) else {
            let counts = Dictionary(grouping: held, by: \.run).mapValues(\.count)
            let others = counts.sorted { $0.key < $1.key }
                .map { "run \($0.key) holds \($0.value)" }
            throw OperationError(
                .noSuchState,
                "run \(run) holds no deletions"
                    + (others.isEmpty ? "; none are held" : "; \(others.joined(separator: ", "))")
            )
        }
        var approved = 0
        for shard in workspace.shards { approved += try shard.approveHeld(ofRun: run) }
        return ApprovalReport(run: run, approved: approved)
    }
}
