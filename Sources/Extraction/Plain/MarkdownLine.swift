/// An opening code fence.
struct MarkdownFence {
    var mark: UInt8
    var length: Int

    func isClosed(by line: TextLine, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        let content = text[line.contentStart..<line.contentEnd]
        return content.count >= self.length && content.allSatisfy { $0 == self.mark }
    }
}

/// The fence a line opens: three or more backticks or tildes.
func markdownFence(_ text: UnsafeBufferPointer<UInt8>, _ line: TextLine) -> MarkdownFence? {
    let content = text[line.contentStart..<line.contentEnd]
    guard let mark = content.first, mark == 0x60 || mark == 0x7E else { return nil }
    let length = content.prefix { $0 == mark }.count
    guard length >= 3 else { return nil }
    // An inline code span may start a line.
    if mark == 0x60, content.dropFirst(length).contains(0x60) { return nil }
    return MarkdownFence(mark: mark, length: length)
}

/// 1 to 6 for `#` to `######` followed by a blank or the line's end.
func atxLevel(_ text: UnsafeBufferPointer<UInt8>, _ line: TextLine) -> Int? {
    let content = text[line.contentStart..<line.contentEnd]
    let level = content.prefix { $0 == 0x23 }.count
    guard level >= 1, level <= 6 else { return nil }
    guard let next = content.dropFirst(level).first else { return level }
    return next == 0x20 || next == 0x09 ? level : nil
}

/// 1 for a line of `=`, 2 for a line of `-`.
func setextLevel(_ text: UnsafeBufferPointer<UInt8>, _ line: TextLine) -> Int? {
    let content = text[line.contentStart..<line.contentEnd]
    guard let mark = content.first, mark == 0x3D || mark == 0x2D else { return nil }
    return content.allSatisfy { $0 == mark } ? (mark == 0x3D ? 1 : 2) : nil
}

/// Three or more `*`, `-` or `_`, blanks between allowed.
func isThematicBreak(_ text: UnsafeBufferPointer<UInt8>, _ line: TextLine) -> Bool {
    let content = text[line.contentStart..<line.contentEnd]
    guard let mark = content.first, mark == 0x2A || mark == 0x2D || mark == 0x5F else {
        return false
    }
    var count = 0
    for byte in content {
        if byte == mark {
            count += 1
        } else if byte != 0x20, byte != 0x09 {
            return false
        }
    }
    return count >= 3
}

struct MarkdownMarker {
    /// nil for bullets.
    var number: Int?
    /// Bytes from the start of the line's content to the item's text.
    var length: Int
    /// The column the item's text starts in.
    var contentIndent: Int
}

/// The list marker a line starts with: `-`, `*`, `+`, `1.` or `1)` and a blank.
func markdownMarker(_ text: UnsafeBufferPointer<UInt8>, _ line: TextLine) -> MarkdownMarker? {
    let content = text[line.contentStart..<line.contentEnd]
    guard let first = content.first else { return nil }
    var length = 1
    var number: Int?
    if first >= 0x30, first <= 0x39 {
        let digits = content.prefix { $0 >= 0x30 && $0 <= 0x39 }
        guard digits.count <= 9, let mark = content.dropFirst(digits.count).first,
            mark == 0x2E || mark == 0x29
        else { return nil }
        length = digits.count + 1
        number = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    } else if first != 0x2D, first != 0x2A, first != 0x2B {
        return nil
    }
    guard let next = content.dropFirst(length).first, next == 0x20 || next == 0x09 else {
        return nil
    }
    let blanks = content.dropFirst(length).prefix { $0 == 0x20 || $0 == 0x09 }.count
    return MarkdownMarker(
        number: number,
        length: length + blanks,
        contentIndent: line.indent + length + (blanks > 4 ? 1 : blanks)
    )
}

/// `| --- | :-: |` and the like.
func isTableDelimiter(_ text: UnsafeBufferPointer<UInt8>, _ line: TextLine) -> Bool {
    let content = text[line.contentStart..<line.contentEnd]
    var hasDash = false
    var hasPipe = false
    for byte in content {
        switch byte {
        case 0x2D: hasDash = true
        case 0x7C: hasPipe = true
        case 0x3A, 0x20, 0x09: break
        default: return false
        }
    }
    return hasDash && hasPipe
}

/// `[^label]: text`.
func isFootnoteDefinition(_ text: UnsafeBufferPointer<UInt8>, _ line: TextLine) -> Bool {
    guard line.indent < 4, !line.isBlank else { return false }
    let content = text[line.contentStart..<line.contentEnd]
    guard content.starts(with: [0x5B, 0x5E]), let close = content.firstIndex(of: 0x5D) else {
        return false
    }
    return close + 1 < content.endIndex && text[close + 1] == 0x3A && close - content.startIndex > 2
}

func containsCommentEnd(_ bytes: some Collection<UInt8>) -> Bool {
    var dashes = 0
    for byte in bytes {
        if byte == 0x3E, dashes >= 2 { return true }
        dashes = byte == 0x2D ? dashes + 1 : 0
    }
    return false
}
