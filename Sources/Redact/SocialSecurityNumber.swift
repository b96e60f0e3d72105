extension ScanPass {
    /// US social security numbers, `123-45-6789` or nine digits after words that say so.
    ///
    /// - Source: SSA, "Social Security Number Randomization" (2011): no area 000, 666 or 900-999, no
    ///   group 00, no serial 0000; two numbers were void from advertising use.
    mutating func scanSSN() -> Int? {
        let number = self.number
        guard !number.isCut, self.wants(.usSSN) else { return nil }
        let isGrouped =
            number.hasShape([3, 2, 4])
            && [0x2D, 0x20, 0x2E].contains { number.isParted(by: $0, count: 3) }
        let isBare = number.groups[0].count == 9
        guard isGrouped || isBare else { return nil }
        let end = number.groups[isGrouped ? 2 : 0].end
        guard self.isFreeAfter(end), isIssuedSSN(number.value(0..<9)) else { return nil }
        let context = self.context(before: number.start)
        var score: Float = isBare ? 0.2 : number.groups[1].separator.sign == 0x2D ? 0.6 : 0.25
        if context.isNear(.socialSecurity) {
            score += 0.4
        } else if !isBare, context.isNear(.identity) {
            score += 0.3
        }
        if context.isNearer(.otherNumber, than: .socialSecurity) { score -= 0.3 }
        return self.add(.usSSN, number.start..<end, "ssn", score) ? end : nil
    }
}

/// Whether the nine digits may have been issued.
func isIssuedSSN(_ value: Int) -> Bool {
    let area = value / 1_000_000
    let group = value / 10_000 % 100
    let serial = value % 10_000
    guard area != 0, area != 666, area < 900, group != 0, serial != 0 else { return false }
    return value != 078_05_1120 && value != 219_09_9999
}
