internal import Bytes

/// Three backticks or tildes or more that open or close code, with blanks alone before them in their line.
///
/// - Source: CommonMark 0.31, fenced code blocks.
struct CodeFence: Equatable {
    let byte: UInt8
    let count: Int

    /// Blanks before a fence; more of them are layout.
    private static let indentLimit = 64

    /// The fence whose first byte is at `offset`; nil when there is none.
    init?(_ text: UnsafeBufferPointer<UInt8>, at offset: Int) {
        let byte = text[offset]
        guard byte == UInt8(ascii: "`") || byte == UInt8(ascii: "~") else { return nil }
        // Before the run is counted: of a run within a line every byte is asked.
        var start = offset
        while start > 0, text[start - 1].isASCIIBlank {
            guard offset - start < Self.indentLimit else { return nil }
            start -= 1
        }
        guard start == 0 || text[start - 1] == 0x0A || text[start - 1] == 0x0D else { return nil }
        var end = offset + 1
        while end < text.count, text[end] == byte { end += 1 }
        guard end - offset >= 3 else { return nil }
        self.byte = byte
        self.count = end - offset
    }

    /// Whether it ends the code that `fence` opened.
    func closes(_ fence: CodeFence?) -> Bool {
        fence.map { self.byte == $0.byte && self.count >= $0.count } ?? false
    }
}

/// Where a text is code or as dense as it: between fences, between backticks of one line, lines that read as
/// code, and rows of tables.
struct CodeRanges {
    /// Ascending, apart from each other.
    private var ranges: [Range<Int>] = []

    /// - Complexity: O(text).
    init(_ text: [UInt8]) {
        text.withUnsafeBufferPointer { self.read($0) }
    }

    func contains(_ offset: Int) -> Bool {
        let place = lowerBound(of: self.ranges.count) { self.ranges[$0].upperBound > offset }
        return place < self.ranges.count && self.ranges[place].contains(offset)
    }

    private mutating func read(_ text: UnsafeBufferPointer<UInt8>) {
        var start = 0
        var open: (fence: CodeFence, start: Int)?
        /// Whether the last line with words was code outside fences.
        var wasCode = false
        while start < text.count {
            let end = firstIndex(of: 0x0A, in: text, from: start) ?? text.count
            let first = text[start..<end].firstIndex { !$0.isASCIIBlank } ?? end
            let mark = first < end ? CodeFence(text, at: first) : nil
            if let (fence, codeStart) = open {
                if let mark, mark.closes(fence) {
                    self.ranges.append(codeStart..<start)
                    open = nil
                }
            } else if let mark {
                open = (mark, min(end + 1, text.count))
            } else if first < end {
                let line = text[first..<end]
                wasCode = readsAsCode(line) || wasCode && first - start >= 2
                // A word in a row of a table tells the row from others.
                if wasCode || text[first] == UInt8(ascii: "|") {
                    self.ranges.append(start..<end)
                } else {
                    self.addSpans(of: line)
                }
            }
            start = end + 1
        }
        if let open { self.ranges.append(open.start..<text.count) }
    }

    /// What stands between two runs of backticks, where the second is as long as the first.
    private mutating func addSpans(of line: Slice<UnsafeBufferPointer<UInt8>>) {
        let tick = UInt8(ascii: "`")
        var open: (count: Int, end: Int)?
        var place = line.startIndex
        while let start = line[place...].firstIndex(of: tick) {
            let end = line[start...].firstIndex { $0 != tick } ?? line.endIndex
            if let span = open, span.count == end - start {
                self.ranges.append(span.end..<start)
                open = nil
            } else if open == nil {
                open = (end - start, end)
            }
            place = end
        }
    }
}

/// Whether a line outside fences is code: it ends as statements do, or has an assignment, a comparison or a
/// call without arguments.
private func readsAsCode(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    let line = line.reversed().drop { $0.isASCIISpace }
    guard let last = line.first else { return false }
    if last == UInt8(ascii: "{") || last == UInt8(ascii: "}") { return true }
    let before = line.dropFirst().first ?? 0
    if last == UInt8(ascii: ";"), "]}\"'=".utf8.contains(before) { return true }
    let isStatement = last == UInt8(ascii: ";") && before == UInt8(ascii: ")")
    // Backwards: `next` are the two bytes behind the one at hand.
    var next: (UInt8, UInt8) = (0, 0)
    for byte in line {
        if byte == UInt8(ascii: "("), next.0 == UInt8(ascii: ")") { return true }
        if isStatement, byte.isASCIIAlphanumeric, next.0 == UInt8(ascii: "(") { return true }
        let isBlankBehind = next.1 == 0x20
        if next.0 == UInt8(ascii: "="),
            byte == 0x20 && (isBlankBehind || next.1 == UInt8(ascii: "="))
                || ":!<>+-*/|&".utf8.contains(byte) && isBlankBehind
        {
            return true
        }
        next = (byte, next.0)
    }
    return false
}
