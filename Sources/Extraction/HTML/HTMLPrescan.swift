internal import Bytes

/// Reads a page once, byte by byte, into a tree and what its nodes refer to.
///
/// Comments, scripts, styles, drawings and other content that is no text are passed over without
/// looking inside; inline formatting disappears into the text around it; every other element is
/// opened and closed properly nested (WHATWG HTML §13.2.6, as far as it matters to content).
///
/// - Complexity: O(n) in time and memory; nothing recurses.
struct HTMLPrescan {
    let bytes: UnsafeBufferPointer<UInt8>
    var scanned = ScannedPage()
    var tree: HTMLTreeBuilder

    var attributes = TagAttributes()
    let tags = TagTable.shared
    var memo = SignalMemo()
    let references = CharacterReferences.shared
    var style = PageStyle()
    private(set) var readsStyle = true
    /// Where the text began of the outermost open block that a style sheet hides, and which it is.
    var styledStart = -1
    var styledIndex = -1

    /// Elements that are open, outermost first.
    var open: [OpenElement] = []
    var emittedDepth = 0
    var openTables = 0
    var preformattedDepth = 0
    /// For each inline tag a stack of bits, innermost last, that say whether its start tag was kept.
    var inlineKept = [UInt64](repeating: 0, count: HTMLTag.allCases.count)
    var inlineDepth = 0
    /// Tags of which no end follows, so that looking for one again is pointless.
    var neverClosed: Set<HTMLTag> = []

    /// Where the run of text that is being written began.
    var runStart = 0
    var spaceIsPending = false
    var breaksPending = 0
    /// The pending space has a line's end in it, which is no blank between two wide characters.
    var lineEndIsPending = false
    /// Where the text of the innermost block began.
    var blockStart = 0
    /// Index of the end tag before which a bracket around an exponent is closed, or -1.
    var parenthesisEnd = -1
    /// Where the last end looked for is: a start tag before it has the same.
    var knownEnds: [HTMLTag: (content: Int, next: Int)] = [:]
    var isXHTML = false
    /// The last joiner or selector, and where the text ended after it.
    var joiner: UInt32 = 0
    var joinerEnd = -1

    struct OpenElement {
        var tag: HTMLTag
        var isEmitted: Bool
        /// Index of its record, or -1.
        var record: Int32
    }

    /// - Parameter readsStyle: take up what the page's own style sheets hide.
    init(_ bytes: UnsafeBufferPointer<UInt8>, readsStyle: Bool = true) {
        self.bytes = bytes
        self.readsStyle = readsStyle
        self.tree = HTMLTreeBuilder(capacity: bytes.count / 50 + 16)
        self.scanned.text.reserveCapacity(bytes.count / 2 + 64)
        self.scanned.runs.reserveCapacity(bytes.count / 100 + 8)
    }

    /// Reads the page to its end; called once.
    mutating func run() -> (ScannedPage, HTMLArena) {
        self.isXHTML = matches("<?xml", self.bytes, at: 0)
        ByteClass.table.withUnsafeBufferPointer { classes in
            var index = 0
            while index < self.bytes.count {
                if self.bytes[index] == 0x3C {
                    index = self.readMarkup(at: index)
                } else {
                    index = self.readText(from: index, classes)
                }
            }
        }
        self.endRun()
        return (self.scanned, self.tree.finish(bodySignals: self.scanned.head.bodySignals))
    }

    // MARK: Markup

    private mutating func readMarkup(at index: Int) -> Int {
        guard index + 1 < self.bytes.count else {
            self.write(0x3C)
            return index + 1
        }
        let next = self.bytes[index + 1]
        if isLetter(next) { return self.readStartTag(at: index + 1) }
        switch next {
        case 0x2F:
            guard index + 2 < self.bytes.count else { return self.bytes.count }
            if isLetter(self.bytes[index + 2]) { return self.readEndTag(at: index + 2) }
            return self.endOfBogusComment(from: index + 2)
        case 0x21:
            return self.endOfDeclaration(from: index)
        case 0x3F:
            return self.endOfBogusComment(from: index + 2)
        default:
            self.write(0x3C)
            return index + 1
        }
    }

    private mutating func readName(at index: Int) -> (tag: HTMLTag, end: Int) {
        var cursor = index
        var hasHyphen = false
        var hasControl = false
        while cursor < self.bytes.count {
            let byte = self.bytes[cursor]
            if byte <= 0x3E {
                if endsName(byte) { break }
                if byte == 0x2D { hasHyphen = true }
                if byte < 0x20 { hasControl = true }
            }
            cursor += 1
        }
        if hasHyphen { return (.custom, cursor) }
        guard cursor - index <= 16, !hasControl else { return (.unknown, cursor) }
        return (self.tags.tag(named: TagName(self.bytes, from: index, to: cursor)), cursor)
    }

    private mutating func readStartTag(at index: Int) -> Int {
        let (tag, nameEnd) = self.readName(at: index)
        let (end, isSelfClosing) = self.attributes.scan(self.bytes, from: nameEnd)
        switch tag.role {
        case .box, .structure:
            self.openBlock(tag, nameRange: SourceRange(start: Int32(index), end: Int32(nameEnd)))
            if isSelfClosing, self.isXHTML || tag == .custom { self.closeBlock(tag) }
        case .inline:
            if tag == .math, let next = self.readMath(from: end) { return next }
            if tag == .sup || tag == .sub {
                self.markRaised(tag, from: end)
            } else if tag == .span, self.attributes.has(.style), let raised = self.styledRaise() {
                self.markRaised(raised, endTag: "</span", from: end)
            }
            self.openInline(tag, isSelfClosing: isSelfClosing)
        case .anchor:
            self.openAnchor()
        case .lineBreak:
            self.breakLine(tag)
        case .void:
            if tag == .input { self.markTask() }
        case .skipped:
            return self.readSkipped(tag, from: end, isSelfClosing: isSelfClosing)
        case .page:
            return self.readPageTag(tag, from: end)
        }
        return end
    }

    private mutating func readEndTag(at index: Int) -> Int {
        let (tag, nameEnd) = self.readName(at: index)
        let end = firstIndex(of: 0x3E, in: self.bytes, from: nameEnd).map { $0 + 1 }
        switch tag.role {
        case .box, .structure: self.closeBlock(tag)
        case .inline, .anchor:
            self.closeRaised(at: index - 2)
            self.closeInline(tag)
        case .lineBreak: self.breakLine(tag)
        case .skipped where tag.isRead: self.closeBlock(tag)
        case .void, .skipped, .page: break
        }
        return end ?? self.bytes.count
    }

    private mutating func breakLine(_ tag: HTMLTag) {
        switch tag {
        case .br where self.preformattedDepth > 0: self.write(0x0A)
        case .br: self.breaksPending += 1
        case .hr: self.breaksPending = 2
        default: break
        }
    }

    // MARK: Text

    /// Copies text up to the next `<`; collapses white space outside preformatted elements.
    private mutating func readText(
        from start: Int,
        _ classes: UnsafeBufferPointer<UInt8>
    ) -> Int {
        let isVerbatim = self.preformattedDepth > 0
        let count = self.bytes.count
        var index = start
        while index < count {
            let byte = self.bytes[index]
            switch classes[Int(byte)] {
            case ByteClass.plain:
                var end = index + 1
                while end < count {
                    if classes[Int(self.bytes[end])] == ByteClass.plain {
                        end += 1
                    } else if self.bytes[end] == 0x20, end + 1 < count,
                        classes[Int(self.bytes[end + 1])] == ByteClass.plain
                    {
                        end += 2
                    } else {
                        break
                    }
                }
                self.writePending(before: self.bytes[index])
                self.scanned.text.append(
                    contentsOf: UnsafeBufferPointer(rebasing: self.bytes[index..<end])
                )
                index = end
            case ByteClass.blank:
                if isVerbatim {
                    self.writeVerbatimBlank(byte, at: index)
                    index += 1
                } else {
                    index = self.passBlanks(from: index, classes)
                }
            case ByteClass.markup:
                return index
            case ByteClass.reference:
                index = self.readReference(at: index)
            default:
                index = self.readSpecial(at: index)
            }
        }
        return count
    }

    /// Passes over white space, much of which indents source.
    @inline(__always)
    private mutating func passBlanks(
        from start: Int,
        _ classes: UnsafeBufferPointer<UInt8>
    ) -> Int {
        let eightBlanks: UInt64 = 0x2020_2020_2020_2020
        self.spaceIsPending = true
        var index = start
        while index < self.bytes.count, classes[Int(self.bytes[index])] == ByteClass.blank {
            let byte = self.bytes[index]
            if byte == 0x0A || byte == 0x0D { self.lineEndIsPending = true }
            index += 1
            while index + 8 <= self.bytes.count,
                let base = UnsafeRawPointer(self.bytes.baseAddress),
                base.loadUnaligned(fromByteOffset: index, as: UInt64.self) == eightBlanks
            {
                index += 8
            }
        }
        return index
    }

    private mutating func readReference(at index: Int) -> Int {
        guard
            let found = self.references.resolve(self.bytes, at: index, inAttribute: false)
        else {
            self.write(0x26)
            return index + 1
        }
        self.write(scalar: found.first)
        if found.second != 0 { self.write(scalar: found.second) }
        return index + found.byteCount
    }

    /// A control character, or a sequence whose lead byte may begin an invisible code point.
    private mutating func readSpecial(at index: Int) -> Int {
        let lead = self.bytes[index]
        let length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        guard index + length <= self.bytes.count else { return self.bytes.count }
        var value = UInt32(lead)
        if length > 1 {
            value = UInt32(lead) & (0x7F >> UInt32(length))
            for offset in 1..<length {
                value = value << 6 | UInt32(self.bytes[index + offset] & 0x3F)
            }
        }
        self.write(scalar: value)
        return index + length
    }

    private mutating func write(scalar value: UInt32) {
        switch InvisibleScalar.judge(value) {
        case .visible:
            self.writePending(before: value >= 0xFF00 && value < 0xFFA0 ? 0xE3 : 0)
            appendScalar(value, to: &self.scanned.text)
        case .joining:
            // One joiner or selector shapes what stands before it; a run of them spells a message.
            let isRun = self.scanned.text.count == self.joinerEnd && !self.spaceIsPending
            if isRun, !(value == 0x200D && self.joiner == 0xFE0F) {
                self.scanned.invisibleCount += 1
            } else {
                self.writePending()
                appendScalar(value, to: &self.scanned.text)
                self.joinerEnd = self.scanned.text.count
                self.joiner = value
            }
        case .blank:
            if self.preformattedDepth > 0 {
                self.writeVerbatimBlank(value == 0x0A ? 0x0A : 0x20, at: 0)
            } else {
                self.spaceIsPending = true
            }
        case .dropped:
            break
        case .suspicious:
            self.scanned.invisibleCount += 1
        }
    }

    mutating func write(_ byte: UInt8) {
        self.writePending()
        self.scanned.text.append(byte)
    }

    /// A CR of a CRLF pair is dropped, alone it is a line end.
    private mutating func writeVerbatimBlank(_ byte: UInt8, at index: Int) {
        if byte == 0x0D {
            if index + 1 < self.bytes.count, self.bytes[index + 1] == 0x0A { return }
            self.scanned.text.append(0x0A)
        } else {
            self.scanned.text.append(byte == 0x09 || byte == 0x0A ? byte : 0x20)
        }
    }

    /// - Parameter lead: first byte of the character that follows, as far as it may be a wide one.
    @inline(__always)
    private mutating func writePending(before lead: UInt8 = 0) {
        if self.breaksPending > 0 {
            for _ in 0..<min(2, self.breaksPending) {
                self.scanned.text.append(ScannedPage.lineBreak)
            }
            self.breaksPending = 0
            self.spaceIsPending = false
            self.lineEndIsPending = false
        } else if self.spaceIsPending {
            let isJoined =
                self.lineEndIsPending && beginsWideCharacter(lead) && self.endsInWideCharacter
            if !isJoined { self.scanned.text.append(0x20) }
            self.spaceIsPending = false
            self.lineEndIsPending = false
        }
    }

    /// Whether the text so far ends in a character of a script without blanks between words.
    private var endsInWideCharacter: Bool {
        let end = self.scanned.text.count
        guard end >= 3 else { return false }
        let lead = self.scanned.text[end - 3]
        if beginsWideCharacter(lead), self.scanned.text[end - 2] & 0xC0 == 0x80 { return true }
        if lead == 0xEF {
            let second = self.scanned.text[end - 2]
            return second == 0xBC || (second == 0xBD && self.scanned.text[end - 1] < 0xA0)
        }
        return end >= 4 && self.scanned.text[end - 4] == 0xF0 && lead >= 0xA0 && lead <= 0xAF
    }

    /// Commas are counted in so much of a run.
    private static let sampleByteCount = 512

    /// Ends the current run of text, if there is one, before a tag is written.
    mutating func endRun() {
        let end = self.scanned.text.count
        guard end > self.runStart else { return }
        self.tree.text(run: self.scanned.runs.count)
        var commas: UInt16 = 0
        for index in self.runStart..<min(end, self.runStart + Self.sampleByteCount)
        where self.scanned.text[index] == UInt8(ascii: ",") {
            commas += 1
        }
        self.scanned.runs.append(
            ScannedPage.TextRun(
                start: Int32(self.runStart),
                end: Int32(end),
                isVerbatim: self.preformattedDepth > 0,
                commas: commas
            )
        )
        self.runStart = end
    }
}

/// Whether a byte begins a character of U+3000 to U+9FFF (Han, kana and their punctuation).
///
/// Hangul, which has blanks between words, does not lie there.
///
/// - Source: CSS Text 3 §4.1.3: a line's end between two wide characters is no blank.
@inline(__always)
private func beginsWideCharacter(_ lead: UInt8) -> Bool { lead >= 0xE3 && lead <= 0xE9 }

/// What a byte can begin in text.
enum ByteClass {
    static let plain: UInt8 = 0
    static let blank: UInt8 = 1
    static let markup: UInt8 = 2
    static let reference: UInt8 = 3
    static let special: UInt8 = 4

    static let table: [UInt8] = (0...255).map { byte in
        switch byte {
        case 0x09, 0x0A, 0x0C, 0x0D, 0x20: blank
        case 0x3C: markup
        case 0x26: reference
        case 0x00...0x1F, 0x7F, 0xC2, 0xE2, 0xEF, 0xF3: special
        default: plain
        }
    }
}

/// Whether a byte ends the name of a tag or attribute.
@inline(__always)
func endsName(_ byte: UInt8) -> Bool { byte == 0x3E || byte == 0x2F || isHTMLBlank(byte) }

@inline(__always)
private func isLetter(_ byte: UInt8) -> Bool {
    let lower = byte | 0x20
    return lower >= 0x61 && lower <= 0x7A
}

func appendDecimal(_ value: Int, to output: inout [UInt8]) {
    var divisor = 1
    while value / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
        output.append(0x30 + UInt8(value / divisor % 10))
        divisor /= 10
    }
}
