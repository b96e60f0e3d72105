internal import Bytes
internal import Formats
internal import Records

/// Writes XML that is data: leaves as lines, like elements as the rows of a table, others as sections.
struct XMLDataWriter {
    private let tree: XMLTree
    private(set) var blocks = BlockWriter()
    private var lines: [BlockWriter.Item] = []

    private static let lineByteLimit = 400
    private static let columnLimit = 64

    init(_ tree: XMLTree) { self.tree = tree }

    mutating func writeRoot() {
        if let title = self.firstTitle { self.blocks.setTitle(title) }
        self.writeContents(of: 0, path: [], level: 1)
    }

    /// The first leaf called `title` or `name`, near the root.
    private var firstTitle: String? {
        var candidates = self.tree.elements(of: 0)
        candidates += candidates.prefix(8).flatMap(self.tree.elements(of:))
        let title = candidates.first {
            ["title", "name"].contains(self.tree.nodes[$0].name.lowercased())
                && self.tree.nodes[$0].elementCount == 0
        }
        let text = title.map(self.tree.text(of:)) ?? []
        return text.isEmpty || text.count > 200 ? nil : String(decoding: text, as: UTF8.self)
    }

    private mutating func writeContents(of index: Int, path: [UInt8], level: Int) {
        for attribute in self.tree.nodes[index].attributes {
            self.add(attribute.name, oneLine(attribute.value))
        }
        if self.tree.nodes[index].hasText { self.addText(nil, self.tree.rawText(of: index)) }
        let children = self.tree.elements(of: index)
        var next = 0
        var isBehindSection = false
        while next < children.count {
            let run = self.run(of: children[next...])
            if run.count == 1, self.isLeaf(children[next]) {
                if isBehindSection, self.lines.isEmpty, !path.isEmpty {
                    self.blocks.heading(path, level: level - 1)
                }
                isBehindSection = false
                self.addText(
                    self.tree.nodes[children[next]].name,
                    self.tree.rawText(of: children[next])
                )
            } else {
                self.flush()
                self.writeSections(run, path: path, level: level)
                isBehindSection = true
            }
            next += run.count
        }
        self.flush()
    }

    private func isLeaf(_ index: Int) -> Bool {
        self.tree.nodes[index].elementCount == 0 && self.tree.nodes[index].attributes.isEmpty
    }

    /// The elements of one name that follow each other; leaves of one name are lines of their own.
    private func run(of elements: ArraySlice<Int>) -> ArraySlice<Int> {
        guard let first = elements.first, !self.isLeaf(first) else { return elements.prefix(1) }
        let name = self.tree.nodes[first].name
        return elements.prefix { self.tree.nodes[$0].name == name && !self.isLeaf($0) }
    }

    private mutating func writeSections(_ run: ArraySlice<Int>, path: [UInt8], level: Int) {
        guard let first = run.first else { return }
        let path = joinedPath(path, Array(self.tree.nodes[first].name.utf8))
        if run.count > 1, let table = self.table(of: run) {
            self.blocks.heading(path, level: level)
            return self.blocks.table(table)
        }
        for (number, index) in run.enumerated() {
            let step = run.count > 1 ? Array("[\(number)]".utf8) : []
            let own = step.isEmpty ? path : joinedPath(path, step)
            self.blocks.heading(own, level: level)
            self.writeContents(of: index, path: own, level: level + 1)
        }
    }

    // MARK: Lines

    private mutating func add(_ name: String, _ value: [UInt8]) {
        guard !value.isEmpty else { return }
        self.lines.append(BlockWriter.Item(text: Array("\(name): ".utf8) + value))
    }

    private mutating func addText(_ name: String?, _ raw: [UInt8]) {
        let page = pageInside(raw)
        let text = page.map(\.text) ?? raw
        let line = oneLine(text)
        if line.count <= Self.lineByteLimit {
            if let name { return self.add(name, line) }
            if !line.isEmpty { self.lines.append(BlockWriter.Item(text: line)) }
            return
        }
        self.flush()
        if let page {
            if let name { self.blocks.paragraph(Array("\(name):".utf8)) }
            return self.blocks.embed(page)
        }
        self.blocks.paragraph(Array((name.map { "\($0): " } ?? "").utf8) + trimmedBytes(text))
    }

    private mutating func flush() {
        self.blocks.list(self.lines)
        self.lines.removeAll()
    }

    // MARK: Tables

    /// A table of elements that hold single values; nil where one holds more.
    private func table(of run: ArraySlice<Int>) -> TableWriter? {
        var order: [String] = []
        var places: [String: Int] = [:]
        var rows: [[String: [UInt8]]] = []
        var cellCount = 0
        for index in run {
            var cells: [String: [UInt8]] = [:]
            var names: [String] = []
            guard self.collect(index, prefix: "", into: &cells, &names) else { return nil }
            for name in names where places[name] == nil {
                places[name] = order.count
                order.append(name)
            }
            guard order.count <= Self.columnLimit else { return nil }
            cellCount += cells.count
            rows.append(cells)
        }
        guard cellCount * 2 >= order.count * rows.count, !order.isEmpty else { return nil }
        let head = order.map { Array($0.utf8) }
        return TableWriter(rows: [head] + rows.map { row in order.map { row[$0] ?? [] } })
    }

    /// The values in an element by their names; false where they are too long or nested too often.
    private func collect(
        _ index: Int,
        prefix: String,
        into cells: inout [String: [UInt8]],
        _ names: inout [String]
    ) -> Bool {
        func add(_ name: String, _ value: [UInt8]) -> Bool {
            guard names.count < Self.columnLimit, value.count <= Self.lineByteLimit else {
                return false
            }
            if let known = cells[name] {
                cells[name] = known + [.semicolon, .space] + value
                return known.count <= Self.lineByteLimit
            }
            names.append(name)
            cells[name] = value
            return true
        }
        let node = self.tree.nodes[index]
        for attribute in node.attributes {
            guard add(prefix + attribute.name, oneLine(attribute.value)) else { return false }
        }
        if node.hasText {
            let name = prefix.isEmpty ? node.name : String(prefix.dropLast())
            let raw = self.tree.rawText(of: index)
            return add(name, oneLine(pageInside(raw)?.text ?? raw))
        }
        var containers: Set<String> = []
        for child in self.tree.elements(of: index) {
            let inner = self.tree.nodes[child]
            // Two containers of one name in a row would mix their values.
            if !self.isLeaf(child), !containers.insert(inner.name).inserted { return false }
            guard prefix.utf8.count < 120,
                self.collect(child, prefix: prefix + inner.name + ".", into: &cells, &names)
            else { return false }
        }
        return true
    }
}

/// A page that a value holds as text, read as a page; nil for other values.
private func pageInside(_ text: [UInt8]) -> ExtractedContent? {
    let holdsElements = text.withUnsafeBufferPointer { bytes in
        pageMarks.contains { contains($0, bytes) }
    }
    guard holdsElements else { return nil }
    var options = HTMLOptions()
    options.content = .all
    return try? extractHTML(text, options: options)
}

private let pageMarks: [StaticString] = [
    "</p>", "</a>", "</div>", "</b>", "<br", "</li>", "</h2>", "<p>", "</span>", "</strong>",
]
