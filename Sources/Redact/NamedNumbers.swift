extension ScanPass {
    /// Numbers that words before them name: bank, tax, health and device numbers.
    ///
    /// Check digits decide where the number has some; where it has none the word must be near.
    mutating func scanNamedNumber() -> Int? {
        let number = self.number
        guard !number.isCut, let last = number.groups.last, last.total >= 8 || self.isShortTax
        else {
            return nil
        }
        let context = self.context(before: number.start)
        if context.isNear(.device), let end = self.addIMEI(context) ?? self.addSIM() { return end }
        if context.isNear(.health), let end = self.addHealthNumber(context) { return end }
        if context.isNear(.tax), let end = self.addTaxNumber(context) { return end }
        if context.isNear(.routing), let end = self.addRoutingNumber(context) { return end }
        if context.isNear(.account), let end = self.addAccountNumber(context) { return end }
        return nil
    }

    private var isShortTax: Bool { self.number.hasShape([2, 7]) }

    /// The end of the group at which the digits so far are `count`, if nothing goes on there.
    private func end(ofDigits count: Int) -> Int? {
        guard let group = self.number.groups.first(where: { $0.total == count }),
            self.isFreeAfter(group.end)
        else { return nil }
        return group.end
    }

    /// Fifteen digits with a Luhn check (3GPP TS 23.003, annex B).
    private mutating func addIMEI(_ context: Context) -> Int? {
        guard let end = self.end(ofDigits: 15), luhn(self.number.digits[..<15]) else { return nil }
        return self.add(.device, self.number.start..<end, "device.imei", 0.9) ? end : nil
    }

    /// The number of a subscriber or of a SIM card right after its own label: 14 or 15 digits that begin with a
    /// country (ITU-T E.212), or 19 or 20 that begin with 89 (ITU-T E.118).
    private mutating func addSIM() -> Int? {
        var label = self.number.start
        while self.number.start - label < 6, !self.isWord(label - 1), self.byte(label - 1) < 0x80 {
            label -= 1
        }
        let digits = self.number.digits
        let lengths: ClosedRange<Int>
        if self.endsFolded(Array("imsi".utf8), at: label), (2...7).contains(digits[0]) {
            lengths = 14...15
        } else if self.endsFolded(Array("iccid".utf8), at: label), digits[0] == 8, digits[1] == 9 {
            lengths = 19...20
        } else {
            return nil
        }
        guard let count = lengths.reversed().first(where: { self.end(ofDigits: $0) != nil }),
            let end = self.end(ofDigits: count)
        else { return nil }
        return self.add(.device, self.number.start..<end, "device.sim", 0.85) ? end : nil
    }

    /// NHS numbers by mod 11 (NHS Data Dictionary), and US provider numbers by Luhn over `80840` and
    /// the number (45 CFR 162.406).
    private mutating func addHealthNumber(_ context: Context) -> Int? {
        guard let end = self.end(ofDigits: 10), context[.health] < 24 else { return nil }
        let digits = Array(self.number.digits[..<10])
        let isNHS = isNHSNumber(digits[...])
        let isProvider = luhn(([8, 0, 8, 4, 0] + digits)[...])
        guard isNHS || isProvider else { return nil }
        let rule = isNHS ? "health.gb" : "health.us"
        return self.add(.healthID, self.number.start..<end, rule, 0.75) ? end : nil
    }

    /// US employer (IRS Publication 1635) and individual (IRS Form W-7) numbers, and numbers of nine
    /// to fourteen digits with the check digits of their country.
    private mutating func addTaxNumber(_ context: Context) -> Int? {
        guard context[.tax] < 24, !context.isNearer(.otherNumber, than: .tax) else { return nil }
        if self.isShortTax, self.number.isParted(by: 0x2D, count: 2),
            let end = self.end(ofDigits: 9)
        {
            return self.add(.taxID, self.number.start..<end, "tax.us", 0.7) ? end : nil
        }
        if let end = self.end(ofDigits: 9), isITIN(self.number.value(0..<9)) {
            return self.add(.taxID, self.number.start..<end, "tax.us", 0.8) ? end : nil
        }
        if let end = self.end(ofDigits: 14), isBrazilianCNPJ(self.number.digits[..<14]) {
            return self.add(.taxID, self.number.start..<end, "tax.br", 0.85) ? end : nil
        }
        if let end = self.end(ofDigits: 11), isAustralianABN(self.number.digits[..<11]) {
            return self.add(.taxID, self.number.start..<end, "tax.au", 0.8) ? end : nil
        }
        return nil
    }

    /// Nine digits with the weights 3, 7, 1 (ABA routing number policy).
    private mutating func addRoutingNumber(_ context: Context) -> Int? {
        guard let end = self.end(ofDigits: 9), context[.routing] < 24,
            isRoutingNumber(self.number.digits[..<9])
        else { return nil }
        return self.add(.bankRouting, self.number.start..<end, "routing.us", 0.8) ? end : nil
    }

    /// Eight to seventeen digits right after a word for an account; no check digits to ask.
    private mutating func addAccountNumber(_ context: Context) -> Int? {
        let group = self.number.groups[0]
        guard (8...17).contains(group.count), context[.account] <= 12, self.isFreeAfter(group.end),
            !context.isNearer(.otherNumber, than: .account),
            !context.isNearer(.card, than: .account)
        else { return nil }
        return self.add(.bankAccount, group.start..<group.end, "account", 0.6) ? group.end : nil
    }

    /// A bank's code after `BIC` or `SWIFT`: ISO 9362, four letters, a country, two characters and
    /// perhaps a branch; `index` is at the word's last letter.
    mutating func scanBankCode(at index: Int) -> Int? {
        guard self.wants(.bankRouting), !self.isWord(index + 1) else { return nil }
        let length = self.byte(index) | 0x20 == 0x63 ? 3 : 5
        guard !self.isWord(index - length),
            length == 3 || self.byte(index - 4) | 0x20 == 0x73
        else { return nil }
        var start = index + 1
        // `BIC/SWIFT code: …`, at most three words on.
        for _ in 0..<4 {
            while start - index < 24,
                [0x20, 0x2F, 0x3A, 0x2D, 0x28, 0x29].contains(self.byte(start))
            {
                start += 1
            }
            var end = start
            while end - start < 12, self.isWord(end) { end += 1 }
            self.steps += end - start
            guard end > start else { return nil }
            if isBankCode(self.text[start..<end]) {
                return self.add(.bankRouting, start..<end, "routing.bic", 0.8) ? end : nil
            }
            start = end
        }
        return nil
    }

    /// Codes of letters and digits around the digit at `start`: vehicles, licences, plates, IDs.
    mutating func scanCodedNumber(at start: Int) -> Int? {
        var first = start
        while start - first < 18, self.isClass(first - 1, ByteClass.upper | ByteClass.digit) {
            first -= 1
        }
        var end = start
        while end - first < 19, self.isClass(end, ByteClass.upper | ByteClass.digit) { end += 1 }
        self.steps += end - first
        guard end - first >= 5, !self.isWord(first - 1), !self.isWord(end) else { return nil }
        let code = self.text[first..<end]
        switch code.count {
        case 8, 9, 18:
            if let end = self.addCodedIdentity(code) { return end }
        case 10:
            if let end = self.addCodedIdentity(code) { return end }
            if let end = self.addCodedHealthNumber(code) { return end }
        case 11:
            if let end = self.addCodedHealthNumber(code) { return end }
        case 16 where isBritishLicence(code) && self.wants(.driverLicense):
            return self.add(.driverLicense, first..<end, "licence.gb", 0.6) ? end : nil
        case 17 where self.wants(.vehicle) && isVehicleNumber(code):
            let isNamed = self.context(before: first).isNear(.vehicle)
            return self.add(.vehicle, first..<end, "vehicle.vin", isNamed ? 0.9 : 0.55) ? end : nil
        default: break
        }
        return self.scanLicence(first..<end)
    }

    private mutating func addCodedIdentity(_ code: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
        guard self.wants(.nationalID), let rule = codedIdentity(code) else { return nil }
        let range = code.startIndex..<code.endIndex
        let isNamed = self.context(before: range.lowerBound).isNear(.identity)
        let score = rule.score + (isNamed ? 0.3 : 0)
        return self.add(.nationalID, range, rule.name, score) ? range.upperBound : nil
    }

    private mutating func addCodedHealthNumber(_ code: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
        guard self.wants(.healthID), let rule = codedHealthNumber(code) else { return nil }
        let range = code.startIndex..<code.endIndex
        guard self.context(before: range.lowerBound).isNear(.health) else { return nil }
        return self.add(.healthID, range, rule, 0.8) ? range.upperBound : nil
    }

    /// A driving licence or a plate: only its word says so.
    private mutating func scanLicence(_ range: Range<Int>) -> Int? {
        guard (5...18).contains(range.count), self.byte(range.upperBound) != 0x2D else {
            return nil
        }
        var digits = 0
        for index in range where self.isClass(index, ByteClass.digit) { digits += 1 }
        guard digits >= 2 else { return nil }
        let context = self.context(before: range.lowerBound)
        if context[.licence] <= 24, range.count >= 6, !context.isNearer(.vehicle, than: .licence) {
            let end = range.upperBound
            return self.add(.driverLicense, range, "licence", 0.6) ? end : nil
        }
        if context[.vehicle] <= 16, range.count <= 8,
            self.isClass(range.lowerBound, ByteClass.upper)
        {
            return self.add(.vehicle, range, "vehicle.plate", 0.6) ? range.upperBound : nil
        }
        return nil
    }
}

/// NHS numbers: weights 10 to 2, the tenth digit makes the sum divisible by 11.
func isNHSNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    let check = 11 - weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11
    return Set(digits).count > 1 && (check == 11 ? 0 : check) == Int(digits[9])
}

/// Whether the IRS may have issued the nine digits to someone without a social security number.
func isITIN(_ value: Int) -> Bool {
    let group = value / 10_000 % 100
    return value / 100_000_000 == 9
        && ((50...65).contains(group) || (70...88).contains(group) || (90...92).contains(group)
            || (94...99).contains(group))
}

/// First four digits of a Federal Reserve district, and the check of weights 3, 7, 1.
func isRoutingNumber(_ digits: ArraySlice<UInt8>) -> Bool {
    let district = Int(digits[0]) * 10 + Int(digits[1])
    let isDistrict =
        (1...12).contains(district) || (21...32).contains(district)
        || (61...72).contains(district) || district == 80
    return isDistrict && weighted(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 == 0
}

/// Cadastro Nacional da Pessoa Jurídica: two check digits by mod 11.
func isBrazilianCNPJ(_ digits: ArraySlice<UInt8>) -> Bool {
    guard Set(digits).count > 1 else { return false }
    func check(_ weights: [Int]) -> Int {
        let remainder = weighted(digits, weights) % 11
        return remainder < 2 ? 0 : 11 - remainder
    }
    return check([5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) == Int(digits[12])
        && check([6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) == Int(digits[13])
}

/// Australian Business Number: one is taken from the first digit, then mod 89.
func isAustralianABN(_ digits: ArraySlice<UInt8>) -> Bool {
    let weights = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]
    return digits[0] > 0 && (weighted(digits, weights) - 10) % 89 == 0
}

/// ISO 3779 with the check digit of 49 CFR 565.15, in the ninth place.
func isVehicleNumber(_ code: some Collection<UInt8>) -> Bool {
    let values: [UInt8: Int] = [
        0x41: 1, 0x42: 2, 0x43: 3, 0x44: 4, 0x45: 5, 0x46: 6, 0x47: 7, 0x48: 8, 0x4A: 1, 0x4B: 2,
        0x4C: 3, 0x4D: 4, 0x4E: 5, 0x50: 7, 0x52: 9, 0x53: 2, 0x54: 3, 0x55: 4, 0x56: 5, 0x57: 6,
        0x58: 7, 0x59: 8, 0x5A: 9,
    ]
    let weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
    guard code.count == 17, code.contains(where: { $0 >= 0x41 }) else { return false }
    var sum = 0
    var check: UInt8 = 0
    for (index, byte) in code.enumerated() {
        if index == 8 { check = byte }
        if byte &- 0x30 < 10 {
            sum += Int(byte - 0x30) * weights[index]
        } else if let value = values[byte] {
            sum += value * weights[index]
        } else {
            return false
        }
    }
    return check == (sum % 11 == 10 ? 0x58 : UInt8(sum % 11) + 0x30)
}

/// ISO 9362: four letters, a country of ISO 3166-1, two characters, and perhaps three for a branch.
func isBankCode(_ code: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    guard code.count == 8 || code.count == 11 else { return false }
    let first = code.startIndex
    for (offset, byte) in code.enumerated() {
        let isUpper = byte &- 0x41 < 26
        guard isUpper || offset >= 6 && byte &- 0x30 < 10 else { return false }
    }
    return isCountry(code[first + 4], code[first + 5])
}

/// US Medicare beneficiaries (CMS, "Understanding the MBI": which places hold letters and digits) and
/// German insured persons (GKV, annex 1: the letter's two digits and eight digits, Luhn from the left).
func codedHealthNumber(_ code: Slice<UnsafeBufferPointer<UInt8>>) -> String? {
    let bytes = Array(code)
    func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
    func isLetter(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 && !"SLOIBZ".utf8.contains(byte) }
    if bytes.count == 11, bytes[0] != 0x30 {
        let isFitting = zip(bytes, "DLADLADLLDD".utf8).allSatisfy { byte, kind in
            switch kind {
            case 0x44: isDigit(byte)
            case 0x4C: isLetter(byte)
            default: isDigit(byte) || isLetter(byte)
            }
        }
        return isFitting ? "health.us.mbi" : nil
    }
    guard bytes.count == 10, bytes[0] &- 0x41 < 26, bytes[1...].allSatisfy(isDigit) else {
        return nil
    }
    let letter = Int(bytes[0] - 0x40)
    let digits = [letter / 10, letter % 10] + bytes[1...8].map { Int($0 - 0x30) }
    let sum = digits.enumerated().reduce(0) { sum, item in
        let product = item.element * (item.offset % 2 + 1)
        return sum + product / 10 + product % 10
    }
    return sum % 10 == Int(bytes[9] - 0x30) ? "health.de" : nil
}

/// GB driving licences: five of the surname filled with 9, a date of birth in disguise, two initials,
/// three check characters (DVLA, "Driver number").
func isBritishLicence(_ code: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    let bytes = Array(code)
    guard bytes.count == 16, bytes[0] &- 0x41 < 26,
        bytes[1..<5].allSatisfy({ $0 &- 0x41 < 26 || $0 == 0x39 }),
        bytes[5..<11].allSatisfy({ $0 &- 0x30 < 10 }),
        bytes[11..<13].allSatisfy({ $0 &- 0x41 < 26 || $0 == 0x39 })
    else { return false }
    // Women's months have five added to the first digit.
    let month = Int(bytes[6] - 0x30) % 5 * 10 + Int(bytes[7] - 0x30)
    let day = Int(bytes[8] - 0x30) * 10 + Int(bytes[9] - 0x30)
    return (1...12).contains(month) && (1...31).contains(day)
}
