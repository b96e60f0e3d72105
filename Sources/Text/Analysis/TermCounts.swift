/// The terms of one text with how often each occurs, in flat buffers.
///
/// - Invariant: terms are distinct and ascend by bytes; `offsets` has one entry more than `counts`.
package struct TermCounts: Sendable, Hashable {
    /// The bytes of all terms, one after another.
    package internal(set) var bytes: [UInt8] = []
    /// Term n is `bytes[offsets[n]..<offsets[n + 1]]`.
    package internal(set) var offsets: [UInt32] = [0]
    package internal(set) var counts: [UInt32] = []
    /// Which word of the text, counted from 0, each occurrence is: those of a term side by side, ascending.
    ///
    /// Another spelling has the place of the counted word that comes next.
    package internal(set) var positions: [UInt32] = []
    /// How many words the text has: the sum of `counts`, but for other spellings of a word.
    package internal(set) var length = 0

    package init() {}

    package var termCount: Int { self.counts.count }

    package func term(at index: Int) -> ArraySlice<UInt8> {
        self.bytes[Int(self.offsets[index])..<Int(self.offsets[index + 1])]
    }

    mutating func removeAll() {
        self.bytes.removeAll(keepingCapacity: true)
        self.offsets.removeAll(keepingCapacity: true)
        self.offsets.append(0)
        self.counts.removeAll(keepingCapacity: true)
        self.positions.removeAll(keepingCapacity: true)
        self.length = 0
    }
}
