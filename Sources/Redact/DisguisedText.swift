/// A text as it reads: full-width characters in ASCII, invisible ones gone, `[at]` and `(dot)`, entities
/// and percent codes as the signs they stand for; with the way back to the offsets of the source.
struct DisguisedText {
    /// Bytes on either side of a disguise that may belong to the same value.
    static let reach = 160

    private(set) var bytes: [UInt8] = []
    /// Where in the source each byte starts; one more for the end.
    private var starts: [UInt32] = []

    /// nil when nothing of the text is disguised, or it is longer than offsets reach.
    init?(_ text: UnsafeBufferPointer<UInt8>) {
        guard text.count < Int(UInt32.max) else { return nil }
        var isChanged = false
        var starts: [UInt32] = []
        self.bytes = [UInt8](unsafeUninitializedCapacity: text.count) { bytes, count in
            starts = [UInt32](unsafeUninitializedCapacity: text.count + 1) { starts, startCount in
                var index = 0
                while index < text.count {
                    var byte: UInt8? = text[index]
                    var length = 1
                    if disguiseBytes[Int(text[index])], let found = disguise(text, at: index) {
                        (byte, length) = found
                        isChanged = true
                    }
                    if let byte {
                        bytes[count] = byte
                        starts[count] = UInt32(index)
                        count += 1
                    }
                    index += length
                }
                starts[count] = UInt32(text.count)
                startCount = count + 1
            }
        }
        guard isChanged else { return nil }
        self.starts = starts
    }

    /// The range of the source that `range` of these bytes was read from.
    func sourceRange(of range: Range<Int>) -> Range<Int> {
        let lower = Int(self.starts[range.lowerBound])
        return lower..<max(lower, Int(self.starts[range.upperBound]))
    }
}

/// The parts of `text` around disguises, ascending and apart, cut at code points.
func disguisedWindows(
    around disguises: [Int],
    in text: UnsafeBufferPointer<UInt8>
) -> [Range<Int>] {
    var windows: [Range<Int>] = []
    for disguise in disguises {
        var lower = max(0, disguise - DisguisedText.reach)
        var upper = min(text.count, disguise + 2 * DisguisedText.reach)
        while lower > 0, text[lower] & 0xC0 == 0x80 { lower -= 1 }
        while upper < text.count, text[upper] & 0xC0 == 0x80 { upper += 1 }
        if let last = windows.last, last.upperBound >= lower {
            windows[windows.count - 1] = last.lowerBound..<max(upper, last.upperBound)
        } else {
            windows.append(lower..<upper)
        }
    }
    return windows
}

/// Whether the two or three bytes up to `index` are of a disguise.
func isDisguise(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
    // `&#34;` and `&#39;` are quotes, and everywhere.
    if text[index] == 0x33, index + 1 < text.count,
        text[index + 1] == 0x34 || text[index + 1] == 0x39,
        index + 2 < text.count, text[index + 2] == 0x3B
    {
        return false
    }
    // `&amp;#64;`
    if index >= 6, text[index - 1] == 0x23, text[index - 2] == 0x3B {
        return disguise(text, at: index - 6) != nil
    }
    // ` at gmail.com`: the sign is before the host.
    if index >= 8, let distance = providerDistance(text[index - 2], text[index - 1], text[index]) {
        return text[index - distance] == 0x20 && disguise(text, at: index - distance) != nil
    }
    // A full-width comma parts words, but where it is inside a number.
    if text[index] == 0x8C, index > 2, text[index - 1] == 0xBC, !isAlphanumeric(text[index - 3]) {
        return false
    }
    for start in max(0, index - 3)...index where disguiseBytes[Int(text[start])] {
        // Three bytes back for the space of ` (at) ` alone; a plain space is none.
        if start == index - 3, text[start] != 0x20 { continue }
        // A percent code for a sign of a value or beside one: spaces in paths are everywhere.
        if text[start] == 0x25, start + 2 < text.count {
            let isColon = text[start + 1] == 0x33
            let isTwo = text[start + 1] == 0x32
            // Quotes and commas part values.
            let seconds: [UInt8] =
                isColon
                ? [0x41, 0x61]
                : isTwo ? [0x30, 0x32, 0x35, 0x37, 0x42, 0x43, 0x62, 0x63] : [0x30]
            if !seconds.contains(text[start + 2]) { continue }
        }
        if disguise(text, at: start) != nil { return true }
    }
    return false
}

/// How far before the last of three bytes of a provider's host ` at ` begins: of `gmail` and `gmx`,
/// `hotmail`, `yahoo` and `outlook`.
@inline(__always)
private func providerDistance(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Int? {
    switch (first, second, third) {
    case (0x20, 0x67, 0x6D): 5
    case (0x74, 0x6D, 0x61), (0x74, 0x6C, 0x6F): 8
    case (0x61, 0x68, 0x6F): 7
    default: nil
    }
}

/// Bytes that a disguise may start with.
private let disguiseBytes: [Bool] = {
    var table = [Bool](repeating: false, count: 256)
    for byte: UInt8 in [
        0x20, 0x25, 0x26, 0x28, 0x2A, 0x3C, 0x3D, 0x5B, 0x5C, 0x5F, 0x7B, 0xC2, 0xD9, 0xDB, 0xE0,
        0xE2, 0xE3, 0xEF,
    ] {
        table[Int(byte)] = true
    }
    return table
}()

/// The sign that what is at `index` stands for, nil for none, and how many bytes stand for it.
private func disguise(
    _ text: UnsafeBufferPointer<UInt8>,
    at index: Int
) -> (byte: UInt8?, length: Int)? {
    func byte(_ offset: Int) -> UInt8 {
        index + offset < text.count ? text[index + offset] : 0
    }
    switch text[index] {
    case 0xEF where byte(1) == 0xBC && (0x81...0xBF).contains(byte(2)):
        // U+FF01 to U+FF3F are `!` to `_`; CJK commas and stops stay what they are.
        return (byte(2) - 0x60, 3)
    case 0xEF where byte(1) == 0xBD && (0x81...0x9A).contains(byte(2)): return (byte(2) - 0x20, 3)
    case 0xEF where byte(1) == 0xBB && byte(2) == 0xBF: return (nil, 3)
    // Small forms of `@` and the point.
    case 0xEF where byte(1) == 0xB9 && byte(2) == 0xAB: return (0x40, 3)
    case 0xEF where byte(1) == 0xB9 && byte(2) == 0x92: return (0x2E, 3)
    // The ideographic stop between ASCII letters is a point of a host's name (RFC 3490 §3.1).
    case 0xE3 where byte(1) == 0x80 && byte(2) == 0x82:
        let isInside = index > 0 && isAlphanumeric(text[index - 1]) && isAlphanumeric(byte(3))
        return isInside ? (0x2E, 3) : nil
    case 0xC2 where byte(1) == 0xAD: return (nil, 2)
    case 0xC2 where byte(1) == 0xA0: return (0x20, 2)
    case 0xE2 where byte(1) == 0x80:
        switch byte(2) {
        // Zero-width characters; then figure and thin spaces, then hyphens.
        case 0x8B...0x8F: return (nil, 3)
        case 0x80...0x8A, 0xAF: return (0x20, 3)
        case 0x90...0x92: return (0x2D, 3)
        default: return nil
        }
    case 0xE2 where byte(1) == 0x81 && byte(2) == 0xA0: return (nil, 3)
    case 0xE2 where byte(1) == 0x88 && byte(2) == 0x92: return (0x2D, 3)
    case 0xD9, 0xDB, 0xE0: return scriptDigit(byte(0), byte(1), byte(2))
    case 0x25: return percentCode(text, at: index)
    case 0x3D: return quotedPrintable(text, at: index)
    case 0x5C: return escapedUnit(text, at: index)
    case 0x26: return entity(text, at: index)
    case 0x20, 0x28, 0x5B, 0x7B: return obfuscation(text, at: index)
    case 0x2A: return emphasis(text, at: index)
    case 0x5F: return joinedSign(text, at: index)
    case 0x3C: return inlineTag(text, at: index) ?? obfuscation(text, at: index)
    default: return nil
    }
}

/// A decimal digit of Arabic, Persian, an Indian script, Thai or Lao.
private func scriptDigit(
    _ first: UInt8,
    _ second: UInt8,
    _ third: UInt8
) -> (byte: UInt8?, length: Int)? {
    switch (first, second) {
    case (0xD9, 0xA0...0xA9), (0xDB, 0xB0...0xB9): return (second & 0x0F | 0x30, 2)
    case (0xE0, 0xA5), (0xE0, 0xA7), (0xE0, 0xA9), (0xE0, 0xAB), (0xE0, 0xAD), (0xE0, 0xAF),
        (0xE0, 0xB1), (0xE0, 0xB3), (0xE0, 0xB5):
        return (0xA6...0xAF).contains(third) ? (third - 0xA6 + 0x30, 3) : nil
    case (0xE0, 0xB9), (0xE0, 0xBB):
        return (0x90...0x99).contains(third) ? (third - 0x90 + 0x30, 3) : nil
    default: return nil
    }
}

func isValueSign(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte)
        || [0x20, 0x28, 0x29, 0x2B, 0x2D, 0x2E, 0x2F, 0x3A, 0x40, 0x5F].contains(byte)
}

func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
}

/// `&#64;`, `&#x40;`, `&commat;`, `&nbsp;`, `&period;`.
private func entity(
    _ text: UnsafeBufferPointer<UInt8>,
    at index: Int
) -> (byte: UInt8?, length: Int)? {
    // `&amp;#64;` was written as HTML twice.
    let twice = "&amp;".utf8.elementsEqual(text[index..<min(index + 5, text.count)])
    if twice, index + 5 < text.count, text[index + 5] == 0x23 {
        return numberedEntity(text, at: index + 4).map { ($0.byte, $0.length + 4) }
    }
    return numberedEntity(text, at: index)
}

/// `&#64;` and the names, whatever the byte at `index`.
private func numberedEntity(
    _ text: UnsafeBufferPointer<UInt8>,
    at index: Int
) -> (byte: UInt8?, length: Int)? {
    let limit = min(text.count, index + 12)
    guard let end = (index + 2..<max(limit, index + 2)).first(where: { text[$0] == 0x3B }) else {
        return nil
    }
    let name = text[(index + 1)..<end]
    let length = end - index + 1
    guard name.first == 0x23 else {
        for (known, byte) in namedEntities where name.elementsEqual(known) { return (byte, length) }
        return isLetterName(name) ? (letterStandIn, length) : nil
    }
    let digits = name.dropFirst()
    let isHex = digits.first.map { $0 | 0x20 == 0x78 } ?? false
    var value = 0
    for byte in isHex ? digits.dropFirst() : digits {
        guard let digit = hexValue(byte), isHex || digit < 10 else { return nil }
        value = value * (isHex ? 16 : 10) + Int(digit)
    }
    if value == 0xA0 { return (0x20, length) }
    if LetterKind(UInt32(clamping: value)) == .spaced { return (letterStandIn, length) }
    guard value < 0x80, isValueSign(UInt8(value)) else { return nil }
    return (UInt8(value), length)
}

private let namedEntities: [([UInt8], UInt8)] = [
    (Array("commat".utf8), 0x40), (Array("nbsp".utf8), 0x20), (Array("period".utf8), 0x2E),
    (Array("plus".utf8), 0x2B), (Array("hyphen".utf8), 0x2D), (Array("lowbar".utf8), 0x5F),
    (Array("colon".utf8), 0x3A),
]

/// One or two asterisks between the signs of a value: Markdown's emphasis.
private func emphasis(
    _ text: UnsafeBufferPointer<UInt8>,
    at index: Int
) -> (byte: UInt8?, length: Int)? {
    var end = index
    while end < text.count, text[end] == 0x2A, end - index < 3 { end += 1 }
    guard index > 0, end < text.count, end - index < 3, text[index - 1] != 0x2A else { return nil }
    // A space on one side is where the emphasis starts or ends.
    let (before, after) = (text[index - 1], text[end])
    let isInside = isMarkedSign(before) && isMarkedSign(after)
    return isInside || isMarkedSign(after) && before == 0x20 && after &- 0x30 < 10
        || isMarkedSign(before) && after == 0x20 && before &- 0x30 < 10 ? (nil, end - index) : nil
}

/// Tags of HTML that break no word, between the signs of a value.
private func inlineTag(
    _ text: UnsafeBufferPointer<UInt8>,
    at index: Int
) -> (byte: UInt8?, length: Int)? {
    guard index > 0, isMarkedSign(text[index - 1]) || text[index - 1] == 0x3E else { return nil }
    var start = index + 1
    if start < text.count, text[start] == 0x2F { start += 1 }
    var end = start
    while end < text.count, end - start < 8, (text[end] | 0x20) &- 0x61 < 26 { end += 1 }
    let name = text[start..<end].map { $0 | 0x20 }
    if name.isEmpty, start == index + 1 { return comment(text, at: index) }
    guard inlineTags.contains(name) else { return nil }
    while end < text.count, end - start < 96, text[end] != 0x3E, text[end] != 0x3C { end += 1 }
    guard end + 1 < text.count, text[end] == 0x3E,
        isMarkedSign(text[end + 1]) || text[end + 1] == 0x3C
    else { return nil }
    return (nil, end + 1 - index)
}

/// `<!-- … -->` of at most 96 bytes.
private func comment(
    _ text: UnsafeBufferPointer<UInt8>,
    at index: Int
) -> (byte: UInt8?, length: Int)? {
    guard "<!--".utf8.elementsEqual(text[index..<min(index + 4, text.count)]) else { return nil }
    var end = index + 4
    while end + 2 < text.count, end - index < 96,
        !(text[end] == 0x2D && text[end + 1] == 0x2D && text[end + 2] == 0x3E)
    {
        end += 1
    }
    guard end + 3 < text.count, text[end + 2] == 0x3E, isMarkedSign(text[end + 3]) else {
        return nil
    }
    return (nil, end + 3 - index)
}

private let inlineTags: Set<[UInt8]> = Set(
    "a b i u s em strong span font mark small wbr code".split(separator: " ").map { Array($0.utf8) }
)

private func isMarkedSign(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || byte == 0x40 || byte == 0x2E || byte == 0x2D || byte == 0x2B
}

/// `[at]`, ` (at) `, `{dot}`, `(a)` before a host, ` AT ` between words: with the spaces around.
private func obfuscation(
    _ text: UnsafeBufferPointer<UInt8>,
    at start: Int
) -> (byte: UInt8?, length: Int)? {
    var index = start
    while index < text.count, index - start < 2, text[index] == 0x20 { index += 1 }
    guard start > 0, index < text.count, isAlphanumeric(text[start - 1]) else { return nil }
    let open = text[index]
    // `-at-`, `*dot*`: the same sign on both sides of the word, between spaces.
    let isDelimiter = index > start && "-*|#~\"'".utf8.contains(open)
    guard open == 0x28 || open == 0x5B || open == 0x7B || open == 0x3C || isDelimiter else {
        return index > start ? spokenSign(text, at: start) : nil
    }
    index += 1
    if index < text.count, text[index] == 0x20 { index += 1 }
    var sign: UInt8?
    var needsHost = false
    for (word, byte) in obfuscationWords {
        guard index + word.count < text.count else { continue }
        let isWord = word.indices.allSatisfy { text[index + $0] | 0x20 == word[$0] | 0x20 }
        if isWord {
            sign = byte
            needsHost = word.elementsEqual("a".utf8)
            index += word.count
            break
        }
    }
    guard sign != nil else { return nil }
    if index < text.count, text[index] == 0x20 { index += 1 }
    let close: UInt8 = isDelimiter ? open : open == 0x28 ? 0x29 : open + 2
    guard index < text.count, text[index] == close else { return nil }
    index += 1
    var end = index
    while end < text.count, end - index < 2, text[end] == 0x20 { end += 1 }
    guard end < text.count, isAlphanumeric(text[end]) else { return nil }
    // `(a)` numbers paragraphs too.
    if needsHost, !isHostName(text, from: end) { return nil }
    return (sign, end - start)
}

private let obfuscationWords: [([UInt8], UInt8)] = [
    (Array("at".utf8), 0x40), (Array("dot".utf8), 0x2E), (Array("punkt".utf8), 0x2E),
    (Array("point".utf8), 0x2E), (Array("punto".utf8), 0x2E), (Array("@".utf8), 0x40),
    (Array(".".utf8), 0x2E), (Array("arroba".utf8), 0x40), (Array("ät".utf8), 0x40),
    (Array("arobase".utf8), 0x40), (Array("klammeraffe".utf8), 0x40),
    (Array("chiocciola".utf8), 0x40), (Array("a".utf8), 0x40),
    (Array("małpa".utf8), 0x40), (Array("kropka".utf8), 0x2E), (Array("ponto".utf8), 0x2E),
    (Array("d".utf8), 0x2E),
]
