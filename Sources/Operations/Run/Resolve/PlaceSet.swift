/// Some of the numbers below a count, one bit each.
struct PlaceSet {
    private var words: [UInt64]

    init(count: Int) { self.words = [UInt64](repeating: 0, count: (count + 63) / 64) }

    mutating func insert(_ place: Int) { self.words[place / 64] |= 1 << UInt64(place % 64) }

    func contains(_ place: Int) -> Bool { self.words[place / 64] >> UInt64(place % 64) & 1 != 0 }
}
