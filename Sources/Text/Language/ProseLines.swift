/// The lines of a text that are prose, for documents whose most part is code, lists or tables.
struct ProseLines {
    /// Lines of prose, parted by line ends.
    private(set) var bytes: [UInt8] = []

    /// No more than this is looked at, from the start, the middle and the end.
    static let lookedAtByteCount = 24 << 10
    /// Less prose than this is a caption.
    private static let minimumByteCount = 40
    /// Less than this may be a comment: it has to be surer.
    static let sureByteCount = 80
    private static let minimumShare = 0.03

    /// nil when the text is not prose in a part of it that says what its readers read.
    ///
    /// - Complexity: O(1) on bounded input.
    init?(_ text: UnsafeBufferPointer<UInt8>, maximumByteCount: Int) {
        var lookedAt = 0
        for window in Self.windows(text.count) {
            var line =
                window.lowerBound == 0 ? 0 : lineEnd(text, from: window.lowerBound)
            while line < window.upperBound {
                let end = lineEnd(text, from: line)
                let range = trimmed(text, line..<min(end, window.upperBound))
                lookedAt += range.count
                line = end
                // Neither end may be within a code point.
                guard end <= window.upperBound || window.upperBound == text.count else { break }
                let candidate = UnsafeBufferPointer(rebasing: text[range])
                guard range.count >= 24, self.bytes.count < maximumByteCount,
                    isProse(candidate)
                else { continue }
                var count = min(candidate.count, maximumByteCount)
                while count < candidate.count, candidate[count] & 0xC0 == 0x80 { count -= 1 }
                self.bytes.append(contentsOf: candidate.prefix(count))
                self.bytes.append(0x0A)
            }
        }
        guard self.bytes.count >= Self.minimumByteCount,
            Double(self.bytes.count) >= Self.minimumShare
                * Double(min(lookedAt, maximumByteCount * 8))
        else { return nil }
    }

    private static func windows(_ count: Int) -> [Range<Int>] {
        guard count > self.lookedAtByteCount else { return [0..<count] }
        let size = self.lookedAtByteCount / 3
        return [0, (count - size) / 2, count - size].map { $0..<$0 + size }
    }
}

/// Whether a line reads like a sentence: words one after another, few signs, no mark of a comment.
private func isProse(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = line.first,
        first >= 0x80 || (first | 0x20) &- 0x61 < 26 || first == 0x22 || first == 0x27
            || first == 0x28
    else { return false }
    let shape = TextShape(line)
    let bytes = Double(max(shape.byteCount, 1))
    // Words of scripts without spaces are counted by their letters.
    let words = shape.highBytes * 2 > shape.wordBytes ? shape.wordBytes / 10 : shape.words
    return words >= 6
        && Double(shape.cleanWordBytes) >= 0.85 * bytes
        && Double(shape.symbols) <= 0.03 * bytes
        && Double(shape.digits) <= 0.1 * bytes
        && shape.innerCapitals * 8 <= shape.words
        && hasSmallWords(line)
}

/// Whether enough words are in lower case, or of a script without cases: a list of titles is none.
private func hasSmallWords(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    var words = 0
    var small = 0
    var before: UInt8 = 0x20
    for byte in line {
        let isLetter = byte >= 0x80 || (byte | 0x20) &- 0x61 < 26
        if isLetter, before <= 0x20 {
            words += 1
            if byte >= 0x80 || byte & 0x20 != 0 { small += 1 }
        }
        before = byte
    }
    return words > 0 && small * 5 >= words * 3
}
