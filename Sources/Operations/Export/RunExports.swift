internal import Dataflow
internal import Exports
internal import Logging
internal import Manifests
internal import Segments
internal import Storage
internal import Synchronization
internal import Telemetry

/// What a run did with one export of its pipeline.
package struct RunExportReport: Sendable, Hashable, Codable {
    /// The stage's name in the pipeline file.
    package var stage: String
    package var index: String
    /// What and where, without credentials; empty where it could not be reached.
    package var target: String
    /// The live snapshot, which is sent or owed.
    package var snapshot: Int
    package var inserted = 0
    package var updated = 0
    package var deleted = 0
    /// Rows that were there already, as they should be.
    package var unchanged = 0
    /// Rows of the target in the end; 0 where it was not brought up to date.
    package var rows = 0
    /// What is owed then, where that is known.
    package var owed: ExportAccount.Owed?
    /// Why it was not brought up to date; nil where it was.
    package var problem: String?
}

/// Brings what is live to the systems that the pipeline names, once a run has come to its end.
///
/// An export that fails takes nothing back: what is published stays, and what the other system lacks is owed,
/// which the catalog notes and the next run sends.
struct RunExports {
    let context: RunContext
    let stages: [ExportStage]

    func run() throws {
        let catalog = self.context.workspace.catalog
        let root = self.context.workspace.layout.root
        let known = try catalog.exportAccounts()
        guard !self.stages.isEmpty else { return try catalog.setExportAccounts([]) }
        guard let live = try usableSnapshot(workspace: root) else { return }
        self.context.options.progress.begin(phase: "export", total: self.stages.count)
        var reports: [RunExportReport] = []
        var accounts: [ExportAccount] = []
        for stage in self.stages {
            let before = known.first { $0.stage == stage.name && $0.identity == stage.identity }
            let (report, account) = self.send(stage, live, before)
            reports.append(report)
            accounts.append(account)
            // The next one may be waited for, and be stopped.
            let rest = known.filter { $0.isOneOf(self.stages, after: accounts) }
            try catalog.setExportAccounts(accounts + rest)
            self.context.options.progress.update { $0.done += 1 }
        }
        self.context.tally.withLock { [reports] in $0.exports = reports }
    }

    private func send(
        _ stage: ExportStage,
        _ live: Snapshot,
        _ before: ExportAccount?
    ) -> (RunExportReport, ExportAccount) {
        var report = RunExportReport(
            stage: stage.name,
            index: stage.index,
            target: before?.target ?? "",
            snapshot: live.number
        )
        var account = ExportAccount(
            stage: stage.name,
            index: stage.index,
            target: before?.target ?? "",
            sent: before?.sent,
            triedMilliseconds: self.context.now,
            identity: stage.identity
        )
        var request = ExportRequest(
            workspace: self.context.workspace.layout.root,
            destination: stage.destination
        )
        request.index = stage.index
        let cancellation = self.context.options.cancellation
        request.isStopping = { cancellation.isRequested }
        do {
            let sent = try export(request)
            report.add(sent)
            account.target = sent.target
            account.sent = ExportAccount.Sent(
                snapshot: sent.snapshot,
                digest: sent.digest,
                rows: sent.rows,
                milliseconds: self.context.now
            )
        } catch {
            report.problem = "\(error)"
            account.problem = report.problem
            account.owed = self.owed(stage, live, since: before?.sent?.snapshot)
            report.owed = account.owed
            self.context.log.warning(
                "export failed",
                metadata: ["stage": "\(stage.name)", "cause": "\(error)"]
            )
        }
        return (report, account)
    }

    /// What lies between the rows that were sent last and the live ones; nil where the former are gone.
    private func owed(_ stage: ExportStage, _ live: Snapshot, since sent: Int?) -> ExportAccount
        .Owed?
    {
        let root = self.context.workspace.layout.root
        func rows(_ snapshot: Snapshot) throws -> SnapshotRows {
            try SnapshotRows(workspace: root, snapshot: snapshot, index: stage.index)
        }
        guard let now = try? rows(live) else { return nil }
        guard let sent else {
            return ExportAccount.Owed(inserted: now.shape.rowCount, updated: 0, deleted: 0)
        }
        guard let earlier = try? rows(try snapshot(number: sent, workspace: root)),
            let outcome = try? difference(from: earlier, to: now)
        else { return nil }
        return ExportAccount.Owed(
            inserted: outcome.inserted,
            updated: outcome.updated,
            deleted: outcome.deleted
        )
    }
}

extension ExportAccount {
    /// Whether it is of a stage that the pipeline still has and whose turn comes yet.
    fileprivate func isOneOf(_ stages: [ExportStage], after done: [ExportAccount]) -> Bool {
        stages.contains { $0.name == self.stage && $0.identity == self.identity }
            && !done.contains { $0.stage == self.stage }
    }
}

extension RunExportReport {
    fileprivate mutating func add(_ sent: ExportReport) {
        self.target = sent.target
        self.snapshot = sent.snapshot
        self.inserted = sent.inserted
        self.updated = sent.updated
        self.deleted = sent.deleted
        self.unchanged = sent.unchanged
        self.rows = sent.rows
    }
}
