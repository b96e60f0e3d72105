internal import CICU

/// The charset that bytes without any declaration are most likely in.
///
/// ICU tells the charsets of East Asia apart, in which text hardly decodes by chance; the letters of
/// languages tell the single-byte ones apart.
func guessedCharset(of bytes: UnsafeBufferPointer<UInt8>) -> WebEncoding {
    let window = UnsafeBufferPointer(rebasing: bytes.prefix(guessWindowBytes))
    let detected = detectedCharset(of: window)
    if let detected, multibyteCharsets.contains(detected.name),
        isDecodable(window, from: detected)
    {
        return detected
    }
    if let encoding = likelySingleByteCharset(of: window) { return encoding }
    guard let detected, !multibyteCharsets.contains(detected.name) else { return .windows1252 }
    return detected
}

private let guessWindowBytes = 64 << 10

private let multibyteCharsets: Set<String> = [
    "shift_jis", "euc-jp", "euc-kr", "gb18030", "big5", "iso-2022-jp",
]

private func detectedCharset(of bytes: UnsafeBufferPointer<UInt8>) -> WebEncoding? {
    let name = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { name -> String? in
        let confidence = UnsafeRawBufferPointer(bytes).withMemoryRebound(to: CChar.self) {
            cicu_detect($0.baseAddress, $0.count, name.baseAddress, 64)
        }
        // Below this, on short text, the detector names exotic charsets for Western European bytes.
        guard confidence >= 30, let base = name.baseAddress else { return nil }
        return String(cString: base)
    }
    guard let name, let encoding = WebEncoding(label: name), encoding != .utf8, !encoding.isUTF16
    else { return nil }
    return encoding
}

/// Whether at most one sequence in a thousand bytes, and one that the window cuts, is malformed.
private func isDecodable(_ bytes: UnsafeBufferPointer<UInt8>, from encoding: WebEncoding) -> Bool {
    let decoded = convert(UnsafeRawBufferPointer(bytes), from: encoding, isGuessed: true)
    return decoded.replaced <= 1 + bytes.count / 1_000
}

/// UTF-16 without a mark.
///
/// Text in any language has blanks, stops or line ends, and each of them a byte that no other charset
/// of text has; read the wrong way round it has few of them.
func unmarkedUTF16(_ bytes: UnsafeBufferPointer<UInt8>) -> WebEncoding? {
    let window = UnsafeBufferPointer(rebasing: bytes.prefix(4_096))
    guard window.count >= 4, window.contains(where: { $0 <= 0x02 }) else { return nil }
    // A stray NUL in UTF-8 is no UTF-16: that has one in each blank, or in each letter.
    let zeroCount = window.reduce(0) { $0 + ($1 == 0 ? 1 : 0) }
    let isUTF8 = UTF8Shape(window).malformedCount <= 1
    guard !isUTF8 || zeroCount * 16 > window.count else { return nil }
    let little = UTF16Shape(window, isLittleEndian: true)
    let big = UTF16Shape(window, isLittleEndian: false)
    let best = little.commonCount >= big.commonCount ? little : big
    guard best.isText else { return nil }
    return little.commonCount >= big.commonCount ? .utf16LittleEndian : .utf16BigEndian
}

private struct UTF16Shape {
    private var unitCount = 0
    /// ASCII, and the punctuation of East Asia.
    private(set) var commonCount = 0
    /// Controls, lone surrogates and code points that mean nothing.
    private var strangeCount = 0

    /// Prose has a blank or a stop among a hundred characters.
    var isText: Bool {
        self.commonCount * 100 >= self.unitCount && self.strangeCount * 50 < self.unitCount
    }

    init(_ bytes: UnsafeBufferPointer<UInt8>, isLittleEndian: Bool) {
        var pendingLead = false
        for index in stride(from: 0, to: bytes.count - 1, by: 2) {
            let first = UInt32(bytes[index])
            let second = UInt32(bytes[index + 1])
            let unit = isLittleEndian ? second << 8 | first : first << 8 | second
            self.unitCount += 1
            let isTrail = (0xDC00...0xDFFF).contains(unit)
            if pendingLead != isTrail { self.strangeCount += 1 }
            pendingLead = (0xD800...0xDBFF).contains(unit)
            switch unit {
            case 0x09, 0x0A, 0x0D, 0x20...0x7E: self.commonCount += 1
            case 0x3000...0x3002, 0xFF01, 0xFF0C, 0xFF1F: self.commonCount += 1
            case 0xD800...0xDFFF: break
            default:
                // Unassigned, control and private use.
                if [0, 15, 17].contains(cicu_general_category(unit)) { self.strangeCount += 1 }
            }
        }
    }
}
