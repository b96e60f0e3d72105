internal import Bytes
internal import Records

/// Reads AsciiDoc: sections, lists, tables, delimited blocks and prose.
///
/// Comments, attributes, inclusions and pass-through blocks are left out.
///
/// - Source: the AsciiDoc Language documentation of the Eclipse AsciiDoc project.
struct AsciiDocReader {
    private var lines: MarkupLines
    private(set) var blocks = BlockWriter()
    private var attributes: [String: [UInt8]] = [:]
    /// What a `[source,ruby]` says of the block behind it.
    private var style: [UInt8] = []

    init(_ source: UnsafeBufferPointer<UInt8>) { self.lines = MarkupLines(source) }

    mutating func read() {
        while true {
            self.lines.skipBlanks()
            guard !self.lines.isAtEnd else { return }
            self.readBlock()
        }
    }

    private mutating func readBlock() {
        let line = self.lines.current
        if let level = Self.headingLevel(line) {
            self.readHeading(line, level: level)
        } else if line.starts(with: "//".utf8), !line.starts(with: "////".utf8) {
            self.lines.index += 1
        } else if let attribute = Self.attribute(line) {
            self.lines.index += 1
            // A value is a word or a line; a long one, named often, would be a bomb.
            if attribute.value.count <= 500 { self.attributes[attribute.name] = attribute.value }
        } else if line.first == .leftBracket, line.last == .rightBracket {
            self.lines.index += 1
            if line.dropFirst().first != .leftBracket {
                self.style = Array(line[1..<(line.count - 1)])
            }
        } else if line.first == .fullStop, line.count > 1, line[1] > .space, line[1] != .fullStop {
            self.lines.index += 1
            self.blocks.paragraph(self.plain(Array(line.dropFirst())), kind: .caption)
        } else if line.starts(with: "|===".utf8) || line.starts(with: ",===".utf8) {
            self.readTable(line)
        } else if isRuler(line, of: "-.=*_+/", atLeast: 4) || line == Array("--".utf8) {
            self.readDelimited(line)
        } else if line.starts(with: "```".utf8) {
            self.lines.index += 1
            let code = self.lines.take { $0.elementsEqual("```".utf8) }
            self.blocks.code(code, language: String(decoding: line.dropFirst(3), as: UTF8.self))
        } else if let macro = Self.blockMacro(line) {
            self.lines.index += 1
            if macro.name.elementsEqual("image".utf8) {
                self.blocks.paragraph(self.plain(macro.text), kind: .caption)
            }
        } else if Self.itemMark(line) != nil || Self.term(line) != nil {
            self.readList()
        } else if self.lines.indent(self.lines.index) > 0 {
            self.blocks.code(self.lines.takeIndented(beyond: 0))
        } else {
            self.readParagraph()
        }
    }

    private static func headingLevel(_ line: [UInt8]) -> Int? {
        guard let sign = line.first, sign == .equalsSign || sign == .numberSign else { return nil }
        let marks = line.prefix { $0 == sign }.count
        return marks <= 6 && line.count > marks && line[marks] == .space ? marks : nil
    }

    private mutating func readHeading(_ line: [UInt8], level: Int) {
        self.lines.index += 1
        self.blocks.heading(self.plain(Array(line.dropFirst(level + 1))), level: level)
        guard level == 1, self.blocks.content.blocks.count == 1 else { return }
        // The lines right under a document's title name its author and its revision.
        if let author = self.takeHeaderLine() {
            let name = author.prefix { $0 != .lessThan }
            self.blocks.setMetadata("author", String(decoding: oneLine(name), as: UTF8.self))
            if let revision = self.takeHeaderLine() {
                self.blocks.setMetadata("published", isoDate(lastPart(of: revision)))
            }
        }
    }

    private mutating func takeHeaderLine() -> [UInt8]? {
        let line = self.lines.current
        guard let first = line.first, first.isASCIIAlphanumeric || first >= 0x80 else { return nil }
        self.lines.index += 1
        return line
    }

    /// `:name: value`.
    private static func attribute(_ line: [UInt8]) -> (name: String, value: [UInt8])? {
        guard line.first == .colon, let close = line.dropFirst().firstIndex(of: .colon), close > 1,
            close + 1 == line.count || line[close + 1] == .space,
            line[1..<close].allSatisfy({ $0.isASCIIAlphanumeric || "-_!".utf8.contains($0) })
        else { return nil }
        let value = trimmedBytes(Array(line[(close + 1)...]))
        return (String(decoding: line[1..<close], as: UTF8.self).lowercased(), value)
    }

    /// `image::target[text]`, `include::target[]`, `toc::[]`.
    private static func blockMacro(
        _ line: [UInt8]
    ) -> (name: ArraySlice<UInt8>, text: [UInt8])? {
        guard line.last == .rightBracket, let colons = line.firstRange(of: Array("::".utf8)),
            let open = line.firstIndex(of: .leftBracket), colons.lowerBound > 0,
            colons.upperBound <= open, line[..<colons.lowerBound].allSatisfy(\.isASCIILetter)
        else { return nil }
        let text = line[(open + 1)..<(line.count - 1)].prefix { $0 != .comma }
        return (line[..<colons.lowerBound], Array(text).filter { $0 != .quotationMark })
    }

    // MARK: Delimited blocks

    private mutating func readDelimited(_ delimiter: [UInt8]) {
        self.lines.index += 1
        let style = self.takeStyle()
        let words = style.split(separator: .comma).map { String(decoding: $0, as: UTF8.self) }
        switch delimiter[0] {
        case .slash, .plusSign: _ = self.lines.take { $0 == delimiter }
        case .hyphen where delimiter.count >= 4, .fullStop:
            let isSource = words.first.map { $0.isEmpty || $0.hasPrefix("source") } ?? false
            let language = isSource && words.count > 1 ? words[1].filter { $0 != " " } : ""
            self.blocks.code(self.lines.take { $0 == delimiter }, language: language)
        case .underscore:
            self.blocks.quote(self.plain(self.lines.take { $0 == delimiter }))
        // What examples and sidebars enclose is text like any other.
        default: break
        }
    }

    private mutating func takeStyle() -> [UInt8] {
        defer { self.style = [] }
        return self.style
    }

    // MARK: Tables

    /// Cells begin with bars; a row is a line, or as many cells as the first line or `cols` has.
    private mutating func readTable(_ delimiter: [UInt8]) {
        self.lines.index += 1
        let columns = Self.columnCount(self.takeStyle())
        var lines = self.lines.take { $0 == delimiter }
            .split(separator: .lineFeed, omittingEmptySubsequences: false)[...]
        if delimiter.first == .comma {
            if let table = try? extractDelimited(Array(lines.joined(separator: [.lineFeed]))) {
                self.blocks.embed(table)
            }
            return
        }
        var cells: [[UInt8]] = []
        var width = columns
        while let line = lines.popFirst() {
            let text = trimmedBytes(Array(line))
            let parts = barParts(text)
            if let tail = parts.first, !tail.isEmpty, !cells.isEmpty {
                cells[cells.count - 1] += [.space] + tail
            }
            cells += parts.dropFirst()
            if width == nil, parts.count > 1 { width = parts.count - 1 }
        }
        let step = max(1, width ?? 1)
        let rows = stride(from: 0, to: cells.count, by: step).map { start in
            cells[start..<min(start + step, cells.count)].map { self.plain(trimmedBytes($0)) }
        }
        self.blocks.table(TableWriter(rows: rows))
    }

    /// The number of columns that `cols="1,2,2"` or `cols=3*` names.
    private static func columnCount(_ style: [UInt8]) -> Int? {
        guard let range = style.firstRange(of: Array("cols=".utf8)) else { return nil }
        var rest = style[range.upperBound...]
        if rest.first == .quotationMark {
            rest = rest.dropFirst().prefix { $0 != .quotationMark }
        } else {
            rest = rest.prefix { $0 != .comma }
        }
        let parts = rest.split { $0 == .comma || $0 == .semicolon }
        let count = parts.reduce(0) { sum, part in
            guard let star = part.firstIndex(of: .asterisk) else { return sum + 1 }
            return sum + (Int(String(decoding: part[..<star], as: UTF8.self)) ?? 1)
        }
        return (1...256).contains(count) ? count : nil
    }

    // MARK: Lists and paragraphs

    /// The level of an item's mark, whether it is numbered, and the mark's width.
    private static func itemMark(
        _ line: [UInt8]
    ) -> (level: Int, isNumbered: Bool, width: Int)? {
        if let sign = line.first, sign == .asterisk || sign == .fullStop || sign == .hyphen {
            let marks = line.prefix { $0 == sign }.count
            guard marks <= 6, line.count > marks, line[marks] == .space,
                sign != .hyphen || marks == 1
            else { return nil }
            return (marks, sign == .fullStop, marks + 1)
        }
        return listMark(line, bullets: "").map { (1, true, $0.width) }
    }

    /// `term:: meaning`.
    private static func term(_ line: [UInt8]) -> (term: [UInt8], rest: [UInt8])? {
        guard let colons = line.firstRange(of: Array("::".utf8)), colons.lowerBound > 0 else {
            return nil
        }
        let behind = line[colons.upperBound...].drop { $0 == .colon }
        guard behind.isEmpty || behind.first == .space else { return nil }
        return (Array(line[..<colons.lowerBound]), trimmedBytes(Array(behind)))
    }

    private mutating func readList() {
        var items: [BlockWriter.Item] = []
        var numbers: [Int: Int] = [:]
        while !self.lines.isAtEnd {
            let line = self.lines.current
            if line.isEmpty {
                self.lines.skipBlanks()
                let next = self.lines.current
                guard Self.itemMark(next) != nil || Self.term(next) != nil else { break }
                continue
            }
            if let mark = Self.itemMark(line) {
                // Bullets and numbers at the outermost level are two lists.
                let first = items.first.map { $0.number != nil }
                if mark.level == 1, let first, first != mark.isNumbered { break }
                for level in numbers.keys where level > mark.level { numbers[level] = nil }
                numbers[mark.level, default: 0] += 1
                let number = mark.isNumbered ? numbers[mark.level] : nil
                let text = Array(line.dropFirst(mark.width))
                items.append(BlockWriter.Item(level: mark.level - 1, number: number, text: text))
            } else if let (term, rest) = Self.term(line) {
                let text = term + [.colon] + (rest.isEmpty ? [] : [.space] + rest)
                items.append(BlockWriter.Item(text: text))
            } else if self.endsList(line) {
                break
            } else if line != [.plusSign], let last = items.indices.last {
                items[last].text += [items[last].text.last == .colon ? .space : .lineFeed] + line
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

    private func endsList(_ line: [UInt8]) -> Bool {
        let isAttributeList = line.first == .leftBracket && line.last == .rightBracket
        return isAttributeList || isRuler(line, of: "-.=*_+/", atLeast: 4)
            || line.starts(with: "|===".utf8) || Self.headingLevel(line) != nil
    }

    private mutating func readParagraph() {
        var taken: [[UInt8]] = []
        while !self.lines.isAtEnd, !self.lines.isBlank(self.lines.index) {
            let line = self.lines.current
            if !taken.isEmpty, self.endsList(line) { break }
            self.lines.index += 1
            if !line.starts(with: "//".utf8) { taken.append(line) }
        }
        let text = self.plain(Array(taken.joined(separator: [.lineFeed])))
        let words = String(decoding: self.takeStyle().prefix { $0 != .comma }, as: UTF8.self)
        switch words {
        case "source", "listing", "literal":
            self.blocks.code(Array(taken.joined(separator: [.lineFeed])))
        case "quote", "verse": self.blocks.quote(text)
        default: self.blocks.paragraph(text)
        }
    }

    // MARK: Inline markup

    private static let marks = [
        InlineMark("**"), InlineMark("__"), InlineMark("``", isVerbatim: true), InlineMark("##"),
        InlineMark("`+", isVerbatim: true), InlineMark("*"), InlineMark("_"),
        InlineMark("`", isVerbatim: true), InlineMark("+", isVerbatim: true), InlineMark("#"),
    ]

    private func plain(_ text: [UInt8]) -> [UInt8] {
        withoutMarks(withRaisedPairs(withoutAsciiDocMacros(text, self.attributes)), Self.marks)
    }
}

/// What stands between bars that no backslash takes; the first part stands before the first bar.
private func barParts(_ line: [UInt8]) -> [[UInt8]] {
    var parts: [[UInt8]] = [[]]
    var isEscaped = false
    for byte in line {
        if byte == .verticalBar, !isEscaped {
            dropCellSpecifier(&parts[parts.count - 1])
            parts.append([])
        } else {
            if byte == .verticalBar { parts[parts.count - 1].removeLast() }
            parts[parts.count - 1].append(byte)
        }
        isEscaped = byte == .backslash && !isEscaped
    }
    return parts
}

/// Takes `2+`, `.3+^`, `a` or `h` off the end, right before a bar.
private func dropCellSpecifier(_ text: inout [UInt8]) {
    let start = text.lastIndex { $0.isASCIIBlank }.map { $0 + 1 } ?? 0
    let word = text[start...]
    let isSpecifier =
        !word.isEmpty && word.count <= 6
        && word.allSatisfy { $0.isASCIIDigit || ".+*<>^adehlmsv".utf8.contains($0) }
        && (word.count == 1 && word.first.map(\.isASCIILetter) == true
            || word.contains { $0 == .plusSign || $0 == .asterisk || $0 == .caret })
    if isSpecifier { text.removeSubrange(start...) }
}

private func lastPart(of line: [UInt8]) -> String {
    let part = line.split(separator: .comma).last ?? []
    return String(decoding: trimmedBytes(Array(part)), as: UTF8.self)
}

/// Macros as their text: `link:url[text]`, `xref:id[text]`, `<<id,text>>`; attributes as their values.
private func withoutAsciiDocMacros(_ text: [UInt8], _ attributes: [String: [UInt8]]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(text.count)
    var rest = text[...]
    while let byte = rest.first {
        let near = rest.prefix(500)
        if byte == .lessThan, rest.starts(with: "<<".utf8),
            let end = near.firstRange(of: Array(">>".utf8))
        {
            let inner = rest[(rest.startIndex + 2)..<end.lowerBound]
            let comma = inner.firstIndex(of: .comma)
            output += trimmedBytes(Array(comma.map { inner[($0 + 1)...] } ?? inner))
            rest = rest[end.upperBound...]
        } else if byte == .leftBrace, let end = near.firstIndex(of: .rightBrace),
            let value = attributes[
                String(decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self).lowercased()
            ]
        {
            output += value
            rest = rest[(end + 1)...]
        } else if byte == .leftBracket, let close = near.firstIndex(of: .rightBracket),
            let start = macroStart(output)
        {
            let macro = output[start...]
            let inner = rest[(rest.startIndex + 1)..<close]
            let isNote = macro.starts(with: "footnote".utf8)
            let target = macro.drop { $0 != .colon }.dropFirst()
            let address = macro.starts(with: "http".utf8) ? macro : target
            let shown = Array(inner.isEmpty ? address : inner)
            output.removeSubrange(start...)
            output += isNote ? Array(" (".utf8) + shown + [.rightParenthesis] : shown
            rest = rest[(close + 1)...]
        } else if byte == .plusSign, output.last == .space,
            rest.dropFirst().first.map({ $0 == .lineFeed }) ?? true
        {
            // A line that ends here.
            output.removeLast()
            rest = rest.dropFirst()
        } else {
            output.append(byte)
            rest = rest.dropFirst()
        }
    }
    return output
}

/// Where a macro or an address begins that ends with the text; nil where none does.
private func macroStart(_ text: [UInt8]) -> Int? {
    let tail = text.suffix(300)
    let start = tail.lastIndex { $0.isASCIISpace || $0 == .leftParenthesis }.map { $0 + 1 }
    let word = tail[(start ?? tail.startIndex)...]
    let names = [
        "link:", "xref:", "http://", "https://", "mailto:", "footnote:", "image:", "kbd:", "btn:",
        "menu:", "icon:", "footnoteref:", "ftp://",
    ]
    for name in names {
        if let range = word.firstRange(of: Array(name.utf8)) { return range.lowerBound }
    }
    return nil
}
