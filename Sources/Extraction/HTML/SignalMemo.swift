internal import Glibc

/// What the class and id values of one page mean: a page has few of them, and many elements of each.
struct SignalMemo {
    private struct Entry {
        var value = SourceRange.empty
        var isIdentifier = false
        var signals: ElementSignals = []
    }

    private static let entryCount = 512
    private let words = SignalWords.shared
    /// One entry a slot; a value takes the place of another with the same hash.
    private var entries = [Entry](repeating: Entry(), count: Self.entryCount)

    /// The signals of the class or id value at a range of the source.
    mutating func signals(
        of range: SourceRange,
        in source: UnsafeBufferPointer<UInt8>,
        isIdentifier: Bool
    ) -> ElementSignals {
        let value = UnsafeBufferPointer(rebasing: source[range.range])
        guard !value.isEmpty else { return [] }
        let slot = Int(hash(value) >> 55)
        let known = self.entries[slot]
        if known.isIdentifier == isIdentifier,
            isSame(UnsafeBufferPointer(rebasing: source[known.value.range]), value)
        {
            return known.signals
        }
        let signals = self.words.signals(of: value, isIdentifier: isIdentifier)
        self.entries[slot] = Entry(value: range, isIdentifier: isIdentifier, signals: signals)
        return signals
    }
}

private func isSame(
    _ left: UnsafeBufferPointer<UInt8>,
    _ right: UnsafeBufferPointer<UInt8>
) -> Bool {
    guard left.count == right.count, let first = left.baseAddress, let second = right.baseAddress
    else { return false }
    return memcmp(first, second, left.count) == 0
}

private func hash(_ value: UnsafeBufferPointer<UInt8>) -> UInt64 {
    let multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15
    let bytes = UnsafeRawBufferPointer(value)
    var hash = UInt64(bytes.count)
    var index = 0
    while index + 8 <= bytes.count {
        let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        hash = (hash ^ word) &* multiplier
        hash ^= hash >> 32
        index += 8
    }
    while index < bytes.count {
        hash = (hash ^ UInt64(bytes[index])) &* multiplier
        index += 1
    }
    return hash
}
