internal import CPostgres
internal import Foundation
internal import Objects

/// A connection to PostgreSQL by libpq, closed when it goes.
final class PostgresConnection {
    private let connection: OpaquePointer

    /// - Throws: ``ExportError`` `.badTarget`; never the connection string.
    init(_ dsn: Secret) throws {
        guard cpostgres_load() == 1 else {
            throw ExportError(.badTarget, "libpq.so.5 cannot be loaded: apt-get install libpq5")
        }
        guard let connection = PQconnectdb(dsn.value) else {
            throw ExportError(.refused, "libpq could not be started")
        }
        self.connection = connection
        guard PQstatus(connection) == CONNECTION_OK else {
            // The connection is this value's by now, and goes with it.
            throw ExportError(
                .badTarget,
                "PostgreSQL cannot be reached: \(Self.message(connection))"
            )
        }
        // Notices go to standard error otherwise.
        PQsetNoticeProcessor(connection, { _, _ in }, nil)
        try self.run("SET client_encoding TO 'UTF8'")
        try self.run("SET client_min_messages TO warning")
    }

    deinit { PQfinish(self.connection) }

    /// The database and host, for people.
    var place: String {
        func text(_ value: UnsafeMutablePointer<CChar>?) -> String {
            value.map { String(cString: $0) } ?? ""
        }
        return "\(text(PQdb(self.connection))) on \(text(PQhost(self.connection)))"
    }

    func run(_ sql: String) throws { _ = try self.query(sql) }

    /// The rows of a statement's result, values as text, NULL as nil.
    @discardableResult
    func query(_ sql: String, _ parameters: [String] = []) throws -> [[String?]] {
        let copies = parameters.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        let values = copies.map { UnsafePointer($0) }
        let result = PQexecParams(
            self.connection,
            sql,
            Int32(parameters.count),
            nil,
            values,
            nil,
            nil,
            0
        )
        defer { PQclear(result) }
        let status = PQresultStatus(result)
        guard status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK else {
            throw self.refusal(result)
        }
        return (0..<PQntuples(result)).map { row in
            (0..<PQnfields(result)).map { column in
                PQgetisnull(result, row, column) == 1
                    ? nil : PQgetvalue(result, row, column).map { String(cString: $0) }
            }
        }
    }

    /// Calls `body` with every line of `COPY … TO STDOUT`.
    func copyOut(_ sql: String, _ body: (String) throws -> Void) throws {
        try self.begin(sql, PGRES_COPY_OUT)
        while true {
            var line: UnsafeMutablePointer<CChar>?
            let count = PQgetCopyData(self.connection, &line, 0)
            guard count >= 0, let bytes = line else { break }
            defer { PQfreemem(bytes) }
            let text = UnsafeRawBufferPointer(start: bytes, count: Int(count))
            try body(String(decoding: text.dropLast(), as: UTF8.self))
        }
        try self.finish()
    }

    func beginCopyIn(_ sql: String) throws { try self.begin(sql, PGRES_COPY_IN) }

    func copy(_ bytes: [UInt8]) throws {
        let sent = bytes.withUnsafeBytes {
            PQputCopyData(
                self.connection,
                $0.baseAddress?.assumingMemoryBound(to: CChar.self),
                Int32($0.count)
            )
        }
        guard sent == 1 else { throw self.refusal(nil) }
    }

    func endCopyIn() throws {
        guard PQputCopyEnd(self.connection, nil) == 1 else { throw self.refusal(nil) }
        try self.finish()
    }

    private func begin(_ sql: String, _ expected: ExecStatusType) throws {
        let result = PQexec(self.connection, sql)
        defer { PQclear(result) }
        guard PQresultStatus(result) == expected else { throw self.refusal(result) }
    }

    /// Takes the results of a finished COPY.
    private func finish() throws {
        var failure: ExportError?
        while let result = PQgetResult(self.connection) {
            if PQresultStatus(result) != PGRES_COMMAND_OK {
                failure = failure ?? self.refusal(result)
            }
            PQclear(result)
        }
        if let failure { throw failure }
    }

    /// The server's primary message: details would quote values, and so texts.
    private func refusal(_ result: OpaquePointer?) -> ExportError {
        let primary = PQresultErrorField(result, 77).map { String(cString: $0) }
        let state =
            PQresultErrorField(result, 67).map { " (SQLSTATE \(String(cString: $0)))" } ?? ""
        return ExportError(
            .refused,
            "PostgreSQL: \(primary ?? Self.message(self.connection))\(state)"
        )
    }

    private static func message(_ connection: OpaquePointer?) -> String {
        let text = PQerrorMessage(connection).map { String(cString: $0) } ?? ""
        return text.split(separator: "\n").first.map(String.init) ?? "the connection was lost"
    }
}
