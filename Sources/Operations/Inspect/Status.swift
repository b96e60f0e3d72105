internal import Foundation
internal import Manifests
internal import Segments
internal import Storage

package struct StatusReport: Sendable, Codable {
    package struct SnapshotReport: Sendable, Codable {
        package var number: Int
        package var digest: String
        package var documents: Int
        package var chunks: Int
        package var indexes: [String]
    }

    package struct RunReport: Sendable, Codable {
        package var id: Int64
        package var verb: String
        package var pipeline: String
        package var status: String
        package var phase: String
        package var exitCode: Int32?
        package var startedMilliseconds: Int64
        package var finishedMilliseconds: Int64?
        /// The unfinished run that it went on with.
        package var resumes: Int64?
        /// What servers embedded for it; nil where none was asked.
        package var embedding: [EmbeddingReport]?
    }

    package var workspace: String
    package var snapshot: SnapshotReport?
    /// The snapshot that was rolled back from; the next run that publishes serves it again.
    package var rolledBackFrom: Int?
    /// The snapshot that the gate stopped and that waits; 'publish' looks at it again.
    package var candidate: Int?
    package var footprint: WorkspaceFootprint
    package var accounts: DocumentAccounts
    /// Of the indexed documents; nil where there are none.
    package var nearDuplicates: GroupReport?
    package var languages: [String: Int]
    package var mediaTypes: [String: Int]
    package var redactions: [String: Int]
    /// Excluded documents by the stage that left them out and why.
    package var exclusions: [String: Int]
    /// By URI; without those an operator accepted.
    package var deadLetters: [DeadLetterReport]
    /// Dead letters by state: `failed`, `stale`, `quarantined`, `ignored`.
    package var failureStates: [String: Int]
    /// Deletions that wait for approval, by the run that held them.
    package var held: [HeldReport]
    package var runs: [RunReport]
    /// What the last run that listed them found beside documents in the sources.
    package var sources: [SourceReport]
    /// The exports of the pipeline, and what is owed to each; nil where there are none.
    package var exports: [ExportStatus]?
    /// The newest run when it has not ended: at work while ``lockHolder`` is set.
    package var unfinished: UnfinishedRun?
    /// Who is writing now.
    package var lockHolder: LockReport?
}

/// What the workspace holds, without disturbing a run at work.
///
/// - Throws: ``OperationError`` `.noSuchState`.
package func status(workspace root: String) throws -> StatusReport {
    try translatingErrors {
        let reader = try WorkspaceReader(root: root)
        let shards = try reader.shards()
        let totals = try shards.reduce(into: ShardTotals()) { $0 += try $1.totals() }
        let failures = totals.deadLetters == 0 ? [] : try FailureTable(reader).rows.map(\.report)
        let snapshot = try publishedSnapshotIfAny(workspace: root)
        let accounts = try reader.catalog.exportAccounts()
        return StatusReport(
            workspace: root,
            snapshot: snapshot.map(StatusReport.SnapshotReport.init),
            rolledBackFrom: try snapshot.flatMap { try reader.snapshotAhead(of: $0.number) },
            candidate: try reader.candidateAhead(),
            footprint: try reader.footprint(),
            accounts: DocumentAccounts(totals),
            nearDuplicates: GroupReport(totals),
            languages: totals.languages,
            mediaTypes: totals.mediaTypes,
            redactions: totals.redactions,
            exclusions: totals.exclusions,
            deadLetters: failures.filter { $0.state != .ignored }.map(DeadLetterReport.init),
            failureStates: Dictionary(
                failures.map { ($0.state.rawValue, 1) },
                uniquingKeysWith: +
            ),
            held: HeldReport.byRun(try shards.flatMap { try $0.heldDeletions() }),
            runs: try reader.runReports(),
            sources: try reader.sourceReports(),
            exports: accounts.isEmpty
                ? nil : accounts.map { ExportStatus($0, live: snapshot?.number) },
            unfinished: try reader.unfinishedRun(),
            lockHolder: WorkspaceLock.holder(at: reader.layout.lock).map(LockReport.init)
        )
    }
}

extension WorkspaceReader {
    /// The last runs, the newest first; one that could not say how it ended says it in its journal.
    func runReports(limit: Int = 5) throws -> [StatusReport.RunReport] {
        let unfinished = try self.unfinishedRun()
        return try self.catalog.runs(limit: limit).map { run in
            var report = StatusReport.RunReport(run)
            if let unfinished, unfinished.run == run.id { report.status = unfinished.status }
            return report
        }
    }

    /// What the last run that came to its end found in the sources beside documents.
    func sourceReports() throws -> [SourceReport] {
        let run = try self.catalog.runs(limit: 100)
            .first { $0.status == .finished && $0.verb != RunVerb.compact.rawValue }
        return run?.decodedSummary?.sources ?? []
    }
}

extension RunRecord {
    /// Nil where there is none, or none that this version reads.
    var decodedSummary: RunSummary? {
        self.summary.flatMap { try? JSONDecoder().decode(RunSummary.self, from: Data($0.utf8)) }
    }
}

/// One run with the summary it ended with.
package struct RunStatusReport: Sendable, Codable {
    package var run: StatusReport.RunReport
    /// Path of its pipeline file; nil for runs of the first catalog version.
    package var pipelinePath: String?
    /// Nil while it is at work, and when it failed or was killed.
    package var summary: RunSummary?
}

/// - Throws: ``OperationError`` `.noSuchState` when the workspace had no such run.
package func status(ofRun number: Int64, workspace root: String) throws -> RunStatusReport {
    try translatingErrors {
        let reader = try WorkspaceReader(root: root)
        guard let run = try reader.catalog.run(number) else {
            throw OperationError(
                .noSuchState,
                "there is no run \(number) in \(root); 'millrace status --workspace \(root)' lists "
                    + "the last ones"
            )
        }
        return RunStatusReport(
            run: StatusReport.RunReport(run),
            pipelinePath: run.pipelinePath,
            summary: run.decodedSummary
        )
    }
}

extension StatusReport.SnapshotReport {
    init(_ snapshot: Snapshot) {
        self.init(
            number: snapshot.number,
            digest: snapshot.digest,
            documents: snapshot.documentCount,
            chunks: snapshot.chunkCount,
            indexes: snapshot.indexes.map(\.name)
        )
    }
}

extension StatusReport.RunReport {
    fileprivate init(_ run: RunRecord) {
        self.init(
            id: run.id,
            verb: run.verb,
            pipeline: run.pipeline,
            status: run.status.rawValue,
            phase: run.phase,
            exitCode: run.exitCode,
            startedMilliseconds: run.startedMilliseconds,
            finishedMilliseconds: run.finishedMilliseconds,
            resumes: run.resumes,
            embedding: run.decodedSummary?.embedding
        )
    }
}

extension DeadLetterReport {
    fileprivate init(_ failure: FailureReport) {
        self.init(
            uri: failure.uri,
            stage: failure.stage,
            code: failure.code,
            message: failure.message
        )
    }
}

package struct DigestReport: Sendable, Codable {
    package var snapshot: Int
    package var digest: String
    package var documents: Int
    package var chunks: Int
}

/// The logical digest of the live snapshot, as it was published; `verify` holds it to the segments.
///
/// - Throws: ``OperationError`` `.noSuchState`.
package func digest(workspace root: String) throws -> DigestReport {
    try translatingErrors {
        let snapshot = try publishedSnapshot(workspace: root)
        return DigestReport(
            snapshot: snapshot.number,
            digest: snapshot.digest,
            documents: snapshot.documentCount,
            chunks: snapshot.chunkCount
        )
    }
}
