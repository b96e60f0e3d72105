internal import Bytes

/// Signs as JSON, URLs and mail write them, where they may be inside a value.

/// What a letter beyond ASCII is read as: only that it is a letter counts.
let letterStandIn = UInt8(ascii: "a")

/// `%40`, `%2540`, and the codes of letters beyond ASCII, for signs of values only (RFC 3986 §2.1).
func percentCode(
    _ text: UnsafeBufferPointer<UInt8>,
    at index: Int
) -> (byte: UInt8?, length: Int)? {
    guard let value = hexByte(text, at: index + 1) else { return nil }
    if value == UInt8(ascii: "%"), let second = hexByte(text, at: index + 3) {
        return isValueSign(second) ? (second, 5) : nil
    }
    // Quotes, commas, semicolons and bars part values.
    if [0x22, 0x27, 0x2C, 0x3B, 0x7C].contains(value) { return (value, 3) }
    return readByte(value).map { ($0, 3) }
}

/// `=40`, and a line that goes on after `=` (RFC 2045 §6.7).
func quotedPrintable(
    _ text: UnsafeBufferPointer<UInt8>,
    at index: Int
) -> (byte: UInt8?, length: Int)? {
    // A word may begin with a code where another one follows.
    let isRow = index + 3 < text.count && text[index + 3] == 0x3D
    guard index > 0 && isInside(text[index - 1]) || isRow else { return nil }
    var end = index + 1
    if end < text.count, text[end] == 0x0D { end += 1 }
    if end < text.count, text[end] == 0x0A {
        return end + 1 < text.count && isInside(text[end + 1]) ? (nil, end + 1 - index) : nil
    }
    // Its digits are capitals; `a=40` at the end of a word is an assignment.
    // The last of a row of codes needs nothing behind it.
    let isRowEnd = index >= 3 && text[index - 3] == 0x3D
    guard let value = hexByte(text, at: index + 1),
        isRowEnd || index + 3 < text.count && isInside(text[index + 3]),
        text[index + 2] < 0x61, text[index + 1] < 0x61
    else { return nil }
    return readByte(value).map { ($0, 3) }
}

/// `\\u0040` and `\\x40`, as strings in code and JSON have them (RFC 8259 §7), the end of a line before a
/// value, and Markdown's backslash before a sign.
func escapedUnit(
    _ text: UnsafeBufferPointer<UInt8>,
    at index: Int
) -> (byte: UInt8?, length: Int)? {
    guard index + 3 < text.count else { return nil }
    switch text[index + 1] {
    case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
        return isEscapedBreak(text, at: index) ? (0x0A, 2) : nil
    case UInt8(ascii: "."), UInt8(ascii: "@"), UInt8(ascii: "_"), UInt8(ascii: "-"),
        UInt8(ascii: "+"):
        let isInside =
            index > 0 && isAlphanumeric(text[index - 1]) && isAlphanumeric(text[index + 2])
        return isInside ? (nil, 1) : nil
    case UInt8(ascii: "x"):
        guard let value = hexByte(text, at: index + 2), value < 0x80 else { return nil }
        return isParting(value) ? (value, 4) : readByte(value).map { ($0, 4) }
    case UInt8(ascii: "u") where text[index + 2] == UInt8(ascii: "{"):
        guard let value = hexByte(text, at: index + 3), value < 0x80, index + 5 < text.count,
            text[index + 5] == UInt8(ascii: "}")
        else { return nil }
        return isValueSign(value) ? (value, 6) : nil
    case UInt8(ascii: "u"):
        guard let high = hexByte(text, at: index + 2), let low = hexByte(text, at: index + 4) else {
            return nil
        }
        let unit = UInt32(high) << 8 | UInt32(low)
        if unit < 0x80 { return isValueSign(low) || isParting(low) ? (low, 6) : nil }
        return LetterKind(unit) == .spaced ? (letterStandIn, 6) : nil
    default: return nil
    }
}

/// Whether `\\n`, `\\r` or `\\t` is at `index`, with what a value may start with behind it.
func isEscapedBreak(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
    guard index >= 0, index + 2 < text.count, text[index] == UInt8(ascii: "\\"),
        [UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t")].contains(text[index + 1])
    else { return false }
    let next = text[index + 2]
    // The last four begin digits of other scripts.
    return next &- 0x30 < 10 || next &- 0x41 < 26 || next == UInt8(ascii: "+")
        || next == UInt8(ascii: "(") || [0xD9, 0xDB, 0xE0, 0xEF].contains(next)
}

/// Quotes, brackets of markup, commas and line ends: what parts a value from its neighbours.
private func isParting(_ byte: UInt8) -> Bool {
    [0x09, 0x0A, 0x0D, 0x22, 0x26, 0x27, 0x2C, 0x3B, 0x3C, 0x3E].contains(byte)
}

/// Whether a code ends at `index`, whose last digit reads as the first sign of what follows: `\\n`,
/// `%22`, `\\x22`, `\\u0022`.
func isCodeEnd(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
    if isEscapedBreak(text, at: index - 2) { return true }
    if index >= 3, text[index - 3] == 0x25 { return true }
    if index >= 4, text[index - 4] == 0x5C, text[index - 3] == UInt8(ascii: "x") { return true }
    return index >= 6 && text[index - 6] == 0x5C && text[index - 5] == UInt8(ascii: "u")
}

private func hexByte(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> UInt8? {
    guard index + 1 < text.count, let high = hexValue(text[index]),
        let low = hexValue(text[index + 1])
    else { return nil }
    return high << 4 | low
}

/// A byte that a code stands for: a sign of a value, or one of a letter in UTF-8, whose first byte is read
/// as a letter and whose others are not read at all.
private func readByte(_ value: UInt8) -> UInt8?? {
    if isValueSign(value) { return .some(value) }
    if value >= 0xC3, value < 0xF0 { return .some(letterStandIn) }
    return value >= 0x80 && value < 0xC0 ? .some(nil) : nil
}

private func isInside(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || [0x2E, 0x2D, 0x3D, 0x40, 0x5F].contains(byte)
}

/// Names of Latin letters in HTML end so: `ouml`, `eacute`, `szlig`.
func isLetterName(_ name: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    guard name.count >= 4, let first = name.first, (first | 0x20) &- 0x61 < 26 else { return false }
    let endings = [
        "uml", "acute", "grave", "circ", "tilde", "cedil", "ring", "slash", "caron", "zlig", "elig",
        "breve", "ogon", "stroke",
    ]
    return endings.contains { name.dropFirst().elementsEqual($0.utf8) }
}

/// ` AT ` and ` DOT ` between the words of an address that is told without signs.
func spokenSign(
    _ text: UnsafeBufferPointer<UInt8>,
    at start: Int
) -> (byte: UInt8?, length: Int)? {
    if isWord("at", text, at: start + 1), isSpokenHost(text, from: start + 4, at: start + 1) {
        return (UInt8(ascii: "@"), 4)
    }
    if isWord("at", text, at: start + 1), isProvider(text, at: start + 4) {
        return (UInt8(ascii: "@"), 4)
    }
    if isWord("dot", text, at: start + 1), start + 5 < text.count, isAlphanumeric(text[start + 5]) {
        return (UInt8(ascii: "."), 5)
    }
    return nil
}

/// Whether the host of a provider of mail for everybody is at `start`: what no sentence goes on with.
private func isProvider(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    providers.contains { provider in
        let end = start + provider.count
        return end <= text.count && text[start..<end].elementsEqual(provider)
            && (end == text.count || !isAlphanumeric(text[end]))
    }
}

private let providers: [[UInt8]] =
    "gmail.com gmx.de gmx.net gmx.at gmx.ch hotmail.com hotmail.fr yahoo.com yahoo.fr yahoo.co outlook.com"
    .split(separator: " ").map { Array($0.utf8) }

/// `_at_` before a host's name, and `_dot_` in one: `ann_lee_at_corp.io`.
func joinedSign(
    _ text: UnsafeBufferPointer<UInt8>,
    at start: Int
) -> (byte: UInt8?, length: Int)? {
    guard start > 0, isAlphanumeric(text[start - 1]) else { return nil }
    if matches("_at_", text, at: start), isHostName(text, from: start + 4) {
        return (UInt8(ascii: "@"), 4)
    }
    if matches("_dot_", text, at: start), start + 5 < text.count, isAlphanumeric(text[start + 5]) {
        return (UInt8(ascii: "."), 5)
    }
    return nil
}

/// Whether labels with `.` or `_dot_` between them, the last a top label, are at `start`.
func isHostName(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Bool {
    var index = start
    var labelCount = 0
    while labelCount < 6 {
        let first = index
        index = hostLabelEnd(text, from: first)
        guard index > first else { return false }
        labelCount += 1
        if index + 1 < text.count, text[index] == UInt8(ascii: "."), isAlphanumeric(text[index + 1])
        {
            index += 1
        } else if matches("_dot_", text, at: index) {
            index += 5
        } else {
            let top = String(decoding: text[first..<index], as: UTF8.self).lowercased()
            return labelCount >= 2 && spokenTopLabels.contains(top)
        }
    }
    return false
}

/// The end of the letters, digits and hyphens from `start`.
private func hostLabelEnd(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var end = start
    while end < text.count, end - start < 64,
        isAlphanumeric(text[end]) || text[end] == UInt8(ascii: "-")
    {
        end += 1
    }
    return end
}

/// Whether the word, in any case, and a space are at `index`.
private func isWord(_ word: StaticString, _ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool
{
    let count = word.utf8CodeUnitCount
    guard index + count < text.count, text[index + count] == 0x20 else { return false }
    return (0..<count).allSatisfy { text[index + $0] | 0x20 == word.utf8Start[$0] }
}

/// Whether words with ` dot ` between them, the last a top label, are at `start`.
///
/// - Parameter sign: where the word `at` is: in capitals it tells an address by itself.
private func isSpokenHost(
    _ text: UnsafeBufferPointer<UInt8>,
    from start: Int,
    at sign: Int
) -> Bool {
    let isLoud = text[sign] == UInt8(ascii: "A")
    var index = start
    var labels: [Range<Int>] = []
    while labels.count < 5 {
        let first = index
        index = hostLabelEnd(text, from: first)
        guard index > first else { break }
        labels.append(first..<index)
        if index < text.count, text[index] == 0x20, isWord("dot", text, at: index + 1) {
            index += 5
        } else if isLoud, index + 1 < text.count, text[index] == UInt8(ascii: ".") {
            index += 1
        } else {
            break
        }
    }
    guard labels.count >= 2, let last = labels.last, let host = labels.first else { return false }
    let top = String(decoding: text[last], as: UTF8.self).lowercased()
    guard top.count >= 2, top.utf8.allSatisfy({ $0 &- 0x61 < 26 }) else { return false }
    // `look at the dot com bubble`
    return isLoud
        || spokenTopLabels.contains(top)
            && !articles.contains(String(decoding: text[host], as: UTF8.self).lowercased())
}

/// Top labels that are no English words.
let spokenTopLabels: Set<String> = Set(
    """
    com org net edu gov mil int info biz io co ai de fr uk nl ch at it es pt pl se fi dk cz ru cn jp kr \
    br mx ar au nz ca ie eu tr gr hu ro bg hr rs ua il sa ae za sg hk tw vn th example test
    """.split(separator: " ").map(String.init)
)

private let articles: Set<String> = ["the", "a", "an", "this", "that", "our", "my", "your", "any"]
