internal import GRDB

package typealias RunID = Int64

/// The catalog of a workspace: settings, runs and snapshots.
///
/// Times are milliseconds since 1970 and come from the caller; this room reads no clock. Every change
/// is synced before the call returns.
/// - Throws: ``ManifestError`` from every method.
package final class Catalog: Sendable {
    let file: ManifestFile

    package init(path: String, mode: OpenMode) throws {
        self.file = try ManifestFile(path: path, schema: .catalog, mode: mode)
    }

    /// Looks at every page and row; see ``ManifestError`` `.corrupt`.
    package func check() throws { try self.file.check() }

    package var path: String { self.file.path }

    /// Whether the file is not as it was when it was opened.
    package var hasChanged: Bool { self.file.hasChanged }

    /// Rewrites the file without free pages.
    package func vacuum() throws { try self.file.vacuum() }

    /// Moves the write-ahead log into the file.
    package func checkpoint() throws { try self.file.checkpoint() }

    package func setting(_ key: String) throws -> String? {
        try self.file.read { database in
            try database.cachedStatement(sql: "SELECT value FROM settings WHERE key = ?")
                .first([key]) { try $0.string(0) }
        }
    }

    package func setSetting(_ key: String, to value: String) throws {
        try self.file.write { database in
            try database.cachedStatement(
                sql: """
                    INSERT INTO settings (key, value) VALUES (?, ?)
                    ON CONFLICT (key) DO UPDATE SET value = excluded.value
                    """
            ).run([key, value])
        }
    }

    /// All settings, by ascending key.
    package func settings() throws -> [(key: String, value: String)] {
        try self.file.read { database in
            try database.cachedStatement(sql: "SELECT key, value FROM settings ORDER BY key")
                .all { (try $0.string(0), try $0.string(1)) }
        }
    }
}

/// Settings that every workspace has.
package enum SettingKey {
    package static let shardCount = "shard_count"
    package static let workspaceFormat = "workspace_format"
    /// The name of the pipeline that the workspace belongs to.
    package static let pipeline = "pipeline"
}
