internal import Manifests
internal import Segments
internal import Storage

/// Where the newest run of a workspace stands.
package struct LiveProgress: Sendable, Codable {
    package var run: Int64?
    package var verb: String?
    package var status: String?
    package var phase: String?
    package var startedMilliseconds: Int64?
    /// Documents that have to be looked at, as far as they are listed, and those that were; nil where the run's
    /// journal is not there, or another's.
    package var pending: Int?
    package var done: Int?
    package var inFlight: Int?
    /// Whether a writer is at work.
    package var isAtWork: Bool
    /// The snapshot that is served.
    package var snapshot: Int?
}

/// Reads it without disturbing a run at work.
///
/// - Throws: ``OperationError`` `.noSuchState`.
package func liveProgress(workspace root: String) throws -> LiveProgress {
    try translatingErrors {
        let reader = try WorkspaceReader(root: root)
        var progress = LiveProgress(isAtWork: lockHolder(workspace: root) != nil)
        progress.snapshot = try? reader.liveSnapshot().number
        guard let run = try reader.catalog.runs(limit: 1).first else { return progress }
        progress.run = run.id
        progress.verb = run.verb
        progress.status = run.status.rawValue
        progress.phase = run.phase
        progress.startedMilliseconds = run.startedMilliseconds
        if let reading = RunJournal.read(reader.layout.journal), reading.run == run.id {
            progress.pending = reading.pending
            progress.done = reading.done
            progress.inFlight = reading.inFlight
        }
        return progress
    }
}
