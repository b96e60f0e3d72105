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
        return convert(Array(bytes.dropFirst(length)), from: encoding, isGuessed: false)
    }
    if let declared, let encoding = WebEncoding(label: declared), encoding != .utf8 {
        return convert(bytes, from: encoding, isGuessed: false)
    }
    let shape = bytes.withUnsafeBufferPointer(UTF8Shape.init)
    if readsMeta, shape.multibyteCount == 0, let encoding = escapedEncoding(of: bytes) {
        return convert(bytes, from: encoding, isGuessed: false)
    }
    if shape.isValid, !shape.hasNUL {
        return DecodedText(utf8: bytes, charset: "utf-8", isGuessed: false, replaced: 0)
    }
    if let encoding = bytes.withUnsafeBufferPointer(unmarkedUTF16) {
        return convert(bytes, from: encoding, isGuessed: true)
    }
    if shape.isValid {
        return DecodedText(utf8: bytes, charset: "utf-8", isGuessed: false, replaced: 0)
    }
    let label = readsMeta ? bytes.withUnsafeBufferPointer(declaredCharset) : nil
    // A meta that is readable as ASCII cannot be in UTF-16 (WHATWG HTML §13.2.3.2).
    if let label, let encoding = WebEncoding(label: label), encoding != .utf8, !encoding.isUTF16 {
        return convert(bytes, from: encoding, isGuessed: false)
    }
    if shape.isMostlyUTF8 {
        return convert(bytes, from: .utf8, isGuessed: false)
    }
    return convert(bytes, from: guess(bytes), isGuessed: true)
}

/// ISO-2022-JP writes Japanese in ASCII bytes between escapes, so only its label tells it apart.
private func escapedEncoding(of bytes: [UInt8]) -> WebEncoding? {
    bytes.withUnsafeBufferPointer { bytes in
        guard firstIndex(of: 0x1B, in: bytes, from: 0) != nil,
            let label = declaredCharset(in: bytes), let encoding = WebEncoding(label: label),
            encoding.name == "iso-2022-jp"
        else { return nil }
        return encoding
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

/// UTF-16 without a mark: nearly every second byte of markup is NUL.
private func unmarkedUTF16(_ bytes: UnsafeBufferPointer<UInt8>) -> WebEncoding? {
    let window = bytes.prefix(4_096)
    var zeros = (even: 0, odd: 0)
    for (index, byte) in window.enumerated() where byte == 0 {
        if index.isMultiple(of: 2) { zeros.even += 1 } else { zeros.odd += 1 }
    }
    let half = window.count / 2
    guard half > 2 else { return nil }
    if zeros.odd * 10 > half * 4, zeros.even * 20 < half { return .utf16LittleEndian }
    if zeros.even * 10 > half * 4, zeros.odd * 20 < half { return .utf16BigEndian }
    return nil
}

private func guess(_ bytes: [UInt8]) -> WebEncoding {
    let window = min(bytes.count, 65_536)
    let name = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { name -> String? in
        let confidence = bytes.withUnsafeBytes {
            cicu_detect($0.bindMemory(to: CChar.self).baseAddress, window, name.baseAddress, 64)
        }
        // Below this, on short text, the detector names exotic charsets for Western European bytes.
        guard confidence >= 30, let base = name.baseAddress else { return nil }
        return String(cString: base)
    }
    guard let name, let encoding = WebEncoding(label: name), encoding != .utf8, !encoding.isUTF16
    else { return .windows1252 }
    return encoding
}

private func convert(_ bytes: [UInt8], from encoding: WebEncoding, isGuessed: Bool) -> DecodedText {
    if encoding == .utf8, bytes.withUnsafeBufferPointer({ UTF8Shape($0).isValid }) {
        return DecodedText(utf8: bytes, charset: "utf-8", isGuessed: isGuessed, replaced: 0)
    }
    // A byte becomes at most three: U+FFFD, or one unit of the Basic Multilingual Plane.
    let capacity = bytes.count * 3 + 16
    var replaced = 0
    let utf8 = [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
        let written = bytes.withUnsafeBytes { input in
            cicu_convert(
                encoding.converter,
                input.bindMemory(to: CChar.self).baseAddress,
                input.count,
                UnsafeMutableRawPointer(output.baseAddress)?.assumingMemoryBound(to: CChar.self),
                capacity,
                &replaced
            )
        }
        count = max(0, written)
    }
    return DecodedText(
        utf8: utf8,
        charset: encoding.name,
        isGuessed: isGuessed,
        replaced: replaced
    )
}
