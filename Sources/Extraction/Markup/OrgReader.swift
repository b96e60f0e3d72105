internal import Bytes
internal import Records

/// Reads Org: headings, lists, tables, blocks of code and prose.
///
/// Drawers, comments, settings and planning lines are left out, as an export leaves them.
///
/// - Source: Org Syntax (orgmode.org), as of Org 9.7.
struct OrgReader {
    private var lines: MarkupLines
    private(set) var blocks = BlockWriter()

    init(_ source: UnsafeBufferPointer<UInt8>) { self.lines = MarkupLines(source) }

    mutating func read() {
        while !self.lines.isAtEnd { self.readBlock() }
    }

    private mutating func readBlock() {
        let line = self.lines.current
        if line.isEmpty {
            self.lines.index += 1
        } else if self.lines.indent(self.lines.index) == 0, let level = Self.headingLevel(line) {
            self.lines.index += 1
            self.blocks.heading(self.headingText(Array(line.dropFirst(level + 1))), level: level)
        } else if line.starts(with: "#+".utf8) {
            self.readKeyword(line)
        } else if line.first == .numberSign, line.count == 1 || line[1] == .space {
            self.lines.index += 1
        } else if Self.isDrawer(line) {
            self.lines.index += 1
            _ = self.lines.take { $0.map(\.asciiLowercased).elementsEqual(":end:".utf8) }
        } else if line.first == .verticalBar {
            self.readTable()
        } else if line.starts(with: ": ".utf8) || line == [.colon] {
            self.readFixedWidth()
        } else if listMark(line, bullets: "-+") != nil {
            self.readList()
        } else if line.starts(with: "[fn:".utf8), let close = line.firstIndex(of: .rightBracket) {
            self.lines.index += 1
            let text = line[(close + 1)...] + [.space] + self.takeParagraph()
            self.blocks.note(self.plain(Array(text)), label: line[4..<close])
        } else {
            self.blocks.paragraph(self.plain(self.takeParagraph()))
        }
    }

    /// The number of stars before the title.
    private static func headingLevel(_ line: [UInt8]) -> Int? {
        let stars = line.prefix { $0 == .asterisk }.count
        return stars > 0 && line.count > stars && line[stars] == .space ? stars : nil
    }

    /// The title without its state, priority and tags.
    private func headingText(_ title: [UInt8]) -> [UInt8] {
        var words = title.split(separator: .space)[...]
        // A mark of work to do, which the sources themselves do not carry.
        let states = ["TO" + "DO", "DONE", "NEXT", "WAITING", "CANCELLED", "CANCELED", "COMMENT"]
        if let first = words.first, states.contains(String(decoding: first, as: UTF8.self)) {
            words = words.dropFirst()
        }
        if let first = words.first, first.count == 4, first.starts(with: "[#".utf8) {
            words = words.dropFirst()
        }
        if let last = words.last, last.count > 2, last.first == .colon, last.last == .colon {
            words = words.dropLast()
        }
        return self.plain(Array(words.joined(separator: [.space])))
    }

    private static func isDrawer(_ line: [UInt8]) -> Bool {
        line.count > 2 && line.first == .colon && line.last == .colon
            && line.dropFirst().dropLast()
                .allSatisfy { $0.isASCIIAlphanumeric || $0 == .hyphen || $0 == .underscore }
    }

    private mutating func readKeyword(_ line: [UInt8]) {
        self.lines.index += 1
        let name = line.dropFirst(2).prefix { !$0.isASCIISpace && $0 != .colon }
            .map(\.asciiLowercased)
        let rest = line.dropFirst(2 + name.count).drop { $0 == .colon || $0 == .space }
        let value = String(decoding: rest, as: UTF8.self)
        switch String(decoding: name, as: UTF8.self) {
        case "title": self.blocks.setTitle(value)
        case "author": self.blocks.setMetadata("author", value)
        case "date": self.blocks.setMetadata("published", isoDate(value))
        case "description": self.blocks.setMetadata("description", value)
        case "language": self.blocks.setMetadata("language", value)
        case "caption": self.blocks.paragraph(self.plain(Array(rest)), kind: .caption)
        case let block where block.hasPrefix("begin_"):
            self.readNamedBlock(String(block.dropFirst(6)), Array(rest))
        default: break
        }
    }

    private mutating func readNamedBlock(_ name: String, _ arguments: [UInt8]) {
        let end = Array("#+end_\(name)".utf8)
        let body = self.lines.take { $0.map(\.asciiLowercased).starts(with: end) }
        switch name {
        case "src":
            let language = arguments.prefix { $0.isASCIIAlphanumeric || $0 == .hyphen }
            self.blocks.code(body, language: String(decoding: language, as: UTF8.self))
        case "example": self.blocks.code(body)
        case "quote", "verse": self.blocks.quote(self.plain(body))
        case "comment", "export": break
        default: self.blocks.paragraph(self.plain(body))
        }
    }

    private mutating func readTable() {
        var rows: [[[UInt8]]] = []
        while self.lines.current.first == .verticalBar {
            let line = self.lines.current
            self.lines.index += 1
            guard !line.starts(with: "|-".utf8) else { continue }
            let cells = line.split(separator: .verticalBar, omittingEmptySubsequences: false)
                .dropFirst().map { self.plain(trimmedBytes(Array($0))) }
            rows.append(line.last == .verticalBar ? cells.dropLast() : cells)
        }
        self.blocks.table(TableWriter(rows: rows))
    }

    private mutating func readFixedWidth() {
        var code: [[UInt8]] = []
        while self.lines.current.first == .colon {
            code.append(Array(self.lines.current.dropFirst(2)))
            self.lines.index += 1
        }
        self.blocks.code(Array(code.joined(separator: [.lineFeed])))
    }

    private mutating func readList() {
        var items: [BlockWriter.Item] = []
        var indents: [Int] = []
        while !self.lines.isAtEnd {
            let line = self.lines.current
            let indent = self.lines.indent(self.lines.index)
            if let mark = listMark(line, bullets: indents.isEmpty || indent > 0 ? "-+*" : "-+") {
                while let last = indents.last, last >= indent { indents.removeLast() }
                indents.append(indent)
                let text = Array(line.dropFirst(mark.width))
                items.append(
                    BlockWriter.Item(level: indents.count - 1, number: mark.number, text: text)
                )
            } else if !line.isEmpty, indent > (indents.last ?? 0), !line.starts(with: "#+".utf8) {
                items[items.count - 1].text += [.lineFeed] + line
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

    private mutating func takeParagraph() -> [UInt8] {
        var taken: [[UInt8]] = []
        let start = self.lines.index
        while !self.lines.isAtEnd {
            let line = self.lines.current
            let isEnd =
                line.isEmpty || line.starts(with: "#+".utf8) || line.first == .verticalBar
                || Self.headingLevel(line) != nil && self.lines.indent(self.lines.index) == 0
                || listMark(line, bullets: "-+") != nil || Self.isDrawer(line)
            if isEnd, self.lines.index > start || line.isEmpty { break }
            self.lines.index += 1
            let planning = ["SCHEDULED:", "DEADLINE:", "CLOSED:", "CLOCK:"]
            if planning.contains(where: { line.starts(with: $0.utf8) }) { continue }
            taken.append(line)
        }
        return Array(taken.joined(separator: [.lineFeed]))
    }

    private static let marks = [
        InlineMark("=", isVerbatim: true), InlineMark("~", isVerbatim: true), InlineMark("*"),
        InlineMark("/"), InlineMark("_"), InlineMark("+"),
    ]

    private func plain(_ text: [UInt8]) -> [UInt8] {
        withoutMarks(self.withoutLinks(text), Self.marks)
    }

    /// `[[target][text]]` as its text, `[[target]]` as its target; `[fn:1]` goes.
    private func withoutLinks(_ text: [UInt8]) -> [UInt8] {
        guard text.contains(.leftBracket) else { return text }
        var output: [UInt8] = []
        var rest = text[...]
        while let byte = rest.first {
            if rest.starts(with: "[[".utf8),
                let end = rest.prefix(4_096).firstRange(of: Array("]]".utf8))
            {
                let inner = rest[(rest.startIndex + 2)..<end.lowerBound]
                output +=
                    inner.firstRange(of: Array("][".utf8)).map { inner[$0.upperBound...] } ?? inner
                rest = rest[end.upperBound...]
            } else if rest.starts(with: "[fn:".utf8),
                let end = rest.prefix(64).firstIndex(of: .rightBracket)
            {
                rest = rest[(end + 1)...]
            } else {
                output.append(byte)
                rest = rest.dropFirst()
            }
        }
        return output
    }
}
