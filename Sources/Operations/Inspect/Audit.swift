internal import Foundation
internal import Manifests
internal import Segments
internal import Storage

/// Whether every document is accounted for, source by source.
package struct AuditReport: Sendable, Codable {
    package struct Source: Sendable, Codable {
        package var source: String
        /// False when the listing could not be completed.
        package var isComplete: Bool
        /// Documents the source listed, counted while listing.
        package var listed: Int
        /// How the manifests had them.
        package var accounts: DocumentAccounts
        package var addsUp: Bool
    }

    package var run: Int64
    package var verb: String
    package var pipeline: String
    package var sources: [Source]
    /// All sources together, as the manifests have them now.
    package var now: DocumentAccounts
    /// Of the indexed documents now; nil where there are none.
    package var nearDuplicates: GroupReport?
    /// What does not agree, and what to do; empty when all is accounted for.
    package var problems: [String]
}

/// Holds a run to `listed + held = indexed + duplicate + excluded + held + failed`, and the published
/// segments to the manifests.
///
/// - Parameter run: Nil for the last run that ended.
/// - Throws: ``OperationError`` `.noSuchState` when there is no such run.
package func audit(workspace root: String, run number: Int64? = nil) throws -> AuditReport {
    try translatingErrors {
        let reader = try WorkspaceReader(root: root)
        let run = try auditedRun(number, in: reader)
        let decoder = JSONDecoder()
        let sources = try reader.catalog.accounts(run: run.id).map { source in
            guard
                let accounts = try? decoder.decode(
                    DocumentAccounts.self,
                    from: Data(source.accounts.utf8)
                )
            else {
                throw OperationError(.fatal, "the accounts of run \(run.id) cannot be read")
            }
            return AuditReport.Source(
                source: source.source,
                isComplete: source.isComplete,
                listed: source.listed,
                accounts: accounts,
                addsUp: accounts.addsUp && source.listed + accounts.held == accounts.listed
            )
        }
        var totals = ShardTotals()
        for shard in 0..<reader.shardCount {
            if let manifest = try reader.shardIfThere(shard) { totals += try manifest.totals() }
        }
        var report = AuditReport(
            run: run.id,
            verb: run.verb,
            pipeline: run.pipeline,
            sources: sources,
            now: DocumentAccounts(totals),
            nearDuplicates: GroupReport(totals),
            problems: sources.filter { !$0.addsUp }.map {
                "source '\($0.source)': \($0.listed) listed and \($0.accounts.held) held are not "
                    + "\($0.accounts.listed) accounted for; run a sync"
            }
        )
        let snapshot = try reader.liveSnapshot()
        report.problems += try ShardComparison.problems(of: snapshot, in: reader)
        return report
    }
}

private func auditedRun(_ number: Int64?, in reader: WorkspaceReader) throws -> RunRecord {
    if let number {
        if let run = try reader.catalog.run(number) { return run }
        throw OperationError(
            .noSuchState,
            "there is no run \(number); 'millrace status' lists them"
        )
    }
    let runs = try reader.catalog.runs(limit: 1_000)
    // A compaction lists nothing, so it has no accounts.
    let ended = runs.first { $0.status == .finished && $0.verb != RunVerb.compact.rawValue }
    if let ended { return ended }
    throw OperationError(
        .noSuchState,
        "no run has ended in \(reader.layout.root) yet; run 'millrace sync'"
    )
}
