internal import Dataflow
internal import Hashing
internal import Records

/// Which columns of a query make a document of each row.
struct TableMapping: Sendable {
    let query: String
    let id: String
    let content: String
    let mediaType: MediaType?
    let title: String?
    let updatedAt: String?
    let deletedAt: String?
    let metadata: [String]
    let labels: [String]
    /// Of all of this: a row that is mapped otherwise is another document.
    let digest: Digest

    static let keys =
        [
            ParameterSpec("query", .string, summary: "A SELECT; each of its rows is a document."),
            ParameterSpec(
                "id",
                .string,
                summary: "The column that names a row: its place in the source."
            ),
        ] + ContentKeys.all + [
            ParameterSpec(
                "updated_at",
                .string,
                isOptional: true,
                summary:
                    "A column that changes with every change of a row, and only grows: then rows that did not "
                    + "change are not read. With deleted_at, listings name what changed alone."
            ),
            ParameterSpec(
                "deleted_at",
                .string,
                isOptional: true,
                summary: "A column that is neither NULL, 0, false nor empty once a row is deleted."
            ),
            ParameterSpec(
                "metadata",
                .names,
                default: .list([]),
                summary: "Columns that say more of it."
            ),
            ParameterSpec(
                "labels",
                .names,
                default: .list([]),
                summary:
                    "Columns with access labels, one each or a list; a row without any is not taken in."
            ),
        ]

    init(_ settings: SourceSettings) throws(ConnectorError) {
        let values = settings.values
        let content = try ContentKeys(settings)
        var query = values.string("query", default: "")
        while let last = query.last, last == ";" || last.isWhitespace { query.removeLast() }
        guard !query.isEmpty else { throw settings.failure("query", "the query is empty") }
        self.query = query
        self.id = values.string("id", default: "")
        self.content = content.place
        self.mediaType = content.mediaType
        self.title = content.title
        self.updatedAt = values.text("updated_at")
        self.deletedAt = values.text("deleted_at")
        self.metadata = values.strings("metadata")
        self.labels = values.strings("labels")
        let words =
            [query, self.id, self.content, self.mediaType?.name ?? "", self.title ?? ""]
            + [self.updatedAt ?? "", self.deletedAt ?? ""] + self.metadata + ["labels"]
            + self.labels
        self.digest = sha256(words.map { "\($0.utf8.count):\($0)" }.joined())
    }

    /// A delta has to name changes and deletions: with one of them alone it would miss the other.
    var givesDeltas: Bool { self.updatedAt != nil && self.deletedAt != nil }

    /// All columns it speaks of, without repeats.
    var columns: [String] {
        var columns: [String] = []
        let all =
            [self.id, self.content]
            + [self.title, self.updatedAt, self.deletedAt].compactMap { $0 }
            + self.metadata + self.labels
        for column in all where !columns.contains(column) { columns.append(column) }
        return columns
    }
}
