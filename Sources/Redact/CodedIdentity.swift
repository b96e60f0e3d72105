/// National numbers of letters and digits, by their shape and check character; the score is without
/// context.
///
/// - Source: the issuing authorities' algorithms as collected in python-stdnum's documentation.
func codedIdentity(
    _ code: Slice<UnsafeBufferPointer<UInt8>>
) -> (name: String, score: Float)? {
    let bytes = Array(code)
    switch bytes.count {
    case 9 where isSingaporeID(bytes): return ("id.sg", 0.8)
    case 8 where isIrishNumber(bytes), 9 where isIrishNumber(bytes): return ("id.ie", 0.4)
    case 10 where isIndianPAN(bytes): return ("id.in", 0.55)
    case 10 where isTaiwaneseID(bytes): return ("id.tw", 0.6)
    case 18 where isMexicanCURP(bytes): return ("id.mx", 0.9)
    default: return nil
    }
}

private func isUpper(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }
private func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

private func sum(_ bytes: ArraySlice<UInt8>, _ weights: [Int]) -> Int {
    zip(bytes, weights).reduce(0) { $0 + Int($1.0 - 0x30) * $1.1 }
}

/// NRIC and FIN: a letter, seven digits, and a letter by mod 11 (ICA).
func isSingaporeID(_ bytes: [UInt8]) -> Bool {
    guard bytes.count == 9, bytes[1...7].allSatisfy(isDigit), isUpper(bytes[8]) else {
        return false
    }
    var total = sum(bytes[1...7], [2, 7, 6, 5, 4, 3, 2])
    let letters: String
    switch bytes[0] {
    case 0x53: letters = "JZIHGFEDCBA"
    case 0x54:
        letters = "JZIHGFEDCBA"
        total += 4
    case 0x46: letters = "XWUTRQPNMLK"
    case 0x47:
        letters = "XWUTRQPNMLK"
        total += 4
    case 0x4D:
        // Numbers with M run the letters the other way round.
        total += 3
        return Array("KLJNPQRTUWX".utf8)[10 - total % 11] == bytes[8]
    default: return false
    }
    return Array(letters.utf8)[total % 11] == bytes[8]
}

/// PPS number: seven digits, a letter by mod 23, and perhaps a second letter that counts nine times.
func isIrishNumber(_ bytes: [UInt8]) -> Bool {
    guard bytes[..<7].allSatisfy(isDigit), bytes[7...].allSatisfy(isUpper) else { return false }
    var total = sum(bytes[..<7], [8, 7, 6, 5, 4, 3, 2])
    if bytes.count == 9 {
        guard (0x41...0x49).contains(bytes[8]) || bytes[8] == 0x57 else { return false }
        total += bytes[8] == 0x57 ? 0 : Int(bytes[8] - 0x40) * 9
    }
    return Array("WABCDEFGHIJKLMNOPQRSTUV".utf8)[total % 23] == bytes[7]
}

/// Five letters, the fourth of which says what the holder is, four digits, a letter.
func isIndianPAN(_ bytes: [UInt8]) -> Bool {
    bytes.count == 10 && bytes[..<5].allSatisfy(isUpper) && bytes[5..<9].allSatisfy(isDigit)
        && isUpper(bytes[9]) && "ABCFGHLJPTK".utf8.contains(bytes[3])
        && !bytes[5..<9].elementsEqual("0000".utf8)
}

/// A letter for the place, 1, 2, 8 or 9, eight digits: mod 10 with the letter's two digits.
func isTaiwaneseID(_ bytes: [UInt8]) -> Bool {
    guard bytes.count == 10, isUpper(bytes[0]), bytes[1...].allSatisfy(isDigit),
        [0x31, 0x32, 0x38, 0x39].contains(bytes[1])
    else { return false }
    let places = Array("ABCDEFGHJKLMNPQRSTUVXYWZIO".utf8)
    guard let place = places.firstIndex(of: bytes[0]) else { return false }
    let value = place + 10
    let total = value / 10 + value % 10 * 9 + sum(bytes[1...9], [8, 7, 6, 5, 4, 3, 2, 1, 1])
    return total % 10 == 0
}

/// Clave Única de Registro de Población: name letters, date, sex, state, and a check digit.
func isMexicanCURP(_ bytes: [UInt8]) -> Bool {
    guard bytes.count == 18, bytes[..<4].allSatisfy(isUpper), bytes[4..<10].allSatisfy(isDigit),
        bytes[10] == 0x48 || bytes[10] == 0x4D, bytes[11..<16].allSatisfy(isUpper),
        isDigit(bytes[17])
    else { return false }
    let digits = bytes[4..<10].map { $0 - 0x30 }
    guard isDate(month: digits[2...3], day: digits[4...5]) else { return false }
    // The alphabet with Ñ after N: letters from O on count one more.
    let total = bytes[..<17].enumerated().reduce(0) { sum, item in
        let byte = item.element
        let value =
            isDigit(byte)
            ? Int(byte - 0x30) : Int(byte) - 0x41 + 10 + (byte > 0x4E ? 1 : 0)
        return sum + value * (18 - item.offset)
    }
    return (10 - total % 10) % 10 == Int(bytes[17] - 0x30)
}
