/// Rows of a table whose lines divide columns only.
///
/// - Returns: the rows with each that holds several cut in its lines of text; as they are where the
///   lines of a cell are one text.
func rowsBetweenColumnRules(
    _ cells: [[[PDFFragment]]],
    columns: [ClosedRange<Float>]
) -> [[[PDFFragment]]] {
    cells.flatMap { row -> [[[PDFFragment]]] in
        let lines = rows(of: row.flatMap { $0 }, page: 0)
        let fewest = cells.count <= mostRuledRows ? 4 : 8
        guard lines.count >= fewest, holdsRows(row, lines, columns) else { return [row] }
        var columnOf: [Int: Int] = [:]
        for (column, cell) in row.enumerated() {
            for fragment in cell { columnOf[fragment.words.lowerBound] = column }
        }
        let starts = Set(tableRowStarts(lines[...], columns: columns))
        var result: [[[PDFFragment]]] = []
        for (index, line) in lines.enumerated() {
            if index == 0 || starts.contains(index) {
                result.append([[PDFFragment]](repeating: [], count: row.count))
            }
            for fragment in line.fragments {
                let column = columnOf[fragment.words.lowerBound] ?? 0
                result[result.count - 1][column].append(fragment)
            }
        }
        return result
    }
}

/// A table with more drawn rows than this has lines between all of them.
private let mostRuledRows = 3

/// Whether most lines have text in every column, and one column has lines too short to be those of a
/// running text.
private func holdsRows(
    _ row: [[PDFFragment]],
    _ lines: [PDFRow],
    _ columns: [ClosedRange<Float>]
) -> Bool {
    let used = row.filter { !$0.isEmpty }
    guard used.count >= 2 else { return false }
    let isFullCount = lines.filter { $0.fragments.count >= used.count }.count
    guard isFullCount * 10 >= lines.count * 6 else { return false }
    return zip(row, columns).contains { cell, column in
        let width = column.upperBound - column.lowerBound
        guard cell.count * 10 >= lines.count * 8, width > 0 else { return false }
        let shortCount = cell.filter { $0.box.width < 0.6 * width }.count
        return shortCount * 10 >= cell.count * 8
    }
}
