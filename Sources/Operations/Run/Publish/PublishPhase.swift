internal import Dataflow
internal import Hashing
internal import Manifests
internal import Records
internal import Redact
internal import Segments
internal import Stages
internal import Storage
internal import Telemetry

/// What publishing came to.
enum PublishOutcome: Sendable {
    /// What is live is what would be published.
    case unchanged(Snapshot)
    /// - Parameter gate: nil without a gate, and where the documents and chunks are those of the live snapshot.
    case published(Snapshot, gate: GateReport?)
    /// The gate stopped it: it waits, and what was live still is.
    case refused(live: Snapshot?, gate: GateReport)
}

/// Names the segments of every shard in a snapshot, has the gate judge it, and makes it live, unless it would be
/// the same.
struct PublishPhase {
    let context: RunContext
    let plan: MaterialisePlan
    let totals: ShardTotals

    func run() throws -> PublishOutcome {
        let workspace = self.context.workspace
        let root = workspace.layout.root
        let live = try usableSnapshot(workspace: root)
        var candidate = try self.candidate(number: live?.number ?? 0)
        if let live, live == candidate {
            try self.dropWaiting()
            return .unchanged(live)
        }
        candidate.number = try self.number(of: candidate, live: live)
        var report: GateReport?
        // The same documents and chunks in other segments answer alike.
        if let inputs = self.context.gate, candidate.digest != live?.digest {
            let judged = try self.judge(candidate, inputs: inputs, live: live)
            report = judged
            guard judged.passed else {
                try self.refuse(candidate, judged)
                return .refused(live: live, gate: judged)
            }
        }
        let log = AuditLog(layout: workspace.layout, clock: self.context.options.clock)
        if self.context.isRedactedAnew { try log.append(.policy, try self.policyDetails()) }
        // Before it is live: nothing is ever served that the log does not know.
        try log.append(.publish, self.details(candidate, report))
        try publish(candidate, workspace: root)
        try workspace.catalog.record(
            candidate,
            state: .published,
            run: self.context.run,
            at: self.context.now
        )
        try self.sweep()
        return .published(candidate, gate: report)
    }

    // MARK: The gate

    private func judge(
        _ candidate: Snapshot,
        inputs: GateInputs,
        live: Snapshot?
    ) throws -> GateReport {
        self.context.options.progress.begin(phase: "gate", total: 0)
        let workspace = self.context.workspace
        // Durable before it is looked at: what is judged is what would be published.
        try writeSnapshot(candidate, workspace: workspace.layout.root)
        return try Gate(
            workspace: workspace.layout.root,
            inputs: inputs,
            models: self.context.models,
            modelsRoot: self.context.options.modelsRoot,
            redactors: try scanRedactors(of: self.context.plan)
        ).judge(
            candidate,
            counts: GateCounts(self.totals),
            live: live,
            liveCounts: try live.flatMap { try workspace.catalog.gateCounts(ofSnapshot: $0.number) }
        )
    }

    private func refuse(_ candidate: Snapshot, _ report: GateReport) throws {
        let workspace = self.context.workspace
        try workspace.catalog.record(
            candidate,
            state: .rejected,
            run: self.context.run,
            at: self.context.now
        )
        try AuditLog(layout: workspace.layout, clock: self.context.options.clock)
            .append(.gateFailed, self.details(candidate, report))
        try self.sweep()
    }

    /// A candidate of documents that the manifests do not hold any more is none.
    private func dropWaiting() throws {
        let catalog = self.context.workspace.catalog
        let root = self.context.workspace.layout.root
        guard let waiting = try catalog.waitingCandidate(workspace: root) else { return }
        try catalog.setSnapshotState(waiting, to: .dropped)
        try self.sweep()
    }

    private func sweep() throws {
        try SegmentSweep(
            workspace: self.context.workspace,
            retention: self.context.plan.retention,
            now: self.context.now
        ).run()
    }

    // MARK: What the log says

    private func details(_ snapshot: Snapshot, _ report: GateReport?) -> [String: String] {
        var details = snapshot.auditDetails
        details["run"] = "\(self.context.run)"
        details["verb"] = self.context.verb.rawValue
        if !self.plan.policies.hash.isEmpty { details["policy"] = self.plan.policies.hash }
        if let report {
            details["gate"] =
                report.passed
                ? "passed \(report.checks.count) checks"
                : "failed " + report.failed.map(\.metric).joined(separator: ", ")
        }
        return details
    }

    private func policyDetails() throws -> [String: String] {
        let policies = try self.context.plan.nodes.filter { $0.uses == redactStageName }
            .map { try redactionPolicy(of: $0) }
        return [
            "policy": self.plan.policies.hash,
            "keys": policies.map(\.keyID).filter { !$0.isEmpty }.sorted().joined(separator: " "),
            "run": "\(self.context.run)",
        ]
    }

    // MARK: The candidate

    /// That of a waiting candidate with the same content; else above every number that was ever given, also by
    /// a run that died before it recorded its own.
    private func number(of candidate: Snapshot, live: Snapshot?) throws -> Int {
        let workspace = self.context.workspace
        let root = workspace.layout.root
        if let waiting = try workspace.catalog.waitingCandidate(workspace: root) {
            var same = candidate
            same.number = waiting
            let written = try? snapshot(number: waiting, workspace: root)
            if written == same { return waiting }
        }
        let written = try snapshotNumbers(workspace: root).last ?? 0
        return max(try workspace.catalog.nextSnapshotNumber(), written + 1)
    }

    /// What the shards' present segments make; a function of them but for the number.
    private func candidate(number: Int) throws -> Snapshot {
        let shards = try self.context.workspace.shards.map { try $0.writtenIndexes() }
        var digest = DigestSum()
        var indexes: [IndexSnapshot] = []
        for index in self.plan.indexes {
            var segments: [SnapshotSegment] = []
            for (shard, written) in shards.enumerated() {
                guard let part = written[index.node.id] else {
                    throw OperationError(
                        .fatal,
                        "shard \(shard) has no segments of index '\(index.node.id)'; run it again"
                    )
                }
                for segment in part.segments {
                    digest.add(try segment.digest)
                    segments.append(try SnapshotSegment(segment, shard: shard))
                }
            }
            indexes.append(
                IndexSnapshot(
                    name: index.node.id,
                    modelFingerprint: index.configuration.modelFingerprint,
                    modelName: index.modelName,
                    dimensions: index.configuration.dimensions,
                    embedder: index.embedder,
                    expander: index.expander?.reference,
                    expansionFingerprint: index.expander?.fingerprint,
                    segments: segments.sorted { ($0.shard, $0.name) < ($1.shard, $1.name) }
                )
            )
        }
        return Snapshot(
            number: number,
            pipeline: self.context.plan.name,
            indexes: indexes,
            digest: digest.value.hex,
            documentCount: indexes.first?.segments.reduce(0) { $0 + $1.documentCount } ?? 0,
            chunkCount: indexes.reduce(0) { $0 + $1.segments.reduce(0) { $0 + $1.chunkCount } }
        )
    }
}
