/// A line near the top or the foot of a page.
struct PDFEdgeLine {
    var row: PDFRow
    var isTop: Bool
    /// From the nearer edge of the page.
    var distance: Float
    /// Lines that no gap separates share a number; nil where the body is part of it.
    var block: Int?
    var text: PDFEdgeText
    /// Whether its type is that of a heading, or smaller than the body's.
    var isHeading: Bool
    var isSmall: Bool
    var largestSize: Float
    var bodySize: Float
    /// Whether the file itself says that it belongs to the page, not to the text.
    var isArtifact: Bool
    /// Whether it begins a table that goes on behind its block.
    var beginsTable: Bool
}

/// The lines at both edges of one page.
struct PDFPageEdges {
    /// From the top down, then from the foot up.
    var lines: [PDFEdgeLine] = []
    /// Whether text reaches into the lower part of the page.
    var isFull = false
    /// The first and last of the lines between those at the edges.
    var firstInner: [UInt8] = []
    var lastInner: [UInt8] = []
}

/// Part of the page's height in which headers and footers stand.
private let edgeShare: Float = 0.25
/// Lines looked at on each edge of a page.
private let edgeLineCount = 5
/// A step this many times the usual one separates a header from the body.
private let breakSteps: Float = 1.45
/// Text below this part of a page's height fills it.
private let fullShare: Float = 0.6

func pageEdges(
    of pages: [[PDFFragment]],
    source: PDFSource,
    body: PDFBodyStyle
) -> [PDFPageEdges] {
    let lines = pages.enumerated().map { rows(of: $1, page: $0) }
    let step = usualStep(lines, body: body)
    return lines.indices.map { page in
        PDFEdgeReader(
            rows: lines[page],
            page: source.pages[page],
            source: source,
            body: body,
            step: step
        )
        .edges()
    }
}

/// The most frequent distance between two lines of all pages.
private func usualStep(_ pages: [[PDFRow]], body: PDFBodyStyle) -> Float {
    var counts: [Int: Int] = [:]
    for rows in pages {
        for (row, next) in zip(rows, rows.dropFirst()) {
            let step = next.baseline - row.baseline
            guard step > 0.8 * min(row.size, next.size), step < 4 * body.size else { continue }
            counts[Int((2 * step).rounded()), default: 0] += 1
        }
    }
    let best = counts.max { ($0.value, -$0.key) < ($1.value, -$1.key) }
    return best.map { Float($0.key) / 2 } ?? 1.25 * body.size
}

private struct PDFEdgeReader {
    let rows: [PDFRow]
    let page: PDFPage
    let source: PDFSource
    let body: PDFBodyStyle
    let step: Float

    func edges() -> PDFPageEdges {
        var result = PDFPageEdges()
        let top = self.rows.prefix(edgeLineCount)
            .prefix { $0.fragments[0].table == nil && $0.baseline <= edgeShare * self.page.height }
        let foot = self.rows.dropFirst(top.count).suffix(edgeLineCount)
            .reversed()
            .prefix {
                $0.fragments[0].table == nil
                    && $0.baseline >= (1 - edgeShare) * self.page.height
            }
        let inner = self.rows[top.count..<self.rows.count - foot.count]
        let lowest = inner.last?.baseline ?? 0
        result.firstInner = inner.first.map { self.text(of: $0).literal } ?? []
        result.lastInner = inner.last.map { self.text(of: $0).literal } ?? []
        result.isFull = inner.count >= 8 && lowest >= fullShare * self.page.height
        result.lines =
            self.lines(Array(top.indices), isTop: true)
            + self.lines(foot.indices.map { $0.base - 1 }, isTop: false)
        return result
    }

    /// The lines at `indices`, from the edge inwards, with their blocks.
    private func lines(_ indices: [Int], isTop: Bool) -> [PDFEdgeLine] {
        var result: [PDFEdgeLine] = []
        var block = 0
        for (place, index) in indices.enumerated() {
            let row = self.rows[index]
            result.append(self.line(row, index, isTop: isTop, block: block))
            let next = isTop ? index + 1 : index - 1
            guard self.rows.indices.contains(next) else { break }
            if self.isBreak(min(index, next)) {
                block += 1
            } else if place + 1 == indices.count {
                // The last block goes on in the body.
                for line in result.indices where result[line].block == block {
                    result[line].block = nil
                }
            }
        }
        return result
    }

    private func line(_ row: PDFRow, _ index: Int, isTop: Bool, block: Int) -> PDFEdgeLine {
        let words = row.fragments.flatMap { self.page.words[$0.words] }
        let isBold = words.allSatisfy {
            $0.style >= 0 && self.source.styles[Int($0.style)].isBold
        }
        let largest = words.reduce(0) { max($0, $1.size) }
        return PDFEdgeLine(
            row: row,
            isTop: isTop,
            distance: isTop ? row.baseline : self.page.height - row.baseline,
            block: block,
            text: self.text(of: row),
            isHeading: largest >= 1.07 * self.body.size || (isBold && !self.body.isBold),
            isSmall: largest <= 0.93 * self.body.size,
            largestSize: largest,
            bodySize: self.body.size,
            isArtifact: words.allSatisfy { $0.element == PDFStructure.artifact },
            beginsTable: self.beginsTable(index)
        )
    }

    private func text(of row: PDFRow) -> PDFEdgeText {
        PDFEdgeText(
            fragments: row.fragments.map { fragment in
                self.page.words[fragment.words].map {
                    self.source.text[Int($0.textStart)..<Int($0.textEnd)]
                }
            }
        )
    }

    /// Whether a gap or a drawn line separates a line from the one after it.
    private func isBreak(_ index: Int) -> Bool {
        if self.isGap(index) { return true }
        let next = self.rows[index + 1]
        let upper = self.rows[index].baseline - 1
        let lower = self.upperBaseline(of: next) - 0.5 * next.size
        return self.page.rules.contains {
            $0.height < 4 && $0.width >= 0.25 * self.page.width && $0.top > upper
                && $0.bottom < lower
        }
    }

    private func isGap(_ index: Int) -> Bool {
        let next = self.rows[index + 1]
        // Larger type stands further from the line above it.
        let rise = 0.8 * max(0, next.size - self.body.size)
        let step = self.upperBaseline(of: next) - self.rows[index].baseline
        return step - rise >= breakSteps * self.step
    }

    /// Of a table, about that of its first line.
    private func upperBaseline(of row: PDFRow) -> Float {
        row.fragments[0].table == nil ? row.baseline : row.box.top + self.body.size
    }

    private func beginsTable(_ index: Int) -> Bool {
        guard self.rows[index].fragments.count >= 2,
            let table = table(in: self.rows[...], at: index)
        else { return false }
        // A gap ends the header; lines below it stand in columns for reasons of their own.
        let nearest = index..<min(index + edgeLineCount - 1, self.rows.count - 1)
        return table.rowCount >= 3 && !nearest.contains { self.isGap($0) }
    }
}
