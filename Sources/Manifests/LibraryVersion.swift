internal import GRDBSQLite

/// The SQLite that holds the manifests.
package func sqliteLibrary() -> (name: String, version: String) {
    ("SQLite", String(cString: sqlite3_libversion()))
}
