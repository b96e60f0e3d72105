internal import Bytes
internal import CICU

/// Text in UTF-8 and how its charset was found.
package struct DecodedText: Sendable {
    /// Valid UTF-8 without a byte order mark.
    package var utf8: [UInt8]
    /// Lower-case name of the charset the bytes were read as.
    package var charset: String
    /// True where neither the bytes nor a declaration settled the charset.
    package var isGuessed: Bool
    /// How many malformed sequences became U+FFFD.
    package var replaced: Int
}

/// Decodes a web page to UTF-8.
///
/// The order of trust: byte order mark, declaration by the source, validity as UTF-8, the page's own
/// meta, statistics. A declared UTF-8 that the bytes contradict is not believed.
///
/// - Input: `declared` is the charset the source named, such as an HTTP header's.
/// - Output: valid UTF-8; the input array itself where it is valid UTF-8 already.
/// - Complexity: O(n).
package func decodeHTML(_ bytes: [UInt8], declared: String? = nil) -> DecodedText {
    decode(bytes, declared: declared, readsMeta: true)
}

/// Decodes plain text to UTF-8: as ``decodeHTML(_:declared:)``, without looking for a meta element.
package func decodeText(_ bytes: [UInt8], declared: String? = nil) -> DecodedText {
    decode(bytes, declared: declared, readsMeta: false)
}

private func decode(_ bytes: [UInt8], declared: String?, readsMeta: Bool) -> DecodedText {
    if let (encoding, length) = byteOrderMark(of: bytes) {
        return convert(bytes.dropFirst(length), from: encoding, isGuessed: false)
    }
    if let declared, let encoding = WebEncoding(label: declared), encoding != .utf8 {
        return convert(bytes[...], from: encoding, isGuessed: false)
    }
    let shape = bytes.withUnsafeBufferPointer(UTF8Shape.init)
    if shape.multibyteCount == 0, shape.isValid,
        let encoding = escapedEncoding(of: bytes, readsMeta: readsMeta)
    {
        return convert(bytes[...], from: encoding, isGuessed: !readsMeta)
    }
    if shape.isValid, !shape.hasNUL {
        return DecodedText(utf8: bytes, charset: "utf-8", isGuessed: false, replaced: 0)
    }
    if let encoding = bytes.withUnsafeBufferPointer(unmarkedUTF16) {
        return convert(bytes[...], from: encoding, isGuessed: true)
    }
    if shape.isValid {
        return DecodedText(utf8: bytes, charset: "utf-8", isGuessed: false, replaced: 0)
    }
    let label = readsMeta ? bytes.withUnsafeBufferPointer(declaredCharset) : nil
    // A meta that is readable as ASCII cannot be in UTF-16 (WHATWG HTML §13.2.3.2).
    if let label, let encoding = WebEncoding(label: label), encoding != .utf8, !encoding.isUTF16 {
        return convert(bytes[...], from: encoding, isGuessed: false)
    }
    if shape.isMostlyUTF8 {
        return convert(bytes[...], from: .utf8, isGuessed: false)
    }
    let encoding = bytes.withUnsafeBufferPointer(guessedCharset)
    return convert(bytes[...], from: encoding, isGuessed: true)
}

/// ISO-2022-JP writes Japanese in ASCII bytes between escapes: its label tells it apart, or in plain
/// text the escapes to JIS X 0208 and back.
private func escapedEncoding(of bytes: [UInt8], readsMeta: Bool) -> WebEncoding? {
    bytes.withUnsafeBufferPointer { window in
        guard firstIndex(of: 0x1B, in: window, from: 0) != nil,
            let encoding = WebEncoding(label: "iso-2022-jp")
        else { return nil }
        if readsMeta {
            let label = declaredCharset(in: window)
            return label.flatMap(WebEncoding.init(label:)) == encoding ? encoding : nil
        }
        let opens = [Array("\u{1B}$B".utf8), Array("\u{1B}$@".utf8)]
        let closes = [Array("\u{1B}(B".utf8), Array("\u{1B}(J".utf8)]
        let isJapanese =
            opens.contains { bytes.firstRange(of: $0) != nil }
            && closes.contains { bytes.firstRange(of: $0) != nil }
        return isJapanese ? encoding : nil
    }
}

private func byteOrderMark(of bytes: [UInt8]) -> (WebEncoding, Int)? {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
    if bytes.starts(with: [0xFF, 0xFE, 0x00, 0x00]) { return (.utf32LittleEndian, 4) }
    if bytes.starts(with: [0x00, 0x00, 0xFE, 0xFF]) { return (.utf32BigEndian, 4) }
    if bytes.starts(with: [0xFF, 0xFE]) { return (.utf16LittleEndian, 2) }
    if bytes.starts(with: [0xFE, 0xFF]) { return (.utf16BigEndian, 2) }
    return nil
}

private func convert(
    _ bytes: ArraySlice<UInt8>,
    from encoding: WebEncoding,
    isGuessed: Bool
) -> DecodedText {
    bytes.withUnsafeBytes { convert($0, from: encoding, isGuessed: isGuessed) }
}

func convert(
    _ bytes: UnsafeRawBufferPointer,
    from encoding: WebEncoding,
    isGuessed: Bool
) -> DecodedText {
    if encoding == .utf8, UTF8Shape(bytes.bindMemory(to: UInt8.self)).isValid {
        return DecodedText(utf8: Array(bytes), charset: "utf-8", isGuessed: isGuessed, replaced: 0)
    }
    // A byte becomes at most three, U+FFFD or one unit of the Basic Multilingual Plane; so do the two
    // bytes of a unit of UTF-16.
    let capacity = (encoding.isUTF16 ? bytes.count / 2 + 1 : bytes.count) * 3 + 16
    var replaced = 0
    let utf8 = [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
        let written = cicu_convert(
            encoding.converter,
            bytes.bindMemory(to: CChar.self).baseAddress,
            bytes.count,
            UnsafeMutableRawPointer(output.baseAddress)?.assumingMemoryBound(to: CChar.self),
            capacity,
            &replaced
        )
        count = max(0, written)
    }
    return DecodedText(
        utf8: replaced > 0 ? withReplacementCharacters(utf8) : utf8,
        charset: encoding.name,
        isGuessed: isGuessed,
        replaced: replaced
    )
}

/// ICU stands U+001A, not U+FFFD, for a single byte that means nothing in some charsets.
private func withReplacementCharacters(_ text: [UInt8]) -> [UInt8] {
    guard text.contains(0x1A) else { return text }
    return Array(text.map { $0 == 0x1A ? [0xEF, 0xBF, 0xBD] : [$0] }.joined())
}
