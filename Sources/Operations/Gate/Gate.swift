internal import Dataflow
internal import Manifests
internal import Records
internal import Redact
internal import Search
internal import Segments
internal import Storage
internal import Telemetry

/// What the live snapshot is compared by.
private struct LiveState {
    let shape: SnapshotShape
    let change: SnapshotChange
    /// Nil where it could not be asked.
    let rankings: GateRankings?
    let drift: Double?
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
        let wanted = JudgedPlaces.Wanted(self.inputs.judgements)
        var known: [SnapshotSegment: SnapshotShape] = [:]
        let shape = try self.shape(candidate, wanted, &known)
        let state = try live.flatMap {
            try self.state($0, before: candidate, wanted, liveRanked, &known, &notes)
        }
        let judgements = try self.judgements(shape, state)
        notes += judgements.notes
        var now = GateMeasurement()
        now.scores = ranked.scores(judgements.judgements, judgements.aliases)
        shape.add(to: &now.values)
        counts?.add(to: &now.values, isBasis: false)
        if counts == nil { notes.append("how the manifests stood then is not known any more") }
        try self.lookAtNewSegments(candidate, live: state == nil ? nil : live, &now, &notes)
        var was: GateMeasurement?
        if let state {
            was = self.basis(state, judgements, counts: liveCounts, &notes)
            self.compare(shape, ranked, with: state, &now)
            if let counts, let liveCounts {
                now.values[.redactionLoss] = counts.redactionLoss(since: liveCounts)
            }
        }
        now.addScores()
        was?.addScores()
        let checks = GateJudge(settings: self.inputs.settings).checks(now: now, was: was)
        return GateReport(
            candidate: candidate.number,
            live: live?.number,
            passed: checks.allSatisfy(\.passed),
            queries: judgements.judgements.count,
            seconds: Double(monotonicNanoseconds() - start) / 1e9,
            checks: checks,
            notes: notes
        )
    }

    // MARK: Against the live snapshot

    /// Nil for a live one that cannot be read.
    private func state(
        _ live: Snapshot,
        before candidate: Snapshot,
        _ wanted: JudgedPlaces.Wanted,
        _ rankings: GateRankings?,
        _ known: inout [SnapshotSegment: SnapshotShape],
        _ notes: inout [String]
    ) throws -> LiveState? {
        guard let old = live.indexes.first, let new = candidate.indexes.first else { return nil }
        do {
            return LiveState(
                shape: try self.shape(live, wanted, &known),
                change: try SnapshotChange(from: old, to: new, workspace: self.workspace),
                rankings: rankings,
                drift: try self.drift(from: live, to: candidate)
            )
        } catch {
            notes.append("the live snapshot cannot be read, so nothing is compared: \(error)")
            return nil
        }
    }

    /// Of the first index of a snapshot.
    ///
    /// - Parameter known: the shapes of segments that were looked at, to which others are added.
    private func shape(
        _ snapshot: Snapshot,
        _ wanted: JudgedPlaces.Wanted,
        _ known: inout [SnapshotSegment: SnapshotShape]
    ) throws -> SnapshotShape {
        var sum = SnapshotShape(looksFor: wanted)
        for segment in snapshot.indexes.first?.segments ?? [] {
            let own =
                try known[segment]
                ?? SnapshotShape(
                    LiveSegmentReader(segment, workspace: self.workspace),
                    looksFor: wanted
                )
            known[segment] = own
            sum += own
        }
        return sum
    }

    /// Of the index that drifted furthest.
    private func drift(from live: Snapshot, to candidate: Snapshot) throws -> Double? {
        try candidate.indexes.compactMap { index in
            try live.indexes.first { $0.name == index.name }.flatMap {
                try vectorDrift(from: $0, to: index, workspace: self.workspace)
            }
        }.max()
    }

    private func judgements(_ shape: SnapshotShape, _ live: LiveState?) throws -> GateJudgements {
        guard let live else { return GateJudgements(self.inputs.judgements) }
        let reader = try WorkspaceReader(root: self.workspace)
        return try GateJudgements(
            self.inputs.judgements,
            now: shape,
            live: live.shape,
            change: live.change,
            served: reader.servedURI
        )
    }

    private func basis(
        _ live: LiveState,
        _ judgements: GateJudgements,
        counts: GateCounts?,
        _ notes: inout [String]
    ) -> GateMeasurement {
        var basis = GateMeasurement()
        basis.scores = live.rankings?.scores(judgements.judgements, judgements.liveAliases)
        live.shape.add(to: &basis.values)
        counts?.add(to: &basis.values, isBasis: true)
        if counts == nil {
            notes.append("the run that made the live snapshot left no counts to compare with")
        }
        return basis
    }

    private func compare(
        _ shape: SnapshotShape,
        _ ranked: GateRankings,
        with live: LiveState,
        _ now: inout GateMeasurement
    ) {
        now.values[.languages] = shape.languageDistance(from: live.shape)
        for (measure, parts) in SnapshotShape.parts {
            now.values[measure] = shape.largestLoss(of: parts, since: live.shape)
        }
        live.change.add(to: &now.values)
        now.values[.vectorDrift] = live.drift
        if let rankings = live.rankings {
            if let drift = live.drift, let ofQueries = ranked.drift(from: rankings) {
                now.values[.vectorDrift] = max(drift, ofQueries)
            }
            now.values[.churn] = ranked.churn(since: rankings, oldURIs: live.change.oldURIs)
        }
    }

    /// Asks both snapshots at the same time; one that is live and cannot be asked is left out, and told.
    private func rankings(
        _ candidate: Snapshot,
        _ live: Snapshot?,
        _ notes: inout [String]
    ) throws -> (GateRankings, GateRankings?) {
        let questions = GateQuestions(
            workspace: self.workspace,
            inputs: self.inputs,
            models: self.models,
            modelsRoot: self.modelsRoot
        )
        let own = try questions.open(candidate)
        let other = live.map { live in Result { try questions.open(live, after: own) } }
        let answers = questions.ask([own] + ((try? other?.get()).map { [$0] } ?? []))
        let ranked = try answers[0].get()
        guard let other else { return (ranked, nil) }
        do {
            _ = try other.get()
            return (ranked, try answers[1].get())
        } catch {
            notes.append("the live snapshot could not be asked, so no score is compared: \(error)")
            return (ranked, nil)
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
    /// Parts of a collection none of which may go, with the measure of each.
    static var parts: [(GateMeasure, KeyPath<SnapshotShape, [String: Int]>)] {
        [
            (.languageLoss, \.languages), (.sourceLoss, \.sources), (.formatLoss, \.formats),
            (.labelLoss, \.labels),
        ]
    }

    func add(to values: inout [GateMeasure: Double]) {
        values[.documents] = Double(self.documents)
        values[.chunks] = Double(self.chunks)
        values[.tokens] = Double(self.tokens)
        guard self.documents > 0, self.chunks > 0 else { return }
        values[.titles] = Double(self.titled) / Double(self.documents)
        values[.dates] = Double(self.dated) / Double(self.documents)
        values[.labels] = Double(self.labelled) / Double(self.documents)
        values[.documentLength] = Double(self.tokens) / Double(self.documents)
        values[.chunkLength] = Double(self.tokens) / Double(self.chunks)
        values[.repeats] = self.repeatShare
        values[.withoutVector] = Double(self.withoutVector) / Double(self.chunks)
    }
}

extension WorkspaceReader {
    /// What is served in place of the document at `uri`: the one that it repeats, or itself where it is known;
    /// nil where it is not known any more.
    fileprivate func servedURI(_ uri: String) throws -> String? {
        guard let record = try self.document(uri: uri)?.record else { return nil }
        guard let canonical = record.resolution.canonical else { return uri }
        let manifest = try self.shard(canonical.shard(of: self.shardCount))
        return try manifest?.document(canonical)?.item.uri ?? uri
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
