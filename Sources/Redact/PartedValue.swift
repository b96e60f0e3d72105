/// Values in the groups in which they are printed, parted by one and the same sign, whatever it is:
/// `4111·1111·1111·1111`, `DE89/3704/…`.
///
/// Signs that part the numbers of a row, such as commas and bars, part no value.
extension ScanPass {
    /// The sign at `index` that may part a value: what is neither a letter, a digit nor the end of a field or a
    /// line.
    func partingSign(at index: Int) -> Range<Int>? {
        let byte = self.byte(index)
        switch byte {
        case 0xC2: return index..<index + 2
        case 0xE2, 0xE3, 0xEF: return index..<index + 3
        case 0x2C, 0x3B, 0x7C: return nil
        default:
            let isSign = byte > 0x20 && byte < 0x7F && !self.isLetterOrDigit(index)
            return isSign ? index..<index + 1 : nil
        }
    }

    func isSameSign(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
        left.count == right.count && zip(left, right).allSatisfy { self.byte($0) == self.byte($1) }
    }

    /// A card or a social security number whose first group ends at `runEnd`.
    mutating func scanParted(at start: Int, runEnd: Int) -> Int? {
        guard let sign = self.partingSign(at: runEnd), self.isDigit(sign.upperBound),
            self.isFreeBefore(start)
        else { return nil }
        var groups = [runEnd - start]
        var digits = (start..<runEnd).map { self.byte($0) - 0x30 }
        var end = runEnd
        while groups.count < 5, let next = self.partingSign(at: end), self.isSameSign(sign, next),
            self.isDigit(next.upperBound)
        {
            end = next.upperBound
            let first = end
            while end - first < 7, self.isDigit(end) {
                digits.append(self.byte(end) - 0x30)
                end += 1
            }
            groups.append(end - first)
        }
        self.steps += end - start
        guard self.isFreeAfter(end) else { return nil }
        if groups == [3, 2, 4] { return self.scanPartedSSN(start..<end, digits) }
        guard printedCardGroups.contains(groups), luhn(digits[...]),
            cardIssuer(digits[...]) != .none, Set(digits).count > 1
        else { return nil }
        return self.add(.creditCard, start..<end, "card.luhn", 0.7) ? end : nil
    }

    /// Only a word before tells nine digits in groups from others.
    private mutating func scanPartedSSN(_ range: Range<Int>, _ digits: [UInt8]) -> Int? {
        guard isIssuedSSN(digits.reduce(0) { $0 * 10 + Int($1) }),
            self.context(before: range.lowerBound).isNear(.socialSecurity)
        else { return nil }
        return self.add(.usSSN, range, "ssn", 0.6) ? range.upperBound : nil
    }
}

/// Digits in the groups that are printed on cards.
let printedCardGroups = [[4, 4, 4, 4], [4, 6, 5], [4, 6, 4], [4, 4, 4, 4, 3]]
