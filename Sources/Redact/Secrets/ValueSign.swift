/// Where the value of a label starts, and by what it is told.
struct ValueSign {
    var start: Int
    /// A space, or a word such as `is`, alone.
    var isProse = false
    /// A word such as `is` stands before.
    var hasCopula = false
    /// Words say what it opens: `for the db is`.
    var isDescribed = false
    /// `--password value`.
    var isOption = false
    /// The end of an element's text.
    var isElement = false
    /// `PASSWORD=value` ends at white space.
    var isEnvironment = false
    var byteLimit = 256
    /// The sign says little: the value has to show digits and letters.
    var isStrict = false
}

extension ScanPass {
    /// The value's start after a label that ends at `end`: past closing marks and a sign.
    ///
    /// - Parameter name: where the label starts.
    func sign(after end: Int, name: Int) -> ValueSign? {
        var index = end
        if self.byte(index) == 0x20, self.byte(index + 1) == UInt8(ascii: "(") {
            index = self.groupEnd(from: index + 1)
        }
        if let sign = self.bracketedSign(at: index, end: end, name: name) { return sign }
        let closed = self.closingEnd(from: index)
        if let start = self.assignmentEnd(at: closed.end) {
            if self.byte(start) == UInt8(ascii: "{"),
                let inner = self.namedValue(from: self.spaceEnd(from: start + 1))
            {
                return inner
            }
            if self.byte(start) == UInt8(ascii: "|") {
                return ValueSign(start: self.spaceEnd(from: start + 1), isStrict: true)
            }
            if let line = self.loneLine(after: start) {
                return ValueSign(start: line, isStrict: true)
            }
            var sign = ValueSign(start: start)
            sign.isEnvironment =
                closed.end == end && self.byte(end) == UInt8(ascii: "=")
                && self.isClass(end - 1, ByteClass.upper)
            return sign
        }
        switch self.byte(closed.end) {
        case UInt8(ascii: ">"):
            guard self.isTagName(before: name) || closed.hasQuote else { return nil }
            return ValueSign(start: closed.end + 1, isElement: true)
        case UInt8(ascii: "|"):
            return ValueSign(start: self.spaceEnd(from: closed.end + 1), isStrict: true)
        case UInt8(ascii: ","):
            guard closed.hasQuote else { return nil }
            let next = self.spaceEnd(from: closed.end + 1)
            if let sign = self.namedValue(from: next) { return sign }
            // `define('DB_PASSWORD', 'value')`: the first of two in brackets.
            guard self.isQuote(next), self.isFirstArgument(name) else { return nil }
            return ValueSign(start: next, isStrict: true)
        default: break
        }
        if closed.hasQuote || self.byte(index) < 0x20,
            let sign = self.namedValue(from: self.spaceEnd(from: closed.end))
        {
            return sign
        }
        if closed.hasQuote {
            // `PASSWORD 'value'`
            guard self.byte(index) == 0x20, self.isQuote(index + 1) else { return nil }
            return ValueSign(start: index + 1, isProse: true, isStrict: true)
        }
        var sign = ValueSign(start: 0, isProse: true, isStrict: true)
        sign.isOption = self.isOption(name)
        if closed.end > index, let start = self.describedEnd(from: closed.end) {
            return ValueSign(start: start, isDescribed: true, isStrict: true)
        }
        let prose = self.copulaEnd(from: closed.end, hasSpace: closed.end > index)
        guard let prose else { return nil }
        sign.start = prose.end
        sign.hasCopula = prose.hasWord
        // `password 7 0822455D0A16544541`: how it is written comes first.
        if self.isDigit(prose.end), self.byte(prose.end + 1) == 0x20 { sign.start += 2 }
        return sign
    }

    /// `setPassword("…")`, and `<password type="plain">…`.
    private func bracketedSign(at index: Int, end: Int, name: Int) -> ValueSign? {
        if self.byte(end) == UInt8(ascii: "("), self.isQuote(end + 1) {
            return self.isGetter(before: name) ? nil : ValueSign(start: end + 1, isStrict: true)
        }
        guard index == end, self.byte(end) == 0x20, self.isTagName(before: name) else { return nil }
        var close = end + 1
        while close - end < 96, self.byte(close) >= 0x20,
            ![UInt8(ascii: "<"), UInt8(ascii: ">")].contains(self.byte(close))
        {
            close += 1
        }
        guard self.byte(close) == UInt8(ascii: ">") else { return nil }
        return ValueSign(start: close + 1, isElement: true)
    }

    /// Whether `get`, `find` or the like stands before, with an underscore or without.
    private func isGetter(before name: Int) -> Bool {
        let end = self.byte(name - 1) == UInt8(ascii: "_") ? name - 1 : name
        return ["get", "find", "fetch", "read", "load", "check", "has", "is"].contains {
            self.endsFolded(Array($0.utf8), at: end)
        }
    }

    /// The value's start in `for the db is …`, `of a = …`: past what the name belongs to.
    private func describedEnd(from start: Int) -> Int? {
        guard prepositions.contains(where: { self.endsFolded($0, at: start + $0.count) }) else {
            return nil
        }
        var index = start
        while index - start < 40, self.byte(index) >= 0x20,
            ![0x28, 0x29, 0x2C, 0x2E, 0x3B].contains(self.byte(index))
        {
            if let end = self.assignmentEnd(at: index) { return end }
            if self.byte(index) == 0x20 {
                let word = copulas.first { $0.needsSpace && self.hasBytes($0.bytes, at: index + 1) }
                if let word, self.byte(index + 1 + word.bytes.count) == 0x20 {
                    return self.valueStart(from: index + 1 + word.bytes.count)
                }
            }
            index += 1
        }
        return nil
    }

    /// Past `(of the demo)` at `start`; `start` where it is longer than a few words.
    private func groupEnd(from start: Int) -> Int {
        var end = start
        while end - start < 32, self.byte(end) >= 0x20, self.byte(end) != UInt8(ascii: ")") {
            end += 1
        }
        return self.byte(end) == UInt8(ascii: ")") ? end + 1 : start
    }

    private func closingEnd(from start: Int) -> (end: Int, hasQuote: Bool) {
        var end = start
        var hasQuote = false
        while end - start < 6 {
            switch self.byte(end) {
            case 0x22, 0x27, 0x60: hasQuote = true
            case 0x20, 0x09, 0x2A, 0x5C, 0x5D: break
            default: return (end, hasQuote)
            }
            end += 1
        }
        return (end, hasQuote)
    }

    /// Past `:`, `=`, `:=`, `=>`, `->`, an arrow, a percent code or a full-width sign, and spaces.
    private func assignmentEnd(at index: Int) -> Int? {
        let next = self.byte(index + 1)
        switch self.byte(index) {
        case UInt8(ascii: ":"):
            if next == UInt8(ascii: ":") { return nil }
            return self.valueStart(from: index + (next == UInt8(ascii: "=") ? 2 : 1))
        case UInt8(ascii: "="):
            if next == UInt8(ascii: "=") { return nil }
            return self.valueStart(from: index + (next == UInt8(ascii: ">") ? 2 : 1))
        case UInt8(ascii: "-") where next == UInt8(ascii: ">"):
            return self.valueStart(from: index + 2)
        case UInt8(ascii: "%") where next == UInt8(ascii: "3"):
            return [0x41, 0x44, 0x61, 0x64].contains(self.byte(index + 2)) ? index + 3 : nil
        case 0xE2 where self.matches("→", at: index): return self.valueStart(from: index + 3)
        case 0xEF where self.matches("：", at: index) || self.matches("＝", at: index):
            return self.valueStart(from: index + 3)
        default: return nil
        }
    }

    /// The start of the next line with words, where the line ends at `index`, if that line is one word.
    private func loneLine(after index: Int) -> Int? {
        guard self.byte(index) == 0x0A || self.byte(index) == 0x0D else { return nil }
        let start = self.spaceEnd(from: index)
        var end = start
        while end - start < 64, self.byte(end) > 0x20 { end += 1 }
        var next = end
        while next - end < 4, self.byte(next) == 0x20 { next += 1 }
        let isWord = end > start && self.byte(end - 1) != UInt8(ascii: ":")
        return isWord && self.byte(next) < 0x20 ? start : nil
    }

    /// Past spaces and the signs of emphasis and code before a value.
    private func valueStart(from start: Int) -> Int {
        var index = start
        while index - start < 6, [0x20, 0x09, 0x2A].contains(self.byte(index)) { index += 1 }
        return index
    }

    private func spaceEnd(from start: Int) -> Int {
        var index = start
        while index - start < 24, [0x20, 0x09, 0x0A, 0x0D].contains(self.byte(index)) {
            index += 1
        }
        return index
    }

    /// `value: x` and `"value": "x"` after a name: the second half of a pair.
    private func namedValue(from start: Int) -> ValueSign? {
        var index = start
        if self.isQuote(index) { index += 1 }
        guard self.matches("value", at: index) || self.matches("Value", at: index) else {
            return nil
        }
        return self.assignmentEnd(at: self.closingEnd(from: index + 5).end).map {
            ValueSign(start: $0)
        }
    }

    /// Whether `<` and letters alone stand before `name`.
    private func isTagName(before name: Int) -> Bool {
        var start = name
        while name - start < 32,
            self.isWord(start - 1) || [0x2D, 0x2E, 0x3A].contains(self.byte(start - 1))
        {
            start -= 1
        }
        return self.byte(start - 1) == UInt8(ascii: "<")
    }

    /// Whether `('` or `("` and a name stand before.
    private func isFirstArgument(_ name: Int) -> Bool {
        var start = name
        while name - start < 32, self.isWord(start - 1) { start -= 1 }
        return self.isQuote(start - 1) && self.byte(start - 2) == UInt8(ascii: "(")
    }

    /// Whether the word is the end of `-option` or `--some-option`.
    private func isOption(_ name: Int) -> Bool {
        var start = name
        while name - start < 32, self.isClass(start - 1, ByteClass.word | ByteClass.token) {
            start -= 1
        }
        return start < name && self.byte(start) == UInt8(ascii: "-")
            || self.byte(name - 1) == UInt8(ascii: "-") && !self.isWord(name - 2)
    }

    /// Past a space and a word such as `is`, which a language puts between a name and its value.
    private func copulaEnd(from start: Int, hasSpace: Bool) -> (end: Int, hasWord: Bool)? {
        for copula in copulas where self.hasBytes(copula.bytes, at: start) {
            guard hasSpace || !copula.needsSpace else { continue }
            var end = start + copula.bytes.count
            if self.byte(end) == UInt8(ascii: ":") { end += 1 }
            if copula.needsSpace, self.byte(end) != 0x20 { continue }
            return (self.valueStart(from: end), true)
        }
        return hasSpace ? (start, false) : nil
    }

    func isQuote(_ index: Int) -> Bool { [0x22, 0x27, 0x60].contains(self.byte(index)) }
}

private let copulas: [(bytes: [UInt8], needsSpace: Bool)] =
    "is was are ist war lautet est es era é è foi to on är er jest это - — – = 'is"
    .split(separator: " ").map { (Array($0.utf8), true) }
    + ["是", "为", "為", "は", "은", "는"].map { (Array($0.utf8), false) }

/// Words between a secret's name and what it opens.
private let prepositions: [[UInt8]] =
    "for of on to für zu von de del pour per para voor van till för для от"
    .split(separator: " ").map { Array($0.utf8) + [0x20] }
