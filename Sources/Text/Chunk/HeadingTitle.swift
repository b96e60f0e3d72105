/// The most UTF-8 bytes of a heading kept in a chunk's path.
package let headingByteLimit = 200

/// The words of a Markdown heading: no number signs, rules, emphasis, code marks or link targets.
///
/// - Output: one line, at most ``headingByteLimit`` bytes, cut between scalars.
/// - Source: CommonMark 0.31, sections 4.2, 4.3 and 6.
func headingTitle(_ source: UnsafeBufferPointer<UInt8>) -> String {
    let line = titleLine(source)
    var title: [UInt8] = []
    title.reserveCapacity(min(line.count, headingByteLimit) + 4)
    var offset = line.lowerBound
    /// Open brackets that are text, such as that of a placeholder.
    var plainBrackets = 0
    // One byte more than the limit shows whether the title goes on.
    while offset < line.upperBound, title.count <= headingByteLimit {
        let byte = source[offset]
        switch byte {
        case UInt8(ascii: "\\") where offset + 1 < line.upperBound && isMark(source[offset + 1]):
            title.append(source[offset + 1])
            offset += 1
        case UInt8(ascii: "*"), UInt8(ascii: "`"):
            break
        case UInt8(ascii: "["):
            if !opensLink(source, at: offset, limit: line.upperBound) {
                title.append(byte)
                plainBrackets += 1
            }
        case UInt8(ascii: "!") where offset + 1 < line.upperBound && source[offset + 1] == 0x5B:
            break
        case UInt8(ascii: "]"):
            let end = linkTargetEnd(source, after: offset, limit: line.upperBound)
            if end == offset, plainBrackets > 0 {
                title.append(byte)
                plainBrackets -= 1
            }
            offset = end
        case UInt8(ascii: "_") where !isInsideWord(source, offset, line):
            break
        default:
            // Any run of white space is one space.
            if byte > 0x20 {
                title.append(byte)
            } else if title.last != 0x20, !title.isEmpty {
                title.append(0x20)
            }
        }
        offset += 1
    }
    return capped(title)
}

/// The line of the title itself, without `#` marks around it.
private func titleLine(_ source: UnsafeBufferPointer<UInt8>) -> Range<Int> {
    var start = 0
    while start < source.count, source[start] <= 0x20 { start += 1 }
    let marks = start
    while start < source.count, start < marks + 6, source[start] == 0x23 { start += 1 }
    // `#tag` is text.
    if start > marks, start < source.count, source[start] > 0x20 { start = marks }
    var end = start
    while end < source.count, source[end] != 0x0A { end += 1 }
    func trimEnd() {
        while end > start, source[end - 1] <= 0x20 { end -= 1 }
    }
    trimEnd()
    var closing = end
    while closing > start, source[closing - 1] == 0x23 { closing -= 1 }
    if closing < end, closing == start || source[closing - 1] <= 0x20 {
        end = closing
        trimEnd()
    }
    return start..<end
}

/// Whether the bracket at `offset` may begin a link.
///
/// It does where the next closing one has a target or label, or is too far away to tell; `[EMAIL]` has
/// neither.
private func opensLink(
    _ source: UnsafeBufferPointer<UInt8>,
    at offset: Int,
    limit: Int
) -> Bool {
    let limit = min(limit, offset + headingByteLimit)
    var end = offset + 1
    while end < limit, source[end] != UInt8(ascii: "]") { end += 1 }
    guard end < limit else { return true }
    guard end + 1 < limit else { return false }
    return source[end + 1] == UInt8(ascii: "(") || source[end + 1] == UInt8(ascii: "[")
}

/// The offset of the last byte of `](target)` or `][label]`, or of the bracket alone.
private func linkTargetEnd(
    _ source: UnsafeBufferPointer<UInt8>,
    after bracket: Int,
    limit: Int
) -> Int {
    guard bracket + 1 < limit else { return bracket }
    let close: UInt8
    switch source[bracket + 1] {
    case UInt8(ascii: "("): close = UInt8(ascii: ")")
    case UInt8(ascii: "["): close = UInt8(ascii: "]")
    default: return bracket
    }
    var offset = bracket + 2
    while offset < limit, source[offset] != close { offset += 1 }
    return offset < limit ? offset : bracket
}

private func isMark(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
    default: false
    }
}

/// Whether a `_` stands between two letters or digits, where it is part of a name.
private func isInsideWord(
    _ source: UnsafeBufferPointer<UInt8>,
    _ offset: Int,
    _ line: Range<Int>
) -> Bool {
    guard offset > line.lowerBound, offset + 1 < line.upperBound else { return false }
    func isWord(_ byte: UInt8) -> Bool { byte > 0x20 && (!isMark(byte) || byte == 0x5F) }
    return isWord(source[offset - 1]) && isWord(source[offset + 1])
}

private func capped(_ title: [UInt8]) -> String {
    var count = title.count
    if count > headingByteLimit {
        count = headingByteLimit
        while count > 0, title[count] & 0xC0 == 0x80 { count -= 1 }
    }
    while count > 0, title[count - 1] == 0x20 { count -= 1 }
    return String(decoding: title[..<count], as: UTF8.self)
}
