/// Takes out the words of tables that the structure tree names.
///
/// A table counts on a page with two of its columns; rows and cells are in the tree's order. A cell
/// of more text than a table has shows that the table only arranges the page.
func cutTaggedTables(
    _ fragments: [PDFFragment],
    page: PDFPage,
    structure: PDFStructure
) -> PDFTableCut {
    var result = PDFTableCut(fragments: [])
    var members: [Int32: [PDFFragment]] = [:]
    for fragment in fragments {
        for part in partsByCell(fragment, page.words, structure) {
            if let table = structure[page.words[part.words.lowerBound].element]?.table,
                table >= 0
            {
                members[table, default: []].append(part)
            } else {
                result.fragments.append(part)
            }
        }
    }
    for table in members.keys.sorted() {
        let parts = members[table] ?? []
        let cells = taggedCells(parts, page.words, structure)
        let columnCount = cells.map(\.count).max() ?? 0
        let byteCount = parts.reduce(0) { count, part in
            page.words[part.words].reduce(count) { $0 + Int($1.textEnd - $1.textStart) }
        }
        let cellCount = cells.reduce(0) { $0 + $1.count }
        guard columnCount >= 2, byteCount <= cellCount * maximumMeanCellBytes else {
            result.fragments.append(contentsOf: parts)
            continue
        }
        let whole = withEmptyCells(cells, columnCount: columnCount)
        result.take(
            PDFCutTable(
                box: parts.reduce(into: .empty) { $0.add($1.box) },
                isDrawn: false,
                cells: whole,
                columns: columnExtents(whole)
            )
        )
    }
    return result
}

private let maximumMeanCellBytes = 400

/// Where the text of each column stands.
func columnExtents(_ rows: [[[PDFFragment]]]) -> [ClosedRange<Float>] {
    (0..<(rows.first?.count ?? 0)).map { column in
        let box = rows.reduce(into: PDFBox.empty) { box, row in
            row[column].forEach { box.add($0.box) }
        }
        return box.left <= box.right ? box.left...box.right : 0...0
    }
}

/// Puts the cells of rows that lack some below those of whole rows: cells without text are missing,
/// and a wide cell may stand for several.
private func withEmptyCells(
    _ rows: [[[PDFFragment]]],
    columnCount: Int
) -> [[[PDFFragment]]] {
    var columns = [PDFBox](repeating: .empty, count: columnCount)
    for row in rows where row.count == columnCount {
        for (index, cell) in row.enumerated() { cell.forEach { columns[index].add($0.box) } }
    }
    return rows.map { row in
        guard row.count < columnCount else { return row }
        var result = [[PDFFragment]](repeating: [], count: columnCount)
        var first = 0
        for (index, cell) in row.enumerated() {
            let box = cell.reduce(into: PDFBox.empty) { $0.add($1.box) }
            // The cells behind it need their columns too.
            let candidates = first...(columnCount - row.count + index)
            var best = (column: first, overlap: -Float.infinity)
            for column in candidates {
                let overlap =
                    min(box.right, columns[column].right) - max(box.left, columns[column].left)
                if overlap > best.overlap { best = (column, overlap) }
            }
            result[best.column] = cell
            first = best.column + 1
        }
        return result
    }
}

/// The parts of a fragment that stand in one cell, or in none.
private func partsByCell(
    _ fragment: PDFFragment,
    _ words: [PDFWord],
    _ structure: PDFStructure
) -> [PDFFragment] {
    let cell = { (index: Int) in structure[words[index].element]?.cell ?? PDFStructure.none }
    let first = cell(fragment.words.lowerBound)
    guard fragment.words.contains(where: { cell($0) != first }) else { return [fragment] }
    var result: [PDFFragment] = []
    var current = first
    for index in fragment.words {
        if index > fragment.words.lowerBound, cell(index) == current {
            result[result.count - 1].extend(to: index, words)
        } else {
            current = cell(index)
            result.append(fragment.part(at: index, words))
        }
    }
    return result
}

private func taggedCells(
    _ parts: [PDFFragment],
    _ words: [PDFWord],
    _ structure: PDFStructure
) -> [[[PDFFragment]]] {
    // Elements are numbered in the tree's order.
    var cellsByRow: [Int32: [Int32: [PDFFragment]]] = [:]
    for part in parts {
        guard let element = structure[words[part.words.lowerBound].element] else { continue }
        cellsByRow[element.row, default: [:]][element.cell, default: []].append(part)
    }
    return cellsByRow.sorted { $0.key < $1.key }.map { row in
        row.value.sorted { $0.key < $1.key }.map(\.value)
    }
}
