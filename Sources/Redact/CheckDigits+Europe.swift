// Check digits of European numbers. Functions of digits take decimal digit values from index 0 on;
// functions of characters take ASCII, letters in upper case.

private func value(_ digits: ArraySlice<UInt8>) -> Int { digits.reduce(0) { $0 * 10 + Int($1) } }

/// The value of a digit, or 10 to 35 for a letter.
func characterValue(_ byte: UInt8) -> Int {
    byte >= 0x41 ? Int(byte) - Int(0x41) + 10 : Int(byte) - Int(0x30)
}

/// The values of a code's digits; letters become values above 9, which no digit has.
func digitValues(_ code: some Sequence<UInt8>) -> ArraySlice<UInt8> {
    code.map { UInt8(clamping: characterValue($0)) }[...]
}

/// SVNR: the fourth digit checks the others, mod 11; a date follows.
func isAustrianNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    isDate(month: digits[6...7], day: digits[4...5])
        && weighted(digits, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 == Int(digits[3])
}

/// VÖEN: the ninth digit checks the first eight, mod 11; the tenth is 1 or 2.
func isAzerbaijaniNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    weighted(digits, [4, 1, 8, 6, 2, 7, 5, 3]) % 11 == Int(digits[8])
        && (1...2).contains(digits[9])
}

/// EGN: a date with 20 or 40 added to the month of other centuries, and mod 11.
func isBulgarianNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    let month = value(digits[2...3])
    return [0, 20, 40].contains { (1...12).contains(month - $0) }
        && (1...31).contains(value(digits[4...5]))
        && weighted(digits, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10 == Int(digits[9])
}

/// AHV number: 756 and the check digit of article numbers.
func isSwissNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    digits.starts(with: [7, 5, 6]) && isEAN13(digits)
}

/// TIC: values by odd places' own table, mod 26.
func isCypriotNumber(_ code: [UInt8]) -> Bool {
    let odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21]
    let sum = code[..<8].enumerated().reduce(0) { sum, item in
        let digit = characterValue(item.element)
        return sum + (item.offset % 2 == 0 ? odd[digit] : digit)
    }
    return Int(code[8]) == Int(0x41) + sum % 26
}

/// Rodné číslo: nine digits until 1953, ten after; ten are divisible by 11, or the ninth remainder is 10
/// and the tenth digit 0.
func isCzechNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    guard isCzechDate(digits) else { return false }
    if digits.count == 9 { return value(digits[0...1]) < 54 && value(digits[6...8]) > 0 }
    return value(digits.prefix(9)) % 11 % 10 == Int(digits[9])
}

/// Pension insurance number: area, date, a letter, two digits; the digit sums of products, mod 10
/// (VKVV §4).
func isGermanInsuranceNumber(_ code: [UInt8]) -> Bool {
    let letter = characterValue(code[8]) - 9
    let digits =
        digitValues(code[..<8]) + [UInt8(letter / 10), UInt8(letter % 10)]
        + digitValues(code[9...10])
    let sum = zip(digits, [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]).reduce(0) {
        let product = Int($1.0) * $1.1
        return $0 + product / 10 + product % 10
    }
    let day = value(digits[2...3])
    return (1...31).contains(day) && (1...12).contains(value(digits[4...5]))
        && sum % 10 == characterValue(code[11])
}

/// Identity card: nine characters without vowels, and the check digit of travel documents.
func isGermanCard(_ code: [UInt8]) -> Bool {
    code[..<9].allSatisfy { !"ABDEIOQSU".utf8.contains($0) }
        && code[..<9].contains { $0 >= 0x41 }
        && machineReadableCheck(code[..<9]) == code[9]
}

/// CPR: a date; numbers since 2007 have no check digit.
func isDanishNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    isDate(month: digits[2...3], day: digits[0...1])
}

/// DNI, and NIE with X, Y or Z for 0, 1 or 2: the letter by the number mod 23.
func isSpanishNumber(_ code: [UInt8]) -> Bool {
    var digits = code[..<8]
    if digits[0] >= 0x41 {
        guard "XYZ".utf8.contains(digits[0]) else { return false }
        digits[0] = digits[0] - 0x58 + 0x30
    }
    return isSpanishLetter(value(digitValues(digits)), code[8])
}

/// CIF: the digits doubled by Luhn; the check is a digit or the letter of its place.
func isSpanishFirm(_ code: [UInt8]) -> Bool {
    let digits = digitValues(code[1..<8])
    guard !"IOTXYZ".utf8.contains(code[0]) else { return false }
    let check = (0...9).first { luhn(digits + [UInt8($0)]) } ?? 0
    return code[8] == UInt8(check) + 0x30 || code[8] == Array("JABCDEFGHI".utf8)[check]
}

/// HETU without its sign, or with the letter of the century.
func isFinnishNumber(_ code: [UInt8]) -> Bool {
    let hasSign = code.count == 11
    if hasSign, !"ABCDEFUVWXY".utf8.contains(code[6]) { return false }
    let digits = digitValues(code[..<6] + code[(hasSign ? 7 : 6)..<(hasSign ? 10 : 9)])
    return isFinnishID(digits, check: code[code.count - 1])
}

/// NIR: thirteen places and the key mod 97; Corsica has 2A and 2B, which count as 19 and 18.
func isFrenchNumber(_ code: [UInt8]) -> Bool {
    var code = code
    if code[6] >= 0x41 {
        guard code[5] == 0x32, code[6] <= 0x42 else { return false }
        code[5] = 0x31
        code[6] = code[6] == 0x41 ? 0x39 : 0x38
    }
    return isFrenchNIR(digitValues(code))
}

/// Numéro fiscal: ten digits mod 511 in the last three.
func isFrenchTaxNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    digits[0] < 4 && value(digits.prefix(10)) % 511 == value(digits.suffix(3))
}

/// National insurance number: HMRC's prefixes and A to D.
func isInsuranceNumber(_ code: [UInt8]) -> Bool {
    isInsurancePrefix(code[0], code[1]) && (0x41...0x44).contains(code[8])
}

/// UTR: the first digit checks the others, mod 11.
func isBritishTaxReference(_ digits: ArraySlice<UInt8>) -> Bool {
    let sum = weighted(digits.dropFirst(), [6, 7, 8, 9, 10, 5, 4, 3, 2])
    return Array("21987654321".utf8)[sum % 11] - 0x30 == digits[0]
}

/// UPN: the first letter by the others, mod 23.
func isPupilNumber(_ code: [UInt8]) -> Bool {
    let letters = Array("ABCDEFGHJKLMNPQRTUVWXYZ0123456789".utf8)
    var sum = 0
    for (offset, byte) in code[1...].enumerated() {
        guard let place = letters.firstIndex(of: byte) else { return false }
        sum += place * (offset + 2)
    }
    return letters[sum % 23] == code[0]
}

/// AMKA: a date and Luhn.
func isGreekNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    isDate(month: digits[2...3], day: digits[0...1]) && luhn(digits)
}

/// Személyi azonosító: sex and century, a date, mod 11 with weights that rise (until 1996) or fall.
func isHungarianNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    guard (1...8).contains(digits[0]), isDate(month: digits[3...4], day: digits[5...6]) else {
        return false
    }
    let check = Int(digits[10])
    return weighted(digits, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) % 11 == check
        || weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 == check
}

/// Adószám: eight digits with weights 9, 7, 3, 1, mod 10; kind and county may follow.
func isHungarianFirm(_ digits: ArraySlice<UInt8>) -> Bool {
    weighted(digits, [9, 7, 3, 1, 9, 7, 3, 1]) % 10 == 0
}

/// Kennitala: a date with 40 added to the day of firms, mod 11, and the century.
func isIcelandicNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    let day = value(digits[0...1])
    return (1...12).contains(value(digits[2...3])) && (1...31).contains(day % 40)
        && [0, 8, 9].contains(digits[9])
        && weighted(digits, [3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0
}

func isItalianNumber(_ code: [UInt8]) -> Bool {
    code.withUnsafeBufferPointer { isItalianCode($0[...]) }
}

/// Matricule: a date, Luhn in the twelfth place and Verhoeff in the thirteenth.
func isLuxembourgNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    isDate(month: digits[4...5], day: digits[6...7]) && luhn(digits.prefix(12))
        && verhoeff(digits.prefix(11) + digits.suffix(1))
}

/// Personas kods: with a date of birth, or from 32 on without one.
func isLatvianNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    if digits.starts(with: [3, 2]) {
        return (1 + weighted(digits, [10, 5, 8, 4, 2, 1, 6, 3, 7, 9])) % 11 % 10
            == Int(digits[10])
    }
    return isLatvianCode(digits)
}

/// BSN: weights 9 to 2 and -1, mod 11.
func isDutchNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    value(digits) > 0 && weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 == 0
}

/// Onderwijsnummer: as a BSN, with 5 left.
func isDutchEducationNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    digits.starts(with: [1, 0]) && weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 == 5
}

/// Dowód osobisty: three letters, a check digit, five digits; mod 10.
func isPolishCard(_ code: [UInt8]) -> Bool {
    zip(code, [7, 3, 1, 9, 7, 3, 1, 7, 3]).reduce(0) { $0 + characterValue($1.0) * $1.1 } % 10 == 0
}

/// Cartão de cidadão: Luhn over the values of twelve characters.
func isPortugueseCard(_ code: [UInt8]) -> Bool {
    let sum = code.reversed().enumerated().reduce(0) { sum, item in
        let value = characterValue(item.element) * (item.offset % 2 + 1)
        return sum + (item.offset % 2 == 1 && value > 9 ? value - 9 : value)
    }
    return sum % 10 == 0
}

/// CNP: sex and century, a date, mod 11.
func isRomanianNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    let sum = weighted(digits, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11
    return (1...9).contains(digits[0]) && isDate(month: digits[3...4], day: digits[5...6])
        && (sum == 10 ? 1 : sum) == Int(digits[12])
}

/// CUI: ten times the sum, mod 11, over up to nine digits from the right.
func isRomanianFirm(_ digits: ArraySlice<UInt8>) -> Bool {
    let body = digits.dropLast()
    let weights = [7, 5, 3, 2, 1, 7, 5, 3, 2].suffix(body.count)
    let sum = zip(body, weights).reduce(0) { $0 + Int($1.0) * $1.1 }
    return digits[0] != 0 && sum * 10 % 11 % 10 == Int(digits[digits.endIndex - 1])
}

/// INN of firms (ten digits) and of people (twelve), mod 11 (FNS).
func isRussianTaxNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    if digits.count == 10 {
        return weighted(digits, [2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10 == Int(digits[9])
    }
    return weighted(digits, [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10 == Int(digits[10])
        && weighted(digits, [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10 == Int(digits[11])
}

/// Personnummer, with the century or without, and samordningsnummer with 60 added to the day.
func isSwedishNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    if digits.count == 12, ![19, 20].contains(value(digits.prefix(2))) { return false }
    let short = Array(digits.suffix(10))[...]
    let day = value(short[4...5])
    return (1...12).contains(value(short[2...3])) && (1...31).contains(day > 60 ? day - 60 : day)
        && luhn(short)
}

/// Davčna številka: weights 8 to 2, mod 11.
func isSlovenianTaxNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    let check = 11 - weighted(digits, [8, 7, 6, 5, 4, 3, 2]) % 11
    return digits[0] != 0 && check % 10 == Int(digits[7]) && check != 11
}

/// Vergi kimlik: each digit plus its place from the right, times a power of two, mod 9.
func isTurkishTaxNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    var sum = 0
    for place in 1...9 {
        let shifted = (Int(digits[9 - place]) + place) % 10
        if shifted == 0 { continue }
        let product = (shifted << place) % 9
        sum += product == 0 ? 9 : product
    }
    return (10 - sum % 10) % 10 == Int(digits[9])
}

/// RNOKPP: the first weight is -1, mod 11.
func isUkrainianNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    let sum = weighted(digits, [10, 5, 7, 9, 4, 6, 10, 5, 7]) % 11
    return sum % 10 == Int(digits[9])
}
