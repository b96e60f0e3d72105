internal import Dispatch
internal import Objects
internal import Synchronization

/// A database of PostgreSQL, by as many connections as questions are asked together.
final class PostgresDatabase: TableDatabase {
    let place: String
    private let origin: SecretOrigin
    private let timeoutSeconds: Int
    private let idle = Mutex<[PostgresConnection]>([])
    private let types = Mutex<[String: UInt32]>([:])

    init(source: String, origin: SecretOrigin, timeoutSeconds: Int) {
        self.place = "PostgreSQL of source '\(source)'"
        self.origin = origin
        self.timeoutSeconds = timeoutSeconds
    }

    func mark(_ number: Int) -> String { "$\(number)" }

    func byteCount(of column: String) -> String { "octet_length(\(self.content(column)))" }

    /// Bytes as they are, a large object by its number, and all else as text.
    func content(_ column: String) -> String {
        switch self.types.withLock({ $0[column] }) {
        case PostgresType.bytes: column
        case PostgresType.object: "lo_get(\(column))"
        default: "\(column)::text"
        }
    }

    func columns(of query: String) async throws(ConnectorError) -> [String] {
        let columns = try await self.asking { (connection) throws(ConnectorError) in
            try connection.columns(of: "SELECT * FROM (\n\(query)\n) AS rows")
        }
        self.types.withLock { types in
            for column in columns { types[self.quoted(column.name)] = column.type }
        }
        return columns.map(\.name)
    }

    func rows(
        _ statement: String,
        _ values: [RowValue],
        maximumBytes: Int
    ) async throws(ConnectorError) -> FoundRows {
        try await self.asking { (connection) throws(ConnectorError) in
            try connection.rows(statement, values, maximumBytes: maximumBytes)
        }
    }

    private func asking<Value: Sendable>(
        _ work: @escaping @Sendable (PostgresConnection) throws(ConnectorError) -> Value
    ) async throws(ConnectorError) -> Value {
        try await waiting(on: DispatchQueue(label: "millrace.postgres")) {
            () throws(ConnectorError) in
            let connection: PostgresConnection
            if let idle = self.idle.withLock({ $0.popLast() }) {
                connection = idle
            } else {
                connection = try self.connect()
            }
            // One that failed is not used again.
            let value = try work(connection)
            self.idle.withLock { $0.append(connection) }
            return value
        }
    }

    private func connect() throws(ConnectorError) -> PostgresConnection {
        let secret: Secret
        do throws(SecretError) {
            secret = try self.origin.read()
        } catch {
            throw ConnectorError(.configuration, path: self.place, error.message)
        }
        return try PostgresConnection(
            secret,
            place: self.place,
            timeoutSeconds: self.timeoutSeconds
        )
    }
}

/// Numbers of types that every server has.
enum PostgresType {
    static let bool: UInt32 = 16
    static let bytes: UInt32 = 17
    static let object: UInt32 = 26
    static let integers: Set<UInt32> = [20, 21, 23]
}
