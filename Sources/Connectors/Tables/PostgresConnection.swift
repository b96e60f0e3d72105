internal import CPostgres
internal import Glibc
internal import Objects

/// One connection, on which nothing is written.
// @unchecked: who has the value has it alone, and hands it on only once done.
final class PostgresConnection: @unchecked Sendable {
    private let connection: OpaquePointer
    private let place: String

    /// Rows fetched together: few at first, as they may be large.
    private static let firstRows = 50
    private static let mostRows = 2_000

    init(_ secret: Secret, place: String, timeoutSeconds: Int) throws(ConnectorError) {
        guard cpostgres_load() == 1 else {
            throw ConnectorError(
                .configuration,
                path: place,
                "libpq.so.5 cannot be loaded: apt-get install libpq5"
            )
        }
        guard let connection = PQconnectdb(secret.value) else {
            throw ConnectorError(.transient, path: place, "no connection")
        }
        guard PQstatus(connection) == CONNECTION_OK else {
            defer { PQfinish(connection) }
            throw Self.connectFailure(String(cString: PQerrorMessage(connection)), place)
        }
        self.connection = connection
        self.place = place
        try self.run(
            """
            SET default_transaction_read_only = on; SET statement_timeout = \(timeoutSeconds * 1000);
            SET DateStyle = ISO; SET TimeZone = 'UTC'; SET IntervalStyle = 'iso_8601';
            SET extra_float_digits = 3; SET bytea_output = 'hex'; SET client_encoding = 'UTF8'
            """
        )
    }

    deinit { PQfinish(self.connection) }

    func columns(of statement: String) throws(ConnectorError) -> [(name: String, type: UInt32)] {
        let prepared = PQprepare(self.connection, "", statement, 0, nil)
        defer { PQclear(prepared) }
        try self.check(prepared)
        let described = PQdescribePrepared(self.connection, "")
        defer { PQclear(described) }
        try self.check(described)
        return (0..<PQnfields(described)).map {
            (String(cString: PQfname(described, $0)), PQftype(described, $0))
        }
    }

    /// By a cursor on the server, so that no more rows are here than are taken.
    func rows(
        _ statement: String,
        _ values: [RowValue],
        maximumBytes: Int
    ) throws(ConnectorError) -> FoundRows {
        try self.run("BEGIN")
        try self.execute("DECLARE rows NO SCROLL CURSOR FOR \(statement)", values)
        var found = FoundRows()
        var wanted = Self.firstRows
        fetching: while true {
            let result = PQexec(self.connection, "FETCH FORWARD \(wanted) FROM rows")
            defer { PQclear(result) }
            try self.check(result)
            let count = PQntuples(result)
            for row in 0..<count {
                let values = (0..<PQnfields(result)).map { Self.value(result, row, $0) }
                guard found.add(values, maximumBytes: maximumBytes) else { break fetching }
            }
            if count < wanted { break }
            wanted = min(wanted * 4, Self.mostRows)
        }
        try self.run("COMMIT")
        return found
    }

    private static func value(_ result: OpaquePointer?, _ row: Int32, _ column: Int32) -> RowValue {
        guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column)
        else { return .null }
        let raw = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column)))
        let type = PQftype(result, column)
        if type == PostgresType.bytes, let bytes = Self.bytes(ofHex: raw) { return .blob(bytes) }
        let text = String(decoding: raw, as: UTF8.self)
        if PostgresType.integers.contains(type), let number = Int64(text) {
            return .integer(number)
        }
        return .text(text)
    }

    /// `\x` and two digits a byte; nil for another form.
    private static func bytes(ofHex raw: UnsafeRawBufferPointer) -> [UInt8]? {
        guard raw.count >= 2, raw.count % 2 == 0, raw[0] == UInt8(ascii: "\\"),
            raw[1] == UInt8(ascii: "x")
        else { return nil }
        func digit(_ byte: UInt8) -> UInt8 { byte < 0x3A ? byte & 0x0F : (byte & 0x0F) + 9 }
        return stride(from: 2, to: raw.count, by: 2).map {
            digit(raw[$0]) << 4 | digit(raw[$0 + 1])
        }
    }

    private func run(_ statement: String) throws(ConnectorError) {
        let result = PQexec(self.connection, statement)
        defer { PQclear(result) }
        try self.check(result)
    }

    private func execute(_ statement: String, _ values: [RowValue]) throws(ConnectorError) {
        let texts = values.map { value -> [CChar]? in
            switch value {
            case .null: nil
            case .blob(let bytes): Array(("\\x" + Self.hex(bytes)).utf8CString)
            case .integer, .real, .text: Array((value.text ?? "").utf8CString)
            }
        }
        var pointers = texts.map { text in
            text.flatMap { text in strdup(text).map { UnsafePointer($0) } }
        }
        defer { for pointer in pointers { free(UnsafeMutablePointer(mutating: pointer)) } }
        let result = PQexecParams(
            self.connection,
            statement,
            Int32(values.count),
            nil,
            &pointers,
            nil,
            nil,
            0
        )
        defer { PQclear(result) }
        try self.check(result)
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self
        )
    }

    /// - Throws: what the server said, unless a value of a row may stand in it.
    private func check(_ result: OpaquePointer?) throws(ConnectorError) {
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK: return
        default: break
        }
        let state = Self.field(result, PostgresField.state)
        let said = Self.field(result, PostgresField.message)
        let (code, advice) = Self.meaning(ofState: state)
        let mayQuote = state.hasPrefix("22") || state.hasPrefix("23")
        let message = mayQuote || said.isEmpty ? "the server gave an error" : said
        throw ConnectorError(
            code,
            path: self.place,
            "\(message) (SQLSTATE \(state.isEmpty ? "unknown" : state))\(advice)"
        )
    }

    private static func field(_ result: OpaquePointer?, _ code: Int32) -> String {
        PQresultErrorField(result, code).map { String(cString: $0) } ?? ""
    }

    /// - Source: PostgreSQL's manual, appendix A.
    private static func meaning(ofState state: String) -> (ConnectorError.Code, advice: String) {
        if state == "57014" {
            return (.permanent, "; raise 'timeout_seconds', or give the query an index on its id")
        }
        switch state.prefix(2) {
        case "", "08", "40", "53", "55", "57", "58": return (.transient, "")
        case "28": return (.forbidden, "")
        case "42" where state == "42501": return (.forbidden, "; grant the role SELECT")
        case "42", "3D", "3F": return (.configuration, "; check the source's 'query'")
        default: return (.permanent, "")
        }
    }

    private static func connectFailure(_ said: String, _ place: String) -> ConnectorError {
        let message = said.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let code: ConnectorError.Code
        if message.contains("authentication failed") || message.contains("no password supplied") {
            code = .forbidden
        } else if message.contains("does not exist")
            || message.contains("invalid connection option")
            || message.contains("missing \"=\"")
        {
            code = .configuration
        } else {
            code = .transient
        }
        // What stands in a connection string that cannot be parsed may be the password.
        let isQuoting =
            message.contains("missing \"=\"") || message.contains("invalid connection option")
            || message.contains("invalid URI")
        return ConnectorError(
            code,
            path: place,
            isQuoting
                ? "the connection string cannot be parsed; write it as host=… dbname=… user=…"
                : "\(message); check the connection string, and that the server runs"
        )
    }
}

/// Fields of an error: `PG_DIAG_SQLSTATE` and `PG_DIAG_MESSAGE_PRIMARY`, which are macros in C.
private enum PostgresField {
    static let state = Int32(UInt8(ascii: "C"))
    static let message = Int32(UInt8(ascii: "M"))
}
