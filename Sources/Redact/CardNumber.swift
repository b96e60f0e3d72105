extension ScanPass {
    /// Payment cards: issuer range with its length, Luhn check, usual grouping.
    ///
    /// - Source: ISO/IEC 7812-1 (annex B: Luhn); issuer ranges as published by the card schemes.
    mutating func scanCard() -> Int? {
        guard !self.number.isCut, self.wants(.creditCard) else { return nil }
        let groups = self.number.groups
        for index in groups.indices.reversed() {
            let total = groups[index].total
            guard total >= 12 else { break }
            guard total <= 19, self.isCardShape(groupCount: index + 1),
                self.isFreeAfter(groups[index].end), luhn(self.number.digits[..<total])
            else { continue }
            let issuer = cardIssuer(self.number.digits[..<total])
            guard issuer != .none, !self.isRepeated(total) else { continue }
            var score: Float = issuer == .common ? 0.8 : 0.6
            // A bare number of an old or rare length passes Luhn by chance too often.
            if total < 14 || total == 14 && issuer == .rare && index == 0 { score = 0.45 }
            let context = self.context(before: groups[0].start)
            // Numbers over a line's end are mostly two.
            if self.number.isWrapped(count: index + 1), !context.isNear(.card) { continue }
            if context.isNear(.card) { score += 0.3 }
            if context.isNearer(.otherNumber, than: .card) { score -= 0.4 }
            let range = groups[0].start..<groups[index].end
            if self.add(.creditCard, range, "card.luhn", score) { return range.upperBound }
        }
        return nil
    }

    /// No separators, or single spaces or hyphens after a first group of four; or points in the groups that
    /// are printed on cards.
    private func isCardShape(groupCount: Int) -> Bool {
        if groupCount == 1 { return true }
        let groups = self.number.groups
        if self.number.isParted(by: 0x2E, count: groupCount),
            !self.number.isWrapped(count: groupCount)
        {
            return printedCardGroups.contains(groups[..<groupCount].map(\.count))
        }
        return groups[0].count == 4
            && (self.number.isParted(by: 0x20, count: groupCount)
                || self.number.isParted(by: 0x2D, count: groupCount))
            && groups[1..<groupCount].allSatisfy { (3...7).contains($0.count) }
    }

    private func isRepeated(_ total: Int) -> Bool {
        self.number.digits[..<total].allSatisfy { $0 == self.number.digits[0] }
    }
}

enum CardIssuer {
    case none
    case common
    case rare
}

/// The scheme whose range and length fit the digits.
func cardIssuer(_ digits: ArraySlice<UInt8>) -> CardIssuer {
    let length = digits.count
    let six = digits.prefix(6).reduce(0) { $0 * 10 + Int($1) }
    switch six {
    case 400_000...499_999: return [13, 16, 19].contains(length) ? .common : .none
    case 510_000...559_999, 222_100...272_099: return length == 16 ? .common : .none
    case 340_000...349_999, 370_000...379_999: return length == 15 ? .common : .none
    case 601_100...601_199, 644_000...659_999: return (16...19).contains(length) ? .common : .none
    case 352_800...358_999: return (16...19).contains(length) ? .common : .none
    // Unassigned neighbours of JCB's range, which test data uses.
    case 350_000...352_799, 359_000...359_999: return length == 16 ? .rare : .none
    case 213_100...213_199, 180_000...180_099: return length == 15 ? .common : .none
    case 300_000...305_999, 309_500...309_599, 360_000...369_999, 380_000...399_999:
        return (14...19).contains(length) ? .common : .none
    case 620_000...629_999: return (16...19).contains(length) ? .common : .none
    case 220_000...220_499, 600_000...609_999, 810_000...829_999, 979_200...979_299:
        return (16...19).contains(length) ? .rare : .none
    case 500_000...509_999, 560_000...589_999, 639_000...639_999, 670_000...679_999,
        630_400...630_499:
        return (12...19).contains(length) ? .rare : .none
    default: return .none
    }
}

/// The Luhn check over decimal digits.
func luhn(_ digits: ArraySlice<UInt8>) -> Bool {
    var sum = 0
    var doubles = false
    for digit in digits.reversed() {
        let value = doubles ? Int(digit) * 2 : Int(digit)
        sum += value > 9 ? value - 9 : value
        doubles.toggle()
    }
    return sum % 10 == 0
}
