internal import Bytes

/// The first of the values that can be read as a date, as ISO 8601.
func isoDate(_ values: String?...) -> String? {
    for value in values {
        if let value, let date = isoDate(value) { return date }
    }
    return nil
}

/// A date as pages write it, as ISO 8601: `2019-11-19`, with its time and offset where there is one.
///
/// Reads ISO 8601 in its extended and basic forms and English dates with the month's name, in either
/// order; numbers alone, as in 3/4/2019, mean different days to different readers and are left out.
func isoDate(_ value: String) -> String? {
    let bytes = Array(value.utf8.prefix(80).drop(while: \.isASCIISpace))
    return extendedDate(bytes) ?? basicDate(bytes) ?? spelledDate(bytes)
}

/// `2019-11-19`, `2019-11-19T08:30:00Z`, `2019-11-19 08:30:00 +0100`, `2019/11/19`.
private func extendedDate(_ bytes: [UInt8]) -> String? {
    guard bytes.count >= 10, bytes[4] == 0x2D || bytes[4] == 0x2F, bytes[7] == bytes[4],
        let date = calendarDate(number(bytes[0..<4]), number(bytes[5..<7]), number(bytes[8..<10]))
    else { return nil }
    return date + (timeOfDay(bytes[10...]) ?? "")
}

/// `20191119` and nothing more.
private func basicDate(_ bytes: [UInt8]) -> String? {
    guard bytes.count == 8 else { return nil }
    return calendarDate(number(bytes[0..<4]), number(bytes[4..<6]), number(bytes[6..<8]))
}

private func timeOfDay(_ rest: ArraySlice<UInt8>) -> String? {
    var bytes = rest.drop { $0 == 0x54 || $0 == 0x74 || $0.isASCIISpace }
    guard bytes.count >= 5, let hour = number(bytes.prefix(2)), hour < 24 else { return nil }
    bytes = bytes.dropFirst(2)
    guard bytes.first == 0x3A, let minute = number(bytes.dropFirst().prefix(2)), minute < 60 else {
        return nil
    }
    bytes = bytes.dropFirst(3)
    var second = 0
    if bytes.first == 0x3A, let value = number(bytes.dropFirst().prefix(2)), value < 61 {
        second = value
        bytes = bytes.dropFirst(3)
        if bytes.first == 0x2E { bytes = bytes.dropFirst().drop { $0.isASCIIDigit } }
    }
    return "T\(padded(hour)):\(padded(minute)):\(padded(second))\(offset(bytes))"
}

private func offset(_ rest: ArraySlice<UInt8>) -> String {
    let bytes = rest.drop(while: \.isASCIISpace)
    guard let sign = bytes.first else { return "" }
    if sign | 0x20 == 0x7A { return "Z" }
    guard sign == 0x2B || sign == 0x2D else { return "" }
    let digits = bytes.dropFirst().filter { $0 != 0x3A }.prefix(4)
    guard digits.count >= 2, let hour = number(digits.prefix(2)), hour <= 14 else { return "" }
    let minute = digits.count == 4 ? number(digits.dropFirst(2)) ?? 0 : 0
    return "\(sign == 0x2B ? "+" : "-")\(padded(hour)):\(padded(minute))"
}

/// `Nov 19, 2019`, `19 November 2019`, `Tue, 19 Nov 2019 08:30:00 GMT`.
private func spelledDate(_ bytes: [UInt8]) -> String? {
    var month: Int?
    var day: Int?
    var year: Int?
    for word in bytes.split(whereSeparator: { !$0.isASCIIAlphanumeric }) {
        if let value = number(word.prefix { $0.isASCIIDigit }) {
            if value > 31, year == nil { year = value } else if day == nil { day = value }
        } else if month == nil, word.count >= 3 {
            let name = word.prefix(3).map { $0 | 0x20 }
            month = monthNames.firstIndex { $0.elementsEqual(name) }.map { $0 + 1 }
        }
        if month != nil, day != nil, year != nil { break }
    }
    return calendarDate(year, month, day)
}

private let monthNames: [[UInt8]] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
].map { Array($0.utf8) }

private func calendarDate(_ year: Int?, _ month: Int?, _ day: Int?) -> String? {
    guard let year, let month, let day, (1_000...9_999).contains(year), (1...12).contains(month),
        day >= 1
    else { return nil }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard day <= lengths[month - 1] else { return nil }
    return "\(year)-\(padded(month))-\(padded(day))"
}

private func number(_ digits: some Collection<UInt8>) -> Int? {
    guard !digits.isEmpty, digits.count <= 6 else { return nil }
    var value = 0
    for byte in digits {
        guard byte >= 0x30, byte <= 0x39 else { return nil }
        value = value * 10 + Int(byte - 0x30)
    }
    return value
}

private func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
