internal import Manifests
internal import Records
internal import Segments

extension Catalog {
    /// Records what became of a snapshot, whether it was recorded before or not.
    func record(
        _ snapshot: Snapshot,
        state: SnapshotState,
        run: RunID,
        at milliseconds: Int64
    ) throws {
        guard let digest = Digest(hex: snapshot.digest) else {
            throw OperationError(.fatal, "the snapshot's digest is not one")
        }
        if try self.snapshots().contains(where: { $0.number == snapshot.number }) {
            return try self.setSnapshotState(snapshot.number, to: state)
        }
        try self.recordSnapshot(
            SnapshotRecord(
                number: snapshot.number,
                run: run,
                createdMilliseconds: milliseconds,
                digest: digest,
                state: state
            )
        )
    }

    /// The number of the candidate that the gate stopped and that waits: the newest snapshot, newer than the
    /// live one, with its descriptor there; nil where none does.
    func waitingCandidate(workspace root: String) throws -> Int? {
        let live = try usableSnapshot(workspace: root)?.number ?? 0
        let last = try self.snapshots().last { $0.state == .rejected || $0.state == .published }
        guard let last, last.state == .rejected, last.number > live,
            try snapshotNumbers(workspace: root).contains(last.number)
        else { return nil }
        return last.number
    }

    private static let laterRunsMax = 200

    /// How the documents stood at the end of the run that made a snapshot, or of a later one that changed
    /// nothing of it; nil where that is not known any more.
    ///
    /// Documents that come and go as duplicates leave a snapshot as it is.
    func gateCounts(ofSnapshot number: Int) throws -> GateCounts? {
        guard let record = try self.snapshots().first(where: { $0.number == number }) else {
            return nil
        }
        let later = try self.runs(limit: Self.laterRunsMax).lazy.filter { $0.id > record.run }
            .compactMap(\.decodedSummary)
            .first { $0.outcome == .unchanged && $0.snapshot == number }
        return try (later ?? self.run(record.run)?.decodedSummary).map(GateCounts.init)
    }
}

extension Snapshot {
    /// What the audit log says of a snapshot.
    var auditDetails: [String: String] {
        [
            "snapshot": "\(self.number)", "digest": self.digest,
            "documents": "\(self.documentCount)", "chunks": "\(self.chunkCount)",
        ]
    }
}
