internal import Bytes
internal import Records

/// Reads LaTeX: sections, lists, tables, listings, notes, formulas and prose.
///
/// Formulas stay as they are written. The preamble gives title, author and date; what it defines is
/// not expanded, and unknown commands leave the text of their arguments.
///
/// - Source: L. Lamport, "LaTeX: A Document Preparation System", and latex2e's unofficial manual.
struct LaTeXReader {
    private let source: [UInt8]
    private var index = 0
    private(set) var blocks: BlockWriter
    /// Text of the open paragraph, item or argument; a line feed is a line that the author broke.
    private var text: [UInt8] = []
    private var lists: [(isNumbered: Bool, count: Int)] = []
    private var items: [BlockWriter.Item] = []
    private var notes: [[UInt8]] = []
    private var noteCount = 0
    private var hasUnclosedBrace = false
    private let depth: Int

    private static let depthLimit = 24

    init(_ source: [UInt8]) { self.init(source, depth: 0) }

    private init(_ source: [UInt8], depth: Int) {
        self.source = source
        self.blocks = BlockWriter()
        self.depth = depth
    }

    mutating func read() {
        self.readPreamble()
        while self.index < self.source.count, !self.isAtDocumentEnd { self.readNext() }
        self.endLists()
    }

    private static let documentEnd = Array("\\end{document}".utf8)

    private var isAtDocumentEnd: Bool {
        self.source[self.index] == .backslash
            && self.source[self.index...].starts(with: Self.documentEnd)
    }

    /// Takes title, author and date from what stands before the document.
    private mutating func readPreamble() {
        guard let begin = self.source.firstRange(of: Array("\\begin{document}".utf8)) else {
            return
        }
        let preamble = Array(self.source[..<begin.lowerBound])
        for (command, key) in [("\\title", "title"), ("\\author", "author"), ("\\date", "date")] {
            guard let place = preamble.firstRange(of: Array("\(command){".utf8)) else { continue }
            var reader = LaTeXReader(preamble, depth: self.depth)
            reader.index = place.upperBound - 1
            let value = String(decoding: oneLine(self.inline(reader.argument())), as: UTF8.self)
            self.setMetadata(key, value)
        }
        self.index = begin.upperBound
    }

    private mutating func setMetadata(_ key: String, _ value: String) {
        switch key {
        case "title": if !value.isEmpty { self.blocks.setTitle(value) }
        case "author": self.blocks.setMetadata("author", value)
        default: self.blocks.setMetadata("published", isoDate(value))
        }
    }

    // MARK: Characters

    private mutating func readNext() {
        let byte = self.source[self.index]
        switch byte {
        case .percentSign: self.skipComment()
        case .backslash: self.readCommand()
        case .leftBrace, .rightBrace: self.index += 1
        case .dollarSign: self.readMath()
        case .tilde: self.append([.space])
        case .lineFeed: self.readLineEnd()
        case .hyphen: self.readDashes()
        case .backtick, .apostrophe: self.readQuotes(byte)
        default: self.append([byte])
        }
    }

    private mutating func append(_ bytes: [UInt8]) {
        self.text += bytes
        self.index += 1
    }

    private mutating func skipComment() {
        while self.index < self.source.count, self.source[self.index] != .lineFeed {
            self.index += 1
        }
        self.index += 1
        while self.index < self.source.count, self.source[self.index].isASCIIBlank {
            self.index += 1
        }
    }

    private mutating func readLineEnd() {
        var next = self.index + 1
        var isBlankLine = false
        while next < self.source.count, self.source[next].isASCIISpace {
            if self.source[next] == .lineFeed { isBlankLine = true }
            next += 1
        }
        self.index = next
        if isBlankLine { self.endParagraph() } else { self.text.append(.space) }
    }

    private mutating func readDashes() {
        let count = self.source[self.index...].prefix(3).prefix { $0 == .hyphen }.count
        self.index += count
        self.text += Array(["-", "–", "—"][count - 1].utf8)
    }

    private mutating func readQuotes(_ byte: UInt8) {
        let isDouble = self.index + 1 < self.source.count && self.source[self.index + 1] == byte
        self.index += isDouble ? 2 : 1
        let sign = byte == .backtick ? (isDouble ? "“" : "‘") : (isDouble ? "”" : "’")
        self.text += Array(sign.utf8)
    }

    /// A formula in the line stays with its signs; one on lines of its own becomes a paragraph.
    private mutating func readMath() {
        let isDisplayed = self.source[self.index...].starts(with: "$$".utf8)
        let width = isDisplayed ? 2 : 1
        var end = self.index + width
        let limit = min(self.source.count, end + 20_000)
        while end < limit, self.source[end] != .dollarSign {
            end += self.source[end] == .backslash ? 2 : 1
        }
        guard end < limit else { return self.append([.dollarSign]) }
        let formula = oneLine(self.source[(self.index + width)..<end])
        let isClosed = self.source[end...].starts(with: "$$".utf8)
        self.index = end + (isDisplayed && isClosed ? 2 : 1)
        if isDisplayed {
            self.writeFormula(formula)
        } else {
            self.text += [.dollarSign] + formula + [.dollarSign]
        }
    }

    private mutating func writeFormula(_ formula: [UInt8]) {
        guard !formula.isEmpty else { return }
        let marked = Array("$$".utf8) + oneLine(formula) + Array("$$".utf8)
        guard self.lists.isEmpty, self.depth == 0 else {
            self.text += [.space] + marked + [.space]
            return
        }
        self.endParagraph()
        self.blocks.paragraph(marked)
    }

    // MARK: Paragraphs and lists

    private mutating func endParagraph() {
        let lines = self.text.split(separator: .lineFeed).map { oneLine($0) }
        let text = Array(lines.filter { !$0.isEmpty }.joined(separator: [.lineFeed]))
        self.text.removeAll()
        if self.lists.isEmpty {
            self.blocks.paragraph(text)
            self.writeNotes()
        } else if !text.isEmpty, let last = self.items.indices.last {
            self.items[last].text += (self.items[last].text.isEmpty ? [] : [.lineFeed]) + text
        }
    }

    private mutating func writeNotes() {
        for (offset, note) in self.notes.enumerated() {
            let number = self.noteCount - self.notes.count + offset + 1
            self.blocks.note(note, label: Array("\(number)".utf8))
        }
        self.notes.removeAll()
    }

    private mutating func beginList(isNumbered: Bool) {
        self.endParagraph()
        self.lists.append((isNumbered, 0))
    }

    private mutating func beginItem() {
        self.endParagraph()
        let label = self.optionalArgument().map(self.inline) ?? []
        guard let last = self.lists.indices.last else { return self.text += label + [.space] }
        self.lists[last].count += 1
        self.items.append(
            BlockWriter.Item(
                level: self.lists.count - 1,
                number: self.lists[last].isNumbered ? self.lists[last].count : nil,
                text: []
            )
        )
        if !label.isEmpty { self.text = label + [.colon, .space] }
    }

    private mutating func endList() {
        self.endParagraph()
        guard self.lists.popLast() != nil, self.lists.isEmpty else { return }
        self.blocks.list(self.items)
        self.items.removeAll()
        self.writeNotes()
    }

    private mutating func endLists() {
        while !self.lists.isEmpty { self.endList() }
        self.endParagraph()
    }

    // MARK: Commands

    private mutating func readCommand() {
        guard self.index + 1 < self.source.count else { return self.append([]) }
        let first = self.source[self.index + 1]
        guard first.isASCIILetter else { return self.readSign(first) }
        let start = self.index + 1
        var end = start
        while end < self.source.count, self.source[end].isASCIILetter { end += 1 }
        self.index = end
        let isStarred = end < self.source.count && self.source[end] == .asterisk
        if isStarred { self.index += 1 }
        self.perform(String(decoding: self.source[start..<end], as: UTF8.self))
    }

    /// `\&`, `\"o`, `\\`, `\[`.
    private mutating func readSign(_ sign: UInt8) {
        self.index += 2
        switch sign {
        case .backslash:
            if self.index < self.source.count, self.source[self.index] == .asterisk {
                self.index += 1
            }
            _ = self.optionalArgument()
            self.text.append(.lineFeed)
        case .leftBracket: self.writeFormula(self.take(to: "\\]"))
        case .leftParenthesis:
            self.text += [.dollarSign] + oneLine(self.take(to: "\\)")) + [.dollarSign]
        case .hyphen, .slash, .exclamationMark: break
        case .comma, .colon, .semicolon, .space, .lineFeed, .tab: self.text.append(.space)
        default:
            guard let accent = latexAccents[sign] else { return self.text.append(sign) }
            self.writeAccented(accent)
        }
    }

    private mutating func writeAccented(_ accent: UInt32) {
        while self.index < self.source.count, self.source[self.index] == .space { self.index += 1 }
        var letter = self.inline(self.argument())
        if letter == Array("ı".utf8) { letter = [UInt8(ascii: "i")] }
        guard !letter.isEmpty else { return }
        let width = letter[0] < 0x80 ? 1 : letter[1...].prefix { $0 & 0xC0 == 0x80 }.count + 1
        self.text += letter[..<width]
        appendScalar(accent, to: &self.text)
        self.text += letter[width...]
    }

    private mutating func perform(_ name: String) {
        if let level = latexSections[name] {
            _ = self.optionalArgument()
            let title = self.inline(self.argument())
            self.endLists()
            self.blocks.heading(title, level: level)
        } else if let symbol = latexSymbols[name] {
            self.skipBlanksOfCommand()
            self.text += Array(symbol.utf8)
        } else if let count = latexDropped[name] {
            _ = self.optionalArgument()
            for _ in 0..<count { _ = self.argument() }
        } else if let accent = latexNamedAccents[name] {
            self.writeAccented(accent)
        } else {
            self.performText(name)
        }
    }

    private mutating func performText(_ name: String) {
        switch name {
        case "begin": self.begin(String(decoding: self.argument(), as: UTF8.self))
        case "end": self.end(String(decoding: self.argument(), as: UTF8.self))
        case "item": self.beginItem()
        case "textsuperscript", "textsubscript":
            let inner = self.inline(self.argument())
            self.text += raisedText(inner, isAbove: name == "textsuperscript", after: self.text)
        case "par": self.endParagraph()
        case "newline", "linebreak": self.text.append(.lineFeed)
        case "title", "author", "date":
            let value = oneLine(self.inline(self.argument()))
            self.setMetadata(name, String(decoding: value, as: UTF8.self))
        case "caption":
            _ = self.optionalArgument()
            let caption = self.inline(self.argument())
            self.endParagraph()
            self.blocks.paragraph(caption, kind: .caption)
        case "footnote", "thanks", "footnotetext":
            _ = self.optionalArgument()
            self.notes.append(self.inline(self.argument()))
            self.noteCount += 1
            if self.depth == 0 { self.text += Array("[^\(self.noteCount)]".utf8) }
        case "href":
            _ = self.argument()
            self.text += self.inline(self.argument())
        case "url", "path", "nolinkurl": self.text += self.argument()
        case "cite", "citep", "citet", "autocite", "parencite", "textcite":
            _ = self.optionalArgument()
            _ = self.optionalArgument()
            self.text += [.leftBracket] + self.argument() + [.rightBracket]
        case "textcolor", "colorbox":
            _ = self.argument()
            self.text += self.inline(self.argument())
        case "verb", "lstinline": self.readVerb()
        case "bibitem":
            self.endParagraph()
            _ = self.optionalArgument()
            self.text += [.leftBracket] + self.argument() + [.rightBracket, .space]
        default:
            // What stands in its braces is read as text.
            self.skipBlanksOfCommand()
            _ = self.optionalArgument()
        }
    }

    /// Blanks end a command's name and are no text.
    private mutating func skipBlanksOfCommand() {
        while self.index < self.source.count, self.source[self.index].isASCIIBlank {
            self.index += 1
        }
    }

    private mutating func readVerb() {
        _ = self.optionalArgument()
        guard self.index < self.source.count else { return }
        let sign = self.source[self.index]
        guard sign != .leftBrace else { return self.text += self.argument() }
        // A sign of several bytes ends nothing: its first byte may begin another.
        guard sign < 0x80 else { return }
        let end = self.source[(self.index + 1)...].prefix(2_000).firstIndex(of: sign)
        guard let end else { return }
        self.text += self.source[(self.index + 1)..<end]
        self.index = end + 1
    }

    // MARK: Environments

    private mutating func begin(_ name: String) {
        let plain = name.filter { $0 != "*" }
        switch plain {
        case "itemize", "description", "compactitem": self.beginList(isNumbered: false)
        case "enumerate", "compactenum":
            _ = self.optionalArgument()
            self.beginList(isNumbered: true)
        case "verbatim", "lstlisting", "minted", "Verbatim", "alltt":
            self.endParagraph()
            var language = self.optionalArgument().flatMap(listingLanguage) ?? ""
            if plain == "minted" { language = String(decoding: self.argument(), as: UTF8.self) }
            self.blocks.code(self.take(to: "\\end{\(name)}"), language: language)
        case "comment", "filecontents", "tikzpicture", "pgfpicture":
            _ = self.take(to: "\\end{\(name)}")
        case "equation", "align", "gather", "multline", "displaymath", "eqnarray", "flalign",
            "alignat":
            let formula = self.take(to: "\\end{\(name)}")
            self.writeFormula(withoutLabels(formula))
        case "tabular", "tabularx", "tabulary", "longtable", "tabu", "supertabular", "longtblr":
            self.readTable(name)
        case "quote", "quotation", "verse":
            self.endParagraph()
            self.blocks.quote(self.inline(self.take(to: "\\end{\(name)}")))
        case "thebibliography":
            self.endParagraph()
            _ = self.argument()
        case "abstract":
            self.endParagraph()
        default:
            self.endParagraph()
            _ = self.optionalArgument()
        }
    }

    private mutating func end(_ name: String) {
        switch name {
        case "itemize", "description", "compactitem", "enumerate", "compactenum": self.endList()
        default: self.endParagraph()
        }
    }

    private mutating func readTable(_ name: String) {
        self.endParagraph()
        _ = self.optionalArgument()
        // A table of a given width names it before its columns.
        if ["tabular*", "tabularx", "tabulary"].contains(name) { _ = self.argument() }
        _ = self.argument()
        let body = self.take(to: "\\end{\(name)}")
        var rows: [[[UInt8]]] = []
        for row in LaTeXCells(body).rows {
            var cells: [[UInt8]] = []
            for cell in row { cells += self.cells(cell) }
            if cells.contains(where: { !$0.isEmpty }) { rows.append(cells) }
        }
        self.blocks.table(TableWriter(rows: rows))
    }

    /// A cell's text, with an empty cell for each further column that it spans.
    private mutating func cells(_ source: [UInt8]) -> [[UInt8]] {
        var span = 1
        if let place = source.firstRange(of: Array("\\multicolumn{".utf8)) {
            let digits = source[place.upperBound...].prefix(while: \.isASCIIDigit)
            span = min(64, Int(String(decoding: digits, as: UTF8.self)) ?? 1)
        }
        if let place = source.firstRange(of: Array("\\caption{".utf8)) {
            var reader = LaTeXReader(source, depth: self.depth)
            reader.index = place.upperBound - 1
            self.blocks.paragraph(self.inline(reader.argument()), kind: .caption)
            return self.cells(Array(source[..<place.lowerBound]) + Array(source[reader.index...]))
        }
        let text = oneLine(self.inline(source))
        return [text] + Array(repeating: [], count: max(0, span - 1))
    }

    // MARK: Arguments

    /// What stands between braces, or the next character; empty where nothing follows.
    private mutating func argument() -> [UInt8] {
        while self.index < self.source.count, self.source[self.index].isASCIIBlank {
            self.index += 1
        }
        guard self.index < self.source.count else { return [] }
        guard self.source[self.index] == .leftBrace else { return self.nextCharacter() }
        let start = self.index + 1
        var depth = 0
        // After one brace that never closed, no other is looked for far ahead.
        let limit =
            self.hasUnclosedBrace ? min(start + 4_000, self.source.count) : self.source.count
        while self.index < limit {
            switch self.source[self.index] {
            case .backslash: self.index += 1
            case .leftBrace: depth += 1
            case .rightBrace: depth -= 1
            default: break
            }
            self.index += 1
            if depth == 0 { return Array(self.source[start..<(self.index - 1)]) }
        }
        // A brace that never closes opens nothing.
        self.index = start
        self.hasUnclosedBrace = true
        return []
    }

    private mutating func nextCharacter() -> [UInt8] {
        let start = self.index
        self.index += 1
        if self.source[start] == .backslash {
            while self.index < self.source.count, self.source[self.index].isASCIILetter {
                self.index += 1
            }
        } else {
            while self.index < self.source.count, self.source[self.index] & 0xC0 == 0x80 {
                self.index += 1
            }
        }
        return Array(self.source[start..<self.index])
    }

    /// What stands between brackets right here; nil where none open.
    private mutating func optionalArgument() -> [UInt8]? {
        guard self.index < self.source.count, self.source[self.index] == .leftBracket,
            let end = self.source[self.index...].prefix(1_000).firstIndex(of: .rightBracket)
        else { return nil }
        defer { self.index = end + 1 }
        return Array(self.source[(self.index + 1)..<end])
    }

    /// Takes all to the word, or to the end where it does not come.
    private mutating func take(to word: String) -> [UInt8] {
        let end = self.source[self.index...].firstRange(of: Array(word.utf8))
        defer { self.index = end?.upperBound ?? self.source.count }
        return Array(self.source[self.index..<(end?.lowerBound ?? self.source.count)])
    }

    /// The text of an argument.
    private func inline(_ source: [UInt8]) -> [UInt8] {
        guard source.contains(where: { "\\${}~%-`'\n".utf8.contains($0) }) else { return source }
        guard self.depth < Self.depthLimit else { return [] }
        var reader = LaTeXReader(source, depth: self.depth + 1)
        while reader.index < source.count { reader.readNext() }
        reader.endLists()
        let rest = reader.blocks.content.text
        return oneLine(rest)
    }
}

/// `language=Python` of a listing's options.
private func listingLanguage(_ options: [UInt8]) -> String? {
    guard let range = options.firstRange(of: Array("language=".utf8)) else { return nil }
    let word = options[range.upperBound...].prefix { $0.isASCIIAlphanumeric || $0 == .plusSign }
    return String(decoding: word.map(\.asciiLowercased), as: UTF8.self)
}

/// A formula without `\label{…}`.
private func withoutLabels(_ formula: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    var rest = formula[...]
    while let byte = rest.first {
        if byte == .backslash, rest.starts(with: "\\label{".utf8),
            let end = rest.prefix(200).firstIndex(of: .rightBrace)
        {
            rest = rest[(end + 1)...]
        } else {
            output.append(byte)
            rest = rest.dropFirst()
        }
    }
    return output
}
