/// Secrets that stand before their label, or that are more than one value.
extension ScanPass {
    /// Bytes of a JSON Web Key on either side of its type.
    private static let keyObjectReach = 4096

    /// The private members of the JSON Web Key around `"kty"` at `name` (RFC 7518 §6.2.2, §6.3.2, §6.4.1).
    ///
    /// Invariant: no byte is looked at for two keys.
    mutating func scanKeyObject(around name: Int) -> Int? {
        var start = name
        while start > self.keyObjectEnd, name - start < Self.keyObjectReach,
            ![UInt8(ascii: "{"), UInt8(ascii: "}")].contains(self.byte(start - 1))
        {
            start -= 1
        }
        var end = name
        while end < self.text.count, end - name < Self.keyObjectReach,
            self.byte(end) != UInt8(ascii: "}")
        {
            end += 1
        }
        self.steps += end - start
        self.keyObjectEnd = end
        var index = start
        while index < end {
            index += 1
            guard self.byte(index - 1) == UInt8(ascii: "\""),
                let member = privateMembers.first(where: { self.hasBytes($0, at: index) })
            else { continue }
            index += member.count
            while index < end, [0x20, 0x0A, 0x0D, 0x3A].contains(self.byte(index)) { index += 1 }
            guard self.byte(index) == UInt8(ascii: "\"") else { continue }
            var close = index + 1
            while close < end, self.isClass(close, ByteClass.alphanumeric | ByteClass.token) {
                close += 1
            }
            if self.byte(close) == UInt8(ascii: "\""), close - index > 16 {
                self.add(.secret, index + 1..<close, "secret.jwk", 0.9)
            }
            index = close
        }
        return nil
    }

    /// Twelve to twenty-four small words at `start`, in quotes or not (BIP 39).
    mutating func scanMnemonic(at start: Int) -> Int? {
        let first = self.isQuote(start) ? start + 1 : start
        var index = first
        var end = first
        var count = 0
        while count < 24 {
            var wordEnd = index
            while wordEnd - index < 9, self.isClass(wordEnd, ByteClass.lower) { wordEnd += 1 }
            guard (3...8).contains(wordEnd - index), !self.isLetterOrDigit(wordEnd) else { break }
            count += 1
            end = wordEnd
            index = wordEnd
            while index - wordEnd < 3, [0x20, 0x0A, 0x2C].contains(self.byte(index)) { index += 1 }
            guard index > wordEnd else { break }
        }
        self.steps += end - first
        guard count >= 12, self.byte(end) != UInt8(ascii: "'") || first > start else { return nil }
        return self.add(.secret, first..<end, "secret.mnemonic", 0.8) ? end : nil
    }

    /// The last word before the bar before `name`: `echo "root:k3Jd82mXqW" | chpasswd`.
    mutating func scanPiped(before name: Int) -> Int? {
        var bar = name
        while bar > 0, name - bar < 96, self.byte(bar) != UInt8(ascii: "|"),
            self.byte(bar - 1) >= 0x20
        {
            bar -= 1
        }
        guard self.byte(bar) == UInt8(ascii: "|") else { return nil }
        var end = bar
        while end > 0, self.byte(end - 1) == 0x20 { end -= 1 }
        let isQuoted = self.isQuote(end - 1)
        let quote = self.byte(end - 1)
        if isQuoted { end -= 1 }
        var start = end
        while start > 0, end - start < 96, self.byte(start - 1) > 0x20,
            !isQuoted || self.byte(start - 1) != quote
        {
            start -= 1
        }
        self.steps += name - start
        if let colon = (start..<end).first(where: { self.byte($0) == UInt8(ascii: ":") }) {
            start = colon + 1
        }
        guard end - start >= 6, !self.isPlaceholder(start..<end) else { return nil }
        let mixture = self.mixture(of: start..<end)
        let isPlain = !(start..<end).contains { [0x24, 0x2F, 0x5C].contains(self.byte($0)) }
        if mixture.isMixed, mixture.hasDigit, isPlain {
            self.add(.secret, start..<end, "secret.piped", 0.75)
        }
        return nil
    }

    /// The second string of `("name", "password")` after a word that ends at `end`.
    mutating func scanArguments(after end: Int) -> Int? {
        var index = end
        if self.byte(index) == UInt8(ascii: "=") { index += 1 }
        guard [UInt8(ascii: "("), UInt8(ascii: "[")].contains(self.byte(index)),
            self.isQuote(index + 1)
        else { return nil }
        let quote = self.byte(index + 1)
        var close = index + 2
        while close - index < 80, self.byte(close) >= 0x20, self.byte(close) != quote { close += 1 }
        self.steps += close - index
        guard self.byte(close) == quote, self.byte(close + 1) == UInt8(ascii: ",") else {
            return nil
        }
        close += self.byte(close + 2) == 0x20 ? 3 : 2
        guard self.isQuote(close),
            let value = self.secretValue(at: ValueSign(start: close, isStrict: true)),
            value.range.count >= 6, value.isSecretLike, !self.isPlaceholder(value.range)
        else { return nil }
        let mixture = self.mixture(of: value.range)
        guard mixture.isMixed, mixture.hasDigit, !isKnownExample(self.text[value.range]) else {
            return nil
        }
        return self.add(.secret, value.range, "secret.assignment", 0.7)
            ? value.range.upperBound : nil
    }

    /// Whether letters of one case, digits and underscores alone are the name whose last part starts at `end`,
    /// and no part of it says that its value is public.
    func isSecretVariable(endingAt end: Int) -> Bool {
        let letters = self.isClass(end + 1, ByteClass.upper) ? ByteClass.upper : ByteClass.lower
        var start = end
        while end - start < 48,
            self.isClass(start - 1, letters | ByteClass.digit)
                || self.byte(start - 1) == UInt8(ascii: "_")
        {
            start -= 1
        }
        guard start < end, !self.isWord(start - 1) else { return false }
        let name = String(decoding: self.text[start..<end], as: UTF8.self).uppercased()
        return !name.split(separator: "_").contains { publicWords.contains($0) }
    }
}

private let privateMembers: [[UInt8]] = ["d", "p", "q", "dp", "dq", "qi", "k"].map {
    Array($0.utf8) + [UInt8(ascii: "\"")]
}

/// Parts of the names of keys that are no secrets.
private let publicWords: Set<Substring> = [
    "PUBLIC", "PUB", "PUBLISHABLE", "ANON", "CACHE", "SITE", "PRIMARY", "FOREIGN", "SORT", "RANGE",
    "PARTITION", "ROUTING", "GPG", "PGP", "FINGERPRINT", "HOST", "SSH", "OBJECT", "S3", "BUCKET",
    "INDEX", "UNIQUE", "HASH", "ROW", "BUILD", "TRANSLATION", "REGISTRY", "CONFIG", "DEDUPE",
    "DEDUP",
    "IDEMPOTENCY", "MESSAGE", "GROUP", "LOOKUP", "TRACE", "JOB", "DISTRIBUTION", "CLUSTER", "SHARD",
]
