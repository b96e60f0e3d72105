/// Some rows of a segment, one bit each.
struct RowSet: Hashable, Sendable {
    let rowCount: Int
    /// Row *i* is bit *i* mod 64 of word *i* / 64; bits beyond the last row are zero.
    private(set) var words: [UInt64]

    /// The empty set.
    init(rowCount: Int) {
        self.rowCount = rowCount
        self.words = [UInt64](repeating: 0, count: Self.wordCount(rowCount))
    }

    /// Nil when a bit beyond the last row is set.
    ///
    /// - Precondition: `words` has a bit for each row and not a word more.
    init?(rowCount: Int, words: [UInt64]) {
        precondition(words.count == Self.wordCount(rowCount), "one bit a row")
        self.rowCount = rowCount
        self.words = words
        let used = rowCount % 64
        guard used == 0 || (words.last ?? 0) >> UInt64(used) == 0 else { return nil }
    }

    static func wordCount(_ rowCount: Int) -> Int { (rowCount + 63) / 64 }

    var count: Int { self.words.reduce(0) { $0 + $1.nonzeroBitCount } }

    func contains(_ row: Int) -> Bool {
        precondition(0..<self.rowCount ~= row, "no such row")
        return self.words[row / 64] >> UInt64(row % 64) & 1 == 1
    }

    /// - Returns: Whether the row was not in the set before.
    mutating func insert(_ row: Int) -> Bool {
        guard !self.contains(row) else { return false }
        self.words[row / 64] |= 1 << UInt64(row % 64)
        return true
    }

    /// Calls `body` with the rows of the set, ascending.
    func forEach(_ body: (Int) throws -> Void) rethrows {
        for (index, word) in self.words.enumerated() {
            var rest = word
            while rest != 0 {
                try body(index * 64 + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
    }
}
