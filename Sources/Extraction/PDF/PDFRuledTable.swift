/// A table whose cells are known: the lines of text of each cell.
struct PDFRuledTable: Sendable {
    var box: PDFBox
    var size: Float
    /// Whether its lines gave the cells, from left to right.
    var isDrawn: Bool
    /// Rows of columns of lines; lines are ranges of the layout's text.
    var cells: [[[Range<Int>]]]
    var columns: [ClosedRange<Float>]
    /// Whether the first row is a header: by a line below it alone, or by its weight.
    var hasHeader: Bool
}

/// The fragments of a table by row and column.
struct PDFCutTable {
    var box: PDFBox
    var isDrawn: Bool
    var cells: [[[PDFFragment]]]
    /// Where each column stands; its text's extent where no lines bound it.
    var columns: [ClosedRange<Float>]
    var hasHeader = false

    var members: [PDFFragment] { self.cells.flatMap { $0.flatMap { $0 } } }
}

/// A page's fragments with each known table taken out and one fragment put in its place.
struct PDFTableCut {
    var fragments: [PDFFragment]
    /// The tables that placeholders stand for.
    var tables: [PDFCutTable] = []

    /// Adds a table and its placeholder: it stands at the table's place in the reading order, and
    /// its core is as high as the table.
    mutating func take(_ table: PDFCutTable) {
        let height = max(table.box.height, 1)
        self.fragments.append(
            PDFFragment(
                box: table.box,
                baseline: table.box.bottom - 0.1 * height,
                size: height / 0.75,
                words: 0..<0,
                streamPosition: table.members.map(\.streamPosition).min() ?? 0,
                table: self.tables.count
            )
        )
        self.tables.append(table)
    }
}

/// Takes out the text of tables: those the structure tree names, then those with drawn cells.
func cutTables(
    _ fragments: [PDFFragment],
    page: PDFPage,
    structure: PDFStructure?
) -> PDFTableCut {
    var result = PDFTableCut(fragments: fragments)
    if let structure {
        result = cutTaggedTables(fragments, page: page, structure: structure)
    }
    for grid in grids(of: page.rules) { result.take(grid, words: page.words) }
    for frame in openFrames(of: page.rules) { result.take(frame, page: page) }
    return result
}

extension PDFTableCut {
    /// A grid counts when at least two of its columns and two of its rows hold text; fragments that
    /// reach over a drawn line are cut there.
    fileprivate mutating func take(_ grid: PDFGrid, words: [PDFWord]) {
        let box = grid.box
        let isInside = { (fragment: PDFFragment) in
            fragment.table == nil && box.left <= fragment.middle && fragment.middle <= box.right
                && box.top <= fragment.height && fragment.height <= box.bottom
        }
        var cells = [[[PDFFragment]]](
            repeating: [[PDFFragment]](repeating: [], count: grid.columnCount),
            count: grid.rowCount
        )
        let owners = cellOwners(grid)
        for fragment in self.fragments.filter(isInside) {
            for (cell, part) in cut(fragment, at: grid, owners: owners, words: words) {
                cells[cell / grid.columnCount][cell % grid.columnCount].append(part)
            }
        }
        let usedColumns = (0..<grid.columnCount).filter { column in
            cells.contains { !$0[column].isEmpty }
        }
        cells.removeAll { $0.allSatisfy(\.isEmpty) }
        guard usedColumns.count >= 2, cells.count >= 2 else { return }
        self.fragments.removeAll(where: isInside)
        let columns = usedColumns.map { grid.columnEdges[$0]...grid.columnEdges[$0 + 1] }
        self.take(
            PDFCutTable(
                box: box,
                isDrawn: true,
                cells: rowsBetweenColumnRules(
                    cells.map { row in usedColumns.map { row[$0] } },
                    columns: columns
                ),
                columns: columns
            )
        )
    }
}

/// For each cell of a grid, row by row, the first cell of those it is merged with.
///
/// Cells without a line between them are one cell; its text stands in the first of them, in
/// Markdown as in plain text, and the others are empty.
private func cellOwners(_ grid: PDFGrid) -> [Int] {
    var owners = Array(0..<grid.rowCount * grid.columnCount)
    for row in 0..<grid.rowCount {
        for column in 0..<grid.columnCount {
            let cell = row * grid.columnCount + column
            if column > 0, !grid.isClosedRight(row: row, column: column - 1) {
                owners[cell] = owners[cell - 1]
            } else if row > 0, !grid.isClosedBelow(row: row - 1, column: column) {
                owners[cell] = owners[cell - grid.columnCount]
            }
        }
    }
    return owners
}

/// The parts of a fragment between vertical lines, and the cell of each.
///
/// A line with words for every column of a merged cell heads these columns: it is cut there, too.
private func cut(
    _ fragment: PDFFragment,
    at grid: PDFGrid,
    owners: [Int],
    words: [PDFWord]
) -> [(cell: Int, part: PDFFragment)] {
    let row = grid.row(at: fragment.height)
    let places = fragment.words.map { index in
        let box = words[index].box
        let column = grid.column(at: (box.left + box.right) / 2)
        let isWithin =
            grid.columnEdges[column] <= box.left && box.right <= grid.columnEdges[column + 1]
        return (cell: row * grid.columnCount + column, isWithin: isWithin)
    }
    let used = Set(places.map(\.cell))
    let merged = (row * grid.columnCount..<(row + 1) * grid.columnCount)
        .filter { cell in used.contains { owners[$0] == owners[cell] } }
    let headsEach = places.allSatisfy(\.isWithin) && used.count > 1 && used.isSuperset(of: merged)
    var result: [(cell: Int, part: PDFFragment)] = []
    for (index, place) in zip(fragment.words, places) {
        let cell = headsEach ? place.cell : owners[place.cell]
        if let last = result.last, last.cell == cell {
            result[result.count - 1].part.extend(to: index, words)
        } else {
            result.append((cell, fragment.part(at: index, words)))
        }
    }
    return result
}

extension PDFFragment {
    fileprivate var middle: Float { (self.box.left + self.box.right) / 2 }
    /// Within the small letters.
    fileprivate var height: Float { self.baseline - 0.3 * self.size }

    /// The fragment's word alone.
    func part(at index: Int, _ words: [PDFWord]) -> PDFFragment {
        var part = self
        part.box = words[index].box
        part.words = index..<index + 1
        part.streamPosition = words[index].streamPosition
        return part
    }

    mutating func extend(to index: Int, _ words: [PDFWord]) {
        self.words = self.words.lowerBound..<index + 1
        self.box.add(words[index].box)
    }
}

extension PDFRowWriter {
    /// Writes the cells of a table line by line.
    mutating func write(_ table: PDFCutTable, page: Int) -> PDFRuledTable {
        let sizes = table.members.map(\.size).sorted()
        return PDFRuledTable(
            box: table.box,
            size: sizes.isEmpty ? 10 : sizes[sizes.count / 2],
            isDrawn: table.isDrawn,
            cells: table.cells.map { row in
                row.map { cell in
                    rows(of: cell, page: page).map { self.write($0.fragments, page: page) }
                }
            },
            columns: table.columns,
            hasHeader: table.hasHeader || self.isBoldFirst(table.cells, page: page)
        )
    }

    /// Whether the first row alone is bold.
    private func isBoldFirst(_ cells: [[[PDFFragment]]], page: Int) -> Bool {
        guard cells.count >= 2 else { return false }
        return self.isBold(cells[0], page: page) && !self.isBold(cells[1], page: page)
    }

    private func isBold(_ row: [[PDFFragment]], page: Int) -> Bool {
        row.allSatisfy { cell in
            cell.allSatisfy { fragment in
                self.source.pages[page].words[fragment.words].allSatisfy {
                    $0.style >= 0 && self.source.styles[Int($0.style)].isBold
                }
            }
        }
    }
}
