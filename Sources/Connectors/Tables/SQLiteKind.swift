internal import Dataflow

extension SourceKind {
    static let sqlite = SourceKind(
        "sqlite",
        summary: "The rows of a query on a SQLite file.",
        keys: [ParameterSpec("path", .path, summary: "The SQLite file; it is opened for reading.")]
            + TableMapping.keys,
        make: { (settings) throws(ConnectorError) in
            TableConnector(
                source: settings.name,
                mapping: try TableMapping(settings),
                database: SQLiteDatabase(path: settings.values.string("path", default: "")),
                maximumBytes: settings.maximumBytes,
                readsRemotely: false
            )
        }
    )
}
