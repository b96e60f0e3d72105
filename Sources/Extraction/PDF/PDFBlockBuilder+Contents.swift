extension PDFBlockBuilder {
    func contentsEntry(_ column: PDFColumn, _ index: Int) -> PDFContentsEntry? {
        Extraction.contentsEntry(self.text(column.rows[index]))
    }

    /// Entries with leaders, and lines among them that end at the same right edge in a number.
    mutating func addContents(_ column: PDFColumn, _ start: Int) -> Int {
        var items: [PDFListItem] = []
        var lefts: [Float] = []
        var index = start
        while index < column.rows.count {
            let row = column.rows[index]
            let isNear = index == start || self.step(column, index) < 4 * row.size
            guard isNear, let text = self.contentsText(column, index, from: start) else { break }
            while let last = lefts.last, row.box.left < last - 0.5 * row.size { lefts.removeLast() }
            if lefts.last.map({ row.box.left > $0 + 0.5 * row.size }) ?? true {
                lefts.append(row.box.left)
            }
            items.append(PDFListItem(depth: min(lefts.count - 1, 8), number: nil, text: text))
            index += 1
        }
        self.blocks.append(
            PDFBlock(
                content: .list(items),
                page: column.page,
                box: box(of: column.rows[start..<index]),
                size: column.rows[start].size
            )
        )
        return index
    }

    func contentsText(_ column: PDFColumn, _ index: Int, from start: Int) -> [UInt8]? {
        if let entry = self.contentsEntry(column, index) { return entry.text }
        let row = column.rows[index]
        guard row.fragments.count >= 2, let tail = self.text(row).last, tail >= 0x30, tail <= 0x39,
            abs(row.box.right - column.rows[start].box.right) < 2
        else { return nil }
        return Array(self.text(row))
    }
}
