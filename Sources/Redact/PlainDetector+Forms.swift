/// Signs of an address written as codes or words, and dates of birth: what the plain detector reads beside
/// numbers.
extension PlainText {
    /// The code or the word in brackets at `index` that stands for `@` or a point, with how many scalars it has.
    static func writtenSign(
        _ scalars: [Unicode.Scalar],
        at index: Int
    ) -> (sign: Unicode.Scalar, count: Int)? {
        guard Self.isWrittenStart(scalars[index]), index > 0, scalars[index - 1].isLetterOrDigit
        else { return nil }
        // A space before a word in brackets: most stand before other words.
        if scalars[index] == " " {
            guard index + 1 < scalars.count, ["(", "[", "{"].contains(scalars[index + 1]) else {
                return nil
            }
        }
        for (form, sign) in writtenSigns {
            let end = index + form.count
            guard end < scalars.count, scalars[end].isLetterOrDigit else { continue }
            let fits = zip(form, scalars[index..<end]).allSatisfy { lowered($0.1) == $0.0 }
            if fits { return (sign, form.count) }
        }
        return nil
    }

    /// Whether one of ``writtenSigns`` starts so: this is asked of every sign of a text.
    @inline(__always)
    private static func isWrittenStart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", "&", "%", "\\", "=", "[", "(", "{": true
        default: false
        }
    }

    /// `ann.lee @ corp.io`, where the name has a point or a digit and the host ends in a label that is no
    /// word.
    func spacedAddressRange(around sign: Int) -> Range<Int>? {
        guard self[sign - 1] == " ", self[sign + 1] == " " else { return nil }
        var start = sign - 1
        while self[start - 1].isASCIILetterOrDigit
            || [".", "_", "-", "+"].contains(self[start - 1])
        { start -= 1 }
        while start < sign - 1, !self[start].isASCIILetterOrDigit { start += 1 }
        var end = sign + 2
        while self[end].isASCIILetterOrDigit
            || [".", "-"].contains(self[end]) && self[end + 1].isASCIILetterOrDigit
        { end += 1 }
        let name = self.signs[start..<(sign - 1)]
        let host = text(of: self.signs[(sign + 2)..<end]).lowercased().split(separator: ".")
        guard name.contains(where: { $0 == "." || $0.isNumber }),
            name.last?.isLetterOrDigit == true,
            host.count >= 2, let top = host.last, plainTopLabels.contains(String(top))
        else { return nil }
        return start..<end
    }

    /// The date after a word for a birth that starts at `index`, with nothing but signs between the two.
    func birthDateRange(after index: Int) -> Range<Int>? {
        let first = lowered(self[index])
        guard birthStarts.contains(first) else { return nil }
        // `[DATE_OF_BIRTH]` is what redaction leaves.
        guard !self[index - 1].isLetterOrDigit, !["_", "["].contains(self[index - 1]) else {
            return nil
        }
        for label in birthLabels {
            let end = index + label.count
            guard first == label[0],
                zip(label, index..<end).allSatisfy({ lowered(self[$0.1]) == $0.0 })
            else { continue }
            var start = end
            while start - end < 12, birthGap.contains(self[start]) { start += 1 }
            guard start > end, self[start].isNumber, let dateEnd = self.dateEnd(from: start) else {
                continue
            }
            return start..<dateEnd
        }
        return nil
    }

    /// The end of day, month and year, or year, month and day, with one sign between them.
    private func dateEnd(from start: Int) -> Int? {
        var numbers: [(value: Int, count: Int)] = []
        var index = start
        while numbers.count < 3 {
            let first = index
            while self[index].isNumber, index - first < 5 { index += 1 }
            guard index > first else { return nil }
            let value = self.signs[first..<index].reduce(0) { $0 * 10 + $1.digitValue }
            numbers.append((value, index - first))
            guard numbers.count < 3 else { break }
            guard [".", "/", "-"].contains(self[index]) else { return nil }
            index += 1
        }
        guard !self[index].isLetterOrDigit else { return nil }
        let ordered = numbers[0].count == 4 ? numbers : numbers.reversed()
        let (year, first, second) = (ordered[0], ordered[1].value, ordered[2].value)
        guard year.count == 4, (1910...2025).contains(year.value), (1...31).contains(first),
            (1...31).contains(second), min(first, second) <= 12
        else { return nil }
        return index
    }
}

private func lowered(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    guard scalar.isASCII else {
        return scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar
    }
    return scalar.value &- 0x41 < 26 ? Unicode.Scalar(UInt8(scalar.value | 0x20)) : scalar
}

/// What stands for a sign, in small letters.
private let writtenSigns: [([Unicode.Scalar], Unicode.Scalar)] = {
    let codes: [(String, Unicode.Scalar)] = [
        ("&#64;", "@"), ("&#064;", "@"), ("&#x40;", "@"), ("&commat;", "@"), ("%40", "@"),
        ("%2540", "@"), ("\\u0040", "@"), ("\\x40", "@"), ("\\u{40}", "@"), ("=40", "@"),
        ("&#46;", "."), ("&period;", "."), ("[.]", "."), ("(.)", "."), ("[@]", "@"), ("(@)", "@"),
    ]
    let words = [("(", ")"), ("[", "]"), ("{", "}")].flatMap { open, close in
        ["", " "].flatMap { space -> [(String, Unicode.Scalar)] in
            [
                ("\(space)\(open)at\(close)\(space)", "@"),
                ("\(space)\(open)dot\(close)\(space)", "."),
            ]
        }
    }
    return (codes + words).map { (Array($0.0.unicodeScalars), $0.1) }
}()

private let birthLabels: [[Unicode.Scalar]] =
    [
        "date of birth", "birth date", "birthdate", "birthday", "dob", "date_of_birth",
        "birth_date",
        "geburtsdatum", "geburtstag", "date de naissance", "fecha de nacimiento", "data di nascita",
        "data de nascimento", "geboortedatum", "födelsedatum", "fødselsdato", "data urodzenia",
        "дата рождения", "生年月日", "出生日期",
    ]
    .map { Array($0.unicodeScalars) }

/// What the labels start with, few signs: an array is looked through faster than a set.
private let birthStarts = Array(Set(birthLabels.map { $0[0] }))

private let birthGap: Set<Unicode.Scalar> = [
    " ", ":", "=", "\"", "'", "-", "|", "*", "\t", "：", ">",
]

private let plainTopLabels: Set<String> = [
    "com", "org", "net", "edu", "gov", "info", "io", "co", "de", "fr", "uk", "nl", "ch", "at", "it",
    "es", "pt", "pl", "se", "fi", "dk", "cz", "ru", "cn", "jp", "br", "ca", "eu",
]
