import Records

/// Tables and code.
extension MarkdownWriter {
    /// Cells above this are prose: the table lays out the page.
    private static var cellByteLimit: Int32 { 2_000 }

    /// Whether a table holds data, rather than laying out the page: two rows and columns at least,
    /// and nothing in its cells that cannot stand on one line.
    func isDataTable(_ index: Int) -> Bool {
        let node = self.arena.nodes[index]
        let holds = self.statistics[index].holds
        guard holds.isDisjoint(with: [.heading, .code, .table]),
            !node.signals.contains(.presentation)
        else { return false }
        var rows = 0
        var columns = 0
        var widest = 0
        var cursor = index + 1
        while cursor < Int(node.end) {
            let inner = self.arena.nodes[cursor]
            if inner.isDropped {
                cursor = Int(inner.end)
                continue
            }
            if inner.tag == .tr {
                rows += 1
                columns = 0
            } else if inner.tag == .td || inner.tag == .th {
                columns += 1
                widest = max(widest, columns)
                if self.statistics[cursor].textBytes > Self.cellByteLimit { return false }
                cursor = Int(inner.end)
                continue
            }
            cursor += 1
        }
        return rows >= 2 && widest >= 2
    }

    mutating func writeTable(_ node: HTMLNode, at index: Int) {
        var rows: [[[UInt8]]] = []
        var cursor = index + 1
        while cursor < Int(node.end) {
            let inner = self.arena.nodes[cursor]
            if inner.isDropped {
                cursor = Int(inner.end)
                continue
            }
            switch inner.tag {
            case .tr:
                rows.append([])
                cursor += 1
            case .td, .th:
                self.addCell(inner, at: cursor, to: &rows)
                cursor = Int(inner.end)
            case .caption:
                let text = self.collectLine(from: cursor, to: Int(inner.end))
                self.line = text
                self.captionDepth += 1
                self.flush()
                self.captionDepth -= 1
                cursor = Int(inner.end)
            default:
                cursor += 1
            }
        }
        self.write(rows: rows.filter { row in row.contains { !$0.isEmpty } })
    }

    private func addCell(_ cell: HTMLNode, at index: Int, to rows: inout [[[UInt8]]]) {
        if rows.isEmpty { rows.append([]) }
        let last = rows.count - 1
        rows[last].append(self.collectLine(from: index, to: Int(cell.end)))
        let span = cell.record >= 0 ? self.scanned.elements[Int(cell.record)].number : 0
        // A wide cell is written once; what it covers stays empty.
        if span > 1 {
            rows[last].append(contentsOf: repeatElement([], count: min(Int(span), 64) - 1))
        }
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

    // MARK: Code

    mutating func writeCode(_ node: HTMLNode, at index: Int) {
        let code = self.collectCode(from: index + 1, to: Int(node.end))
        guard !code.isEmpty else { return }
        let fence = codeFence(around: code)
        var markdown = fence
        markdown.append(contentsOf: self.codeLanguage(of: node))
        markdown.append(0x0A)
        markdown.append(contentsOf: code)
        markdown.append(0x0A)
        markdown.append(contentsOf: fence)
        if self.lists.isEmpty {
            self.appendBlock(.code, markdown, code)
        } else {
            self.writeItem(markdown: markdown, text: code)
        }
    }

    private func collectCode(from start: Int, to end: Int) -> [UInt8] {
        var code: [UInt8] = []
        var cursor = start
        while cursor < end {
            let node = self.arena.nodes[cursor]
            if node.isDropped {
                cursor = Int(node.end)
                continue
            }
            if node.tag == .text {
                let run = self.scanned.runs[Int(node.record)]
                code.append(contentsOf: self.scanned.text[Int(run.start)..<Int(run.end)])
            } else if node.tag.role == .box || node.tag == .p || node.tag == .li || node.tag == .tr,
                let last = code.last, last != 0x0A
            {
                code.append(0x0A)
            }
            cursor += 1
        }
        return trimmedLines(code)
    }

    /// The language named by the element or the two around it.
    private func codeLanguage(of node: HTMLNode) -> [UInt8] {
        var current = node
        for _ in 0..<3 {
            if current.record >= 0, current.tag != .text {
                let range = self.scanned.elements[Int(current.record)].codeLanguage
                if !range.isEmpty { return Self.languageName(self.source[range.range]) }
            }
            guard current.parent > 0 else { break }
            current = self.arena.nodes[Int(current.parent)]
        }
        return []
    }

    private static func languageName(_ name: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8] {
        let isWord: (UInt8) -> Bool = {
            isAlphanumeric($0) || $0 == 0x2B || $0 == 0x2D || $0 == 0x23 || $0 == 0x5F || $0 == 0x2E
        }
        guard name.allSatisfy(isWord) else { return [] }
        let lower = String(decoding: name, as: UTF8.self).lowercased()
        switch lower {
        case "default", "none", "text", "plain", "plaintext", "notranslate", "nohighlight",
            "output":
            return []
        case "python3", "py", "ipython3": return Array("python".utf8)
        default: return Array(lower.utf8)
        }
    }
}

/// Code without blank lines at its ends and blanks at its last.
private func trimmedLines(_ code: [UInt8]) -> [UInt8] {
    var end = code.count
    while end > 0, isHTMLBlank(code[end - 1]) { end -= 1 }
    var start = 0
    var cursor = 0
    while cursor < end, isHTMLBlank(code[cursor]) {
        cursor += 1
        if code[cursor - 1] == 0x0A { start = cursor }
    }
    return Array(code[start..<end])
}
