internal import Bytes
internal import CICU

/// What a chunk's budget is counted in: the tokens of a text, a long one as several.
///
/// A word that a tokenizer does not know is one token however long it is: a page of Thai, a block of
/// base64. Such a token counts once for about ``unitByteCount`` bytes and may be cut between words,
/// as ICU's dictionaries find them, so that a budget of tokens bounds the bytes of a chunk too.
package struct BudgetUnits {
    /// A token over this many bytes counts as several units; no piece of a vocabulary is as long.
    static let tokenByteLimit = 32
    static let unitByteCount = 16
    /// A word over this many bytes is cut between any two scalars.
    private static let wordByteLimit = 64
    /// Bytes given to ICU at once.
    private static let windowByteCount = 1 << 13

    /// The byte at which each unit starts, ascending as those of the tokens do.
    package private(set) var starts: [Int32]
    /// The units that start inside a token, ascending.
    private var inner: [Int] = []

    /// - Parameters: the bytes at which each token starts and ends, as the tokenizer gives them.
    /// - Complexity: O(tokens) and O(bytes of long tokens).
    package init(
        _ text: UnsafeBufferPointer<UInt8>,
        tokenStarts: [Int32],
        tokenEnds: [Int32]
    ) {
        let isLong = { (token: Int) in
            Int(tokenEnds[token]) - Int(tokenStarts[token]) > Self.tokenByteLimit
        }
        guard let first = tokenStarts.indices.first(where: isLong) else {
            self.starts = tokenStarts
            return
        }
        self.starts = Array(tokenStarts[..<first])
        for token in first..<tokenStarts.count {
            self.starts.append(tokenStarts[token])
            if isLong(token) {
                self.addInner(text, Int(tokenStarts[token])..<Int(tokenEnds[token]))
            }
        }
    }

    /// The tokens of a range of units; nil where it starts or ends inside a token.
    package func tokens(of units: Range<Int>) -> Range<Int>? {
        guard let lower = self.token(at: units.lowerBound),
            let upper = self.token(at: units.upperBound)
        else { return nil }
        return lower..<upper
    }

    private func token(at unit: Int) -> Int? {
        var low = 0
        var high = self.inner.count
        while low < high {
            let middle = (low + high) / 2
            if self.inner[middle] < unit { low = middle + 1 } else { high = middle }
        }
        let isInner = low < self.inner.count && self.inner[low] == unit
        return isInner ? nil : unit - low
    }

    private mutating func addInner(_ text: UnsafeBufferPointer<UInt8>, _ token: Range<Int>) {
        var unitStart = token.lowerBound
        var wordStart = token.lowerBound
        func add(_ start: Int) {
            self.inner.append(self.starts.count)
            self.starts.append(Int32(start))
            unitStart = start
        }
        for wordEnd in Self.wordEnds(text, token) {
            if wordEnd - unitStart > Self.unitByteCount, wordStart > unitStart { add(wordStart) }
            if wordEnd - wordStart > Self.wordByteLimit {
                while let next = Self.scalarStart(text, after: unitStart, before: wordEnd) {
                    add(next)
                }
            }
            wordStart = wordEnd
        }
    }

    /// Where the words of a token end; a token of ASCII is one word.
    private static func wordEnds(
        _ text: UnsafeBufferPointer<UInt8>,
        _ token: Range<Int>
    ) -> [Int] {
        guard text[token].contains(where: { $0 >= 0x80 }), let base = text.baseAddress else {
            return [token.upperBound]
        }
        var ends: [Int] = []
        var breaks = [Int32](repeating: 0, count: Self.windowByteCount)
        var start = token.lowerBound
        while start < token.upperBound {
            let end = Self.windowEnd(text, from: start, to: token.upperBound)
            let count = breaks.withUnsafeMutableBufferPointer {
                cicu_word_breaks(base + start, end - start, $0.baseAddress, $0.count)
            }
            for index in 0..<max(0, count) { ends.append(start + Int(breaks[index])) }
            ends.append(end)
            start = end
        }
        return ends
    }

    private static func windowEnd(
        _ text: UnsafeBufferPointer<UInt8>,
        from start: Int,
        to end: Int
    ) -> Int {
        guard end - start > Self.windowByteCount else { return end }
        var cut = start + Self.windowByteCount
        while cut > start + Self.windowByteCount / 2, text[cut] & 0xC0 == 0x80 { cut -= 1 }
        return cut
    }

    /// The scalar at which the next unit of a long word starts; nil when the rest is one unit.
    private static func scalarStart(
        _ text: UnsafeBufferPointer<UInt8>,
        after unitStart: Int,
        before end: Int
    ) -> Int? {
        var next = unitStart + Self.unitByteCount
        while next < end, text[next] & 0xC0 == 0x80 { next += 1 }
        return next < end ? next : nil
    }
}
