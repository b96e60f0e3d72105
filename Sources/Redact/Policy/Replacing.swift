/// What stands where a value stood.
func replacement(
    for value: [UInt8],
    kind: PIIKind,
    rule: String,
    action: RedactionPolicy.Action,
    language: String = "",
    key: PseudonymKey?
) -> String {
    switch action {
    case .mask(let keepLast): masked(value, kind: kind, keepLast: keepLast)
    case .pseudonym:
        key?.pseudonym(of: value, kind: kind, region: region(ofRule: rule, language: language))
            ?? kind.placeholder
    case .generalise: generalised(value, kind: kind) ?? kind.placeholder
    // What is allowed is not replaced; the others are replaced until someone drops them.
    case .placeholder, .dropChunk, .dropDocument, .quarantine, .allow: kind.placeholder
    }
}

/// An asterisk for each letter or digit but the last ones; nothing of a secret is kept.
private func masked(_ value: [UInt8], kind: PIIKind, keepLast: Int) -> String {
    let scalars = Array(String(decoding: value, as: UTF8.self).unicodeScalars)
    func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }
    let words = scalars.filter(isWord).count
    // Half at least is hidden, so that a short value is not given away.
    let kept = kind == .secret ? 0 : min(keepLast, words / 2)
    var seen = 0
    var result = ""
    for scalar in scalars {
        guard isWord(scalar) else {
            // Line breaks and signs stay; an `@` would be scanned again.
            result.unicodeScalars.append(scalar == "@" ? "*" : scalar)
            continue
        }
        seen += 1
        result.unicodeScalars.append(seen > words - kept ? scalar : "*")
    }
    return result
}

private func generalised(_ value: [UInt8], kind: PIIKind) -> String? {
    switch kind {
    case .dateOfBirth: year(value)
    case .ipAddress: network(value)
    default: nil
    }
}

/// The four digits that stand together.
private func year(_ value: [UInt8]) -> String? {
    let runs = value.split { $0 &- 0x30 >= 10 }
    guard let run = runs.first(where: { $0.count == 4 }) else { return nil }
    return String(decoding: run, as: UTF8.self)
}

/// `203.0.113.0/24`, or the first three groups of an IPv6 address with `::/48`.
private func network(_ value: [UInt8]) -> String? {
    let text = String(decoding: value, as: UTF8.self)
    guard text.contains(":") else {
        let octets = text.split(separator: ".")
        guard octets.count == 4 else { return nil }
        return octets[..<3].joined(separator: ".") + ".0/24"
    }
    guard !text.contains(".") else { return nil }
    let head = text.split(separator: "::", omittingEmptySubsequences: false)[0]
    var groups = head.split(separator: ":").map(String.init)
    while groups.count < 3 { groups.append("0") }
    return groups[..<3].joined(separator: ":") + "::/48"
}
