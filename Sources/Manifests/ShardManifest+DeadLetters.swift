internal import GRDB
package import Records

/// A document set aside with its error.
package struct DeadLetter: Hashable, Sendable {
    package var id: DocumentID
    package var uri: String
    package var source: String
    package var failure: StageFailure
    /// Tries of the same content with the same prepare fingerprint.
    package var attempts: Int
    package var firstSeenMilliseconds: Int64
    package var lastSeenMilliseconds: Int64
    /// The run that tried last.
    package var run: RunID
}

extension ShardManifest {
    /// The dead letters of the shard, by ascending document id.
    package func deadLetters() throws -> [DeadLetter] {
        try self.file.read { database in
            try database.cachedStatement(sql: "\(deadLetterQuery) ORDER BY id")
                .all([], DeadLetter.init(row:))
        }
    }

    package func deadLetter(of id: DocumentID) throws -> DeadLetter? {
        try self.file.read { try $0.deadLetter(of: id) }
    }
}

extension Database {
    func deadLetter(of id: DocumentID) throws -> DeadLetter? {
        try self.cachedStatement(sql: "\(deadLetterQuery) WHERE id = ?")
            .first([id.blob], DeadLetter.init(row:))
    }
}

private let deadLetterQuery = """
    SELECT id, uri, source, stage, code, message, attempts, first_seen_ms, last_seen_ms, run
    FROM dead_letters
    """

extension DeadLetter {
    fileprivate init(row: Row) throws {
        let code = StageFailure.Code(rawValue: try row.string(4)) ?? .internalError
        self.init(
            id: try row.documentID(0),
            uri: try row.string(1),
            source: try row.string(2),
            failure: StageFailure(
                stage: try row.string(3),
                code: code,
                message: try row.string(5)
            ),
            attempts: Int(try row.integer(6)),
            firstSeenMilliseconds: try row.integer(7),
            lastSeenMilliseconds: try row.integer(8),
            run: try row.integer(9)
        )
    }
}
