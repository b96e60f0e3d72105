// National numbers with check digits, by rule id, and who publishes the algorithm:
//
//   id.ar CUIT/CUIL, mod 11 (AFIP)                  id.lt with id.ee, mod 11 twice
//   id.at SVNR, mod 11 (Hauptverband)               id.lu CCSS, Luhn
//   id.au TFN, Medicare, mod 11 and 10 (ATO)        id.lv personas kods, mod 11
//   id.be rijksregister, 97 - n mod 97              id.mx CURP, mod 10 (RENAPO)
//   id.bg EGN, mod 11 (GRAO)                        id.nl BSN, elfproef (RvIG)
//   id.br CPF, mod 11 twice (Receita Federal)       id.no fødselsnummer, mod 11 twice
//   id.ca SIN, Luhn (ESDC)                          id.pl PESEL, mod 10 (MSWiA)
//   id.ch AHV, EAN-13 (ZAS)                         id.pt NIF, mod 11 (AT)
//   id.cn RIC, ISO 7064 mod 11-2 (GB 11643)         id.ro CNP, mod 11
//   id.cz and Slovakia, rodné číslo, mod 11         id.ru INN, SNILS, mod 11 and 101 (FNS)
//   id.de Steuer-ID, ISO 7064 mod 11,10 (BZSt)      id.se personnummer, Luhn (Skatteverket)
//   id.ee isikukood, mod 11 twice                   id.sg NRIC/FIN, mod 11 (ICA)
//   id.es DNI/NIE, mod 23 (Interior)                id.th TNIN, mod 11
//   id.fi HETU, mod 31 (DVV)                        id.tr TCKN, mod 10 twice (NVI)
//   id.fr NIR, 97 - n mod 97 (INSEE)                id.tw, mod 10
//   id.gr AFM, AMKA, mod 11, Luhn                   id.ua RNOKPP, mod 11
//   id.hr OIB, ISO 7064 mod 11,10                   id.yu JMBG of its successors, mod 11
//   id.hu adóazonosító, mod 10                      id.za ID, Luhn
//   id.ie PPS, mod 23 (DSP)                         health.gb NHS, mod 11; health.us NPI, Luhn;
//   id.in Aadhaar, Verhoeff (UIDAI)                 health.de KVNR, Luhn from the left
//   id.it codice fiscale, mod 26                    tax.br CNPJ, mod 11; tax.au ABN, mod 89
//   id.jp My Number, mod 11                         routing.us ABA, weights 3, 7, 1
//
// By shape alone: id.dk CPR and id.kr RRN (no check digit any more), id.gb NINO, id.in PAN.

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
        let hungarian = weighted(digits, [3, 7, 3, 7, 3, 7, 3, 7, 0]) % 10
        if Int(digits[8]) == hungarian { return ("id.hu", 0.1) }
        let greek = weighted(digits, [256, 128, 64, 32, 16, 8, 4, 2, 0]) % 11 % 10
        if Int(digits[8]) == greek { return ("id.gr", 0.1) }
    }
    return lengths == [6, 3] && number.groups[1].separator.sign == 0x2F && isCzechDate(digits)
        ? ("id.cz", 0.6) : nil
}

private func tenDigits(
    _ number: NumberRun,
    _ digits: ArraySlice<UInt8>,
    _ lengths: [Int]
) -> (rule: String, score: Float)? {
    let isDated = isDate(month: digits[2...3], day: digits[4...5])
    if lengths == [6, 4] {
        let separator = number.groups[1].separator.sign
        if separator == 0x2F, isCzechDate(digits), number.value(0..<10) % 11 == 0 {
            return ("id.cz", 0.7)
        }
        if separator == 0x2D, isDated, luhn(digits) { return ("id.se", 0.65) }
        let isDanish = isDate(month: digits[2...3], day: digits[0...1])
        if separator == 0x2D, isDanish { return ("id.dk", 0.2) }
    }
    if lengths == [10] {
        if isDated, luhn(digits) { return ("id.se", 0.15) }
        if isBulgarianNumber(digits) { return ("id.bg", 0.1) }
    }
    if lengths == [10] || lengths == [4, 6] {
        if isAustrianNumber(digits) {
            return ("id.at", lengths.count == 2 ? 0.5 : 0.2)
        }
    }
    if lengths == [10] {
        if isRussianTaxNumber(digits) { return ("id.ru", 0.1) }
        if isUkrainianNumber(digits) { return ("id.ua", 0.1) }
    }
    return isAustralianMedicare(digits) && (lengths == [10] || lengths == [4, 5, 1])
        ? ("id.au", 0.1) : nil
}

private func elevenDigits(
    _ number: NumberRun,
    _ digits: ArraySlice<UInt8>,
    _ lengths: [Int]
) -> (rule: String, score: Float)? {
    if isBrazilianCPF(digits) {
        return ("id.br", lengths == [3, 3, 3, 2] ? 0.8 : 0.25)
    }
    if isBelgianNumber(digits) {
        return ("id.be", lengths == [2, 2, 2, 3, 2] || lengths == [6, 3, 2] ? 0.8 : 0.2)
    }
    if lengths == [3, 3, 3, 2], isRussianSNILS(digits) { return ("id.ru", 0.65) }
    if lengths == [2, 8, 1], isArgentineCUIT(digits) { return ("id.ar", 0.75) }
    if lengths == [6, 5], isLatvianCode(digits) { return ("id.lv", 0.5) }
    if lengths == [11], isGreekNumber(digits) {
        return ("id.gr", 0.15)
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
        (digits.starts(with: [1, 9]) || digits.starts(with: [2, 0]))
        && isDate(month: digits[4...5], day: digits[6...7]) && luhn(ArraySlice(digits.dropFirst(2)))
    if isSwedish, lengths == [8, 4], number.groups[1].separator.sign == 0x2D {
        return ("id.se", 0.7)
    }
    if isSwedish, lengths == [12] { return ("id.se", 0.2) }
    let isGrouped = lengths == [4, 4, 4]
    guard isGrouped || lengths == [12] else { return nil }
    if isJapaneseNumber(digits) { return ("id.jp", 0.15) }
    guard isAadhaar(digits) else { return nil }
    return ("id.in", isGrouped ? 0.4 : 0.15)
}

private func thirteenDigits(
    _ number: NumberRun,
    _ digits: ArraySlice<UInt8>,
    _ lengths: [Int]
) -> (rule: String, score: Float)? {
    if lengths == [6, 7], number.groups[1].separator.sign == 0x2D,
        isDate(month: digits[2...3], day: digits[4...5]), (1...8).contains(digits[6])
    {
        return ("id.kr", 0.75)
    }
    if isSwissNumber(digits), lengths == [13] || lengths == [3, 4, 4, 2] {
        return ("id.ch", lengths.count == 4 ? 0.85 : 0.4)
    }
    guard lengths == [13] || lengths == [1, 4, 5, 2, 1] else { return nil }
    if isKoreanNumber(digits), (1...8).contains(digits[6]), lengths == [13] {
        return ("id.kr", 0.1)
    }
    if isYugoslavNumber(digits) { return ("id.yu", 0.15) }
    if digits[0] <= 2, isDate(month: digits[4...5], day: digits[6...7]), luhn(digits.prefix(12)) {
        return ("id.lu", 0.15)
    }
    let check = (11 - weighted(digits, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 0]) % 11) % 10
    if check == Int(digits[12]) { return ("id.th", lengths.count == 5 ? 0.7 : 0.1) }
    if isSouthAfricanNumber(digits) { return ("id.za", 0.15) }
    return isRomanianNumber(digits) ? ("id.ro", 0.15) : nil
}

/// Rijksregisternummer: 97 minus the first nine digits mod 97, of those born since 2000 with a 2 before.
func isBelgianNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    let body = digits.prefix(9).reduce(0) { $0 * 10 + Int($1) }
    let check = Int(digits[9]) * 10 + Int(digits[10])
    let month = Int(digits[2]) * 10 + Int(digits[3])
    return month % 20 <= 12
        && (97 - body % 97 == check || 97 - (2_000_000_000 + body) % 97 == check)
}

/// Insurance number: weights 9 to 1, mod 101.
func isRussianSNILS(_ digits: ArraySlice<UInt8>) -> Bool {
    let check = Int(digits[9]) * 10 + Int(digits[10])
    return weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0]) % 101 % 100 == check
}

/// CUIT and CUIL: mod 11.
func isArgentineCUIT(_ digits: ArraySlice<UInt8>) -> Bool {
    let check = 11 - weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 0]) % 11
    return [11: 0, 10: 9][check, default: check] == Int(digits[10]) && digits[0] >= 2
}

/// Personas kods with a date of birth in front.
func isLatvianCode(_ digits: ArraySlice<UInt8>) -> Bool {
    guard isDate(month: digits[2...3], day: digits[0...1]) else { return false }
    let sum = weighted(digits, [10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 0])
    return (1 + sum) % 11 % 10 == Int(digits[10])
}

/// My Number: weights 6 to 2 and 7 to 2, mod 11.
func isJapaneseNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    let remainder = weighted(digits, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 0]) % 11
    return Set(digits).count > 1 && (remainder <= 1 ? 0 : 11 - remainder) == Int(digits[11])
}

/// The check digit of thirteen-digit article numbers, which Swiss AHV numbers have.
func isEAN13(_ digits: ArraySlice<UInt8>) -> Bool {
    weighted(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 == 0
}

/// JMBG and EMŠO of the states of former Yugoslavia: a date with three digits of the year, mod 11.
func isYugoslavNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    guard isDate(month: digits[2...3], day: digits[0...1]), digits[4] == 9 || digits[4] == 0 else {
        return false
    }
    let check = 11 - weighted(digits, [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 0]) % 11
    return (check > 9 ? 0 : check) == Int(digits[12])
}
