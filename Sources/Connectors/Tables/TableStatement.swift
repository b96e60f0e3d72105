/// One SELECT over the rows of a query, and where its columns stand.
struct TableStatement {
    let layout: RowLayout
    let values: [RowValue]
    private let head: String
    private let condition: String
    private let order: String

    /// The rows of a listing from a place on.
    init(_ table: TableConnector, _ place: TablePlace) {
        let database = table.database
        let mapping = table.mapping
        let id = database.quoted(mapping.id)
        let updated = database.quoted(mapping.updatedAt ?? "")
        self.layout = RowLayout(mapping, isWhole: mapping.updatedAt == nil)
        self.head = Self.head(table, self.layout)
        switch (place.since, place.last) {
        case (nil, nil):
            self.condition = ""
            self.values = []
        case (nil, let last?):
            self.condition = "WHERE \(id) > \(database.mark(1))"
            self.values = [last.id]
        case (let since?, nil):
            self.condition = "WHERE \(updated) >= \(database.mark(1))"
            self.values = [since]
        case (_?, let last?):
            self.condition =
                "WHERE \(updated) > \(database.mark(1)) OR (\(updated) = \(database.mark(2)) AND "
                + "\(id) > \(database.mark(3)))"
            self.values = [last.updated, last.updated, last.id]
        }
        self.order = place.since == nil ? "ORDER BY \(id)" : "ORDER BY \(updated), \(id)"
    }

    /// The row of one id.
    init(_ table: TableConnector, row id: RowValue) {
        self.layout = RowLayout(table.mapping, isWhole: true)
        self.head = Self.head(table, self.layout)
        self.condition =
            "WHERE \(table.database.quoted(table.mapping.id)) = \(table.database.mark(1))"
        self.values = [id]
        self.order = ""
    }

    func text(limit: Int) -> String {
        "\(self.head) \(self.condition) \(self.order) LIMIT \(limit)"
    }

    /// A content that is too large to be taken stays where it is.
    private static func head(_ table: TableConnector, _ layout: RowLayout) -> String {
        let database = table.database
        var columns = layout.columns.map(database.quoted)
        if layout.isWhole {
            let content = database.quoted(table.mapping.content)
            let size = database.byteCount(of: content)
            let taken = database.content(content)
            columns += [size, "CASE WHEN \(size) <= \(table.maximumBytes) THEN \(taken) END"]
        }
        return "SELECT \(columns.joined(separator: ", ")) FROM (\n\(table.mapping.query)\n) AS rows"
    }
}

/// Where the columns of a ``TableStatement`` stand: id, `updated_at`, `deleted_at`, labels; then title,
/// metadata, size and content of a whole row.
struct RowLayout {
    let isWhole: Bool
    let columns: [String]
    private let mapping: TableMapping
    private let updatedIndex: Int?
    private let deletedIndex: Int?
    private let labels: Range<Int>
    private let titleIndex: Int?
    private let metadata: Range<Int>

    init(_ mapping: TableMapping, isWhole: Bool) {
        var columns = [mapping.id]
        func add(_ names: [String]) -> Range<Int> {
            columns += names
            return (columns.count - names.count)..<columns.count
        }
        self.updatedIndex = add(mapping.updatedAt.map { [$0] } ?? []).first
        self.deletedIndex = add(mapping.deletedAt.map { [$0] } ?? []).first
        self.labels = add(mapping.labels)
        self.titleIndex = add(isWhole ? mapping.title.map { [$0] } ?? [] : []).first
        self.metadata = add(isWhole ? mapping.metadata : [])
        self.columns = columns
        self.mapping = mapping
        self.isWhole = isWhole
    }

    func id(of row: [RowValue]) -> RowValue { row[0] }

    func updated(of row: [RowValue]) -> RowValue { self.updatedIndex.map { row[$0] } ?? .null }

    func isDeleted(_ row: [RowValue]) -> Bool {
        self.deletedIndex.map { row[$0].isSet } ?? false
    }

    func title(of row: [RowValue]) -> String? { self.titleIndex.flatMap { row[$0].text } }

    func metadata(of row: [RowValue]) -> [(key: String, value: RowValue)] {
        Array(zip(self.mapping.metadata, row[self.metadata]))
    }

    /// Nil where the listing does not tell.
    func size(of row: [RowValue]) -> Int? {
        guard self.isWhole, case .integer(let count) = row[self.columns.count] else { return nil }
        return Int(count)
    }

    func content(of row: [RowValue]) -> RowValue {
        self.isWhole ? row[self.columns.count + 1] : .null
    }

    /// - Throws: ``ConnectorError`` `.permanent` for a row whose labels cannot be read, or that has none.
    func labels(of row: [RowValue], _ uri: String) throws(ConnectorError) -> [String] {
        var labels: [String] = []
        for value in row[self.labels] where value != .null {
            guard let text = value.text, let list = labelList(text) else {
                throw ConnectorError(.permanent, path: uri, "its labels cannot be read as text")
            }
            labels += list
        }
        guard !labels.isEmpty || self.mapping.labels.isEmpty else {
            let columns = self.mapping.labels.joined(separator: ", ")
            throw ConnectorError(
                .permanent,
                path: uri,
                "it has no label in \(columns); give rows for everybody one in the query, such as "
                    + "coalesce(…, 'public')"
            )
        }
        return try Labels.checked(labels, of: uri)
    }
}

/// One label, or those of a JSON array or a PostgreSQL one; nil for an array that is neither.
private func labelList(_ text: String) -> [String]? {
    if text.hasPrefix("[") { return JSONValue(text)?.strings }
    guard text.hasPrefix("{"), text.hasSuffix("}") else { return [text] }
    let inner = text.dropFirst().dropLast()
    guard !inner.contains("\""), !inner.contains("\\"), !inner.contains("{") else { return nil }
    return inner.split(separator: ",").map(String.init)
}
