internal import Manifests
internal import Segments
internal import Storage
internal import Telemetry

package struct RollbackReport: Sendable, Codable {
    /// What was live before; nil where `LIVE` was lost.
    package var from: Int?
    package var to: Int
    package var digest: String
    package var documents: Int
    package var chunks: Int
}

/// Makes an earlier snapshot the live one again, by one rename.
///
/// The manifests stay as they are, so the next run that publishes makes them the live state again.
///
/// - Parameter number: nil for the newest before the live one.
/// - Throws: ``OperationError`` `.noSuchState` where there is no such snapshot, or it is not whole any
///   more; `.locked`.
/// - Complexity: O(segments); nothing is copied.
package func rollback(
    workspace root: String,
    to number: Int?,
    lockWaitSeconds: Double = 0
) throws -> RollbackReport {
    try translatingErrors {
        let reader = try WorkspaceReader(root: root)
        let lock = try acquireWriterLock(
            reader.layout,
            verb: "rollback",
            startedMilliseconds: WallClock.system.milliseconds(),
            waitSeconds: lockWaitSeconds
        )
        defer { withExtendedLifetime(lock) {} }
        let live = try liveSnapshotNumber(workspace: root)
        let target = try rollbackTarget(number, live: live, reader)
        // Nothing happens, so that nothing is noted.
        if target.number == live { return RollbackReport(target, from: live) }
        try AuditLog(layout: reader.layout).append(
            .rollback,
            target.auditDetails.merging(["before": live.map { "\($0)" } ?? "none"]) { $1 }
        )
        var checksums = try StateChecksums(taking: reader.layout)
        try makeLive(target.number, workspace: root)
        try checksums.putBackLive(shardCount: reader.shardCount)
        return RollbackReport(target, from: live)
    }
}

extension RollbackReport {
    fileprivate init(_ target: Snapshot, from live: Int?) {
        self.init(
            from: live,
            to: target.number,
            digest: target.digest,
            documents: target.documentCount,
            chunks: target.chunkCount
        )
    }
}

extension WorkspaceReader {
    /// The candidate that the gate stopped and that waits, where what is live is older.
    func candidateAhead() throws -> Int? {
        try self.catalog.waitingCandidate(workspace: self.layout.root)
    }

    /// The newest snapshot that was published, where an earlier one is live by a rollback; nil otherwise.
    ///
    /// One that a killed run had written, and had not made live yet, does not count.
    func snapshotAhead(of live: Int) throws -> Int? {
        let newest = try self.catalog.snapshots().last { $0.state == .published }?.number
        return newest.flatMap { $0 > live ? $0 : nil }
    }
}

/// The snapshot to go back to, with all its files there.
private func rollbackTarget(
    _ number: Int?,
    live: Int?,
    _ reader: WorkspaceReader
) throws -> Snapshot {
    let root = reader.layout.root
    let rejected = Set(
        try reader.catalog.snapshots().filter { $0.state != .published }.map(\.number)
    )
    if let number, rejected.contains(number) {
        throw OperationError(
            .noSuchState,
            "snapshot \(number) did not pass the gate and was never live; publish it with 'millrace "
                + "publish PIPELINE --force --reason TEXT'"
        )
    }
    let numbers = try snapshotNumbers(workspace: root).filter { !rejected.contains($0) }
    let earlier = numbers.last { number in live.map { number < $0 } ?? true }
    guard let wanted = number ?? earlier, numbers.contains(wanted) else {
        let there = numbers.map(String.init).joined(separator: ", ")
        let what =
            number.map { "there is no snapshot \($0)" }
            ?? "there is no snapshot before the live one"
        throw OperationError(
            .noSuchState,
            "\(what) in \(root); there is \(there.isEmpty ? "none" : there). "
                + "A run keeps the two before its own; one that takes old values away keeps none"
        )
    }
    let snapshot = try Segments.snapshot(number: wanted, workspace: root)
    for index in snapshot.indexes {
        for segment in index.segments {
            // Opens the files, so that what is made live can be searched.
            _ = try LiveSegmentReader(segment, workspace: root)
        }
    }
    return snapshot
}
