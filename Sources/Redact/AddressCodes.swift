/// Postal codes by their forms.
///
/// - Source: Universal Postal Union, postal addressing systems; a form is a country's own where no
///   other number is written so.
extension NameScan {
    /// After a code of digits that is a country's own form: `00-590` (PL), `1015 CJ` (NL), `1200-195` (PT),
    /// `01310-100` (BR), `62704-1234` (US).
    func ownCodeEnd(at start: Int) -> Int? {
        let first = self.digitCount(from: start)
        let next = start + first
        guard next < self.text.count else { return nil }
        if self.text[next] == .hyphen {
            let second = self.digitCount(from: next + 1)
            let isOwn =
                first == 2 && second == 3 || first == 4 && second == 3 || first == 5 && second == 3
                || first == 5 && second == 4
            return isOwn && self.isBoundary(next + 1 + second) ? next + 1 + second : nil
        }
        guard first == 4 else { return nil }
        let letters = self.text[next] == .space ? next + 1 : next
        guard letters + 2 <= self.text.count, self.text[letters].isCapitalLetter,
            self.text[letters + 1].isCapitalLetter, self.isBoundary(letters + 2)
        else { return nil }
        return letters + 2
    }

    /// After three digits, a space and two digits: Sweden, Czechia, Slovakia, Greece.
    func spacedCodeEnd(at start: Int) -> Int? {
        guard self.digitCount(from: start) == 3, start + 6 <= self.text.count,
            self.text[start + 3] == .space, self.digitCount(from: start + 4) == 2,
            self.isBoundary(start + 6)
        else { return nil }
        return start + 6
    }

    /// After a code that starts with a letter: `LS1 4AP`, `SW1A 1AA` (GB), `M5V 2T6` (CA).
    func letterCodeEnd(at start: Int) -> Int? {
        var index = start
        while index < self.text.count, self.text[index].isCapitalLetter { index += 1 }
        guard (1...2).contains(index - start), index < self.text.count, self.text[index].isDigit
        else {
            return nil
        }
        index += 1
        let isCanadian =
            index - start == 2 && index < self.text.count && self.text[index].isCapitalLetter
        if index < self.text.count, self.text[index].isDigit || self.text[index].isCapitalLetter {
            index += 1
        }
        while index < self.text.count, self.text[index] == .space, index - start < 6 { index += 1 }
        guard index + 3 <= self.text.count, self.text[index].isDigit, self.isBoundary(index + 3)
        else { return nil }
        let (second, third) = (self.text[index + 1], self.text[index + 2])
        let isBritish = second.isCapitalLetter && third.isCapitalLetter
        return isBritish || isCanadian && second.isCapitalLetter && third.isDigit ? index + 3 : nil
    }

    /// After the country before a code: `D-`, `PL-`, `CEP `, `C.P. `.
    func countryPrefixEnd(at start: Int) -> Int? {
        var index = start
        while index < self.text.count, self.text[index].isCapitalLetter { index += 1 }
        let count = index - start
        guard (1...3).contains(count), index + 3 < self.text.count else { return nil }
        if count <= 2, self.text[index] == .hyphen, self.digitCount(from: index + 1) >= 2 {
            return index + 1
        }
        let isWord =
            self.text[start..<index].elementsEqual("CEP".utf8)
            || self.text[start..<min(index + 3, self.text.count)].elementsEqual("C.P.".utf8)
        guard isWord else { return nil }
        var end = index
        while end < self.text.count,
            [.fullStop, UInt8(ascii: "P"), .colon].contains(self.text[end])
        { end += 1 }
        while end < self.text.count, self.text[end] == .space { end += 1 }
        return end < self.text.count && self.text[end].isDigit ? end : nil
    }

    func digitCount(from start: Int) -> Int {
        var end = start
        while end < self.text.count, end - start < 9, self.text[end].isDigit { end += 1 }
        return end - start
    }

    private func isBoundary(_ index: Int) -> Bool {
        guard index < self.text.count else { return true }
        let byte = self.text[index]
        return !byte.isDigit && !isNameLetter(byte) && byte != .hyphen && byte != UInt8(ascii: "_")
    }

    /// An address before the postal code that starts at `start`, where no word says that it is one:
    /// `Am Markt 14, 01067 Dresden`, `Dlouhá 12\n110 00 Praha`.
    @inline(never)
    mutating func scanPostal(at start: Int) {
        guard start >= self.addressEnd + 6 else { return }
        let count = self.digitCount(from: start)
        guard
            (4...6).contains(count) || self.ownCodeEnd(at: start) != nil
                || self.spacedCodeEnd(at: start) != nil
        else { return }
        var houseEnd = start
        if self.text[houseEnd - 1] == .hyphen {
            houseEnd -= 1
            while houseEnd > 0, self.text[houseEnd - 1].isCapitalLetter { houseEnd -= 1 }
        }
        let separator = houseEnd
        while houseEnd > 0, separator - houseEnd < 3,
            [.space, .comma, .lineFeed].contains(self.text[houseEnd - 1])
        {
            houseEnd -= 1
        }
        let gap = self.text[houseEnd..<separator]
        guard gap.contains(.comma) || gap.contains(.lineFeed) else { return }
        guard let house = self.houseStart(before: houseEnd), house >= self.addressEnd else {
            return
        }
        var left = AddressWalk(end: house)
        self.walkLeft(&left, takesWords: true)
        guard left.has(.name) else { return }
        let right = self.walkRight(from: separator, hasHouse: true)
        guard right.end > start else { return }
        var evidence = left.evidence.union(right.evidence)
        evidence.insert(.house)
        if self.text[start - 1] == .hyphen { evidence.insert(.ownCode) }
        self.addAddress(left.start..<right.end, evidence)
    }

    /// The start of the house's number in the last words before `end`: `14`, `57 B`, `n.90`, `11 hs`, `92 m. 3`.
    private func houseStart(before end: Int) -> Int? {
        var upper = end
        for _ in 0..<4 {
            var lower = upper
            while lower > 0, upper - lower < 12, !isLeftEdge(self.text[lower - 1]) { lower -= 1 }
            guard lower < upper, lower > 2, upper - lower < 12 else { return nil }
            var digits = lower
            if !self.text[lower].isDigit {
                while digits < upper, !self.text[digits].isDigit { digits += 1 }
                if digits == upper || digits - lower > 3 { digits = lower }
            }
            let isBeforeWord = self.text[lower - 1] == .space || self.text[lower - 1] == .comma
            if self.text[digits].isDigit, self.isHouseNumber(digits..<upper, digits: 1...4),
                isBeforeWord
            {
                var before = lower
                while before > 0, [.space, .comma].contains(self.text[before - 1]) { before -= 1 }
                if before > 0, !self.text[before - 1].isDigit, self.text[before - 1] != .fullStop {
                    return lower
                }
            }
            guard upper - lower <= 5, lower > 1, self.text[lower - 1] == .space else { return nil }
            upper = lower - 1
        }
        return nil
    }

    /// An address before a state and its code, or a British code: `1140 Broadway, Austin, TX 78701`.
    @inline(never)
    mutating func scanRegion(_ word: Range<Int>) {
        let isCode = self.letterCodeEnd(at: word.lowerBound) != nil
        guard isCode || self.isRegion(word) && self.hasCode(after: word.upperBound) else { return }
        // The number that the address starts with is the first of its lines.
        let least = max(self.addressEnd, word.lowerBound - Self.leftReach - 32)
        var lower = word.lowerBound
        var lines = 0
        while lower > least {
            let byte = self.text[lower - 1]
            if byte == .lineFeed { lines += 1 }
            guard lines <= 2, !endsRegion(byte) else { break }
            lower -= 1
        }
        var index = lower
        while index < word.lowerBound {
            if self.text[index].isDigit, index == lower || isAddressGap(self.text[index - 1]) {
                let end = self.tokenEnd(from: index)
                if self.isHouseNumber(index..<end, digits: 1...5), end < word.lowerBound {
                    let walk = self.walkRight(from: index, hasHouse: false)
                    if walk.end >= word.upperBound {
                        self.addAddress(index..<walk.end, walk.evidence)
                        return
                    }
                }
                index = end
            }
            index += 1
        }
    }

    private func hasCode(after end: Int) -> Bool {
        var index = end
        while index < self.text.count, index - end < 3, [.space, .comma].contains(self.text[index])
        {
            index += 1
        }
        return index > end && (4...6).contains(self.digitCount(from: index))
    }
}

/// What parts an address from the text before it.
private func endsRegion(_ byte: UInt8) -> Bool {
    byte == .colon || byte == .quote || byte == UInt8(ascii: "|") || byte == UInt8(ascii: ";")
        || byte == UInt8(ascii: "!") || byte == UInt8(ascii: "?")
}
