internal import GRDB

/// The tables of a catalog that leave a workspace.
package enum CatalogTable: String, Hashable, Sendable, Codable, CaseIterable {
    case runs
    case runAccounts = "run_accounts"
    case snapshots

    fileprivate var table: StateTable {
        switch self {
        case .runs:
            StateTable(
                name: "runs",
                columns: [
                    "run", "verb", "pipeline", "fingerprint", "phase", "status", "exit_code",
                    "summary", "started_ms", "updated_ms", "finished_ms", "pipeline_path",
                    "resumes", "overrides",
                ]
            )
        case .runAccounts:
            StateTable(
                name: "run_accounts",
                columns: ["run", "source", "is_complete", "listed", "accounts"]
            )
        case .snapshots:
            StateTable(
                name: "snapshots",
                columns: ["number", "run", "created_ms", "digest", "state"]
            )
        }
    }

    fileprivate var order: String {
        switch self {
        case .runs: "ORDER BY run"
        case .runAccounts: "ORDER BY run, source"
        case .snapshots: "ORDER BY number"
        }
    }
}

extension Catalog {
    /// Every row of a table, by its key.
    package func exportedRows(_ table: CatalogTable) throws -> [StateRow] {
        try self.file.read { try table.table.rows($0, table.order) }
    }

    /// - Throws: ``ManifestError`` also for a row that does not fit the schema or is there already.
    package func importRow(_ row: StateRow, into table: CatalogTable) throws {
        try self.file.write { try table.table.insert(row, into: $0) }
    }
}
