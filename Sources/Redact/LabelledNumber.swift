extension ScanPass {
    /// A number of a scheme whose label is near: the letters, digits and single separators around the
    /// digit at `start`.
    mutating func scanLabelled(at start: Int) -> Int? {
        var first = start
        var hasSmall = false
        while start - first < 18, self.isLetterOrDigit(first - 1) {
            first -= 1
            hasSmall = hasSmall || self.byte(first) >= 0x61
        }
        // Small letters before the first digit are of a name, but for codes with a check character.
        guard start - first < 18, !hasSmall || self.isDigit(start + 4) || start - first == 6,
            self.byte(first - 1) != 0x2E || !self.isDigit(first - 2)
        else { return nil }
        if let prefixed = self.prefixStart(before: first),
            let end = self.scanLabelled(from: prefixed)
        {
            return end
        }
        return self.scanLabelled(from: first)
    }

    /// One to three capitals before a hyphen or a space: `B-AB 1234`, `S 1234567 D`.
    private func prefixStart(before first: Int) -> Int? {
        guard self.byte(first - 1) == 0x2D || self.byte(first - 1) == 0x20 else { return nil }
        var start = first - 1
        while first - start < 9,
            self.isClass(start - 1, ByteClass.upper)
                || self.byte(start - 1) == 0x2D && self.isClass(start - 2, ByteClass.upper)
        {
            start -= 1
        }
        let count = first - 1 - start
        return (1...6).contains(count) && !self.isWord(start - 1) ? start : nil
    }

    /// Whether two digits and as many letters and digits as the shortest code has stand at `first`,
    /// parted by single separators: what most numbers of a text lack.
    private func mayBeCode(at first: Int) -> Bool {
        var index = first
        var count = 0
        var digits = 0
        while count < LabelledWords.codeLimit {
            if self.isLetterOrDigit(index) {
                count += 1
                if self.isDigit(index) { digits += 1 }
                if digits >= 2, count >= IdentityMatchers.all.lengths.lowerBound { return true }
                index += 1
            } else if index > first, self.isLetterOrDigit(index - 1),
                let sign = labelledSeparator(self.text, at: index)
            {
                index += sign.byteCount
            } else {
                return false
            }
        }
        return true
    }

    private mutating func scanLabelled(from first: Int) -> Int? {
        guard self.mayBeCode(at: first) else { return nil }
        let context = self.context(before: first)
        guard !context.schemes.isEmpty else { return nil }
        var words = LabelledWords()
        words.read(self.text, from: first)
        self.steps += words.byteCount
        guard words.digitCount >= 2, words.code.count >= IdentityMatchers.all.lengths.lowerBound,
            !words.startsSmall || words.digitCount >= 5
        else { return nil }
        for word in words.words.reversed() {
            let code = Array(words.code[..<word.codeCount])
            guard self.isFreeAfter(word.end),
                let scheme = IdentityMatchers.all.scheme(
                    of: code,
                    context,
                    isWritten: word.isWritten && !self.hasDigits(before: first, context)
                )
            else { continue }
            let isPlain = if case .none = scheme.check { true } else { false }
            let end = word.isBracketed && self.byte(word.end) == 0x29 ? word.end + 1 : word.end
            let score: Float = isPlain ? 0.7 : 0.85
            if self.add(scheme.kind, first..<end, scheme.rule, score) { return end }
        }
        return nil
    }

    /// Whether another number stands between the nearest label and the candidate.
    private func hasDigits(before first: Int, _ context: Context) -> Bool {
        let distance = context[.label]
        // A column's head is nowhere near.
        guard distance > 1 else { return false }
        return (max(0, first - distance)..<first).contains { self.isDigit($0) }
    }
}

/// Letters and digits in words that single separators part.
private struct LabelledWords {
    struct Word {
        var end: Int
        /// Characters of the code up to here.
        var codeCount: Int
        /// Whether letters are capitals, and each word after a space has a digit or is short.
        var isWritten: Bool
        var isBracketed: Bool
    }

    private(set) var code: [UInt8] = []
    private(set) var words: [Word] = []
    private(set) var digitCount = 0
    /// Whether a small letter is in the first word.
    private(set) var startsSmall = false
    private(set) var byteCount = 0

    static let codeLimit = 24

    mutating func read(_ text: UnsafeBufferPointer<UInt8>, from first: Int) {
        var index = first
        var isWritten = true
        var isBracketed = false
        var isSpaced = false
        while index < text.count, self.words.count < 8 {
            let wordStart = index
            var digits = 0
            while index < text.count, isAlphanumeric(text[index]) {
                let byte = text[index]
                if byte &- 0x30 < 10 { digits += 1 }
                if byte >= 0x61 {
                    isWritten = false
                    if self.words.isEmpty { self.startsSmall = true }
                }
                self.code.append(byte >= 0x61 ? byte & 0xDF : byte)
                index += 1
                guard self.code.count <= Self.codeLimit else { return }
            }
            guard index > wordStart else { return }
            if isSpaced, digits == 0, index - wordStart > 3 { isWritten = false }
            self.digitCount += digits
            self.words.append(
                Word(
                    end: index,
                    codeCount: self.code.count,
                    isWritten: isWritten,
                    isBracketed: isBracketed
                )
            )
            self.byteCount = index - first
            guard let sign = labelledSeparator(text, at: index) else { return }
            isSpaced = sign.sign == 0x20
            isBracketed = sign.sign == 0x28
            index += sign.byteCount
        }
    }
}

private func labelledSeparator(
    _ text: UnsafeBufferPointer<UInt8>,
    at index: Int
) -> (sign: UInt8, byteCount: Int)? {
    guard index < text.count else { return nil }
    switch text[index] {
    case 0x20, 0x2D, 0x2E, 0x2F, 0x28: return (text[index], 1)
    case 0xC2, 0xE2, 0xE3, 0xEF: return wideSign(text, at: index)
    default: return nil
    }
}
