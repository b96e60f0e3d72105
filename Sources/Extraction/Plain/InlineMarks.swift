internal import Bytes

/// What closes the brackets and backticks of a text, found in one pass.
///
/// Looking ahead from each of them instead would take quadratic time on text full of open ones.
struct InlineMarks {
    /// Opening brackets that are closed, in order, and what closes them.
    private var brackets: [(open: Int, close: Int)] = []
    private var parentheses: [(open: Int, close: Int)] = []
    /// Where the last run of so many backticks begins.
    private var lastTicks: [Int] = []

    /// Longer runs are no code.
    private static let tickLimit = 80

    init(_ text: UnsafeBufferPointer<UInt8>) {
        var openBrackets: [Int] = []
        var openParentheses: [Int] = []
        var index = 0
        while index < text.count {
            switch text[index] {
            case 0x5C: index += 1
            case 0x5B: openBrackets.append(index)
            case 0x5D:
                if let open = openBrackets.popLast() { self.brackets.append((open, index)) }
            case 0x28: openParentheses.append(index)
            case 0x29:
                if let open = openParentheses.popLast() { self.parentheses.append((open, index)) }
            case 0x60: index = self.noteTicks(text, index)
            default: break
            }
            index += 1
        }
        self.brackets.sort { $0.open < $1.open }
        self.parentheses.sort { $0.open < $1.open }
    }

    /// - Returns: the last of the run.
    private mutating func noteTicks(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
        var end = start + 1
        while end < text.count, text[end] == 0x60 { end += 1 }
        let length = end - start
        if length <= Self.tickLimit {
            while self.lastTicks.count <= length { self.lastTicks.append(-1) }
            self.lastTicks[length] = start
        }
        return end - 1
    }

    /// Where the bracket that is opened at `open` is closed.
    func bracketEnd(of open: Int) -> Int? { Self.end(of: open, in: self.brackets) }

    /// Behind `(target)` or `[label]` after a link text, else behind the bracket.
    func linkEnd(_ text: UnsafeBufferPointer<UInt8>, _ close: Int) -> Int {
        guard close + 1 < text.count else { return close + 1 }
        let end: Int?
        switch text[close + 1] {
        case 0x28: end = Self.end(of: close + 1, in: self.parentheses)
        case 0x5B: end = Self.end(of: close + 1, in: self.brackets)
        default: end = nil
        }
        return (end ?? close) + 1
    }

    /// Where the run of `ticks` backticks begins that ends a code span.
    ///
    /// A run that opens nothing may precede the one that does, so a backslash does not hide a run
    /// here as it does in the text around.
    func endOfCode(_ text: UnsafeBufferPointer<UInt8>, from start: Int, ticks: Int) -> Int? {
        guard ticks < self.lastTicks.count, self.lastTicks[ticks] >= start else { return nil }
        var index = start
        while let found = firstIndex(of: 0x60, in: text, from: index) {
            var end = found + 1
            while end < text.count, text[end] == 0x60 { end += 1 }
            if end - found == ticks { return found }
            index = end
        }
        return nil
    }

    private static func end(of open: Int, in pairs: [(open: Int, close: Int)]) -> Int? {
        let index = lowerBound(of: pairs.count) { pairs[$0].open >= open }
        return index < pairs.count && pairs[index].open == open ? pairs[index].close : nil
    }
}
