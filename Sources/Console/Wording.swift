/// `EMAIL 12, PHONE 3`, most first, ties by name; what is behind the `first` as `29 of 4 others`.
package func counts(_ values: [String: Int], first: Int = .max) -> String {
    let sorted = values.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    var parts = sorted.prefix(first).map { "\($0.key) \(grouped($0.value))" }
    let others = sorted.dropFirst(first)
    if !others.isEmpty {
        let sum = others.reduce(0) { $0 + $1.value }
        parts.append("\(grouped(sum)) of \(plural(others.count, "other"))")
    }
    return parts.joined(separator: ", ")
}

/// `text` filled with spaces up to `width`.
package func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
}

/// `1 document`, `1,204 documents`.
package func plural(_ count: Int, _ noun: String) -> String {
    "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")"
}

/// `1.2 MB`, in decimal units.
package func bytesText(_ count: Int) -> String {
    let units: [(name: String, size: Double)] = [("GB", 1e9), ("MB", 1e6), ("kB", 1e3)]
    for unit in units where Double(count) >= unit.size {
        return "\(fixed(Double(count) / unit.size, decimals: 1)) \(unit.name)"
    }
    return "\(count) B"
}

/// `word` as a shell takes it for one.
package func shellWord(_ word: String) -> String {
    let plain = "/._-+:,@%".utf8
    let isPlain = word.utf8.allSatisfy {
        0x30...0x39 ~= $0 || 0x41...0x5A ~= $0 || 0x61...0x7A ~= $0 || plain.contains($0)
    }
    guard !isPlain || word.isEmpty else { return word }
    return "'"
        + word.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: "'\\''") + "'"
}

/// Digits in groups of three: `1,988`.
package func grouped(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var text = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
        text.append(digit)
    }
    return text
}

/// A number with a fixed count of decimals, without locale.
package func fixed(_ value: Double, decimals: Int) -> String {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = Int((value.magnitude * scale).rounded())
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard decimals > 0 else { return sign + String(scaled) }
    let fraction = String(scaled % Int(scale))
    let zeros = String(repeating: "0", count: decimals - fraction.count)
    return "\(sign)\(scaled / Int(scale)).\(zeros)\(fraction)"
}
