/// The tokens of one text, in order, with the bytes each came from.
///
/// Three parallel arrays. Offsets are UTF-8 bytes into the text as it was given, so
/// `starts[i] < ends[i] <= starts[i + 1]`, except that several tokens of one character that
/// decomposes (a Hangul syllable) share its range.
package struct TokenizedText: Equatable, Sendable {
    package var ids: [Int32] = []
    package var starts: [Int32] = []
    package var ends: [Int32] = []

    package init() {}

    package var count: Int { self.ids.count }
    package var isEmpty: Bool { self.ids.isEmpty }

    package mutating func removeAll(keepingCapacity: Bool = true) {
        self.ids.removeAll(keepingCapacity: keepingCapacity)
        self.starts.removeAll(keepingCapacity: keepingCapacity)
        self.ends.removeAll(keepingCapacity: keepingCapacity)
    }
}
