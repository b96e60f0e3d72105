internal import GRDB

/// What a run's listing of one source came to.
package struct SourceAccounts: Hashable, Sendable {
    package var source: String
    /// False when parts of the source could not be listed.
    package var isComplete: Bool
    /// Documents the source listed in this run, counted while listing.
    package var listed: Int
    /// How the manifests had them at the end of the run, as JSON; this room does not look into it.
    package var accounts: String

    package init(source: String, isComplete: Bool, listed: Int, accounts: String) {
        self.source = source
        self.isComplete = isComplete
        self.listed = listed
        self.accounts = accounts
    }
}

extension Catalog {
    /// Replaces what is recorded of a run's sources.
    package func setAccounts(_ accounts: [SourceAccounts], run: RunID) throws {
        try self.file.write { database in
            try database.cachedStatement(sql: "DELETE FROM run_accounts WHERE run = ?").run([run])
            let put = try database.cachedStatement(
                sql: """
                    INSERT INTO run_accounts (run, source, is_complete, listed, accounts)
                    VALUES (?, ?, ?, ?, ?)
                    """
            )
            for source in accounts {
                try put.run([
                    run, source.source, source.isComplete, source.listed, source.accounts,
                ])
            }
        }
    }

    /// What is recorded of a run's sources, by name; empty for a run that did not come so far.
    package func accounts(run: RunID) throws -> [SourceAccounts] {
        try self.file.read { database in
            try database.cachedStatement(
                sql: """
                    SELECT source, is_complete, listed, accounts
                    FROM run_accounts WHERE run = ? ORDER BY source
                    """
            ).all([run]) { row in
                SourceAccounts(
                    source: try row.string(0),
                    isComplete: try row.integer(1) != 0,
                    listed: Int(try row.integer(2)),
                    accounts: try row.string(3)
                )
            }
        }
    }

    /// The newest run that ended with a published or unchanged snapshot.
    package func lastFinishedRun() throws -> RunRecord? {
        try self.runs(limit: 1_000).first { $0.status == .finished }
    }
}
