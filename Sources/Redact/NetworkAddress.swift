extension ScanPass {
    /// Dotted IPv4 addresses that are not versions, loopback or masks.
    ///
    /// - Source: RFC 791, RFC 6943 §3.1.1 (no leading zeros).
    mutating func scanIPv4(at start: Int) -> Int? {
        let number = self.number
        // `+33.6.12.32.16.31` is dialled.
        guard number.groups.count >= 4, number.isParted(by: 0x2E, count: 4),
            !number.isWrapped(count: 4), self.byte(start - 1) != 0x2B
        else { return nil }
        var octets: [Int] = []
        var first = 0
        for group in number.groups[..<4] {
            let value = number.value(first..<group.total)
            let hasLeadingZero = group.count > 1 && number.digits[first] == 0
            guard group.count <= 3, value <= 255, !hasLeadingZero else { return nil }
            octets.append(value)
            first = group.total
        }
        let end = number.groups[3].end
        // In names of files underscores and hyphens part words; a small first number is a version there.
        let isAddress = octets[0] >= 24
        let isFree =
            !(isAddress ? self.isLetterOrDigit(start - 1) : self.isWord(start - 1))
            && self.byte(start - 1) != 0x2E
            && !(self.byte(start - 1) == 0x2D && self.isWord(start - 2)
                && !(isAddress && self.isClass(start - 2, ByteClass.letter)))
        guard isFree, !(isAddress ? self.isLetterOrDigit(end) : self.isWord(end)),
            !(self.byte(end) == 0x2E && self.isDigit(end + 1)),
            !([0x2D, 0x2B].contains(self.byte(end)) && self.isWord(end + 1))
        else { return end }
        let score = self.scoreIPv4(octets, at: start)
        let rule = isPrivateIPv4(octets) ? "ip.v4.private" : "ip.v4"
        _ = self.add(.ipAddress, start..<end, rule, score)
        return end
    }

    private mutating func scoreIPv4(_ octets: [Int], at start: Int) -> Float {
        // Loopback, unspecified, broadcast and masks name nobody, nor do networks and examples.
        if octets[0] == 127 || octets[0] == 0 || octets[0] == 255 { return 0.2 }
        if self.isNetwork(octets, after: self.number.groups[3].end) { return 0.2 }
        if isDocumentationIPv4(octets), self.isCalledExample(start) { return 0.2 }
        // `nginx/1.25.3.1` is a version.
        let isVersionLike = octets[0] < 24 || octets[1] == 0 || octets[2] == 0
        if self.byte(start - 1) == 0x2F, self.isClass(start - 2, ByteClass.letter), isVersionLike {
            return 0.2
        }
        let context = self.context(before: start)
        let isSmall = octets.allSatisfy { $0 < 24 }
        // Small numbers at the start of a line number a section.
        if isSmall, start == 0 || self.byte(start - 1) == 0x0A { return 0.3 }
        var score: Float = isSmall ? 0.4 : 0.75
        let isListed =
            self.spans.last.map {
                $0.kind == .ipAddress && start - $0.range.upperBound <= 4
            } ?? false
        // "Upgrade from 5.2.13.44": `from` says nothing of a small first number after such a word.
        let isVersion =
            context.isNearer(.version, than: .network)
            || octets[0] < 24 && context.isNear(.version) || self.followsLibrary(start)
        if isVersion {
            score -= 0.5
        } else if context.isNear(.network) || isListed {
            score += 0.25
        }
        return score
    }

    /// Whether the word before is the name of a library: `libpng 1.6.39.2`.
    private func followsLibrary(_ start: Int) -> Bool {
        guard self.byte(start - 1) == 0x20 else { return false }
        var first = start - 1
        while start - first < 32, self.isClass(first - 1, ByteClass.word | ByteClass.token) {
            first -= 1
        }
        return self.matches("lib", at: first)
    }

    /// IPv6 and MAC addresses: the run of hexadecimal digits and colons around `index`.
    mutating func scanColon(at index: Int) -> Int? {
        guard index >= self.colonRunEnd else { return nil }
        let next = index + 1
        guard self.isClass(next, ByteClass.hex) || self.byte(next) == 0x3A else { return nil }
        var start = index
        while index - start < 40, self.isClass(start - 1, ByteClass.hex) { start -= 1 }
        var end = next
        while self.isClass(end, ByteClass.hex) || self.byte(end) == 0x3A { end += 1 }
        self.colonRunEnd = end
        self.steps += end - start
        // `MAC:40:f7:…`: the first colon ends a label.
        let isAfterBreak = self.isAfterEscape(start)
        while start < end, self.isLetterOrDigit(start - 1), !isAfterBreak, self.byte(start) != 0x3A
        {
            start += 1
        }
        let isSingle = self.byte(start) == 0x3A && self.byte(start + 1) != 0x3A
        if start < end, self.isLetterOrDigit(start - 1) && !isAfterBreak || isSingle { start += 1 }
        guard end - start <= 45, isAfterBreak || !self.isLetterOrDigit(start - 1) else {
            return nil
        }
        guard isSingle || self.byte(start - 1) != 0x3A || self.isLetterOrDigit(start - 2) else {
            return nil
        }
        // A colon after the address is punctuation, but for the two of a compressed tail.
        if self.byte(end - 1) == 0x3A, self.byte(end - 2) != 0x3A { end -= 1 }
        guard !self.isLetterOrDigit(end) else { return nil }
        if self.isMAC(start..<end, separator: 0x3A) {
            if self.isExampleMAC(start) { return end }
            return self.add(.macAddress, start..<end, "mac", 0.9) ? end : nil
        }
        if self.byte(end) == 0x2E { end = self.dottedTail(start: start, end: end) }
        guard self.isIPv6(start..<end), self.isFreeAfter(end) else { return nil }
        if self.byte(end - 1) == 0x3A, self.isNetwork(after: end) { return nil }
        // The prefix of IPv4 addresses in IPv6 (RFC 4291 §2.5.5.2).
        if end - start == 10, self.matches("::ffff:0:0", at: start) { return end }
        // Unique local fc00::/7 (RFC 4193) and link-local fe80::/10 (RFC 4291).
        let (first, second) = (self.byte(start) | 0x20, self.byte(start + 1) | 0x20)
        let isPrivate =
            first == 0x66 && (second == 0x63 || second == 0x64)
            || first == 0x66 && second == 0x65
                && [0x38, 0x39, 0x61, 0x62].contains(self.byte(start + 2) | 0x20)
        let rule = isPrivate ? "ip.v6.private" : "ip.v6"
        return self.add(.ipAddress, start..<end, rule, 0.85) ? end : nil
    }

    /// Whether a word before, on the same line, says that what follows is an example.
    private func isCalledExample(_ start: Int) -> Bool {
        var index = start
        while index > 0, start - index < Self.contextReach, self.byte(index - 1) != 0x0A {
            index -= 1
            // A word of its own, and not the end of `mail.example`.
            let isWord =
                !self.isWord(index - 1) && ![0x2D, 0x2E, 0x40].contains(self.byte(index - 1))
            if isWord, self.matches("xample ", at: index + 1) { return true }
        }
        return false
    }

    /// Whether a prefix length follows and the address has no bits beyond it: `10.0.0.0/8`.
    private func isNetwork(_ octets: [Int], after end: Int) -> Bool {
        guard self.byte(end) == 0x2F, self.isDigit(end + 1) else { return false }
        let hasTwo = self.isDigit(end + 2)
        guard !self.isWord(end + (hasTwo ? 3 : 2)) else { return false }
        let tens = Int(self.byte(end + 1) - 0x30)
        let length = hasTwo ? tens * 10 + Int(self.byte(end + 2) - 0x30) : tens
        guard length < 32 else { return false }
        let address = octets.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return address << UInt32(length) == 0
    }

    /// Whether the length of a prefix follows that is an organisation's or shorter (RFC 6177 §2): `2001:db8::/32`.
    private func isNetwork(after end: Int) -> Bool {
        guard self.byte(end) == 0x2F, self.isDigit(end + 1) else { return false }
        let hasTwo = self.isDigit(end + 2)
        guard !self.isWord(end + (hasTwo ? 3 : 2)) else { return false }
        let tens = Int(self.byte(end + 1) - 0x30)
        return (hasTwo ? tens * 10 + Int(self.byte(end + 2) - 0x30) : tens) <= 48
    }

    /// The end of an IPv4 tail as in `::ffff:192.0.2.1`, whose first octet is before `end`.
    private func dottedTail(start: Int, end: Int) -> Int {
        var index = end
        var dots = 0
        while index - end < 12, self.isDigit(index) || self.byte(index) == 0x2E {
            if self.byte(index) == 0x2E {
                guard self.isDigit(index + 1) else { break }
                dots += 1
            }
            index += 1
        }
        return dots == 3 ? index : end
    }

    /// RFC 4291 §2.2: eight groups, or fewer around one `::`.
    private func isIPv6(_ range: Range<Int>) -> Bool {
        var groups = 0
        var length = 0
        var longest = 0
        var compressions = 0
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = self.byte(index)
            if byte == 0x2E {
                groups += 1
                break
            }
            if byte == 0x3A {
                if length > 0 { groups += 1 }
                length = 0
                if self.byte(index + 1) == 0x3A, index + 1 < range.upperBound {
                    compressions += 1
                    index += 1
                } else if index == range.lowerBound {
                    return false
                }
            } else {
                length += 1
                longest = max(longest, length)
                guard length <= 4 else { return false }
            }
            index += 1
        }
        if length > 0 { groups += 1 }
        if compressions == 0 { return groups == 8 }
        // Slices such as `1::2` and names such as `a::b` are no addresses.
        return compressions == 1 && groups <= 7 && (groups >= 4 || longest >= 3 && groups >= 2)
    }

    /// Six pairs of hexadecimal digits.
    func isMAC(_ range: Range<Int>, separator: UInt8) -> Bool {
        guard range.count == 17 else { return false }
        return (0..<17).allSatisfy { offset in
            offset % 3 == 2
                ? self.byte(range.lowerBound + offset) == separator
                : self.isClass(range.lowerBound + offset, ByteClass.hex)
        }
    }

    /// Whether the address is one for examples (RFC 7042 §2.1.2).
    private func isExampleMAC(_ start: Int) -> Bool {
        ["00-00-5E-00-53-", "00:00:5E:00:53:", "00-00-5e-00-53-", "00:00:5e:00:53:"].contains {
            self.hasBytes(Array($0.utf8), at: start)
        }
    }

    /// `aa-bb-cc-dd-ee-ff` and `aabb.ccdd.eeff` around the digit at `start`.
    mutating func scanGroupedMAC(at start: Int) -> Int? {
        // The digit is among two or four, which a separator is next to.
        var first = start
        while start - first < 4, self.isClass(first - 1, ByteClass.hex) { first -= 1 }
        var last = start + 1
        while last - first < 5, self.isClass(last, ByteClass.hex) { last += 1 }
        let group = last - first
        guard group == 2 || group == 4 else { return nil }
        let separator: UInt8 = group == 2 ? 0x2D : 0x2E
        guard
            self.isMACGroup(before: first, separator, group)
                || self.isMACGroup(after: last, separator, group), self.wants(.macAddress)
        else { return nil }
        let length = group == 2 ? 17 : 14
        first = start
        while start - first < length,
            self.isClass(first - 1, ByteClass.hex) || self.byte(first - 1) == separator
        {
            first -= 1
        }
        // `scan-3c-c2-…` is a name and an address.
        if first < start, self.byte(first) == separator { first += 1 }
        let range = first..<first + length
        guard self.isMACShape(range, separator: separator, group: group),
            range.contains(where: { self.isClass($0, ByteClass.hexLetter) }),
            !self.isLetterOrDigit(first - 1) || self.isAfterEscape(first),
            self.isFreeAfter(range.upperBound)
        else { return nil }
        if self.isExampleMAC(first) { return range.upperBound }
        return self.add(.macAddress, range, "mac", 0.8) ? range.upperBound : nil
    }

    /// Whether `\\n`, `\\r` or `\\t` is before `index`.
    private func isAfterEscape(_ index: Int) -> Bool {
        self.byte(index - 2) == 0x5C && [0x6E, 0x72, 0x74].contains(self.byte(index - 1))
    }

    @inline(__always)
    private func isMACGroup(before index: Int, _ separator: UInt8, _ count: Int) -> Bool {
        self.byte(index - 1) == separator && self.isClass(index - 2, ByteClass.hex)
            && self.isClass(index - 1 - count, ByteClass.hex)
    }

    @inline(__always)
    private func isMACGroup(after index: Int, _ separator: UInt8, _ count: Int) -> Bool {
        self.byte(index) == separator && self.isClass(index + 1, ByteClass.hex)
            && self.isClass(index + count, ByteClass.hex)
    }

    private func isMACShape(_ range: Range<Int>, separator: UInt8, group: Int) -> Bool {
        range.enumerated().allSatisfy { offset, index in
            offset % (group + 1) == group
                ? self.byte(index) == separator : self.isClass(index, ByteClass.hex)
        }
    }
}

/// Addresses for examples (RFC 5737).
private func isDocumentationIPv4(_ octets: [Int]) -> Bool {
    switch (octets[0], octets[1], octets[2]) {
    case (192, 0, 2), (198, 51, 100), (203, 0, 113): true
    default: false
    }
}

/// Addresses of private networks (RFC 1918), of carriers (RFC 6598) and of one link (RFC 3927).
func isPrivateIPv4(_ octets: [Int]) -> Bool {
    switch (octets[0], octets[1]) {
    case (10, _), (192, 168), (169, 254): true
    case (172, 16...31), (100, 64...127): true
    default: false
    }
}
