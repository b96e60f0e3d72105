/// A value that may be a secret.
struct SecretValue {
    var range: Range<Int>
    /// Mixed characters, no call, no variable, no word.
    var isSecretLike: Bool
    /// Letters, digits and the signs of base64, percent codes and names alone.
    var isPlain: Bool
    /// Whether a name and a slash stand between the sign and the value.
    var isAfterName = false
}

extension ScanPass {
    /// The value at a sign: in quotes, up to the next tag, or up to white space or a mark.
    mutating func secretValue(at sign: ValueSign) -> SecretValue? {
        var lower = sign.start
        // A quote inside a quoted string.
        if self.byte(lower) == UInt8(ascii: "\\"), self.isQuote(lower + 1) { lower += 1 }
        // `r"…"`, `b'…'`: a letter that says how the string is read.
        if "rbufL@".utf8.contains(self.byte(lower)), self.isQuote(lower + 1) { lower += 1 }
        let quote = self.isQuote(lower) && !sign.isElement ? self.byte(lower) : nil
        if quote != nil { lower += 1 }
        var upper = lower
        while upper < self.text.count, upper - lower < sign.byteLimit {
            let byte = self.byte(upper)
            if let quote {
                if byte == quote || byte < 0x20 { break }
            } else if sign.isElement {
                if byte < 0x20 || byte == UInt8(ascii: "<") { break }
            } else if byte <= 0x20 || self.isValueEnd(upper, isEnvironment: sign.isEnvironment) {
                break
            }
            upper += 1
        }
        self.steps += upper - lower
        if let quote {
            guard self.byte(upper) == quote else { return nil }
            if self.byte(upper - 1) == UInt8(ascii: "\\") { upper -= 1 }
        } else if sign.isElement {
            guard self.byte(upper) == UInt8(ascii: "<"), self.byte(upper + 1) == UInt8(ascii: "/")
            else { return nil }
        } else {
            while upper > lower, [0x2A, 0x2E, 0x2C, 0x3B, 0x3A].contains(self.byte(upper - 1)) {
                upper -= 1
            }
        }
        guard upper > lower, upper - lower < sign.byteLimit else { return nil }
        let range = lower..<upper
        return SecretValue(
            range: range,
            isSecretLike: self.isSecretLike(range, isQuoted: quote != nil || sign.isElement),
            isPlain: range.allSatisfy { self.isPlainByte($0) }
        )
    }

    private func isValueEnd(_ index: Int, isEnvironment: Bool) -> Bool {
        switch self.byte(index) {
        case 0x22, 0x27, 0x60: true
        case 0x2C, 0x3B, 0x29, 0x5D, 0x7D, 0x3C, 0x3E, 0x7C: !isEnvironment
        case UInt8(ascii: "&"): self.isNextParameter(after: index)
        // CJK commas and stops.
        case 0xE3: self.byte(index + 1) == 0x80
        case 0xEF: self.byte(index + 1) == 0xBC
        default: false
        }
    }

    /// `&name=`: the next parameter of a URL.
    private func isNextParameter(after index: Int) -> Bool {
        var end = index + 1
        while end - index < 32, self.isWord(end) || self.byte(end) == UInt8(ascii: "-") { end += 1 }
        return end > index + 1 && self.byte(end) == UInt8(ascii: "=")
    }

    private func isPlainByte(_ index: Int) -> Bool {
        self.isClass(index, ByteClass.alphanumeric | ByteClass.token)
            || [0x25, 0x2B, 0x2E, 0x2F, 0x3A, 0x3D, 0x7E].contains(self.byte(index))
    }

    private func isSecretLike(_ range: Range<Int>, isQuoted: Bool) -> Bool {
        var seen: UInt8 = 0
        var lettersBeyond = 0
        for index in range {
            let byte = self.byte(index)
            if self.isClass(index, ByteClass.digit) {
                seen |= 1
            } else if self.isClass(index, ByteClass.upper) {
                seen |= 2
            } else if self.isClass(index, ByteClass.lower) {
                seen |= 4
            } else if byte >= 0x80 {
                lettersBeyond += 1
                seen |= 4
            } else if byte == 0x20 {
                return false
            } else if byte == 0x28 || byte == 0x5B || byte == 0x7B, !isQuoted {
                return false
            } else if byte != 0x2E, byte != 0x5F, byte != 0x2D, byte != 0x2F {
                seen |= 8
            }
        }
        if self.byte(range.lowerBound) == 0x2F, !isQuoted,
            range.dropFirst().contains(where: { self.byte($0) == 0x2F })
        {
            return false
        }
        // A word of another script, not a password with one of its letters.
        if lettersBeyond * 2 > range.count { return false }
        guard seen & 6 != 0 else { return false }
        // Unquoted words and names in code hold letters alone, or an upper-case start.
        return isQuoted ? seen.nonzeroBitCount >= 2 : seen & 9 != 0 || self.hasInnerUpper(range)
    }

    private func hasInnerUpper(_ range: Range<Int>) -> Bool {
        // `process.env.API_KEY` is a name.
        guard !range.contains(where: { self.byte($0) == 0x2E }) else { return false }
        let uppers = range.dropFirst().filter { self.isClass($0, ByteClass.upper) }.count
        let hasLower = range.contains { self.isClass($0, ByteClass.lower) }
        return hasLower && uppers >= 3 && uppers <= range.count - 3 && range.count >= 9
    }

    /// `[SECRET]`, `${VAR}`, `<password>`, `%s`, `****`, `xxxx`: stands for a value.
    func isPlaceholder(_ range: Range<Int>) -> Bool {
        let first = self.byte(range.lowerBound)
        let last = self.byte(range.upperBound - 1)
        if first == 0x5B, self.isClass(range.lowerBound + 1, ByteClass.upper) { return true }
        if [0x24, 0x3C, 0x7B].contains(first) { return true }
        if first == 0x25, range.count < 4 || last == 0x25 { return true }
        return range.allSatisfy { self.byte($0) == first }
            || range.allSatisfy { [0x2A, 0x2E, 0x58, 0x78].contains(self.byte($0)) }
    }
}
