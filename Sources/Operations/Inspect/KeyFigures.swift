internal import Dataflow
internal import Manifests
internal import Stages
internal import Storage
package import Telemetry

/// The figures that are asked for by those who answer for a workspace, each with what it rests on.
package struct KeyFigures: Sendable, Codable {
    package struct Figure: Sendable, Codable, Hashable {
        package var name: String
        /// Nil where it was not measured; `evidence` says why.
        package var value: Double?
        package var unit: String
        package var evidence: String
    }

    package var workspace: String
    package var pipeline: String
    /// `2026-11-21 02:00:07 UTC`.
    package var time: String
    package var figures: [Figure]
}

/// Measures what is known of a pipeline's workspace.
///
/// Leaks are looked for in everything that is stored; the others are taken from what runs recorded.
///
/// - Throws: ``OperationError`` `.noSuchState` without a workspace or a snapshot.
package func keyFigures(pipeline path: String, clock: WallClock = .system) throws -> KeyFigures {
    let plan = try loadPipeline(path: path, for: .inspection)
    return try translatingErrors {
        let reader = try WorkspaceReader(root: plan.workspace)
        _ = try reader.liveSnapshot()
        let history = try RunHistory(reader)
        let now = clock.milliseconds()
        return KeyFigures(
            workspace: plan.workspace,
            pipeline: plan.name,
            time: universalTime(now),
            figures: [
                try leaks(plan.workspace, path),
                history.recall,
                history.quality,
                history.vectorsReused,
                history.freshness(now: now),
                history.costPerDocument,
                history.changeFailureRate,
            ]
        )
    }
}

private func leaks(_ workspace: String, _ pipeline: String) throws -> KeyFigures.Figure {
    var figure = KeyFigures.Figure(name: "pii_leaks", value: nil, unit: "values", evidence: "")
    do {
        let report = try scanForLeaks(workspace: workspace, pipeline: pipeline)
        figure.value = Double(report.leakCount)
        figure.evidence =
            "every stored text of \(report.documents) documents in \(report.segments) segments and of the manifests, "
            + "\(report.bytes) bytes, by policy \(report.policy.prefix(12)); 'millrace scan' lists what is found"
            + (report.unjudged.isEmpty
                ? "" : "; \(report.unjudged.count) files could not be looked through")
    } catch let error as OperationError where error.status == .configuration {
        figure.evidence = "not measured: \(error.message)"
    }
    return figure
}

/// What the recorded runs say.
private struct RunHistory {
    /// Choice: half a year of nights.
    private static let runLimit = 200

    private let runs: [(record: RunRecord, summary: RunSummary)]
    private let ended: [RunRecord]
    private let rollbacks: Int
    private let forced: Int

    init(_ reader: WorkspaceReader) throws {
        let records = try reader.catalog.runs(limit: Self.runLimit)
        self.ended = records.filter { $0.status != .running }
        self.runs = records.compactMap { record in
            record.decodedSummary.map { (record, $0) }
        }
        let entries = try auditLog(workspace: reader.layout.root, limit: Int.max).entries
        self.rollbacks = entries.count { $0.action == .rollback }
        self.forced = entries.count { $0.action == .force }
    }

    private var lastGate: (run: Int64, gate: GateReport)? {
        self.runs.lazy.compactMap { run in
            run.summary.gate.flatMap { gate in
                run.summary.outcome == .published ? (run.record.id, gate) : nil
            }
        }.first
    }

    var recall: KeyFigures.Figure { self.gateFigure("recall_at_10", "recall@10") }
    var quality: KeyFigures.Figure { self.gateFigure("ndcg_at_10", "ndcg@10") }

    private func gateFigure(_ name: String, _ metric: String) -> KeyFigures.Figure {
        guard let (run, gate) = self.lastGate,
            let check = gate.checks.first(where: { $0.metric == metric })
        else {
            return KeyFigures.Figure(
                name: name,
                value: nil,
                unit: "share",
                evidence:
                    "not measured: no run that published was judged on it; 'gate:' in the pipeline file does, "
                    + "and 'millrace evaluate' at any time"
            )
        }
        return KeyFigures.Figure(
            name: name,
            value: check.now,
            unit: "share",
            evidence: "gate of run \(run), snapshot \(gate.candidate), \(gate.queries) queries"
        )
    }

    var vectorsReused: KeyFigures.Figure {
        // A first run has nothing to reuse.
        let later = self.runs.filter { $0.summary.verb != RunVerb.backfill.rawValue }
        let embedded = later.reduce(0) { $0 + $1.summary.chunksEmbedded }
        let reused = later.reduce(0) { $0 + $1.summary.chunksReused }
        let total = embedded + reused
        return KeyFigures.Figure(
            name: "cache_hits",
            value: total > 0 ? Double(reused) / Double(total) : nil,
            unit: "share",
            evidence: total > 0
                ? "\(reused) of \(total) chunks that \(later.count) runs after the first indexed had their vector already"
                : "not measured: no run after the first indexed a chunk"
        )
    }

    func freshness(now: Int64) -> KeyFigures.Figure {
        let last = self.ended.first {
            $0.status == .finished && $0.verb != RunVerb.compact.rawValue
        }
        guard let last, let time = last.finishedMilliseconds else {
            return KeyFigures.Figure(
                name: "freshness",
                value: nil,
                unit: "seconds",
                evidence: "not measured: no run has ended"
            )
        }
        let stale = last.decodedSummary?.accounts.stale ?? 0
        return KeyFigures.Figure(
            name: "freshness",
            value: Double(max(0, now - time)) / 1_000,
            unit: "seconds",
            evidence:
                "since run \(last.id) ended with what the sources held, at \(universalTime(time)); "
                + "\(stale) documents are served in an older version"
        )
    }

    /// In processor time: of all workers, waiting for an embedding server not counted.
    var costPerDocument: KeyFigures.Figure {
        let extracted = self.runs.reduce(0) { $0 + $1.summary.extracted }
        let seconds = self.runs.reduce(0) { $0 + $1.summary.processorSeconds }
        return KeyFigures.Figure(
            name: "cost_per_document",
            value: extracted > 0 ? seconds / Double(extracted) : nil,
            unit: "processor_seconds",
            evidence: extracted > 0
                ? "\(extracted) documents went through the stages in \(self.runs.count) recorded runs"
                : "not measured: no document went through the stages"
        )
    }

    var changeFailureRate: KeyFigures.Figure {
        let published = self.runs.count { $0.summary.outcome == .published }
        let failed = self.ended.count { $0.status == .failed || $0.status == .refused }
        let total = published + failed
        return KeyFigures.Figure(
            name: "change_failure_rate",
            value: total > 0 ? Double(failed + self.rollbacks) / Double(total) : nil,
            unit: "share",
            evidence:
                "\(failed) runs failed or were stopped by the gate, \(self.rollbacks) rollbacks, of \(total) runs that "
                + "would have changed what is served; \(self.forced) gates were forced"
        )
    }
}
