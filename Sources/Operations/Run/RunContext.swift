internal import Connectors
internal import Dataflow
internal import Hashing
internal import Logging
internal import Manifests
internal import Records
internal import Stages
internal import Storage
internal import Synchronization
internal import Telemetry

/// What every phase of one run shares; nothing in it changes but the tallies.
final class RunContext: Sendable {
    let plan: Plan
    let fingerprints: PlanFingerprints
    /// What decides a prepared document: the prepare stages, and whether dedupe wants a signature.
    let prepareFingerprint: Digest
    let models: ModelSet
    let workspace: Workspace
    let connectors: [String: any Connector]
    let options: RunOptions
    let run: RunID
    let tally = Mutex(RunTally())
    /// Carries the run and the pipeline on every line; never document text.
    let log: Logger

    init(
        plan: Plan,
        fingerprints: PlanFingerprints,
        models: ModelSet,
        workspace: Workspace,
        connectors: [String: any Connector],
        options: RunOptions,
        run: RunID
    ) {
        self.plan = plan
        self.fingerprints = fingerprints
        let wantsSignature = plan.nodes.contains { $0.uses == dedupeStageName }
        self.prepareFingerprint =
            wantsSignature
            ? fingerprints.prepare : sha256(fingerprints.prepare.hex + " without signature")
        self.models = models
        self.workspace = workspace
        self.connectors = connectors
        self.options = options
        self.run = run
        var log = Logger(label: "millrace.run")
        log[metadataKey: "run"] = "\(run)"
        log[metadataKey: "pipeline"] = "\(plan.name)"
        self.log = log
    }

    var dedupeNode: PlanNode? { self.plan.nodes.first { $0.uses == dedupeStageName } }

    var now: Int64 { self.options.clock.milliseconds() }
}

/// What a run counted.
struct RunTally: Sendable {
    var listed = 0
    var unchanged = 0
    var added = 0
    var changed = 0
    var removed = 0
    var processed = 0
    var bytesRead = 0
    var chunksEmbedded = 0
    var segmentsWritten = 0
    var memoryBytesMaximum = 0
    var held: [HeldDocument] = []
    var heldReasons: [String] = []
    var stages = StageCounters()
}

/// A document that an incomplete listing does not mention: it may be gone, or only unseen.
struct HeldDocument: Sendable {
    let id: DocumentID
    let state: DocumentState
}
