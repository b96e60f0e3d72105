internal import Segments
internal import Storage
package import Telemetry

package struct MarkReport: Sendable, Codable {
    package var snapshot: Int
    package var isPinned: Bool
    /// Why it is pinned; nil where it is not.
    package var reason: String?
    package var channels: [String]
}

/// Keeps a snapshot from being cleaned away, or gives it free again.
///
/// - Parameter reason: nil to give it free.
/// - Throws: ``OperationError`` `.noSuchState` without such a snapshot, or one to give free that is not pinned;
///   `.locked`.
package func pinSnapshot(
    _ number: Int,
    reason: String?,
    workspace root: String,
    lockWaitSeconds: Double = 0,
    clock: WallClock = .system
) throws -> MarkReport {
    try withMarks(root, verb: "snapshots pin", lockWaitSeconds, clock) { marks in
        try requireSnapshot(number, workspace: root)
        let log = AuditLog(layout: marks.layout, clock: clock)
        if let reason {
            let line = reason.replacing("\n", with: " ")
            guard line.utf8.count <= 2_000 else {
                throw OperationError(.configuration, "the reason is over 2,000 bytes")
            }
            try log.append(.pin, ["snapshot": "\(number)", "reason": line])
            try marks.pin(number, reason: line)
        } else {
            guard try marks.pins()[number] != nil else {
                throw OperationError(.noSuchState, "snapshot \(number) is not pinned in \(root)")
            }
            try log.append(.unpin, ["snapshot": "\(number)"])
            try marks.unpin(number)
        }
        return try MarkReport(number, marks)
    }
}

/// Lets a channel name a snapshot: the candidate that waits where there is one, else the live one.
///
/// What is live stays so; who searches the channel finds the other.
///
/// - Throws: ``OperationError`` `.configuration` for a name that is none, `.noSuchState` without a snapshot.
package func setChannel(
    _ name: String,
    to number: Int?,
    workspace root: String,
    lockWaitSeconds: Double = 0,
    clock: WallClock = .system
) throws -> MarkReport {
    guard SnapshotMarks.isChannelName(name) else {
        throw OperationError(
            .configuration,
            "'\(name)' is not the name of a channel: letters, digits, '-' and '_', \(SnapshotMarks.channelNameMax) at most"
        )
    }
    return try withMarks(root, verb: "publish --as", lockWaitSeconds, clock) { marks in
        let waiting = try WorkspaceReader(root: root).catalog.waitingCandidate(workspace: root)
        let target = try number ?? waiting ?? publishedSnapshot(workspace: root).number
        try requireSnapshot(target, workspace: root)
        try AuditLog(layout: marks.layout, clock: clock)
            .append(.channel, ["channel": name, "snapshot": "\(target)"])
        try marks.setChannel(name, to: target)
        return try MarkReport(target, marks)
    }
}

private func withMarks(
    _ root: String,
    verb: String,
    _ lockWaitSeconds: Double,
    _ clock: WallClock,
    _ body: (SnapshotMarks) throws -> MarkReport
) throws -> MarkReport {
    try translatingErrors {
        let layout = try WorkspaceReader(root: root).layout
        let lock = try acquireWriterLock(
            layout,
            verb: verb,
            startedMilliseconds: clock.milliseconds(),
            waitSeconds: lockWaitSeconds
        )
        defer { withExtendedLifetime(lock) {} }
        return try body(SnapshotMarks(layout: layout))
    }
}

private func requireSnapshot(_ number: Int, workspace root: String) throws {
    let numbers = try snapshotNumbers(workspace: root)
    guard numbers.contains(number) else {
        let there = numbers.map(String.init).joined(separator: ", ")
        throw OperationError(
            .noSuchState,
            "there is no snapshot \(number) in \(root); there is \(there.isEmpty ? "none" : there)"
        )
    }
}

extension MarkReport {
    fileprivate init(_ number: Int, _ marks: SnapshotMarks) throws {
        let reason = try marks.pins()[number]
        self.init(
            snapshot: number,
            isPinned: reason != nil,
            reason: reason,
            channels: try marks.channels().filter { $0.value == number }.keys.sorted()
        )
    }
}
