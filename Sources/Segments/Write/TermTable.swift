/// Numbers the distinct terms of a run: open addressing over one arena of bytes.
///
/// Nothing of the table's own order reaches a file, so its hash needs no seed and no stability.
/// A value, so that its parts are reached without a check of who else has them.
struct TermTable {
    /// Hash in the upper half, term number + 1 in the lower; 0 is free.
    private var slots: [UInt64]
    private var arena: [UInt8] = []
    /// Start of each term in the arena, and the end of the last.
    private var starts: [UInt32] = [0]

    init() { self.slots = [UInt64](repeating: 0, count: 1 << 12) }

    var count: Int { self.starts.count - 1 }

    var byteCount: Int { self.slots.count * 8 + self.arena.count + self.starts.count * 4 }

    /// Appends the number of each term of `terms` to `numbers`.
    mutating func append(_ terms: borrowing SegmentTerms, to numbers: inout [UInt32]) {
        let termCount = terms.counts.count
        while (self.count + termCount) * 2 > self.slots.count { self.grow() }
        terms.bytes.withUnsafeBytes { bytes in
            terms.offsets.withUnsafeBufferPointer { offsets in
                for index in 0..<termCount {
                    let range = Int(offsets[index])..<Int(offsets[index + 1])
                    numbers.append(self.number(of: UnsafeRawBufferPointer(rebasing: bytes[range])))
                }
            }
        }
    }

    func withTerm<Result>(_ number: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        self.arena.withUnsafeBytes {
            body(UnsafeRawBufferPointer(rebasing: $0[self.range(of: number)]))
        }
    }

    /// The term numbers by ascending bytes.
    func sortedNumbers() -> [UInt32] {
        self.arena.withUnsafeBytes { arena in
            var keys = (0..<self.count).map { number in
                let term = UnsafeRawBufferPointer(rebasing: arena[self.range(of: number)])
                return (prefix: orderingPrefix(term), number: UInt32(number))
            }
            keys.sort { left, right in
                if left.prefix != right.prefix { return left.prefix < right.prefix }
                let first = arena[self.range(of: Int(left.number))]
                let second = arena[self.range(of: Int(right.number))]
                return precedes(
                    UnsafeRawBufferPointer(rebasing: first),
                    UnsafeRawBufferPointer(rebasing: second)
                )
            }
            return keys.map(\.number)
        }
    }

    private func range(of number: Int) -> Range<Int> {
        Int(self.starts[number])..<Int(self.starts[number + 1])
    }

    private mutating func number(of term: UnsafeRawBufferPointer) -> UInt32 {
        let hash = termHash(term)
        let mask = self.slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        let tag = hash & 0xFFFF_FFFF_0000_0000
        while true {
            let entry = self.slots[slot]
            if entry == 0 { break }
            if entry & 0xFFFF_FFFF_0000_0000 == tag {
                let number = Int(truncatingIfNeeded: entry & 0xFFFF_FFFF) - 1
                if self.isEqual(term, to: number) { return UInt32(number) }
            }
            slot = (slot + 1) & mask
        }
        self.arena.append(contentsOf: term)
        self.starts.append(UInt32(self.arena.count))
        self.slots[slot] = tag | UInt64(self.count)
        return UInt32(self.count - 1)
    }

    private func isEqual(_ term: UnsafeRawBufferPointer, to number: Int) -> Bool {
        let range = self.range(of: number)
        guard range.count == term.count else { return false }
        return self.arena.withUnsafeBytes { arena in
            let stored = UnsafeRawBufferPointer(rebasing: arena[range])
            var index = 0
            while index + 8 <= term.count {
                if stored.little(UInt64.self, at: index) != term.little(UInt64.self, at: index) {
                    return false
                }
                index += 8
            }
            while index < term.count {
                if stored[index] != term[index] { return false }
                index += 1
            }
            return true
        }
    }

    private mutating func grow() {
        var slots = [UInt64](repeating: 0, count: self.slots.count * 2)
        let mask = slots.count - 1
        self.arena.withUnsafeBytes { arena in
            for number in 0..<self.count {
                let range = self.range(of: number)
                let hash = termHash(UnsafeRawBufferPointer(rebasing: arena[range]))
                var slot = Int(truncatingIfNeeded: hash) & mask
                while slots[slot] != 0 { slot = (slot + 1) & mask }
                slots[slot] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(number + 1)
            }
        }
        self.slots = slots
    }
}

/// Multiply and fold over eight bytes at a time.
func termHash(_ term: UnsafeRawBufferPointer) -> UInt64 {
    var hash = UInt64(term.count) &* 0x9E37_79B9_7F4A_7C15
    var index = 0
    while index + 8 <= term.count {
        hash = fold(hash ^ term.little(UInt64.self, at: index))
        index += 8
    }
    var rest: UInt64 = 0
    while index < term.count {
        rest = rest << 8 | UInt64(term[index])
        index += 1
    }
    return fold(hash ^ rest)
}

@inline(__always)
private func fold(_ word: UInt64) -> UInt64 {
    let product = (word ^ 0xE703_7ED1_A0B4_28DB).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
    return product.high ^ product.low
}

/// The first eight bytes as a number that orders as the bytes do.
@inline(__always)
func orderingPrefix(_ term: UnsafeRawBufferPointer) -> UInt64 {
    if term.count >= 8 { return term.little(UInt64.self, at: 0).byteSwapped }
    var prefix: UInt64 = 0
    for index in 0..<8 {
        prefix = prefix << 8 | (index < term.count ? UInt64(term[index]) : 0)
    }
    return prefix
}

/// Whether `left` comes before `right` by unsigned bytes, shorter first.
func precedes(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    let common = min(left.count, right.count)
    for index in 0..<common where left[index] != right[index] { return left[index] < right[index] }
    return left.count < right.count
}
