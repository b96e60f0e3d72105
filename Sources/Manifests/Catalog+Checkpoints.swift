internal import GRDB
package import Records

/// Where a later listing of what changed in a source begins.
package struct SourceCheckpoint: Hashable, Sendable {
    /// Of the source's keys: those of another configuration lead nowhere.
    package var configuration: Digest
    /// As the connector wrote it.
    package var cursor: [UInt8]
    /// When all of the source was listed last.
    package var reconciledMilliseconds: Int64

    package init(configuration: Digest, cursor: [UInt8], reconciledMilliseconds: Int64) {
        self.configuration = configuration
        self.cursor = cursor
        self.reconciledMilliseconds = reconciledMilliseconds
    }
}

extension Catalog {
    /// By source.
    package func sourceCheckpoints() throws -> [String: SourceCheckpoint] {
        try self.file.read { database in
            let rows = try database.cachedStatement(
                sql: "SELECT source, configuration, cursor, reconciled_ms FROM source_checkpoints"
            ).all { row in
                (
                    try row.string(0),
                    SourceCheckpoint(
                        configuration: try row.digest(1),
                        cursor: try row.optionalBytes(2) ?? [],
                        reconciledMilliseconds: try row.integer(3)
                    )
                )
            }
            return Dictionary(uniqueKeysWithValues: rows)
        }
    }

    /// Replaces all of them, where they differ.
    package func setSourceCheckpoints(_ checkpoints: [String: SourceCheckpoint]) throws {
        guard try self.sourceCheckpoints() != checkpoints else { return }
        try self.file.write { database in
            try database.cachedStatement(sql: "DELETE FROM source_checkpoints").run([])
            let put = try database.cachedStatement(
                sql: """
                    INSERT INTO source_checkpoints (source, configuration, cursor, reconciled_ms)
                    VALUES (?, ?, ?, ?)
                    """
            )
            for (source, checkpoint) in checkpoints.sorted(by: { $0.key < $1.key }) {
                try put.run([
                    source, checkpoint.configuration, checkpoint.cursor,
                    checkpoint.reconciledMilliseconds,
                ])
            }
        }
    }
}
