internal import Bytes

/// How a unit's text looks: its length, links, letters and punctuation, in classes that weights are
/// learnt for.
struct UnitShape {
    var tag = 0
    var length = 0
    var link = 0
    var kind = Kind.none
    var ending = 0
    var beginning = 0
    var commas = 0
    var digits = 0
    var marks: UInt64 = 0
    /// Categories of ``CallWords`` it has words of.
    var words: UInt64 = 0
    /// A heading such as "References".
    var headsReferences = false
    /// It has the sign of a currency beside a number.
    var hasPrice = false

    enum Kind: Int {
        case none, prose, label, links, heading, line
    }

    static let tagCount = 18
    static let lengthLimits: [Int32] = [12, 25, 45, 80, 140, 250, 500]
    /// So much of a text is looked at.
    private static let byteLimit = 400

    init() {}

    /// - Parameter head: working storage.
    init(
        _ unit: TextUnit,
        in arena: HTMLArena,
        _ scanned: ScannedPage,
        head: inout [UInt8]
    ) {
        let tag = arena.nodes[unit.node].tag
        self.tag = Self.tagClass(tag)
        self.length = bucket(unit.textBytes, Self.lengthLimits)
        self.noteLinks(unit, isHeading: tag.isHeading)
        head.removeAll(keepingCapacity: true)
        var tail: Int32 = 0
        unit.forEachRun(in: arena) { record in
            let run = scanned.runs[record]
            tail = run.end
            let room = Self.byteLimit - head.count
            guard room > 0 else { return }
            if let last = head.last, last != 0x20 { head.append(0x20) }
            head.append(
                contentsOf: scanned.text[Int(run.start)..<min(Int(run.end), Int(run.start) + room)]
            )
        }
        self.ending = Self.endClass(scanned.text, before: Int(tail))
        if self.kind == .heading { self.headsReferences = ReferenceLabels.shared.contains(head) }
        head.withUnsafeBufferPointer {
            self.noteText($0)
            self.words = CallWords.shared.categories(of: $0)
        }
    }

    private mutating func noteLinks(_ unit: TextUnit, isHeading: Bool) {
        let links = Int64(unit.linkBytes)
        let all = Int64(unit.textBytes)
        if links == 0 {
            self.link = 0
        } else {
            self.link = links * 4 < all ? 1 : links * 2 < all ? 2 : links * 10 < all * 9 ? 3 : 4
        }
        if isHeading {
            self.kind = .heading
        } else if links * 2 >= all {
            self.kind = .links
        } else {
            self.kind = all >= 140 ? .prose : all >= 45 ? .line : .label
        }
    }

    private mutating func noteText(_ text: UnsafeBufferPointer<UInt8>) {
        var counts: UInt32 = 0
        var signs: UInt8 = 0
        ByteMarks.table.withUnsafeBufferPointer { table in
            for byte in text {
                let marks = table[Int(byte)]
                counts &+= marks.counts
                signs |= marks.signs
            }
        }
        let commas = Int(counts & ByteMarks.countMask)
        let digits = Int(counts >> 10 & ByteMarks.countMask)
        let letters = Int(counts >> 20)
        self.marks = UInt64(signs & ~ByteMarks.isMultibyte)
        self.commas = commas < 2 ? commas : commas < 4 ? 2 : 3
        self.digits = digits == 0 ? 0 : digits * 10 < letters ? 1 : digits * 3 < letters ? 2 : 3
        if signs & ByteMarks.isMultibyte != 0, contains("©", text) { self.marks |= 32 }
        if contains("http", text) || contains("www.", text) { self.marks |= 64 }
        self.hasPrice = self.digits > 0 && ByteMarks.holdsCurrency(text)
        if matches("»", text, at: 0) || matches("›", text, at: 0) || matches("→", text, at: 0) {
            self.marks |= 128
        }
        guard let first = text.first else { return }
        switch first {
        case 0x41...0x5A: self.beginning = 0
        case 0x61...0x7A: self.beginning = 1
        case 0x30...0x39: self.beginning = 2
        default: self.beginning = first >= 0x80 ? 3 : 4
        }
    }

    /// What kind of character a text ends with, brackets and quotes apart.
    private static func endClass(_ text: [UInt8], before end: Int) -> Int {
        var index = end - 1
        while index > 0, isClosing(text[index]) { index -= 1 }
        guard index >= 0, index < text.count else { return 0 }
        switch text[index] {
        case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"): return 1
        case UInt8(ascii: ":"): return 2
        case 0x30...0x39: return 3
        case UInt8(ascii: ">"), UInt8(ascii: "|"): return 4
        case 0x41...0x5A, 0x61...0x7A: return 0
        case 0x80...:
            guard index >= 2 else { return 0 }
            // Full stops and marks of the far east; then the ellipsis, and quotes after a stop.
            if text[index - 2] == 0xE3, text[index - 1] == 0x80, text[index] == 0x82 { return 1 }
            if text[index - 2] == 0xEF, text[index - 1] == 0xBC { return 1 }
            if text[index - 2] == 0xE2, text[index - 1] == 0x80 {
                return text[index] == 0xA6 ? 4 : 1
            }
            return text[index - 1] == 0xC2 && text[index] == 0xBB ? 4 : 0
        default: return 5
        }
    }

    private static func tagClass(_ tag: HTMLTag) -> Int {
        switch tag {
        case .p: 0
        case .h1: 1
        case .h2: 2
        case .h3: 3
        case .h4, .h5, .h6: 4
        case .ul, .menu, .dir: 5
        case .ol: 6
        case .dl, .dt, .dd: 7
        case .table: 8
        case .td, .th: 9
        case .li: 10
        case .figcaption, .caption: 11
        case .blockquote: 12
        case .pre, .listing, .xmp: 13
        case .div: 14
        case .address, .footer, .header, .nav, .aside: 16
        case .button, .summary, .details: 17
        default: 15
        }
    }
}

/// What one byte adds to the marks of a text of at most ``UnitShape`` `byteLimit` bytes.
private struct ByteMarks {
    /// Commas, digits and letters, ten bits each; a byte beyond ASCII counts as a letter.
    var counts: UInt32 = 0
    /// The bits of ``UnitShape/marks`` for single signs.
    var signs: UInt8 = 0

    static let countMask: UInt32 = 1 << 10 - 1

    /// Whether the sign of a currency is there: `$`, `£`, `¥` or one of U+20A0 to U+20BF.
    static func holdsCurrency(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        text.indices.contains { index in
            switch text[index] {
            case UInt8(ascii: "$"): return true
            case 0xC2:
                return index + 1 < text.count && [0xA3, 0xA5].contains(text[index + 1])
            case 0xE2:
                return index + 2 < text.count && text[index + 1] == 0x82 && text[index + 2] >= 0xA0
            default: return false
            }
        }
    }
    static let isMultibyte: UInt8 = 1 << 7

    static let table: [ByteMarks] = (0...UInt8.max).map { byte in
        switch byte {
        case UInt8(ascii: ","): ByteMarks(counts: 1)
        case 0x30...0x39: ByteMarks(counts: 1 << 10)
        case UInt8(ascii: "@"): ByteMarks(signs: 1)
        case UInt8(ascii: "|"): ByteMarks(signs: 2)
        case UInt8(ascii: ":"): ByteMarks(signs: 4)
        case UInt8(ascii: "("): ByteMarks(signs: 8)
        case ScannedPage.lineBreak: ByteMarks(signs: 16)
        case 0x80...: ByteMarks(counts: 1 << 20, signs: Self.isMultibyte)
        case 0x41...: ByteMarks(counts: 1 << 20)
        default: ByteMarks()
        }
    }
}

/// A blank, quote or bracket that may stand behind the mark a sentence ends with.
@inline(__always)
private func isClosing(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x20, 0x22, 0x27, 0x29, ScannedPage.lineBreak: true
    default: false
    }
}

/// The index of the first limit that a value does not reach.
func bucket(_ value: Int32, _ limits: [Int32]) -> Int {
    var index = 0
    while index < limits.count, value >= limits[index] { index += 1 }
    return index
}

extension TextUnit {
    /// Calls `body` with the index of each run of the unit's text, in order.
    func forEachRun(in arena: HTMLArena, _ body: (Int) -> Void) {
        var cursor = self.node + 1
        let end = Int(arena.nodes[self.node].end)
        while cursor < end {
            let node = arena.nodes[cursor]
            let isOther =
                !self.isWhole && node.tag != .text && node.tag != .a
                && node.tag.role != .inline
            if node.isDropped || isOther {
                cursor = Int(node.end)
                continue
            }
            if node.tag == .text { body(Int(node.record)) }
            cursor += 1
        }
    }
}
