package import Bytes

/// An opening code fence.
package struct MarkdownFence {
    package var mark: UInt8
    package var length: Int

    package func isClosed(by line: TextLine, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        let content = text[line.contentStart..<line.contentEnd]
        return content.count >= self.length && content.allSatisfy { $0 == self.mark }
    }
}

/// The fence a line opens: three or more backticks or tildes.
package func markdownFence(_ text: UnsafeBufferPointer<UInt8>, _ line: TextLine) -> MarkdownFence? {
    let content = text[line.contentStart..<line.contentEnd]
    guard let mark = content.first, mark == .backtick || mark == .tilde else { return nil }
    let length = content.prefix { $0 == mark }.count
    guard length >= 3 else { return nil }
    // An inline code span may start a line.
    if mark == .backtick, content.dropFirst(length).contains(.backtick) { return nil }
    return MarkdownFence(mark: mark, length: length)
}

/// 1 to 6 for `#` to `######` followed by a blank or the line's end.
package func atxLevel(_ text: UnsafeBufferPointer<UInt8>, _ line: TextLine) -> Int? {
    let content = text[line.contentStart..<line.contentEnd]
    let level = content.prefix { $0 == .numberSign }.count
    guard level >= 1, level <= 6 else { return nil }
    guard let next = content.dropFirst(level).first else { return level }
    return next.isASCIIBlank ? level : nil
}

/// 1 for a line of `=`, 2 for a line of `-`.
package func setextLevel(_ text: UnsafeBufferPointer<UInt8>, _ line: TextLine) -> Int? {
    let content = text[line.contentStart..<line.contentEnd]
    guard let mark = content.first, mark == .equalsSign || mark == .hyphen else { return nil }
    return content.allSatisfy { $0 == mark } ? (mark == .equalsSign ? 1 : 2) : nil
}

/// Three or more `*`, `-` or `_`, blanks between allowed.
package func isThematicBreak(_ text: UnsafeBufferPointer<UInt8>, _ line: TextLine) -> Bool {
    let content = text[line.contentStart..<line.contentEnd]
    guard let mark = content.first, mark == .asterisk || mark == .hyphen || mark == .underscore
    else { return false }
    var count = 0
    for byte in content {
        if byte == mark {
            count += 1
        } else if !byte.isASCIIBlank {
            return false
        }
    }
    return count >= 3
}

package struct MarkdownMarker {
    /// nil for bullets.
    package var number: Int?
    /// Bytes from the start of the line's content to the item's text.
    package var length: Int
    /// The column the item's text starts in.
    package var contentIndent: Int
}

/// The list marker a line starts with: `-`, `*`, `+`, `1.` or `1)` and a blank.
package func markdownMarker(
    _ text: UnsafeBufferPointer<UInt8>,
    _ line: TextLine
) -> MarkdownMarker? {
    let content = text[line.contentStart..<line.contentEnd]
    guard let first = content.first else { return nil }
    var length = 1
    var number: Int?
    if first.isASCIIDigit {
        let digits = content.prefix { $0.isASCIIDigit }
        guard digits.count <= 9, let mark = content.dropFirst(digits.count).first,
            mark == .fullStop || mark == .rightParenthesis
        else { return nil }
        length = digits.count + 1
        number = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    } else if first != .hyphen, first != .asterisk, first != .plusSign {
        return nil
    }
    guard let next = content.dropFirst(length).first, next.isASCIIBlank else {
        return nil
    }
    let blanks = content.dropFirst(length).prefix { $0.isASCIIBlank }.count
    return MarkdownMarker(
        number: number,
        length: length + blanks,
        contentIndent: line.indent + length + (blanks > 4 ? 1 : blanks)
    )
}

/// `| --- | :-: |` and the like.
package func isTableDelimiter(_ text: UnsafeBufferPointer<UInt8>, _ line: TextLine) -> Bool {
    let content = text[line.contentStart..<line.contentEnd]
    var hasDash = false
    var hasPipe = false
    for byte in content {
        switch byte {
        case .hyphen: hasDash = true
        case .verticalBar: hasPipe = true
        case .colon, .space, .tab: break
        default: return false
        }
    }
    return hasDash && hasPipe
}

/// `[^label]: text`.
package func isFootnoteDefinition(_ text: UnsafeBufferPointer<UInt8>, _ line: TextLine) -> Bool {
    guard line.indent < 4, !line.isBlank else { return false }
    let content = text[line.contentStart..<line.contentEnd]
    guard content.starts(with: "[^".utf8), let close = content.firstIndex(of: .rightBracket) else {
        return false
    }
    return close + 1 < content.endIndex && text[close + 1] == .colon
        && close - content.startIndex > 2
}

package func containsCommentEnd(_ bytes: some Collection<UInt8>) -> Bool {
    var dashes = 0
    for byte in bytes {
        if byte == .greaterThan, dashes >= 2 { return true }
        dashes = byte == .hyphen ? dashes + 1 : 0
    }
    return false
}
