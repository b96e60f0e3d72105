internal import GRDB
package import Records

/// What became of a snapshot.
package enum SnapshotState: String, Sendable, CaseIterable {
    /// Written, not yet past the gate.
    case candidate
    /// Named by `LIVE`, or was at some time and can be again.
    case published
    /// Stopped by the gate.
    case rejected
    /// Its files are gone.
    case dropped
}

package struct SnapshotRecord: Hashable, Sendable {
    package var number: Int
    package var run: RunID
    package var createdMilliseconds: Int64
    /// The logical digest.
    package var digest: Digest
    package var state: SnapshotState

    package init(
        number: Int,
        run: RunID,
        createdMilliseconds: Int64,
        digest: Digest,
        state: SnapshotState
    ) {
        self.number = number
        self.run = run
        self.createdMilliseconds = createdMilliseconds
        self.digest = digest
        self.state = state
    }
}

extension Catalog {
    /// The number of the next snapshot; numbers are never used twice once recorded.
    package func nextSnapshotNumber() throws -> Int {
        try self.file.read { database in
            try database.cachedStatement(sql: "SELECT coalesce(max(number), 0) + 1 FROM snapshots")
                .first([]) { Int(try $0.integer(0)) } ?? 1
        }
    }

    /// Adds a snapshot.
    ///
    /// - Throws: also when the number is taken.
    package func recordSnapshot(_ snapshot: SnapshotRecord) throws {
        try self.file.write { database in
            try database.cachedStatement(
                sql: """
                    INSERT INTO snapshots (number, run, created_ms, digest, state)
                    VALUES (?, ?, ?, ?, ?)
                    """
            ).run([
                snapshot.number, snapshot.run, snapshot.createdMilliseconds, snapshot.digest,
                snapshot.state.rawValue,
            ])
        }
    }

    package func setSnapshotState(_ number: Int, to state: SnapshotState) throws {
        try self.file.write { database in
            try database.cachedStatement(sql: "UPDATE snapshots SET state = ? WHERE number = ?")
                .run([state.rawValue, number])
            guard database.changesCount == 1 else {
                throw ManifestError(
                    .unknownKey,
                    path: self.path,
                    "there is no snapshot \(number)"
                )
            }
        }
    }

    /// All snapshots, by ascending number.
    package func snapshots() throws -> [SnapshotRecord] {
        try self.file.read { database in
            try database.cachedStatement(
                sql: "SELECT number, run, created_ms, digest, state FROM snapshots ORDER BY number"
            ).all { row in
                guard let state = SnapshotState(rawValue: try row.string(4)) else {
                    throw BadColumn()
                }
                return SnapshotRecord(
                    number: Int(try row.integer(0)),
                    run: try row.integer(1),
                    createdMilliseconds: try row.integer(2),
                    digest: try row.digest(3),
                    state: state
                )
            }
        }
    }
}
