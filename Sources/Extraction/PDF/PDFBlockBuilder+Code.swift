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
        if start == 0, let last = self.blocks.last, case .code(let before) = last.content,
            last.page != column.page
        {
            self.blocks[self.blocks.count - 1].content = .code(before + [0x0A] + code)
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
