internal import Bytes
internal import Records

/// Reads Rich Text Format into blocks.
///
/// - Source: Microsoft, "Rich Text Format (RTF) Specification", version 1.9.1.
struct RTFReader {
    /// Where the text of a group goes.
    enum Destination {
        case body, skipped, fontTable, styleSheet, note, listText
        case info(String)
    }

    /// What a group inherits and gives back at its end.
    struct Group {
        var destination = Destination.body
        var encoding = WebEncoding.windows1252
        /// Characters behind `\u` that stand for it in readers without Unicode.
        var fallbackCount = 1
        var isHidden = false
        var isDeleted = false
        var raise = WordRaise.none
        /// Whether this group itself began its destination.
        var ownsDestination = false
    }

    /// What `\pard` sets back.
    struct ParagraphProperties {
        var style: Int?
        var outlineLevel: Int?
        var listLevel = 0
        var isInTable = false
    }

    private static let noteStart = Array("{\\footnote".utf8)
    /// Groups inside groups.
    private static let depthLimit = 4_000

    let bytes: [UInt8]
    var index = 0
    var group = Group()
    var groups: [Group] = []
    var paragraph = ParagraphProperties()
    var output = RTFOutput()
    var defaultEncoding = WebEncoding.windows1252
    var fonts: [Int: WebEncoding] = [:]
    var styles: [Int: WordRole] = [:]
    /// The font or style that a table's entry tells of.
    var openEntry = 0
    var entryText: [UInt8] = []
    /// Bytes of the current code page that are not decoded yet.
    private var pending: [UInt8] = []
    /// The first half of a pair of surrogates.
    private var highSurrogate: UInt32?
    /// Characters still to be skipped behind `\u`.
    private var skipCount = 0
    /// `\*` was read: a destination that is not known is skipped.
    private var isOptional = false

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// - Throws: `.limitExceeded` for groups too deep.
    mutating func read() throws(ExtractionError) {
        while self.index < self.bytes.count {
            let byte = self.bytes[self.index]
            switch byte {
            case .leftBrace: try self.openGroup()
            case .rightBrace: self.closeGroup()
            case .backslash: self.readControl()
            case .lineFeed, .carriageReturn, 0: self.index += 1
            default:
                self.index += 1
                self.take(byte)
            }
        }
        self.flush()
        self.output.endDocument()
    }

    private mutating func openGroup() throws(ExtractionError) {
        self.flush()
        guard self.groups.count < Self.depthLimit else {
            throw ExtractionError(.limitExceeded, "groups lie more than \(Self.depthLimit) deep")
        }
        self.index += 1
        self.skipCount = 0
        self.groups.append(self.group)
        self.group.ownsDestination = false
    }

    private mutating func closeGroup() {
        self.flush()
        self.index += 1
        self.skipCount = 0
        self.isOptional = false
        guard let outer = self.groups.popLast() else { return }
        if self.group.ownsDestination { self.endDestination(self.group.destination) }
        self.group = outer
    }

    private mutating func endDestination(_ destination: Destination) {
        switch destination {
        case .note: self.output.endNote()
        case .info(let key): self.output.setInfo(key, self.entryText)
        case .listText: self.output.endListText(self.entryText)
        default: break
        }
        self.entryText.removeAll()
    }

    mutating func begin(_ destination: Destination) {
        guard case .skipped = self.group.destination else {
            self.group.destination = destination
            self.group.ownsDestination = true
            self.entryText.removeAll()
            if case .note = destination { self.output.beginNote() }
            return
        }
    }

    // MARK: Characters

    /// A byte of text in the current code page.
    private mutating func take(_ byte: UInt8) {
        guard self.skipCount == 0 else {
            self.skipCount -= 1
            return
        }
        self.pending.append(byte)
    }

    mutating func append(scalar: UInt32) {
        self.flush()
        var text: [UInt8] = []
        appendScalar(scalar, to: &text)
        self.append(text)
    }

    /// Decodes what is pending, where its text ends.
    mutating func flush() {
        guard !self.pending.isEmpty else { return }
        let bytes = self.pending
        self.pending.removeAll(keepingCapacity: true)
        if bytes.allSatisfy({ $0 < 0x80 }) { return self.append(bytes) }
        let decoded = bytes.withUnsafeBytes {
            convert($0, from: self.group.encoding, isGuessed: false)
        }
        self.output.replacedCount += decoded.replaced
        self.append(decoded.utf8)
    }

    private mutating func append(_ text: [UInt8]) {
        switch self.group.destination {
        case .skipped: break
        case .fontTable: break
        case .styleSheet: self.takeStyleName(text)
        case .info, .listText: self.entryText += text
        case .body, .note:
            guard !self.group.isHidden, !self.group.isDeleted else {
                self.output.countHidden(text, isDeleted: self.group.isDeleted)
                return
            }
            // The mark of a note is no exponent.
            let marksNote = self.bytes[self.index...].starts(with: Self.noteStart)
            self.output.append(text, raised: marksNote ? .none : self.group.raise)
        }
    }

    /// A style's name ends with a semicolon.
    private mutating func takeStyleName(_ text: [UInt8]) {
        self.entryText += text
        guard self.entryText.last == .semicolon else { return }
        let name = String(decoding: self.entryText.dropLast(), as: UTF8.self)
        self.entryText.removeAll()
        if let role = wordRole(ofName: name), self.styles.count < 10_000 {
            self.styles[self.openEntry] = role
        }
    }

    // MARK: Controls

    private mutating func readControl() {
        self.index += 1
        guard self.index < self.bytes.count else { return }
        let first = self.bytes[self.index]
        guard first.isASCIILetter else { return self.readSymbol(first) }
        let start = self.index
        while self.index < self.bytes.count, self.bytes[self.index].isASCIILetter,
            self.index - start < 32
        {
            self.index += 1
        }
        let word = String(decoding: self.bytes[start..<self.index], as: UTF8.self)
        let value = self.parameter()
        if self.index < self.bytes.count, self.bytes[self.index] == .space { self.index += 1 }
        if word == "bin" {
            self.index = min(self.bytes.count, self.index + max(0, value ?? 0))
            return
        }
        guard self.skipCount == 0 else {
            self.skipCount -= 1
            return
        }
        if word == "u" { return self.takeUnicode(value ?? 0) }
        let isOptional = self.isOptional
        self.isOptional = false
        self.flush()
        self.perform(word, value, isOptional: isOptional)
    }

    private mutating func parameter() -> Int? {
        let isNegative = self.index < self.bytes.count && self.bytes[self.index] == .hyphen
        var place = self.index + (isNegative ? 1 : 0)
        let start = place
        var value = 0
        while place < self.bytes.count, let digit = self.bytes[place].asciiDigitValue,
            place - start < 10
        {
            value = value * 10 + digit
            place += 1
        }
        guard place > start else { return nil }
        self.index = place
        return isNegative ? -value : value
    }

    private mutating func readSymbol(_ symbol: UInt8) {
        self.index += 1
        switch symbol {
        case .apostrophe:
            guard self.index + 1 < self.bytes.count,
                let high = self.bytes[self.index].asciiHexadecimalValue,
                let low = self.bytes[self.index + 1].asciiHexadecimalValue
            else { return }
            self.index += 2
            self.take(UInt8(high << 4 | low))
        case .backslash, .leftBrace, .rightBrace: self.take(symbol)
        case .tilde: self.take(.space)
        case .underscore: self.take(.hyphen)
        case .asterisk: self.isOptional = true
        case .lineFeed, .carriageReturn:
            self.flush()
            self.perform("par", nil, isOptional: false)
        default: break
        }
    }

    private mutating func takeUnicode(_ value: Int) {
        let unit = UInt32(truncatingIfNeeded: value < 0 ? value + 65_536 : value) & 0xFFFF
        self.skipCount = self.group.fallbackCount
        if unit & 0xFC00 == 0xD800 {
            self.highSurrogate = unit
        } else if unit & 0xFC00 == 0xDC00 {
            let high = self.highSurrogate.map { ($0 - 0xD800) << 10 }
            self.append(scalar: high.map { 0x10000 + $0 + (unit - 0xDC00) } ?? 0xFFFD)
            self.highSurrogate = nil
        } else {
            // Symbol fonts put their pictures here.
            self.append(scalar: unit)
        }
    }
}
