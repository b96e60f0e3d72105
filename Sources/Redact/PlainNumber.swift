internal import Bytes

/// The end of a number that is none of the kinds; nearly every number in prose is such.
///
/// Up to five digits, no letter beside them, no other digits near enough to belong to them; or a decimal or a
/// version of few digits. All in the first comparisons: this is asked for each number of a text.
@inline(__always)
func plainNumberEnd(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
    guard start > 1, start + 16 < text.count else { return nil }
    var end = start + 1
    while end - start < 6, text[end].isASCIIDigit { end += 1 }
    let before = text[start - 1]
    guard end - start < 6, ByteClass.of(before) & ByteClass.word == 0 else { return nil }
    if before == 0x2D, end - start > 2 || !endsWord(text, before: start - 1) { return nil }
    if text[end] == 0x2E, end - start <= 3, before != 0x2E, before != 0x2C, before != 0x2D,
        text[end + 1].isASCIIDigit
    {
        end = versionEnd(text, from: end)
    } else if end - start >= 3, text[end + 1].isASCIIDigit, text[end] > 0x20, text[end] != 0x2C {
        // `4111:1111:1111:1111`
        return nil
    }
    let after = text[end]
    guard after < 0x80, ByteClass.of(after) & ByteClass.word == 0 else { return nil }
    if after == 0x2D || after == 0x2E, ByteClass.of(text[end + 1]) & ByteClass.word != 0 {
        return nil
    }
    for index in end..<end + 4 {
        let byte = text[index]
        if byte == 0x20 || byte &- 0x28 < 2 || byte &- 0x2D < 3 { continue }
        return byte >= 0x80 || byte.isASCIIDigit ? nil : end
    }
    return end
}

/// Whether what is before the hyphen at `hyphen` is a word, as in `UTF-8`, not a number or another sign.
@inline(__always)
private func endsWord(_ text: UnsafeBufferPointer<UInt8>, before hyphen: Int) -> Bool {
    ByteClass.of(text[hyphen - 1]) & ByteClass.letter != 0
}

/// Past `.11` or `.11.2` after the first number of a version: too few digits for a date or an address.
@inline(__always)
private func versionEnd(_ text: UnsafeBufferPointer<UInt8>, from point: Int) -> Int {
    var end = point + 2
    if text[end].isASCIIDigit { end += 1 }
    if text[end] == 0x2E, text[end + 1].isASCIIDigit, !text[end + 2].isASCIIDigit { end += 2 }
    return end
}

/// The end of one or two digits inside a name, such as `int32_t` or `html5`; nil where a value could have
/// them: a code of a scheme has six letters first or more digits near, an IBAN two letters and two digits.
@inline(__always)
func nameDigitsEnd(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
    guard start > 8, start + 32 < text.count else { return nil }
    // Letters that are hexadecimal digits may be of an address.
    guard text[start - 1] &- 0x67 < 20, !text[start + 4].isASCIIDigit else { return nil }
    let end = text[start + 1].isASCIIDigit ? start + 2 : start + 1
    let after = text[end]
    guard !after.isASCIIDigit, after < 0x80 else { return nil }
    let isJoined = ByteClass.of(after) & ByteClass.word != 0
    guard isJoined || ByteClass.of(text[end + 1]) & ByteClass.letter != 0, after != 0x40 else {
        return nil
    }
    var first = start - 1
    while start - first < 8, ByteClass.of(text[first - 1]) & ByteClass.alphanumeric != 0 {
        first -= 1
    }
    guard start - first != 6, start - first > 2 || end - start == 1 else { return nil }
    // The word of a wallet is longer.
    var last = end
    while last - end < 16, ByteClass.of(text[last]) & ByteClass.alphanumeric != 0 { last += 1 }
    return last - end < 16 && start - first < 8 ? end : nil
}

/// The end of a date such as `2014-06-21` at `start` that was found to be no value: its parts are none either.
func isoDateEnd(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
    guard start + 11 < text.count else { return nil }
    for offset in 0..<10 where offset != 4 && offset != 7 {
        guard text[start + offset].isASCIIDigit else { return nil }
    }
    guard text[start + 4] == 0x2D, text[start + 7] == 0x2D else { return nil }
    let after = text[start + 10]
    guard ByteClass.of(after) & ByteClass.word == 0, after != 0x2D, after != 0x2E, after < 0x80
    else { return nil }
    return start + 10
}
