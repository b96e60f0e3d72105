/// Finds the charset an HTML page declares in its first bytes.
///
/// - Input: the page's bytes; only the first `prescanByteCount` are read.
/// - Output: the label as written, or nil.
/// - Complexity: O(`prescanByteCount`).
/// - Source: WHATWG HTML §13.2.3.2, "prescan a byte stream to determine its encoding", with a wider
///   window: real pages put long comments and scripts before their meta.
func declaredCharset(in bytes: UnsafeBufferPointer<UInt8>) -> String? {
    let window = UnsafeBufferPointer(rebasing: bytes.prefix(prescanByteCount))
    if window.starts(with: "<?xml".utf8), let close = window.firstIndex(of: 0x3E),
        let label = value(of: "encoding", in: UnsafeBufferPointer(rebasing: window[..<close]))
    {
        return label
    }
    var index = 0
    while let open = window[index...].firstIndex(of: 0x3C) {
        let rest = UnsafeBufferPointer(rebasing: window[open...])
        if rest.starts(with: "<!--".utf8) {
            index = endOfComment(in: window, from: open)
        } else if startsTag("meta", rest), let close = rest.firstIndex(of: 0x3E) {
            let tag = UnsafeBufferPointer(rebasing: rest[..<close])
            if let label = value(of: "charset", in: tag) { return label }
            index = open + close
        } else {
            index = open + 1
        }
    }
    return nil
}

/// The standard reads 1,024 bytes; this many keeps pages whose head begins with a long comment.
private let prescanByteCount = 8_192

private func endOfComment(in window: UnsafeBufferPointer<UInt8>, from open: Int) -> Int {
    var index = open + 2
    while index + 2 < window.count {
        if window[index] == 0x2D, window[index + 1] == 0x2D, window[index + 2] == 0x3E {
            return index + 3
        }
        index += 1
    }
    return window.count
}

private func startsTag(_ name: StaticString, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard bytes.count > name.utf8CodeUnitCount + 1 else { return false }
    for offset in 0..<name.utf8CodeUnitCount
    where bytes[offset + 1] | 0x20 != name.utf8Start[offset] {
        return false
    }
    let next = bytes[name.utf8CodeUnitCount + 1]
    return next <= 0x20 || next == 0x2F
}

/// What follows `name=` anywhere in a tag, which covers `content="text/html; charset=x"` as well.
private func value(of name: StaticString, in tag: UnsafeBufferPointer<UInt8>) -> String? {
    let length = name.utf8CodeUnitCount
    var index = 0
    while index + length < tag.count {
        var matched = 0
        while matched < length, tag[index + matched] | 0x20 == name.utf8Start[matched] {
            matched += 1
        }
        guard matched == length else {
            index += 1
            continue
        }
        var cursor = index + length
        while cursor < tag.count, tag[cursor] <= 0x20 { cursor += 1 }
        guard cursor < tag.count, tag[cursor] == 0x3D else {
            index += length
            continue
        }
        cursor += 1
        while cursor < tag.count, isBlankOrQuote(tag[cursor]) { cursor += 1 }
        let start = cursor
        while cursor < tag.count, !isBlankOrQuote(tag[cursor]), !isEndOfLabel(tag[cursor]) {
            cursor += 1
        }
        return cursor > start ? String(decoding: tag[start..<cursor], as: UTF8.self) : nil
    }
    return nil
}

private func isBlankOrQuote(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == 0x22 || byte == 0x27
}

private func isEndOfLabel(_ byte: UInt8) -> Bool {
    byte == 0x3B || byte == 0x2F || byte == 0x3E || byte == 0x3F
}
