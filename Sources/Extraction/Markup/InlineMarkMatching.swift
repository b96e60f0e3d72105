internal import Bytes

/// A mark that stands on both sides of a stretch of text: `*strong*`.
struct InlineMark {
    let bytes: [UInt8]
    /// Whether what it encloses is kept as it is.
    let isVerbatim: Bool

    init(_ mark: String, isVerbatim: Bool = false) {
        self.bytes = Array(mark.utf8)
        self.isVerbatim = isVerbatim
    }
}

/// Text without marks in pairs: one opens behind a boundary and before text, and closes behind text
/// and before a boundary.
///
/// - Parameter marks: of two that begin alike the longer comes first.
/// - Complexity: O(n) for each mark.
func withoutMarks(_ text: [UInt8], _ marks: [InlineMark], depth: Int = 0) -> [UInt8] {
    let signs = Set(marks.compactMap(\.bytes.first))
    guard depth < 4, text.contains(where: { signs.contains($0) }) else { return text }
    var output: [UInt8] = []
    output.reserveCapacity(text.count)
    // Where no mark closes behind one place, none closes behind a later one.
    var isExhausted = [Bool](repeating: false, count: marks.count)
    var index = 0
    scan: while index < text.count {
        if signs.contains(text[index]), isBoundary(text, before: index) {
            for (number, mark) in marks.enumerated() where !isExhausted[number] {
                guard opens(mark.bytes, text, at: index) else { continue }
                let start = index + mark.bytes.count
                guard let end = closing(mark.bytes, text, from: start + 1) else {
                    isExhausted[number] = true
                    continue
                }
                let inner = Array(text[start..<end])
                output += mark.isVerbatim ? inner : withoutMarks(inner, marks, depth: depth + 1)
                index = end + mark.bytes.count
                continue scan
            }
        }
        output.append(text[index])
        index += 1
    }
    return output
}

private func isBoundary(_ text: [UInt8], before index: Int) -> Bool {
    guard index > 0 else { return true }
    let byte = text[index - 1]
    return !byte.isASCIIAlphanumeric && byte < 0x80 && byte != .backslash
}

private func opens(_ mark: [UInt8], _ text: [UInt8], at index: Int) -> Bool {
    let start = index + mark.count
    return start < text.count && text[index...].starts(with: mark) && !text[start].isASCIISpace
}

private func closing(_ mark: [UInt8], _ text: [UInt8], from start: Int) -> Int? {
    var index = start
    while index + mark.count <= text.count {
        if text[index] == mark[0], text[index...].starts(with: mark),
            !text[index - 1].isASCIISpace
        {
            let behind = index + mark.count
            let isEnd = behind == text.count || !text[behind].isASCIIAlphanumeric
            if isEnd, behind == text.count || text[behind] != mark[0] { return index }
        }
        index += 1
    }
    return nil
}
