extension ScanPass {
    /// A secret after the word or the option around `index`; `pair` is of the last two bytes up to it.
    mutating func scanKeyword(pair: Int, at index: Int) -> Int? {
        guard self.wants(.secret) else { return nil }
        if pair >> 8 == Int(UInt8(ascii: "-")) { return self.scanOption(at: index) }
        for place in SecretLabel.index.places(pair) {
            let entry = SecretLabel.index[place]
            let start = index + 1 - entry.anchorEnd
            let end = start + entry.count
            // Of words that go on nearly all are told by their next byte.
            guard !self.isClass(end, ByteClass.letter) || self.byte(start) >= 0x80,
                SecretLabel.index.fits(entry, self.text, at: start, isFolded: true)
            else { continue }
            let label = SecretLabel.all[entry.row]
            guard let name = self.nameStart(of: label, at: start) else { continue }
            if let found = self.scanValue(of: label, after: end, name: name) { return found }
        }
        return nil
    }

    /// Where the label starts with the word before it that it needs; nil without one.
    private func nameStart(of label: SecretLabel, at start: Int) -> Int? {
        if label.isWhole, self.isClass(start - 1, ByteClass.letter) {
            // `dbPass`: a capital after a small letter starts a word.
            guard self.isClass(start, ByteClass.upper), self.isClass(start - 1, ByteClass.lower)
            else { return nil }
        }
        guard !label.heads.isEmpty else { return start }
        var end = start
        if [0x20, 0x5F, 0x2D, 0x2E].contains(self.byte(end - 1)) { end -= 1 }
        let head = label.heads.first { self.endsFolded($0, at: end) }
        return head.map { end - $0.count }
    }

    /// Whether the text before `end` is the word, in small letters, in any case.
    func endsFolded(_ word: [UInt8], at end: Int) -> Bool {
        let start = end - word.count
        guard start >= 0, end <= self.text.count else { return false }
        for offset in word.indices {
            let byte = self.text[start + offset]
            if (byte &- 0x41 < 26 ? byte | 0x20 : byte) != word[offset] { return false }
        }
        return true
    }

    private mutating func scanValue(
        of label: SecretLabel,
        after end: Int,
        name: Int
    ) -> Int? {
        switch label.value {
        case .bearer:
            guard self.byte(end) == 0x20 else { return nil }
            return self.scanCredentials(at: end + 1, isBearer: true)
        case .keyObject: return self.scanKeyObject(around: name)
        case .piped: return self.scanPiped(before: name)
        case .arguments: return self.scanArguments(after: end)
        case .variable: guard self.isSecretVariable(endingAt: name) else { return nil }
        case .network: guard self.isNetworkCode(before: name) else { return nil }
        default: break
        }
        guard let sign = self.sign(after: end, name: name) else { return nil }
        guard sign.start != self.assignmentSign else { return nil }
        // A name in capitals may be that of another label as well.
        if label.value != .variable { self.assignmentSign = sign.start }
        switch label.value {
        case .authorization:
            let isValue = !sign.isProse || self.isQuote(sign.start)
            return isValue ? self.scanAuthorization(at: sign.start) : nil
        case .mnemonic: return sign.isProse ? nil : self.scanMnemonic(at: sign.start)
        case .cookies: return sign.isProse ? nil : self.scanCookies(at: sign.start)
        case .bearer, .keyObject, .piped, .arguments: return nil
        case .password, .network, .token, .random, .variable, .signature, .credentials, .pair:
            return self.scanSecretValue(of: label, at: sign, name: name)
        }
    }

    /// Whether the code of a wireless network begins before `index`, on the same line.
    private func isNetworkCode(before index: Int) -> Bool {
        var start = index
        while index - start < 128, self.byte(start - 1) >= 0x20 {
            start -= 1
            if self.matches("WIFI:", at: start) || self.matches("wifi:", at: start) { return true }
        }
        return false
    }

    private mutating func scanSecretValue(
        of label: SecretLabel,
        at sign: ValueSign,
        name: Int
    ) -> Int? {
        let isPassword = label.value == .password || label.value == .network
        // Prose tells passwords; a token after a mere space is one after an option or in quotes.
        let isTold = sign.isOption || sign.hasCopula || self.isQuote(sign.start)
        guard !sign.isProse || isPassword && !label.isWhole || label.value == .token && isTold,
            isPassword || !sign.isDescribed,
            let value = self.namedSecretValue(of: label, at: sign),
            !self.isPlaceholder(value.range), !(isPassword && self.isPageAddress(value.range))
        else { return nil }
        if label.value == .pair, !sign.isProse, let end = self.scanPair(in: value.range) {
            return end
        }
        let mixture = self.mixture(of: value.range)
        if value.isAfterName {
            guard value.range.count >= 6, mixture.isMixed, mixture.hasDigit, value.isSecretLike
            else { return nil }
            return self.add(.secret, value.range, "secret.assignment", 0.7)
                ? value.range.upperBound : nil
        }
        guard value.range.count >= (isPassword ? 6 : 16), !isKnownExample(self.text[value.range])
        else { return nil }
        let isFit: Bool
        switch label.value {
        case .random, .pair: isFit = mixture.isDense && value.isPlain
        case .variable:
            // A name in small letters is as often one of a table's or a cache's.
            let isLong = value.range.count >= 24 && value.range.allSatisfy { self.isWord($0) }
            isFit =
                mixture.isDense && value.isPlain
                && (self.isClass(name + 1, ByteClass.upper) || isLong)
        case .signature: isFit = value.range.count >= 20 && mixture.isDense && value.isPlain
        case .credentials: isFit = self.isNameAndPassword(value.range)
        default:
            // Base64 may start with a slash, as a path does.
            let isRandom =
                label.value == .token && value.isPlain && value.range.count >= 32
                && mixture.isDense
            isFit =
                (value.isSecretLike || isRandom)
                && (!sign.isStrict || mixture.isMixed && mixture.hasDigit)
                && (isPassword || !sign.isProse || sign.isOption || mixture.isDense)
        }
        guard isFit else { return nil }
        let rule = sign.isProse ? "secret.prose" : "secret.assignment"
        let isAdded = self.add(.secret, value.range, rule, sign.isProse ? 0.7 : 0.8)
        return isAdded ? value.range.upperBound : nil
    }

    /// Whether the value is where to go: `Reset your password: https://…` with nobody's name in it.
    private func isPageAddress(_ range: Range<Int>) -> Bool {
        (self.matches("https://", at: range.lowerBound)
            || self.matches("http://", at: range.lowerBound))
            && !range.contains { [0x40, 0x3F, 0x23].contains(self.byte($0)) }
    }

    /// The value at the sign, or after it and a slash between spaces: `admin / k3Jd82mXqW`.
    private mutating func namedSecretValue(
        of label: SecretLabel,
        at sign: ValueSign
    ) -> SecretValue? {
        var sign = sign
        // Those of RSA keys are 512 hexadecimal digits.
        if label.value == .signature { sign.byteLimit = 640 }
        guard let value = self.secretValue(at: sign) else { return nil }
        guard label.value == .password || label.value == .pair,
            self.matches(" / ", at: value.range.upperBound),
            var second = self.secretValue(at: ValueSign(start: value.range.upperBound + 3))
        else { return value }
        second.isAfterName = true
        return second
    }

    /// `name:password`; the password is the secret.
    private mutating func scanPair(in range: Range<Int>) -> Int? {
        guard let colon = range.first(where: { self.byte($0) == UInt8(ascii: ":") }) else {
            return nil
        }
        let name = range.lowerBound..<colon
        let password = colon + 1..<range.upperBound
        // A path or the rest of a URL is no password.
        guard (1...64).contains(name.count), password.count >= 8,
            self.byte(password.lowerBound) != 0x2F,
            name.allSatisfy({
                self.isWord($0) || [0x2B, 0x2D, 0x2E, 0x40].contains(self.byte($0))
            }),
            !self.isPlaceholder(password)
        else { return nil }
        let mixture = self.mixture(of: password)
        guard mixture.isMixed, mixture.hasDigit, !isKnownExample(self.text[password]) else {
            return nil
        }
        return self.add(.secret, password, "secret.assignment", 0.8) ? password.upperBound : nil
    }

    /// Base64 of text with a colon in it.
    private func isNameAndPassword(_ range: Range<Int>) -> Bool {
        guard let text = decodedBase64(UnsafeBufferPointer(rebasing: self.text[range])),
            let colon = text.firstIndex(of: UInt8(ascii: ":"))
        else { return false }
        return colon > 0 && colon < text.count - 3 && text.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }

    /// `Authorization: Basic …`, `Token …` and the like, or the credentials alone.
    private mutating func scanAuthorization(at start: Int) -> Int? {
        var start = start
        if self.isQuote(start) { start += 1 }
        var end = start
        while end - start < 24, self.isClass(end, ByteClass.alphanumeric | ByteClass.token) {
            end += 1
        }
        if self.byte(end) == 0x20, end > start { start = end + 1 }
        return self.scanCredentials(at: start, isBearer: false)
    }

    /// Credentials of letters, digits and signs of base64 (RFC 6750 §2.1).
    ///
    /// Invariant: no credentials are walked twice.
    private mutating func scanCredentials(at start: Int, isBearer: Bool) -> Int? {
        guard start >= self.credentialsEnd else { return nil }
        var end = start
        while end - start < 4096,
            self.isClass(end, ByteClass.alphanumeric | ByteClass.token)
                || [0x2E, 0x7E, 0x2B, 0x2F, 0x3D].contains(self.byte(end))
        {
            end += 1
        }
        self.steps += end - start
        self.credentialsEnd = end
        while end > start, self.byte(end - 1) == 0x2E { end -= 1 }
        let mixture = self.mixture(of: start..<end)
        guard end - start >= (isBearer ? 20 : 12), mixture.isMixed,
            mixture.hasDigit || !isBearer && self.isNameAndPassword(start..<end),
            !self.isPlaceholder(start..<end)
        else { return nil }
        return self.add(.secret, start..<end, "secret.authorization", 0.85) ? end : nil
    }

    /// Every value of the line that looks random; what is between them is looked at as always.
    private mutating func scanCookies(at start: Int) -> Int? {
        var index = max(start, self.credentialsEnd)
        while index < self.text.count, index - start < 4096 {
            var end = index
            while self.isCookieByte(end) { end += 1 }
            let range = index..<end
            if range.count >= 16, self.mixture(of: range).isDense, !self.isPlaceholder(range) {
                self.add(.secret, range, "secret.cookie", 0.8)
            }
            self.steps += end - index + 1
            let byte = self.byte(end)
            if byte < 0x20 || byte == 0x22 || byte == 0x27 { break }
            index = end + 1
        }
        self.credentialsEnd = max(self.credentialsEnd, index)
        return nil
    }

    /// RFC 6265 §4.1.1, but for `=`, which ends a name.
    private func isCookieByte(_ index: Int) -> Bool {
        let byte = self.byte(index)
        return byte > 0x20 && byte < 0x7F && ![0x22, 0x27, 0x2C, 0x3B, 0x3D].contains(byte)
    }
}
