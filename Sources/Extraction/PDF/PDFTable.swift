/// A run of rows whose fragments stand in columns.
struct PDFTable {
    var rowCount: Int
    var columns: [ClosedRange<Float>]
}

/// The table that starts at `rows[start]`, or nil.
///
/// Rows of two or more fragments are collected while the white gaps between their columns stay
/// open; three such rows make a table, or two when there are three columns.
func table(in rows: ArraySlice<PDFRow>, at start: Int) -> PDFTable? {
    guard rows[start].fragments.count >= 2 else { return nil }
    var columns = merged(rows[start].horizontalExtents, 0)
    var widest = rows[start].fragments.count
    var multipleCount = 1
    var end = start + 1
    var index = start + 1
    while index < rows.endIndex {
        let row = rows[index]
        let step = row.baseline - rows[index - 1].baseline
        guard row.fragments.first?.table == nil,
            step < 3.5 * max(row.size, rows[index - 1].size)
        else { break }
        let union = merged(columns + row.horizontalExtents, 0.3 * row.size)
        widest = max(widest, row.fragments.count)
        guard union.count >= 2, union.count >= min(widest, columns.count) else { break }
        columns = union
        index += 1
        if row.fragments.count >= 2 {
            multipleCount += 1
            end = index
        } else if overlapsNext(rows, index - 2) {
            // A line beside another at a different height: no sign of a table, but part of one.
            end = index
        } else if step > 1.45 * row.size, multipleCount >= 2, !overlapsNext(rows, index - 1) {
            break
        }
    }
    end = wrappedEnd(rows, end: end, columns: columns)
    guard multipleCount >= 3 || (multipleCount == 2 && columns.count >= 3),
        !isStretchedText(rows, start..<end)
    else { return nil }
    return PDFTable(rowCount: end - start, columns: columns)
}

/// Whether rows are lines of a justified text in a narrow column: their blanks are as wide as gaps
/// between columns, but all of a line are equally wide, and a line of running text above or below is
/// exactly as long.
private func isStretchedText(_ rows: ArraySlice<PDFRow>, _ range: Range<Int>) -> Bool {
    guard rows[range].allSatisfy({ $0.fragments.count < 2 || $0.hasEqualGaps }) else {
        return false
    }
    let (left, right) = (rows[range.lowerBound].box.left, rows[range.lowerBound].box.right)
    return [range.lowerBound - 1, range.upperBound].contains { index in
        guard rows.indices.contains(index), let line = rows[index].fragments.first else {
            return false
        }
        return rows[index].fragments.count == 1 && line.table == nil && line.words.count >= 3
            && abs(line.box.left - left) <= 1 && abs(line.box.right - right) <= 1
    }
}

/// Whether the next line starts before this one ends: a cell centred beside a longer one.
private func overlapsNext(_ rows: ArraySlice<PDFRow>, _ index: Int) -> Bool {
    guard index + 1 < rows.endIndex else { return false }
    let (row, next) = (rows[index], rows[index + 1])
    return next.fragments.first?.table == nil
        && next.baseline - row.baseline < overlappingEms * min(row.size, next.size)
}

/// Lines of one cell are farther apart than this.
private let overlappingEms: Float = 0.9

/// Takes in the lines that go on in a cell of the last row.
private func wrappedEnd(
    _ rows: ArraySlice<PDFRow>,
    end: Int,
    columns: [ClosedRange<Float>]
) -> Int {
    var result = end
    while result < rows.endIndex {
        let row = rows[result]
        let step = row.baseline - rows[result - 1].baseline
        let isInside = columns.dropFirst().contains {
            $0.lowerBound - 1 <= row.box.left && row.box.right <= $0.upperBound + 1
        }
        guard isInside, step <= 1.35 * row.size, row.fragments.count == 1,
            row.fragments[0].table == nil
        else { break }
        result += 1
    }
    return result
}

extension PDFRow {
    /// Whether its fragments are words at equal distances, as justification sets them.
    fileprivate var hasEqualGaps: Bool {
        guard self.fragments.allSatisfy({ $0.table == nil && $0.words.count == 1 }) else {
            return false
        }
        let gaps = zip(self.fragments, self.fragments.dropFirst()).map {
            $1.box.left - $0.box.right
        }
        guard let least = gaps.min(), let most = gaps.max() else { return false }
        return most - least <= 0.15 * self.size
    }

    fileprivate var horizontalExtents: [ClosedRange<Float>] {
        self.fragments.map { $0.box.left...max($0.box.left, $0.box.right) }
    }
}

/// The rows of a table that begin a new table row; the others go on in its cells.
///
/// When the distances between lines are of two kinds, the larger separates rows; otherwise a line
/// with text in the first column starts one.
func tableRowStarts(_ rows: ArraySlice<PDFRow>, columns: [ClosedRange<Float>]) -> [Int] {
    if let starts = centredRowStarts(rows, columns: columns) { return starts }
    let indices = Array(rows.indices)
    let steps = zip(indices, indices.dropFirst()).map {
        rows[$0.1].baseline - rows[$0.0].baseline
    }
    let smallest = steps.min() ?? 0
    // The rule below the header makes the first step larger in any case.
    let isTwoKinds = (steps.dropFirst().max() ?? 0) > 1.2 * smallest && smallest > 0
    let firstColumnEnd = columns.count > 1 ? columns[1].lowerBound : .infinity
    var result = [rows.startIndex]
    for (offset, index) in indices.dropFirst().enumerated() {
        let startsInFirst = rows[index].box.left < firstColumnEnd
        let isFar = steps[offset] > 1.12 * smallest
        let isFull = rows[index].fragments.count >= columns.count
        if isTwoKinds ? isFar || (isFull && steps[offset] > 1.3 * rows[index].size) : startsInFirst
        {
            result.append(index)
        }
    }
    return result
}

/// The row starts of a table with cells centred beside longer ones; nil when it has none.
///
/// Lines of a column at the smallest distance are one cell, and a row ends where no cell goes on.
private func centredRowStarts(
    _ rows: ArraySlice<PDFRow>,
    columns: [ClosedRange<Float>]
) -> [Int]? {
    let isOverlapping = rows.indices.map { overlapsNext(rows, $0) }
    guard isOverlapping.contains(true) else { return nil }
    var steps: [(from: Int, to: Int, distance: Float)] = []
    var lastLines = [Int?](repeating: nil, count: columns.count)
    for index in rows.indices {
        for fragment in rows[index].fragments {
            let column = tableColumn(of: fragment, in: columns)
            if let last = lastLines[column], last < index {
                steps.append((last, index, rows[index].baseline - rows[last].baseline))
            }
            lastLines[column] = index
        }
    }
    guard let leading = steps.map(\.distance).min() else { return nil }
    var goesOn = [false] + isOverlapping.dropLast()
    for step in steps where step.distance <= 1.05 * leading {
        for index in step.from + 1...step.to { goesOn[index - rows.startIndex] = true }
    }
    return rows.indices.filter { !goesOn[$0 - rows.startIndex] }
}

/// The column a fragment belongs to.
func tableColumn(of fragment: PDFFragment, in columns: [ClosedRange<Float>]) -> Int {
    let middle = (fragment.box.left + fragment.box.right) / 2
    return columns.lastIndex { $0.lowerBound <= middle } ?? 0
}
