internal import Manifests
internal import Segments
internal import Storage
package import Telemetry

/// The metrics that a run leaves behind, from its summary and from what the workspace says of earlier ones.
///
/// - Parameters:
///   - summary: nil for a run that failed before it had one.
///   - exitCode: with which the command ends.
/// - Output: what cannot be known is left out, so that an alert on its absence fires.
package func metricSamples(
    pipeline: String,
    workspace root: String,
    summary: RunSummary?,
    exitCode: Int32,
    seconds: Double,
    clock: WallClock = .system
) -> [MetricSample] {
    var samples = MetricSamples(pipeline: pipeline)
    samples.add(MetricTable.lastRun, Double(clock.milliseconds()) / 1_000)
    samples.add(MetricTable.lastExitCode, Double(exitCode))
    samples.add(MetricTable.runDuration, summary?.seconds ?? seconds)
    if let reader = try? WorkspaceReader(root: root) { samples.addState(of: reader) }
    if let summary { samples.add(summary) }
    return samples.samples
}

/// Puts the metrics where node_exporter's textfile collector finds them: by rename, so that it never reads half
/// a file.
///
/// - Throws: ``OperationError`` `.configuration` where the file cannot be written.
package func writeMetrics(_ samples: [MetricSample], to path: String) throws {
    do {
        try replaceFile(path, with: Array(metricText(samples).utf8))
    } catch {
        throw OperationError(.configuration, "--metrics-file: \(error.message)")
    }
}

private struct MetricSamples {
    let pipeline: String
    private(set) var samples: [MetricSample] = []

    init(pipeline: String) { self.pipeline = pipeline }

    mutating func add(_ metric: MetricDescriptor, _ value: Double) {
        self.samples.append(MetricSample(metric, [self.pipeline], value))
    }

    mutating func add(_ metric: MetricDescriptor, _ label: String, _ value: Double) {
        self.samples.append(MetricSample(metric, [self.pipeline, label], value))
    }

    mutating func add(_ metric: MetricDescriptor, _ values: [String: Int]) {
        for (label, value) in values { self.add(metric, label, Double(value)) }
    }

    /// What holds whether this run came to its end or not.
    mutating func addState(of reader: WorkspaceReader) {
        if let runs = try? reader.catalog.runs(limit: 1_000) {
            let success = runs.first { $0.status == .finished }?.finishedMilliseconds
            if let success { self.add(MetricTable.lastSuccess, Double(success) / 1_000) }
            let spent = runs.compactMap { $0.decodedSummary?.embedding }
            if !spent.isEmpty {
                self.add(MetricTable.costTotal, spent.joined().reduce(0) { $0 + $1.cost })
            }
        }
        let waits = (try? reader.candidateAhead()) ?? nil
        self.add(MetricTable.gateFailed, waits == nil ? 0 : 1)
        if let snapshot = try? reader.liveSnapshot() {
            self.add(MetricTable.snapshotNumber, Double(snapshot.number))
            self.add(MetricTable.chunks, Double(snapshot.chunkCount))
        }
        if let footprint = try? reader.footprint() {
            self.add(MetricTable.workspaceBytes, Double(footprint.bytes))
        }
        guard let shards = try? reader.shards(),
            let totals = try? shards.reduce(into: ShardTotals(), { $0 += try $1.totals() })
        else { return }
        let accounts = DocumentAccounts(totals)
        self.add(
            MetricTable.documents,
            [
                "indexed": accounts.indexed, "duplicate": accounts.duplicates,
                "excluded": accounts.excluded, "held": accounts.held, "failed": accounts.failed,
                "stale": accounts.stale,
            ]
        )
        self.add(MetricTable.heldDeletions, Double(accounts.held))
        self.add(
            MetricTable.deadLetters,
            Double(totals.deadLetters - totals.ignoredDeadLetters)
        )
        self.add(MetricTable.redactions, totals.redactions)
    }

    mutating func add(_ summary: RunSummary) {
        self.add(MetricTable.runProcessor, summary.processorSeconds)
        self.add(MetricTable.runMemory, Double(summary.memoryBytesMaximum))
        self.add(MetricTable.runRead, Double(summary.bytesRead))
        self.add(
            MetricTable.runDocuments,
            [
                "added": summary.added, "changed": summary.changed, "removed": summary.removed,
                "unchanged": summary.unchanged,
            ]
        )
        self.add(
            MetricTable.runChunks,
            [
                "embedded": summary.chunksEmbedded, "reused": summary.chunksReused,
                "none": summary.chunksWithoutVector,
            ]
        )
        for stage in summary.stages {
            self.add(MetricTable.stageDuration, stage.stage, stage.seconds)
        }
        self.add(MetricTable.failures, summary.failures)
        guard let gate = summary.gate else { return }
        self.add(MetricTable.gateFailedChecks, Double(gate.failed.count))
        var seen: Set<String> = []
        for check in gate.checks where seen.insert(check.metric).inserted {
            self.add(MetricTable.gateMeasure, check.metric, check.now)
        }
    }
}
