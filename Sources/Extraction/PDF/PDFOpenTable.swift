/// The region between lines that run above, within and below a table without any upright lines.
struct PDFFrame: Equatable {
    var box: PDFBox
    /// Ascending y of all of its lines.
    var lines: [Float]
}

/// Groups of three or more equally long horizontal lines with no upright line between them: a table
/// has one above, one below its header and one at its end.
func openFrames(of rules: [PDFBox]) -> [PDFFrame] {
    guard rules.count >= 3, rules.count <= maximumFrameLines else { return [] }
    let lines = rules.filter { $0.width > smallestFrameWidth && $0.width > 20 * $0.height }
        .sorted { ($0.top, $0.left) < ($1.top, $1.left) }
    let upright = rules.filter { $0.height > 5 && $0.width < 5 }
    var frames: [PDFFrame] = []
    for line in lines {
        let y = (line.top + line.bottom) / 2
        let place = frames.lastIndex {
            abs($0.box.left - line.left) <= 2 && abs($0.box.right - line.right) <= 2
        }
        if let place, !upright.contains(where: { $0.crosses(frames[place].box, to: y) }) {
            frames[place].box.bottom = y
            if let last = frames[place].lines.last, y - last > 3 { frames[place].lines.append(y) }
        } else {
            let box = PDFBox(left: line.left, top: y, right: line.right, bottom: y)
            frames.append(PDFFrame(box: box, lines: [y]))
        }
    }
    return frames.filter { $0.lines.count >= 3 }
}

private let maximumFrameLines = 1_000
private let smallestFrameWidth: Float = 60

extension PDFBox {
    /// Whether this upright line stands between a frame's first line and `bottom`.
    fileprivate func crosses(_ frame: PDFBox, to bottom: Float) -> Bool {
        self.left >= frame.left - 2 && self.right <= frame.right + 2 && self.top < bottom
            && self.bottom > frame.top
    }
}

extension PDFTableCut {
    /// Takes the text of a frame as a table where gaps divide it into columns from top to bottom.
    ///
    /// The lines of text above the second drawn line are the header, one row; below it, each drawn
    /// line and each line of text in the first column begins a row.
    mutating func take(_ drawn: PDFFrame, page: PDFPage) {
        let frame = self.withHead(drawn)
        let isInside = { (fragment: PDFFragment) in
            fragment.table == nil && frame.box.left - 2 <= fragment.box.left
                && fragment.box.right <= frame.box.right + 2
                && frame.box.top <= fragment.baseline && fragment.baseline <= frame.box.bottom
        }
        let members = self.fragments.filter(isInside)
        // Text that runs over the frame's side, or a table within it, is not a table's.
        let isCut = self.fragments.contains {
            !isInside($0) && frame.box.top < $0.baseline
                && $0.baseline - 0.5 * $0.size < frame.box.bottom
                && $0.box.right > frame.box.left && $0.box.left < frame.box.right
        }
        guard !isCut, members.count >= 4, members.count <= maximumFrameFragments else { return }
        let lines = rows(of: members, page: 0)
        let columns = frameColumns(lines, first: frame.lines[1])
        guard columns.count >= 2, !readsAsColumns(lines, columns) else { return }
        let cells = frameRows(lines, frame: frame, columns: columns).map { row in
            columns.indices.map { column in
                row.flatMap(\.fragments).filter { tableColumn(of: $0, in: columns) == column }
            }
        }
        guard cells.count >= 2 else { return }
        self.fragments.removeAll(where: isInside)
        self.take(
            PDFCutTable(
                box: frame.box,
                isDrawn: true,
                cells: cells,
                columns: columns,
                hasHeader: true
            )
        )
    }
}

extension PDFTableCut {
    /// The frame with the line of text right above it, where lines stand below each row and so below
    /// the heads of the columns too.
    private func withHead(_ frame: PDFFrame) -> PDFFrame {
        let steps = zip(frame.lines, frame.lines.dropFirst()).map { $1 - $0 }
        guard frame.lines.count >= 4, let top = frame.lines.first, let least = steps.min(),
            least > 0, let most = steps.max(), most < 4 * least
        else { return frame }
        let isWithin = { (fragment: PDFFragment) in
            fragment.table == nil && frame.box.left - 2 <= fragment.box.left
                && fragment.box.right <= frame.box.right + 2
        }
        let heads = self.fragments.filter {
            isWithin($0) && $0.baseline <= top && top - $0.baseline < min(most, 2 * $0.size)
        }
        let members = self.fragments.filter {
            isWithin($0) && top < $0.baseline && $0.baseline <= frame.box.bottom
        }
        let columns = merged(members.map { $0.box.left...max($0.box.left, $0.box.right) }, 1)
        guard heads.count >= 2, columns.count >= 2, heads.count <= columns.count,
            let height = heads.map({ $0.baseline - $0.size }).min()
        else { return frame }
        // Each head stands over one column, and no two over the same.
        let places = heads.map { head in
            columns.indices.filter {
                columns[$0].lowerBound < head.box.right && head.box.left < columns[$0].upperBound
            }
        }
        guard places.allSatisfy({ $0.count == 1 }), Set(places).count == heads.count else {
            return frame
        }
        var result = frame
        result.box.top = height - 1
        result.lines.insert(result.box.top, at: 0)
        return result
    }
}

private let maximumFrameFragments = 2_000

/// The extents of the columns; a line of the header may stand over several of them.
private func frameColumns(_ lines: [PDFRow], first edge: Float) -> [ClosedRange<Float>] {
    let extents = lines.filter { $0.baseline > edge }.flatMap { row in
        row.fragments.map { $0.box.left...max($0.box.left, $0.box.right) }
    }
    let columns = merged(extents, 1)
    guard columns.count >= 2 else { return columns }
    // A heading may be wider than what stands below it.
    var result = columns
    for fragment in lines.filter({ $0.baseline <= edge }).flatMap(\.fragments) {
        let touched = result.indices.filter {
            result[$0].lowerBound < fragment.box.right && fragment.box.left < result[$0].upperBound
        }
        guard touched.count == 1 else { continue }
        result = merged(result + [fragment.box.left...fragment.box.right], 1)
    }
    return result.count >= 2 ? result : columns
}

/// Whether the text is two columns of prose between lines, not a table.
private func readsAsColumns(_ lines: [PDFRow], _ columns: [ClosedRange<Float>]) -> Bool {
    let fragments = lines.flatMap(\.fragments).sorted { $0.streamPosition < $1.streamPosition }
    let order = fragments.map { tableColumn(of: $0, in: columns) }
    let switches = zip(order, order.dropFirst()).filter { $0 != $1 }.count
    return switches < columns.count && lines.count >= 4
}

private func frameRows(
    _ lines: [PDFRow],
    frame: PDFFrame,
    columns: [ClosedRange<Float>]
) -> [[PDFRow]] {
    let header = lines.filter { $0.baseline <= frame.lines[1] }
    var result: [[PDFRow]] = header.isEmpty ? [] : [header]
    let body = lines[header.count...]
    for upper in frame.lines.dropFirst().dropLast() {
        let lower = frame.lines.first { $0 > upper } ?? frame.box.bottom
        let part = body.filter { $0.baseline > upper && $0.baseline <= lower }[...]
        guard !part.isEmpty else { continue }
        let starts = Set(tableRowStarts(part, columns: columns))
        for index in part.indices {
            if index == part.startIndex || starts.contains(index) {
                result.append([])
            }
            result[result.count - 1].append(part[index])
        }
    }
    return result
}
