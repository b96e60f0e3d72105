internal import GRDB
package import Records

/// How far a run came.
package enum RunStatus: String, Sendable, CaseIterable {
    /// At work, or killed: the lock tells which.
    case running
    case finished
    case failed
    /// Stopped on purpose at a checkpoint: by a signal or a budget.
    case interrupted
    /// Published nothing on purpose: it differed from the plan it was held to, or its snapshot failed the gate.
    case refused
}

/// One execution of a plan.
package struct RunRecord: Hashable, Sendable {
    package var id: RunID
    package var verb: String
    package var pipeline: String
    package var pipelineFingerprint: Digest
    package var phase: String
    package var status: RunStatus
    package var exitCode: Int32?
    /// JSON, as the verb printed it.
    package var summary: String?
    package var startedMilliseconds: Int64
    package var updatedMilliseconds: Int64
    package var finishedMilliseconds: Int64?
    /// Absolute path of the pipeline file; nil for runs of the first catalog version.
    package var pipelinePath: String?
    /// The unfinished run that this one goes on with.
    package var resumes: RunID?
    /// What it was told beside its file: key and value.
    package var overrides: [String: String] = [:]
}

extension Catalog {
    package func beginRun(
        verb: String,
        pipeline: String,
        pipelineFingerprint: Digest,
        pipelinePath: String? = nil,
        resumes: RunID? = nil,
        overrides: [String: String] = [:],
        at time: Int64
    ) throws -> RunID {
        try self.file.write { database in
            try database.cachedStatement(
                sql: """
                    INSERT INTO runs
                        (verb, pipeline, fingerprint, phase, status, started_ms, updated_ms,
                        pipeline_path, resumes, overrides)
                    VALUES (?, ?, ?, '', 'running', ?, ?, ?, ?, ?)
                    """
            ).run([
                verb, pipeline, pipelineFingerprint, time, time, pipelinePath, resumes,
                overrides.isEmpty ? nil : MetadataCoding.encode(overrides),
            ])
            return database.lastInsertedRowID
        }
    }

    package func updateRun(_ run: RunID, phase: String, at time: Int64) throws {
        try self.changeRun(
            run,
            "UPDATE runs SET phase = ?, updated_ms = ? WHERE run = ?",
            [phase, time, run]
        )
    }

    package func finishRun(
        _ run: RunID,
        status: RunStatus,
        exitCode: Int32,
        summary: String,
        at time: Int64
    ) throws {
        try self.changeRun(
            run,
            """
            UPDATE runs SET status = ?, exit_code = ?, summary = ?, updated_ms = ?, finished_ms = ?
            WHERE run = ?
            """,
            [status.rawValue, exitCode, summary, time, time, run]
        )
    }

    /// Replaces what a run that ended left as its summary.
    package func setSummary(_ run: RunID, to summary: String) throws {
        try self.changeRun(run, "UPDATE runs SET summary = ? WHERE run = ?", [summary, run])
    }

    /// The newest runs first.
    package func runs(limit: Int) throws -> [RunRecord] {
        try self.file.read { database in
            try database.cachedStatement(sql: "\(runQuery) ORDER BY run DESC LIMIT ?")
                .all([limit], RunRecord.init(row:))
        }
    }

    package func run(_ run: RunID) throws -> RunRecord? {
        try self.file.read { database in
            try database.cachedStatement(sql: "\(runQuery) WHERE run = ?")
                .first([run], RunRecord.init(row:))
        }
    }

    /// The run that a resume goes on with: the newest, when it was killed, interrupted or failed.
    package func lastUnfinishedRun() throws -> RunRecord? {
        guard let run = try self.runs(limit: 1).first else { return nil }
        switch run.status {
        case .running, .interrupted, .failed: return run
        case .finished, .refused: return nil
        }
    }

    private func changeRun(
        _ run: RunID,
        _ sql: String,
        _ values: [(any Parameter)?]
    ) throws {
        try self.file.write { database in
            try database.cachedStatement(sql: sql).run(values)
            guard database.changesCount == 1 else {
                throw ManifestError(.unknownKey, path: self.path, "there is no run \(run)")
            }
        }
    }
}

private let runQuery = """
    SELECT run, verb, pipeline, fingerprint, phase, status, exit_code, summary,
        started_ms, updated_ms, finished_ms, pipeline_path, resumes, overrides
    FROM runs
    """

extension RunRecord {
    fileprivate init(row: StatementRow) throws {
        guard let status = RunStatus(rawValue: try row.string(5)) else { throw BadColumn() }
        self.init(
            id: try row.integer(0),
            verb: try row.string(1),
            pipeline: try row.string(2),
            pipelineFingerprint: try row.digest(3),
            phase: try row.string(4),
            status: status,
            exitCode: row[6] as Int32?,
            summary: row[7] as String?,
            startedMilliseconds: try row.integer(8),
            updatedMilliseconds: try row.integer(9),
            finishedMilliseconds: row[10] as Int64?,
            pipelinePath: row[11] as String?,
            resumes: row[12] as Int64?,
            overrides: try (row[13] as String?).map(MetadataCoding.decode) ?? [:]
        )
    }
}
