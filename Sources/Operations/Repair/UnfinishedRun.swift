internal import Dataflow
internal import Manifests
internal import Stages
internal import Storage

/// A run that did not end, and how it is gone on with.
package struct UnfinishedRun: Sendable, Hashable, Codable {
    package var run: Int64
    package var verb: String
    /// Path of its pipeline file.
    package var pipeline: String
    /// `running` when it was killed, `interrupted` when it stopped on request, `failed` on an error, `disk full`
    /// when that was the error.
    package var status: String
    package var phase: String
    package var startedMilliseconds: Int64
    /// What it was told with `--set`; nil for nothing.
    package var overrides: [String: String]?
    /// What its journal says; nil when there is none of this run.
    package var journal: ResumedRun?

    package var runVerb: RunVerb { RunVerb(rawValue: self.verb) ?? .sync }

    /// What it was told with `--set`, and over it what is said now.
    package func overrides(under given: [String: String]) -> [String: String] {
        (self.overrides ?? [:]).merging(given) { $1 }
    }

    /// - Throws: ``OperationError`` `.noSuchState` when the file was not recorded, or is gone.
    package func pipelineFile() throws -> String {
        guard !self.pipeline.isEmpty else {
            throw OperationError(
                .noSuchState,
                "run \(self.run) recorded no pipeline file; name it: millrace resume PIPELINE"
            )
        }
        return try existingPipeline(self.pipeline, ofRun: self.run)
    }
}

/// The run that `resume` goes on with: the newest, unless it or a later one finished.
///
/// - Throws: ``OperationError`` `.noSuchState` when every run has ended.
package func unfinishedRun(workspace root: String) throws -> UnfinishedRun {
    try translatingErrors {
        if let run = try WorkspaceReader(root: root).unfinishedRun() { return run }
        throw OperationError(
            .noSuchState,
            "nothing is unfinished in \(root); take up changes with 'millrace sync PIPELINE'"
        )
    }
}

/// Whether the pipeline file at `path` means something else than when `run` began.
///
/// - Throws: ``OperationError`` `.configuration`, `.noSuchState`.
package func isPipelineChanged(
    since run: Int64,
    path: String,
    workspace root: String,
    options: RunOptions
) throws -> Bool {
    let plan = try loadPipeline(path: path, overrides: options.overrides, for: .redaction)
    let models = try ModelSet(for: plan, root: options.modelsRoot)
    let present = fingerprints(of: plan, catalogue: pipelineCatalogue, resources: models.resource)
    return try translatingErrors {
        let record = try WorkspaceReader(root: root).catalog.run(run)
        return record.map { $0.pipelineFingerprint != present.pipeline } ?? false
    }
}

extension WorkspaceReader {
    /// The journal knows better than a catalog that could not be written.
    private func status(of run: RunRecord, _ reading: RunJournal.Reading?) -> String {
        switch reading?.cause {
        case .diskFull: "disk full"
        case .failed: RunStatus.failed.rawValue
        case nil: run.status.rawValue
        }
    }

    /// Nil when the newest run has ended; what ended before it does not count any more.
    func unfinishedRun() throws -> UnfinishedRun? {
        guard let run = try self.catalog.lastUnfinishedRun() else { return nil }
        let reading = RunJournal.read(self.layout.journal).flatMap { $0.run == run.id ? $0 : nil }
        return UnfinishedRun(
            run: run.id,
            verb: run.verb,
            pipeline: run.pipelinePath ?? "",
            status: self.status(of: run, reading),
            phase: run.phase,
            startedMilliseconds: run.startedMilliseconds,
            overrides: run.overrides.isEmpty ? nil : run.overrides,
            journal: reading.map {
                ResumedRun(
                    run: run.id,
                    pending: $0.pending,
                    done: $0.done,
                    inFlight: $0.inFlight
                )
            }
        )
    }
}
