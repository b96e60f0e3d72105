/// A shape such as `EMP-#{6}`: literals and classes with counts, matched without going back.
///
/// `#` is a digit, `@` an upper-case letter, `&` a letter or digit; `{6}` and `{4,8}` repeat the class
/// before them, greedily; `\` makes the next byte a literal. At least two literals come first: they are
/// what a text is searched for, so matching is linear.
struct TermPattern: Sendable {
    struct Item: Sendable {
        var literal: UInt8?
        var mask: UInt8 = 0
        var counts = 1...1
    }

    let items: [Item]
    static let itemLimit = 64
    static let countLimit = 64

    init?(_ pattern: String) {
        var items: [Item] = []
        let bytes = Array(pattern.utf8)
        var index = 0
        while index < bytes.count {
            defer { index += 1 }
            switch bytes[index] {
            case 0x23: items.append(Item(mask: ByteClass.digit))
            case 0x40: items.append(Item(mask: ByteClass.upper))
            case 0x26: items.append(Item(mask: ByteClass.alphanumeric))
            case 0x7B:
                guard let close = bytes[index...].firstIndex(of: 0x7D),
                    let last = items.indices.last,
                    items[last].literal == nil,
                    let counts = Self.counts(bytes[(index + 1)..<close])
                else { return nil }
                items[last].counts = counts
                index = close
            case 0x5C:
                guard index + 1 < bytes.count else { return nil }
                index += 1
                items.append(Item(literal: bytes[index]))
            default: items.append(Item(literal: bytes[index]))
            }
        }
        guard items.count <= Self.itemLimit, items.count > 2,
            items[0].literal != nil, items[1].literal != nil
        else { return nil }
        self.items = items
    }

    private static func counts(_ text: ArraySlice<UInt8>) -> ClosedRange<Int>? {
        let parts = String(decoding: text, as: UTF8.self).split(
            separator: ",",
            omittingEmptySubsequences: false
        ).map { Int($0) }
        guard let lower = parts.first ?? nil, let upper = parts.last ?? nil, parts.count <= 2,
            lower >= 0, upper >= max(lower, 1), upper <= Self.countLimit
        else { return nil }
        return lower...upper
    }

    /// The ranges of `text` that fit and touch no letter or digit, ascending.
    ///
    /// - Complexity: O(n) searches of the first two bytes, each tried at most 4,096 bytes far.
    func matches(in text: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
        guard text.count >= 2, let first = self.items[0].literal, let second = self.items[1].literal
        else { return [] }
        var ranges: [Range<Int>] = []
        var index = 0
        while index + 1 < text.count {
            if text[index] == first, text[index + 1] == second,
                index == 0 || !isAlphanumeric(text[index - 1]),
                let end = self.end(of: text, from: index),
                end == text.count || !isAlphanumeric(text[end])
            {
                ranges.append(index..<end)
                index = end
            } else {
                index += 1
            }
        }
        return ranges
    }

    private func end(of text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        var index = start
        for item in self.items {
            if let literal = item.literal {
                guard index < text.count, text[index] == literal else { return nil }
                index += 1
                continue
            }
            var count = 0
            while count < item.counts.upperBound, index < text.count,
                ByteClass.table[Int(text[index])] & item.mask != 0
            {
                index += 1
                count += 1
            }
            guard count >= item.counts.lowerBound else { return nil }
        }
        return index
    }
}

func isAlphanumeric(_ byte: UInt8) -> Bool {
    byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
}
