/// Check digits of national numbers. Every function takes decimal digit values.

/// The sum of digits times weights.
func weighted(_ digits: ArraySlice<UInt8>, _ weights: [Int]) -> Int {
    zip(digits, weights).reduce(0) { $0 + Int($1.0) * $1.1 }
}

private func pair(_ digits: ArraySlice<UInt8>) -> Int { digits.reduce(0) { $0 * 10 + Int($1) } }

func isDate(month: ArraySlice<UInt8>, day: ArraySlice<UInt8>) -> Bool {
    let lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    let index = pair(month) - 1
    return lengths.indices.contains(index) && (1...lengths[index]).contains(pair(day))
}

/// Czech and Slovak: yymmdd with 50 (or 20, 70) added to the month.
func isCzechDate(_ digits: ArraySlice<UInt8>) -> Bool {
    let month = pair(digits[2...3])
    let isMonth = [0, 20, 50, 70].contains { (1...12).contains(month - $0) }
    return isMonth && (1...31).contains(pair(digits[4...5]))
}

/// Chinese resident identity: a date, and ISO 7064 mod 11-2 over 17 digits; `last` 10 is X.
func isChineseID(_ digits: ArraySlice<UInt8>, last: Int) -> Bool {
    guard digits.count == 17, isDate(month: digits[10...11], day: digits[12...13]) else {
        return false
    }
    let sum = weighted(digits, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
    return (12 - sum % 11) % 11 == last
}

/// Finnish personal identity code: ddmmyy, three digits, and a letter or digit by mod 31.
func isFinnishID(_ digits: ArraySlice<UInt8>, check: UInt8) -> Bool {
    guard digits.count == 9, isDate(month: digits[2...3], day: digits[0...1]) else { return false }
    let symbols = Array("0123456789ABCDEFHJKLMNPRSTUVWXY".utf8)
    return symbols[pair(digits) % 31] == check
}

/// Spanish DNI and NIE: the letter by the number mod 23.
func isSpanishLetter(_ value: Int, _ letter: UInt8) -> Bool {
    Array("TRWAGMYFPDXBNJZSQVHLCKE".utf8)[value % 23] == letter
}

func isNorwegianID(_ digits: ArraySlice<UInt8>) -> Bool {
    let day = pair(digits[0...1])
    guard (1...31).contains(day % 40), (1...12).contains(pair(digits[2...3]) % 40) else {
        return false
    }
    return weighted(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1, 0]) % 11 == 0
        && weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0
}

func isTurkishID(_ digits: ArraySlice<UInt8>) -> Bool {
    let odd = [0, 2, 4, 6, 8].reduce(0) { $0 + Int(digits[$1]) }
    let even = [1, 3, 5, 7].reduce(0) { $0 + Int(digits[$1]) }
    return digits[0] != 0 && (odd * 7 + 90 - even) % 10 == Int(digits[9])
        && (odd + even + Int(digits[9])) % 10 == Int(digits[10])
}

/// Polish PESEL: yymmdd with the century in the month.
func isPESEL(_ digits: ArraySlice<UInt8>) -> Bool {
    let month = pair(digits[2...3]) % 20
    return (1...12).contains(month) && (1...31).contains(pair(digits[4...5]))
        && weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 == 0
}

func isBrazilianCPF(_ digits: ArraySlice<UInt8>) -> Bool {
    guard Set(digits).count > 1 else { return false }
    func check(_ count: Int) -> Int {
        let sum = (0..<count).reduce(0) { $0 + Int(digits[$1]) * (count + 1 - $1) }
        return sum * 10 % 11 % 10
    }
    return check(9) == Int(digits[9]) && check(10) == Int(digits[10])
}

/// ISO 7064 mod 11,10.
func iso7064(_ digits: ArraySlice<UInt8>) -> Bool {
    var product = 10
    for digit in digits.dropLast() {
        let sum = (Int(digit) + product) % 10
        product = (sum == 0 ? 10 : sum) * 2 % 11
    }
    return digits.last.map { (11 - product) % 10 == Int($0) } ?? false
}

/// German tax identification: ISO 7064, and of the first ten digits one occurs two or three times.
func isGermanTaxID(_ digits: ArraySlice<UInt8>) -> Bool {
    var counts = [Int](repeating: 0, count: 10)
    for digit in digits.prefix(10) { counts[Int(digit)] += 1 }
    let repeated = counts.filter { $0 > 1 }
    return digits[0] != 0 && repeated.count == 1 && repeated[0] <= 3 && iso7064(digits)
}

/// Estonian and Lithuanian personal codes.
func isEstonianID(_ digits: ArraySlice<UInt8>) -> Bool {
    guard (1...8).contains(digits[0]), isDate(month: digits[3...4], day: digits[5...6]) else {
        return false
    }
    var check = weighted(digits, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 0]) % 11
    if check == 10 { check = weighted(digits, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 0]) % 11 % 10 }
    return check == Int(digits[10])
}

/// French NIR: thirteen digits and the key 97 - n mod 97.
func isFrenchNIR(_ digits: ArraySlice<UInt8>) -> Bool {
    guard [1, 2].contains(digits[0]) else { return false }
    return 97 - pair(digits.prefix(13)) % 97 == pair(digits.suffix(2))
}

/// Verhoeff's dihedral check (Aadhaar).
func verhoeff(_ digits: ArraySlice<UInt8>) -> Bool {
    let permutation = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]
    var check = 0
    for (index, digit) in digits.reversed().enumerated() {
        var value = Int(digit)
        for _ in 0..<index % 8 { value = permutation[value] }
        check = dihedralProduct(check, value)
    }
    return check == 0
}

/// Multiplication in the dihedral group of order ten.
private func dihedralProduct(_ left: Int, _ right: Int) -> Int {
    if left < 5 { return right < 5 ? (left + right) % 5 : 5 + (left + right - 5) % 5 }
    return right < 5 ? 5 + (left - 5 + 5 - right) % 5 : (left - 5 + 5 - (right - 5)) % 5
}

func isItalianCode(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    let bytes = text.map { $0 & ($0 >= 0x61 ? 0xDF : 0xFF) }
    guard bytes.count == 16 else { return false }
    // L letter, D digit or the letter that replaces it among namesakes.
    let shape = Array("LLLLLLDDLDDLDDDL".utf8)
    let replacements = Array("LMNPQRSTUV".utf8)
    for (byte, kind) in zip(bytes, shape) {
        let isLetter = (0x41...0x5A).contains(byte)
        let isDigit = (0x30...0x39).contains(byte)
        let fits = kind == 0x4C ? isLetter : isDigit || replacements.contains(byte)
        guard fits else { return false }
    }
    let odd = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24,
        23,
    ]
    var sum = 0
    for (index, byte) in bytes.dropLast().enumerated() {
        let value = Int(byte >= 0x41 ? byte - 0x41 : byte - 0x30)
        sum += index % 2 == 0 ? odd[value] : value
    }
    return bytes[15] == UInt8(sum % 26) + 0x41
}

/// HMRC: no D, F, I, Q, U or V in either place, no O in the second, and seven pairs unused.
func isInsurancePrefix(_ first: UInt8, _ second: UInt8) -> Bool {
    let barred = Array("DFIQUV".utf8)
    guard !barred.contains(first), !barred.contains(second), second != 0x4F else { return false }
    let pair = String(decoding: [first, second], as: UTF8.self)
    return !["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"].contains(pair)
}
