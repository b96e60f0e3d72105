internal import ArgumentParser

/// A duration as people write it: `90s`, `30m`, `2h30m`.
struct TimeSpan: ExpressibleByArgument, Hashable {
    let seconds: Double

    private static let secondsOfUnit: [Character: Double] = [
        "s": 1, "m": 60, "h": 3_600, "d": 86_400,
    ]

    init?(argument: String) {
        var seconds = 0.0
        var number = ""
        for character in argument {
            if let unit = Self.secondsOfUnit[character] {
                guard let count = Self.count(number) else { return nil }
                seconds += count * unit
                number = ""
            } else {
                number.append(character)
            }
        }
        guard number.isEmpty, seconds > 0 else { return nil }
        self.seconds = seconds
    }

    private static func count(_ text: String) -> Double? {
        guard text.utf8.count <= 9, !text.isEmpty,
            text.utf8.allSatisfy({ 0x30...0x39 ~= $0 || $0 == 0x2E })
        else { return nil }
        return Double(text)
    }
}

/// An amount of memory as people write it: `1GiB`, `512MiB`, `800MB`, or bytes.
struct ByteSize: ExpressibleByArgument, Hashable {
    let byteCount: Int

    private static let units: [(suffix: String, byteCount: Int)] = [
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40),
        ("kB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
        ("B", 1),
    ]

    init?(argument: String) {
        let unit = Self.units.first { argument.hasSuffix($0.suffix) }
        let digits = argument.dropLast(unit?.suffix.count ?? 0)
        guard digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let count = Int(digits), count > 0
        else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: unit?.byteCount ?? 1)
        guard !overflow else { return nil }
        self.byteCount = bytes
    }
}
