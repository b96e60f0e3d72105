import Records

/// Tables.
extension MarkdownWriter {
    mutating func writeTable(_ node: HTMLNode, at index: Int) {
        var grid = TableGrid()
        var cursor = index + 1
        while cursor < Int(node.end) {
            let inner = self.arena.nodes[cursor]
            if inner.isDropped {
                cursor = Int(inner.end)
                continue
            }
            switch inner.tag {
            case .tr:
                grid.beginRow()
                cursor += 1
            case .td, .th:
                let record = inner.record >= 0 ? self.scanned.elements[Int(inner.record)] : nil
                grid.add(
                    self.collectLine(from: cursor, to: Int(inner.end)),
                    columns: Int(record?.number ?? 1),
                    rows: Int(record?.rowSpan ?? 1)
                )
                cursor = Int(inner.end)
            case .caption:
                self.line = self.collectLine(from: cursor, to: Int(inner.end))
                self.captionDepth += 1
                self.flush()
                self.captionDepth -= 1
                cursor = Int(inner.end)
            default:
                cursor += 1
            }
        }
        self.write(rows: grid.filledRows)
    }

    private mutating func write(rows: [[[UInt8]]]) {
        let columns = rows.map(\.count).max() ?? 0
        guard columns > 0 else { return }
        // Rows may be short in Markdown; filling up very wide ones would cost their product.
        let pads = columns <= 64
        var markdown: [UInt8] = []
        var text: [UInt8] = []
        for (number, row) in rows.enumerated() {
            if number > 0 {
                markdown.append(0x0A)
                text.append(0x0A)
            }
            markdown.append(0x7C)
            for column in 0..<(pads ? columns : row.count) {
                let cell = column < row.count ? row[column] : []
                markdown.append(0x20)
                for byte in cell {
                    if byte == 0x7C { markdown.append(0x5C) }
                    markdown.append(byte)
                }
                markdown.append(contentsOf: cell.isEmpty ? [0x7C] : [0x20, 0x7C])
                if column > 0, column < row.count { text.append(0x09) }
                text.append(contentsOf: cell)
            }
            while text.last == 0x09 { text.removeLast() }
            if number == 0 {
                markdown.append(contentsOf: [0x0A, 0x7C])
                for _ in 0..<columns { markdown.append(contentsOf: " --- |".utf8) }
            }
        }
        if self.lists.isEmpty {
            self.appendBlock(.table, markdown, text)
        } else {
            self.writeItem(markdown: markdown, text: text)
        }
    }

    /// All text of a range of nodes on one line.
    private func collectLine(from start: Int, to end: Int) -> [UInt8] {
        var line: [UInt8] = []
        var cursor = start
        while cursor < end {
            let node = self.arena.nodes[cursor]
            if node.isDropped {
                cursor = Int(node.end)
                continue
            }
            if node.tag == .text {
                let run = self.scanned.runs[Int(node.record)]
                for byte in self.scanned.text[Int(run.start)..<Int(run.end)] {
                    if !isHTMLBlank(byte) {
                        line.append(byte)
                    } else if let last = line.last, last != 0x20 {
                        line.append(0x20)
                    }
                }
            } else if node.tag.role != .inline, node.tag != .a, let last = line.last, last != 0x20 {
                line.append(0x20)
            }
            cursor += 1
        }
        if line.last == 0x20 { line.removeLast() }
        return line
    }
}
