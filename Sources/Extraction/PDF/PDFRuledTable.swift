/// A table whose cells are drawn: the lines of text of each cell.
struct PDFRuledTable: Sendable {
    var box: PDFBox
    var size: Float
    /// Rows of columns of lines; lines are ranges of the layout's text.
    var cells: [[[Range<Int>]]]
}

/// A page's fragments with each drawn table taken out and one fragment put in its place.
struct PDFTableCut {
    var fragments: [PDFFragment]
    /// The grid and its fragments that a placeholder stands for.
    var tables: [(grid: PDFGrid, members: [PDFFragment])] = []
}

/// Takes out the text within the page's grids.
///
/// A grid counts when at least two of its columns and two of its rows hold text; fragments that
/// reach over a drawn line are cut there.
func cutTables(_ fragments: [PDFFragment], page: PDFPage) -> PDFTableCut {
    var result = PDFTableCut(fragments: fragments)
    for grid in grids(of: page.rules) {
        let box = grid.box
        let isInside = { (fragment: PDFFragment) in
            let middle = (fragment.box.left + fragment.box.right) / 2
            let baseline = fragment.baseline - 0.3 * fragment.size
            return box.left <= middle && middle <= box.right && box.top <= baseline
                && baseline <= box.bottom
        }
        let members = result.fragments.filter { $0.table == nil && isInside($0) }
            .flatMap { cut($0, at: grid, words: page.words) }
        let columns = Set(members.map { grid.column(at: ($0.box.left + $0.box.right) / 2) })
        let rows = Set(members.map { grid.row(at: $0.baseline - 0.3 * $0.size) })
        guard columns.count >= 2, rows.count >= 2 else { continue }
        result.fragments.removeAll { $0.table == nil && isInside($0) }
        result.fragments.append(placeholder(box, members, number: result.tables.count))
        result.tables.append((grid, members))
    }
    return result
}

/// Stands at the table's place in the reading order; its core is as high as the table.
private func placeholder(_ box: PDFBox, _ members: [PDFFragment], number: Int) -> PDFFragment {
    let height = max(box.height, 1)
    return PDFFragment(
        box: box,
        baseline: box.bottom - 0.1 * height,
        size: height / 0.75,
        words: 0..<0,
        streamPosition: members.map(\.streamPosition).min() ?? 0,
        table: number
    )
}

/// The parts of a fragment between vertical lines.
private func cut(_ fragment: PDFFragment, at grid: PDFGrid, words: [PDFWord]) -> [PDFFragment] {
    var result: [PDFFragment] = []
    var column = -1
    for index in fragment.words {
        let word = words[index]
        let wordColumn = grid.column(at: (word.box.left + word.box.right) / 2)
        if wordColumn == column {
            result[result.count - 1].words = result[result.count - 1].words.lowerBound..<index + 1
            result[result.count - 1].box.add(word.box)
        } else {
            column = wordColumn
            var part = fragment
            part.box = word.box
            part.words = index..<index + 1
            part.streamPosition = word.streamPosition
            result.append(part)
        }
    }
    return result
}

extension PDFRowWriter {
    /// Writes the cells of a table line by line; columns and rows without text are left out.
    mutating func write(
        _ table: (grid: PDFGrid, members: [PDFFragment]),
        page: Int
    ) -> PDFRuledTable {
        let grid = table.grid
        var members = [[[PDFFragment]]](
            repeating: [[PDFFragment]](repeating: [], count: grid.columnCount),
            count: grid.rowCount
        )
        for fragment in table.members {
            let row = grid.row(at: fragment.baseline - 0.3 * fragment.size)
            let column = grid.column(at: (fragment.box.left + fragment.box.right) / 2)
            members[row][column].append(fragment)
        }
        let usedColumns = (0..<grid.columnCount).filter { column in
            members.contains { !$0[column].isEmpty }
        }
        var cells: [[[Range<Int>]]] = []
        for row in members where row.contains(where: { !$0.isEmpty }) {
            cells.append(
                usedColumns.map { column in
                    rows(of: row[column], page: page).map { self.write($0.fragments, page: page) }
                }
            )
        }
        let sizes = table.members.map(\.size).sorted()
        return PDFRuledTable(
            box: grid.box,
            size: sizes.isEmpty ? 10 : sizes[sizes.count / 2],
            cells: cells
        )
    }
}
