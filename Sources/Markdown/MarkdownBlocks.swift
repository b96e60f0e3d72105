internal import Bytes
package import Records

/// Finds the blocks of a Markdown text.
///
/// - Output: blocks in order whose ranges slice `text`; what lies between two blocks is white
///   space. A thematic break, raw HTML and a link definition are paragraphs.
/// - Units: UTF-8 bytes.
/// - Complexity: O(n).
/// - Source: CommonMark 0.31, chapters 4 and 5, and GitHub's tables and footnotes; containers
///   (lists, quotes) are one block each.
package func parseMarkdownBlocks(_ text: UnsafeBufferPointer<UInt8>) -> [Block] {
    var parser = MarkdownBlockParser(text)
    parser.run()
    return parser.blocks
}

private struct MarkdownBlockParser {
    private let text: UnsafeBufferPointer<UInt8>
    private let lines: [TextLine]
    private(set) var blocks: [Block] = []
    private var index = 0

    init(_ text: UnsafeBufferPointer<UInt8>) {
        self.text = text
        self.lines = Array(TextLines(text))
    }

    mutating func run() {
        while self.index < self.lines.count {
            let line = self.lines[self.index]
            if line.isBlank {
                self.index += 1
            } else if line.indent >= 4 {
                self.takeIndentedCode()
            } else if let fence = markdownFence(self.text, line) {
                self.takeFence(fence)
            } else if let level = atxLevel(self.text, line) {
                self.add(.heading, level: UInt8(level), from: self.index, through: self.index)
            } else if self.isComment(line) {
                self.takeComment()
            } else if isThematicBreak(self.text, line) {
                self.add(.paragraph, from: self.index, through: self.index)
            } else if self.byte(line) == .greaterThan {
                self.takeQuote()
            } else if markdownMarker(self.text, line) != nil {
                self.takeList()
            } else if self.isTableHead(self.index) {
                self.takeTable()
            } else {
                self.takeParagraph()
            }
        }
    }

    private func byte(_ line: TextLine) -> UInt8 { self.text[line.contentStart] }

    /// Adds lines as one block and goes on behind them.
    private mutating func add(
        _ kind: Block.Kind,
        level: UInt8 = 0,
        from first: Int,
        through last: Int
    ) {
        let start =
            kind == .code ? self.lines[first].range.lowerBound : self.lines[first].contentStart
        let range = start..<self.lines[last].contentEnd
        self.blocks.append(Block(kind: kind, level: level, range: range))
        self.index = last + 1
    }

    private mutating func takeIndentedCode() {
        var last = self.index
        for next in self.lines.indices[(self.index + 1)...] {
            if self.lines[next].isBlank { continue }
            guard self.lines[next].indent >= 4 else { break }
            last = next
        }
        self.add(.code, from: self.index, through: last)
    }

    private mutating func takeFence(_ fence: MarkdownFence) {
        self.add(.code, from: self.index, through: self.fenceEnd(fence, from: self.index))
    }

    /// The closing line, or the last line that is not blank.
    private func fenceEnd(_ fence: MarkdownFence, from first: Int) -> Int {
        var last = first
        for next in self.lines.indices[(first + 1)...] {
            if !self.lines[next].isBlank { last = next }
            if fence.isClosed(by: self.lines[next], in: self.text) { return next }
        }
        return last
    }

    private func isComment(_ line: TextLine) -> Bool {
        self.text[line.contentStart..<line.contentEnd].starts(with: "<!--".utf8)
    }

    private mutating func takeComment() {
        var last = self.index
        for next in self.lines.indices[self.index...] {
            if !self.lines[next].isBlank { last = next }
            let line = self.text[self.lines[next].contentStart..<self.lines[next].contentEnd]
            if containsCommentEnd(line) { break }
        }
        self.add(.paragraph, from: self.index, through: last)
    }

    private mutating func takeQuote() {
        var last = self.index
        for next in self.lines.indices[(self.index + 1)...] {
            let line = self.lines[next]
            if line.isBlank { break }
            if self.byte(line) != .greaterThan, self.interruptsParagraph(next) { break }
            last = next
        }
        self.add(.quote, from: self.index, through: last)
    }

    /// Items, their indented lines and lazy continuations; blank lines may stand between.
    private mutating func takeList() {
        var last = self.index
        var next = self.index + 1
        var contentIndent = markdownMarker(self.text, self.lines[self.index])?.contentIndent ?? 2
        var afterBlank = false
        while next < self.lines.count {
            let line = self.lines[next]
            if line.isBlank {
                afterBlank = true
                next += 1
                continue
            }
            let marker = isThematicBreak(self.text, line) ? nil : markdownMarker(self.text, line)
            if let marker, line.indent < 4 || line.indent >= contentIndent {
                contentIndent = min(contentIndent, marker.contentIndent)
            } else if line.indent < min(contentIndent, 2) {
                if afterBlank || self.interruptsParagraph(next) { break }
            }
            last = next
            if line.indent >= 2, let fence = markdownFence(self.text, line) {
                last = self.fenceEnd(fence, from: next)
            }
            afterBlank = false
            next = last + 1
        }
        self.add(.list, from: self.index, through: last)
    }

    private func isTableHead(_ index: Int) -> Bool {
        guard index + 1 < self.lines.count else { return false }
        let line = self.lines[index]
        guard self.hasBar(line) else { return false }
        return isTableDelimiter(self.text, self.lines[index + 1])
    }

    private func hasBar(_ line: TextLine) -> Bool {
        self.text[line.contentStart..<line.contentEnd].contains(.verticalBar)
    }

    private mutating func takeTable() {
        var last = self.index + 1
        for next in self.lines.indices[(self.index + 2)...] {
            let line = self.lines[next]
            guard !line.isBlank, self.hasBar(line) else { break }
            last = next
        }
        self.add(.table, from: self.index, through: last)
    }

    private mutating func takeParagraph() {
        var last = self.index
        let isFootnote = isFootnoteDefinition(self.text, self.lines[self.index])
        for next in self.lines.indices[(self.index + 1)...] {
            let line = self.lines[next]
            if line.isBlank { break }
            if line.indent < 4, let level = setextLevel(self.text, line) {
                self.add(.heading, level: UInt8(level), from: self.index, through: next)
                return
            }
            if self.interruptsParagraph(next) || isFootnoteDefinition(self.text, line) { break }
            last = next
        }
        self.add(isFootnote ? .footnote : .paragraph, from: self.index, through: last)
    }

    private func interruptsParagraph(_ index: Int) -> Bool {
        let line = self.lines[index]
        guard line.indent < 4 else { return false }
        if self.byte(line) == .greaterThan || isThematicBreak(self.text, line) { return true }
        if atxLevel(self.text, line) != nil || markdownFence(self.text, line) != nil { return true }
        if self.isComment(line) { return true }
        if let marker = markdownMarker(self.text, line) {
            return marker.number.map { $0 == 1 } ?? true
        }
        return self.isTableHead(index)
    }
}
