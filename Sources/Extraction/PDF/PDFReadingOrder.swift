/// Orders the fragments of a page: a list of columns, each to be read from top to bottom.
///
/// Horizontal bands that share a white gutter form a group; a group whose gutter separates text
/// columns is cut there and its columns are ordered in turn. Groups that look alike but are read
/// row by row (tables, labelled lists) stay whole.
///
/// - Complexity: O(n log n) for n fragments at each of at most `maximumDepth` levels.
/// - Source: G. Nagy and S. Seth, Hierarchical representation of optically scanned documents
///   (1984), the recursive XY-cut; with the content stream's order as a second witness.
func readingOrder(_ fragments: [PDFFragment], depth: Int = 0) -> [[PDFFragment]] {
    guard fragments.count > 1, depth < maximumCutDepth else { return [fragments] }
    let gutter = minimumGutterEms * medianSize(fragments)
    var result: [[PDFFragment]] = []
    var lastIsOpen = false
    for group in groups(of: bands(of: fragments), gutter: gutter) {
        let members = group.bands.flatMap { $0 }
        if group.extents.count >= 2,
            let columns = columns(of: group, gutter: gutter)
        {
            for column in columns where !column.isEmpty {
                result.append(contentsOf: readingOrder(column, depth: depth + 1))
            }
            lastIsOpen = false
        } else if lastIsOpen {
            result[result.count - 1].append(contentsOf: members)
        } else {
            result.append(members)
            lastIsOpen = true
        }
    }
    return result
}

/// Deeper nesting than columns in columns in columns is not layout any more.
private let maximumCutDepth = 6
/// LaTeX separates columns by one em, most others by more.
private let minimumGutterEms: Float = 0.8

private struct BandGroup {
    var bands: [[PDFFragment]]
    /// Horizontal extents of all text of the group, merged across gaps narrower than a gutter.
    var extents: [ClosedRange<Float>]
}

private func medianSize(_ fragments: [PDFFragment]) -> Float {
    let sizes = fragments.map(\.size).sorted()
    return sizes[sizes.count / 2]
}

/// Maximal sets of fragments whose cores overlap vertically, from top to bottom.
private func bands(of fragments: [PDFFragment]) -> [[PDFFragment]] {
    let sorted = fragments.sorted {
        let left = $0.core.lowerBound
        let right = $1.core.lowerBound
        return left != right ? left < right : $0.box.left < $1.box.left
    }
    var result: [[PDFFragment]] = []
    var bottom = -Float.infinity
    for fragment in sorted {
        if fragment.core.lowerBound < bottom {
            result[result.count - 1].append(fragment)
        } else {
            result.append([fragment])
        }
        bottom = max(bottom, fragment.core.upperBound)
    }
    return result
}

private func groups(of bands: [[PDFFragment]], gutter: Float) -> [BandGroup] {
    var result: [BandGroup] = []
    for band in bands {
        let extents = merged(horizontalExtents(of: band), gutter)
        if let last = result.last {
            let union = merged(last.extents + extents, gutter)
            let keepsGutter = union.count >= 2
            let staysSingle = last.extents.count == 1 && extents.count == 1
            if keepsGutter || staysSingle {
                result[result.count - 1].bands.append(band)
                result[result.count - 1].extents = union
                continue
            }
        }
        var group = BandGroup(bands: [band], extents: extents)
        if let last = result.last, extents.count >= 2 {
            let start = columnStart(in: last, before: group, gutter: gutter)
            let moved = last.bands[start...]
            result[result.count - 1].bands.removeSubrange(start...)
            group.bands = Array(moved) + group.bands
            group.extents = merged(
                group.extents + moved.flatMap { horizontalExtents(of: $0) },
                gutter
            )
        }
        result.append(group)
    }
    return result.filter { !$0.bands.isEmpty }
}

/// Where the columns of `next` begin among the bands before it.
///
/// A column may start higher than the ones left of it, below a title over all of them. The content
/// stream tells it from a line above the columns: it comes to it only after the text on the left.
private func columnStart(in group: BandGroup, before next: BandGroup, gutter: Float) -> Int {
    var result = group.bands.count
    guard group.extents.count == 1, let left = next.bands[0].map(\.box.left).min(),
        let first = next.bands[0].first(where: { $0.box.left == left })
    else { return result }
    var union = next.extents
    for (index, band) in group.bands.enumerated().reversed() {
        union = merged(union + horizontalExtents(of: band), gutter)
        guard union.count >= next.extents.count else { break }
        let isBehind = band.allSatisfy {
            $0.box.left > first.box.right && $0.streamPosition > first.streamPosition
        }
        if isBehind { result = index }
    }
    return result
}

private func horizontalExtents(of band: [PDFFragment]) -> [ClosedRange<Float>] {
    band.map { $0.box.left...max($0.box.left, $0.box.right) }
}

/// Joins ranges that overlap or are closer than `gap`; the result is sorted.
func merged(_ ranges: [ClosedRange<Float>], _ gap: Float) -> [ClosedRange<Float>] {
    var result: [ClosedRange<Float>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
        if let last = result.last, range.lowerBound - last.upperBound < gap {
            result[result.count - 1] =
                last.lowerBound...max(last.upperBound, range.upperBound)
        } else {
            result.append(range)
        }
    }
    return result
}

/// The columns of a group, or nil when its parts are to be read row by row.
private func columns(of group: BandGroup, gutter: Float) -> [[PDFFragment]]? {
    let members = group.bands.flatMap { $0 }
    let extents = withoutStrays(group.extents, members)
    guard extents.count >= 2 else { return nil }
    var columns = [[PDFFragment]](repeating: [], count: extents.count)
    for fragment in members { columns[columnIndex(of: fragment, in: extents)].append(fragment) }
    let streamAgrees = columnSwitches(columns) <= extents.count - 1
    let size = medianSize(members)
    let shapes = columns.map { shape(of: $0) }
    if streamAgrees {
        let enough = shapes.allSatisfy { $0.lineCount >= 3 || $0.width >= 9 * size }
        let tall = shapes.filter { $0.lineCount >= 3 }.count >= 2
        return enough && tall && !isGridOfCells(columns, shapes, size: size) ? columns : nil
    }
    let textual = shapes.allSatisfy {
        $0.width >= 14 * size && $0.fill >= 0.7 && $0.lineCount >= 6
    }
    return textual ? columns : nil
}

/// Makes a column that holds next to nothing, such as a page number beside the text, a part of its
/// neighbour.
private func withoutStrays(
    _ extents: [ClosedRange<Float>],
    _ members: [PDFFragment]
) -> [ClosedRange<Float>] {
    var result = extents
    while result.count > 2, result.count <= mostColumns {
        var counts = [Int](repeating: 0, count: result.count)
        for fragment in members { counts[columnIndex(of: fragment, in: result)] += 1 }
        guard let stray = counts.indices.first(where: { counts[$0] * strayShare <= members.count })
        else { break }
        let before = stray > 0 ? result[stray].lowerBound - result[stray - 1].upperBound : .infinity
        let after =
            stray + 1 < result.count
            ? result[stray + 1].lowerBound - result[stray].upperBound : .infinity
        let first = before <= after ? stray - 1 : stray
        result[first] = result[first].lowerBound...result[first + 1].upperBound
        result.remove(at: first + 1)
    }
    return result
}

private let strayShare = 30
private let mostColumns = 8

private func columnIndex(of fragment: PDFFragment, in extents: [ClosedRange<Float>]) -> Int {
    let middle = (fragment.box.left + fragment.box.right) / 2
    return extents.lastIndex { $0.lowerBound <= middle } ?? 0
}

/// How often the content stream goes from one column to another; a few parts drawn out of order, such
/// as page numbers, do not count.
private func columnSwitches(_ columns: [[PDFFragment]]) -> Int {
    var order: [(position: Int32, column: Int)] = []
    for (index, column) in columns.enumerated() {
        for fragment in column { order.append((fragment.streamPosition, index)) }
    }
    order.sort { $0.position < $1.position }
    var runs: [(column: Int, count: Int)] = []
    for (_, column) in order {
        if let last = runs.last, last.column == column {
            runs[runs.count - 1].count += 1
        } else {
            runs.append((column, 1))
        }
    }
    let long = runs.filter { $0.count >= shortestRun }
    let strayCount = order.count - long.reduce(0) { $0 + $1.count }
    let counted = strayCount * 10 <= order.count ? long : runs
    return zip(counted, counted.dropFirst()).reduce(0) {
        $0 + ($1.0.column == $1.1.column ? 0 : 1)
    }
}

/// Of parts of one column, one after the other in the content stream.
private let shortestRun = 3

/// Whether columns that are drawn one after the other are those of a table: each line stands beside one
/// of every other column, and some columns are narrower than text is.
private func isGridOfCells(
    _ columns: [[PDFFragment]],
    _ shapes: [(lineCount: Int, width: Float, fill: Float)],
    size: Float
) -> Bool {
    let longest = columns.indices.max { shapes[$0].lineCount < shapes[$1].lineCount }
    guard let longest, shapes[longest].lineCount >= 3 else { return false }
    let narrowCount = shapes.filter { $0.width < narrowColumnEms * size }.count
    guard narrowCount >= (columns.count == 3 ? 2 : 1) else { return false }
    let heights = columns[longest].map(\.baseline).sorted()
    return columns.indices.allSatisfy { index in
        // Some cells are empty, but a column of text is shorter than the one before it.
        guard shapes[index].lineCount * 10 >= shapes[longest].lineCount * 9 else { return false }
        let alignedCount = columns[index].filter { fragment in
            let place = heights.partitioningIndex { $0 >= fragment.baseline - 0.25 * size }
            return place < heights.count && heights[place] <= fragment.baseline + 0.25 * size
        }.count
        return alignedCount * 10 >= columns[index].count * 9
    }
}

private let narrowColumnEms: Float = 8

extension [Float] {
    /// The first index at which a test holds that holds for all after it, too.
    fileprivate func partitioningIndex(where isBehind: (Float) -> Bool) -> Int {
        var low = 0
        var high = self.count
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

private func shape(
    of column: [PDFFragment]
) -> (lineCount: Int, width: Float, fill: Float) {
    let lines = rows(of: column, page: 0)
    let box = column.reduce(into: PDFBox.empty) { $0.add($1.box) }
    guard !lines.isEmpty, box.width > 0 else { return (lines.count, 0, 0) }
    let filled = lines.reduce(Float(0)) { $0 + $1.box.width } / Float(lines.count)
    return (lines.count, box.width, filled / box.width)
}
