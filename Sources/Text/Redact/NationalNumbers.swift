/// The number plan that the first groups fit, with its check digits; the score is without context.
///
/// - Source: the issuing authorities' algorithms as collected in python-stdnum's documentation.
func nationalNumber(_ number: NumberRun, groupCount: Int) -> (rule: String, score: Float)? {
    let total = number.groups[groupCount - 1].total
    let digits = number.digits[..<total]
    let lengths = number.groups[..<groupCount].map(\.count)
    switch total {
    case 9: return nineDigits(number, digits, lengths)
    case 10: return tenDigits(number, digits, lengths)
    case 11: return elevenDigits(number, digits, lengths)
    case 12: return twelveDigits(number, digits, lengths)
    case 13: return thirteenDigits(number, digits, lengths)
    case 15 where lengths.count == 1 && isFrenchNIR(digits): return ("id.fr", 0.6)
    case 18 where lengths.count == 1:
        return isChineseID(digits.prefix(17), last: Int(digits[17])) ? ("id.cn", 0.9) : nil
    default: return nil
    }
}

private func nineDigits(
    _ number: NumberRun,
    _ digits: ArraySlice<UInt8>,
    _ lengths: [Int]
) -> (rule: String, score: Float)? {
    let isTriples = lengths == [3, 3, 3]
    if isTriples || lengths == [9] {
        if weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 == 0 { return ("id.nl", 0.1) }
        if luhn(digits), digits[0] != 8 { return ("id.ca", isTriples ? 0.2 : 0.1) }
        if weighted(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 == 0 { return ("id.au", 0.1) }
        let remainder = weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, 0]) % 11
        if Int(digits[8]) == (remainder < 2 ? 0 : 11 - remainder) { return ("id.pt", 0.1) }
    }
    return lengths == [6, 3] && number.groups[1].separator == 0x2F && isCzechDate(digits)
        ? ("id.cz", 0.6) : nil
}

private func tenDigits(
    _ number: NumberRun,
    _ digits: ArraySlice<UInt8>,
    _ lengths: [Int]
) -> (rule: String, score: Float)? {
    let isDated = isDate(month: digits[2...3], day: digits[4...5])
    if lengths == [6, 4] {
        let separator = number.groups[1].separator
        if separator == 0x2F, isCzechDate(digits), number.value(0..<10) % 11 == 0 {
            return ("id.cz", 0.7)
        }
        if separator == 0x2D, isDated, luhn(digits) { return ("id.se", 0.65) }
        let isDanish = isDate(month: digits[2...3], day: digits[0...1])
        if separator == 0x2D, isDanish { return ("id.dk", 0.2) }
    }
    if lengths == [10] {
        if isDated, luhn(digits) { return ("id.se", 0.15) }
        let check = weighted(digits, [2, 4, 8, 5, 10, 9, 7, 3, 6, 0]) % 11 % 10
        if isCzechDate(digits), check == Int(digits[9]) { return ("id.bg", 0.1) }
    }
    // Australian Medicare: the ninth digit checks the first eight.
    let medicare = weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 0, 0]) % 10
    let isMedicare = (2...6).contains(digits[0]) && medicare == Int(digits[8])
    return isMedicare && (lengths == [10] || lengths == [4, 5, 1]) ? ("id.au", 0.1) : nil
}

private func elevenDigits(
    _ number: NumberRun,
    _ digits: ArraySlice<UInt8>,
    _ lengths: [Int]
) -> (rule: String, score: Float)? {
    if isBrazilianCPF(digits) {
        return ("id.br", lengths == [3, 3, 3, 2] ? 0.8 : 0.25)
    }
    guard lengths == [11] || lengths == [6, 5] || lengths.count >= 3 else { return nil }
    if isNorwegianID(digits) { return ("id.no", 0.3) }
    if isTurkishID(digits) { return ("id.tr", 0.3) }
    if isPESEL(digits) { return ("id.pl", 0.2) }
    if isGermanTaxID(digits) { return ("id.de", 0.1) }
    if isEstonianID(digits) { return ("id.ee", 0.1) }
    return iso7064(digits) ? ("id.hr", 0.1) : nil
}

private func twelveDigits(
    _ number: NumberRun,
    _ digits: ArraySlice<UInt8>,
    _ lengths: [Int]
) -> (rule: String, score: Float)? {
    let isSwedish =
        lengths == [8, 4] && number.groups[1].separator == 0x2D && [1, 2].contains(digits[0])
        && isDate(month: digits[4...5], day: digits[6...7]) && luhn(ArraySlice(digits.dropFirst(2)))
    if isSwedish { return ("id.se", 0.7) }
    let isGrouped = lengths == [4, 4, 4]
    guard isGrouped || lengths == [12], digits[0] >= 2, verhoeff(digits) else { return nil }
    return ("id.in", isGrouped ? 0.4 : 0.15)
}

private func thirteenDigits(
    _ number: NumberRun,
    _ digits: ArraySlice<UInt8>,
    _ lengths: [Int]
) -> (rule: String, score: Float)? {
    if lengths == [6, 7], number.groups[1].separator == 0x2D,
        isDate(month: digits[2...3], day: digits[4...5]), (1...8).contains(digits[6])
    {
        return ("id.kr", 0.75)
    }
    guard lengths == [13] || lengths == [1, 4, 5, 2, 1] else { return nil }
    let check = (11 - weighted(digits, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 0]) % 11) % 10
    if check == Int(digits[12]) { return ("id.th", lengths.count == 5 ? 0.7 : 0.1) }
    if isDate(month: digits[2...3], day: digits[4...5]), luhn(digits) { return ("id.za", 0.15) }
    let romanian = weighted(digits, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9, 0]) % 11
    let isRomanian = isDate(month: digits[3...4], day: digits[5...6])
    return isRomanian && (romanian == 10 ? 1 : romanian) == Int(digits[12]) ? ("id.ro", 0.15) : nil
}
