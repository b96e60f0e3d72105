internal import Bytes

/// Tables that go on over the end of a page.
extension PDFBlockBuilder {
    /// Adds a table, or its rows to the table that ended the page before.
    ///
    /// A table goes on where nothing stands between the two parts and their columns are the same. A
    /// header that is repeated is left out and counted; one that differs belongs to a table of its own.
    mutating func addTableBlock(_ block: PDFBlock, isFirst: Bool) {
        guard isFirst, let last = self.lastBlock,
            case .table(let rows) = block.content,
            case .table(var before) = self.blocks[last].content,
            (self.blocks[last].endPage ?? self.blocks[last].page) == block.page - 1,
            hasSameColumns(self.blocks[last], block), before.first?.count == rows.first?.count
        else {
            self.blocks.append(block)
            return
        }
        let repeated = zip(before, rows).prefix { $0 == $1 }.count
        guard repeated > 0 || !block.hasHeader else {
            self.blocks.append(block)
            return
        }
        // The rows grow in place: a table may go on for as long as the document does.
        self.blocks[last].content = .table([])
        var added = rows[(self.keepsRunning ? 0 : repeated)...]
        if !self.keepsRunning { self.repeatedHeadCount += repeated }
        if let first = added.first, goesOn(first, added), let end = before.indices.last {
            for (column, text) in first.enumerated() where !text.isEmpty {
                self.joiner.append(text[...], to: &before[end][column])
            }
            added = added.dropFirst()
        }
        before.append(contentsOf: added)
        self.blocks[last].content = .table(before)
        self.blocks[last].endPage = block.page
    }
}

/// Whether a row has nothing in its first column and a word in small letters elsewhere: the end of
/// the row that the page's end cut.
private func goesOn(_ row: [[UInt8]], _ rows: ArraySlice<[[UInt8]]>) -> Bool {
    guard let first = row.first, first.isEmpty, rows.contains(where: { !$0[0].isEmpty }) else {
        return false
    }
    return row.allSatisfy { cell in cell.first?.isASCIILowercase ?? true }
}

/// Margins may change from page to page, so only distances count.
private func hasSameColumns(_ one: PDFBlock, _ two: PDFBlock) -> Bool {
    guard one.columns.count == two.columns.count, one.columns.count >= 2,
        let left = one.columns.first, let right = two.columns.first
    else { return false }
    let shift = right.lowerBound - left.lowerBound
    let tolerance = max(one.size, two.size)
    return zip(one.columns, two.columns).allSatisfy { first, second in
        abs(first.lowerBound + shift - second.lowerBound) <= tolerance
            || abs(first.upperBound + shift - second.upperBound) <= tolerance
    }
}
