internal import Connectors
internal import Dataflow
internal import Hashing
internal import Manifests
internal import Records
internal import Stages
internal import Storage
internal import Telemetry
internal import Text

/// A pipeline file as the commands of a run in items need it, and the run that is open in its workspace.
struct WorkPipeline {
    let path: String
    let plan: Plan
    let models: ModelSet
    let fingerprints: PlanFingerprints
    let materialise: MaterialisePlan
    let connectors: [String: any Connector]
    let files: WorkFiles
    var options: RunOptions
    /// Nil where none is open.
    var session: WorkSession?

    /// - Throws: ``OperationError`` `.configuration` also where the open run was planned with another file.
    init(path: String, options: RunOptions, isRestarting: Bool = false) throws {
        self.path = path
        let files = WorkFiles(
            layout: WorkspaceLayout(root: try loadPipeline(path: path).workspace)
        )
        let session = isRestarting ? nil : try WorkSession.read(files)
        var options = options
        if let session {
            guard options.overrides.isEmpty || options.overrides == session.overrides else {
                throw Self.otherPipeline(session, "with other values of --set")
            }
            options.overrides = session.overrides
            options.isParanoid = session.isParanoid
        }
        let plan = try loadPipeline(path: path, overrides: options.overrides, for: .redaction)
        let models = try ModelSet(for: plan, root: options.modelsRoot)
        let fingerprints = Dataflow.fingerprints(
            of: plan,
            catalogue: pipelineCatalogue,
            resources: models.resource
        )
        self.plan = plan
        self.models = models
        self.fingerprints = fingerprints
        self.materialise = try MaterialisePlan(
            plan: plan,
            fingerprints: fingerprints,
            models: models
        )
        try self.materialise.readKeys()
        self.connectors = try makeConnectors(plan)
        self.files = files
        self.options = options
        self.session = session
        if let session, session.fingerprint != self.fingerprint {
            throw Self.otherPipeline(session, "with another pipeline file, models or binary")
        }
    }

    /// Of every item: what its stages, models and formats are.
    var fingerprint: String { sha256("\(self.fingerprints.pipeline.hex)\n\(formatVersions)").hex }

    /// The whole workspace, for this process alone.
    func openWorkspace(verb: String) throws -> Workspace {
        try Workspace(
            root: self.plan.workspace,
            shardCount: self.plan.shardCount,
            pipeline: self.plan.name,
            isAdopting: self.options.isAdopting,
            isForItems: true,
            verb: verb,
            startedMilliseconds: self.options.clock.milliseconds(),
            lockWaitSeconds: self.options.lockWaitSeconds
        )
    }

    func context(_ workspace: Workspace, verb: RunVerb, run: RunID) throws -> RunContext {
        var gate: GateInputs?
        if !self.options.isErasing, let declared = self.plan.gate {
            gate = try GateInputs(declared, pipeline: self.path)
        }
        return try RunContext(
            verb: verb,
            plan: self.plan,
            fingerprints: self.fingerprints,
            models: self.models,
            workspace: workspace,
            connectors: self.connectors,
            options: self.options,
            gate: gate,
            run: run
        )
    }

    func context(_ workspace: Workspace, _ session: WorkSession) throws -> RunContext {
        try self.context(
            workspace,
            verb: RunVerb(rawValue: session.verb) ?? .sync,
            run: session.run
        )
    }

    func context(_ part: WorkspacePart, _ session: WorkSession) throws -> StepContext {
        try StepContext(
            verb: RunVerb(rawValue: session.verb) ?? .sync,
            plan: self.plan,
            fingerprints: self.fingerprints,
            models: self.models,
            layout: part.layout,
            catalog: part.catalog,
            connectors: self.connectors,
            options: self.options,
            run: session.run,
            manifest: { try part.manifest($0) }
        )
    }

    /// By which documents are compared; nil where none are, or equal ones alone are looked for.
    var rule: DedupeRule? {
        let node = self.plan.nodes.first { $0.uses == dedupeStageName }
        return node.map(dedupeRule).flatMap { $0.near == .off ? nil : $0 }
    }

    /// - Throws: ``OperationError`` `.configuration`: no such item is planned for a pipeline without such a rule.
    func comparingRule() throws -> DedupeRule {
        guard let rule = self.rule else {
            throw OperationError(.configuration, "\(self.path) compares no documents")
        }
        return rule
    }

    var stop: StopPoint {
        let cancellation = self.options.cancellation
        return StopPoint { cancellation.isRequested }
    }

    private static func otherPipeline(_ session: WorkSession, _ what: String) -> OperationError {
        OperationError(
            .configuration,
            "run \(session.run) was planned \(what); use those, or plan anew with 'millrace work plan "
                + "PIPELINE --restart': what is prepared is kept"
        )
    }
}

/// As the run's other commands are told that it is to stop.
func stoppedWork(_ what: String) -> OperationError {
    OperationError(
        .interrupted,
        "\(what): stopped; what is stored is kept, the same command goes on"
    )
}
