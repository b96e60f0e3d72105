import Records

/// Lists and definition lists: each outermost one is a block.
extension MarkdownWriter {
    mutating func openList(_ node: HTMLNode, at index: Int) {
        // A list whose items have headings or tables lays out the page; its items are sections.
        let holds = self.statistics[index].holds
        let isStructured =
            self.lists.isEmpty == false || holds.isDisjoint(with: [.heading, .table])
        if isStructured {
            if self.lists.isEmpty { self.listKind = .list }
            let isOrdered = node.tag == .ol
            let start = node.record >= 0 ? self.scanned.elements[Int(node.record)].number : 0
            self.lists.append(ListLevel(number: isOrdered ? max(1, Int(start)) : -1))
        }
        self.push(node, isStructured: isStructured)
    }

    /// A definition list with short definitions is one block; one whose definitions hold code,
    /// lists or tables, as in API references, is its terms as blocks with the rest between.
    mutating func openDefinitions(_ node: HTMLNode, at index: Int) {
        let complex: NodeStatistics.Holds = [.heading, .table, .code, .list, .definitions]
        let isStructured =
            self.lists.isEmpty == false
            || (self.statistics[index].holds.isDisjoint(with: complex)
                && self.statistics[index].textBytes < 4_000)
        if isStructured {
            if self.lists.isEmpty { self.listKind = .definitions }
            self.lists.append(ListLevel(number: -1))
        }
        self.push(node, isStructured: isStructured)
    }

    mutating func openItem(_ node: HTMLNode, at index: Int) {
        if self.lists.isEmpty {
            if node.tag == .dt { self.termDepth += 1 }
            self.push(node, isStructured: node.tag == .dt)
            return
        }
        let last = self.lists.count - 1
        self.lists[last].markerIsPending = true
        self.lists[last].note =
            node.signals.contains(.note) ? self.footnotes.numbersOfNotes[index] ?? 0 : 0
        switch node.tag {
        case .dt: self.lists[last].markerWidth = 0
        default:
            let number = self.lists[last].number
            self.lists[last].markerWidth = number < 0 ? 2 : decimalWidth(number) + 2
            if self.lists[last].note > 0 { self.lists[last].markerWidth = 4 }
        }
        self.push(node, isStructured: false)
    }

    mutating func closeList() {
        self.lists.removeLast()
        guard self.lists.isEmpty else { return }
        self.appendBlock(self.listKind, self.listMarkdown, self.listText)
        self.listMarkdown.removeAll(keepingCapacity: true)
        self.listText.removeAll(keepingCapacity: true)
    }

    mutating func writeItemLine() {
        self.writeItem(markdown: self.markedLine(), text: self.line)
    }

    /// Adds lines to the list being written, under the current item's marker and indentation.
    mutating func writeItem(markdown: [UInt8], text: [UInt8]) {
        guard let level = self.lists.last else { return }
        var indent = 0
        for outer in self.lists.dropLast() { indent += outer.markerWidth }
        var first = [UInt8](repeating: 0x20, count: min(indent, 64))
        var rest = first
        rest.append(contentsOf: repeatElement(0x20, count: level.markerWidth))
        if level.markerIsPending, level.markerWidth > 0 {
            first.append(contentsOf: self.takeMarker())
        } else if level.markerWidth > 0 {
            first = rest
        }
        self.lists[self.lists.count - 1].markerIsPending = false
        if !self.listMarkdown.isEmpty {
            self.listMarkdown.append(0x0A)
            self.listText.append(0x0A)
        }
        self.listMarkdown.append(contentsOf: indented(markdown, by: rest, first: first))
        self.listText.append(contentsOf: text)
    }

    private mutating func takeMarker() -> [UInt8] {
        let last = self.lists.count - 1
        let number = self.lists[last].number
        let note = self.lists[last].note
        if note > 0 {
            self.lists[last].note = 0
            if number >= 0 { self.lists[last].number += 1 }
            return noteMark(note) + [0x3A, 0x20]
        }
        if number < 0 {
            return self.listKind == .definitions && last == 0 ? [0x3A, 0x20] : [0x2D, 0x20]
        }
        self.lists[last].number += 1
        var marker: [UInt8] = []
        appendDecimal(number, to: &marker)
        marker.append(contentsOf: [0x2E, 0x20])
        return marker
    }
}

private func decimalWidth(_ number: Int) -> Int {
    var width = 1
    var rest = number / 10
    while rest > 0 {
        width += 1
        rest /= 10
    }
    return width
}
