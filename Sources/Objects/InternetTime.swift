internal import Bytes

/// Times as servers write them, without a clock and without a calendar of the system.
package enum InternetTime {
    /// Seconds since 1970 of a date of HTTP: `Sun, 06 Nov 1994 08:49:37 GMT`, or one of its two old forms.
    ///
    /// - Source: RFC 9110, 5.6.7.
    package static func seconds(ofHTTPDate text: String) -> Int64? {
        let words = text.utf8.split { $0 == .space || $0 == .comma || $0 == .hyphen }
            .map { String(decoding: $0, as: UTF8.self) }
        guard words.count >= 5 else { return nil }
        let isOldForm = Int(words[1]) == nil
        let (day, month, year, time) =
            isOldForm
            ? (words[2], words[1], words[4], words[3]) : (words[1], words[2], words[3], words[4])
        guard let monthIndex = months.firstIndex(of: month), let day = Int64(day),
            var year = Int64(year), let seconds = secondsOfDay(time)
        else { return nil }
        // Two digits stand for a year of the last or of this century (RFC 850).
        if year < 100 { year += year < 70 ? 2000 : 1900 }
        return days(year: year, month: Int64(monthIndex + 1), day: day).map {
            $0 * 86_400 + seconds
        }
    }

    /// The same in nanoseconds.
    package static func nanoseconds(ofHTTPDate text: String) -> Int64? {
        self.seconds(ofHTTPDate: text).flatMap { self.checked($0, 0) }
    }

    /// Nanoseconds since 1970 of `2009-10-12T17:50:30.000Z`, of its forms with an offset, and of a day.
    ///
    /// - Source: RFC 3339; the W3C's note on date and time formats, which sitemaps use.
    package static func nanoseconds(ofISODate text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10, bytes[4] == .hyphen, bytes[7] == .hyphen,
            let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
            let day = number(bytes[8..<10]),
            let days = self.days(year: year, month: month, day: day)
        else { return nil }
        guard bytes.count > 10 else { return checked(days * 86_400, 0) }
        guard bytes[10] | 0x20 == UInt8(ascii: "t") || bytes[10] == .space else { return nil }
        var rest = bytes[11...]
        let clock = rest.prefix { $0.isASCIIDigit || $0 == .colon }
        guard let seconds = secondsOfDay(String(decoding: clock, as: UTF8.self)) else { return nil }
        rest = rest.dropFirst(clock.count)
        var fraction: Int64 = 0
        if rest.first == .fullStop {
            let digits = rest.dropFirst().prefix(while: \.isASCIIDigit)
            rest = rest.dropFirst(1 + digits.count)
            let nine =
                Array(digits.prefix(9)) + Array(repeating: 0x30, count: max(0, 9 - digits.count))
            fraction = number(nine[...]) ?? 0
        }
        guard let offset = self.offset(rest) else { return nil }
        return checked(days * 86_400 + seconds - offset, fraction)
    }

    /// `20130524T000000Z`, the form that requests to AWS are signed with.
    package static func basicForm(milliseconds: Int64) -> String {
        let (seconds, _) = floorDivided(milliseconds, by: 1000)
        let (days, secondOfDay) = floorDivided(seconds, by: 86_400)
        let (year, month, day) = civil(days)
        let (hour, minute, second) = (
            secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60
        )
        return "\(padded(year, 4))\(padded(month, 2))\(padded(day, 2))T"
            + "\(padded(hour, 2))\(padded(minute, 2))\(padded(second, 2))Z"
    }

    // MARK: Parts

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard digits.allSatisfy(\.isASCIIDigit) else { return nil }
        return Int64(String(decoding: digits, as: UTF8.self))
    }

    /// Of `08:49:37` or `08:49`; a leap second counts as the one before.
    private static func secondsOfDay(_ text: String) -> Int64? {
        let parts = text.utf8.split(separator: .colon).map { number(Array($0)[...]) ?? -1 }
        guard parts.count == 2 || parts.count == 3, (0..<24).contains(parts[0]),
            (0..<60).contains(parts[1])
        else { return nil }
        let second = parts.count == 3 ? parts[2] : 0
        guard (0...60).contains(second) else { return nil }
        return parts[0] * 3600 + parts[1] * 60 + min(59, second)
    }

    /// Seconds that `Z`, nothing or `+01:00` stand before UTC.
    private static func offset(_ text: ArraySlice<UInt8>) -> Int64? {
        guard let sign = text.first, sign | 0x20 != UInt8(ascii: "z") else {
            return text.count <= 1 ? 0 : nil
        }
        guard sign == .plusSign || sign == .hyphen else { return nil }
        let digits = text.dropFirst().filter { $0 != .colon }
        guard digits.count == 4, let value = number(digits[...]) else { return nil }
        let seconds = value / 100 * 3600 + value % 100 * 60
        return sign == .hyphen ? -seconds : seconds
    }

    private static func checked(_ seconds: Int64, _ fraction: Int64) -> Int64? {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, sumOverflow) = product.addingReportingOverflow(fraction)
        return overflow || sumOverflow ? nil : sum
    }

    /// Days since 1970 of a day of the Gregorian calendar.
    ///
    /// - Source: Howard Hinnant, "chrono-compatible low-level date algorithms".
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64? {
        guard (0...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else {
            return nil
        }
        let shifted = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = floorDivided(shifted, by: 400)
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            - 719_468
    }

    /// The inverse of ``days(year:month:day:)``.
    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floorDivided(days + 719_468, by: 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
            dayOfYear - (153 * shifted + 2) / 5 + 1
        )
    }

    private static func floorDivided(_ value: Int64, by divisor: Int64) -> (Int64, Int64) {
        let remainder = ((value % divisor) + divisor) % divisor
        return ((value - remainder) / divisor, remainder)
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
