internal import Dispatch
internal import Synchronization

/// Batches of rows, read on a thread of their own a little ahead of who sends them.
final class RowsAhead: Sendable {
    // Choice: large enough that a round trip does not count, small enough for every server's limit.
    private static let rowCountMax = 1_000
    private static let byteCountMax = 4 << 20
    /// Batches that wait to be sent.
    private static let aheadMax = 2

    private struct State {
        var ready: [Result<[ExportRow], any Error>] = []
        var isStopped = false
    }

    private let state = Mutex(State())
    // Both from 0: one that goes with less than it began with ends the process.
    private let room = DispatchSemaphore(value: 0)
    private let filled = DispatchSemaphore(value: 0)

    /// Reads until all are taken, or ``stop()``.
    init(_ places: [SnapshotRows.Place], of rows: SnapshotRows) {
        for _ in 0..<Self.aheadMax { self.room.signal() }
        // Serial, since a queue of that kind always gets a thread.
        DispatchQueue(label: "millrace.export").async { self.read(places, of: rows) }
    }

    /// The next batch, in the order of the places; empty behind the last.
    ///
    /// - Throws: What reading a row threw.
    func next() throws -> [ExportRow] {
        self.filled.wait()
        let batch = self.state.withLock { $0.ready.removeFirst() }
        self.room.signal()
        return try batch.get()
    }

    /// Reads no more; whoever does not take all batches calls it.
    func stop() {
        self.state.withLock { $0.isStopped = true }
        self.room.signal()
    }

    private func read(_ places: [SnapshotRows.Place], of rows: SnapshotRows) {
        var reader = RowReader(rows)
        var rest = places[...]
        var isLast = false
        while !isLast {
            let batch = Result { try Self.batch(from: &rest, &reader) }
            isLast = (try? batch.get().isEmpty) ?? true
            self.room.wait()
            let isStopped = self.state.withLock { state in
                state.ready.append(batch)
                return state.isStopped
            }
            self.filled.signal()
            if isStopped { return }
        }
    }

    private static func batch(
        from places: inout ArraySlice<SnapshotRows.Place>,
        _ reader: inout RowReader
    ) throws -> [ExportRow] {
        var batch: [ExportRow] = []
        var byteCount = 0
        while batch.count < Self.rowCountMax, byteCount < Self.byteCountMax,
            let place = places.popFirst()
        {
            let row = try reader.row(place)
            byteCount += row.byteCount
            batch.append(row)
        }
        return batch
    }
}
