/// A second, slow look for values that their own digits or form prove.
///
/// It shares nothing with the scanner: no anchors, no tokens, no context. Every window of the text is
/// tried, whatever stands between its digits, so that what the scanner's way of cutting a text hides is
/// seen here. Of values that only the words around them tell it knows dates of birth right after their
/// labels, and nothing else.
package enum PlainDetector {
    /// The values in `text`, ascending and apart, with rules that start with `plain.`.
    ///
    /// - Complexity: O(n) windows of bounded length; about a microsecond a byte.
    package static func spans(in text: [UInt8]) -> [PIISpan] {
        let plain = PlainText(text)
        var spans: [PIISpan] = []
        var index = 0
        while index < plain.signs.count {
            guard let found = Self.value(at: index, of: plain) else {
                index += 1
                continue
            }
            spans.append(
                PIISpan(
                    range: plain.offsets[
                        found.range.lowerBound
                    ]..<plain.offsets[found.range.upperBound],
                    kind: found.kind,
                    rule: "plain.\(found.rule)",
                    score: 1
                )
            )
            index = max(found.range.upperBound, index + 1)
        }
        return spans
    }

    private typealias Value = (range: Range<Int>, kind: PIIKind, rule: String)

    private static func value(at index: Int, of text: PlainText) -> Value? {
        let sign = text[index]
        if sign == "@" {
            let range = text.addressRange(around: index) ?? text.spacedAddressRange(around: index)
            return range.map { ($0, .email, "email") }
        }
        if let range = text.birthDateRange(after: index) { return (range, .dateOfBirth, "birth") }
        let before = text[index - 1]
        // Words of Chinese and Japanese end where a number begins.
        let isUnspaced = sign.isNumber && before.value >= 0x2E80 && !before.isNumber
        guard sign.isLetterOrDigit, isUnspaced || !before.isLetterOrDigit else { return nil }
        if sign.isNumber {
            if let end = text.cardEnd(from: index) { return (index..<end, .creditCard, "card") }
            if let end = text.socialSecurityEnd(from: index) {
                return (index..<end, .usSSN, "ssn")
            }
            if let end = text.chineseIdentityEnd(from: index) {
                return (index..<end, .nationalID, "cn")
            }
            return nil
        }
        if let end = text.accountEnd(from: index) { return (index..<end, .iban, "iban") }
        return text.italianCodeEnd(from: index).map { (index..<$0, .nationalID, "it") }
    }
}

/// A text as one sign for each code point: digits of any script as ASCII, wide letters narrow, what cannot
/// be seen left out.
struct PlainText {
    private(set) var signs: [Unicode.Scalar] = []
    /// Where each sign starts in the text; one more for the end.
    private(set) var offsets: [Int] = []

    init(_ text: [UInt8]) {
        let scalars = Array(String(decoding: text, as: UTF8.self).unicodeScalars)
        var offset = 0
        var index = 0
        while index < scalars.count {
            let written = Self.writtenSign(scalars, at: index)
            if let sign = written?.sign ?? Self.sign(of: scalars[index]) {
                self.signs.append(sign)
                self.offsets.append(offset)
            }
            for scalar in scalars[index..<(index + (written?.count ?? 1))] {
                offset += UTF8.width(scalar)
            }
            index += written?.count ?? 1
        }
        self.offsets.append(offset)
    }

    private static func sign(of scalar: Unicode.Scalar) -> Unicode.Scalar? {
        if scalar.isASCII { return scalar }
        let properties = scalar.properties
        if properties.numericType == .decimal, let value = properties.numericValue {
            return Unicode.Scalar(UInt8(ascii: "0") + UInt8(value))
        }
        switch properties.generalCategory {
        case .format: return nil
        case .dashPunctuation: return "-"
        case .spaceSeparator: return " "
        default: break
        }
        let isWide = (0xFF01...0xFF5E).contains(scalar.value)
        return isWide ? Unicode.Scalar(scalar.value - 0xFEE0) : scalar
    }

    /// A line end outside the text.
    subscript(index: Int) -> Unicode.Scalar {
        self.signs.indices.contains(index) ? self.signs[index] : "\n"
    }

    /// Letters and digits from `start` on that `fits` takes, `count` of them, with one sign or none between
    /// two groups, the same everywhere; and where they end.
    private func window(
        from start: Int,
        _ count: Int,
        _ fits: (Unicode.Scalar) -> Bool
    ) -> (values: [Unicode.Scalar], groups: [Int], end: Int)? {
        var values: [Unicode.Scalar] = []
        var groups = [0]
        var separator: Unicode.Scalar?
        var index = start
        while values.count < count {
            if fits(self[index]) {
                values.append(self[index])
                groups[groups.count - 1] += 1
                index += 1
                continue
            }
            let sign = self[index]
            // Commas, bars and tabs stand between the numbers of a row.
            guard !sign.isLetterOrDigit, ![",", ";", "|", "\t", "\n", "\r"].contains(sign),
                fits(self[index + 1]), separator ?? sign == sign
            else { return nil }
            separator = sign
            groups.append(0)
            index += 1
        }
        return (values, groups, index)
    }

    /// Whether a number that starts or ends here is whole: not the fraction or the exponent of another,
    /// nor a part of a code.
    private func isFree(_ range: Range<Int>) -> Bool {
        let (before, after) = (self[range.lowerBound - 1], self[range.upperBound])
        if after.isLetterOrDigit { return false }
        if before == ".", self[range.lowerBound - 2].isNumber { return false }
        if ["-", "+"].contains(before), self[range.lowerBound - 2].isLetterOrDigit { return false }
        return !([".", "-"].contains(after) && self[range.upperBound + 1].isNumber)
    }
}

extension PlainText {
    /// A number of the length and the start of a network's cards, with a right check digit
    /// (ISO/IEC 7812-1), in one piece or in the groups that are printed on cards.
    func cardEnd(from start: Int) -> Int? {
        for count in [16, 15, 14, 19, 13] {
            guard let window = self.window(from: start, count, { $0.isNumber }),
                self.isFree(start..<window.end), Self.isCardGrouping(window.groups)
            else { continue }
            let digits = window.values.map(\.digitValue)
            if Set(digits).count > 1, Self.isNetwork(digits), Self.isLuhn(digits) {
                return window.end
            }
        }
        return nil
    }

    private static func isCardGrouping(_ groups: [Int]) -> Bool {
        groups.count == 1
            || [[4, 4, 4, 4], [4, 6, 5], [4, 6, 4], [4, 4, 4, 4, 3]].contains(groups)
    }

    private static func isNetwork(_ digits: [Int]) -> Bool {
        let first = digits[..<4].reduce(0) { $0 * 10 + $1 }
        switch digits.count {
        case 13: return first / 1000 == 4
        case 14: return [36, 38].contains(first / 100) || (300...305).contains(first / 10)
        case 15: return [34, 37].contains(first / 100)
        case 16:
            return first / 1000 == 4 || (51...55).contains(first / 100)
                || (2221...2720).contains(first) || first == 6011 || first / 100 == 65
                || (3528...3589).contains(first)
        default: return first / 100 == 62
        }
    }

    private static func isLuhn(_ digits: [Int]) -> Bool {
        let sum = digits.reversed().enumerated().reduce(0) { sum, digit in
            let value = digit.offset % 2 == 1 ? digit.element * 2 : digit.element
            return sum + value / 10 + value % 10
        }
        return sum % 10 == 0
    }

    /// An account of a country's length whose remainder is one (ISO 13616-1 §6).
    func accountEnd(from start: Int) -> Int? {
        let country = text(of: [self[start], self[start + 1]]).uppercased()
        guard let count = accountLengths[country], self[start + 2].isNumber,
            self[start + 3].isNumber,
            let window = self.window(from: start, count, { $0.isASCIILetterOrDigit }),
            self.isFree(start..<window.end)
        else { return nil }
        let moved = window.values[4...] + window.values[..<4]
        let remainder = moved.reduce(0) { remainder, sign in
            let value = sign.digitValue
            return (remainder * (value > 9 ? 100 : 10) + value) % 97
        }
        return remainder == 1 ? window.end : nil
    }

    /// A number of the form of a social security number, after a word for it on the same line.
    func socialSecurityEnd(from start: Int) -> Int? {
        guard let window = self.window(from: start, 9, { $0.isNumber }),
            window.groups == [3, 2, 4], self.isFree(start..<window.end)
        else { return nil }
        let area = text(of: window.values[..<3])
        let isUsed =
            area != "000" && area != "666" && !area.hasPrefix("9")
            && text(of: window.values[3..<5]) != "00" && text(of: window.values[5...]) != "0000"
        let line = self.signs[max(0, start - 40)..<start].split(separator: "\n").last ?? []
        let before = text(of: line).lowercased()
        let isLabelled = before.contains("ssn") || before.contains("social security")
        return isUsed && isLabelled ? window.end : nil
    }

    /// A resident identity number of China: a date inside and a check sign (GB 11643-1999).
    func chineseIdentityEnd(from start: Int) -> Int? {
        guard let window = self.window(from: start, 18, { $0.isNumber || $0 == "X" || $0 == "x" }),
            window.groups == [18], self.isFree(start..<window.end),
            window.values[..<17].allSatisfy(\.isNumber)
        else { return nil }
        let digits = window.values[..<17].map(\.digitValue)
        let number = { (range: Range<Int>) in digits[range].reduce(0) { $0 * 10 + $1 } }
        guard (1900...2035).contains(number(6..<10)), (1...12).contains(number(10..<12)),
            (1...31).contains(number(12..<14)), (11...65).contains(number(0..<2))
        else { return nil }
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(digits, weights).reduce(0) { $0 + $1.0 * $1.1 }
        let check = Array("10X98765432")[sum % 11]
        return "\(check)" == text(of: window.values[17...]).uppercased() ? window.end : nil
    }

    /// A fiscal code of Italy with its check letter (DM 345/2004).
    func italianCodeEnd(from start: Int) -> Int? {
        guard let window = self.window(from: start, 16, { $0.isASCIILetterOrDigit }),
            window.groups == [16], self.isFree(start..<window.end)
        else { return nil }
        let code = window.values
        let isShape = zip(code, "AAAAAA00A00A000A").allSatisfy { ($1 == "A") != $0.isNumber }
        guard isShape else { return nil }
        let odd = [
            1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25,
            24, 23,
        ]
        let sum = code[..<15].enumerated().reduce(0) { sum, sign in
            let value = sign.element.digitValue - (sign.element.isNumber ? 0 : 10)
            return sum + (sign.offset % 2 == 0 ? odd[value] : value)
        }
        return code[15].digitValue - 10 == sum % 26 ? window.end : nil
    }

    /// The local part and the host around an at sign.
    func addressRange(around sign: Int) -> Range<Int>? {
        var start = sign
        while self[start - 1].isLetterOrDigit
            || [".", "_", "%", "+", "-"].contains(self[start - 1])
        { start -= 1 }
        while start < sign, !self[start].isLetterOrDigit { start += 1 }
        var end = sign + 1
        var lastDot: Int?
        while self[end].isASCIILetterOrDigit
            || [".", "-"].contains(self[end]) && self[end + 1].isASCIILetterOrDigit
        {
            if self[end] == "." { lastDot = end }
            end += 1
        }
        guard start < sign, sign - start <= 64, self[sign - 1] != ".", let lastDot else {
            return nil
        }
        let top = text(of: self.signs[(lastDot + 1)..<end])
        let isRepository = self[end] == ":" && text(of: self.signs[start..<sign]) == "git"
        guard (2...24).contains(top.count), top.utf8.allSatisfy({ ($0 | 0x20) &- 0x61 < 26 }),
            !fileEndings.contains(top.lowercased()), !isRepository, self[end] != "@"
        else { return nil }
        return start..<end
    }
}

func text(of signs: some Sequence<Unicode.Scalar>) -> String {
    var text = ""
    text.unicodeScalars.append(contentsOf: signs)
    return text
}

extension Unicode.Scalar {
    /// Of a sign of ``PlainText`` alone: there are no other digits there.
    var isNumber: Bool { self.value &- 0x30 < 10 }
    var isASCIILetterOrDigit: Bool {
        self.isNumber || (self.value | 0x20) &- 0x61 < 26 && self.isASCII
    }
    var isLetterOrDigit: Bool {
        self.isASCII ? self.isASCIILetterOrDigit : self.properties.isAlphabetic
    }
    /// The value of a digit or, from ten on, of an ASCII letter; 0 of other signs.
    var digitValue: Int {
        guard self.isASCIILetterOrDigit else { return 0 }
        return Int(self.isNumber ? self.value - 0x30 : (self.value | 0x20) - 0x61 + 10)
    }
}

/// Signs of an account by country: the registry of ISO 13616-2, release 99.
private let accountLengths: [String: Int] = {
    let lengths = """
        AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 \
        EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 \
        KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 \
        PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20
        """
    let pairs = lengths.split(whereSeparator: \.isWhitespace).map {
        (String($0.prefix(2)), Int($0.dropFirst(2)) ?? 0)
    }
    return Dictionary(uniqueKeysWithValues: pairs)
}()

/// What stands after the last dot of a file's name.
private let fileEndings: Set<String> = Set(
    """
    bmp css gif gz htm html ico jpeg jpg js json jsx md pdf php png py rb rst svg tar tgz ts tsx txt webp \
    whl xml yaml yml zip
    """.split(whereSeparator: \.isWhitespace).map(String.init)
)
