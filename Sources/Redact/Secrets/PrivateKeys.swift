extension ScanPass {
    /// Private keys as text, around the end of what announces one.
    mutating func scanArmour(at index: Int) -> Int? {
        self.byte(index) == UInt8(ascii: "B")
            ? self.scanPEMKey(at: index) : self.scanPuTTYKey(at: index)
    }

    /// PEM private keys (RFC 7468), from `-----BEGIN` to the end line; `index` is at the `B`.
    private mutating func scanPEMKey(at index: Int) -> Int? {
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

    /// The lines of base64 after `Private-Lines: N` in PuTTY's key files; `index` is at the `i` of `Lines`.
    ///
    /// - Source: PuTTY's manual, appendix C, "PPK file format".
    private mutating func scanPuTTYKey(at index: Int) -> Int? {
        guard self.matches("Private-Lines: ", at: index - 9) else { return nil }
        var start = index + 6
        while self.isDigit(start) { start += 1 }
        if self.byte(start) == 0x0D { start += 1 }
        guard self.byte(start) == 0x0A else { return nil }
        start += 1
        var end = start
        while end - start < 1 << 16,
            self.isClass(end, ByteClass.alphanumeric)
                || [0x2B, 0x2F, 0x3D, 0x0A, 0x0D].contains(self.byte(end))
        {
            end += 1
        }
        // The next key, `Private-MAC`, begins with letters too.
        if self.byte(end) == UInt8(ascii: "-") {
            while end > start, self.byte(end - 1) != 0x0A { end -= 1 }
        }
        while end > start, [0x0A, 0x0D].contains(self.byte(end - 1)) { end -= 1 }
        self.steps += end - start
        guard end - start >= 16 else { return nil }
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
}

/// The first dash at or after `start`, or the end.
private func nextDash(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var index = start
    while index < text.count, text[index] != 0x2D { index += 1 }
    return index
}
