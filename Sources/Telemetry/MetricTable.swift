/// What a scrape, a board and an alert rule know of a metric.
package struct MetricDescriptor: Sendable, Hashable {
    package enum Kind: String, Sendable {
        case gauge
        case counter
    }

    package let name: String
    package let kind: Kind
    /// The base unit the name ends in; empty for a count or a state.
    package let unit: String
    /// Whose values come from closed sets: names in the pipeline file, states, kinds.
    package let labels: [String]
    package let help: String

    init(
        _ name: String,
        _ kind: Kind = .gauge,
        unit: String = "",
        labels: [String] = [],
        help: String
    ) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.labels = ["pipeline"] + labels
        self.help = help
    }
}

/// Every metric that a run leaves behind: the one list that text files, boards, alert rules and pages are held to.
///
/// Names follow Prometheus: base units, `_total` for what only grows, one quantity a name. No label holds a
/// URI, an id or a text.
package enum MetricTable {
    package static let lastSuccess = MetricDescriptor(
        "millrace_last_success_timestamp_seconds",
        unit: "seconds",
        help:
            "When the last run ended whose snapshot is served; silence is the first thing to alert on."
    )
    package static let lastRun = MetricDescriptor(
        "millrace_last_run_timestamp_seconds",
        unit: "seconds",
        help: "When the last run ended, however it ended."
    )
    package static let lastExitCode = MetricDescriptor(
        "millrace_last_run_exit_code",
        help:
            "The exit code of the last run: 0 clean, 3 some documents failed, 4 deletions held, 5 gate failed."
    )
    package static let runDuration = MetricDescriptor(
        "millrace_run_duration_seconds",
        unit: "seconds",
        help: "How long the last run took."
    )
    package static let runProcessor = MetricDescriptor(
        "millrace_run_processor_seconds",
        unit: "seconds",
        help: "Processor time of the last run with its workers."
    )
    package static let runMemory = MetricDescriptor(
        "millrace_run_memory_bytes",
        unit: "bytes",
        help: "The most memory that the last run held at a time."
    )
    package static let runRead = MetricDescriptor(
        "millrace_run_read_bytes",
        unit: "bytes",
        help: "Bytes of documents that the last run read."
    )
    package static let runDocuments = MetricDescriptor(
        "millrace_run_documents",
        labels: ["change"],
        help: "Documents of the last run by change: added, changed, removed, unchanged."
    )
    package static let runChunks = MetricDescriptor(
        "millrace_run_chunks",
        labels: ["vector"],
        help:
            "Chunks that the last run indexed, by where their vector is from: embedded, reused, none."
    )
    package static let stageDuration = MetricDescriptor(
        "millrace_stage_duration_seconds",
        unit: "seconds",
        labels: ["stage"],
        help: "Time that the last run spent in a stage, all workers together."
    )
    package static let documents = MetricDescriptor(
        "millrace_documents",
        labels: ["state"],
        help:
            "Documents by state: indexed, duplicate, excluded, held, failed; stale ones are counted in theirs too."
    )
    package static let chunks = MetricDescriptor(
        "millrace_chunks",
        help: "Chunks of the snapshot that is served."
    )
    package static let heldDeletions = MetricDescriptor(
        "millrace_held_deletions",
        help: "Deletions that wait for approval."
    )
    package static let deadLetters = MetricDescriptor(
        "millrace_dead_letters",
        help: "Documents set aside because they failed, without those an operator accepted."
    )
    package static let failures = MetricDescriptor(
        "millrace_failures",
        labels: ["code"],
        help: "Documents set aside, by error code."
    )
    package static let redactions = MetricDescriptor(
        "millrace_redactions",
        labels: ["kind"],
        help: "Values replaced in all stored documents, by kind."
    )
    package static let gateFailed = MetricDescriptor(
        "millrace_gate_failed",
        help: "1 while the last run's snapshot waits because it failed the gate, else 0."
    )
    package static let gateFailedChecks = MetricDescriptor(
        "millrace_gate_failed_checks",
        help: "Checks of the gate that the last judged snapshot failed."
    )
    package static let gateMeasure = MetricDescriptor(
        "millrace_gate_measure",
        labels: ["measure"],
        help: "What the gate measured of the last judged snapshot, by measure."
    )
    package static let costTotal = MetricDescriptor(
        "millrace_cost_total",
        .counter,
        help:
            "What the recorded runs spent on embedding servers, in the currency of the pipeline's prices."
    )
    package static let costBudget = MetricDescriptor(
        "millrace_cost_budget",
        help: "What a run may spend, in the same currency."
    )
    package static let snapshotNumber = MetricDescriptor(
        "millrace_snapshot_number",
        help: "The number of the snapshot that is served."
    )
    package static let workspaceBytes = MetricDescriptor(
        "millrace_workspace_bytes",
        unit: "bytes",
        help: "What the workspace takes on the disk."
    )

    package static let all: [MetricDescriptor] = [
        lastSuccess, lastRun, lastExitCode, runDuration, runProcessor, runMemory, runRead,
        runDocuments, runChunks, stageDuration, documents, chunks, heldDeletions, deadLetters,
        failures, redactions, gateFailed, gateFailedChecks, gateMeasure, costTotal, costBudget,
        snapshotNumber, workspaceBytes,
    ]
}
