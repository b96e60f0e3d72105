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
        package var status: String
        package var phase: String
        package var exitCode: Int32?
        package var startedMilliseconds: Int64
        package var finishedMilliseconds: Int64?
    }

    package var workspace: String
    package var snapshot: SnapshotReport?
    package var accounts: DocumentAccounts
    package var languages: [String: Int]
    package var mediaTypes: [String: Int]
    package var redactions: [String: Int]
    package var deadLetters: [DeadLetterReport]
    package var runs: [RunReport]
    /// Who is writing now, as `verb (process N on HOST)`.
    package var lockHolder: String?
}

/// What the workspace holds, without disturbing a run at work.
///
/// - Throws: ``OperationError`` `.noSuchState`.
package func status(workspace root: String) throws -> StatusReport {
    try translatingErrors {
        let reader = try WorkspaceReader(root: root)
        var totals = ShardTotals()
        var letters: [DeadLetterReport] = []
        for shard in 0..<reader.shardCount {
            guard let manifest = try reader.shard(shard) else { continue }
            totals += try manifest.totals()
            letters += try manifest.deadLetters().map(DeadLetterReport.init)
        }
        return StatusReport(
            workspace: root,
            snapshot: try liveSnapshot(workspace: root).map(StatusReport.SnapshotReport.init),
            accounts: DocumentAccounts(totals),
            languages: totals.languages,
            mediaTypes: totals.mediaTypes,
            redactions: totals.redactions,
            deadLetters: letters.sorted { $0.uri < $1.uri },
            runs: try reader.catalog.runs(limit: 5).map(StatusReport.RunReport.init),
            lockHolder: WorkspaceLock.holder(at: reader.layout.lock).map {
                "\($0.verb) (process \($0.processID) on \($0.host))"
            }
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
            status: run.status.rawValue,
            phase: run.phase,
            exitCode: run.exitCode,
            startedMilliseconds: run.startedMilliseconds,
            finishedMilliseconds: run.finishedMilliseconds
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
        let snapshot = try WorkspaceReader(root: root).liveSnapshot()
        return DigestReport(
            snapshot: snapshot.number,
            digest: snapshot.digest,
            documents: snapshot.documentCount,
            chunks: snapshot.chunkCount
        )
    }
}
