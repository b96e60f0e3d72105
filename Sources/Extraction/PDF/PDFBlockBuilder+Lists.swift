extension PDFBlockBuilder {
    func marker(_ column: PDFColumn, _ index: Int) -> PDFListMarker? {
        let row = column.rows[index]
        guard let marker = listMarker(self.text(row)) else { return nil }
        guard let number = marker.number else { return marker }
        // A sentence may end in a number that the next line starts with.
        let isIndented = column.indent(of: row) > 0.5 * row.size
        let isApart = index == 0 || !self.isClose(column, index)
        return isIndented || isApart || number <= 1 ? marker : nil
    }

    mutating func addList(_ column: PDFColumn, _ start: Int) -> Int {
        var items: [PDFListItem] = []
        var indents: [Float] = []
        var index = start
        while index < column.rows.count {
            let row = column.rows[index]
            let found = self.itemMarker(column, index, isFirst: items.isEmpty, items: items)
            if let marker = found {
                let indent = column.indent(of: row)
                while let last = indents.last, indent < last - 0.5 * row.size {
                    indents.removeLast()
                }
                if indents.last.map({ indent > $0 + 0.5 * row.size }) ?? true {
                    indents.append(indent)
                }
                let text = self.text(row).dropFirst(marker.length)
                    .drop { $0 == 0x20 }
                items.append(
                    PDFListItem(
                        depth: min(indents.count - 1, 8),
                        number: marker.number,
                        label: marker.number == nil
                            ? [] : Array(self.text(row).prefix(marker.length)),
                        text: Array(text)
                    )
                )
            } else if !items.isEmpty, self.continuesItem(column, index, markerIndent: indents.last)
            {
                self.joiner.append(self.text(row), to: &items[items.count - 1].text)
            } else {
                break
            }
            index += 1
        }
        let last = column.rows[index - 1]
        self.blocks.append(
            PDFBlock(
                content: .list(items),
                page: column.page,
                box: box(of: column.rows[start..<index]),
                size: last.size,
                endsFull: fills(last, column)
            )
        )
        return index
    }

    func itemMarker(
        _ column: PDFColumn,
        _ index: Int,
        isFirst: Bool,
        items: [PDFListItem]
    ) -> PDFListMarker? {
        guard let marker = listMarker(self.text(column.rows[index])) else { return nil }
        if isFirst { return marker }
        let row = column.rows[index]
        guard !self.isCode(column, index), self.step(column, index) < 3.5 * row.size else {
            return nil
        }
        if let number = marker.number, let last = items.last(where: { $0.number != nil })?.number {
            return number == last + 1 || self.marker(column, index) != nil ? marker : nil
        }
        return marker.number == nil ? marker : self.marker(column, index)
    }

    func continuesItem(
        _ column: PDFColumn,
        _ index: Int,
        markerIndent: Float?
    ) -> Bool {
        let row = column.rows[index]
        guard let markerIndent, self.isClose(column, index), !self.isCode(column, index),
            abs(row.size - column.rows[index - 1].size) <= 0.08 * row.size || row.isFixedPitch,
            self.headingLength(column, index) == nil
        else { return false }
        let indent = column.indent(of: row)
        if indent > markerIndent + 0.4 * row.size { return true }
        let previous = column.rows[index - 1]
        return indent > markerIndent - 0.4 * row.size
            && column.slack(of: previous) < 6 * row.size
            && listMarker(self.text(previous)) != nil
    }
}
