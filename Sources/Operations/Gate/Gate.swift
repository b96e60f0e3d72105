internal import Dataflow
internal import Dispatch
internal import Manifests
internal import Redact
internal import Search
internal import Segments
internal import Storage
internal import Synchronization
internal import Telemetry

/// How the documents of a workspace stood when a snapshot was made, as far as the gate looks at it.
struct GateCounts {
    let accounts: DocumentAccounts
    /// Values replaced in all stored documents.
    let redactions: Int

    init(_ totals: ShardTotals) {
        self.accounts = DocumentAccounts(totals)
        self.redactions = totals.redactions.values.reduce(0, +)
    }

    init(_ summary: RunSummary) {
        self.accounts = summary.accounts
        self.redactions = summary.redactions.values.reduce(0, +)
    }

    /// - Parameter isBasis: whether others are compared with them: then few redactions say nothing.
    func add(to values: inout [GateMeasure: Double], isBasis: Bool) {
        func share(_ count: Int, of total: Int) -> Double {
            Double(count) / Double(max(1, total))
        }
        let accounts = self.accounts
        values[.duplicates] = share(accounts.duplicates, of: accounts.listed)
        values[.excluded] = share(accounts.excluded, of: accounts.listed)
        values[.deadLetters] = share(accounts.failed, of: accounts.listed)
        values[.stale] = share(accounts.stale, of: accounts.indexed + accounts.duplicates)
        if isBasis, Double(self.redactions) < GateJudge.redactionsMin { return }
        values[.redactions] = share(self.redactions, of: accounts.listed - accounts.failed)
    }
}

/// Measures a snapshot that is to go live, and the one that is, and judges.
///
/// Nothing of it depends on the clock or on chance but the seconds it says it took.
struct Gate {
    /// Text looked through for personal data; a larger change is sampled, document by document.
    private static let scannedBytesMax = 2 << 20

    let workspace: String
    let inputs: GateInputs
    let models: ModelSet?
    let modelsRoot: String?
    /// What looks for personal data; empty where the pipeline redacts nothing.
    let redactors: [PolicyRedactor]

    func judge(
        _ candidate: Snapshot,
        counts: GateCounts?,
        live: Snapshot?,
        liveCounts: GateCounts?
    ) throws -> GateReport {
        let start = monotonicNanoseconds()
        var notes: [String] = []
        let (ranked, liveRanked) = try self.rankings(candidate, live, &notes)
        var now = GateMeasurement()
        var was: GateMeasurement?
        now.scores = ranked.scores
        let shapes = try self.shapes(candidate, live, &notes)
        shapes.now.add(to: &now.values)
        counts?.add(to: &now.values, isBasis: false)
        if counts == nil { notes.append("how the manifests stood then is not known any more") }
        try self.lookAtNewSegments(candidate, live: shapes.was == nil ? nil : live, &now, &notes)
        if let shape = shapes.was {
            var basis = GateMeasurement()
            basis.scores = liveRanked?.scores
            shape.add(to: &basis.values)
            liveCounts?.add(to: &basis.values, isBasis: true)
            if liveCounts == nil {
                notes.append("the run that made the live snapshot left no counts to compare with")
            }
            now.values[.languages] = shapes.now.languageDistance(from: shape)
            now.values[.languageLoss] = shapes.now.languageLoss(since: shape)
            if let liveRanked { now.values[.churn] = ranked.churn(since: liveRanked) }
            was = basis
        }
        now.addScores()
        was?.addScores()
        let checks = GateJudge(settings: self.inputs.settings).checks(now: now, was: was)
        return GateReport(
            candidate: candidate.number,
            live: live?.number,
            passed: checks.allSatisfy(\.passed),
            queries: self.inputs.queries.count,
            seconds: Double(monotonicNanoseconds() - start) / 1e9,
            checks: checks,
            notes: notes
        )
    }

    /// Asks both snapshots at the same time; one that is live and cannot be asked is left out, and told.
    private func rankings(
        _ candidate: Snapshot,
        _ live: Snapshot?,
        _ notes: inout [String]
    ) throws -> (GateRankings, GateRankings?) {
        let snapshots = [candidate] + (live.map { [$0] } ?? [])
        let results = Mutex([Int: Result<GateRankings, any Error>]())
        let questions = GateQuestions(
            workspace: self.workspace,
            inputs: self.inputs,
            models: self.models,
            modelsRoot: self.modelsRoot
        )
        DispatchQueue.concurrentPerform(iterations: snapshots.count) { index in
            let result = Result { try questions.ask(snapshots[index]) }
            results.withLock { $0[index] = result }
        }
        let found = results.withLock { $0 }
        guard let own = try found[0]?.get() else {
            throw OperationError(.fatal, "the gate's queries were not asked")
        }
        guard let other = found[1] else { return (own, nil) }
        do {
            return (own, try other.get())
        } catch {
            notes.append("the live snapshot could not be asked, so no score is compared: \(error)")
            return (own, nil)
        }
    }

    /// Nil for a live one that cannot be read.
    private func shapes(
        _ candidate: Snapshot,
        _ live: Snapshot?,
        _ notes: inout [String]
    ) throws -> (now: SnapshotShape, was: SnapshotShape?) {
        var known: [SnapshotSegment: SnapshotShape] = [:]
        func shape(_ snapshot: Snapshot) throws -> SnapshotShape {
            var sum = SnapshotShape()
            for segment in snapshot.indexes.first?.segments ?? [] {
                let own =
                    try known[segment]
                    ?? SnapshotShape(LiveSegmentReader(segment, workspace: self.workspace))
                known[segment] = own
                sum += own
            }
            return sum
        }
        let now = try shape(candidate)
        guard let live else { return (now, nil) }
        do {
            return (now, try shape(live))
        } catch {
            notes.append("the live snapshot cannot be read, so nothing is compared: \(error)")
            return (now, nil)
        }
    }

    /// What is in segments that the live snapshot does not have: all of it for a first one.
    private func lookAtNewSegments(
        _ candidate: Snapshot,
        live: Snapshot?,
        _ now: inout GateMeasurement,
        _ notes: inout [String]
    ) throws {
        let old = Set((live?.indexes ?? []).flatMap(\.segments).map { "\($0.shard)/\($0.name)" })
        let segments = try (candidate.indexes.first?.segments ?? [])
            .filter { !old.contains("\($0.shard)/\($0.name)") }
            .map { try LiveSegmentReader($0, workspace: self.workspace) }
        now.values[.vectorNorms] = try oddVectorShare(in: segments)
        guard !self.redactors.isEmpty else {
            notes.append("the pipeline redacts nothing, so personal data was not looked for")
            return
        }
        let leaks = try sampledLeaks(
            in: segments,
            by: self.redactors,
            byteLimit: Self.scannedBytesMax
        )
        now.values[.personalData] = Double(leaks.leakCount)
        if leaks.leakCount > 0 {
            let kinds = leaks.byKind.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            notes.append("personal data by kind: " + kinds.joined(separator: ", "))
        }
    }
}

extension SnapshotShape {
    func add(to values: inout [GateMeasure: Double]) {
        values[.documents] = Double(self.documents)
        values[.chunks] = Double(self.chunks)
        values[.tokens] = Double(self.tokens)
        guard self.documents > 0, self.chunks > 0 else { return }
        values[.titles] = Double(self.titled) / Double(self.documents)
        values[.chunkLength] = Double(self.tokens) / Double(self.chunks)
        values[.withoutVector] = Double(self.withoutVector) / Double(self.chunks)
    }
}

extension GateMeasurement {
    /// The means of the scores.
    mutating func addScores() {
        guard let scores = self.scores else { return }
        for measure in GateMeasure.allCases {
            let values = scores.values(measure)
            if !values.isEmpty { self.values[measure] = mean(values) }
        }
    }
}
