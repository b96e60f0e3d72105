internal import Bytes
internal import Records

/// Reads reStructuredText: sections, lists, tables, literal blocks, directives and prose.
///
/// Comments, targets, substitutions, and directives that make contents of other text are left out.
///
/// - Source: docutils, "reStructuredText Markup Specification" and "Directives".
struct RSTReader {
    private var lines: MarkupLines
    private(set) var blocks: BlockWriter
    /// The adornments of titles in the order they came: the first is of level 1.
    private var adornments: [String]
    private let depth: Int
    /// A simple table without an end was met: no table behind it has one.
    private var hasUnclosedTable = false

    private static let depthLimit = 16

    init(_ source: UnsafeBufferPointer<UInt8>) {
        self.init(source, BlockWriter(), adornments: [], depth: 0)
    }

    private init(
        _ source: UnsafeBufferPointer<UInt8>,
        _ blocks: BlockWriter,
        adornments: [String],
        depth: Int
    ) {
        self.lines = MarkupLines(source)
        self.blocks = blocks
        self.adornments = adornments
        self.depth = depth
    }

    mutating func read() {
        while true {
            self.lines.skipBlanks()
            guard !self.lines.isAtEnd else { return }
            self.readBlock()
        }
    }

    /// Reads the body of a directive or a quote as blocks of this document.
    private mutating func readNested(_ body: [UInt8]) {
        guard self.depth < Self.depthLimit else { return self.blocks.paragraph(body) }
        body.withUnsafeBufferPointer { source in
            var inner = RSTReader(
                source,
                self.blocks,
                adornments: self.adornments,
                depth: self.depth + 1
            )
            inner.read()
            self.blocks = inner.blocks
        }
    }

    private mutating func readBlock() {
        let line = self.lines.current
        if self.readTitle() { return }
        if isRuler(line, of: Self.adornmentSigns, atLeast: 4), !line.contains(.equalsSign) {
            self.lines.index += 1
        } else if line.starts(with: ".. ".utf8) || line == Array("..".utf8) {
            self.readExplicit(line)
        } else if line.starts(with: "+-".utf8) || line.starts(with: "+=".utf8) {
            self.readGridTable()
        } else if self.isSimpleRule(line), !self.hasUnclosedTable {
            self.readSimpleTable()
        } else if line.starts(with: ">>>".utf8) {
            self.blocks.code(self.lines.take(through: \.isEmpty), language: "python")
        } else if Self.itemMark(line) != nil {
            self.readList()
        } else if line.first == .colon, let field = Self.field(line) {
            self.readField(field)
        } else if line.starts(with: "| ".utf8) {
            let body = self.lines.take(through: \.isEmpty).split(separator: .lineFeed)
            let text = body.map { $0.drop { $0 == .verticalBar || $0 == .space } }
            self.blocks.paragraph(self.plain(Array(text.joined(separator: [.lineFeed]))))
        } else if self.lines.indent(self.lines.index) > 0 {
            let body = self.lines.takeIndented(beyond: 0)
            self.blocks.quote(self.plain(body))
        } else {
            self.readParagraph()
        }
    }

    private static let adornmentSigns = "=-`:.'\"~^_*+#<>!$%&(),/;?@[\\]{|}"

    // MARK: Titles

    /// A line over a ruler as long, or between two of them.
    private mutating func readTitle() -> Bool {
        let first = self.lines.index
        func ruler(_ index: Int, over text: Int) -> UInt8? {
            let line = self.lines.text(index)
            let width = String(decoding: self.lines.text(text), as: UTF8.self).unicodeScalars.count
            let isRule = isRuler(line, of: Self.adornmentSigns, atLeast: min(width, 4))
            return isRule && width > 0 && line.count >= 2 ? line[0] : nil
        }
        if self.lines.indent(first) == 0, !self.lines.isBlank(first + 1),
            let over = ruler(first, over: first + 1), let under = ruler(first + 2, over: first + 1),
            over == under, self.lines.text(first).count == self.lines.text(first + 2).count
        {
            self.writeTitle(self.lines.text(first + 1), "over \(over)")
            self.lines.index += 3
            return true
        }
        guard self.lines.indent(first) == 0, let under = ruler(first + 1, over: first),
            self.lines.indent(first + 1) == 0,
            !isRuler(self.lines.text(first), of: Self.adornmentSigns, atLeast: 4)
        else { return false }
        self.writeTitle(self.lines.text(first), "\(under)")
        self.lines.index += 2
        return true
    }

    private mutating func writeTitle(_ title: [UInt8], _ adornment: String) {
        if !self.adornments.contains(adornment) { self.adornments.append(adornment) }
        let level = self.adornments.firstIndex(of: adornment).map { $0 + 1 } ?? 1
        self.blocks.heading(self.plain(title), level: level)
    }

    // MARK: Explicit markup

    private mutating func readExplicit(_ line: [UInt8]) {
        self.lines.index += 1
        let head = Array(line.dropFirst(3))
        if let (name, argument) = Self.directive(head) {
            let body = self.lines.takeIndented(beyond: 0)
            return self.writeDirective(name, argument, body)
        }
        if head.first == .leftBracket, let close = head.firstIndex(of: .rightBracket) {
            let text = head[(close + 1)...] + [.space] + self.lines.takeIndented(beyond: 0)
            let label = head[1..<close].filter { $0 != .numberSign && $0 != .asterisk }
            return self.blocks.note(
                self.plain(Array(text)),
                label: label.isEmpty ? Array("note".utf8) : label
            )
        }
        // A comment, a target or a substitution.
        _ = self.lines.takeIndented(beyond: 0)
    }

    /// `name:: argument`.
    private static func directive(_ head: [UInt8]) -> (name: String, argument: [UInt8])? {
        guard let colons = head.firstRange(of: Array("::".utf8)), colons.lowerBound > 0,
            head[..<colons.lowerBound]
                .allSatisfy({ $0.isASCIIAlphanumeric || "-_:.+".utf8.contains($0) })
        else { return nil }
        let name = String(decoding: head[..<colons.lowerBound], as: UTF8.self).lowercased()
        return (name, trimmedBytes(Array(head[colons.upperBound...])))
    }

    private mutating func writeDirective(_ name: String, _ argument: [UInt8], _ body: [UInt8]) {
        let (options, content) = Self.parts(of: body)
        switch name {
        case "code", "code-block", "sourcecode", "highlight", "parsed-literal", "math",
            "prompt", "doctest", "testcode":
            let isWord = argument.allSatisfy { $0.isASCIIAlphanumeric || "+#-".utf8.contains($0) }
            let language = String(decoding: isWord ? argument : [], as: UTF8.self)
            let code =
                name == "math" && !argument.isEmpty ? argument + [.lineFeed] + content : content
            self.blocks.code(code, language: name == "math" ? "" : language)
        case "contents", "toctree", "include", "raw", "index", "sectnum", "default-role", "meta",
            "role", "tabularcolumns", "currentmodule", "module", "literalinclude", "automodule":
            break
        case "image": self.blocks.paragraph(self.plain(options["alt"] ?? []), kind: .caption)
        case "figure": self.blocks.paragraph(self.plain(content), kind: .caption)
        case "csv-table":
            self.blocks.paragraph(self.plain(argument), kind: .caption)
            let head = options["header"].map { $0 + [.lineFeed] } ?? []
            if let table = try? extractDelimited(head + content) { self.blocks.embed(table) }
        case "list-table":
            self.blocks.paragraph(self.plain(argument), kind: .caption)
            self.writeListTable(content)
        case "table":
            self.blocks.paragraph(self.plain(argument), kind: .caption)
            self.readNested(content)
        default:
            if !argument.isEmpty { self.blocks.paragraph(self.plain(argument)) }
            self.readNested(content)
        }
    }

    /// A directive's options, and what follows them.
    private static func parts(of body: [UInt8]) -> (options: [String: [UInt8]], content: [UInt8]) {
        var options: [String: [UInt8]] = [:]
        var lines = body.split(separator: .lineFeed, omittingEmptySubsequences: false)[...]
        while let line = lines.first, let field = field(Array(line)) {
            options[String(decoding: field.name, as: UTF8.self)] = field.value
            lines = lines.dropFirst()
        }
        return (options, Array(lines.joined(separator: [.lineFeed])))
    }

    /// Items of items: a row each, and its cells.
    private mutating func writeListTable(_ content: [UInt8]) {
        var rows: [[[UInt8]]] = []
        for line in content.split(separator: .lineFeed) {
            var text = trimmedBytes(Array(line))
            if text.starts(with: "* - ".utf8) || text == Array("* -".utf8) {
                rows.append([])
                text.removeFirst(2)
            }
            guard let last = rows.indices.last else { continue }
            if text.first == .hyphen, text.count == 1 || text[1] == .space {
                rows[last].append(trimmedBytes(Array(text.dropFirst())))
            } else if let cell = rows[last].indices.last {
                rows[last][cell] += [.space] + text
            }
        }
        self.blocks.table(TableWriter(rows: rows.map { $0.map(self.plain) }))
    }

    // MARK: Lists, fields and paragraphs

    private static func itemMark(_ line: [UInt8]) -> (number: Int?, width: Int)? {
        if line.starts(with: "#. ".utf8) { return (1, 3) }
        return listMark(line, bullets: "-*+")
    }

    private mutating func readList() {
        var items: [BlockWriter.Item] = []
        var indents: [Int] = []
        while !self.lines.isAtEnd {
            let line = self.lines.current
            let indent = self.lines.indent(self.lines.index)
            if line.isEmpty {
                guard self.goesOn(indents.first ?? 0) else { break }
                self.lines.skipBlanks()
                continue
            } else if let mark = Self.itemMark(line) {
                if indent < indents.first ?? 0 { break }
                while let last = indents.last, last >= indent { indents.removeLast() }
                indents.append(indent)
                let number = line.first == .numberSign ? items.count + 1 : mark.number
                let text = Array(line.dropFirst(mark.width))
                items.append(BlockWriter.Item(level: indents.count - 1, number: number, text: text))
            } else if indent > (indents.first ?? 0), let last = items.indices.last {
                items[last].text = withoutCodeSign(items[last].text) + [.lineFeed] + line
            } else {
                break
            }
            self.lines.index += 1
        }
        self.blocks.list(
            items.map { item in
                var item = item
                item.text = self.plain(item.text)
                return item
            }
        )
    }

    /// Whether the list goes on behind blank lines.
    private func goesOn(_ indent: Int) -> Bool {
        var next = self.lines.index
        while next < self.lines.count, self.lines.isBlank(next) { next += 1 }
        guard next < self.lines.count else { return false }
        return self.lines.indent(next) > indent
            || self.lines.indent(next) == indent && Self.itemMark(self.lines.text(next)) != nil
    }

    /// `:name: value`.
    private static func field(_ line: [UInt8]) -> (name: [UInt8], value: [UInt8])? {
        let line = trimmedBytes(line)
        guard line.first == .colon,
            let close = line.dropFirst().firstIndex(of: .colon), close > 1,
            close + 1 == line.count || line[close + 1].isASCIIBlank
        else { return nil }
        return (Array(line[1..<close]), trimmedBytes(Array(line[(close + 1)...])))
    }

    private mutating func readField(_ field: (name: [UInt8], value: [UInt8])) {
        self.lines.index += 1
        let more = self.lines.takeIndented(beyond: 0)
        let value = self.plain(field.value + (more.isEmpty ? [] : [.space] + oneLine(more)))
        let text = String(decoding: value, as: UTF8.self)
        switch String(decoding: field.name, as: UTF8.self).lowercased() {
        case "author", "authors": self.blocks.setMetadata("author", text)
        case "date": self.blocks.setMetadata("published", isoDate(text))
        case "title": self.blocks.setTitle(text)
        default: self.blocks.paragraph(field.name + [.colon, .space] + value)
        }
    }

    private mutating func readParagraph() {
        var taken: [[UInt8]] = []
        let start = self.lines.index
        while !self.lines.isAtEnd, !self.lines.isBlank(self.lines.index) {
            // A term is followed by what it means, deeper.
            if self.lines.indent(self.lines.index) > 0, self.lines.index > start { break }
            taken.append(self.lines.current)
            self.lines.index += 1
        }
        let isDefinition =
            taken.count == 1 && self.lines.indent(self.lines.index) > 0
            && !self.lines.isBlank(self.lines.index)
        var text = Array(taken.joined(separator: [.lineFeed]))
        let announcesCode = text.reversed().starts(with: "::".utf8)
        if announcesCode { text = withoutCodeSign(text) }
        if isDefinition {
            let meaning = self.plain(self.lines.takeIndented(beyond: 0))
            let term = self.plain(text)
            return self.blocks.paragraph(term + Array("\n: ".utf8) + meaning, kind: .definitions)
        }
        self.blocks.paragraph(self.plain(text))
        if announcesCode {
            self.lines.skipBlanks()
            self.blocks.code(self.lines.takeIndented(beyond: 0))
        }
    }

    // MARK: Tables

    private func isSimpleRule(_ line: [UInt8]) -> Bool {
        let groups = line.split(separator: .space)
        return groups.count > 1
            && groups.allSatisfy { $0.count > 1 && $0.allSatisfy { $0 == .equalsSign } }
    }

    /// A table between rules of `===`, which tell its columns.
    private mutating func readSimpleTable() {
        let rule = self.lines.whole(self.lines.index)
        var starts: [Int] = []
        for index in rule.indices
        where rule[index] == .equalsSign && (index == 0 || rule[index - 1] != .equalsSign) {
            starts.append(index)
        }
        var rows: [[[UInt8]]] = []
        var next = self.lines.index + 1
        var end: Int?
        while next < self.lines.count, end == nil {
            let line = self.lines.whole(next)
            if self.isSimpleRule(trimmedBytes(line)) {
                if self.lines.isBlank(next + 1) { end = next + 1 }
            } else if !line.isEmpty, !isRuler(trimmedBytes(line), of: "-", atLeast: 4) {
                let cells = cut(line, at: starts)
                if cells[0].isEmpty, !rows.isEmpty {
                    rows[rows.count - 1] = joined(rows[rows.count - 1], cells)
                } else {
                    rows.append(cells)
                }
            }
            next += 1
        }
        self.lines.index = end ?? self.lines.index + 1
        guard end != nil else {
            self.hasUnclosedTable = true
            return
        }
        self.blocks.table(TableWriter(rows: rows.map { $0.map(self.plain) }))
    }

    /// A table drawn with `+---+` and bars; cells that span others keep their first column.
    private mutating func readGridTable() {
        var rows: [[[UInt8]]] = []
        var isNewRow = true
        while !self.lines.isAtEnd, let first = self.lines.current.first,
            first == .plusSign || first == .verticalBar
        {
            let line = self.lines.current
            self.lines.index += 1
            if first == .plusSign, line.allSatisfy({ "+-=".utf8.contains($0) }) {
                isNewRow = true
                continue
            }
            let cells = line.split(separator: .verticalBar, omittingEmptySubsequences: false)
                .dropFirst().dropLast()
                .map { trimmedBytes(Array($0)) }
            if isNewRow || rows.isEmpty || rows[rows.count - 1].count != cells.count {
                rows.append(cells)
            } else {
                rows[rows.count - 1] = joined(rows[rows.count - 1], cells)
            }
            isNewRow = false
        }
        self.blocks.table(TableWriter(rows: rows.map { $0.map(self.plain) }))
    }

    // MARK: Inline markup

    private static let marks = [
        InlineMark("``", isVerbatim: true), InlineMark("**"), InlineMark("*"), InlineMark("`"),
        InlineMark("|"),
    ]

    private func plain(_ text: [UInt8]) -> [UInt8] {
        withoutMarks(withoutRSTReferences(text), Self.marks)
    }
}

/// `Text::` as `Text:`, and `::` alone as nothing.
private func withoutCodeSign(_ text: [UInt8]) -> [UInt8] {
    guard text.reversed().starts(with: "::".utf8) else { return text }
    return Array(text.dropLast(text.count > 2 && text[text.count - 3] > .space ? 1 : 2))
}

/// The parts of a line that begin at these columns, in characters.
private func cut(_ line: [UInt8], at starts: [Int]) -> [[UInt8]] {
    let columns = line.indices.filter { line[$0] & 0xC0 != 0x80 } + [line.count]
    func place(_ column: Int) -> Int { columns[min(column, columns.count - 1)] }
    return starts.indices.map { number in
        let end = number + 1 < starts.count ? place(starts[number + 1]) : line.count
        return trimmedBytes(Array(line[place(starts[number])..<end]))
    }
}

/// Cells with those of the line below, which go on with them.
private func joined(_ cells: [[UInt8]], _ more: [[UInt8]]) -> [[UInt8]] {
    zip(cells, more).map { $1.isEmpty ? $0 : $0 + [.space] + $1 }
}
