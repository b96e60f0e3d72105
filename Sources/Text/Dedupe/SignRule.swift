internal import Bytes

/// Which signs, operators and emoji are tokens of a text, beside its words.
///
/// Letter case and punctuation make no new document, but `-5` and `+5`, `a+b` and `a*b`, `1.5` and
/// `1-5`, 👍 and 👎 are different statements. A byte that Markdown uses for markup counts only where it
/// cannot be markup: `2 * 3` has a sign, `* item` and `*word*` have none.
///
/// A function of the byte and its line, so that equal lines of prose have equal signs. Between fences of
/// code every mark counts.
struct SignRule {
    let text: UnsafeBufferPointer<UInt8>

    /// ASCII bytes that ``sign(ascii:at:)`` must see; no other is ever a sign.
    ///
    /// The backtick opens a ``CodeFence``.
    static let candidates: [UInt8] = Array("+-*/=<>%&|^~!@#$.,:()`".utf8)

    /// The same between fences of code: all that is neither a word nor white space.
    static let codeCandidates: [UInt8] = (0x21..<0x7F).filter {
        !$0.isASCIIAlphanumeric && $0 != UInt8(ascii: "_")
    }

    /// The sign that an ASCII byte of code is; the marks around a string are all one.
    func sign(code byte: UInt8) -> UInt32 {
        let isQuote = byte == UInt8(ascii: "'") || byte == UInt8(ascii: "`")
        return UInt32(isQuote ? UInt8(ascii: "\"") : byte)
    }

    /// The sign that the ASCII byte at `offset` is, 0 when it is punctuation or markup.
    func sign(ascii byte: UInt8, at offset: Int) -> UInt32 {
        self.isSign(byte, at: offset) ? UInt32(byte) : 0
    }

    private func isSign(_ byte: UInt8, at offset: Int) -> Bool {
        let before = self.byte(offset - 1)
        let after = self.byte(offset + 1)
        switch byte {
        case UInt8(ascii: "."):
            return self.isDigit(after)
                && (self.isDigit(before) || !self.isWord(before) && before != byte)
        case UInt8(ascii: ","), UInt8(ascii: ":"):
            return self.isDigit(before) && self.isDigit(after)
        case UInt8(ascii: "-"): return self.isMinus(before: offset, after: offset + 1)
        case UInt8(ascii: "+"):
            return !self.isBullet(offset, length: 1) || self.isDigit(self.nextByte(offset + 1))
        case UInt8(ascii: "*"), UInt8(ascii: "/"): return self.joinsOperands(offset, byte)
        case UInt8(ascii: "="): return !self.isRule(offset, byte)
        case UInt8(ascii: "<"), UInt8(ascii: "%"), UInt8(ascii: "^"), UInt8(ascii: "$"):
            return true
        case UInt8(ascii: ">"): return !self.startsLine(offset)
        case UInt8(ascii: "&"):
            return !(self.isBlank(before) && self.isBlank(after)) || self.isAssigned(offset)
        case UInt8(ascii: "|"):
            return before == byte && self.isBlank(after) && self.isBlank(self.byte(offset - 2))
                || after == byte && self.isBlank(before) && self.isBlank(self.byte(offset + 2))
                || self.isBlank(before) && self.isBlank(after) && self.isAssigned(offset)
        case UInt8(ascii: "~"): return self.isDigit(after)
        case UInt8(ascii: "!"):
            return after == UInt8(ascii: "=")
                || (self.isWord(after) || after == UInt8(ascii: "("))
                    && !self.isWord(before) && before != byte && before < 0x80
        case UInt8(ascii: "@"): return self.isWord(after)
        case UInt8(ascii: "#"): return self.isLetter(before)
        case UInt8(ascii: "("), UInt8(ascii: ")"): return self.standsBesideOperator(offset)
        default: return false
        }
    }

    /// The sign that a scalar beyond ASCII is, 0 when it is none.
    ///
    /// Dashes are all one, and full-width forms are their ASCII signs.
    func sign(_ scalar: UInt32, isSign: Bool, at offset: Int, length: Int) -> UInt32 {
        switch scalar {
        case 0x2010...0x2015, 0x2212, 0xFE58, 0xFE63, 0xFF0D:
            let isDash = self.isMinus(before: offset, after: offset + length)
            let isMinus = scalar == 0x2212 && !self.isBullet(offset, length: length)
            return isDash || isMinus ? UInt32(UInt8(ascii: "-")) : 0
        case 0x2030, 0x2031: return scalar
        case 0x2032, 0x2033: return self.isDigit(self.byte(offset - 1)) ? scalar : 0
        case 0xFF05: return UInt32(UInt8(ascii: "%"))
        case 0xFF04, 0xFF0B, 0xFF1C...0xFF1E, 0xFF3E, 0xFF5C, 0xFF5E: return scalar - 0xFEE0
        // Arrows and shapes that open a line are bullets.
        case 0x2190...0x21FF, 0x25A0...0x25FF, 0x2794...0x27BF:
            return isSign && !self.isBullet(offset, length: length) ? scalar : 0
        default: return isSign ? scalar : 0
        }
    }

    /// Whether a dash is a minus, the sign of a number or the middle of a range or date.
    private func isMinus(before offset: Int, after end: Int) -> Bool {
        let before = self.byte(offset - 1)
        let after = self.byte(end)
        if self.isDigit(before), self.isDigit(after) { return true }
        if self.isBlank(before), self.isBlank(after), !self.startsLine(offset) {
            return self.isDigit(self.nextByte(end)) || self.isDigit(self.lastByte(offset))
        }
        // `= -x`, `(-x)`: a minus before a name; `i--)`: a step down.
        if self.isLetter(after), "=([<>*/+^".utf8.contains(self.lastByte(offset)) { return true }
        if after == UInt8(ascii: "-"), self.isWord(before) {
            return ";)]".utf8.contains(self.byte(end + 1))
        }
        guard !self.isWord(before), before != UInt8(ascii: "-"), before != UInt8(ascii: ")") else {
            return false
        }
        let isFraction = after == UInt8(ascii: ".") || after == UInt8(ascii: "$")
        return self.isDigit(after) || isFraction && self.isDigit(self.byte(end + 1))
    }

    /// Whether an equals sign stands before it in its line, which is no row of a table: `x = a & b`.
    private func isAssigned(_ offset: Int) -> Bool {
        var place = offset - 1
        var hasEquals = false
        while place >= 0, offset - place <= Self.indentLimit, self.text[place] != 0x0A {
            hasEquals = hasEquals || self.text[place] == UInt8(ascii: "=")
            place -= 1
        }
        return hasEquals && self.byte(self.nextPlace(place + 1)) != UInt8(ascii: "|")
    }

    /// `a*b`, `2 * b`; neither `*a*`, `* a`, `* * *` nor `//`.
    private func joinsOperands(_ offset: Int, _ byte: UInt8) -> Bool {
        let before = self.byte(offset - 1)
        let after = self.byte(offset + 1)
        if self.isBlank(before), self.isBlank(after) {
            return !self.startsLine(offset) && self.lastByte(offset) != byte
                && self.nextByte(offset + 1) != byte
        }
        return (self.isWord(before) || before == UInt8(ascii: ")") || before == UInt8(ascii: "]"))
            && (self.isWord(after) || after == UInt8(ascii: "(") || after == UInt8(ascii: "-"))
    }

    /// A line of `===`, which makes the line above it a heading, or a run too long to mean anything.
    private func isRule(_ offset: Int, _ byte: UInt8) -> Bool {
        var start = offset
        while self.byte(start - 1) == byte {
            start -= 1
            if offset - start > Self.indentLimit { return true }
        }
        return self.startsLine(start) && self.byte(start + 1) == byte
            && self.byte(start + 2) == byte
    }

    /// A bracket where an operator binds it: `(a + b) * c` is not `a + (b * c)`.
    private func standsBesideOperator(_ offset: Int) -> Bool {
        self.isOperator(at: self.lastPlace(offset))
            || self.isOperator(at: self.nextPlace(offset + 1))
    }

    private func isOperator(at place: Int) -> Bool {
        let byte = self.byte(place)
        switch byte {
        case UInt8(ascii: "+"), UInt8(ascii: "*"), UInt8(ascii: "/"), UInt8(ascii: "="),
            UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "^"), UInt8(ascii: "%"):
            return self.isSign(byte, at: place)
        default: return false
        }
    }

    private func isBullet(_ offset: Int, length: Int) -> Bool {
        self.isBlank(self.byte(offset + length)) && self.startsLine(offset)
    }

    /// Whether only blanks, quotation marks of Markdown and list bullets stand before it in its line.
    private func startsLine(_ offset: Int) -> Bool {
        var place = offset - 1
        while place >= 0, offset - place <= Self.indentLimit {
            switch self.text[place] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: ">"): place -= 1
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"): return true
            default: return false
            }
        }
        return place < 0
    }

    /// The last place before `offset` that is no blank of its line.
    private func lastPlace(_ offset: Int) -> Int {
        var place = offset - 1
        while offset - place <= Self.indentLimit, self.isIndent(self.byte(place)) { place -= 1 }
        return place
    }

    /// The first place from `offset` on that is no blank of its line.
    private func nextPlace(_ offset: Int) -> Int {
        var place = offset
        while place - offset <= Self.indentLimit, self.isIndent(self.byte(place)) { place += 1 }
        return place
    }

    private func lastByte(_ offset: Int) -> UInt8 { self.byte(self.lastPlace(offset)) }

    private func nextByte(_ offset: Int) -> UInt8 { self.byte(self.nextPlace(offset)) }

    /// Blanks looked at on either side; more of them are layout.
    private static let indentLimit = 64

    /// The byte at `offset`; 0, which no rule asks for, outside the text.
    @inline(__always)
    private func byte(_ offset: Int) -> UInt8 {
        0..<self.text.count ~= offset ? self.text[offset] : 0
    }
}

// ASCII alone: what other scripts do beside a sign is taken for a word.
extension SignRule {
    @inline(__always)
    private func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    @inline(__always)
    private func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    @inline(__always)
    private func isWord(_ byte: UInt8) -> Bool {
        self.isDigit(byte) || self.isLetter(byte) || byte >= 0x80
    }

    private func isIndent(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    /// White space, or outside the text.
    private func isBlank(_ byte: UInt8) -> Bool {
        self.isIndent(byte) || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") || byte == 0
    }
}
