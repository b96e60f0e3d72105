/// How far a listing of a table came.
struct TablePlace {
    /// Where a delta began; nil in a complete listing.
    var since: RowValue?
    /// Where the next delta begins; nil where none can.
    var watermark: RowValue?
    /// The last row seen; nil at the start.
    var last: Key?

    struct Key {
        /// Of the column that changes; NULL in a complete listing.
        var updated: RowValue
        var id: RowValue
    }

    /// - Throws: `.permanent` for what no listing of a table wrote.
    init(_ cursor: ListingCursor?, source: String) throws(ConnectorError) {
        guard let cursor else { return }
        let fields = (CursorFields.parse(cursor.bytes) ?? []).map { RowValue(coded: $0) }
        guard fields.count == 4, let since = fields[0], let watermark = fields[1],
            let updated = fields[2], let id = fields[3]
        else {
            throw ConnectorError(
                .permanent,
                path: source,
                "the place where its listing stopped cannot be read; run 'millrace sync --reconcile'"
            )
        }
        self.since = since == .null ? nil : since
        self.watermark = watermark == .null ? nil : watermark
        self.last = id == .null ? nil : Key(updated: updated, id: id)
    }

    var cursor: ListingCursor {
        var fields = CursorFields()
        for value in [
            self.since ?? .null, self.watermark ?? .null, self.last?.updated ?? .null,
            self.last?.id ?? .null,
        ] {
            fields.add(value.coded)
        }
        return ListingCursor(fields.bytes)
    }

    /// Where a listing of what changes from now on begins; nil where none can.
    var checkpoint: ListingCursor? {
        guard let watermark else { return nil }
        var next = self
        next.since = watermark
        next.watermark = nil
        next.last = nil
        return next.cursor
    }
}
