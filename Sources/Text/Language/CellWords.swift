/// The words of a table, a list or a card, without what is no language: numbers, addresses, code.
///
/// Their signs make them look like data, but their readers read the words.
struct CellWords {
    private(set) var bytes: [UInt8] = []

    /// No more of a text is looked at.
    static let lookedAtByteCount = 4 << 10
    private static let minimumWords = 4
    private static let minimumByteCount = 24

    /// nil for a text that is mostly no rows, items and headings, or whose words are too few, or
    /// outnumbered by what is none.
    init?(_ text: UnsafeBufferPointer<UInt8>) {
        let text = UnsafeBufferPointer(rebasing: text.prefix(Self.lookedAtByteCount))
        var rows = 0
        var lines = 0
        var words = 0
        var others = 0
        var line = 0
        while line < text.count {
            let end = lineEnd(text, from: line)
            let range = trimmed(text, line..<end)
            line = end
            guard let first = range.first else { continue }
            lines += 1
            let next = first + 1 < range.upperBound ? text[first + 1] : 0x0A
            if isRowMark(text[first], next) { rows += 1 }
            for token in text[range].split(whereSeparator: { $0 <= 0x20 || $0 == UInt8(ascii: "|") }
            ) {
                let (kept, isWord) = Self.word(token)
                if isWord {
                    words += 1
                    self.bytes.append(contentsOf: kept)
                    self.bytes.append(0x20)
                } else if token.contains(where: { isASCIILetter($0) }) {
                    others += 1
                }
            }
            if !self.bytes.isEmpty { self.bytes.append(0x0A) }
        }
        guard rows * 2 >= lines, words >= Self.minimumWords, words >= others * 2,
            self.bytes.count >= Self.minimumByteCount
        else { return nil }
    }

    /// The letters of a token of letters alone, with the signs that close a word cut off.
    private static func word(
        _ token: Slice<UnsafeBufferPointer<UInt8>>
    ) -> (kept: Slice<UnsafeBufferPointer<UInt8>>, isWord: Bool) {
        var token = token
        while let last = token.last, [0x2C, 0x2E, 0x3A, 0x3B, 0x21, 0x3F, 0x29].contains(last) {
            token = token.dropLast()
        }
        if token.first == UInt8(ascii: "(") { token = token.dropFirst() }
        var hasSmall = false
        for (place, byte) in token.enumerated() {
            let isInner = place > 0 && (byte == UInt8(ascii: "-") || byte == UInt8(ascii: "'"))
            guard byte >= 0x80 || isASCIILetter(byte) || isInner else { return (token, false) }
            // `camelCase` is a name in code.
            if byte &- UInt8(ascii: "A") < 26, hasSmall { return (token, false) }
            if byte &- UInt8(ascii: "a") < 26 { hasSmall = true }
        }
        return (token, token.count > 1)
    }
}

/// Whether a line that starts with `first` and `next` is a row of a table, an item or a heading.
private func isRowMark(_ first: UInt8, _ next: UInt8) -> Bool {
    switch first {
    case UInt8(ascii: "|"): true
    case UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "#"):
        next == 0x20 || next == first
    default: false
    }
}
