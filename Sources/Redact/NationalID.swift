extension ScanPass {
    /// National and tax numbers written in digits: check digits, and words that say what they are.
    mutating func scanNationalNumber() -> Int? {
        guard self.wants(.nationalID), !self.number.isCut else { return nil }
        let number = self.number
        for index in number.groups.indices.reversed() {
            let total = number.groups[index].total
            let end = number.groups[index].end
            guard (8...18).contains(total), index < 5 else { continue }
            if let end = self.addLetterEnding(groupCount: index + 1) { return end }
            let separator = number.groups[min(1, index)].separator.sign
            guard total > 8, self.isFreeAfter(end), !self.isAmount(groupCount: index + 1),
                number.isParted(by: separator, count: index + 1) || self.isMixedFormat(index)
            else { continue }
            guard let found = nationalNumber(number, groupCount: index + 1) else { continue }
            var score = found.score
            let context = self.context(before: number.start)
            // `id 7257674920` is any identifier; one in three of its length fits some check digit.
            if context.isNear(.identity) {
                let isAnyThings = context[.identifier] == context[.identity]
                score += isAnyThings ? 0.2 : 0.4
            }
            if context.isNearer(.otherNumber, than: .identity)
                || context.isNearer(.phone, than: .identity)
            {
                score -= 0.3
            }
            if self.add(.nationalID, number.start..<end, found.rule, score) { return end }
        }
        return nil
    }

    /// The formats with two kinds of separators: `123.456.789-09`, `112-233-445 95`, and
    /// `85.07.30-033.28`.
    private func isMixedFormat(_ index: Int) -> Bool {
        let separators = self.number.groups[1...].prefix(index).map(\.separator.sign)
        guard self.number.groups[1...].prefix(index).allSatisfy({ $0.separator.signCount == 1 })
        else { return false }
        if index == 3, self.number.hasShape([3, 3, 3, 2]) {
            return separators == [0x2E, 0x2E, 0x2D] || separators == [0x2D, 0x2D, 0x20]
        }
        return index == 4 && self.number.hasShape([2, 2, 2, 3, 2])
            && separators == [0x2E, 0x2E, 0x2D, 0x2E]
    }

    /// Whether the groups read as a sum with a decimal comma: `123 456 789,50`.
    func isAmount(groupCount: Int) -> Bool {
        let groups = self.number.groups[..<groupCount]
        let end = groups[groupCount - 1].end
        guard groupCount > 1, self.byte(end) == 0x2C, self.isDigit(end + 1),
            !self.isDigit(end + 3)
        else { return false }
        return groups.dropFirst().allSatisfy {
            $0.count == 3 && ($0.separator.isOne(0x20) || $0.separator.isOne(0x2E))
        }
    }

    /// Numbers that end in a check letter: Chinese `X`, Finnish, Spanish.
    private mutating func addLetterEnding(groupCount: Int) -> Int? {
        let number = self.number
        let group = number.groups[groupCount - 1]
        let letter = self.byte(group.end)
        guard self.isClass(group.end, ByteClass.letter), !self.isLetterOrDigit(group.end + 1)
        else { return nil }
        let range = number.start..<group.end + 1
        let digits = number.digits[..<group.total]
        if groupCount == 1, group.total == 17, letter | 0x20 == 0x78, isChineseID(digits, last: 10)
        {
            return self.add(.nationalID, range, "id.cn", 0.9) ? range.upperBound : nil
        }
        if groupCount == 1, group.total == 8, isSpanishLetter(number.value(0..<8), letter & 0xDF) {
            let context = self.context(before: number.start)
            // `20240117T` is a date in a name.
            let isOther =
                isDate(month: digits[4...5], day: digits[6...7]) || letter >= 0x61
                || context.isNear(.account) || context.isNear(.otherNumber)
            let score: Float = context.isNear(.identity) ? 0.9 : isOther ? 0.3 : 0.55
            return self.add(.nationalID, range, "id.es", score) ? range.upperBound : nil
        }
        if number.hasShape([6, 3]), groupCount == 2, number.isParted(by: 0x2D, count: 2),
            isFinnishID(digits, check: letter)
        {
            return self.add(.nationalID, range, "id.fi", 0.9) ? range.upperBound : nil
        }
        return nil
    }

    /// Values with letters before the digit at `start`, or a space: IBAN, Italian, British, passports.
    mutating func scanLettered(at start: Int) -> Int? {
        let before = self.byte(start - 1)
        let isUpper = before &- 0x41 < 26
        guard isUpper || before == 0x20 || self.isClass(start - 1, ByteClass.letter) else {
            return nil
        }
        if before == 0x20 {
            if self.isClass(start - 2, ByteClass.upper),
                let end = self.scanInsuranceNumber(at: start)
            {
                return end
            }
            guard self.isClass(start + 4, ByteClass.upper | ByteClass.digit) else { return nil }
        } else {
            if self.isDigit(start + 1), let end = self.scanIBAN(at: start) { return end }
            if self.isClass(start + 2, ByteClass.letter),
                let end = self.scanItalianCode(at: start)
            {
                return end
            }
            if let end = self.scanLetteredWallet(at: start) { return end }
            guard isUpper else { return nil }
            if let end = self.scanInsuranceNumber(at: start) { return end }
            if let end = self.scanForeignerNumber(at: start) { return end }
        }
        if let end = self.scanCodedNumber(at: start) { return end }
        return self.scanPassport(at: start)
    }

    /// Codice fiscale: sixteen characters with the check letter of the Ministry's decree of 1976.
    private mutating func scanItalianCode(at start: Int) -> Int? {
        let first = start - 6
        guard self.wants(.nationalID), first >= 0, !self.isWord(first - 1),
            !self.isWord(first + 16), self.isClass(start + 2, ByteClass.letter),
            isItalianCode(self.text[first..<min(first + 16, self.text.count)])
        else { return nil }
        let range = first..<first + 16
        return self.add(.nationalID, range, "id.it", 0.95) ? range.upperBound : nil
    }

    /// UK national insurance numbers: `QQ 12 34 56 C` with HMRC's prefixes.
    private mutating func scanInsuranceNumber(at start: Int) -> Int? {
        let first = start - (self.byte(start - 1) == 0x20 ? 3 : 2)
        guard self.wants(.nationalID), self.isClass(first, ByteClass.upper),
            self.isClass(first + 1, ByteClass.upper), !self.isWord(first - 1),
            isInsurancePrefix(self.byte(first), self.byte(first + 1))
        else { return nil }
        var index = start
        var digits = 0
        while digits < 6 {
            if self.byte(index) == 0x20 { index += 1 }
            guard self.isDigit(index) else { return nil }
            digits += 1
            index += 1
        }
        if self.byte(index) == 0x20 { index += 1 }
        guard
            (0x41...0x44).contains(self.byte(index))
                || self.context(before: first).isNear(.identity),
            self.isClass(index, ByteClass.upper), !self.isWord(index + 1)
        else { return nil }
        return self.add(.nationalID, first..<index + 1, "id.gb", 0.75) ? index + 1 : nil
    }

    /// Spanish NIE: X, Y or Z for 0, 1 or 2, seven digits and the DNI's check letter.
    private mutating func scanForeignerNumber(at start: Int) -> Int? {
        let letter = self.byte(start - 1)
        guard self.wants(.nationalID), (0x58...0x5A).contains(letter),
            !self.isWord(start - 2)
        else { return nil }
        // `Y8063915-Z` too.
        let hyphen = self.byte(start + 7) == 0x2D ? 1 : 0
        guard !self.isWord(start + 8 + hyphen) else { return nil }
        var value = Int(letter) - 0x58
        for index in start..<start + 7 {
            guard self.isDigit(index) else { return nil }
            value = value * 10 + Int(self.byte(index) - 0x30)
        }
        guard isSpanishLetter(value, self.byte(start + 7 + hyphen)) else { return nil }
        let range = start - 1..<start + 8 + hyphen
        return self.add(.nationalID, range, "id.es", 0.8) ? range.upperBound : nil
    }

    /// Finnish codes of the years since 2023 and of this century: a letter between date and number.
    mutating func scanFinnishID(at start: Int) -> Int? {
        guard self.wants(.nationalID), self.isClass(start + 6, ByteClass.upper),
            !self.isWord(start - 1), !self.isWord(start + 11)
        else { return nil }
        var digits: [UInt8] = []
        for index in Array(start..<start + 6) + Array(start + 7..<start + 10) {
            guard self.isDigit(index) else { return nil }
            digits.append(self.byte(index) - 0x30)
        }
        guard isFinnishID(digits[...], check: self.byte(start + 10)) else { return nil }
        return self.add(.nationalID, start..<start + 11, "id.fi", 0.9) ? start + 11 : nil
    }

    /// One to three letters and six to nine digits after a word for passport.
    private mutating func scanPassport(at start: Int) -> Int? {
        guard self.wants(.passport) else { return nil }
        var first = start
        while start - first < 3, self.isClass(first - 1, ByteClass.upper) { first -= 1 }
        var end = start
        while end - start < 10, self.isDigit(end) { end += 1 }
        let letters = start - first
        if letters == 1, end - start == 3, self.isClass(end, ByteClass.upper) {
            // Korean: `M123A4567`
            end += 1
            while end - start < 9, self.isDigit(end) { end += 1 }
            guard end - start == 8 else { return nil }
        }
        guard (6...9).contains(end - start), !self.isWord(first - 1), !self.isWord(end),
            self.byte(first - 1) != 0x2D,
            self.context(before: first)[.passport] <= 32
        else { return nil }
        return self.add(.passport, first..<end, "passport", 0.75) ? end : nil
    }
}
