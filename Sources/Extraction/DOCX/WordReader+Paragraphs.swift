internal import Bytes
internal import Formats
internal import Records

/// A list of blocks that is being read: the document, a cell, a text box or a note.
struct WordContainer {
    var blocks: [WordBlock] = []
    /// The start of a paragraph whose end was deleted.
    var carried: WordLine?
}

struct OpenParagraph {
    var line = WordLine()
    var properties = WordProperties()
    /// What text boxes anchored here hold.
    var boxes: [WordBlock] = []
    var joinsNext = false
    var links: [OpenWordLink] = []
    /// Raised or lowered text that is not written yet.
    var raised = RaisedText()
    var hasFixedPitch = false
    var hasOtherPitch = false
}

/// Paragraphs and the text of their runs.
extension WordReader {
    func openParagraph() {
        var paragraph = OpenParagraph()
        paragraph.properties = self.styles.paragraphDefault
        if let last = self.containers.indices.last, let carried = self.containers[last].carried {
            paragraph.line = carried
            self.containers[last].carried = nil
        }
        self.paragraphs.append(paragraph)
    }

    func closeParagraph() {
        // A link may go on in the next paragraph.
        while self.paragraphs.last?.links.isEmpty == false { self.closeLink() }
        self.writeRaised()
        guard let open = self.paragraphs.popLast(), let last = self.containers.indices.last else {
            return
        }
        if open.joinsNext {
            self.containers[last].carried = open.line
        } else if let paragraph = self.paragraph(open) {
            self.containers[last].blocks.append(.paragraph(paragraph))
        }
        self.containers[last].blocks.append(contentsOf: open.boxes)
    }

    /// The blocks of the innermost container, which ends.
    func closeContainer() -> [WordBlock] {
        guard self.containers.count > 1, let container = self.containers.popLast() else {
            return []
        }
        guard let carried = container.carried else { return container.blocks }
        return container.blocks + [.paragraph(WordParagraph(line: carried))]
    }

    /// A text box follows the paragraph it is anchored in.
    func closeBox() {
        let blocks = self.closeContainer()
        if let last = self.paragraphs.indices.last {
            self.paragraphs[last].boxes.append(contentsOf: blocks)
        } else if let last = self.containers.indices.last {
            self.containers[last].blocks.append(contentsOf: blocks)
        }
    }

    func joinNextParagraph() {
        if let last = self.paragraphs.indices.last { self.paragraphs[last].joinsNext = true }
    }

    func takeParagraphProperty(_ element: XMLElement) {
        guard let last = self.paragraphs.indices.last else { return }
        switch element.name.local {
        case "pStyle":
            if let id = element["val"] { self.paragraphs[last].properties = self.styles[id] }
        case "numId":
            self.paragraphs[last].properties.take(element)
            self.paragraphs[last].properties.listStyle = nil
        case "outlineLvl", "ilvl": self.paragraphs[last].properties.take(element)
        // What is left are properties of the paragraph's mark.
        default: break
        }
    }

    private func paragraph(_ open: OpenParagraph) -> WordParagraph? {
        let properties = open.properties
        var role = properties.role ?? .body
        // The paragraph's own level, or its style's, counts more than what the style is called.
        if let level = properties.outlineLevel, role != .contents, role != .title {
            role = level < 9 ? .heading(UInt8(max(0, min(level, 5)) + 1)) : role.withoutHeading
        }
        if role == .contents || self.isInContents {
            switch self.options.contents {
            case .drop:
                if !open.line.text.isEmpty { self.contentsCount += 1 }
                return nil
            case .aside: role = .contents
            case .keep: role = .body
            }
        }
        if role == .body, open.hasFixedPitch, !open.hasOtherPitch { role = .code }
        var line = role == .code ? open.line.withoutEndBlanks : open.line.trimmed
        guard !line.text.isEmpty || role == .code else { return nil }
        var item: WordItem?
        if !line.text.isEmpty, let mark = self.nextMark(of: properties) {
            if role == .body {
                let depth = max(properties.listLevel ?? 0, properties.listDepth ?? 0)
                item = WordItem(level: depth, mark: mark)
            } else if role != .code {
                line.markdown = mark.printed + line.markdown
                line.text = mark.printed + line.text
            }
        }
        return WordParagraph(line: line, role: role, item: item)
    }

    /// What the paragraph's list prints before it.
    private func nextMark(of properties: WordProperties) -> WordMark? {
        guard let id = properties.listID else { return nil }
        let level =
            properties.listLevel ?? self.numbering.level(ofStyle: properties.listStyle, in: id)
        return self.numbering.next(id, level: level ?? 0)
    }

    private var isHidden: Bool {
        self.runs.last?.isHidden ?? self.paragraphs.last?.properties.isHidden ?? false
    }

    func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let last = self.paragraphs.indices.last, !bytes.isEmpty else { return }
        guard !self.isHidden else {
            self.hiddenCount += 1
            return
        }
        self.notePitch(of: bytes)
        guard bytes.contains(where: { $0 >= 0x80 || $0 < 0x20 }) else {
            return self.append(visible: Array(bytes), to: last)
        }
        var kept: [UInt8] = []
        kept.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let (scalar, length) = decodeScalar(bytes, at: index)
            let kind = InvisibleScalar.judge(scalar)
            if kind == .suspicious {
                self.invisibleCount += 1
            } else if kind == .blank {
                kept.append(0x20)
            } else if kind != .dropped {
                kept.append(contentsOf: bytes[index..<index + length])
            }
            index += length
        }
        self.append(visible: kept, to: last)
    }

    private func append(visible bytes: [UInt8], to paragraph: Int) {
        let raise = self.runs.last?.raise ?? self.paragraphs[paragraph].properties.raise ?? .none
        if raise == .none || raise != self.paragraphs[paragraph].raised.raise { self.writeRaised() }
        guard raise != .none else { return self.paragraphs[paragraph].line.append(bytes) }
        self.paragraphs[paragraph].raised.raise = raise
        self.paragraphs[paragraph].raised.text += bytes
    }

    /// Writes the raised text at hand, so that `10⁶` does not become `106`.
    func writeRaised() {
        guard let last = self.paragraphs.indices.last,
            !self.paragraphs[last].raised.text.isEmpty
        else { return }
        let raised = self.paragraphs[last].raised
        self.paragraphs[last].raised = RaisedText()
        self.paragraphs[last].line.append(raised.written(after: self.paragraphs[last].line.text))
    }

    func append(_ byte: UInt8) {
        self.writeRaised()
        guard let last = self.paragraphs.indices.last, !self.isHidden else { return }
        self.paragraphs[last].line.append(CollectionOfOne(byte))
    }

    /// A break of the line; one of the page or column ends no sentence.
    func appendBreak(_ type: String?) {
        self.append(type == nil || type == "textWrapping" ? 0x0A : 0x20)
    }

    /// A character by its code in a font; those of the private use area are pictures of a symbol font.
    func appendSymbol(_ code: String?, font: String?) {
        guard let value = code.flatMap({ UInt32($0, radix: 16) }), value >= 0x20,
            value < 0x11_0000
        else { return }
        guard let scalar = pictureScalar(value, font: font ?? "") else {
            self.symbolCount += 1
            return
        }
        self.append(text: String(Character(scalar)))
    }

    func append(text: String) {
        Array(text.utf8).withUnsafeBufferPointer { self.append($0) }
    }

    func appendReference(_ id: String?, _ kind: Note.Kind) {
        guard let id, let last = self.paragraphs.indices.last, !self.isHidden else { return }
        self.writeRaised()
        let number = self.number(of: Note(kind: kind, id: id))
        self.paragraphs[last].line.markdown.append(contentsOf: "[^\(number)]".utf8)
        self.paragraphs[last].line.notes.append(number)
    }

    private func notePitch(of bytes: UnsafeBufferPointer<UInt8>) {
        guard let last = self.paragraphs.indices.last, bytes.contains(where: { $0 > 0x20 }) else {
            return
        }
        let isFixed =
            self.runs.last?.isFixedPitch ?? self.paragraphs[last].properties.isFixedPitch ?? false
        if isFixed {
            self.paragraphs[last].hasFixedPitch = true
        } else {
            self.paragraphs[last].hasOtherPitch = true
        }
    }
}

extension WordRole {
    fileprivate var withoutHeading: WordRole { if case .heading = self { .body } else { self } }
}

extension WordLine {
    fileprivate var trimmed: WordLine {
        var line = self
        line.markdown = blanksTrimmed(self.markdown)
        line.text = blanksTrimmed(self.text)
        return line
    }

    fileprivate var withoutEndBlanks: WordLine {
        func cut(_ bytes: [UInt8]) -> [UInt8] {
            Array(bytes.prefix((bytes.lastIndex { $0 > 0x20 } ?? -1) + 1))
        }
        var line = self
        line.markdown = cut(self.markdown)
        line.text = cut(self.text)
        return line
    }
}

/// Lines without blanks at their ends, with single blanks for tabs and runs of them.
private func blanksTrimmed(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for byte in bytes {
        let isBlank = byte == 0x20 || byte == 0x09
        if isBlank, result.isEmpty || result.last == 0x0A || result.last == 0x20 { continue }
        if byte == 0x0A {
            while result.last == 0x20 { result.removeLast() }
            if result.isEmpty || result.last == 0x0A { continue }
        }
        result.append(isBlank ? 0x20 : byte)
    }
    while let last = result.last, last <= 0x20 { result.removeLast() }
    return result
}
