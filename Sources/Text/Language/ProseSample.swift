/// Up to a given number of bytes of a text's prose: its start, its middle and its end.
///
/// Fenced code blocks are left out, and URLs become a space.
struct ProseSample {
    private(set) var bytes: [UInt8] = []

    /// - Complexity: O(n) to find the code fences of `text`; the rest by `maximumByteCount`.
    init(_ text: UnsafeBufferPointer<UInt8>, maximumByteCount: Int) {
        let prose = proseRanges(text)
        let total = prose.reduce(0) { $0 + $1.count }
        self.bytes.reserveCapacity(min(total, maximumByteCount) + prose.count)
        if total <= maximumByteCount {
            for range in prose { self.append(text, range) }
            return
        }
        let window = maximumByteCount / 3
        for start in [0, (total - window) / 2, total - window] {
            self.appendWindow(of: text, prose: prose, start: start, count: window)
        }
    }

    /// Appends `count` bytes from `start`, both counted in prose only.
    private mutating func appendWindow(
        of text: UnsafeBufferPointer<UInt8>,
        prose: [Range<Int>],
        start: Int,
        count: Int
    ) {
        var skipped = 0
        var left = count
        for range in prose where left > 0 {
            defer { skipped += range.count }
            guard skipped + range.count > start else { continue }
            let lower = range.lowerBound + max(0, start - skipped)
            let upper = min(range.upperBound, lower + left)
            left -= upper - lower
            self.append(text, wordAligned(text, lower..<upper, within: range))
        }
    }

    private mutating func append(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = text[index]
            if byte == 0x3A, index + 2 < range.upperBound, text[index + 1] == 0x2F,
                text[index + 2] == 0x2F
            {
                while let last = self.bytes.last, isASCIILetter(last) { self.bytes.removeLast() }
                while index < range.upperBound, text[index] > 0x20, text[index] < 0x80 {
                    index += 1
                }
                continue
            }
            let width = controlWidth(text, at: index)
            if width > 0 {
                for _ in 0..<width { self.bytes.append(byte == 0x0A ? 0x0A : 0x20) }
                index += width
                continue
            }
            if byte == 0xEF || byte == 0xE3, let plain = halfWidth(text, at: index) {
                self.bytes.append(plain)
                index += 3
                continue
            }
            self.bytes.append(byte)
            index += 1
        }
        self.bytes.append(0x0A)
    }
}

/// The ASCII sign whose full-width form (U+FF01 to U+FF5E), or the space whose wide one (U+3000), is at
/// `index`: models take wide Latin letters for Chinese.
@inline(__always)
private func halfWidth(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> UInt8? {
    guard index + 2 < text.count else { return nil }
    let last = text[index + 2]
    switch (text[index], text[index + 1]) {
    case (0xE3, 0x80): return last == 0x80 ? 0x20 : nil
    case (0xEF, 0xBC): return last >= 0x81 ? last - 0x80 + 0x20 : nil
    case (0xEF, 0xBD): return last <= 0x9E ? last - 0x80 + 0x60 : nil
    default: return nil
    }
}

/// Bytes of the control character or noncharacter at `index`, which CLD2 takes for broken text.
@inline(__always)
private func controlWidth(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
    let byte = text[index]
    if byte < 0x20 || byte == 0x7F { return 1 }
    if byte == 0xC2, index + 1 < text.count, text[index + 1] < 0xA0 { return 2 }
    if byte == 0xEF, index + 2 < text.count {
        let isAtEnd = text[index + 1] == 0xBF && text[index + 2] >= 0xBE
        let isInBlock = text[index + 1] == 0xB7 && (0x90...0xAF).contains(text[index + 2])
        return isAtEnd || isInBlock ? 3 : 0
    }
    return 0
}

/// The range without cut words: of text without spaces, without cut code points.
private func wordAligned(
    _ text: UnsafeBufferPointer<UInt8>,
    _ range: Range<Int>,
    within whole: Range<Int>
) -> Range<Int> {
    /// Longer words are cut: they are no words.
    let reach = 48
    var lower = range.lowerBound
    if lower > whole.lowerBound {
        let limit = min(lower + reach, range.upperBound)
        if let space = (lower..<limit).first(where: { text[$0] <= 0x20 }) { lower = space }
        while lower < range.upperBound, text[lower] & 0xC0 == 0x80 { lower += 1 }
    }
    var upper = range.upperBound
    if upper < whole.upperBound {
        let limit = max(upper - reach, lower)
        if let space = (limit..<upper).last(where: { text[$0] <= 0x20 }) { upper = space }
        while upper > lower, text[upper] & 0xC0 == 0x80 { upper -= 1 }
    }
    return lower..<upper
}

/// The text outside fenced code blocks (CommonMark §4.5), in order.
private func proseRanges(_ text: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var proseStart = 0
    var fence: UInt8?
    var line = 0
    while line < text.count {
        let end = lineEnd(text, from: line)
        if let mark = fenceMark(text, line..<end) {
            if fence == nil {
                if proseStart < line { ranges.append(proseStart..<line) }
                fence = mark
            } else if fence == mark {
                fence = nil
                proseStart = end
            }
        }
        line = end
    }
    if fence == nil, proseStart < text.count { ranges.append(proseStart..<text.count) }
    return ranges
}

private func fenceMark(_ text: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> UInt8? {
    var index = line.lowerBound
    while index < line.upperBound, index - line.lowerBound < 4, text[index] == 0x20 { index += 1 }
    guard index + 3 <= line.upperBound else { return nil }
    let mark = text[index]
    guard mark == 0x60 || mark == 0x7E, text[index + 1] == mark, text[index + 2] == mark else {
        return nil
    }
    return mark
}

@inline(__always)
func isASCIILetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }
