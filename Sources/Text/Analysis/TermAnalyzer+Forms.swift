internal import Bytes

/// Where a word and the compound it is part of begin, while they are read.
struct WordForm {
    /// Working memory for other spellings, apart from that of the word itself.
    var buffer: WordBuffer
    /// Where the word being read starts.
    var wordStart = 0
    /// Where the compound starts whose last word is being read; nil outside compounds.
    var compoundStart: Int?
    /// The word that a leading full stop belongs to: `.NET`.
    var dottedStart: Int?
    /// Whether the word being read has an `ä`, `ö` or `ü`.
    var hasUmlaut = false

    init(buffer: WordBuffer) { self.buffer = buffer }

    /// Whether an ASCII byte may join words or be part of a name.
    @inline(__always)
    static func isSign(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "-") < 2 || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "#")
    }

    /// U+2010 and U+2011, which print as `-` does.
    @inline(__always)
    static func isHyphen(_ codePoint: UInt32?) -> Bool {
        codePoint == 0x2010 || codePoint == 0x2011
    }
}

/// Words as people type them: beside the words of a compound their joined form, and its parts beside
/// an identifier.
///
/// | text | terms |
/// |---|---|
/// | `wi-fi`, `e-mail`, `4711-0815` | the parts; `wifi`, `email`, `47110815` |
/// | `Node.js` | `node`, `js`, `nodejs` |
/// | `U.S.A.`, `p.m.` | `usa`, `pm` |
/// | `C++`, `C#`; `Notepad++` | `c++`, `c#`; `notepad`, `notepad++` |
/// | `.NET` | `net`, `.net` |
/// | `getUserName`, `user_name` | the whole; `get`, `user`, `name` |
/// | `5kg`, `KB5034441`, `ipv4` | the whole; `5`, `kg`; `kb`, `5034441`; `ipv` |
/// | `0x80070005` | the whole; `80070005` |
/// | `1,234,567`, `1.234.567` | the groups; `1234567` |
/// | `Gebäude` | `gebaude`; `gebaeude`, but in languages that do not write it so |
extension TermAnalyzer {
    /// The most words of a compound that has a joined form.
    private static let compoundPartLimit = 4

    /// Ends the word before `offset`, and the compound it is the last of.
    @inline(__always)
    mutating func endWord(
        at offset: Int,
        of text: UnsafeBufferPointer<UInt8>,
        _ table: UnsafePointer<UInt8>,
        _ word: inout WordBuffer,
        _ form: inout WordForm
    ) {
        if form.dottedStart != nil { self.endDotted(&word, &form) }
        if word.mayHaveUnit { self.addUnit(of: word, &form) }
        if form.hasUmlaut { self.addUmlauts(before: offset, of: text, table, &form) }
        self.endWord(&word)
        if form.compoundStart != nil { self.endCompound(at: offset, of: text, table, &form) }
    }

    /// Ends the word before the sign at `offset`; returns where to read on.
    @inline(never)
    mutating func endWord(
        atSign offset: Int,
        of text: UnsafeBufferPointer<UInt8>,
        _ table: UnsafePointer<UInt8>,
        _ word: inout WordBuffer,
        _ form: inout WordForm
    ) -> Int {
        let sign = text[offset]
        if word.count == 0 {
            self.endWord(at: offset, of: text, table, &word, &form)
            if sign == UInt8(ascii: "."), startsName(text, at: offset) {
                form.dottedStart = offset + 1
            }
            return offset + 1
        }
        switch sign {
        case UInt8(ascii: "+"), UInt8(ascii: "#"):
            if let end = nameEnd(text, at: offset), word.isLetters {
                self.addName(signs: sign, count: end - offset, &word, &form)
                self.endWord(at: offset, of: text, table, &word, &form)
                return end
            }
            self.endWord(at: offset, of: text, table, &word, &form)
        case UInt8(ascii: ".") where word.count == 1 && word.isLetters:
            if form.compoundStart == nil, let end = abbreviationEnd(text, from: form.wordStart) {
                word.removeAll()
                for index in form.wordStart..<end where text[index] != sign {
                    word.append(table[Int(text[index])])
                }
                self.endWord(at: end, of: text, table, &word, &form)
                return end
            }
            fallthrough
        default:
            self.endWord(atJoint: offset, 1, of: text, table, &word, &form)
        }
        return offset + 1
    }

    /// Ends the word before a hyphen or full stop, with which a compound may go on.
    mutating func endWord(
        atJoint offset: Int,
        _ length: Int,
        of text: UnsafeBufferPointer<UInt8>,
        _ table: UnsafePointer<UInt8>,
        _ word: inout WordBuffer,
        _ form: inout WordForm
    ) {
        let next = offset + length
        guard word.count > 0, next < text.count, table[Int(text[next])] != 0 else {
            self.endWord(at: offset, of: text, table, &word, &form)
            return
        }
        if text[offset] == UInt8(ascii: "."), word.isDigits {
            self.addGroupedNumber(at: offset, of: text, &form)
        }
        if form.dottedStart != nil { self.endDotted(&word, &form) }
        if word.mayHaveUnit { self.addUnit(of: word, &form) }
        if form.hasUmlaut { self.addUmlauts(before: offset, of: text, table, &form) }
        self.endWord(&word)
        if form.compoundStart == nil { form.compoundStart = form.wordStart }
    }

    /// `C++` is another word than its letter; `Notepad++` is found by `notepad` too.
    private mutating func addName(
        signs sign: UInt8,
        count: Int,
        _ word: inout WordBuffer,
        _ form: inout WordForm
    ) {
        if word.count == 1 {
            for _ in 0..<count { word.append(sign) }
            return
        }
        form.buffer.removeAll()
        for index in 0..<word.count { form.buffer.append(word.bytes[index]) }
        for _ in 0..<count { form.buffer.append(sign) }
        self.addUncounted(&form.buffer)
    }

    /// Adds the word with the full stop before it.
    @inline(never)
    private mutating func endDotted(_ word: inout WordBuffer, _ form: inout WordForm) {
        defer { form.dottedStart = nil }
        guard form.dottedStart == form.wordStart, word.count > 0, word.isLetters else { return }
        form.buffer.removeAll()
        form.buffer.append(UInt8(ascii: "."))
        for index in 0..<word.count { form.buffer.append(word.bytes[index]) }
        self.addUncounted(&form.buffer)
    }

    /// Adds the joined form of the compound that ends at `end`, where it has one.
    @inline(never)
    private mutating func endCompound(
        at end: Int,
        of text: UnsafeBufferPointer<UInt8>,
        _ table: UnsafePointer<UInt8>,
        _ form: inout WordForm
    ) {
        guard let start = form.compoundStart else { return }
        form.compoundStart = nil
        form.buffer.removeAll()
        var joints = 0
        var stops = 0
        var lastPart = 0
        var index = start
        while index < end {
            let byte = table[Int(text[index])]
            if byte == 0 {
                joints += 1
                stops += text[index] == UInt8(ascii: ".") ? 1 : 0
                lastPart = form.buffer.count
                index += 1
            } else if byte != NormalisedTokens.nonASCII {
                form.buffer.append(byte)
                index += 1
            } else {
                let (codePoint, length) = decodeUTF8(text, at: index)
                if WordForm.isHyphen(codePoint) {
                    joints += 1
                    lastPart = form.buffer.count
                } else {
                    self.append(self.scalars.entry(of: codePoint), codePoint ?? 0, to: &form.buffer)
                }
                index += length
            }
        }
        guard !form.buffer.isFull, form.buffer.count < Self.termByteLimit else { return }
        let isJoined =
            stops == 0
            ? (1..<Self.compoundPartLimit).contains(joints)
            // `Node.js`, but neither a sentence that follows without a blank nor a number.
            : joints == 1 && form.buffer.isLetters && lastPart >= 2
                && (2...4).contains(form.buffer.count - lastPart)
        if isJoined { self.addUncounted(&form.buffer) }
    }

    /// Adds the parts of an identifier: `getUserName`, `HTTPServer`, `user_name`.
    @inline(never)
    mutating func addParts(
        of text: UnsafeBufferPointer<UInt8>,
        _ run: Range<Int>,
        _ table: UnsafePointer<UInt8>,
        _ form: inout WordForm
    ) {
        var start = run.lowerBound
        for index in run {
            if text[index] == UInt8(ascii: "_") {
                self.addPart(of: text, start..<index, of: run, table, &form)
                start = index + 1
            } else if index > start, isUppercase(text[index]),
                isLowercase(text[index - 1])
                    || index + 1 < run.upperBound && isLowercase(text[index + 1])
            {
                self.addPart(of: text, start..<index, of: run, table, &form)
                start = index
            }
        }
        self.addPart(of: text, start..<run.upperBound, of: run, table, &form)
    }

    private mutating func addPart(
        of text: UnsafeBufferPointer<UInt8>,
        _ part: Range<Int>,
        of run: Range<Int>,
        _ table: UnsafePointer<UInt8>,
        _ form: inout WordForm
    ) {
        guard part.count >= 2, part.count < run.count else { return }
        form.buffer.removeAll()
        for index in part { form.buffer.append(table[Int(text[index])]) }
        self.addUncounted(&form.buffer)
    }
}

private func isUppercase(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
}

private func isLowercase(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
}

private func isLetter(_ byte: UInt8) -> Bool { isLowercase(byte | 0x20) }

/// Whether a letter, a digit or a byte of another script is at `index`.
private func isWordByte(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
    guard index < text.count else { return false }
    let byte = text[index]
    return isLetter(byte) || byte &- UInt8(ascii: "0") < 10 || byte >= 0x80 || byte == 0x5F
}

/// Whether the full stop at `index` begins a name: after nothing, white space or an opening sign.
private func startsName(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
    guard index + 1 < text.count, isLetter(text[index + 1]) else { return false }
    guard index > 0 else { return true }
    switch text[index - 1] {
    case 0...0x20, UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "\""), UInt8(ascii: "'"),
        UInt8(ascii: "`"), UInt8(ascii: "/"), UInt8(ascii: "*"):
        return true
    default: return false
    }
}

/// Where `++` or `#` at `index` ends, when it belongs to the word before it.
private func nameEnd(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Int? {
    if text[index] == UInt8(ascii: "#") {
        let isFree = index + 1 == text.count || text[index + 1] != UInt8(ascii: "#")
        return isFree && !isWordByte(text, at: index + 1) ? index + 1 : nil
    }
    guard index + 1 < text.count, text[index + 1] == UInt8(ascii: "+") else { return nil }
    let isFree = index + 2 == text.count || text[index + 2] != UInt8(ascii: "+")
    return isFree ? index + 2 : nil
}

/// Where letters with a full stop after each end: `U.S.A.`, `I.B.M`, `p.m.`; nil for anything else.
///
/// Two letters need the full stop after the second, or `x.y` would be one word.
private func abbreviationEnd(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    var letters = 0
    var index = start
    while index < text.count, isLetter(text[index]), !isWordByte(text, at: index + 1) {
        letters += 1
        index += 1
        guard index < text.count, text[index] == UInt8(ascii: ".") else {
            return letters >= 3 ? index : nil
        }
        index += 1
    }
    // After the last full stop a word may begin a sentence, but not go on with this one.
    return letters >= 2 && !isWordByte(text, at: index) ? index : nil
}
