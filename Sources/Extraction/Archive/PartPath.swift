/// A part's name that `reference` stands for, seen from the part called `base`.
///
/// - Output: nil for references out of the archive: to the web, or above its top.
/// - Source: EPUB 3.3, §4.2; ECMA-376 part 2, §6.2.
func resolvedPartName(_ reference: String, from base: String) -> String? {
    let path = reference.prefix { $0 != "#" && $0 != "?" }
    guard !path.isEmpty, !hasScheme(path) else { return nil }
    var steps: [Substring] = []
    if path.first != "/" { steps = Array(base.split(separator: "/").dropLast()) }
    for step in path.split(separator: "/") {
        switch step {
        case ".": continue
        case "..":
            guard steps.popLast() != nil else { return nil }
        default: steps.append(step)
        }
    }
    guard !steps.isEmpty else { return nil }
    return percentDecoded(steps.joined(separator: "/"))
}

private func hasScheme(_ path: Substring) -> Bool {
    guard let colon = path.utf8.firstIndex(of: 0x3A) else { return false }
    return !path.utf8[..<colon].contains(0x2F)
}

private func percentDecoded(_ text: String) -> String {
    guard text.utf8.contains(0x25) else { return text }
    let bytes = Array(text.utf8)
    var decoded: [UInt8] = []
    var index = 0
    while index < bytes.count {
        if bytes[index] == 0x25, index + 2 < bytes.count, let high = hexDigit(bytes[index + 1]),
            let low = hexDigit(bytes[index + 2])
        {
            decoded.append(high << 4 | low)
            index += 3
        } else {
            decoded.append(bytes[index])
            index += 1
        }
    }
    return String(decoding: decoded, as: UTF8.self)
}

private func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
}
