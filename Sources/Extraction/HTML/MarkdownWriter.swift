internal import Bytes
internal import Formats
import Records

/// Writes part of an arena as Markdown, plain text and blocks, in one walk.
///
/// Emphasis is left out on purpose: marks inside sentences only disturb search and embeddings.
struct MarkdownWriter {
    let arena: HTMLArena
    let scanned: ScannedPage
    let statistics: [NodeStatistics]
    let source: UnsafeBufferPointer<UInt8>
    let options: HTMLOptions

    var content = ExtractedContent()
    /// Text of the block being written, without marks.
    var line: [UInt8] = []
    /// Links within `line`, in order.
    var links: [InlineLink] = []
    var openLink: OpenLink?
    let footnotes: Footnotes
    /// The note whose first paragraph is still to come, and the node after it.
    var pendingNote: (number: Int, end: Int)?
    var frames: [Frame] = []
    var quoteDepth = 0
    var headingLevel: UInt8 = 0
    var captionDepth = 0
    var termDepth = 0
    /// The list being written, outermost level first; empty outside lists.
    var lists: [ListLevel] = []
    var listMarkdown: [UInt8] = []
    var listText: [UInt8] = []
    var listKind = Block.Kind.list

    struct InlineLink {
        var start: Int
        var end: Int
        var record: Int32
        /// Number of the footnote it refers to; 0 where it is a link.
        var note = 0
    }

    struct OpenLink {
        var start: Int
        var record: Int32
        var note = 0
    }

    /// An element whose end has work to do.
    struct Frame {
        var tag: HTMLTag
        var end: Int32
        /// The element is written as a list, definition list or term; otherwise it is a plain box.
        var isStructured: Bool
    }

    struct ListLevel {
        /// Number of the next item; negative in unordered lists.
        var number: Int
        /// Bytes of the current item's marker, by which its further lines are indented.
        var markerWidth = 2
        /// Number of the footnote that the current item is, or 0.
        var note = 0
        /// The marker of the current item still has to be written.
        var markerIsPending = false
    }

    /// Writes the subtrees of `roots`, which are in document order and disjoint.
    mutating func write(_ roots: [Int]) {
        self.content.markdown.reserveCapacity(self.scanned.text.count + 1_024)
        self.content.text.reserveCapacity(self.scanned.text.count + 256)
        for root in roots {
            self.walk(from: root, to: Int(self.arena.nodes[root].end))
        }
        self.flush()
    }

    private mutating func walk(from start: Int, to end: Int) {
        var index = start
        while index < end {
            while let frame = self.frames.last, frame.end <= index { self.leave() }
            let node = self.arena.nodes[index]
            index = node.isDropped ? Int(node.end) : self.enter(node, at: index)
        }
        while !self.frames.isEmpty { self.leave() }
    }

    /// Begins a node and returns where the walk goes on: inside it, or after it.
    private mutating func enter(_ node: HTMLNode, at index: Int) -> Int {
        if let pendingNote, index >= pendingNote.end { self.pendingNote = nil }
        if node.signals.contains(.note), let number = self.footnotes.numbersOfNotes[index],
            node.tag != .li || self.lists.isEmpty
        {
            self.flush()
            self.pendingNote = (number, Int(node.end))
        }
        switch node.tag {
        case .text:
            self.append(self.scanned.runs[Int(node.record)])
            return index + 1
        case .a:
            let note = self.footnotes.numbersOfReferences[index] ?? 0
            self.openLink = OpenLink(start: self.line.count, record: node.record, note: note)
            self.push(node, isStructured: true)
        case .pre, .listing, .xmp:
            self.flush()
            self.writeCode(node, at: index)
            return Int(node.end)
        case .table:
            self.flush()
            if isDataTable(index, in: self.arena, self.statistics) {
                self.writeTable(node, at: index)
                return Int(node.end)
            }
            self.push(node, isStructured: false)
        case .ul, .ol, .menu, .dir:
            self.flush()
            self.openList(node, at: index)
        case .dl:
            self.flush()
            self.openDefinitions(node, at: index)
        case .li, .dt, .dd:
            self.flush()
            self.openItem(node, at: index)
        case .h1, .h2, .h3, .h4, .h5, .h6:
            self.flush()
            self.headingLevel = node.tag.headingLevel
            self.push(node, isStructured: true)
        case .blockquote:
            self.flush()
            self.quoteDepth += 1
            self.push(node, isStructured: true)
        case .figcaption, .caption:
            self.flush()
            self.captionDepth += 1
            self.push(node, isStructured: true)
        default:
            if node.tag.role != .inline {
                self.flush()
                self.push(node, isStructured: false)
            }
        }
        return index + 1
    }

    mutating func push(_ node: HTMLNode, isStructured: Bool) {
        self.frames.append(Frame(tag: node.tag, end: node.end, isStructured: isStructured))
    }

    private mutating func leave() {
        guard let frame = self.frames.popLast() else { return }
        guard frame.tag != .a else {
            self.closeLink()
            return
        }
        self.flush()
        guard frame.isStructured else { return }
        switch frame.tag {
        case .ul, .ol, .menu, .dir, .dl: self.closeList()
        case .blockquote: self.quoteDepth -= 1
        case .figcaption, .caption: self.captionDepth -= 1
        case .dt: self.termDepth -= 1
        case .h1, .h2, .h3, .h4, .h5, .h6: self.headingLevel = 0
        default: break
        }
    }

    // MARK: Inline text

    private mutating func append(_ run: ScannedPage.TextRun) {
        self.scanned.text.withUnsafeBufferPointer { text in
            var start = Int(run.start)
            let end = Int(run.end)
            if self.line.isEmpty || isHTMLBlank(self.line[self.line.count - 1]) {
                while start < end, text[start] == 0x20 { start += 1 }
            }
            while start < end {
                let slice = UnsafeBufferPointer(rebasing: text[start..<end])
                guard
                    let breakOffset = firstIndex(of: ScannedPage.lineBreak, in: slice, from: 0)
                else {
                    self.line.append(contentsOf: slice)
                    return
                }
                self.line.append(
                    contentsOf: UnsafeBufferPointer(rebasing: slice[..<breakOffset])
                )
                start += breakOffset + 1
                let isDouble = start < end && text[start] == ScannedPage.lineBreak
                if isDouble { start += 1 }
                self.breakLine(endsParagraph: isDouble)
            }
        }
    }

    private mutating func breakLine(endsParagraph: Bool) {
        while let last = self.line.last, last == 0x20 { self.line.removeLast() }
        if self.headingLevel > 0 || self.termDepth > 0 {
            if !self.line.isEmpty { self.line.append(0x20) }
        } else if endsParagraph {
            self.flush()
        } else if !self.line.isEmpty {
            self.line.append(0x0A)
        }
    }

    private mutating func closeLink() {
        guard let link = self.openLink else { return }
        self.openLink = nil
        let start = min(link.start, self.line.count)
        if self.headingLevel > 0 || self.termDepth > 0, isPermalink(self.line[start...]) {
            self.line.removeSubrange(start...)
            return
        }
        if link.note == 0, isTouchingMark(self.line, from: start) {
            // The note is elsewhere; its mark must not become a digit of the word before.
            self.line.insert(UInt8(ascii: "["), at: start)
            self.line.append(UInt8(ascii: "]"))
        }
        if self.options.links == .urls || link.note > 0, self.line.count > start {
            self.links.append(
                InlineLink(
                    start: start,
                    end: self.line.count,
                    record: link.record,
                    note: link.note
                )
            )
        }
    }

    // MARK: Blocks

    /// Ends the current block and writes it, unless it has no text.
    mutating func flush() {
        while let last = self.line.last, isHTMLBlank(last) { self.line.removeLast() }
        guard !self.line.isEmpty else {
            self.links.removeAll(keepingCapacity: true)
            if let link = self.openLink { self.openLink = OpenLink(start: 0, record: link.record) }
            return
        }
        if let link = self.openLink {
            if self.options.links == .urls, link.start < self.line.count {
                self.links.append(
                    InlineLink(start: link.start, end: self.line.count, record: link.record)
                )
            }
            self.openLink = OpenLink(start: 0, record: link.record)
        }
        if self.lists.isEmpty { self.writeBlock() } else { self.writeItemLine() }
        self.line.removeAll(keepingCapacity: true)
        self.links.removeAll(keepingCapacity: true)
    }

    private mutating func writeBlock() {
        if self.headingLevel > 0 {
            var marked = [UInt8](repeating: 0x23, count: Int(self.headingLevel))
            marked.append(0x20)
            marked.append(contentsOf: self.markedLine())
            self.appendBlock(.heading, level: self.headingLevel, marked, self.line)
        } else if self.captionDepth > 0 {
            self.appendBlock(.caption, self.markedLine(), self.line)
        } else if self.termDepth > 0 {
            self.appendBlock(.definitions, self.markedLine(), self.line)
        } else {
            let kind: Block.Kind = self.quoteDepth > 0 ? .quote : .paragraph
            guard let note = self.pendingNote else {
                self.appendBlock(kind, self.markedLine(), self.line)
                return
            }
            guard !isNoteLabel(self.line) else { return }
            self.pendingNote = nil
            self.appendBlock(
                kind,
                noteMark(note.number) + [0x3A, 0x20] + self.markedLine(),
                self.line
            )
        }
    }

    /// Adds a block, its Markdown quoted as deep as the walk is.
    mutating func appendBlock(
        _ kind: Block.Kind,
        level: UInt8 = 0,
        _ markdown: [UInt8],
        _ text: [UInt8]
    ) {
        guard self.quoteDepth > 0 else {
            self.content.append(kind: kind, level: level, markdown: markdown, text: text)
            return
        }
        let prefix = [UInt8](String(repeating: "> ", count: min(self.quoteDepth, 8)).utf8)
        self.content.append(
            kind: kind,
            level: level,
            markdown: indented(markdown, by: prefix, first: prefix),
            text: text
        )
    }

    /// The current line with its links written out where options ask for URLs.
    func markedLine() -> [UInt8] {
        guard !self.links.isEmpty else { return self.line }
        var marked: [UInt8] = []
        var cursor = 0
        for link in self.links {
            var start = max(cursor, link.start)
            var end = min(link.end, self.line.count)
            while start < end, isHTMLBlank(self.line[start]) { start += 1 }
            while end > start, isHTMLBlank(self.line[end - 1]) { end -= 1 }
            guard start < end else { continue }
            if link.note > 0 {
                marked.append(contentsOf: self.line[cursor..<start])
                // The brackets may stand around the link.
                if marked.last == 0x5B, end < self.line.count, self.line[end] == 0x5D {
                    marked.removeLast()
                    end += 1
                }
                marked.append(contentsOf: noteMark(link.note))
                cursor = end
                continue
            }
            guard let url = self.url(of: link.record) else { continue }
            marked.append(contentsOf: self.line[cursor..<start])
            marked.append(0x5B)
            marked.append(contentsOf: self.line[start..<end])
            marked.append(contentsOf: "](".utf8)
            marked.append(contentsOf: url)
            marked.append(0x29)
            cursor = end
        }
        marked.append(contentsOf: self.line[cursor...])
        return marked
    }

    /// A link's target; nil for those that lead nowhere outside the page or run code.
    private func url(of record: Int32) -> [UInt8]? {
        guard record >= 0 else { return nil }
        let range = self.scanned.elements[Int(record)].href
        let raw = UnsafeBufferPointer(rebasing: self.source[range.range])
        return linkAddress(attributeText(raw))
    }
}

/// `[^1]`.
func noteMark(_ number: Int) -> [UInt8] {
    var mark: [UInt8] = [0x5B, 0x5E]
    appendDecimal(number, to: &mark)
    mark.append(0x5D)
    return mark
}

/// `lines` with a prefix before each; blank lines stay blank but for quote marks.
func indented(_ lines: [UInt8], by rest: [UInt8], first: [UInt8]) -> [UInt8] {
    var output = first
    output.reserveCapacity(lines.count + first.count)
    guard lines.contains(0x0A) else {
        output.append(contentsOf: lines)
        return output
    }
    for byte in lines {
        output.append(byte)
        if byte == 0x0A { output.append(contentsOf: rest) }
    }
    return output
}

/// A heading's link to itself: a pilcrow, hash, section sign or link symbol.
private func isPermalink(_ text: ArraySlice<UInt8>) -> Bool {
    let marks: [[UInt8]] = [
        Array("¶".utf8), Array("#".utf8), Array("§".utf8), Array("🔗".utf8), Array("\u{F0C1}".utf8),
    ]
    let trimmed = text.drop(while: isHTMLBlank).reversed().drop(while: isHTMLBlank).reversed()
    return marks.contains { $0.elementsEqual(trimmed) }
}

/// Whether the line from `start` on is a number of up to three digits right behind a word or its full
/// stop.
private func isTouchingMark(_ line: [UInt8], from start: Int) -> Bool {
    guard start > 0, (1...3).contains(line.count - start),
        line[start...].allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") })
    else { return false }
    let before = line[start - 1]
    let isLetter = before | 0x20 >= UInt8(ascii: "a") && before | 0x20 <= UInt8(ascii: "z")
    return isLetter || before >= 0x80 || ".,;:!?)\"'".utf8.contains(before)
}
