internal import Bytes

/// A day and a time of day that a workbook counts in days.
///
/// - Source: ECMA-376 part 1, §18.17.4; the 29 February 1900 that spreadsheets count is kept.
struct SerialMoment {
    private let year: Int
    private let month: Int
    private let day: Int
    /// 0 for Sunday.
    private let weekday: Int
    /// Milliseconds since midnight, rounded to what the format shows.
    private let time: Int
    /// Milliseconds since the first day.
    private let total: Int

    /// Nil for numbers that are no day: negative ones, and those behind the year 9999.
    init?(_ value: Double, epoch1904: Bool, _ section: NumberFormat.Section) {
        guard value >= 0, value < 2_958_466 else { return nil }
        let unit = section.shownMilliseconds
        let milliseconds = (value * 86_400_000 / Double(unit)).rounded() * Double(unit)
        self.total = Int(milliseconds)
        self.time = self.total % 86_400_000
        let serial = self.total / 86_400_000
        self.weekday = (serial + (epoch1904 ? 5 : 6)) % 7
        if epoch1904 {
            (self.year, self.month, self.day) = civilDate(serial - 24_107)
        } else if serial == 60 {
            (self.year, self.month, self.day) = (1900, 2, 29)
        } else if serial == 0 {
            (self.year, self.month, self.day) = (1900, 1, 0)
        } else {
            // Day 1 is 1 January 1900; behind the day that never was, one less.
            (self.year, self.month, self.day) = civilDate(serial - (serial > 60 ? 25_569 : 25_568))
        }
    }

    func printed(_ section: NumberFormat.Section) -> [UInt8] {
        var output: [UInt8] = []
        let tokens = section.tokens
        let isTwelveHours = tokens.contains { $0.isMeridiem }
        var index = 0
        while index < tokens.count {
            switch tokens[index] {
            case .literal(let text): output += text
            case .date(let letters) where letters.first == UInt8(ascii: "m"):
                let isMinute = isMinutes(tokens, at: index)
                output +=
                    isMinute ? padded(self.time / 60_000 % 60, letters) : self.monthText(letters)
            case .date(let letters): output += self.text(letters, isTwelveHours)
            case .elapsed(let letter): output += self.elapsed(letter)
            case .point:
                let places = tokens[(index + 1)...].prefix { $0 == .digit(0x30) }.count
                if places > 0 { output += [.fullStop] + self.fraction(places) }
                if places == 0 { output.append(.fullStop) }
                index += places
            case .fraction: output.append(.slash)
            case .grouping: output.append(.comma)
            default: break
            }
            index += 1
        }
        return output
    }

    private func text(_ letters: [UInt8], _ isTwelveHours: Bool) -> [UInt8] {
        let hour = self.time / 3_600_000
        switch letters.first {
        case UInt8(ascii: "y"):
            return letters.count > 2 ? Array("\(self.year)".utf8) : padded(self.year % 100, [0, 0])
        case UInt8(ascii: "d"):
            switch letters.count {
            case 1, 2: return padded(self.day, letters)
            case 3: return Array(weekdays[self.weekday].prefix(3).utf8)
            default: return Array(weekdays[self.weekday].utf8)
            }
        case UInt8(ascii: "h"):
            return padded(isTwelveHours ? (hour + 11) % 12 + 1 : hour, letters)
        case UInt8(ascii: "s"): return padded(self.time / 1_000 % 60, letters)
        default:
            return Array(
                (letters.count > 3 ? (hour < 12 ? "AM" : "PM") : (hour < 12 ? "A" : "P")).utf8
            )
        }
    }

    private func monthText(_ letters: [UInt8]) -> [UInt8] {
        switch letters.count {
        case 1, 2: padded(self.month, letters)
        case 3: Array(months[self.month - 1].prefix(3).utf8)
        case 4: Array(months[self.month - 1].utf8)
        default: Array(months[self.month - 1].prefix(1).utf8)
        }
    }

    private func elapsed(_ letter: UInt8) -> [UInt8] {
        let unit =
            letter == UInt8(ascii: "h") ? 3_600_000 : letter == UInt8(ascii: "m") ? 60_000 : 1_000
        return Array("\(self.total / unit)".utf8)
    }

    /// Parts of a second in so many digits.
    private func fraction(_ places: Int) -> [UInt8] {
        let digits = String(self.time % 1_000 + 1_000).dropFirst()
        return Array(digits.prefix(places).utf8)
    }
}

extension NumberFormat.Token {
    fileprivate var isMeridiem: Bool {
        if case .date(let letters) = self { return letters.contains(.slash) }
        return false
    }

    fileprivate func isDate(_ letter: StaticString) -> Bool {
        switch self {
        case .date(let letters): letters.first == letter.utf8Start[0]
        case .elapsed(let first): first == letter.utf8Start[0]
        default: false
        }
    }
}

extension NumberFormat.Section {
    /// The smallest time that the section shows.
    fileprivate var shownMilliseconds: Int {
        let places =
            self.tokens.firstIndex(of: .point)
            .map { self.tokens[($0 + 1)...].prefix { $0 == .digit(0x30) }.count } ?? 0
        if places > 0 { return [100, 10, 1][min(places, 3) - 1] }
        return 1_000
    }
}

/// Whether an `m` stands behind hours or before seconds.
private func isMinutes(_ tokens: [NumberFormat.Token], at index: Int) -> Bool {
    func isUnit(_ token: NumberFormat.Token) -> Bool {
        switch token {
        case .date, .elapsed: !token.isMeridiem
        default: false
        }
    }
    let before = tokens[..<index].last(where: isUnit)
    let after = tokens[(index + 1)...].first(where: isUnit)
    return before?.isDate("h") == true || after?.isDate("s") == true
}

private func padded(_ value: Int, _ letters: [UInt8]) -> [UInt8] {
    Array((letters.count > 1 && value < 10 ? "0\(value)" : "\(value)").utf8)
}

/// The date so many days behind 1 January 1970.
///
/// - Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
private func civilDate(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
}

private let weekdays = [
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
]

private let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
]
