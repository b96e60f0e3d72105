internal import Records
internal import Search

/// What an export did.
package struct ExportOutcome: Hashable, Sendable {
    package var inserted = 0
    package var updated = 0
    package var deleted = 0
    /// Rows of the target in the end.
    package var rowCount = 0

    package init(inserted: Int = 0, updated: Int = 0, deleted: Int = 0, rowCount: Int = 0) {
        self.inserted = inserted
        self.updated = updated
        self.deleted = deleted
        self.rowCount = rowCount
    }
}

/// Makes the target hold exactly the rows of the snapshot, by sending and deleting the difference alone.
///
/// - Parameter verifying: Compare every row, also where the target's seal says that all is there.
/// - Parameter isStopping: Asked before each batch; once it says so, the rest is left to the next export.
/// - Throws: ``ExportError`` `.stopped`, and `.mismatch` where the target counts other rows in the end than there are.
/// - Complexity: where the seal fits, O(1) and a count; else a listing of ids and digests, and the difference.
///   Some 200 bytes a row are held meanwhile.
package func reconcile(
    _ rows: SnapshotRows,
    into target: inout some ExportTarget,
    verifying: Bool = false,
    isStopping: () -> Bool = { false }
) throws -> ExportOutcome {
    let shape = rows.shape
    let state = try target.open(shape)
    if !verifying, state.sealedDigest == shape.digest, state.rowCount == shape.rowCount {
        try target.seal(shape)
        return ExportOutcome(rowCount: state.rowCount)
    }
    func goOn() throws {
        guard !isStopping() else {
            throw ExportError(.stopped, "it was stopped; the same again goes on with it")
        }
    }
    var outcome =
        state.rowCount > 0
        ? try sendDifference(rows, into: &target, before: goOn)
        : try sendAll(rows, into: &target, before: goOn)
    outcome.rowCount = try target.settle()
    guard outcome.rowCount == shape.rowCount else {
        throw ExportError(
            .mismatch,
            "\(target.place) holds \(outcome.rowCount) rows and snapshot \(shape.snapshot) has "
                + "\(shape.rowCount); somebody else writes there too. Run the same command again"
        )
    }
    try target.seal(shape)
    return outcome
}

private func sendDifference(
    _ rows: SnapshotRows,
    into target: inout some ExportTarget,
    before goOn: () throws -> Void
) throws -> ExportOutcome {
    let difference = Difference(wanted: try rows.keys(), there: try target.rows())
    guard !difference.isEmpty else { return ExportOutcome() }
    try target.unseal()
    var gone = difference.surplus
    if !target.replacesRows { gone += difference.changed.map(\.id.description) }
    for batch in batches(of: gone) {
        try goOn()
        try target.delete(batch)
    }
    let sent = (difference.missing + difference.changed).map(\.place)
    try send(sent, of: rows, to: &target, before: goOn)
    return ExportOutcome(
        inserted: difference.missing.count,
        updated: difference.changed.count,
        deleted: difference.surplus.count
    )
}

/// To where nothing is: there is no difference to be found first.
private func sendAll(
    _ rows: SnapshotRows,
    into target: inout some ExportTarget,
    before goOn: () throws -> Void
) throws -> ExportOutcome {
    let places = try rows.places()
    guard !places.isEmpty else { return ExportOutcome() }
    try target.unseal()
    try send(places, of: rows, to: &target, before: goOn)
    return ExportOutcome(inserted: places.count)
}

/// What lies between the rows of two snapshots.
///
/// - Complexity: reads rows and vectors of both, no text.
package func difference(
    from earlier: SnapshotRows,
    to later: SnapshotRows
) throws -> ExportOutcome {
    let there = try earlier.keys().map {
        ExportedRow(id: $0.id.description, digest: $0.digest.hex)
    }
    let difference = Difference(wanted: try later.keys(), there: there)
    return ExportOutcome(
        inserted: difference.missing.count,
        updated: difference.changed.count,
        deleted: difference.surplus.count,
        rowCount: later.shape.rowCount
    )
}

/// What lies between what is there and what should be.
struct Difference {
    private(set) var missing: [SnapshotRows.Key] = []
    private(set) var changed: [SnapshotRows.Key] = []
    private(set) var surplus: [String] = []

    var isEmpty: Bool { self.missing.isEmpty && self.changed.isEmpty && self.surplus.isEmpty }

    init(wanted: [SnapshotRows.Key], there: [ExportedRow]) {
        var digests: [ChunkID: Digest] = [:]
        digests.reserveCapacity(there.count)
        for row in there {
            // Written in another way it would be another row to the target.
            guard let id = ChunkID(row.id), id.description == row.id, digests[id] == nil else {
                self.surplus.append(row.id)
                continue
            }
            digests[id] = Digest(hex: row.digest) ?? .zero
        }
        for key in wanted {
            switch digests.removeValue(forKey: key.id) {
            case nil: self.missing.append(key)
            case key.digest: break
            default: self.changed.append(key)
            }
        }
        self.surplus += digests.keys.map(\.description)
        self.surplus.sort()
    }
}

private func send(
    _ places: [SnapshotRows.Place],
    of rows: SnapshotRows,
    to target: inout some ExportTarget,
    before goOn: () throws -> Void
) throws {
    let ahead = RowsAhead(places, of: rows)
    defer { ahead.stop() }
    while true {
        let batch = try ahead.next()
        guard !batch.isEmpty else { return }
        try goOn()
        try target.send(batch)
    }
}

private func batches(of ids: [String]) -> [[String]] {
    stride(from: 0, to: ids.count, by: 1_000).map { Array(ids[$0..<min($0 + 1_000, ids.count)]) }
}
