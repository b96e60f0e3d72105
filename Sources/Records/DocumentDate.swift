/// Seconds since 1970 of a date as documents give it: `2024`, `2024-05-31`, `2024-05-31T14:05:00+02:00`.
///
/// - Returns: nil for anything else. A date without a zone is taken as UTC, one without a part as the
///   first of it.
/// - Source: ISO 8601; the day count is Howard Hinnant's `days_from_civil`.
package func documentDate(_ text: String) -> Int64? {
    var reader = DateReader(Array(text.utf8))
    guard let year = reader.number(4), year > 0 else { return nil }
    var parts: [Int64] = [year, 1, 1, 0, 0, 0]
    let separators: [[UInt8]] = [[], dash, dash, [0x54, 0x74, 0x20], colon, colon]
    for part in 1..<parts.count {
        guard reader.take(separators[part]) else { break }
        guard let value = reader.number(2) else { return nil }
        parts[part] = value
    }
    guard 1...12 ~= parts[1], 1...31 ~= parts[2], parts[3] < 25, parts[4] < 60, parts[5] < 61 else {
        return nil
    }
    if reader.take([UInt8(ascii: ".")]) { reader.skipDigits() }
    guard let offset = reader.zoneSeconds() else { return nil }
    let days = daysFromCivil(parts[0], parts[1], parts[2])
    return days * 86_400 + parts[3] * 3_600 + parts[4] * 60 + parts[5] - offset
}

private let dash = [UInt8(ascii: "-")]
private let colon = [UInt8(ascii: ":")]

private func daysFromCivil(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let year = month <= 2 ? year - 1 : year
    let era = year / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
}

private struct DateReader {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func number(_ digits: Int) -> Int64? {
        guard self.place + digits <= self.bytes.count else { return nil }
        var value: Int64 = 0
        for byte in self.bytes[self.place..<self.place + digits] {
            guard byte &- 0x30 < 10 else { return nil }
            value = value * 10 + Int64(byte - 0x30)
        }
        self.place += digits
        return value
    }

    mutating func take(_ choices: [UInt8]) -> Bool {
        guard self.place < self.bytes.count, choices.contains(self.bytes[self.place]) else {
            return false
        }
        self.place += 1
        return true
    }

    mutating func skipDigits() {
        while self.place < self.bytes.count, self.bytes[self.place] &- 0x30 < 10 { self.place += 1 }
    }

    /// East of Greenwich; nil when something else follows.
    mutating func zoneSeconds() -> Int64? {
        if self.place == self.bytes.count { return 0 }
        if self.take([0x5A, 0x7A]) { return self.place == self.bytes.count ? 0 : nil }
        let isEast = self.bytes[self.place] == UInt8(ascii: "+")
        guard isEast || self.bytes[self.place] == dash[0] else { return nil }
        self.place += 1
        guard let hours = self.number(2) else { return nil }
        _ = self.take(colon)
        let minutes = self.place < self.bytes.count ? self.number(2) : 0
        guard let minutes, self.place == self.bytes.count else { return nil }
        return (hours * 3_600 + minutes * 60) * (isEast ? 1 : -1)
    }
}
