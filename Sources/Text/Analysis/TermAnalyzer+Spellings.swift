internal import Bytes

extension WordForm {
    /// Signs that part the thousands of a number, but for the full stop and blanks.
    @inline(__always)
    static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "'")
    }

    /// The letter before the `e` that stands for a letter with two dots; nil for others.
    @inline(__always)
    static func umlaut(_ codePoint: UInt32?) -> UInt8? {
        switch codePoint {
        case 0xE4, 0xC4: UInt8(ascii: "a")
        case 0xF6, 0xD6: UInt8(ascii: "o")
        case 0xFC, 0xDC: UInt8(ascii: "u")
        default: nil
        }
    }
}

/// Other spellings of numbers and of single words.
extension TermAnalyzer {
    /// Fewer letters beside a number are a part of its name: `A4`, `5G`.
    private static let unitLettersMin = 2
    /// Shorter numbers behind letters are a part of a name too: of many `ipv4` no text becomes one about 4.
    private static let numberDigitsMin = 3
    /// Languages whose `ä`, `ö` and `ü` nobody writes with an `e`.
    private static let languagesWithoutUmlauts: Set = [
        "az", "et", "fi", "fr", "es", "hu", "nl", "pt", "ro", "sv", "tr",
    ]

    /// Adds number and letters of a word that is one beside the other, and the digits of a number in base 16.
    @inline(never)
    mutating func addUnit(of word: WordBuffer, _ form: inout WordForm) {
        let bytes = UnsafeBufferPointer(start: word.bytes, count: word.count)
        if word.isHexadecimal { return self.add(bytes[2...], &form) }
        let beginsWithDigit = bytes[0].isASCIIDigit
        let boundary = bytes.firstIndex { $0.isASCIIDigit != beginsWithDigit } ?? bytes.count
        let rest = bytes[boundary...]
        let letters = beginsWithDigit ? rest : bytes[..<boundary]
        guard rest.allSatisfy({ $0.isASCIIDigit != beginsWithDigit }),
            letters.count >= Self.unitLettersMin, !letters.contains(UInt8(ascii: "_")),
            word.count < Self.termByteLimit
        else { return }
        self.add(bytes[..<boundary], &form)
        if beginsWithDigit || rest.count >= Self.numberDigitsMin { self.add(rest, &form) }
    }

    private mutating func add(_ part: Slice<UnsafeBufferPointer<UInt8>>, _ form: inout WordForm) {
        form.buffer.removeAll()
        for byte in part { form.buffer.append(byte) }
        self.addUncounted(&form.buffer)
    }

    /// Adds the number, without separators, whose first group ends at `offset`.
    ///
    /// Of groups after a full stop it takes two: one may be a fraction.
    @inline(never)
    mutating func addGroupedNumber(
        at offset: Int,
        of text: UnsafeBufferPointer<UInt8>,
        _ form: inout WordForm
    ) {
        let separator = text[offset]
        let start = form.wordStart
        let isGroup = start >= 2 && text[start - 1] == separator && text[start - 2].isASCIIDigit
        guard (1...3).contains(offset - start), !isGroup else { return }
        var end = offset
        while end + 3 < text.count, text[end] == separator,
            text[end + 1..<end + 4].allSatisfy(\.isASCIIDigit),
            end + 4 == text.count || !text[end + 4].isASCIIAlphanumeric
        {
            end += 4
        }
        let groups = (end - offset) / 4
        guard groups >= (separator == UInt8(ascii: ".") ? 2 : 1) else { return }
        form.buffer.removeAll()
        for byte in text[start..<end] where byte != separator { form.buffer.append(byte) }
        guard form.buffer.count < Self.termByteLimit else { return }
        self.addUncounted(&form.buffer)
    }

    /// Adds the spelling with `ae`, `oe` and `ue` of the word that ends at `end`.
    @inline(never)
    mutating func addUmlauts(
        before end: Int,
        of text: UnsafeBufferPointer<UInt8>,
        _ table: UnsafePointer<UInt8>,
        _ form: inout WordForm
    ) {
        form.hasUmlaut = false
        if let language = self.inflections?.language, !self.isSequenced,
            Self.languagesWithoutUmlauts.contains(language)
        {
            return
        }
        form.buffer.removeAll()
        var index = form.wordStart
        while index < end {
            let byte = table[Int(text[index])]
            guard byte == NormalisedTokens.nonASCII else {
                form.buffer.append(byte)
                index += 1
                continue
            }
            let (codePoint, length) = decodeUTF8(text, at: index)
            if let letter = WordForm.umlaut(codePoint) {
                form.buffer.append(letter)
                form.buffer.append(UInt8(ascii: "e"))
            } else {
                self.append(self.scalars.entry(of: codePoint), codePoint ?? 0, to: &form.buffer)
            }
            index += length
        }
        guard !form.buffer.isFull, form.buffer.count < Self.termByteLimit else { return }
        self.addUncounted(&form.buffer)
    }
}
