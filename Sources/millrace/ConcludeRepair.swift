internal import Console
internal import Operations

/// What a repair did, and the sync that carried it out.
private struct RepairOutput<Report: Encodable>: Encodable {
    let repair: Report
    /// Nil when it was left to the next sync.
    let sync: RunSummary?
}

/// Prints what a repair did, carries it out with a sync where wanted, and ends with that sync's exit
/// code.
///
/// - Parameter place: whose pipeline is synced; nil leaves it to the next sync.
/// - Parameter next: the command that carries it out then.
func concludeRepair(
    _ message: String,
    _ report: some Encodable,
    sync place: WorkspaceOptions.Place?,
    next: String,
    options: RunOptions,
    tuning: RunTuning
) throws {
    guard let place else {
        if tuning.output.json {
            try printJSON(RepairOutput(repair: report, sync: nil), JSONForm("repair"))
        } else {
            printLine("\(message); carry it out with: \(next)")
        }
        return
    }
    if !tuning.output.json { printLine(message) }
    let pipeline = try place.pipelineFile()
    let summary = try performRun(.sync, pipeline: pipeline, options: options, tuning: tuning)
    if tuning.output.json {
        try printJSON(RepairOutput(repair: report, sync: summary), JSONForm("repair"))
    } else {
        try printText(of: summary, pipeline: pipeline)
    }
    if summary.status != .clean { throw summary.status }
}
