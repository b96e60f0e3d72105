// Check digits of numbers beyond Europe; see CheckDigits+Europe.swift for what the functions take.

private func value(_ digits: ArraySlice<UInt8>) -> Int { digits.reduce(0) { $0 * 10 + Int($1) } }

private func isYearFirstDate(_ digits: ArraySlice<UInt8>, at start: Int) -> Bool {
    isDate(month: digits[(start + 2)...(start + 3)], day: digits[(start + 4)...(start + 5)])
}

/// CBU: bank and branch, and account, each with weights 3, 1, 7, 9 from the right, mod 10.
func isArgentineAccount(_ digits: ArraySlice<UInt8>) -> Bool {
    func isChecked(_ part: ArraySlice<UInt8>) -> Bool {
        let sum = part.dropLast().reversed().enumerated().reduce(0) {
            $0 + Int($1.element) * [3, 1, 7, 9][$1.offset % 4]
        }
        return part.last.map { (10 - sum % 10) % 10 == Int($0) } ?? false
    }
    return isChecked(digits[..<8]) && isChecked(digits[8...])
}

/// PHN of British Columbia: 9, eight digits and their check, mod 11.
func isCanadianHealthNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    let sum = zip(digits[1...8], [2, 4, 8, 5, 10, 9, 7, 3]).reduce(0) {
        $0 + Int($1.0) * $1.1 % 11
    }
    return digits[0] == 9 && (11 - sum % 11) % 11 == Int(digits[9])
}

/// RUT: weights 2 to 7 from the right, mod 11, K for 10.
func isChileanNumber(_ code: [UInt8]) -> Bool {
    let sum = code.dropLast().reversed().enumerated().reduce(0) {
        $0 + characterValue($1.element) * ($1.offset % 6 + 2)
    }
    return Array("0K987654321".utf8)[sum % 11] == code.last
}

/// NIT: primes from the right, mod 11.
func isColombianNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    let weights = [3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71]
    let sum = zip(digits.dropLast().reversed(), weights).reduce(0) { $0 + Int($1.0) * $1.1 }
    return Array("01987654321".utf8)[sum % 11] - 0x30 == digits.last
}

/// Carné de identidad: a date and the century.
func isCubanNumber(_ digits: ArraySlice<UInt8>) -> Bool { isYearFirstDate(digits, at: 0) }

/// Cédula: a province, then Luhn.
func isEcuadorianNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    let province = value(digits[0...1])
    return ((1...24).contains(province) || province == 30 || province == 50) && digits[2] < 7
        && luhn(digits)
}

/// RUC: a person's cédula, or a firm's or an authority's number by mod 11; then the branch.
func isEcuadorianFirm(_ digits: ArraySlice<UInt8>) -> Bool {
    let province = value(digits[0...1])
    guard (1...24).contains(province) || province == 30 || province == 50 else { return false }
    let isPublic =
        weighted(digits, [3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0 && value(digits[9...12]) > 0
    let hasBranch = value(digits[10...12]) > 0
    switch digits[2] {
    case 0..<6: return luhn(digits.prefix(10)) && hasBranch
    case 6: return isPublic || luhn(digits.prefix(10)) && hasBranch
    case 9:
        return isPublic || weighted(digits, [4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0 && hasBranch
    default: return false
    }
}

/// NIT: weights from 2 on from the right, mod 11, K for 10.
func isGuatemalanNumber(_ code: [UInt8]) -> Bool {
    let sum = code.dropLast().reversed().enumerated().reduce(0) {
        $0 + characterValue($1.element) * ($1.offset + 2)
    }
    return Array("0K987654321".utf8)[sum % 11] == code.last
}

/// DNI with its check, a digit or a letter by mod 11.
func isPeruvianNumber(_ code: [UInt8]) -> Bool {
    let sum = zip(code, [3, 2, 7, 6, 5, 4, 3, 2]).reduce(0) { $0 + characterValue($1.0) * $1.1 }
    return Array("65432110987".utf8)[sum % 11] == code[8]
        || Array("KJIHGFEDCBA".utf8)[sum % 11] == code[8]
}

/// RUC: weights from 2 on from the right, mod 11.
func isParaguayanNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    let sum = digits.dropLast().reversed().enumerated().reduce(0) {
        $0 + Int($1.element) * ($1.offset + 2)
    }
    return (11 - sum % 11) % 11 % 10 == Int(digits[digits.endIndex - 1])
}

/// NIT: two rules by the serial number, mod 11.
func isSalvadoranNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    guard [0, 1, 9].contains(digits[0]) else { return false }
    let check = Int(digits[13])
    if value(digits[10...12]) <= 100 {
        return weighted(digits, [14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11 % 10 == check
    }
    let sum = weighted(digits, [2, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2])
    return (11 - sum % 11) % 11 % 10 == check
}

/// ITIN: the groups that the IRS gives.
func isIndividualTaxpayer(_ digits: ArraySlice<UInt8>) -> Bool { isITIN(value(digits)) }

/// RUT: a kind, a number, 001, and mod 11.
func isUruguayanFirm(_ digits: ArraySlice<UInt8>) -> Bool {
    let sum = weighted(digits, [4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])
    return (1...22).contains(value(digits[0...1])) && value(digits[8...10]) == 1
        && (11 - sum % 11) % 11 == Int(digits[11])
}

/// RIF: the holder's letter, then mod 11.
func isVenezuelanNumber(_ code: [UInt8]) -> Bool {
    let letters: [UInt8: Int] = [0x56: 4, 0x45: 8, 0x4A: 12, 0x50: 16, 0x47: 20]
    guard let first = letters[code[0]] else { return false }
    let sum = zip(code[1...8], [3, 2, 7, 6, 5, 4, 3, 2]).reduce(first) {
        $0 + characterValue($1.0) * $1.1
    }
    return Array("00987654321".utf8)[sum % 11] == code[9]
}

/// Emirates identity card: 784, the year of birth, Luhn.
func isEmiratesNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    digits.starts(with: [7, 8, 4]) && luhn(digits)
}

/// TFN: mod 11 over nine digits, or over the eight of old ones.
func isAustralianTaxFile(_ digits: ArraySlice<UInt8>) -> Bool {
    let weights = digits.count == 8 ? [10, 7, 8, 4, 6, 3, 5, 1] : [1, 4, 3, 7, 5, 8, 6, 9, 10]
    return weighted(digits, weights) % 11 == 0
}

/// Medicare: the ninth digit checks the first eight.
func isAustralianMedicare(_ digits: ArraySlice<UInt8>) -> Bool {
    (2...6).contains(digits[0])
        && weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 == Int(digits[8])
}

/// Resident identity: seventeen digits, then a digit or X.
func isChineseNumber(_ code: [UInt8]) -> Bool {
    let last = code[17] == 0x58 ? 10 : characterValue(code[17])
    return isChineseID(digitValues(code[..<17]), last: last)
}

/// HKID: one letter or two (a blank counts 36), six digits, mod 11 with A for 10.
func isHongKongNumber(_ code: [UInt8]) -> Bool {
    let values = (code.count == 8 ? [36] : []) + code.dropLast().map(characterValue)
    let sum = zip(values, [9, 8, 7, 6, 5, 4, 3, 2]).reduce(0) { $0 + $1.0 * $1.1 }
    return Array("0A987654321".utf8)[sum % 11] == code.last
}

/// NIK: a place, and a date with 40 added to the day of women.
func isIndonesianNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    let day = value(digits[6...7])
    return (11...96).contains(value(digits[0...1])) && (1...31).contains(day % 40)
        && (1...12).contains(value(digits[8...9]))
}

/// NPWP: Luhn over the first nine digits, or ten of the newer form.
func isIndonesianTaxNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    if digits.count == 16, digits[0] != 0 { return isIndonesianNumber(digits) }
    return luhn(digits.prefix(digits.count - 6))
}

/// Aadhaar: no number begins with 0 or 1; Verhoeff.
func isAadhaar(_ digits: ArraySlice<UInt8>) -> Bool { digits[0] >= 2 && verhoeff(digits) }

/// Voter's card: three letters and seven digits with Luhn.
func isIndianVoter(_ code: [UInt8]) -> Bool { luhn(digitValues(code[3...])) }

/// Kod-e melli: weights 10 to 2, mod 11.
func isIranianNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    let sum = weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11
    return Set(digits).count > 1 && (sum < 2 ? sum : 11 - sum) == Int(digits[9])
}

/// RRN: a date, and a digit for sex and century; numbers since 2020 have no check digit.
func isKoreanNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    isYearFirstDate(digits, at: 0) && digits[6] <= 9
}

/// Civil identity: century and date, mod 11.
func isKuwaitiNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    let sum = weighted(digits, [2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
    return (1...4).contains(digits[0]) && isYearFirstDate(digits, at: 1)
        && 11 - sum % 11 == Int(digits[11])
}

/// IIN: a date, and mod 11 with weights that begin anew at 3 where the first give 10.
func isKazakhNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    guard isYearFirstDate(digits, at: 0) else { return false }
    var check = weighted(digits, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) % 11
    if check == 10 { check = weighted(digits, [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11 }
    return check == Int(digits[11])
}

/// MyKad: a date and a place.
func isMalaysianNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    isYearFirstDate(digits, at: 0) && (1...98).contains(value(digits[6...7]))
}

/// IRD: two sets of weights, mod 11 (Inland Revenue).
func isNewZealandNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    let number = Array(digits.count == 8 ? [0] + digits : digits)[...]
    guard (10_000_001..<150_000_000).contains(value(number)) else { return false }
    func check(_ weights: [Int]) -> Int { (11 - weighted(number, weights) % 11) % 11 }
    var expected = check([3, 2, 7, 6, 5, 4, 3, 2])
    if expected == 10 { expected = check([7, 4, 3, 2, 5, 2, 7, 6]) }
    return expected == Int(number[8])
}

/// NHI: letters without I and O count from 1, weights 7 to 2, mod 11.
func isNewZealandHealthNumber(_ code: [UInt8]) -> Bool {
    let letters = Array("ABCDEFGHJKLMNPQRSTUVWXYZ".utf8)
    var sum = 0
    for (offset, byte) in code[..<6].enumerated() {
        let value = byte < 0x41 ? characterValue(byte) : letters.firstIndex(of: byte).map { $0 + 1 }
        guard let value else { return false }
        sum += value * (7 - offset)
    }
    return sum % 11 != 0 && (11 - sum % 11) % 10 == characterValue(code[6])
}

/// CNIC: a province first, the sex last; no check digit.
func isPakistaniNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    (1...7).contains(digits[0]) && digits[12] > 0
}

/// Citizens' numbers begin with 1, residents' with 2; Luhn.
func isSaudiNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    (1...2).contains(digits[0]) && luhn(digits)
}

/// Business number: digit sums of products, divisible by 5; a 7 in the seventh place may count 1 less.
func isTaiwaneseFirm(_ digits: ArraySlice<UInt8>) -> Bool {
    let sum = zip(digits, [1, 2, 1, 2, 1, 2, 4, 1]).reduce(0) {
        let product = Int($1.0) * $1.1
        return $0 + product / 10 + product % 10
    }
    return sum % 5 == 0 || digits[6] == 7 && (sum + 1) % 5 == 0
}

/// MST: weights 31 to 3, mod 11; a branch may follow.
func isVietnameseTaxNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    10 - weighted(digits, [31, 29, 23, 19, 17, 13, 7, 5, 3]) % 11 == Int(digits[9])
}

/// National number: century, date, governorate.
func isEgyptianNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    (2...3).contains(digits[0]) && isYearFirstDate(digits, at: 1)
        && ((1...35).contains(value(digits[7...8])) || value(digits[7...8]) == 88)
}

/// TIN: the holder's letter, 00, mod 11 with X for 10.
func isGhanaianNumber(_ code: [UInt8]) -> Bool {
    let sum = code[1...9].enumerated().reduce(0) {
        $0 + characterValue($1.element) * ($1.offset + 1)
    }
    return "PCGQV".utf8.contains(code[0]) && Array("0123456789X".utf8)[sum % 11] == code[10]
}

/// ICE: mod 97.
func isMoroccanFirm(_ digits: ArraySlice<UInt8>) -> Bool { value(digits) % 97 == 0 }

/// National identity: a letter, a date, mod 17.
func isMauritianNumber(_ code: [UInt8]) -> Bool {
    let digits = digitValues(code[1...12])
    let sum = code[..<13].enumerated().reduce(0) {
        $0 + characterValue($1.element) * (14 - $1.offset)
    }
    return isDate(month: digits[2...3], day: digits[0...1])
        && (17 - sum % 17) % 17 == characterValue(code[13])
}

/// NINEA: products by 1 and 2 without folding, mod 10, over seven digits or nine.
func isSenegaleseNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    weighted(digits, [1, 2, 1, 2, 1, 2, 1, 2, 1]) % 10 == 0
}

/// Identity number: a date and Luhn.
func isSouthAfricanNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    isYearFirstDate(digits, at: 0) && luhn(digits)
}
