extension ScanPass {
    /// A token one of whose prefixes has the two bytes of `pair` at `index`.
    mutating func scanToken(pair: Int, at index: Int) -> Int? {
        for prefix in TokenPrefix.lists[Int(TokenPrefix.byPair[pair])] {
            let start = index + 1 - prefix.anchorEnd
            guard start >= 0, self.hasBytes(prefix.bytes, at: start), !self.isWord(start - 1) else {
                continue
            }
            if prefix.body == .bech32 {
                if let end = self.scanBech32(at: start) { return end }
                continue
            }
            // A part of a longer token is none: its three parts start with a free boundary.
            if prefix.body == .jwt, [0x2D, 0x2E].contains(self.byte(start - 1)) { continue }
            let bodyStart = start + prefix.bytes.count
            guard let end = self.bodyEnd(of: prefix, from: bodyStart),
                prefix.lengths.contains(end - bodyStart)
            else { continue }
            if self.add(.secret, start..<end, "secret.token", 0.95) { return end }
        }
        return nil
    }

    private func hasBytes(_ bytes: [UInt8], at index: Int) -> Bool {
        guard index + bytes.count <= self.text.count, self.text[index] == bytes[0] else {
            return false
        }
        for offset in bytes.indices where self.text[index + offset] != bytes[offset] {
            return false
        }
        return true
    }

    private mutating func bodyEnd(of prefix: TokenPrefix, from start: Int) -> Int? {
        let runEnd = self.tokenEnd(from: start)
        switch prefix.body {
        case .alphanumeric, .upperAlphanumeric, .hex:
            let mask: UInt8 =
                switch prefix.body {
                case .hex: ByteClass.hex
                case .upperAlphanumeric: ByteClass.upper | ByteClass.digit
                default: ByteClass.alphanumeric
                }
            var end = start
            let limit = min(runEnd, start + prefix.lengths.upperBound + 1)
            while end < limit, self.isClass(end, mask) { end += 1 }
            return self.isWord(end) ? nil : end
        case .token:
            let range = start..<runEnd
            return range.count <= prefix.lengths.upperBound && self.isRandom(range) ? runEnd : nil
        case .jwt:
            guard runEnd - start <= prefix.lengths.upperBound else { return nil }
            let dots = (start..<runEnd).filter { self.byte($0) == 0x2E }
            guard dots.count >= 2, self.matches("eyJ", at: dots[0] + 1) || dots.count == 4 else {
                return nil
            }
            return runEnd
        case .bech32:
            return nil
        }
    }

    /// The end of the run of letters, digits, `-`, `_` and inner dots that `start` is in.
    ///
    /// Invariant: the run is walked once, however many prefixes it holds.
    private mutating func tokenEnd(from start: Int) -> Int {
        if start < self.tokenRunEnd { return self.tokenRunEnd }
        var end = start
        while self.isClass(end, ByteClass.alphanumeric | ByteClass.token)
            || self.byte(end) == 0x2E
                && self.isClass(end + 1, ByteClass.alphanumeric | ByteClass.token)
        {
            end += 1
        }
        self.steps += end - start
        self.tokenRunEnd = end
        return end
    }

    /// Letters with digits, or letters in both cases: not a word, not an option name.
    private func isRandom(_ range: Range<Int>) -> Bool {
        var seen: UInt8 = 0
        for index in range {
            if self.isClass(index, ByteClass.digit) { seen |= 1 }
            if self.isClass(index, ByteClass.upper) { seen |= 2 }
            if self.isClass(index, ByteClass.lower) { seen |= 4 }
        }
        return seen.nonzeroBitCount >= 2
    }

    /// PEM private keys (RFC 7468), from `-----BEGIN` to the end line; `index` is at the `B`.
    mutating func scanArmour(at index: Int) -> Int? {
        let start = index - 5
        guard start >= 0, self.matches("-----BEGIN ", at: start) else { return nil }
        var lineEnd = index
        while lineEnd < self.text.count, lineEnd - index < 60, self.byte(lineEnd) != 0x2D {
            lineEnd += 1
        }
        let isPrivate = (index..<lineEnd).contains { self.matches("PRIVATE KEY", at: $0) }
        guard isPrivate else { return nil }
        let end = self.armourEnd(from: lineEnd)
        return self.add(.secret, start..<end, "secret.pem", 0.95) ? end : nil
    }

    /// After the next `-----END ...-----`; without one, where the base64 lines end.
    ///
    /// Invariant: no byte is searched twice for an end line.
    private mutating func armourEnd(from start: Int) -> Int {
        let known = self.armourEnd ?? -1
        if known < start {
            var index = start
            while index < self.text.count, !self.matches("-----END ", at: index) {
                index = nextDash(self.text, from: index + 1)
            }
            self.steps += index - start
            self.armourEnd = index
        }
        let end = self.armourEnd ?? self.text.count
        if end < self.text.count, end - start <= 1 << 16 {
            var close = end + 9
            while self.isClass(close, ByteClass.upper) || self.byte(close) == 0x20 { close += 1 }
            while self.byte(close) == 0x2D { close += 1 }
            return close
        }
        var index = start
        while index < self.text.count,
            self.isClass(index, ByteClass.alphanumeric)
                || [0x2B, 0x2F, 0x3D, 0x0A, 0x0D, 0x2D].contains(self.byte(index))
        {
            index += 1
        }
        self.steps += index - start
        return index
    }

    /// A value after the word around `index` for a password, a key or a token.
    mutating func scanKeyword(at index: Int) -> Int? {
        guard self.wants(.secret) else { return nil }
        // `bearer` and `basic`.
        if self.byte(index + 1) == 0x20, [0x63, 0x72].contains(self.byte(index) | 0x20),
            let end = self.scanAuthorization(at: index + 1)
        {
            return end
        }
        var end = index + 1
        while end - index < 24,
            self.isClass(end, ByteClass.word | ByteClass.token)
                || self.byte(end) >= 0x80
        {
            end += 1
        }
        var sign = end
        while sign - end < 3, [0x20, 0x22, 0x27].contains(self.byte(sign)) { sign += 1 }
        self.steps += sign - index
        if self.byte(sign) == 0x3A || self.byte(sign) == 0x3D {
            guard sign != self.assignmentSign else { return nil }
            self.assignmentSign = sign
            return self.scanAssignment(at: sign)
        }
        // `o` of `password`.
        return self.byte(index - 1) | 0x20 == 0x77 ? self.scanPasswordWord(at: index - 2) : nil
    }

    /// `Authorization: Bearer …` and `Basic …`; `index` is at the space.
    private mutating func scanAuthorization(at index: Int) -> Int? {
        let isBearer = self.endsFolded("bearer", at: index)
        guard isBearer || self.endsFolded("authorization: basic", at: index) else { return nil }
        var end = index + 1
        while end - index < 4096,
            self.isClass(end, ByteClass.alphanumeric | ByteClass.token)
                || [0x2E, 0x7E, 0x2B, 0x2F, 0x3D].contains(self.byte(end))
        {
            end += 1
        }
        self.steps += end - index
        while end > index + 1, self.byte(end - 1) == 0x2E { end -= 1 }
        let range = index + 1..<end
        guard range.count >= (isBearer ? 20 : 12), self.isRandom(range),
            !isBearer || range.contains(where: { self.isDigit($0) }), !self.isPlaceholder(range)
        else { return nil }
        return self.add(.secret, range, "secret.authorization", 0.85) ? end : nil
    }

    /// Tokens that their middle gives away: Telegram `…:AA…`, Terraform `….atlasv1.…`, Azure `…Q~…`.
    mutating func scanInnerToken(at index: Int) -> Int? {
        guard self.wants(.secret) else { return nil }
        let before: Int
        let after: ClosedRange<Int>
        let sign: Int
        switch self.byte(index) {
        case 0x41 where self.byte(index - 1) == 0x3A && self.byte(index + 1) == 0x41:
            (before, after, sign) = (10, 35...35, index)
        case 0x31 where self.matches(".atlasv1.", at: index - 7):
            (before, after, sign) = (14, 60...70, index + 2)
        case 0x7E: (before, after, sign) = (5, 31...34, index + 1)
        default: return nil
        }
        var start = sign
        let isTelegram = self.byte(index) == 0x41
        var limit = isTelegram ? sign - 1 : self.byte(index) == 0x31 ? sign - 9 : sign
        if isTelegram { start = limit } else if self.byte(index) == 0x31 { start = limit }
        limit = start - before
        while start > limit,
            isTelegram
                ? self.isDigit(start - 1)
                : self.isClass(start - 1, ByteClass.alphanumeric | ByteClass.token)
                    || self.byte(start - 1) == 0x7E
        {
            start -= 1
        }
        var end = sign
        while end - sign <= after.upperBound,
            self.isClass(end, ByteClass.alphanumeric | ByteClass.token)
                || self.byte(end) == 0x2E && self.byte(index) == 0x7E || self.byte(end) == 0x7E
        {
            end += 1
        }
        self.steps += end - start
        let isWhole = !self.isWord(start - 1) && !self.isWord(end)
        let length = isTelegram ? 8 : before
        guard isWhole, after.contains(end - sign), start <= limit + before - length,
            self.byte(index) == 0x7E ? start == limit : true
        else { return nil }
        return self.add(.secret, start..<end, "secret.token", 0.9) ? end : nil
    }

    /// `password = "value"`, `DB_PASSWORD=value`, `"token": "value"`; `index` is at the `=` or `:`.
    mutating func scanAssignment(at index: Int) -> Int? {
        guard self.wants(.secret), let key = self.secretKey(endingBefore: index) else {
            return nil
        }
        var start = index + 1
        // `:=`, `=>` and `==` are not values.
        while self.byte(start) == 0x20, start - index < 4 { start += 1 }
        guard let range = self.secretValue(at: start, isPassword: key == .password) else {
            return nil
        }
        return self.add(.secret, range, "secret.assignment", 0.8) ? range.upperBound : nil
    }

    private enum SecretKey {
        case password
        case token
    }

    /// What the name before the sign at `index` says its value is.
    private func secretKey(endingBefore index: Int) -> SecretKey? {
        var end = index
        while index - end < 3, [0x20, 0x22, 0x27].contains(self.byte(end - 1)) { end -= 1 }
        guard self.isClass(end - 1, ByteClass.letter) else { return nil }
        switch self.byte(end - 1) | 0x20 {
        case 0x61:
            return self.endsFolded("contrase\u{F1}a", at: end) || self.endsFolded("senha", at: end)
                ? .password : nil
        case 0x64:
            let names: [StaticString] = ["password", "passwd", "pwd"]
            return names.contains { self.endsFolded($0, at: end) } ? .password : nil
        case 0x65:
            let names: [StaticString] = ["passphrase", "passcode", "mot de passe"]
            return names.contains { self.endsFolded($0, at: end) } ? .password : nil
        case 0x73:
            return self.endsFolded("pass", at: end) ? .password : nil
        case 0x74:
            if self.endsFolded("passwort", at: end) || self.endsFolded("kennwort", at: end) {
                return .password
            }
            return self.endsFolded("secret", at: end) ? .token : nil
        case 0x6E:
            return self.endsFolded("token", at: end) ? .token : nil
        case 0x79:
            let names: [StaticString] = [
                "api_key", "apikey", "api-key", "access_key", "secret_key", "private_key",
                "account_key", "accountkey", "auth_key", "accesskey", "secretkey", "encryption_key",
                "signing_key", "shared_key", "client_key", "app_key", "master_key",
            ]
            return names.contains { self.endsFolded($0, at: end) } ? .token : nil
        default: return nil
        }
    }

    /// Whether the text before `end` is the lower-case `name` in any case.
    private func endsFolded(_ name: StaticString, at end: Int) -> Bool {
        let start = end - name.utf8CodeUnitCount
        guard start >= 0 else { return false }
        return (0..<name.utf8CodeUnitCount).allSatisfy { offset in
            let byte = self.byte(start + offset)
            let folded = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
            return folded == name.utf8Start[offset]
        }
    }

    /// The value at `start`, in quotes or up to white space, if it looks like a secret and not like
    /// code: mixed characters, no call, no variable, no placeholder.
    private mutating func secretValue(at start: Int, isPassword: Bool) -> Range<Int>? {
        let quote = self.byte(start)
        let isQuoted = quote == 0x22 || quote == 0x27 || quote == 0x60
        let lower = isQuoted ? start + 1 : start
        var upper = lower
        while upper < self.text.count, upper - lower < 256 {
            let byte = self.byte(upper)
            if isQuoted ? byte == quote || byte < 0x20 : byte <= 0x20 || self.isValueEnd(byte) {
                break
            }
            upper += 1
        }
        self.steps += upper - lower
        if isQuoted, self.byte(upper) != quote { return nil }
        if !isQuoted {
            while upper > lower, [0x2E, 0x2C, 0x3B, 0x3A].contains(self.byte(upper - 1)) {
                upper -= 1
            }
        }
        let range = lower..<upper
        guard range.count >= (isPassword ? 6 : 16), range.count < 256,
            !self.isPlaceholder(range), self.hasSecretCharacters(range, isQuoted: isQuoted)
        else { return nil }
        return range
    }

    private func isValueEnd(_ byte: UInt8) -> Bool {
        [0x22, 0x27, 0x60, 0x2C, 0x3B, 0x29, 0x5D, 0x7D, 0x3C, 0x3E, 0x7C].contains(byte)
    }

    private func hasSecretCharacters(_ range: Range<Int>, isQuoted: Bool) -> Bool {
        var seen: UInt8 = 0
        for index in range {
            let byte = self.byte(index)
            if self.isClass(index, ByteClass.digit) {
                seen |= 1
            } else if self.isClass(index, ByteClass.upper) {
                seen |= 2
            } else if self.isClass(index, ByteClass.lower) {
                seen |= 4
            } else if byte == 0x20 || byte >= 0x80 {
                return false
            } else if byte == 0x28 || byte == 0x5B || byte == 0x7B, !isQuoted {
                return false
            } else if byte != 0x2E, byte != 0x5F, byte != 0x2D, byte != 0x2F {
                seen |= 8
            }
        }
        guard seen & 6 != 0 else { return false }
        // Unquoted words and names in code hold letters alone, or an upper-case start.
        return isQuoted ? seen.nonzeroBitCount >= 2 : seen & 9 != 0 || self.hasInnerUpper(range)
    }

    private func hasInnerUpper(_ range: Range<Int>) -> Bool {
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

    /// `password Qr7!dke` in prose: the word, then a value no word looks like; `index` is at `sw`.
    mutating func scanPasswordWord(at index: Int) -> Int? {
        guard self.wants(.secret), self.endsFolded("password", at: index + 5) else {
            return nil
        }
        var start = index + 5
        if self.matches(" is ", at: start) { start += 3 }
        if self.matches(" was ", at: start) { start += 4 }
        guard self.byte(start) == 0x20 else { return nil }
        while self.byte(start) == 0x20, start - index < 16 { start += 1 }
        guard let range = self.secretValue(at: start, isPassword: true),
            range.contains(where: { self.isClass($0, ByteClass.digit) }),
            range.contains(where: { self.isClass($0, ByteClass.letter) })
        else { return nil }
        return self.add(.secret, range, "secret.prose", 0.7) ? range.upperBound : nil
    }
}

/// The first dash at or after `start`, or the end.
private func nextDash(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var index = start
    while index < text.count, text[index] != 0x2D { index += 1 }
    return index
}
