extension ScanPass {
    /// E-mail addresses, and the password of a URL's user information, around the `@` at `index`.
    ///
    /// - Source: RFC 5321 §4.1.2, §4.1.3 and §4.5.3.1 (dot-atoms, quoted strings, literals, lengths),
    ///   RFC 6531 (letters beyond ASCII), RFC 5890 (`xn--` labels).
    mutating func scanAt(_ index: Int) -> Int {
        if let end = self.scanUserInformation(before: index) { return end }
        var sign = index
        while sign - index < 2, self.byte(sign + 1) == 0x40 { sign += 1 }
        guard let start = self.localStart(before: index), let host = self.hostEnd(after: sign)
        else { return self.scanSpacedAddress(around: index) ?? index + 1 }
        // `git@host:path` is an address of a repository.
        if self.byte(host.end) == 0x3A, index - start == 3, self.matches("git", at: start) {
            return host.end
        }
        // `j&ouml;rg@…`: what stands before is read as it is meant.
        if self.byte(start - 1) == 0x3B { self.noteDisguise(before: start) }
        let score: Float = self.byte(host.end) == 0x40 ? 0.4 : host.score
        return self.add(.email, start..<host.end, "email", score) ? host.end : index + 1
    }

    /// `ann.lee @ corp.io`, with a space on one side too, and an address that a line's end parts before its
    /// sign: what no sentence looks like, because of the signs of its name and the last label of its host.
    private mutating func scanSpacedAddress(around index: Int) -> Int? {
        let isAfterSpace = self.byte(index - 1) == 0x20
        let isBeforeSpace = self.byte(index + 1) == 0x20
        let isWrapped = self.byte(index - 1) == 0x0A
        guard isAfterSpace || isBeforeSpace || isWrapped else { return nil }
        let isReturn = isWrapped && self.byte(index - 2) == 0x0D
        let end = index - (isReturn ? 2 : isWrapped || isAfterSpace ? 1 : 0)
        let hostStart = index + (isBeforeSpace ? 2 : 1)
        guard let start = self.localStart(before: end),
            (start..<end).contains(where: { !self.isClass($0, ByteClass.letter) }),
            let host = self.domainEnd(from: hostStart)
                ?? (isBeforeSpace ? self.spacedDomainEnd(from: hostStart) : nil)
        else { return nil }
        var top = self.text[index..<host].lastIndex(of: 0x2E).map { $0 + 1 } ?? host
        if self.byte(top) == 0x20 { top += 1 }
        guard spokenTopLabels.contains(self.loweredText(top..<host)) else { return nil }
        return self.add(.email, start..<host, "email", 0.7) ? host : nil
    }

    /// `corp . io`: two labels and a point between spaces.
    private func spacedDomainEnd(from start: Int) -> Int? {
        let point = self.labelEnd(from: start)
        guard point > start, self.matches(" . ", at: point) else { return nil }
        let end = self.labelEnd(from: point + 3)
        return end > point + 3 && self.isTopLabel(point + 3..<end) ? end : nil
    }

    private func loweredText(_ range: Range<Int>) -> String {
        String(decoding: self.text[range], as: UTF8.self).lowercased()
    }

    private mutating func localStart(before index: Int) -> Int? {
        if self.byte(index - 1) == 0x22 { return self.quotedLocalStart(before: index - 1) }
        var start = index
        // A script without spaces before the sign is the local part itself; before letters of another
        // script it is the text they stand in.
        let joins: Set<LetterKind> =
            self.letter(before: index).kind == .unspaced ? [.spaced, .unspaced] : [.spaced]
        while index - start < 64 {
            if self.isClass(start - 1, ByteClass.alphanumeric | ByteClass.local) {
                start -= 1
                continue
            }
            // A guest's name in a directory of Microsoft: `ann.lee_corp.io#EXT#@tenant…`.
            if start == index, self.matches("#EXT#", at: start - 5) {
                start -= 5
                continue
            }
            let letter = self.letter(before: start)
            guard let kind = letter.kind, joins.contains(kind) else { break }
            start = letter.start
        }
        self.steps += index - start
        while start < index, !self.isClass(start, ByteClass.alphanumeric), self.byte(start) != 0x5F,
            self.byte(start) < 0x80
        {
            start += 1
        }
        // Some providers gave out names that end in a point.
        let endsInPoint = self.byte(index - 1) == 0x2E
        return start < (endsInPoint ? index - 2 : index) ? start : nil
    }

    /// `"john doe"@…`; `quote` is the closing one.
    private mutating func quotedLocalStart(before quote: Int) -> Int? {
        var start = quote
        while quote - start < 66, self.byte(start - 1) >= 0x20, self.byte(start - 1) != 0x22 {
            start -= 1
        }
        self.steps += quote - start
        guard self.byte(start - 1) == 0x22, start < quote, !self.isWord(start - 2) else {
            return nil
        }
        return start - 1
    }

    /// The end of a host name or of an address in brackets, on this line or the next.
    private mutating func hostEnd(after index: Int) -> (end: Int, score: Float)? {
        if self.byte(index + 1) == 0x5B {
            return self.addressLiteralEnd(from: index + 2).map { ($0, 0.95) }
        }
        if let end = self.domainEnd(from: index + 1) { return (end, 0.95) }
        guard let next = self.nextLine(at: index + 1), self.isClass(next, ByteClass.lower) else {
            return nil
        }
        return self.domainEnd(from: next).map { ($0, 0.7) }
    }

    /// `[192.0.2.44]` and `[IPv6:2001:db8::1]`, from after the bracket.
    private func addressLiteralEnd(from start: Int) -> Int? {
        var end = start
        if self.matches("IPv6:", at: end) { end += 5 }
        var signs = 0
        while end - start < 48 {
            let byte = self.byte(end)
            if byte == 0x2E || byte == 0x3A {
                signs += 1
            } else if !self.isClass(end, ByteClass.hex) {
                break
            }
            end += 1
        }
        return self.byte(end) == 0x5D && signs >= 2 ? end + 1 : nil
    }

    /// The end of the host name at `start` if it has two labels or more and a plausible last one.
    private mutating func domainEnd(from start: Int) -> Int? {
        var end = start
        var labelStart = start
        /// The end of the name up to the last good top label.
        var goodEnd: Int?
        while end - start < 254 {
            let labelEnd = self.labelEnd(from: labelStart, isFirst: labelStart == start)
            guard labelEnd > labelStart else { break }
            end = labelEnd
            let label = labelStart..<labelEnd
            if labelStart > start, self.isTopLabel(label) {
                goodEnd = labelEnd
            } else if let good = goodEnd, fileSuffixes.contains(self.loweredText(label)) {
                // `mail-ann@corp.io.zip` is a file with an address in its name.
                let top = self.text[start..<good].lastIndex(of: 0x2E).map { $0 + 1 } ?? start
                if !spokenTopLabels.contains(self.loweredText(top..<good)) { goodEnd = nil }
                break
            } else {
                goodEnd = nil
            }
            guard self.byte(end) == 0x2E else { break }
            labelStart = end + 1
        }
        self.steps += end - start
        return goodEnd
    }

    /// The end of a label of letters of any script, digits and inner hyphens.
    ///
    /// Letters of a script without spaces end one that began in another script. Some first labels have an
    /// underscore.
    private func labelEnd(from start: Int, isFirst: Bool = false) -> Int {
        var end = start
        var isUnspaced: Bool?
        while end - start < 64 {
            if self.isClass(end, ByteClass.alphanumeric) {
                if isUnspaced == nil { isUnspaced = false }
                end += 1
            } else if self.byte(end) == 0x2D && end > start {
                end += 1
            } else if self.byte(end) == 0x5F, isFirst, end > start,
                self.isClass(end + 1, ByteClass.alphanumeric)
            {
                end += 1
            } else if self.byte(end) >= 0x80, let letter = self.letter(at: end),
                let kind = letter.kind
            {
                if isUnspaced == nil { isUnspaced = kind == .unspaced }
                if kind == .unspaced, isUnspaced == false { break }
                end = letter.end
            } else {
                break
            }
        }
        while end > start, self.byte(end - 1) == 0x2D { end -= 1 }
        return end
    }

    private func isTopLabel(_ range: Range<Int>) -> Bool {
        if self.matches("xn--", at: range.lowerBound) { return range.count > 4 }
        let isASCII = self.byte(range.lowerBound) < 0x80
        guard (isASCII ? 2...24 : 4...63).contains(range.count),
            range.allSatisfy({ self.isClass($0, ByteClass.letter) || self.byte($0) >= 0x80 })
        else { return false }
        return !fileSuffixes.contains(self.loweredText(range))
    }

    /// `scheme://user:password@host`: the password is a secret.
    private mutating func scanUserInformation(before index: Int) -> Int? {
        if let end = self.scanOraclePassword(before: index) { return end }
        var start = index
        var colon: Int?
        while index - start < 256 {
            let byte = self.byte(start - 1)
            guard byte > 0x20, byte < 0x80, byte != 0x40, byte != 0x22, byte != 0x27, byte != 0x3C
            else { break }
            if byte == 0x2F { break }
            start -= 1
            if byte == 0x3A { colon = start }
        }
        self.steps += index - start
        guard let colon, self.isAfterScheme(start) || self.isBeforeSocket(index),
            colon + 3 <= index,
            !self.isPlaceholder(colon + 1..<index), !self.isPlaceholder(start..<index),
            !self.isInPlaceholder(start..<colon)
        else { return nil }
        return self.add(.secret, colon + 1..<index, "secret.url", 0.9) ? index : nil
    }

    /// `jdbc:oracle:thin:scott/password@…`, and `sqlplus scott/password@…`.
    private mutating func scanOraclePassword(before index: Int) -> Int? {
        guard [0x2F, 0x28].contains(self.byte(index + 1)) || self.isLetterOrDigit(index + 1) else {
            return nil
        }
        var start = index
        while index - start < 40, self.byte(start - 1) > 0x20, self.byte(start - 1) != 0x2F,
            self.byte(start - 1) < 0x80
        {
            start -= 1
        }
        var name = start - 1
        while start - name < 40, self.isWord(name - 1) { name -= 1 }
        self.steps += index - name
        guard self.byte(start - 1) == 0x2F, name < start - 1, index - start >= 6,
            self.matches("thin:", at: name - 5) || self.matches("sqlplus ", at: name - 8),
            !self.isPlaceholder(start..<index)
        else { return nil }
        return self.add(.secret, start..<index, "secret.url", 0.9) ? index : nil
    }

    /// Whether `://` stands before, or `:\\/\\/` as JSON may write it.
    private func isAfterScheme(_ index: Int) -> Bool {
        guard self.byte(index - 1) == 0x2F else { return false }
        if self.byte(index - 2) == 0x2F { return self.byte(index - 3) == 0x3A }
        return self.matches(":\\/\\/", at: index - 5)
    }

    /// `user:password@tcp(host)/name`, as drivers for Go have it.
    private func isBeforeSocket(_ index: Int) -> Bool {
        self.matches("tcp(", at: index + 1) || self.matches("unix(", at: index + 1)
    }

    /// Whether a pseudonym such as `[SECRET:k1:…]` is open at the end of the range.
    private func isInPlaceholder(_ range: Range<Int>) -> Bool {
        let bracket = range.last { [0x5B, 0x5D].contains(self.byte($0)) }
        return bracket.map { self.byte($0) == 0x5B && self.isClass($0 + 1, ByteClass.upper) }
            ?? false
    }
}

/// Last labels that are file names after an `@`, as in `icon@2x.png`.
private let fileSuffixes: Set<String> = [
    "bmp", "css", "gif", "gz", "htm", "html", "ico", "jpeg", "jpg", "js", "json", "jsx", "md",
    "pdf", "php", "png", "py", "rb", "rst", "svg", "tar", "tgz", "ts", "tsx", "txt", "webp", "whl",
    "xml", "yaml", "yml", "zip",
]
