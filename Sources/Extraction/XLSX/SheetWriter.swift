internal import Bytes

/// Writes a sheet's cells as tables: rows that a blank row sets apart are a table of their own, and
/// lines of one cell before a table are paragraphs.
struct SheetWriter {
    private let sheet: SheetCells

    init(_ sheet: SheetCells) { self.sheet = sheet }

    private struct Row {
        var number: Int32
        var cells: ArraySlice<SheetCells.Cell>
    }

    func write(to blocks: inout BlockWriter) {
        for region in self.regions() { self.write(region, to: &blocks) }
    }

    /// Rows in the order of their numbers, as files may tell them in another.
    private func rows() -> [Row] {
        var cells = self.sheet.cells
        let isSorted = zip(cells, cells.dropFirst())
            .allSatisfy { ($0.row, $0.column) < ($1.row, $1.column) }
        if !isSorted { cells.sort { ($0.row, $0.column) < ($1.row, $1.column) } }
        var rows: [Row] = []
        var start = 0
        for index in cells.indices
        where index + 1 == cells.count || cells[index + 1].row != cells[index].row {
            rows.append(Row(number: cells[index].row, cells: cells[start...index]))
            start = index + 1
        }
        return rows
    }

    private func regions() -> [ArraySlice<Row>] {
        let rows = self.rows()
        var regions: [ArraySlice<Row>] = []
        var start = 0
        for index in rows.indices {
            let isLast = index + 1 == rows.count
            guard isLast || rows[index + 1].number > rows[index].number + 1 else { continue }
            if !isLast, self.continues(rows[start...index], rows[index + 1]) { continue }
            regions.append(rows[start...index])
            start = index + 1
        }
        return regions
    }

    /// Whether a row behind a blank one belongs to the table above: as wide, and with a figure.
    private func continues(_ table: ArraySlice<Row>, _ row: Row) -> Bool {
        guard table.count > 2, let last = table.last, last.cells.count > 1 else { return false }
        return last.cells.first?.column == row.cells.first?.column
            && last.cells.last?.column == row.cells.last?.column
            && row.cells.contains(where: \.isNumber)
    }

    private func write(_ region: ArraySlice<Row>, to blocks: inout BlockWriter) {
        let lines = region.prefix { $0.cells.count == 1 }
        guard lines.count < region.count else { return self.writeLines(region, to: &blocks) }
        for row in lines { self.writeParagraph(row, to: &blocks) }
        self.writeTable(region[(region.startIndex + lines.count)...], to: &blocks)
    }

    /// A column alone is a table where it is long and its cells are short.
    private func writeLines(_ rows: ArraySlice<Row>, to blocks: inout BlockWriter) {
        let isColumn =
            rows.count >= 3 && Set(rows.map { $0.cells.first?.column }).count == 1
            && rows.allSatisfy { ($0.cells.first?.range.count ?? 0) <= 80 }
        if isColumn { return self.writeTable(rows, to: &blocks) }
        for row in rows { self.writeParagraph(row, to: &blocks) }
    }

    private func writeParagraph(_ row: Row, to blocks: inout BlockWriter) {
        for cell in row.cells { blocks.paragraph(self.sheet.text[cell.range]) }
    }

    /// The columns that hold something become the table's; a scattered sheet is written cell by cell,
    /// since filling it up would cost the product of rows and columns.
    private func writeTable(_ rows: ArraySlice<Row>, to blocks: inout BlockWriter) {
        let columns = Set(rows.flatMap { $0.cells.map(\.column) }).sorted()
        let cellCount = rows.reduce(0) { $0 + $1.cells.count }
        let isScattered = columns.count * rows.count > 64 * cellCount + 4_096
        let width = isScattered ? rows.map(\.cells.count).max() ?? 0 : columns.count
        var table = TableWriter(columns: width)
        self.sheet.text.withUnsafeBufferPointer { text in
            for row in rows {
                var place = 0
                for cell in row.cells {
                    while !isScattered, place < columns.count, columns[place] < cell.column {
                        table.add(UnsafeBufferPointer(rebasing: text[0..<0]))
                        place += 1
                    }
                    table.add(UnsafeBufferPointer(rebasing: text[cell.range]))
                    place += 1
                }
                table.endRow()
            }
        }
        blocks.table(table)
    }
}
