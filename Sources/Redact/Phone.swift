extension ScanPass {
    /// Telephone numbers: international by country code and length, national by shape and context.
    ///
    /// - Source: ITU-T E.164 (country codes, fifteen digits), NANP numbering rules, national plans.
    mutating func scanPhone() -> Int? {
        guard self.wants(.phone), let first = self.number.groups.first else { return nil }
        let last = self.number.groups[self.number.groups.count - 1]
        // Groups of one digit are rare in phone numbers and common in tables.
        let groupCount = self.number.groups.count
        guard !self.number.isCut, last.total >= 7, last.total >= groupCount * 2 - 2
        else { return nil }
        let isPlus = self.byte(first.start - 1) == 0x2B
        if isPlus { return self.scanInternational(prefix: 1, trunkDigits: 0) }
        // `+ 33 6 12 …` where a label is near.
        if self.byte(first.start - 1) == 0x20, self.byte(first.start - 2) == 0x2B,
            self.phoneContext(first.start - 2..<last.end) != .none,
            let end = self.scanInternational(prefix: 2, trunkDigits: 0)
        {
            return end
        }
        let freedom = self.phoneFreedom(first.start)
        guard freedom != .none else { return nil }
        if first.count >= 2, self.number.digits[0] == 0, self.number.digits[1] == 0,
            freedom != .shaped, let end = self.scanInternational(prefix: 0, trunkDigits: 2)
        {
            return end
        }
        return self.scanNational(freedom)
    }

    /// What may start at a place.
    private enum PhoneFreedom {
        case none
        /// A number whose label is near.
        case labelled
        /// A number that its shape alone tells: other digits stand before it.
        case shaped
        case any
    }

    private func phoneFreedom(_ start: Int) -> PhoneFreedom {
        // A number beside another value is a number of its own.
        if let last = self.spans.last, last.range.upperBound == start - 1 { return .any }
        switch self.byte(start - 1) {
        case 0x28: return self.isWord(start - 2) ? .none : .any
        case 0x24, 0x23: return .none
        case 0x2F, 0x5C, 0x3D, 0x40: return .labelled
        case 0x3A: return self.isWord(start - 2) ? .labelled : .any
        case 0x2D where self.isWord(start - 2): return self.isFreeBefore(start) ? .shaped : .none
        case 0x5F: return .labelled
        // Digits before a space make this the middle of a longer number.
        case 0x20 where self.isDigit(start - 2) && self.byte(start - 3) != 0x0A: return .shaped
        default: return self.isFreeBefore(start) ? .any : .none
        }
    }

    /// `+` or `00`, a country code, and as many digits as the country's numbers have.
    private mutating func scanInternational(prefix: Int, trunkDigits: Int) -> Int? {
        let groups = self.number.groups
        let start = groups[0].start - prefix
        if prefix > 0, self.isLetterOrDigit(start - 1) || self.byte(start - 1) == 0x2B,
            !self.isSigned(before: start)
        {
            return nil
        }
        guard let country = countryPlan(self.number.digits[...], from: trunkDigits) else {
            return nil
        }
        for index in groups.indices.reversed() {
            let end = groups[index].end
            var national = groups[index].total - trunkDigits - country.codeLength
            if self.hasTrunkZero(groupCount: index + 1) { national -= 1 }
            guard country.lengths.contains(national), self.isFreeAfterPhone(index),
                self.isPhoneParted(groupCount: index + 1, slashLimit: prefix > 0 ? 6 : 1)
            else { continue }
            var score: Float = prefix > 0 ? 0.9 : index >= 2 ? 0.55 : 0.3
            if prefix == 0, self.phoneContext(start..<end) != .none { score += 0.35 }
            let whole = self.phoneEnd(end)
            if self.add(.phone, start..<whole, "phone.international", score) { return whole }
        }
        return nil
    }

    /// `(0)` after the country code, which is not dialled from abroad.
    private func hasTrunkZero(groupCount: Int) -> Bool {
        self.number.groups[..<groupCount].contains {
            $0.count == 1 && self.byte($0.start) == 0x30 && self.byte($0.start - 1) == 0x28
                && self.byte($0.end) == 0x29
        }
    }

    /// Separators that phone numbers have, and brackets that match.
    private func isPhoneParted(groupCount: Int, slashLimit: Int = 1) -> Bool {
        var slashes = 0
        for group in self.number.groups[..<groupCount].dropFirst() {
            if group.separator.sign == 0x2F { slashes += 1 }
            for index in group.start - group.separator.byteCount..<group.start
            where self.byte(index) == 0x28 {
                guard self.byte(group.end) == 0x29 else { return false }
            }
        }
        return slashes <= slashLimit
    }

    /// A phone may end before white space, a line's end or a slash and another number, but not inside a
    /// token.
    private func isFreeAfterPhone(_ index: Int) -> Bool {
        let groups = self.number.groups
        let end = groups[index].end
        if index + 1 < groups.count {
            let separator = groups[index + 1].separator
            return separator.isWrapped || self.byte(end) == 0x29
                || separator.sign == 0x20 && (separator.signCount != 2 || separator.byteCount == 2)
                || separator.isOne(0x2F) && index >= 2
        }
        if self.number.isCut { return false }
        return !self.isLetterOrDigit(end)
            && !([0x2D, 0x2E].contains(self.byte(end)) && self.isDigit(end + 1))
    }

    private mutating func scanNational(_ freedom: PhoneFreedom) -> Int? {
        let groups = self.number.groups
        var context: PhoneContext?
        for index in groups.indices.reversed() {
            let total = groups[index].total
            guard (7...13).contains(total), self.isFreeAfterPhone(index),
                self.isPhoneParted(groupCount: index + 1), !self.isAmount(groupCount: index + 1)
            else { continue }
            guard let shape = self.nationalShape(groupCount: index + 1) else { continue }
            let opening = self.byte(groups[0].start - 1) == 0x28 && self.byte(groups[0].end) == 0x29
            if self.byte(groups[0].start - 1) == 0x28, !opening, index > 0,
                self.byte(groups[index].end) != 0x29
            {
                continue
            }
            let start = groups[0].start - (opening ? 1 : 0)
            let near = context ?? self.phoneContext(start..<groups[index].end)
            context = near
            if self.number.isWrapped(count: index + 1), near != .label { continue }
            if near == .none, shape.score == 0.5, self.isNamedOtherwise(start) { continue }
            if near != .label, self.hasColumns(groupCount: index + 1) { continue }
            if freedom == .labelled, shape.score < 0.6,
                self.context(before: start)[.phone] > 4
            {
                continue
            }
            if freedom == .shaped, shape.score < 0.6 { continue }
            var score = shape.score + near.weight
            if near == .none, self.isContactLine(start..<groups[index].end, groupCount: index + 1) {
                score += PhoneContext.near.weight
            }
            let end = self.phoneEnd(groups[index].end)
            if self.add(.phone, start..<end, shape.rule, score) { return end }
        }
        return nil
    }

    /// Whether a word before says that the number is another one: `NHS number 943 476 5918`.
    private mutating func isNamedOtherwise(_ start: Int) -> Bool {
        let before = self.context(before: start)
        let others: [ContextTopic] = [.health, .tax, .account, .routing, .label, .device, .licence]
        return others.contains { before.isNear($0) && !self.isTaken(before[$0], before: start) }
    }

    /// Whether a value was found between the word that is `distance` before `start` and there: the word is
    /// that one's label.
    private func isTaken(_ distance: Int, before start: Int) -> Bool {
        guard distance > 1, let last = self.spans.last, last.kind != .phone else { return false }
        return start - distance <= last.range.lowerBound && last.range.upperBound <= start
    }

    /// Whether two blanks part the groups, as they part the columns of a table.
    private func hasColumns(groupCount: Int) -> Bool {
        self.number.groups[1..<groupCount].contains { group in
            let separator = group.separator
            let first = group.start - separator.byteCount
            return separator.byteCount > 1
                && (first..<group.start).allSatisfy { self.byte($0) == 0x20 }
        }
    }

    /// Past an extension or the other last digits of a second line: `ext. 4521`, `x12`, `/0188`.
    private func phoneEnd(_ end: Int) -> Int {
        var index = end
        if self.byte(index) == 0x2F, self.isDigit(index + 1) {
            var last = index + 1
            while last - index < 6, self.isDigit(last) { last += 1 }
            return last - index <= 5 && !self.isLetterOrDigit(last) ? last : end
        }
        while index - end < 2, [0x20, 0x2C].contains(self.byte(index)) { index += 1 }
        guard let word = extensionWords.first(where: { self.hasWord($0, at: index) }) else {
            return end
        }
        index += word.utf8CodeUnitCount
        while index - end < 20, [0x20, 0x2E, 0x3A].contains(self.byte(index)) { index += 1 }
        var last = index
        while last - index < 7, self.isDigit(last) { last += 1 }
        return (1...6).contains(last - index) && !self.isLetterOrDigit(last) ? last : end
    }

    /// Whether the word is at `index`, whatever the case of its ASCII letters.
    private func hasWord(_ word: StaticString, at index: Int) -> Bool {
        (0..<word.utf8CodeUnitCount).allSatisfy {
            let byte = self.byte(index + $0)
            return (byte &- 0x41 < 26 ? byte | 0x20 : byte) == word.utf8Start[$0]
        }
    }

    /// Whether the number stands as numbers do in a signature: alone in its line or between bars, below
    /// or beside words and not in a column of numbers.
    private func isContactLine(_ range: Range<Int>, groupCount: Int) -> Bool {
        let groups = self.number.groups[..<groupCount]
        // `512 345 678` is as much a sum.
        guard self.number.digits[0] == 0 || !groups.allSatisfy({ $0.count == 3 }) else {
            return false
        }
        var start = range.lowerBound
        while self.byte(start - 1) == 0x20 { start -= 1 }
        var end = range.upperBound
        while self.byte(end) == 0x20 { end += 1 }
        let isStart = start == 0 || self.byte(start - 1) == 0x0A
        let isEnd = end == self.text.count || self.byte(end) == 0x0A || self.byte(end) == 0x0D
        guard isStart && isEnd || self.byte(start - 1) == 0x7C || self.byte(end) == 0x7C else {
            return false
        }
        return self.hasWordsAlone(before: isStart ? start - 1 : start)
    }

    /// Whether the line that ends at `index` has letters and no digits.
    private func hasWordsAlone(before index: Int) -> Bool {
        var place = index
        var hasLetters = false
        while place > 0, index - place < 64, self.byte(place - 1) != 0x0A {
            place -= 1
            if self.isDigit(place) { return false }
            hasLetters = hasLetters || self.isClass(place, ByteClass.letter)
        }
        return hasLetters
    }

    /// Whether `M`, `T:`, `F.` or the like stands before the number, as in a signature.
    private func isSigned(before start: Int) -> Bool {
        var index = start - 1
        while start - index < 4, [0x20, 0x3A, 0x2E, 0x28, 0x29].contains(self.byte(index)) {
            index -= 1
        }
        guard index < start, "MTFPDHCOmtfp".utf8.contains(self.byte(index)) else {
            return false
        }
        let before = self.byte(index - 1)
        return index == 0 || before == 0x0A || before == 0x7C || before == 0x28
            || before == 0x20 && [0x7C, 0x2C, 0x3B, 0xA2, 0xB7].contains(self.byte(index - 2))
    }

    private enum PhoneContext {
        case none
        case near
        case label
        case other

        var weight: Float {
            switch self {
            case .none: 0
            case .near: 0.35
            case .label: 0.5
            case .other: -0.4
            }
        }
    }

    private mutating func phoneContext(_ range: Range<Int>) -> PhoneContext {
        let before = self.context(before: range.lowerBound)
        let isOther = [ContextTopic.identity, .card].contains {
            before.isNearer($0, than: .phone)
                && !self.isTaken(before[$0], before: range.lowerBound)
        }
        if isOther || before.isNearer(.otherNumber, than: .phone)
            || before.isNearer(.version, than: .phone)
        {
            // "Box 9168 ... office" and the like: what follows may still say phone.
            return self.context(after: range.upperBound).isNear(.phone) ? .near : .other
        }
        if before[.phone] <= 14 || self.isSigned(before: range.lowerBound) { return .label }
        if before.isNear(.phone) { return .near }
        if let span = self.spans.last, span.kind == .email || span.kind == .phone,
            range.lowerBound - span.range.upperBound < 24
        {
            return .near
        }
        return self.context(after: range.upperBound).isNear(.phone) ? .near : .none
    }

    /// How much the grouping alone looks like a phone number; nil for dates and other numbers.
    private func nationalShape(groupCount: Int) -> (score: Float, rule: String)? {
        let groups = self.number.groups
        let lengths = groups[..<groupCount].map(\.count)
        let separators = groups[1..<groupCount].map(\.separator.sign)
        let total = groups[groupCount - 1].total
        if groupCount > 1, self.isDateShape(lengths) { return nil }
        // 1.234.567 and 1 234 567 are amounts.
        let isDotted = separators.contains(0x2E)
        if isDotted, separators.contains(where: { $0 != 0x2E }) { return nil }
        if isDotted, lengths.dropFirst().allSatisfy({ $0 == 3 }) { return nil }
        if self.isExchange(lengths, separators) { return (0.2, "phone.national") }
        if lengths.contains(where: { $0 == 1 }), lengths[0] != 1 || groupCount < 3 { return nil }
        if let score = self.northAmericanScore(lengths, separators) {
            return (score, "phone.nanp")
        }
        if let form = nationalPhoneForm(self.number, groupCount: groupCount) {
            return (form.score, "phone.national" + form.region)
        }
        if groupCount == 1 {
            return self.number.digits[0] == 0 && (10...11).contains(total)
                ? (0.2, "phone.bare") : (0.05, "phone.bare")
        }
        guard self.number.digits[0] == 0 else {
            return ((7...11).contains(total) ? 0.2 : 0.05, "phone.national")
        }
        let isPairs =
            lengths == [2, 2, 2, 2, 2] && Set(separators).count == 1
            && self.number.digits[1] != 0 && !self.isAmongNumbers(5)
        if isPairs { return (0.6, "phone.national") }
        if isTrunkShape(lengths, separators) { return (0.55, "phone.national") }
        return ((9...12).contains(total) ? 0.3 : 0.15, "phone.national")
    }

    /// A number of an office with one digit behind a hyphen, which calls the exchange: `030 23125-0`.
    private func isExchange(_ lengths: [Int], _ separators: [UInt8]) -> Bool {
        guard (2...5).contains(lengths.count), lengths.last == 1, separators.last == 0x2D,
            lengths.dropLast().allSatisfy({ $0 > 1 }), (3...6).contains(lengths[0]),
            lengths.count > 2 || lengths[0] > 5
        else { return false }
        return self.number.digits[0] == 0 && self.number.digits[1] != 0
            && (8...12).contains(lengths.reduce(0, +))
    }

    /// An area code with the trunk's zero and one to four groups, such as `020 7946 0958`.
    ///
    /// A zero that a second one follows numbers something else.
    private func isTrunkShape(_ lengths: [Int], _ separators: [UInt8]) -> Bool {
        let total = lengths.reduce(0, +)
        let hasBracket = separators.first == 0x29
        guard (hasBracket ? 8...12 : 9...12).contains(total), (2...6).contains(lengths[0]),
            lengths.count <= 4, self.number.digits[1] != 0,
            lengths.dropFirst().allSatisfy({ (2...9).contains($0) }), !separators.contains(0x2E),
            !self.isDateShape(Array(lengths.prefix(3))), !self.isAmongNumbers(lengths.count)
        else { return false }
        guard lengths[lengths.count - 1] > 2 || lengths[lengths.count - 2] == 2 else {
            return false
        }
        // Groups parted by hyphens alone are as much a part's number or a postal code.
        let isCode = separators.allSatisfy { $0 == 0x2D } && !hasBracket
        return !isCode
            || Set(lengths).count > 1 && !(lengths.count == 2 && lengths[0] > 4 && lengths[1] == 4)
    }

    /// Whether more numbers stand beside the first groups, as in a row of a dump.
    private func isAmongNumbers(_ groupCount: Int) -> Bool {
        let groups = self.number.groups
        if groups.count > groupCount, !groups[groupCount].separator.isWrapped,
            groups[groupCount].separator.isOne(0x20)
        {
            return true
        }
        let start = groups[0].start
        return self.byte(start - 1) == 0x20 && self.isDigit(start - 2)
    }

    private func isDateShape(_ lengths: [Int]) -> Bool {
        switch lengths.prefix(3) {
        case [4, 2, 2], [4, 1, 2], [4, 2, 1]:
            return lengths.count == 3 && (1000...2199).contains(self.number.value(0..<4))
        case [2, 2, 4], [1, 2, 4], [2, 1, 4], [1, 1, 4], [2, 2, 2]: return lengths.count == 3
        case [4, 4] where lengths.count == 2:
            // Two years, as in 1994-1996; a phone has context.
            let years = 1000...2199
            return years.contains(self.number.value(0..<4))
                && years.contains(self.number.value(4..<8))
        default: return false
        }
    }

    /// Area and exchange start with 2 to 9: `(201) 555-0123`, `201-555-0123`, `1-201-555-0123`.
    private func northAmericanScore(_ lengths: [Int], _ separators: [UInt8]) -> Float? {
        let offset = lengths.first == 1 && self.number.digits[0] == 1 ? 1 : 0
        let first = self.number.digits[offset]
        let isMask = self.number.digits[offset..<offset + 10].allSatisfy { $0 == first }
        guard !isMask, Array(lengths.dropFirst(offset)) == [3, 3, 4],
            self.number.digits[offset] >= 2,
            self.number.digits[offset + 3] >= 2
        else { return nil }
        if separators[offset] == 0x29 { return 0.75 }
        if separators.allSatisfy({ $0 == 0x2D }) { return 0.6 }
        let isAssigned = northAmericanAreas.contains(self.number.value(offset..<offset + 3))
        if separators.allSatisfy({ $0 == 0x2E }) { return isAssigned ? 0.6 : 0.5 }
        // `415 298 3833` is as much a row of a table: then other numbers stand beside it.
        let isSpaced = separators.dropFirst(offset).allSatisfy { $0 == 0x20 }
        let isRound = self.number.digits[offset + 4..<offset + 6].allSatisfy { $0 == 0 }
        return isAssigned && isSpaced && !isRound && !self.isAmongNumbers(lengths.count) ? 0.5 : 0.3
    }
}

/// What stands before an extension.
private let extensionWords: [StaticString] = [
    "extension", "ext", "durchwahl", "dw", "poste", "anexo", "ramal", "int", "доб", "wew", "tst",
    "x",
    "#",
]

/// How a country numbers its telephones.
struct CountryPlan {
    var codeLength: Int
    /// Digits after the country code.
    var lengths: ClosedRange<Int>
}

/// The plan of the country code that starts at digit `from`; nil for codes nobody has.
func countryPlan(_ digits: ArraySlice<UInt8>, from: Int) -> CountryPlan? {
    guard digits.count >= from + 3, digits[from] != 0 else { return nil }
    let one = Int(digits[from])
    let two = one * 10 + Int(digits[from + 1])
    let three = two * 10 + Int(digits[from + 2])
    if one == 1 { return CountryPlan(codeLength: 1, lengths: 10...10) }
    if one == 7 { return CountryPlan(codeLength: 1, lengths: 10...10) }
    if let lengths = twoDigitPlans[two] { return CountryPlan(codeLength: 2, lengths: lengths) }
    guard threeDigitCodes.contains(three) else { return nil }
    return CountryPlan(codeLength: 3, lengths: threeDigitPlans[three] ?? 5...10)
}

private let twoDigitPlans: [Int: ClosedRange<Int>] = [
    20: 8...10, 27: 9...9, 30: 10...10, 31: 9...9, 32: 8...9, 33: 9...9, 34: 9...9, 36: 8...9,
    39: 6...11, 40: 9...9, 41: 9...9, 43: 4...13, 44: 9...10, 45: 8...8, 46: 7...10, 47: 8...8,
    48: 9...9, 49: 6...12, 51: 8...9, 52: 10...11, 53: 6...8, 54: 10...11, 55: 10...11, 56: 9...9,
    57: 8...10, 58: 10...10, 60: 8...10, 61: 9...9, 62: 8...12, 63: 8...10, 64: 8...10, 65: 8...8,
    66: 8...9, 81: 9...10, 82: 8...10, 84: 9...10, 86: 9...11, 90: 10...10, 91: 10...10, 92: 9...10,
    93: 9...9, 94: 9...9, 95: 7...10, 98: 10...10,
]

private let threeDigitPlans: [Int: ClosedRange<Int>] = [
    351: 9...9, 352: 5...11, 353: 7...9, 354: 7...9, 355: 8...9, 356: 8...8, 357: 8...8,
    358: 6...10,
    359: 7...9, 370: 8...8, 371: 8...8, 372: 7...8, 380: 9...9, 381: 8...10, 385: 8...9, 386: 8...8,
    420: 9...9, 421: 9...9, 852: 8...8, 886: 8...9, 961: 7...8, 962: 8...9, 965: 8...8, 966: 8...9,
    971: 8...9, 972: 8...9, 973: 8...8, 974: 8...8,
]

/// ITU-T E.164 assigned country codes of three digits.
private let threeDigitCodes: Set<Int> = {
    var codes: Set<Int> = []
    let ranges = [
        211...213, 216...216, 218...218, 220...258, 260...269, 290...291, 297...299, 350...359,
        370...383, 385...387, 389...389, 420...421, 423...423, 500...509, 590...599, 670...670,
        672...683, 685...692, 800...800, 850...850, 852...853, 855...856, 870...870, 880...883,
        886...886, 960...968, 970...977, 992...996, 998...998,
    ]
    for range in ranges { codes.formUnion(range) }
    return codes
}()
