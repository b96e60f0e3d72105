extension PDFBlockBuilder {
    /// A row in fixed pitch, unless it is one line of a paragraph that is all inline code.
    func isCode(_ column: PDFColumn, _ index: Int) -> Bool {
        let row = column.rows[index]
        guard row.isFixedPitch, !self.headings.looksLikeHeading(row) else { return false }
        guard index > 0, index + 1 < column.rows.count else { return true }
        let previous = column.rows[index - 1]
        let next = column.rows[index + 1]
        let isInside =
            !previous.isFixedPitch && !next.isFixedPitch && self.isClose(column, index)
            && self.isClose(column, index + 1) && abs(previous.box.left - row.box.left) < row.size
            && column.right - previous.box.right < 6 * row.size
        return !isInside
    }

    mutating func addCode(_ column: PDFColumn, _ start: Int) -> Int {
        var end = start + 1
        while end < column.rows.count, column.rows[end].isFixedPitch,
            self.step(column, end) < 4 * column.rows[end].size,
            !self.headings.looksLikeHeading(column.rows[end])
        {
            end += 1
        }
        let rows = column.rows[start..<end]
        let code = PDFCodeWriter(source: self.source, page: column.page).text(of: rows)
        if start == 0, let last = self.lastBlock,
            case .code(var before) = self.blocks[last].content,
            self.blocks[last].page != column.page
        {
            // Code grows in place, too.
            self.blocks[last].content = .code([])
            before.append(0x0A)
            before.append(contentsOf: code)
            self.blocks[last].content = .code(before)
        } else {
            self.blocks.append(
                PDFBlock(
                    content: .code(code),
                    page: column.page,
                    box: box(of: rows),
                    size: rows[start].size
                )
            )
        }
        return end
    }
}
