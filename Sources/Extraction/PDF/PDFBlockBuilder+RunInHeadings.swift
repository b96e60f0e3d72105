extension PDFBlockBuilder {
    /// How many fragments at the start of a paragraph are a bold heading, set off by a wide gap
    /// (LaTeX's `\paragraph`), or nil.
    func runInHeading(_ column: PDFColumn, _ index: Int) -> Int? {
        let row = column.rows[index]
        guard row.fragments.count >= 2, !row.isBold, !self.layout.body.isBold, !row.isFixedPitch,
            index == 0 || !self.isClose(column, index),
            table(in: column.rows[...], at: index) == nil
        else { return nil }
        let first = row.fragments[0]
        guard self.isBold(first, page: row.page), !self.isBold(row.fragments[1], page: row.page)
        else { return nil }
        let gap = row.fragments[1].box.left - first.box.right
        let words = self.source.pages[row.page].words[first.words]
        let length = words.reduce(0) { $0 + Int($1.textEnd - $1.textStart) }
        guard gap < 2 * row.size, length <= 100, length >= 3 else { return nil }
        return 1
    }

    func isBold(_ fragment: PDFFragment, page: Int) -> Bool {
        let words = self.source.pages[page].words[fragment.words]
        let plain = words.filter {
            $0.style >= 0 && !self.source.styles[Int($0.style)].isFixedPitch
        }
        return !plain.isEmpty && plain.allSatisfy { self.source.styles[Int($0.style)].isBold }
    }

    /// Writes the heading and leaves the rest of its row to the paragraph.
    mutating func addRunInHeading(
        _ column: inout PDFColumn,
        _ index: Int,
        _ length: Int
    ) {
        var writer = PDFRowWriter(source: self.source, reserving: 0)
        var row = column.rows[index]
        let text = writer.write(Array(row.fragments[..<length]), page: row.page)
        self.blocks.append(
            PDFBlock(
                content: .heading(level: self.headings.runInLevel, text: Array(writer.text[text])),
                page: column.page,
                box: row.fragments[..<length].reduce(into: .empty) { $0.add($1.box) },
                size: row.size
            )
        )
        // The row's text ends with that of its last fragments.
        row.fragments.removeFirst(length)
        row.text = row.text.lowerBound + min(text.count + 1, row.text.count)..<row.text.upperBound
        row.box.left = row.fragments[0].box.left
        column.rows[index] = row
    }
}
