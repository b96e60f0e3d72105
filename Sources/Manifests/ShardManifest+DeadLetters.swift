internal import GRDB
package import Records

/// What is to become of a dead letter.
package enum Disposition: Int, Sendable, CaseIterable {
    case open = 0
    /// Ended its worker every time; tried again only on demand, or when content or stages change.
    case quarantined = 1
    /// Accepted by an operator for the content it had.
    case ignored = 2

    package var name: String {
        switch self {
        case .open: "open"
        case .quarantined: "quarantined"
        case .ignored: "ignored"
        }
    }
}

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
    package var disposition: Disposition
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

    /// Marks dead letters; those that are gone meanwhile are passed over.
    package func setDisposition(_ disposition: Disposition, of ids: [DocumentID]) throws {
        try self.file.write { database in
            let statement = try database.cachedStatement(
                sql: "UPDATE dead_letters SET disposition = ? WHERE id = ?"
            )
            for id in ids { try statement.run([disposition.rawValue, id]) }
        }
    }

    /// Makes the next run try these documents again, whatever their content and fingerprint.
    package func forgetAttempts(of ids: [DocumentID]) throws {
        try self.file.write { database in
            let attempt = try database.cachedStatement(
                sql: "UPDATE documents SET listed_hash = NULL WHERE id = ?"
            )
            let letter = try database.cachedStatement(
                sql: "UPDATE dead_letters SET disposition = 0 WHERE id = ?"
            )
            for id in ids {
                try attempt.run([id])
                try letter.run([id])
            }
        }
    }
}

extension Database {
    func deadLetter(of id: DocumentID) throws -> DeadLetter? {
        try self.cachedStatement(sql: "\(deadLetterQuery) WHERE id = ?")
            .first([id], DeadLetter.init(row:))
    }
}

private let deadLetterQuery = """
    SELECT id, uri, source, stage, code, message, attempts, first_seen_ms, last_seen_ms, run,
        disposition
    FROM dead_letters
    """

extension DeadLetter {
    fileprivate init(row: StatementRow) throws {
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
            run: try row.integer(9),
            disposition: Disposition(rawValue: Int(try row.integer(10))) ?? .open
        )
    }
}
