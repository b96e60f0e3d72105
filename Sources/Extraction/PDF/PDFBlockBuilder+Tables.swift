extension PDFBlockBuilder {
    /// A first column of nothing but markers is a list, not a table.
    func isList(_ column: PDFColumn, _ start: Int, _ table: PDFTable) -> Bool {
        let rows = column.rows[start..<start + table.rowCount]
        guard table.columns.count == 2 else { return false }
        // Lines that go on in an item have no marker.
        let items = rows.filter { $0.box.left < table.columns[1].lowerBound }
        let withMarker = items.filter { listMarker(self.text($0)) != nil }.count
        return withMarker > 0
            && (withMarker * 2 >= rows.count || withMarker * 5 >= items.count * 4)
    }

    mutating func addTable(
        _ column: PDFColumn,
        _ start: Int,
        _ table: PDFTable,
        startsPage: Bool
    ) -> Int {
        let rows = column.rows[start..<start + table.rowCount]
        let starts = Set(tableRowStarts(rows, columns: table.columns))
        var cells: [[[UInt8]]] = []
        var writer = PDFRowWriter(source: self.source, reserving: 0)
        for (index, row) in zip(rows.indices, rows) {
            if cells.isEmpty || starts.contains(index) {
                cells.append([[UInt8]](repeating: [], count: table.columns.count))
            }
            for fragment in row.fragments {
                let range = writer.write([fragment], page: row.page)
                let target = tableColumn(of: fragment, in: table.columns)
                self.joiner.append(
                    writer.text[range],
                    to: &cells[cells.count - 1][target]
                )
            }
        }
        if rows.filter(\.isRightToLeft).count * 2 > rows.count {
            cells = cells.map { $0.reversed() }
        }
        // Lines that are all of one row are text with gaps.
        let content: PDFBlock.Content =
            cells.count >= 2 ? .table(cells) : .paragraph(self.joiner.joined(rows))
        self.addTableBlock(
            PDFBlock(
                content: content,
                page: column.page,
                box: box(of: rows),
                size: rows[start].size,
                columns: table.columns,
                hasHeader: rows[start].isBold && !rows[start + 1].isBold
            ),
            isFirst: start == 0 && startsPage
        )
        return start + table.rowCount
    }
}

/// The drawn table that a row stands for.
func ruledTable(_ column: PDFColumn, _ index: Int) -> Int? {
    column.rows[index].fragments.lazy.compactMap(\.table).first
}

extension PDFBlockBuilder {
    mutating func addRuledTable(_ table: PDFRuledTable, _ column: PDFColumn, isFirst: Bool) {
        var cells = table.cells.map { row in
            row.map { lines in
                var text: [UInt8] = []
                for line in lines { self.joiner.append(self.layout.text[line], to: &text) }
                return text
            }
        }
        let lines = table.cells.flatMap { $0.flatMap { $0 } }
        let rightCount = lines.filter { isMostlyRightToLeft(self.layout.text[$0]) }.count
        // The structure tree has cells in reading order already.
        if table.isDrawn, rightCount * 2 > lines.count { cells = cells.map { $0.reversed() } }
        self.addTableBlock(
            PDFBlock(
                content: .table(cells),
                page: column.page,
                box: table.box,
                size: table.size,
                columns: table.columns,
                hasHeader: table.hasHeader
            ),
            isFirst: isFirst
        )
    }
}
