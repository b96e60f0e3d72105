/// Where the rows of a ``TableConnector`` come from.
protocol TableDatabase: Sendable {
    /// What errors name it by; no credential.
    var place: String { get }
    /// The mark of the parameter with this number, from 1.
    func mark(_ number: Int) -> String
    /// An expression for what of a column is a document.
    func content(_ column: String) -> String
    /// An expression for how many bytes a column's value has.
    func byteCount(of column: String) -> String
    /// The names of the query's columns.
    func columns(of query: String) async throws(ConnectorError) -> [String]
    /// The rows of a statement, until they hold `maximumBytes`.
    func rows(
        _ statement: String,
        _ values: [RowValue],
        maximumBytes: Int
    ) async throws(ConnectorError) -> FoundRows
}

/// Rows that a statement gave.
struct FoundRows: Sendable {
    var rows: [[RowValue]] = []
    /// Whether there may be more that were not taken, for their bytes.
    var isCut = false
    private var byteCount = 0

    /// - Returns: false when no more are wanted.
    mutating func add(_ row: [RowValue], maximumBytes: Int) -> Bool {
        self.rows.append(row)
        self.byteCount += row.reduce(0) { $0 + $1.byteCount }
        self.isCut = self.byteCount >= maximumBytes
        return !self.isCut
    }
}

extension TableDatabase {
    /// A name as SQL quotes it.
    func quoted(_ name: String) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }
}
