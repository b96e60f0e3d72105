internal import Hashing
internal import Records

/// The rows of a query: one row, one document.
///
/// A row's version is what `updated_at` says, or else all that is mapped of it; without `updated_at` the
/// content comes with the listing, since nothing else tells whether it changed.
struct TableConnector: Connector {
    let source: String
    let mapping: TableMapping
    let database: any TableDatabase
    let maximumBytes: Int
    let readsRemotely: Bool

    /// Rows of a page: those that are only compared are small.
    private static let comparedRowsMaximum = 10_000
    private static let readRowsMaximum = 500
    private static let pageBytesMaximum = 8 << 20

    var capabilities: ConnectorCapabilities {
        ConnectorCapabilities(
            givesDeltas: self.mapping.givesDeltas,
            readsRemotely: self.readsRemotely,
            hasLabels: !self.mapping.labels.isEmpty
        )
    }

    private var isComparedAlone: Bool { self.mapping.updatedAt != nil }

    func page(after cursor: ListingCursor?) async throws(ConnectorError) -> ListingPage {
        var place = try TablePlace(cursor, source: self.source)
        if place.last == nil {
            try await self.requireColumns()
            if self.mapping.givesDeltas { place.watermark = try await self.watermark(place) }
        }
        let limit = self.isComparedAlone ? Self.comparedRowsMaximum : Self.readRowsMaximum
        let statement = TableStatement(self, place)
        // One more than the page has, which tells whether there is a next page.
        let found = try await self.database.rows(
            statement.text(limit: limit + 1),
            statement.values,
            maximumBytes: Self.pageBytesMaximum
        )
        return self.page(found, statement.layout, place, limit: limit)
    }

    private func page(
        _ found: FoundRows,
        _ layout: RowLayout,
        _ place: TablePlace,
        limit: Int
    ) -> ListingPage {
        var place = place
        var page = ListingPage(items: [], isDelta: place.since != nil)
        let rows = found.rows
        let isFull = rows.count > limit || found.isCut
        // The last row is met again, so that each one that is taken can be compared with the one after it.
        let taken = isFull && rows.count > 1 ? rows.dropLast() : rows[...]
        for (index, row) in taken.enumerated() {
            let next = index + 1 < rows.count ? layout.id(of: rows[index + 1]) : nil
            self.add(row, layout, isRepeated: next == layout.id(of: row), to: &page)
        }
        if isFull, let last = taken.last {
            place.last = TablePlace.Key(updated: layout.updated(of: last), id: layout.id(of: last))
            page.next = place.cursor
        } else {
            page.checkpoint = place.checkpoint
        }
        return page
    }

    private func add(
        _ row: [RowValue],
        _ layout: RowLayout,
        isRepeated: Bool,
        to page: inout ListingPage
    ) {
        let id = layout.id(of: row)
        guard let name = id.text, !name.isEmpty else {
            self.note("a row has no text in its id column '\(self.mapping.id)'", &page)
            return
        }
        guard !isRepeated else {
            self.note("more than one row has the id \(URIPath.string(Array(name.utf8)))", &page)
            return
        }
        let item = self.item(name, row, layout)
        if layout.isDeleted(row) {
            if page.isDelta { page.deleted.append(item.id) }
        } else {
            page.items.append(item)
        }
    }

    private func note(_ message: String, _ page: inout ListingPage) {
        page.report.add(ListingReport.Problem(path: "\(self.source)/", message: message))
    }

    private func item(_ name: String, _ row: [RowValue], _ layout: RowLayout) -> ListedItem {
        var version = CursorFields()
        version.add(self.mapping.digest.bytes)
        if self.isComparedAlone {
            version.add(layout.updated(of: row).coded)
        } else {
            for value in row { version.add(value.coded) }
        }
        let document = self.isComparedAlone ? nil : try? self.document(name, row, layout)
        let isUnknown = self.isComparedAlone && layout.updated(of: row) == .null
        let labels = try? layout.labels(of: row, self.uri(name))
        return ListedItem(
            source: self.source,
            place: name,
            token: layout.id(of: row).coded,
            version: isUnknown ? .unknown : ItemVersion(of: version.bytes),
            size: layout.size(of: row),
            mediaType: self.mapping.mediaType,
            labels: self.mapping.labels.isEmpty ? [] : labels,
            content: document
        )
    }

    func read(_ item: ListedItem, maximumBytes: Int) async throws(ConnectorError) -> SourceDocument
    {
        guard let id = RowValue(coded: item.token) else {
            throw ConnectorError(
                .permanent,
                path: item.uri,
                "its place in the table cannot be read"
            )
        }
        try await self.requireColumns()
        let statement = TableStatement(self, row: id)
        let rows = try await self.database.rows(
            statement.text(limit: 2),
            statement.values,
            maximumBytes: .max
        ).rows
        guard let row = rows.first, !statement.layout.isDeleted(row) else {
            throw ConnectorError(.gone, path: item.uri, "its row is not there any more")
        }
        guard rows.count == 1 else {
            throw ConnectorError(.permanent, path: item.uri, "more than one row has its id")
        }
        return try self.document(statement.layout.id(of: row).text ?? "", row, statement.layout)
    }

    private func document(
        _ name: String,
        _ row: [RowValue],
        _ layout: RowLayout
    ) throws(ConnectorError) -> SourceDocument {
        let uri = self.uri(name)
        let size = layout.size(of: row) ?? 0
        guard size <= self.maximumBytes else {
            throw ConnectorError(
                .tooLarge,
                path: uri,
                "column '\(self.mapping.content)' has \(size) bytes, limit \(self.maximumBytes); raise "
                    + "'maximum_bytes' to read it"
            )
        }
        var metadata: [String: String] = [:]
        for (key, value) in layout.metadata(of: row) { metadata[key] = value.text }
        return SourceDocument(
            bytes: layout.content(of: row).bytes ?? [],
            title: layout.title(of: row) ?? "",
            metadata: metadata,
            labels: self.mapping.labels.isEmpty ? [] : try layout.labels(of: row, uri)
        )
    }

    private func uri(_ name: String) -> String {
        "\(self.source)/\(URIPath.string(Array(name.utf8)))"
    }

    /// - Throws: `.configuration`, naming the columns there are.
    private func requireColumns() async throws(ConnectorError) {
        let found = try await self.database.columns(of: self.mapping.query)
        for column in self.mapping.columns where !found.contains(column) {
            throw ConnectorError(
                .configuration,
                path: "sources.\(self.source)",
                "the query has no column '\(column)'; it has \(found.joined(separator: ", "))"
            )
        }
    }

    /// The highest `updated_at` before a listing begins: what changes while it runs is met again.
    ///
    /// Nil where a row has none, since no delta would name it.
    private func watermark(_ place: TablePlace) async throws(ConnectorError) -> RowValue? {
        let column = self.database.quoted(self.mapping.updatedAt ?? "")
        let rows = try await self.database.rows(
            "SELECT max(\(column)), count(*) - count(\(column)) FROM (\n\(self.mapping.query)\n) AS rows",
            [],
            maximumBytes: .max
        ).rows
        guard let row = rows.first, row.count == 2, !row[1].isSet else { return nil }
        return row[0] == .null ? place.since : row[0]
    }
}
