/// The boundaries of a table's columns and rows as its drawn lines give them.
struct PDFGrid: Sendable, Equatable {
    /// Ascending x of the vertical boundaries, the outer ones included.
    var columnEdges: [Float]
    /// Ascending y of the horizontal boundaries, the outer ones included.
    var rowEdges: [Float]
    /// The drawn lines themselves, which may leave a boundary open between two cells.
    var horizontal: [PDFBox] = []
    var vertical: [PDFBox] = []

    var box: PDFBox {
        PDFBox(
            left: self.columnEdges.first ?? 0,
            top: self.rowEdges.first ?? 0,
            right: self.columnEdges.last ?? 0,
            bottom: self.rowEdges.last ?? 0
        )
    }

    var columnCount: Int { self.columnEdges.count - 1 }
    var rowCount: Int { self.rowEdges.count - 1 }

    /// Whether a line is drawn between a cell and the one right of it.
    func isClosedRight(row: Int, column: Int) -> Bool {
        let middle = (self.rowEdges[row] + self.rowEdges[row + 1]) / 2
        let edge = self.columnEdges[column + 1]
        return self.vertical.contains {
            abs($0.left - edge) <= smallestCellPoints && $0.top <= middle && middle <= $0.bottom
        }
    }

    /// Whether a line is drawn between a cell and the one below it.
    func isClosedBelow(row: Int, column: Int) -> Bool {
        let middle = (self.columnEdges[column] + self.columnEdges[column + 1]) / 2
        let edge = self.rowEdges[row + 1]
        return self.horizontal.contains {
            abs($0.top - edge) <= smallestCellPoints && $0.left <= middle && middle <= $0.right
        }
    }

    func column(at x: Float) -> Int { interval(of: x, in: self.columnEdges) }
    func row(at y: Float) -> Int { interval(of: y, in: self.rowEdges) }
}

/// The grids of a page: lines that cross or touch, with at least two rows and two columns.
///
/// A frame around text is no grid, nor is a chart: its cells would be more than a table has.
/// - Complexity: O(n²) for n merged lines, which are at most `maximumLines`.
func grids(of rules: [PDFBox]) -> [PDFGrid] {
    guard rules.count >= 3 else { return [] }
    let horizontal = mergedLines(rules.filter { $0.width >= $0.height }, isHorizontal: true)
    let vertical = mergedLines(rules.filter { $0.width < $0.height }, isHorizontal: false)
    guard horizontal.count >= 2, !vertical.isEmpty,
        horizontal.count + vertical.count <= maximumLines
    else { return [] }
    return connected(horizontal, vertical).flatMap(partsOfOtherColumns).compactMap { lines in
        grid(horizontal: lines.horizontal, vertical: lines.vertical)
    }.sorted { ($0.box.top, $0.box.left) < ($1.box.top, $1.box.left) }
}

/// More lines than a page of tables has are a drawing.
private let maximumLines = 1_000
private let maximumCells = 4_000
/// Lines this close are one line, and touch: borders are drawn cell by cell.
private let sameLinePoints: Float = 2
/// Columns and rows are at least this wide and high.
private let smallestCellPoints: Float = 5

private struct Lines {
    var horizontal: [PDFBox] = []
    var vertical: [PDFBox] = []
}

/// Joins pieces of the same line.
private func mergedLines(_ rules: [PDFBox], isHorizontal: Bool) -> [PDFBox] {
    // Position across the line, then its two ends.
    var pieces = rules.map { box in
        isHorizontal
            ? (across: (box.top + box.bottom) / 2, start: box.left, end: box.right)
            : (across: (box.left + box.right) / 2, start: box.top, end: box.bottom)
    }
    pieces.sort { ($0.across, $0.start, $0.end) < ($1.across, $1.start, $1.end) }
    var result: [(across: Float, start: Float, end: Float)] = []
    var first = 0
    while first < pieces.count {
        var last = first + 1
        while last < pieces.count,
            pieces[last].across - pieces[last - 1].across <= sameLinePoints,
            pieces[last].across - pieces[first].across <= 2 * sameLinePoints
        {
            last += 1
        }
        let same = pieces[first..<last].sorted { ($0.start, $0.end) < ($1.start, $1.end) }
        let firstOfLine = result.count
        for piece in same {
            if result.count > firstOfLine, let open = result.last,
                piece.start <= open.end + sameLinePoints
            {
                result[result.count - 1].end = max(open.end, piece.end)
            } else {
                result.append(piece)
            }
        }
        first = last
    }
    return result.map { line in
        isHorizontal
            ? PDFBox(left: line.start, top: line.across, right: line.end, bottom: line.across)
            : PDFBox(left: line.across, top: line.start, right: line.across, bottom: line.end)
    }
}

/// Groups lines that touch.
private func connected(_ horizontal: [PDFBox], _ vertical: [PDFBox]) -> [Lines] {
    // Union by lowest index over horizontal lines, then vertical ones.
    var parents = Array(0..<(horizontal.count + vertical.count))
    func root(_ index: Int) -> Int {
        var index = index
        while parents[index] != index { index = parents[index] }
        return index
    }
    for (row, line) in horizontal.enumerated() {
        for (column, other) in vertical.enumerated() where touch(line, other) {
            let one = root(row)
            let two = root(horizontal.count + column)
            parents[max(one, two)] = min(one, two)
        }
    }
    var groups = [Lines](repeating: Lines(), count: parents.count)
    for (index, line) in horizontal.enumerated() { groups[root(index)].horizontal.append(line) }
    for (index, line) in vertical.enumerated() {
        groups[root(horizontal.count + index)].vertical.append(line)
    }
    return groups.filter { $0.horizontal.count >= 2 && !$0.vertical.isEmpty }
}

private func touch(_ horizontal: PDFBox, _ vertical: PDFBox) -> Bool {
    vertical.left >= horizontal.left - sameLinePoints
        && vertical.left <= horizontal.right + sameLinePoints
        && horizontal.top >= vertical.top - sameLinePoints
        && horizontal.top <= vertical.bottom + sameLinePoints
}

/// Tables that touch, one below the other: the sums of an invoice hang below a part of its items.
///
/// They are cut at a line that at most one upright line crosses, where the one below is less wide or
/// wider than the one above.
private func partsOfOtherColumns(_ lines: Lines) -> [Lines] {
    guard lines.horizontal.count >= 4, lines.vertical.count >= 4 else { return [lines] }
    for y in Set(lines.horizontal.map(\.top)).sorted() {
        let crossing = lines.vertical.count {
            $0.top < y - sameLinePoints && $0.bottom > y + sameLinePoints
        }
        guard crossing <= 1 else { continue }
        let above = lines.cut(to: -.infinity...y)
        let below = lines.cut(to: y...Float.infinity)
        guard above.isGrid, below.isGrid else { continue }
        let (one, two) = (above.width, below.width)
        let right = max(one.upperBound, two.upperBound)
        let least = 0.1 * (right - min(one.lowerBound, two.lowerBound))
        let isOther =
            abs(one.lowerBound - two.lowerBound) > least
            || abs(one.upperBound - two.upperBound) > least
        guard isOther else { continue }
        return [above] + partsOfOtherColumns(below)
    }
    return [lines]
}

extension Lines {
    fileprivate var isGrid: Bool { self.horizontal.count >= 2 && self.vertical.count >= 2 }

    /// Between the outermost of the upright lines.
    fileprivate var width: ClosedRange<Float> {
        let places = self.vertical.map(\.left)
        return (places.min() ?? 0)...(places.max() ?? 0)
    }

    /// The lines within a part of the page; a line at its edge is no wider than what stands there.
    fileprivate func cut(to part: ClosedRange<Float>) -> Lines {
        var result = Lines()
        result.vertical = self.vertical.compactMap { line in
            var line = line
            line.top = max(line.top, part.lowerBound)
            line.bottom = min(line.bottom, part.upperBound)
            return line.height > smallestCellPoints ? line : nil
        }
        let width = result.width
        result.horizontal = self.horizontal.compactMap { line in
            guard line.top >= part.lowerBound - sameLinePoints,
                line.top <= part.upperBound + sameLinePoints
            else { return nil }
            var line = line
            line.left = max(line.left, width.lowerBound)
            line.right = min(line.right, width.upperBound)
            return line.width > smallestCellPoints ? line : nil
        }
        return result
    }
}

/// The outer lines of a table are often left out: the other lines' ends stand for them.
private func grid(horizontal: [PDFBox], vertical: [PDFBox]) -> PDFGrid? {
    let box = (horizontal + vertical).reduce(into: PDFBox.empty) { $0.add($1) }
    var result = PDFGrid(
        columnEdges: edges(
            [box.left, box.right]
                + longest(vertical, share: shortestColumnShare * box.height) {
                    ($0.left, $0.height)
                }
        ),
        rowEdges: edges(
            [box.top, box.bottom]
                + longest(horizontal, share: shortestRowShare * box.width) { ($0.top, $0.width) }
        )
    )
    guard result.columnCount >= 2, result.rowCount >= 2,
        result.columnCount * result.rowCount <= maximumCells
    else { return nil }
    result.horizontal = horizontal
    result.vertical = vertical
    return result
}

/// A line below a heading over some of the columns separates no rows; columns may be joined in some.
private let shortestRowShare: Float = 0.6
private let shortestColumnShare: Float = 0.3

/// The positions at which the lines are together longer than `share`.
private func longest(
    _ lines: [PDFBox],
    share: Float,
    _ measure: (PDFBox) -> (position: Float, length: Float)
) -> [Float] {
    var result: [(position: Float, length: Float)] = []
    for line in lines.map(measure).sorted(by: { $0.position < $1.position }) {
        if let last = result.last, line.position - last.position <= sameLinePoints {
            result[result.count - 1].length += line.length
        } else {
            result.append(line)
        }
    }
    return result.filter { $0.length >= share }.map(\.position)
}

private func edges(_ positions: [Float]) -> [Float] {
    var result: [Float] = []
    for position in positions.sorted() {
        if let last = result.last, position - last < smallestCellPoints { continue }
        result.append(position)
    }
    return result
}

private func interval(of value: Float, in edges: [Float]) -> Int {
    let index = edges.lastIndex { $0 <= value } ?? 0
    return min(index, edges.count - 2)
}
