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
package func approveDeletes(
    ofRun run: Int64,
    workspace root: String,
    lockWaitSeconds: Double = 0
) throws -> ApprovalReport {
    try translatingErrors {
        let workspace = try WorkspaceEditor(
            root: root,
            verb: "approve-deletes",
            lockWaitSeconds: lockWaitSeconds
        )
        let held = try workspace.shards.flatMap { try $0.heldDeletions() }
        guard held.contains(where: { $0.run == run }) else {
            let others = HeldReport.byRun(held).map { "run \($0.run) holds \($0.documents)" }
            throw OperationError(
                .noSuchState,
                "run \(run) holds no deletions"
                    + (others.isEmpty ? "; none are held" : "; \(others.joined(separator: ", "))")
            )
        }
        try AuditLog(layout: workspace.reader.layout)
            .append(.approveDeletes, ["run": "\(run)", "held": "\(held.count { $0.run == run })"])
        var approved = 0
        for shard in workspace.shards { approved += try shard.approveHeld(ofRun: run) }
        return ApprovalReport(run: run, approved: approved)
    }
}

/// Deletions that one run held first.
package struct HeldReport: Sendable, Hashable, Codable {
    package var run: Int64
    package var documents: Int
    /// Of `documents`: those that the next sync deletes.
    package var approved: Int
    package var sources: [String]

    /// By ascending run.
    static func byRun(_ held: [HeldDeletion]) -> [HeldReport] {
        Dictionary(grouping: held, by: \.run).sorted { $0.key < $1.key }.map { run, held in
            HeldReport(
                run: run,
                documents: held.count,
                approved: held.count { $0.isApproved },
                sources: Set(held.map(\.source)).sorted()
            )
        }
    }
}

/// The deletions that wait for approval, by the run that held them.
///
/// - Throws: ``OperationError`` `.noSuchState` when there is no workspace.
package func heldDeletions(workspace root: String) throws -> [HeldReport] {
    try translatingErrors {
        let reader = try WorkspaceReader(root: root)
        return HeldReport.byRun(
            try reader.shards().flatMap { try $0.heldDeletions() }
        )
    }
}
