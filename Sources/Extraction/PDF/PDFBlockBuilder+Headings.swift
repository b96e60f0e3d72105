extension PDFBlockBuilder {
    /// How many rows from `index` form one heading, or nil.
    func headingLength(_ column: PDFColumn, _ index: Int) -> Int? {
        let first = column.rows[index]
        if let isHeading = self.headings.isTaggedHeading(first) {
            guard isHeading else { return nil }
            let rows = column.rows[index...].prefix { $0.element == first.element }
            return self.joiner.joined(rows).contains(where: isLetterByte) ? rows.count : nil
        }
        guard self.headings.looksLikeHeading(first) else { return nil }
        var end = index + 1
        while end < column.rows.count, end - index <= mostHeadingRows,
            self.isSameHeading(column, end)
        {
            end += 1
        }
        let count = end - index
        let text = self.joiner.joined(column.rows[index..<end])
        guard text.contains(where: { isLetterByte($0) }), text.count >= 2, text.count <= 300 else {
            return nil
        }
        if self.headings.outlineDepth(text) != nil, count <= mostHeadingRows { return count }
        if self.headings.isLarge(first) { return count <= mostHeadingRows ? count : nil }
        return self.isBoldHeading(column, index..<end, text) ? count : nil
    }

    func isSameHeading(_ column: PDFColumn, _ index: Int) -> Bool {
        let row = column.rows[index]
        let previous = column.rows[index - 1]
        return self.headings.looksLikeHeading(row) && row.isBold == previous.isBold
            && abs(row.size - previous.size) <= 0.04 * previous.size
            && self.step(column, index) <= 1.6 * row.size
    }

    /// Bold type of the body's size is a heading when it stands alone and is no sentence.
    func isBoldHeading(
        _ column: PDFColumn,
        _ range: Range<Int>,
        _ text: [UInt8]
    ) -> Bool {
        guard range.count <= 2, let last = text.last, !".,;:".utf8.contains(last) else {
            return false
        }
        guard listMarker(text[...])?.number != nil || listMarker(text[...]) == nil else {
            return false
        }
        let isApart =
            range.lowerBound == 0
            || self.step(column, range.lowerBound)
                >= 1.15 * self.leadings.leading(of: column.rows[range.lowerBound].size)
        guard isApart, column.rows[range].allSatisfy({ $0.fragments.count == 1 }) else {
            return false
        }
        return range.upperBound < column.rows.count
    }

    mutating func addHeading(_ column: PDFColumn, _ start: Int, _ count: Int) -> Int {
        let rows = column.rows[start..<start + count]
        let text = self.joiner.joined(rows)
        let level = self.headings.level(rows[start], text: text)
        self.blocks.append(
            PDFBlock(
                content: .heading(level: level, text: text),
                page: column.page,
                box: box(of: rows),
                size: rows[start].size
            )
        )
        return start + count
    }
}

/// Longer ones are text in large type.
private let mostHeadingRows = 4
