internal import Dataflow
internal import Objects

extension SourceKind {
    static let postgres = SourceKind(
        "postgres",
        summary: "The rows of a query on PostgreSQL.",
        keys: [
            ParameterSpec(
                "dsn_env",
                .string,
                isOptional: true,
                summary: "The environment variable with the connection string or URI."
            ),
            ParameterSpec(
                "dsn_file",
                .path,
                isOptional: true,
                summary: "A file with the connection string, instead."
            ),
            ParameterSpec(
                "dsn_command",
                .command,
                isOptional: true,
                summary: "A program that prints the connection string, instead."
            ),
            ParameterSpec(
                "timeout_seconds",
                .int(1...86_400),
                default: .int(600),
                summary: "How long the server may work on one statement."
            ),
        ] + TableMapping.keys,
        make: { (settings) throws(ConnectorError) in
            let origin = try postgresOrigin(settings)
            return TableConnector(
                source: settings.name,
                mapping: try TableMapping(settings),
                database: PostgresDatabase(
                    source: settings.name,
                    origin: origin,
                    timeoutSeconds: settings.values.int("timeout_seconds", default: 600)
                ),
                maximumBytes: settings.maximumBytes,
                readsRemotely: true
            )
        }
    )
}

private func postgresOrigin(_ settings: SourceSettings) throws(ConnectorError) -> SecretOrigin {
    let values = settings.values
    let command = values.strings("dsn_command")
    let origins: [SecretOrigin?] = [
        values.text("dsn_env").map { .environment($0) }, values.text("dsn_file").map { .file($0) },
        command.isEmpty ? nil : .command(command),
    ]
    let given = origins.compactMap { $0 }
    guard let origin = given.first, given.count == 1 else {
        throw settings.failure(
            "dsn_env",
            "name where the connection string is with one of 'dsn_env', 'dsn_file' and 'dsn_command'"
        )
    }
    return origin
}
