internal import Bytes

/// The text of a JSON string: escapes decoded, pairs of surrogates joined, halves of them replaced.
///
/// - Input: the bytes between the quotes.
/// - Source: RFC 8259 §7; JSON5 1.0.0 §5 for `\x41`, `\'` and line ends behind a backslash.
func decodedJSONString(_ source: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    guard source.contains(.backslash) else { return withUnixLineEnds(Array(source)) }
    var output: [UInt8] = []
    output.reserveCapacity(source.count)
    var index = 0
    while index < source.count {
        let byte = source[index]
        guard byte == .backslash, index + 1 < source.count else {
            output.append(byte)
            index += 1
            continue
        }
        index += 2
        switch source[index - 1] {
        case UInt8(ascii: "n"), UInt8(ascii: "f"): output.append(.lineFeed)
        case UInt8(ascii: "t"): output.append(.tab)
        case UInt8(ascii: "r"): output.append(.carriageReturn)
        case UInt8(ascii: "b"), UInt8(ascii: "v"): output.append(.space)
        case .lineFeed: break
        case UInt8(ascii: "u"):
            let scalar = escapedScalar(in: source, &index)
            // Kept until the end, since what it begins goes with it.
            if scalar == 0x1B { output.append(0x1B) } else { appendScalar(scalar, to: &output) }
        case UInt8(ascii: "x"):
            let value = hexadecimal(in: source, at: index, digits: 2)
            appendScalar(value ?? 0xFFFD, to: &output)
            if value != nil { index += 2 }
        case let escaped: output.append(escaped)
        }
    }
    return withUnixLineEnds(withoutTerminalCodes(output))
}

/// The scalar whose digits are at `index`, with the half that follows it.
private func escapedScalar(in source: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> UInt32 {
    guard let high = hexadecimal(in: source, at: index, digits: 4) else { return 0xFFFD }
    index += 4
    guard high & 0xF800 == 0xD800 else { return high }
    guard high < 0xDC00, index + 6 <= source.count, source[index] == .backslash,
        source[index + 1] == UInt8(ascii: "u"),
        let low = hexadecimal(in: source, at: index + 2, digits: 4), low & 0xFC00 == 0xDC00
    else { return 0xFFFD }
    index += 6
    return 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
}

private func hexadecimal(
    in source: UnsafeBufferPointer<UInt8>,
    at start: Int,
    digits: Int
) -> UInt32? {
    guard start + digits <= source.count else { return nil }
    var value: UInt32 = 0
    for byte in source[start..<start + digits] {
        guard let digit = byte.asciiHexadecimalValue else { return nil }
        value = value << 4 | UInt32(digit)
    }
    return value
}

/// Without the escapes that colour text in a terminal.
///
/// - Source: ECMA-48 §5.4, control sequences.
private func withoutTerminalCodes(_ text: [UInt8]) -> [UInt8] {
    guard text.contains(0x1B) else { return text }
    var output: [UInt8] = []
    var index = 0
    while index < text.count {
        if text[index] == 0x1B, index + 1 < text.count, text[index + 1] == .leftBracket {
            index += 2
            while index < text.count, text[index] < 0x40 { index += 1 }
        } else if text[index] != 0x1B {
            output.append(text[index])
        }
        index += 1
    }
    return output
}
