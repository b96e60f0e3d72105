extension ScanPass {
    /// A numeric date after a word for birth: year first or last, or with the CJK signs.
    mutating func scanBirthDate() -> Int? {
        guard self.wants(.dateOfBirth) else { return nil }
        let number = self.number
        guard let end = self.dateEnd(number) ?? self.compactDateEnd(number) else { return nil }
        guard self.isBirth(number.start..<end), self.isFreeAfterDate(end) else { return nil }
        return self.add(.dateOfBirth, number.start..<end, "birth.date", 0.85) ? end : nil
    }

    /// Whether a word before the date, or right behind it, says that someone was born then.
    mutating func isBirth(_ date: Range<Int>) -> Bool {
        if self.context(before: date.lowerBound).isNear(.birth) { return true }
        let next = date.upperBound + (self.byte(date.upperBound) == 0x20 ? 1 : 0)
        if birthEndings.contains(where: { self.hasBytes($0, at: next) }) { return true }
        // `Köln, *14.03.1985`, `Bach (* 21. März 1685)`: a star before a date is a birth, a dagger a death.
        let isSpaced = self.byte(date.lowerBound - 1) == 0x20
        let star = date.lowerBound - (isSpaced ? 2 : 1)
        return self.byte(star) == UInt8(ascii: "*")
            && (isSpaced ? [0x28] : [0x20, 0x28]).contains(self.byte(star - 1))
            && self.byte(date.upperBound) != UInt8(ascii: "*")
    }

    /// A date of fewer than six digits, such as `3/14/85`; the first one or two end at `runEnd`.
    mutating func scanShortDate(at start: Int, runEnd: Int) -> Int? {
        let sign = self.byte(runEnd)
        guard self.wants(.dateOfBirth), [0x2D, 0x2E, 0x2F].contains(sign),
            self.isFreeBefore(start)
        else { return nil }
        var parts: [Int] = []
        var index = start
        while parts.count < 3 {
            let first = index
            var value = 0
            while index - first < 3, self.isDigit(index) {
                value = value * 10 + Int(self.byte(index) - 0x30)
                index += 1
            }
            guard (1...2).contains(index - first), parts.count < 2 || index - first == 2 else {
                return nil
            }
            parts.append(value)
            if parts.count < 3 {
                guard self.byte(index) == sign else { return nil }
                index += 1
            }
        }
        guard 1...31 ~= parts[0], 1...31 ~= parts[1], min(parts[0], parts[1]) <= 12,
            index - start < 8, self.isFreeAfterDate(index), self.isBirth(start..<index)
        else { return nil }
        return self.add(.dateOfBirth, start..<index, "birth.date", 0.8) ? index : nil
    }

    private func dateEnd(_ number: NumberRun) -> Int? {
        let groups = number.groups
        guard groups.count >= 3,
            [0x2D, 0x2E, 0x2F, 0x20].contains(where: { number.isParted(by: $0, count: 3) })
                || self.isDottedDate(groups),
            (1...2).contains(groups[1].count)
        else { return nil }
        let first = number.value(0..<groups[0].total)
        let second = number.value(groups[0].total..<groups[1].total)
        let third = number.value(groups[1].total..<groups[2].total)
        let isYearFirst =
            groups[0].count == 4 && (1850...2150).contains(first) && (1...12).contains(second)
            && (1...31).contains(third)
        let isYearLast =
            [2, 4].contains(groups[2].count) && groups[0].count <= 2
            && (1...31).contains(first) && (1...31).contains(second)
            && (first <= 12 || second <= 12)
            && (groups[2].count == 2 || (1850...2150).contains(third))
        return isYearFirst || isYearLast ? groups[2].end : nil
    }

    /// Points with spaces after them: `14. 3. 1985`.
    private func isDottedDate(_ groups: [NumberRun.Group]) -> Bool {
        groups[1...2].allSatisfy { $0.separator.sign == 0x2E && $0.separator.signCount <= 2 }
    }

    /// `19850314` and `14031985` right after their label.
    private func compactDateEnd(_ number: NumberRun) -> Int? {
        guard let first = number.groups.first, first.count == 8 else { return nil }
        let digits = number.digits[..<8]
        let isYearFirst =
            (1850...2150).contains(number.value(0..<4))
            && isDate(month: digits[4...5], day: digits[6...7])
        let isYearLast =
            (1850...2150).contains(number.value(4..<8))
            && (isDate(month: digits[2...3], day: digits[0...1])
                || isDate(month: digits[0...1], day: digits[2...3]))
        return isYearFirst || isYearLast ? first.end : nil
    }

    /// A time of day may follow: `1985-03-14T00:00:00`.
    private func isFreeAfterDate(_ end: Int) -> Bool {
        self.isFreeAfter(end) || self.byte(end) == 0x54 && self.isDigit(end + 1)
    }

    /// `1974年11月7日` and `1946년 03월 07일` after a word for birth.
    mutating func scanIdeographicDate(at start: Int) -> Int? {
        guard self.wants(.dateOfBirth) else { return nil }
        // `昭和60年…`: the era belongs to the date.
        let era = japaneseEras.first { self.hasBytes($0, at: start - $0.count) }
        var index = start
        for (chinese, korean) in [("年", "년"), ("月", "월"), ("日", "일")] {
            var count = 0
            while self.isDigit(index), count < 4 {
                index += 1
                count += 1
            }
            guard count > 0, count <= (chinese == "年" && era == nil ? 4 : 2),
                count == 4 || chinese != "年" || era != nil,
                self.isScalar(chinese, at: index) || self.isScalar(korean, at: index)
            else { return nil }
            index += 3
            if self.byte(index) == 0x20, self.isDigit(index + 1) { index += 1 }
        }
        let first = start - (era?.count ?? 0)
        guard self.isBirth(first..<index) else { return nil }
        return self.add(.dateOfBirth, first..<index, "birth.date", 0.85) ? index : nil
    }

    private func isScalar(_ scalar: String, at index: Int) -> Bool {
        scalar.utf8.enumerated().allSatisfy { self.byte(index + $0.offset) == $0.element }
    }
}

/// What stands behind a date on which someone was born.
private let birthEndings: [[UInt8]] = [
    "г.р.", "г. р.", "года рождения", "г. рождения", "р.н.", "生まれ", "生れ", "生)", "生）", "出生", "년생",
    "생)", "doğumlu",
    "geboren", "geb.", "født", "född", "született", "syntynyt",
].map { Array($0.utf8) }

/// Eras of Japan since 1868, whose years the registers count by.
private let japaneseEras: [[UInt8]] = ["明治", "大正", "昭和", "平成", "令和"].map { Array($0.utf8) }
