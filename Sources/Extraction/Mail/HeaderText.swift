internal import Bytes

/// The text of a header field: unfolded, with its encoded words decoded.
///
/// - Input: the field's value as in the file.
/// - Output: one line without blanks at its ends; what is malformed stays as it is written.
/// - Complexity: O(n).
/// - Source: RFC 5322 §2.2.3, RFC 2047. Words are decoded wherever they stand, inside quotes and next to
///   other characters too, as mail programs do; a character may be split between two words.
func headerText(_ value: some Collection<UInt8>) -> String {
    let bytes = Array(value)
    var text: [UInt8] = []
    var pending: (charset: String, bytes: [UInt8])?
    func flush() {
        guard let word = pending else { return }
        text += decodedMailText(word.bytes, charset: word.charset).utf8
        pending = nil
    }
    var index = 0
    var plainStart = 0
    while index < bytes.count {
        guard bytes[index] == .equalsSign, let word = encodedWord(bytes, at: index) else {
            index += 1
            continue
        }
        let between = bytes[plainStart..<index]
        // Blanks between two words are no text.
        if pending == nil || !between.allSatisfy(\.isASCIISpace) {
            flush()
            text += decodedMailText(Array(between), charset: nil).utf8
        }
        if let last = pending, last.charset == word.charset {
            pending?.bytes += word.bytes
        } else {
            flush()
            pending = (word.charset, word.bytes)
        }
        index = word.end
        plainStart = index
    }
    flush()
    text += decodedMailText(Array(bytes[plainStart...]), charset: nil).utf8
    return oneLine(text)
}

/// Runs of blanks, line ends and controls become one space each.
private func oneLine(_ text: [UInt8]) -> String {
    var line: [UInt8] = []
    for byte in text {
        if byte > 0x20, byte != .delete {
            line.append(byte)
        } else if let last = line.last, last != .space {
            line.append(.space)
        }
    }
    if line.last == .space { line.removeLast() }
    return String(decoding: line, as: UTF8.self)
}

/// The encoded word `=?charset?encoding?text?=` at `start`.
private func encodedWord(
    _ bytes: [UInt8],
    at start: Int
) -> (charset: String, bytes: [UInt8], end: Int)? {
    guard start + 1 < bytes.count, bytes[start + 1] == .questionMark,
        let charsetEnd = fieldEnd(bytes, from: start + 2), charsetEnd > start + 2,
        charsetEnd + 2 < bytes.count, bytes[charsetEnd + 2] == .questionMark
    else { return nil }
    let textStart = charsetEnd + 3
    var textEnd = textStart
    while textEnd + 1 < bytes.count,
        !(bytes[textEnd] == .questionMark && bytes[textEnd + 1] == .equalsSign)
    {
        // A fold or a second start means that the word was never closed.
        guard bytes[textEnd] != .lineFeed, textEnd - textStart < encodedWordByteCountMax else {
            return nil
        }
        textEnd += 1
    }
    guard textEnd + 1 < bytes.count else { return nil }
    let text = bytes[textStart..<textEnd]
    let decoded: [UInt8]
    switch bytes[charsetEnd + 1].asciiLowercased {
    case UInt8(ascii: "b"): decoded = base64Decoded(text)
    case UInt8(ascii: "q"): decoded = quotedDecoded(text)
    default: return nil
    }
    // RFC 2231 §5: a language may follow the charset.
    let charset = bytes[(start + 2)..<charsetEnd].prefix { $0 != .asterisk }
    return (String(decoding: charset, as: UTF8.self).lowercased(), decoded, textEnd + 2)
}

/// RFC 2047 allows 75; many programs write longer ones.
private let encodedWordByteCountMax = 4_096

private func fieldEnd(_ bytes: [UInt8], from start: Int) -> Int? {
    var index = start
    while index < bytes.count, index - start <= 64 {
        if bytes[index] == .questionMark { return index }
        if bytes[index].isASCIISpace { return nil }
        index += 1
    }
    return nil
}

/// - Source: RFC 2047 §4.2.
private func quotedDecoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
    percentDecoded(text, escape: .equalsSign).map { $0 == .underscore ? .space : $0 }
}

/// Bytes with each `escape` and two hexadecimal digits replaced by the byte they stand for.
func percentDecoded(_ text: ArraySlice<UInt8>, escape: UInt8) -> [UInt8] {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(text.count)
    var index = text.startIndex
    while index < text.endIndex {
        if text[index] == escape, index + 2 < text.endIndex,
            let high = text[index + 1].asciiHexadecimalValue,
            let low = text[index + 2].asciiHexadecimalValue
        {
            decoded.append(UInt8(high << 4 | low))
            index += 3
        } else {
            decoded.append(text[index])
            index += 1
        }
    }
    return decoded
}

/// Base64 without a care for padding, blanks and what does not belong there (RFC 2045 §6.8).
private func base64Decoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var decoded: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for byte in text {
        guard let value = base64Value(byte) else { continue }
        bits = bits << 6 | value
        count += 6
        if count >= 8 {
            count -= 8
            decoded.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
    }
    return decoded
}

private func base64Value(_ byte: UInt8) -> UInt32? {
    switch byte {
    case 0x41...0x5A: UInt32(byte - 0x41)
    case 0x61...0x7A: UInt32(byte - 0x61) + 26
    case 0x30...0x39: UInt32(byte - 0x30) + 52
    case 0x2B: 62
    case 0x2F: 63
    default: nil
    }
}
