extension PDFBlockBuilder {
    func contentsEntry(_ column: PDFColumn, _ index: Int) -> PDFContentsEntry? {
        Extraction.contentsEntry(self.text(column.rows[index]))
    }

    /// Whether a row is an entry with leaders, or one without that stands above such.
    func beginsContents(_ column: PDFColumn, _ index: Int) -> Bool {
        if self.contentsEntry(column, index) != nil { return true }
        guard self.contentsText(column, index, from: index) != nil else { return false }
        let end = min(index + 4, column.rows.count)
        for next in index + 1..<max(end, index + 1) {
            let row = column.rows[next]
            guard self.step(column, next) < 4 * row.size,
                endsAlike(row, column.rows[index])
            else { return false }
            if self.contentsEntry(column, next) != nil { return true }
        }
        return false
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
            endsAlike(row, column.rows[start])
        else { return nil }
        return Array(self.text(row))
    }
}

/// Whether the last parts of two rows, their page numbers, stand in one column.
private func endsAlike(_ row: PDFRow, _ other: PDFRow) -> Bool {
    guard let last = row.fragments.last, let otherLast = other.fragments.last else { return false }
    return abs(row.box.right - other.box.right) < 2
        || abs(last.box.left - otherLast.box.left) < 2
}
