extension ScanPass {
    /// E-mail addresses, and the password of a URL's user information, around the `@` at `index`.
    ///
    /// - Source: RFC 5321 §4.1.2 and §4.5.3.1 (dot-atoms, lengths), RFC 5890 (`xn--` labels).
    mutating func scanAt(_ index: Int) -> Int {
        if let end = self.scanUserInformation(before: index) { return end }
        var start = index
        while index - start < 64,
            self.isClass(start - 1, ByteClass.alphanumeric | ByteClass.local)
        {
            start -= 1
        }
        self.steps += index - start
        while start < index, !self.isClass(start, ByteClass.alphanumeric),
            self.byte(start) != 0x5F
        {
            start += 1
        }
        guard start < index, self.byte(index - 1) != 0x2E,
            let end = self.domainEnd(from: index + 1)
        else { return index + 1 }
        // `git@host:path` is an address of a repository.
        if self.byte(end) == 0x3A, index - start == 3, self.matches("git", at: start) { return end }
        let isAdded = self.add(.email, start..<end, "email", self.byte(end) == 0x40 ? 0.4 : 0.95)
        return isAdded ? end : index + 1
    }

    /// The end of the host name at `start` if it has two labels or more and a plausible last one.
    private mutating func domainEnd(from start: Int) -> Int? {
        var end = start
        var labelStart = start
        /// The end of the name up to the last good top label.
        var goodEnd: Int?
        while end - start < 254 {
            let labelEnd = self.labelEnd(from: labelStart)
            guard labelEnd > labelStart else { break }
            end = labelEnd
            if labelStart > start, self.isTopLabel(labelStart..<labelEnd) {
                goodEnd = labelEnd
            } else {
                goodEnd = nil
            }
            guard self.byte(end) == 0x2E else { break }
            labelStart = end + 1
        }
        self.steps += end - start
        return goodEnd
    }

    /// The end of a label of letters, digits, inner hyphens and Latin letters beyond ASCII.
    private func labelEnd(from start: Int) -> Int {
        var end = start
        while end - start < 64 {
            if self.isClass(end, ByteClass.alphanumeric) || self.byte(end) == 0x2D && end > start {
                end += 1
            } else if (0xC3...0xC9).contains(self.byte(end)) {
                end += 2
            } else {
                break
            }
        }
        while end > start, self.byte(end - 1) == 0x2D { end -= 1 }
        return end
    }

    private func isTopLabel(_ range: Range<Int>) -> Bool {
        if self.matches("xn--", at: range.lowerBound) { return range.count > 4 }
        guard (2...24).contains(range.count),
            range.allSatisfy({ self.isClass($0, ByteClass.letter) || self.byte($0) >= 0x80 })
        else { return false }
        return !fileSuffixes.contains(
            String(decoding: self.text[range], as: UTF8.self).lowercased()
        )
    }

    /// `scheme://user:password@host`: the password is a secret.
    private mutating func scanUserInformation(before index: Int) -> Int? {
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
        guard let colon, self.byte(start - 1) == 0x2F, self.byte(start - 2) == 0x2F,
            self.byte(start - 3) == 0x3A, colon + 3 <= index,
            !self.isPlaceholder(colon + 1..<index), !self.isPlaceholder(start..<index),
            !self.isInPlaceholder(start..<colon)
        else { return nil }
        return self.add(.secret, colon + 1..<index, "secret.url", 0.9) ? index : nil
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
