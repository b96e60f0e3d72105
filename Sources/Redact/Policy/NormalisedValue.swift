/// What two ways of writing one value share: the signs that a disguise stands for, letters in lower
/// case, no spacing and no dashes in numbers, telephone numbers and IPv6 addresses in one form.
func normalisedValue(_ value: [UInt8], kind: PIIKind, region: String = "") -> [UInt8] {
    switch kind {
    case .secret: return value
    case .person, .address, .custom, .dateOfBirth:
        return value.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : lowered($0) }
    default: break
    }
    let plain = value.withUnsafeBufferPointer { DisguisedText($0)?.bytes } ?? value
    switch kind {
    case .phone:
        if let number = e164(plain, region: region.uppercased()) { return Array(number.utf8) }
    case .ipAddress:
        return ipv6Bytes(plain) ?? plain.map(lowered)
    case .email:
        return plain.filter { $0 > 0x20 }.map(lowered)
    default: break
    }
    return withoutSigns(plain)
}

private func lowered(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

/// Letters, digits and plus signs; of what is beyond ASCII all but spaces and dashes.
private func withoutSigns(_ value: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var index = 0
    while index < value.count {
        let byte = value[index]
        let isWideSign =
            byte == 0xE2 && index + 2 < value.count
            && [0x80, 0x81, 0x88].contains(value[index + 1])
        if isWideSign {
            index += 3
        } else if byte == 0xC2, index + 1 < value.count, value[index + 1] == 0xA0 {
            index += 2
        } else {
            if isAlphanumeric(byte) || byte >= 0x80 || byte == 0x2B {
                result.append(lowered(byte))
            }
            index += 1
        }
    }
    return result
}

/// `6:` and the sixteen bytes of an IPv6 address, however it is shortened (RFC 4291 §2.2); nil for
/// anything else.
func ipv6Bytes(_ value: [UInt8]) -> [UInt8]? {
    guard value.contains(0x3A) else { return nil }
    let halves = parted(value, at: [0x3A, 0x3A])
    guard halves.count <= 2, let head = addressBytes(halves[0]),
        let tail = halves.count == 2 ? addressBytes(halves[1]) : []
    else { return nil }
    let missing = 16 - head.count - tail.count
    guard halves.count == 2 ? missing >= 2 : missing == 0 else { return nil }
    return Array("6:".utf8) + head + [UInt8](repeating: 0, count: missing) + tail
}

/// The bytes of groups parted by colons; the last group may be a dotted IPv4 address.
private func addressBytes(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    if text.isEmpty { return [] }
    var bytes: [UInt8] = []
    for group in text.split(separator: 0x3A, omittingEmptySubsequences: false) {
        let group = String(decoding: group, as: UTF8.self)
        if group.contains(".") {
            let octets = group.split(separator: ".").compactMap { UInt8($0) }
            guard octets.count == 4 else { return nil }
            bytes += octets
        } else {
            guard group.utf8.count <= 4, let part = UInt16(group, radix: 16) else { return nil }
            bytes += [UInt8(part >> 8), UInt8(part & 0xFF)]
        }
    }
    return bytes
}

private func parted(_ value: [UInt8], at sign: [UInt8]) -> [ArraySlice<UInt8>] {
    var parts: [ArraySlice<UInt8>] = []
    var start = 0
    var index = 0
    while index + 1 < value.count {
        if value[index] == sign[0], value[index + 1] == sign[1] {
            parts.append(value[start..<index])
            start = index + 2
            index += 1
        }
        index += 1
    }
    return parts + [value[start...]]
}

/// The country that a value's digits are read in: that of its rule, else that of the document's
/// language, as far as a language is mostly one country's.
func region(ofRule rule: String, language: String) -> String {
    let own = ruleRegion(rule)
    if !own.isEmpty { return own }
    if rule == "phone.nanp" { return "us" }
    let parts = language.split(separator: "-")
    if let last = parts.last, parts.count > 1, last.utf8.count == 2 { return last.lowercased() }
    return parts.first.flatMap { regionsOfLanguages[String($0)] } ?? ""
}

private let regionsOfLanguages = [
    "de": "de", "fr": "fr", "it": "it", "es": "es", "nl": "nl", "pl": "pl", "sv": "se", "nb": "no",
    "nn": "no", "no": "no", "da": "dk", "fi": "fi", "cs": "cz", "sk": "sk", "hu": "hu", "ro": "ro",
    "bg": "bg", "el": "gr", "tr": "tr", "ru": "ru", "uk": "ua", "he": "il", "th": "th", "vi": "vn",
    "id": "id", "hi": "in", "zh": "cn", "ja": "jp", "ko": "kr", "et": "ee", "lv": "lv", "lt": "lt",
    "sl": "si", "hr": "hr", "is": "is", "pt": "pt",
]
