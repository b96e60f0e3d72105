internal import Dispatch
internal import Foundation
internal import GRDB
internal import Synchronization

/// A SQLite file that others write: opened for reading, at the first question.
final class SQLiteDatabase: TableDatabase {
    let place: String
    private let queue: DispatchQueue
    private let connection = Mutex<DatabaseQueue?>(nil)

    init(path: String) {
        self.place = path
        self.queue = DispatchQueue(label: "millrace.sqlite")
    }

    func mark(_ number: Int) -> String { "?" }
    func content(_ column: String) -> String { column }
    func byteCount(of column: String) -> String { "length(CAST(\(column) AS BLOB))" }

    func columns(of query: String) async throws(ConnectorError) -> [String] {
        try await self.waitingFor { database in
            Array(
                try database.makeStatement(sql: "SELECT * FROM (\n\(query)\n) AS rows LIMIT 0")
                    .columnNames
            )
        }
    }

    func rows(
        _ statement: String,
        _ values: [RowValue],
        maximumBytes: Int
    ) async throws(ConnectorError) -> FoundRows {
        try await self.waitingFor { database in
            let prepared = try database.cachedStatement(sql: statement)
            try prepared.setArguments(StatementArguments(values.map(\.databaseValue)))
            let cursor = try Row.fetchCursor(prepared)
            var found = FoundRows()
            while let row = try cursor.next() {
                let values = (0..<row.count).map { RowValue(row[$0] as DatabaseValue) }
                guard found.add(values, maximumBytes: maximumBytes) else { break }
            }
            return found
        }
    }

    private func waitingFor<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws(ConnectorError) -> Value {
        try await waiting(on: self.queue) { () throws(ConnectorError) in
            do {
                return try self.opened().read(work)
            } catch let error as DatabaseError {
                throw self.failure(error)
            } catch {
                throw ConnectorError(.permanent, path: self.place, "\(error)")
            }
        }
    }

    private func opened() throws -> DatabaseQueue {
        try self.connection.withLock { connection in
            if let connection { return connection }
            var configuration = Configuration()
            configuration.readonly = true
            // Whoever writes may hold the file for as long.
            configuration.busyMode = .timeout(5)
            configuration.label = "millrace.source"
            let opened = try DatabaseQueue(path: self.place, configuration: configuration)
            connection = opened
            return opened
        }
    }

    private func failure(_ error: DatabaseError) -> ConnectorError {
        let message = error.message ?? "SQLite error \(error.resultCode.rawValue)"
        let code: ConnectorError.Code
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_IOERR: code = .transient
        case .SQLITE_CANTOPEN, .SQLITE_NOTADB, .SQLITE_CORRUPT: code = .unavailable
        case .SQLITE_ERROR, .SQLITE_READONLY, .SQLITE_AUTH: code = .configuration
        default: code = .permanent
        }
        let advice =
            switch code {
            case .configuration: "; check the source's 'query'"
            case .unavailable: "; check the source's 'path'"
            default: ""
            }
        return ConnectorError(code, path: self.place, message + advice)
    }
}

extension RowValue {
    fileprivate init(_ value: DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let integer): self = .integer(integer)
        case .double(let real): self = .real(real)
        case .string(let text): self = .text(text)
        case .blob(let data): self = .blob([UInt8](data))
        }
    }

    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let integer): integer.databaseValue
        case .real(let real): real.databaseValue
        case .text(let text): text.databaseValue
        case .blob(let bytes): Data(bytes).databaseValue
        }
    }
}
