internal import GRDB
internal import GRDBSQLite

// How statements take values and give rows. GRDB opens files, prepares and caches statements and keeps
// transactions; between two of its calls a statement is ours, since its observers, argument checks and
// copied rows cost more than most statements here do.

extension Statement {
    /// Runs the statement with values that match its placeholders by construction.
    func run(_ values: [(any Parameter)?]) throws {
        let rows = try self.rows(values)
        while try rows.next() != nil {}
    }

    /// The first row that `body` makes something of, or nil without rows.
    func first<Result>(
        _ values: [(any Parameter)?],
        _ body: (StatementRow) throws -> Result
    ) throws -> Result? {
        let rows = try self.rows(values)
        // A row is gone as soon as its statement is ready again.
        return try withExtendedLifetime(rows) { try rows.next().map(body) }
    }

    func all<Result>(
        _ values: [(any Parameter)?] = [],
        _ body: (StatementRow) throws -> Result
    ) throws -> [Result] {
        var results: [Result] = []
        let rows = try self.rows(values)
        while let row = try rows.next() { results.append(try body(row)) }
        return results
    }

    /// The rows one after the other; a statement gives one sequence of rows at a time.
    func rows(_ values: [(any Parameter)?] = []) throws -> StatementRows {
        try StatementRows(self, values)
    }
}

/// The rows of a statement that runs; it is ready for the next use when this value goes.
struct StatementRows: ~Copyable {
    /// Ends SQLite's statement when it goes, which may be after its last mention in the code.
    private let owner: Statement
    private let statement: SQLiteStatement

    fileprivate init(_ owner: Statement, _ values: [(any Parameter)?]) throws {
        let statement = owner.sqliteStatement
        self.owner = owner
        self.statement = statement
        // Left open by an error in between, a statement takes no values.
        sqlite3_reset(statement)
        for (index, value) in values.enumerated() {
            let place = CInt(index + 1)
            let code = value?.bind(to: statement, at: place) ?? sqlite3_bind_null(statement, place)
            guard code == SQLITE_OK else { throw failure(of: statement, code) }
        }
    }

    deinit { sqlite3_reset(self.statement) }

    /// The next row, which is there until the one after it is asked for; nil after the last.
    func next() throws -> StatementRow? {
        switch sqlite3_step(self.statement) {
        case SQLITE_ROW: StatementRow(statement: self.statement)
        case SQLITE_DONE: nil
        case let code: throw failure(of: self.statement, code)
        }
    }
}

private func failure(of statement: SQLiteStatement, _ code: CInt) -> DatabaseError {
    DatabaseError(
        resultCode: ResultCode(rawValue: code),
        message: String(cString: sqlite3_errmsg(sqlite3_db_handle(statement)))
    )
}

/// The row that a statement stands at; columns count from 0.
///
/// - Throws: ``BadColumn`` where the value is of another type than was asked for.
struct StatementRow {
    fileprivate let statement: SQLiteStatement

    /// Calls `body` with the bytes of a BLOB; NULL is empty, for SQLite binds empty bytes as NULL.
    func withBytes<Result>(
        _ column: Int,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        // In this order: the first call may change what the second one says.
        let start = sqlite3_column_blob(self.statement, CInt(column))
        let count = Int(sqlite3_column_bytes(self.statement, CInt(column)))
        return try body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
    }

    func integer(_ column: Int) throws -> Int64 { try self.required(self[column]) }
    func real(_ column: Int) throws -> Double { try self.required(self[column]) }
    func string(_ column: Int) throws -> String { try self.required(self[column]) }

    /// Nil for NULL, and for a value that is not an integer.
    subscript<Value: FixedWidthInteger>(_ column: Int) -> Value? {
        guard self.type(column) == SQLITE_INTEGER else { return nil }
        return Value(exactly: sqlite3_column_int64(self.statement, CInt(column)))
    }

    /// Nil for NULL, and for a value that is no number.
    subscript(_ column: Int) -> Double? {
        switch self.type(column) {
        case SQLITE_FLOAT, SQLITE_INTEGER: sqlite3_column_double(self.statement, CInt(column))
        default: nil
        }
    }

    /// Nil for NULL, and for a value that is no text.
    subscript(_ column: Int) -> String? {
        guard self.type(column) == SQLITE_TEXT,
            let start = sqlite3_column_text(self.statement, CInt(column))
        else { return nil }
        let count = Int(sqlite3_column_bytes(self.statement, CInt(column)))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func isNull(_ column: Int) -> Bool { self.type(column) == SQLITE_NULL }

    /// The value, whatever it is; nil for NULL.
    func value(_ column: Int) throws -> StateValue? {
        switch self.type(column) {
        case SQLITE_INTEGER: .integer(try self.integer(column))
        case SQLITE_FLOAT: .real(try self.real(column))
        case SQLITE_TEXT: .text(try self.string(column))
        case SQLITE_BLOB: .blob(try self.bytes(column))
        default: nil
        }
    }

    private func type(_ column: Int) -> CInt { sqlite3_column_type(self.statement, CInt(column)) }

    private func required<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw BadColumn() }
        return value
    }
}

/// A value for a place of a statement.
protocol Parameter {
    /// - Returns: a result code of SQLite.
    func bind(to statement: SQLiteStatement, at place: CInt) -> CInt
}

extension Parameter where Self: FixedWidthInteger {
    func bind(to statement: SQLiteStatement, at place: CInt) -> CInt {
        sqlite3_bind_int64(statement, place, Int64(self))
    }
}

extension Int: Parameter {}
extension Int64: Parameter {}
extension Int32: Parameter {}
extension UInt8: Parameter {}
extension UInt16: Parameter {}

extension Bool: Parameter {
    func bind(to statement: SQLiteStatement, at place: CInt) -> CInt {
        sqlite3_bind_int64(statement, place, self ? 1 : 0)
    }
}

extension Double: Parameter {
    func bind(to statement: SQLiteStatement, at place: CInt) -> CInt {
        sqlite3_bind_double(statement, place, self)
    }
}

extension String: Parameter {
    func bind(to statement: SQLiteStatement, at place: CInt) -> CInt {
        var text = self
        return text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                // Without a start the value would be NULL.
                characters.isEmpty
                    ? sqlite3_bind_text(statement, place, "", 0, copied)
                    : sqlite3_bind_text(
                        statement,
                        place,
                        characters.baseAddress,
                        CInt(characters.count),
                        copied
                    )
            }
        }
    }
}

/// Bytes as they are, words little-endian.
extension Array: Parameter where Element: FixedWidthInteger {
    func bind(to statement: SQLiteStatement, at place: CInt) -> CInt {
        self.withUnsafeBytes { bindBytes($0, to: statement, at: place) }
    }
}

/// Bytes that are there while the statement is given them.
extension UnsafeRawBufferPointer: Parameter {
    func bind(to statement: SQLiteStatement, at place: CInt) -> CInt {
        bindBytes(self, to: statement, at: place)
    }
}

func bindNull(to statement: SQLiteStatement, at place: CInt) -> CInt {
    sqlite3_bind_null(statement, place)
}

/// SQLite copies the bytes; empty ones are NULL.
func bindBytes(
    _ bytes: UnsafeRawBufferPointer,
    to statement: SQLiteStatement,
    at place: CInt
) -> CInt {
    guard !bytes.isEmpty else { return sqlite3_bind_null(statement, place) }
    return sqlite3_bind_blob(statement, place, bytes.baseAddress, CInt(bytes.count), copied)
}

/// `SQLITE_TRANSIENT`, which is a cast that Swift does not import.
private let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
