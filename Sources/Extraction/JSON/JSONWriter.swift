internal import Bytes
internal import Records

/// Writes a JSON tree as sections, lines and tables.
struct JSONWriter {
    private let document: JSONDocument
    private(set) var blocks = BlockWriter()

    /// Text of a single value that stands in a line or a cell; longer is a paragraph of its own.
    private static let lineByteLimit = 400
    private static let columnLimit = 64
    /// More figures in a row are measurements, not text.
    private static let figureCountLimit = 256

    init(_ document: JSONDocument) { self.document = document }

    private var tree: JSONTree { self.document.tree }

    mutating func writeRoot() {
        self.blocks.warn("damaged_records", count: self.tree.damagedCount)
        self.blocks.warn("data_left_out", count: self.dataCount)
        guard !self.tree.nodes.isEmpty else { return }
        if let title = self.rootTitle { self.blocks.setTitle(title) }
        self.write(0, path: [], level: 1)
    }

    /// A short string that the outermost object calls its title or name.
    private var rootTitle: String? {
        guard self.tree.nodes[0].kind == .object else { return nil }
        let members = self.document.members(of: 0).filter { self.tree.nodes[$0].kind == .string }
        for name in ["title", "name"] {
            guard let member = members.first(where: { self.document.key($0) == Array(name.utf8) })
            else {
                continue
            }
            let value = oneLine(self.document.text(member))
            if !value.isEmpty, value.count <= 200 { return String(decoding: value, as: UTF8.self) }
        }
        return nil
    }

    private mutating func write(_ index: Int, path: [UInt8], level: Int) {
        switch self.tree.nodes[index].kind {
        case .object: self.writeObject(index, path: path, level: level)
        case .array: self.writeArray(index, path: path, level: level)
        default: if let value = self.value(index) { self.blocks.paragraph(value) }
        }
    }

    /// The single values as lines, then the containers as sections.
    private mutating func writeObject(_ index: Int, path: [UInt8], level: Int) {
        var lines: [BlockWriter.Item] = []
        var containers: [(index: Int, key: [UInt8])] = []
        for member in self.document.members(of: index) {
            let key = self.document.key(member)
            guard let value = self.lineValue(member) else {
                containers.append((member, key))
                continue
            }
            guard !value.isEmpty else { continue }
            let labelled = key + [.colon, .space] + value
            if value.count <= Self.lineByteLimit, !value.contains(.lineFeed) {
                lines.append(BlockWriter.Item(text: labelled))
            } else {
                self.flush(&lines)
                self.blocks.paragraph(labelled)
            }
        }
        self.flush(&lines)
        for (member, key) in containers {
            self.writeSection(member, path: joinedPath(path, key), level: level)
        }
    }

    private mutating func flush(_ lines: inout [BlockWriter.Item]) {
        self.blocks.list(lines)
        lines.removeAll()
    }

    private mutating func writeSection(_ index: Int, path: [UInt8], level: Int) {
        guard self.tree.nodes[index].count > 0 else { return }
        self.blocks.heading(path, level: level)
        self.write(index, path: path, level: level + 1)
    }

    private mutating func writeArray(_ index: Int, path: [UInt8], level: Int) {
        let items = self.document.members(of: index)
        if let columns = self.columns(of: items) { return self.writeTable(items, columns) }
        var lines: [BlockWriter.Item] = []
        for (number, item) in items.enumerated() {
            if let value = self.lineValue(item) {
                if !value.isEmpty { lines.append(BlockWriter.Item(text: value)) }
            } else {
                self.flush(&lines)
                let path = joinedPath(path, Array("[\(number)]".utf8))
                self.writeSection(item, path: path, level: level)
            }
        }
        self.flush(&lines)
    }

    // MARK: Tables

    /// The keys of objects that are rows of a table, in the order they come; nil for other items.
    private func columns(of items: [Int]) -> [[UInt8]]? {
        guard items.count >= 2 else { return nil }
        var order: [[UInt8]] = []
        var known: Set<[UInt8]> = []
        var cellCount = 0
        for item in items {
            guard self.tree.nodes[item].kind == .object else { return nil }
            for member in self.document.members(of: item) {
                guard let value = self.lineValue(member), value.count <= Self.lineByteLimit else {
                    return nil
                }
                cellCount += 1
                let key = self.document.key(member)
                guard known.insert(key).inserted else { continue }
                order.append(key)
                guard order.count <= Self.columnLimit else { return nil }
            }
        }
        // Objects with little in common are no rows.
        return cellCount * 2 >= order.count * items.count && !order.isEmpty ? order : nil
    }

    private mutating func writeTable(_ items: [Int], _ columns: [[UInt8]]) {
        let places = Dictionary(
            uniqueKeysWithValues: columns.enumerated().map { ($0.element, $0.offset) }
        )
        var table = TableWriter(columns: columns.count)
        for name in columns { name.withUnsafeBufferPointer { table.add($0) } }
        table.endRow()
        for item in items {
            var row = [[UInt8]](repeating: [], count: columns.count)
            for member in self.document.members(of: item) {
                guard let place = places[self.document.key(member)] else { continue }
                row[place] = self.lineValue(member) ?? []
            }
            for cell in row { cell.withUnsafeBufferPointer { table.add($0) } }
            table.endRow()
        }
        self.blocks.table(table)
    }

    // MARK: Values

    /// What a single value says, or a short array of single values; nil for other containers.
    private func lineValue(_ index: Int) -> [UInt8]? {
        let node = self.tree.nodes[index]
        switch node.kind {
        case .object: return node.count == 0 ? [] : nil
        case .array: return self.joinedItems(of: index)
        default: return self.value(index) ?? []
        }
    }

    /// `a, b, c`; nil where an item is no single value, or all are more than a line.
    private func joinedItems(of index: Int) -> [UInt8]? {
        guard self.tree.nodes[index].count <= 64 else { return nil }
        var line: [UInt8] = []
        for item in self.document.members(of: index) {
            let kind = self.tree.nodes[item].kind
            guard kind != .object, kind != .array else { return nil }
            guard let value = self.value(item) else { continue }
            if !line.isEmpty { line += [.comma, .space] }
            line += value
            guard line.count <= Self.lineByteLimit, !value.contains(.lineFeed) else { return nil }
        }
        return line
    }

    /// Nil for null, and for data that says nothing to a reader.
    private func value(_ index: Int) -> [UInt8]? {
        let node = self.tree.nodes[index]
        switch node.kind {
        case .string:
            return isEncodedData(self.document.bytes(node.range)) ? nil : self.document.text(index)
        case .word: return self.document.text(index)
        case .figures: return self.isMeasured(node) ? nil : self.figures(node.range)
        default: return nil
        }
    }

    /// Whether an array of figures is so long that it is data.
    private func isMeasured(_ node: JSONTree.Node) -> Bool {
        self.document.bytes(node.range).count { $0 == .comma } >= Self.figureCountLimit
    }

    private func figures(_ range: Range<Int32>) -> [UInt8] {
        let groups = self.document.bytes(range)
            .split { $0 == .leftBracket || $0 == .rightBracket }
        let rows = groups.map { group in
            let figures = group.split { $0 == .comma || $0.isASCIISpace }
            return Array(figures.joined(separator: [.comma, .space]))
        }
        return Array(rows.filter { !$0.isEmpty }.joined(separator: [.semicolon, .space]))
    }

    /// Values that say nothing to a reader.
    private var dataCount: Int {
        self.tree.nodes.count { node in
            switch node.kind {
            case .string: isEncodedData(self.document.bytes(node.range))
            case .figures: self.isMeasured(node)
            default: false
            }
        }
    }
}

/// Whether a string is bytes in base64 or hexadecimal: long, and of one word.
private func isEncodedData(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count >= 512 else {
        return text.starts(with: "data:".utf8) && contains(";base64,", text)
    }
    return text.allSatisfy { $0.isASCIIAlphanumeric || "+/=-_:;,\\\n".utf8.contains($0) }
}

/// The path of a member; a long one is told by its end.
func joinedPath(_ path: [UInt8], _ step: [UInt8]) -> [UInt8] {
    let limit = 120
    let isItem = step.first == .leftBracket
    let whole = path.isEmpty || isItem ? path + step : path + [.fullStop] + step
    guard whole.count > limit else { return whole }
    return Array(whole.suffix(limit).drop { $0 & 0xC0 == 0x80 })
}
