internal import Bytes

/// Text of roles and references: ``:ref:`text <target>` `` and `` `text <url>`_ `` become `text`, and
/// `name_` becomes `name`; notes go.
func withoutRSTReferences(_ text: [UInt8]) -> [UInt8] {
    guard text.contains(where: { $0 == .backtick || $0 == .underscore || $0 == .backslash })
    else { return text }
    var output: [UInt8] = []
    var escapeEnd = -1
    var index = 0
    while index < text.count {
        let byte = text[index]
        if byte == .backtick, index + 1 < text.count, text[index + 1] != .backtick,
            index == 0 || text[index - 1] != .backtick,
            let close = text[(index + 1)...].prefix(1_000).firstIndex(of: .backtick)
        {
            let role = dropRole(&output, behind: escapeEnd)
            var inner = text[(index + 1)..<close]
            if inner.last == .greaterThan, let open = inner.lastIndex(of: .lessThan),
                open > inner.startIndex
            {
                inner = inner[..<open]
            }
            let shown = trimmedBytes(Array(inner))
            let raise = raisingRoles[role]
            output += raise.map { raisedText(shown, isAbove: $0, after: output) } ?? shown
            index = close + 1
            while index < text.count, text[index] == .underscore { index += 1 }
        } else if byte == .backtick {
            // A literal is kept with its marks, for what follows to take.
            let start = min(index + 2, text.count)
            let end = text[start...].prefix(4_096).firstRange(of: [.backtick, .backtick])?
                .upperBound
            let stop = end ?? start
            output += text[index..<max(stop, index + 1)]
            index = max(stop, index + 1)
        } else if byte == .backslash, index + 1 < text.count, text[index + 1] == .space {
            // An escaped blank parts a role from the word it belongs to.
            escapeEnd = output.count
            index += 2
        } else if byte == .underscore, isReferenceEnd(text, at: index) {
            if output.last == .rightBracket,
                let open = output.suffix(64).lastIndex(of: .leftBracket)
            {
                output.removeSubrange(open...)
            }
            index += 1
        } else {
            output.append(byte)
            index += 1
        }
    }
    return output
}

/// Roles that set text above (true) or below the line.
private let raisingRoles = ["sup": true, "superscript": true, "sub": false, "subscript": false]

/// Takes `:role:` off the end.
///
/// - Parameter escapeEnd: where a blank was escaped, before which no role begins.
/// - Returns: its name; empty where there is none.
private func dropRole(_ output: inout [UInt8], behind escapeEnd: Int) -> String {
    guard output.last == .colon else { return "" }
    var role = output.dropLast().suffix(while: {
        $0.isASCIIAlphanumeric || "-_:+.".utf8.contains($0)
    })
    if role.indices.contains(escapeEnd) { role = role[escapeEnd...] }
    guard role.first == .colon, role.count > 1 else { return "" }
    let name = String(decoding: role.dropFirst(), as: UTF8.self)
    output.removeLast(role.count + 1)
    return name
}

/// An underscore behind a word and before what is none.
private func isReferenceEnd(_ text: [UInt8], at index: Int) -> Bool {
    guard index > 0, text[index - 1].isASCIIAlphanumeric || text[index - 1] == .rightBracket else {
        return false
    }
    guard index + 1 < text.count else { return true }
    return !text[index + 1].isASCIIAlphanumeric && text[index + 1] != .underscore
}

extension BidirectionalCollection {
    /// The longest end all of whose elements satisfy the condition.
    fileprivate func suffix(while isWanted: (Element) -> Bool) -> SubSequence {
        var start = self.endIndex
        while start > self.startIndex, isWanted(self[self.index(before: start)]) {
            start = self.index(before: start)
        }
        return self[start...]
    }
}
