extension ScanPass {
    /// A token one of whose forms has its anchor's last two bytes, those of `pair`, at `index`.
    mutating func scanToken(pair: Int, at index: Int) -> Int? {
        for place in TokenForm.index.places(pair) {
            let entry = TokenForm.index[place]
            let start = index + 1 - entry.anchorEnd
            guard TokenForm.index.fits(entry, self.text, at: start, isFolded: false) else {
                continue
            }
            let form = TokenForm.all[entry.row]
            guard let range = self.match(form, anchorEnd: index + 1) else { continue }
            switch form.check {
            case .bech32:
                if let end = self.scanBech32(at: range.lowerBound) { return end }
                continue
            case .jwt: guard self.isJSONWebToken(range) else { continue }
            case .none: guard self.isRandom(range, as: form) else { continue }
            }
            if isKnownExample(self.text[range]) { return range.upperBound }
            if self.add(.secret, range, "secret.token", 0.95) { return range.upperBound }
        }
        return nil
    }

    /// Where the form stands whose anchor ends at `anchorEnd`: its parts are taken from there backward
    /// and forward, each as long as it gets.
    private mutating func match(_ form: TokenForm, anchorEnd: Int) -> Range<Int>? {
        let anchor = form.parts[form.anchorPart]
        let anchorStart = anchorEnd - form.anchorEnd
        guard let afterAnchor = self.end(of: anchor, from: anchorStart) else { return nil }
        var start = anchorStart
        for part in form.parts[..<form.anchorPart].reversed() {
            guard let next = self.start(of: part, before: start) else { return nil }
            start = next
        }
        guard self.isTokenStart(start, isDistinct: form.isDistinct) else { return nil }
        var end = afterAnchor
        for part in form.parts[(form.anchorPart + 1)...] {
            guard let next = self.end(of: part, from: end) else { return nil }
            end = next
        }
        if case .run(let alphabet, _)? = form.parts.last, !alphabet.hasInnerDots,
            alphabet.contains(self.byte(end))
        {
            return nil
        }
        let isEmphasis = self.byte(end) == 0x5F && !self.isWord(end + 1)
        let isWhole =
            form.isDistinct || isEmphasis ? !self.isAlphanumeric(end) : !self.isWord(end)
        return isWhole ? start..<end : nil
    }

    private mutating func start(of part: TokenForm.Part, before end: Int) -> Int? {
        switch part {
        case .literal, .sets:
            let start = end - (part.fixedCount ?? 0)
            return self.end(of: part, from: start).map { _ in start }
        case .run(let alphabet, let counts):
            var start = end
            while end - start < counts.upperBound, alphabet.contains(self.byte(start - 1)) {
                start -= 1
            }
            self.steps += end - start
            return end - start >= counts.lowerBound ? start : nil
        }
    }

    private mutating func end(of part: TokenForm.Part, from start: Int) -> Int? {
        switch part {
        case .literal(let bytes):
            return self.hasBytes(bytes, at: start) ? start + bytes.count : nil
        case .sets(let sets):
            let fits = sets.indices.allSatisfy { sets[$0].contains(self.byte(start + $0)) }
            return fits ? start + sets.count : nil
        case .run(let alphabet, let counts):
            var end = start
            if alphabet.hasInnerDots {
                end = self.tokenEnd(from: start)
                return counts.contains(end - start) ? end : nil
            }
            while end - start < counts.upperBound, alphabet.contains(self.byte(end)) { end += 1 }
            self.steps += end - start
            return counts.contains(end - start) ? end : nil
        }
    }

    /// Whether a token may start here: after no letter or digit, but for those of an escape.
    private func isTokenStart(_ start: Int, isDistinct: Bool) -> Bool {
        let before = self.byte(start - 1)
        // `_ghp_…_` is emphasis.
        if before == UInt8(ascii: "_") { return isDistinct || !self.isWord(start - 2) }
        guard self.isAlphanumeric(start - 1) else { return true }
        // `\n` in a string, `%3D` in a URL.
        if self.byte(start - 2) == UInt8(ascii: "\\") {
            return [0x6E, 0x72, 0x74].contains(before)
        }
        return self.byte(start - 3) == UInt8(ascii: "%") && self.isClass(start - 2, ByteClass.hex)
            && self.isClass(start - 1, ByteClass.hex)
    }

    private func isAlphanumeric(_ index: Int) -> Bool {
        self.isClass(index, ByteClass.alphanumeric)
    }

    func hasBytes(_ bytes: [UInt8], at index: Int) -> Bool {
        guard index >= 0, index + bytes.count <= self.text.count else { return false }
        for offset in bytes.indices where self.text[index + offset] != bytes[offset] {
            return false
        }
        return true
    }

    /// The end of the run of letters, digits, `-`, `_` and inner dots that `start` is in.
    ///
    /// Invariant: the run is walked once, however many prefixes it holds.
    private mutating func tokenEnd(from start: Int) -> Int {
        if start < self.tokenRunEnd { return self.tokenRunEnd }
        var end = start
        while self.isClass(end, ByteClass.alphanumeric | ByteClass.token)
            || self.byte(end) == UInt8(ascii: ".")
                && self.isClass(end + 1, ByteClass.alphanumeric | ByteClass.token)
        {
            end += 1
        }
        self.steps += end - start
        self.tokenRunEnd = end
        return end
    }

    private func isRandom(_ range: Range<Int>, as form: TokenForm) -> Bool {
        guard case .literal(let prefix)? = form.parts.first else {
            return self.mixture(of: range).isMixed
        }
        let mixture = self.mixture(of: range.lowerBound + prefix.count..<range.upperBound)
        switch form.randomness {
        case .any: return true
        case .mixed: return mixture.isMixed
        case .dense: return mixture.isDense
        }
    }

    /// A part of a longer token is none: its parts start with a free boundary.
    private func isJSONWebToken(_ range: Range<Int>) -> Bool {
        let before = self.byte(range.lowerBound - 1)
        guard before != UInt8(ascii: "-"), before != UInt8(ascii: ".") else { return false }
        let dots = range.filter { self.byte($0) == UInt8(ascii: ".") }
        guard let first = dots.first else { return false }
        // Without a signature the token ends in a dot.
        let hasThree = dots.count >= 2 || self.byte(range.upperBound) == UInt8(ascii: ".")
        return hasThree && self.matches("eyJ", at: first + 1) || dots.count == 4
    }
}

/// How digits, capitals and small letters change places in a value.
struct Mixture {
    var count = 0
    var hasDigit = false
    var hasUpper = false
    var hasLower = false
    /// Bytes whose class is not that of the byte before, of letters and digits.
    var changes = 0

    /// Two of the three: no word, no name of an option.
    var isMixed: Bool {
        (self.hasDigit ? 1 : 0) + (self.hasUpper ? 1 : 0) + (self.hasLower ? 1 : 0) >= 2
    }

    /// As often as in random text: of base64 three fifths change, of hexadecimal digits nearly half;
    /// of names with a number in them one in ten, of names in camel case a third.
    var isDense: Bool {
        self.isMixed
            && (self.changes * (self.hasDigit ? 6 : 5) >= self.count * (self.hasDigit ? 1 : 2))
    }
}

extension ScanPass {
    func mixture(of range: Range<Int>) -> Mixture {
        var mixture = Mixture()
        mixture.count = range.count
        var last: UInt8 = 0
        for index in range {
            let kind = ByteClass.of(self.byte(index)) & ByteClass.alphanumeric
            if kind != 0, last != 0, kind != last { mixture.changes += 1 }
            if kind & ByteClass.digit != 0 { mixture.hasDigit = true }
            if kind & ByteClass.upper != 0 { mixture.hasUpper = true }
            if kind & ByteClass.lower != 0 { mixture.hasLower = true }
            last = kind
        }
        return mixture
    }
}

extension TokenForm {
    /// All forms, those with the longer literals first: one may be a part of another.
    static let all = TokenRow.all.flatMap(\.forms).enumerated().sorted { left, right in
        left.element.literalCount != right.element.literalCount
            ? left.element.literalCount > right.element.literalCount : left.offset < right.offset
    }
    .map(\.element)

    static let index = AnchorIndex(
        Self.all.map { form in
            // Sets of bytes are looked at when the form is.
            guard case .literal(let bytes) = form.parts[form.anchorPart] else {
                return ([], form.anchorEnd, form.triple)
            }
            return (bytes, form.anchorEnd, form.triple)
        }
    )
}

/// Values that documentation shows in the place of a secret, as their issuers publish them.
private let knownExamples: Set<String> = [
    "AIzaSyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe", "sk_test_4eC39HqLyjWDarjtT1zdp7dc",
    "sk_test_BQokikJOvBiI2HlWgH4olfQ2", "sk_test_26PHem9AhJZvU623DfE1x4sd",
    "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"
        + ".eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ"
        + ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
]

/// Whether a value says itself that it is an example, or is one that its issuer publishes.
func isKnownExample(_ value: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    guard value.count <= 256 else { return false }
    let text = String(decoding: value, as: UTF8.self)
    // AWS ends all of its examples so; a random key does once in ten thousand million.
    if text.hasSuffix("EXAMPLE") || text.hasSuffix("EXAMPLEKEY") { return true }
    // `ghp_xxxxxxxxxxxx`, `T00000000`
    var run = 0
    var last: UInt8 = 0
    for byte in value {
        run = byte == last ? run + 1 : 1
        last = byte
        if run >= 8, [0x30, 0x58, 0x78].contains(byte) { return true }
    }
    return knownExamples.contains(text)
}
