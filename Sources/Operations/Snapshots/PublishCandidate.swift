internal import Dataflow
internal import Manifests
internal import Segments
internal import Stages
internal import Storage
package import Telemetry

package struct PublishRequest: Sendable {
    /// Path of the pipeline file.
    package var pipeline: String
    /// Nil for the candidate that waits.
    package var number: Int?
    /// Publish in spite of the gate, for this reason.
    package var forcedReason: String?
    package var modelsRoot: String?
    package var lockWaitSeconds: Double
    package var clock = WallClock.system

    package init(
        pipeline: String,
        number: Int? = nil,
        forcedReason: String? = nil,
        lockWaitSeconds: Double = 0
    ) {
        self.pipeline = pipeline
        self.number = number
        self.forcedReason = forcedReason
        self.lockWaitSeconds = lockWaitSeconds
    }
}

package struct PublishReport: Sendable, Codable {
    /// What was live before; nil where nothing was.
    package var from: Int?
    package var candidate: Int
    package var isPublished: Bool
    /// Why it was published in spite of the gate; nil where it passed.
    package var forcedReason: String?
    package var digest: String
    package var documents: Int
    package var chunks: Int
    /// Nil without a gate in the pipeline file.
    package var gate: GateReport?
    package var exitCode: Int32

    package var status: ExitStatus { ExitStatus(rawValue: self.exitCode) ?? .fatal }
}

/// Judges a candidate that waits once more, by the gate of the pipeline file as it is now, and makes it live
/// where it passes or where it is forced.
///
/// The manifests hold its documents already, so that the next run has nothing to do for it.
///
/// - Throws: ``OperationError`` `.noSuchState` without such a candidate; `.configuration` for a reason that says
///   nothing; `.locked`.
package func publishCandidate(_ request: PublishRequest) throws -> PublishReport {
    if let reason = request.forcedReason,
        reason.allSatisfy(\.isWhitespace) || reason.utf8.count > 2_000
    {
        throw OperationError(
            .configuration,
            "--reason is what the audit log keeps: say in a line why it goes live in spite of the gate"
        )
    }
    let plan = try loadPipeline(path: request.pipeline, for: .inspection)
    let inputs = try plan.gate.map { try GateInputs($0, pipeline: request.pipeline) }
    return try translatingErrors {
        guard fileExists(WorkspaceLayout(root: plan.workspace).catalog) else {
            _ = try WorkspaceReader(root: plan.workspace)
            throw OperationError(.noSuchState, "there is no workspace at \(plan.workspace)")
        }
        let workspace = try Workspace(
            root: plan.workspace,
            shardCount: plan.shardCount,
            pipeline: plan.name,
            verb: "publish",
            startedMilliseconds: request.clock.milliseconds(),
            lockWaitSeconds: request.lockWaitSeconds
        )
        defer { try? workspace.close() }
        return try CandidatePublication(
            workspace: workspace,
            plan: plan,
            inputs: inputs,
            request: request
        ).run()
    }
}

private struct CandidatePublication {
    let workspace: Workspace
    let plan: Plan
    let inputs: GateInputs?
    let request: PublishRequest

    func run() throws -> PublishReport {
        let root = self.workspace.layout.root
        let live = try usableSnapshot(workspace: root)
        let candidate = try self.candidate()
        let report = try self.inputs.map { try self.judge(candidate, $0, live: live) }
        let isForced = report?.passed == false && self.request.forcedReason != nil
        let isPublished = report?.passed ?? true || isForced
        if isPublished {
            try self.makeLive(candidate, live: live, report: report, isForced: isForced)
        }
        return PublishReport(
            from: live?.number,
            candidate: candidate.number,
            isPublished: isPublished,
            forcedReason: isForced ? self.request.forcedReason : nil,
            digest: candidate.digest,
            documents: candidate.documentCount,
            chunks: candidate.chunkCount,
            gate: report,
            exitCode: (isPublished ? ExitStatus.clean : .gateFailed).rawValue
        )
    }

    private func candidate() throws -> Snapshot {
        let root = self.workspace.layout.root
        let waiting = try self.workspace.catalog.waitingCandidate(workspace: root)
        guard let number = self.request.number ?? waiting, number == waiting else {
            let there = waiting.map { "candidate \($0) waits" } ?? "no candidate waits"
            let what = self.request.number.map { "snapshot \($0) is not one that waits; " } ?? ""
            throw OperationError(
                .noSuchState,
                "\(what)\(there) in \(root). A run whose snapshot fails the gate leaves one; for an earlier "
                    + "snapshot use 'millrace rollback'"
            )
        }
        let snapshot = try Segments.snapshot(number: number, workspace: root)
        for segment in snapshot.indexes.flatMap(\.segments) {
            // Opens the files, so that what is made live can be searched.
            _ = try LiveSegmentReader(segment, workspace: root)
        }
        return snapshot
    }

    private func judge(
        _ candidate: Snapshot,
        _ inputs: GateInputs,
        live: Snapshot?
    ) throws -> GateReport {
        let catalog = self.workspace.catalog
        return try Gate(
            workspace: self.workspace.layout.root,
            inputs: inputs,
            models: nil,
            modelsRoot: self.request.modelsRoot,
            redactors: try scanRedactors(of: self.plan)
        ).judge(
            candidate,
            counts: try catalog.gateCounts(ofSnapshot: candidate.number),
            live: live,
            liveCounts: try live.flatMap { try catalog.gateCounts(ofSnapshot: $0.number) }
        )
    }

    private func makeLive(
        _ candidate: Snapshot,
        live: Snapshot?,
        report: GateReport?,
        isForced: Bool
    ) throws {
        var details = candidate.auditDetails
        details["before"] = live.map { "\($0.number)" } ?? "none"
        if let report, !report.passed {
            details["failed"] = report.failed.map(\.metric).joined(separator: ", ")
        }
        if let reason = self.request.forcedReason { details["reason"] = reason }
        try AuditLog(layout: self.workspace.layout, clock: self.request.clock)
            .append(isForced ? .force : .publish, details)
        try Segments.makeLive(candidate.number, workspace: self.workspace.layout.root)
        try self.workspace.catalog.setSnapshotState(candidate.number, to: .published)
        try SegmentSweep(
            workspace: self.workspace,
            retention: self.plan.retention,
            now: self.request.clock.milliseconds()
        ).run()
    }
}
