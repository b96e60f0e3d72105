internal import Bytes

extension NumberFormat {
    /// A number as a cell of this format shows it.
    ///
    /// - Parameter epoch1904: whether days are counted from 1904 on.
    func printed(_ value: Double, epoch1904: Bool) -> [UInt8] {
        guard value.isFinite, let (section, hidesSign) = self.section(for: value) else {
            return generalNumber(value)
        }
        if section.isDate {
            guard let moment = SerialMoment(value, epoch1904: epoch1904, section) else {
                return generalNumber(value)
            }
            return moment.printed(section)
        }
        let number = NumberPrinter(section).printed(abs(value))
        let isNegative = value < 0 && !hidesSign && number.contains { $0 >= 0x31 && $0 <= 0x39 }
        return isNegative ? [.hyphen] + number : number
    }

    /// A text as a cell of this format shows it.
    func printed(_ text: [UInt8]) -> [UInt8] {
        guard let section = self.sections.count == 4 ? self.sections[3] : self.sections.first,
            section.tokens.contains(.text)
        else { return text }
        return section.tokens.flatMap { token -> [UInt8] in
            switch token {
            case .text: text
            case .literal(let literal): literal
            default: []
            }
        }
    }

    /// The section for a number, and whether it prints the sign itself.
    private func section(for value: Double) -> (Section, hidesSign: Bool)? {
        if self.sections.contains(where: { $0.condition != nil }) {
            let match = self.sections.first { $0.condition.map { holds($0, value) } ?? true }
            return match.map { ($0, self.sections.count > 1 && value < 0 && $0.condition == nil) }
        }
        guard let first = self.sections.first else { return nil }
        if value < 0, self.sections.count >= 2 { return (self.sections[1], true) }
        if value == 0, self.sections.count >= 3 { return (self.sections[2], true) }
        return (first, false)
    }
}

private func holds(_ condition: (sign: [UInt8], value: Double), _ value: Double) -> Bool {
    switch String(decoding: condition.sign, as: UTF8.self) {
    case ">": value > condition.value
    case ">=": value >= condition.value
    case "<": value < condition.value
    case "<=": value <= condition.value
    case "<>": value != condition.value
    default: value == condition.value
    }
}

/// Prints numbers by one section.
private struct NumberPrinter {
    private let tokens: [NumberFormat.Token]
    /// Where the integer's places end.
    private let wholeEnd: Int
    private var decimalCount = 0
    private var isGrouped = false
    /// The power of ten that the number is multiplied by.
    private var scale = 0

    init(_ section: NumberFormat.Section) {
        self.tokens = section.tokens
        let point = self.tokens.firstIndex(of: .point) ?? self.tokens.endIndex
        let exponent = self.tokens.firstIndex(of: .exponent) ?? self.tokens.endIndex
        self.wholeEnd = min(point, exponent)
        self.decimalCount = self.tokens[point...].prefix { $0 != .exponent }.count(where: isDigit)
        let lastDigit = self.tokens.lastIndex(where: isDigit)
        for (index, token) in self.tokens.enumerated() {
            if token == .percent { self.scale += 2 }
            guard token == .grouping, let lastDigit else { continue }
            let isBehindWhole =
                index < self.wholeEnd
                && !self.tokens[index..<self.wholeEnd].contains(where: isDigit)
            if index > lastDigit || isBehindWhole { self.scale -= 3 } else { self.isGrouped = true }
        }
    }

    func printed(_ value: Double) -> [UInt8] {
        guard self.tokens.contains(where: isDigit) else {
            return self.tokens.flatMap { token -> [UInt8] in
                switch token {
                case .general, .text: generalNumber(value)
                default: literal(token)
                }
            }
        }
        if self.tokens.contains(.exponent) { return self.scientific(value) }
        if self.tokens.contains(.fraction) { return self.fraction(value) }
        let scaled = value * powerOfTen(self.scale)
        return self.fixed(DecimalDigits(scaled).rounded(to: self.decimalCount))
    }

    private func fixed(_ number: DecimalDigits) -> [UInt8] {
        var output = self.wholePart(number.whole, self.tokens[..<self.wholeEnd])
        var decimals = number.decimals[...]
        for token in self.tokens[self.wholeEnd...] {
            switch token {
            case .point: output.append(.fullStop)
            case .digit(let place):
                if let digit = decimals.popFirst() {
                    output.append(digit)
                } else if place == UInt8(ascii: "0") {
                    output.append(UInt8(ascii: "0"))
                } else if place == UInt8(ascii: "?") {
                    output.append(.space)
                }
            default: output += literal(token)
            }
        }
        return output
    }

    /// Digits from the right into their places; more digits than places stand before the first.
    private func wholePart(
        _ digits: [UInt8],
        _ tokens: ArraySlice<NumberFormat.Token>
    ) -> [UInt8] {
        var rest = digits[...]
        var reversed: [UInt8] = []
        var placed = 0
        let first = tokens.firstIndex(where: isDigit)
        func place(_ digit: UInt8) {
            if self.isGrouped, placed > 0, placed % 3 == 0 { reversed.append(.comma) }
            reversed.append(digit)
            placed += 1
        }
        for index in tokens.indices.reversed() {
            guard case .digit(let sign) = tokens[index] else {
                reversed += literal(tokens[index]).reversed()
                continue
            }
            if let digit = rest.popLast() {
                place(digit)
            } else if sign == UInt8(ascii: "0") {
                place(sign)
            }
            guard index == first else { continue }
            while let digit = rest.popLast() { place(digit) }
        }
        // A format such as `.00` has no place before the point.
        while let digit = rest.popLast() { place(digit) }
        return reversed.reversed()
    }

    private func scientific(_ value: Double) -> [UInt8] {
        let wholeCount = max(1, self.tokens[..<self.wholeEnd].count(where: isDigit))
        var digits = DecimalDigits(value)
        var exponent = value == 0 ? 0 : digits.pointPlace - 1
        if wholeCount > 1 { exponent -= ((exponent % wholeCount) + wholeCount) % wholeCount }
        digits = DecimalDigits(value / powerOfTen(exponent)).rounded(to: self.decimalCount)
        if digits.pointPlace > wholeCount {
            exponent += wholeCount
            digits = DecimalDigits(value / powerOfTen(exponent)).rounded(to: self.decimalCount)
        }
        var output: [UInt8] = digits.whole.isEmpty ? [UInt8(ascii: "0")] : digits.whole
        let decimals = digits.decimals
        if self.decimalCount > 0 {
            output.append(.fullStop)
            output += decimals
            let zeros = max(0, self.decimalCount - decimals.count)
            output += Array(repeating: UInt8(ascii: "0"), count: zeros)
        }
        let place = self.tokens.firstIndex(of: .exponent) ?? self.tokens.endIndex
        let width = self.tokens[place...].count(where: isDigit)
        let power = Array(String(abs(exponent)).utf8)
        output += [UInt8(ascii: "E"), exponent < 0 ? .hyphen : .plusSign]
        output += Array(repeating: UInt8(ascii: "0"), count: max(0, width - power.count)) + power
        return output
    }

    /// `3 1/4`: the nearest fraction whose denominator has so many digits, or the one that is written.
    private func fraction(_ value: Double) -> [UInt8] {
        let slash = self.tokens.firstIndex(of: .fraction) ?? 0
        let behind = self.tokens[(slash + 1)...]
        let places = min(3, max(1, behind.count(where: isDigit)))
        let written = behind.compactMap { token -> [UInt8]? in
            if case .literal(let text) = token { return text }
            return nil
        }.first.flatMap { Int(String(decoding: $0, as: UTF8.self)) }
        guard value < 1e9 else { return generalNumber(value) }
        let whole = Int(value)
        let limit = [9, 99, 999][places - 1]
        let (top, bottom) = nearestFraction(value - Double(whole), limit, fixed: written)
        if top == 0 { return Array("\(whole)".utf8) }
        if top == bottom { return Array("\(whole + 1)".utf8) }
        let fraction = "\(top)/\(bottom)"
        return Array((whole == 0 ? fraction : "\(whole) \(fraction)").utf8)
    }
}

private func nearestFraction(_ value: Double, _ limit: Int, fixed: Int?) -> (Int, Int) {
    if let fixed, fixed > 0 { return (Int((value * Double(fixed)).rounded()), fixed) }
    var best = (top: 0, bottom: 1, error: value)
    for bottom in 1...limit {
        let top = (value * Double(bottom)).rounded()
        let error = abs(value - top / Double(bottom))
        if error < best.error - 1e-12 { best = (Int(top), bottom, error) }
    }
    return (best.top, best.bottom)
}

private func isDigit(_ token: NumberFormat.Token) -> Bool {
    if case .digit = token { return true }
    return false
}

/// What a token prints that is no digit.
private func literal(_ token: NumberFormat.Token) -> [UInt8] {
    switch token {
    case .literal(let text): text
    case .percent: [.percentSign]
    case .fraction: [.slash]
    default: []
    }
}

private func powerOfTen(_ exponent: Int) -> Double {
    Double("1e\(max(-300, min(exponent, 300)))") ?? 1
}
