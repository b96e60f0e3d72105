/// Counts the terms of one text: open addressing, emptied and reused for the next text.
struct TermTable {
    private struct Term {
        var packed: PackedTerm
        /// Where the bytes after the first 16 lie in `tails`.
        var tail: UInt32
        var byteCount: UInt32
        var count: UInt32
        var slot: UInt32
    }

    private var terms: [Term] = []
    private var tails: [UInt8] = []
    /// The index of a term plus one, or 0 where the slot is empty; at most half are taken.
    private var slots = [UInt32](repeating: 0, count: 1024)
    /// The terms as they come, each with the number of words before it.
    private var occurrences: [(term: UInt32, position: UInt32)] = []
    private var order: [(key: UInt64, term: UInt32)] = []
    /// How many words were added, but for those the caller takes out again.
    var length = 0

    /// Counts a term of up to 16 bytes.
    @inline(__always)
    mutating func add(_ packed: PackedTerm, count byteCount: Int) {
        let position = UInt32(truncatingIfNeeded: self.length)
        self.length &+= 1
        let mask = self.slots.count &- 1
        var slot = Int(truncatingIfNeeded: packed.hash) & mask
        while true {
            let index = self.slots[slot]
            if index == 0 { break }
            if self.terms[Int(index) &- 1].packed == packed,
                self.terms[Int(index) &- 1].byteCount == UInt32(truncatingIfNeeded: byteCount)
            {
                self.terms[Int(index) &- 1].count &+= 1
                self.occurrences.append((index &- 1, position))
                return
            }
            slot = (slot &+ 1) & mask
        }
        self.occurrences.append((UInt32(truncatingIfNeeded: self.terms.count), position))
        self.insert(packed, byteCount, slot)
    }

    /// Counts a term of more than 16 bytes.
    mutating func add(_ bytes: UnsafeBufferPointer<UInt8>, _ packed: PackedTerm) {
        let position = UInt32(truncatingIfNeeded: self.length)
        self.length += 1
        let mask = self.slots.count - 1
        var slot = Int(truncatingIfNeeded: packed.hash &+ UInt64(bytes.count)) & mask
        while self.slots[slot] != 0 {
            let index = Int(self.slots[slot]) - 1
            if self.terms[index].packed == packed, self.hasTail(index, bytes) {
                self.terms[index].count += 1
                self.occurrences.append((UInt32(index), position))
                return
            }
            slot = (slot + 1) & mask
        }
        self.occurrences.append((UInt32(self.terms.count), position))
        self.insert(packed, bytes.count, slot)
        self.tails.append(contentsOf: bytes.dropFirst(PackedTerm.byteCount))
    }

    private func hasTail(_ index: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let term = self.terms[index]
        guard term.byteCount == bytes.count else { return false }
        return self.tail(of: term).elementsEqual(bytes.dropFirst(PackedTerm.byteCount))
    }

    private func tail(of term: Term) -> ArraySlice<UInt8> {
        let count = max(0, Int(term.byteCount) - PackedTerm.byteCount)
        return self.tails[Int(term.tail)..<Int(term.tail) + count]
    }

    @inline(never)
    private mutating func insert(_ packed: PackedTerm, _ byteCount: Int, _ slot: Int) {
        self.terms.append(
            Term(
                packed: packed,
                tail: UInt32(self.tails.count),
                byteCount: UInt32(byteCount),
                count: 1,
                slot: UInt32(slot)
            )
        )
        self.slots[slot] = UInt32(self.terms.count)
        if self.terms.count * 2 > self.slots.count { self.grow() }
    }

    private mutating func grow() {
        self.slots = Array(repeating: 0, count: self.slots.count * 2)
        let mask = self.slots.count - 1
        for index in self.terms.indices {
            let term = self.terms[index]
            let isLong = Int(term.byteCount) > PackedTerm.byteCount
            let hash = term.packed.hash &+ (isLong ? UInt64(term.byteCount) : 0)
            var slot = Int(truncatingIfNeeded: hash) & mask
            while self.slots[slot] != 0 { slot = (slot + 1) & mask }
            self.slots[slot] = UInt32(index + 1)
            self.terms[index].slot = UInt32(slot)
        }
    }

    /// Writes the terms in byte order and empties the table.
    mutating func move(to output: inout TermCounts) {
        output.removeAll()
        self.sortTerms()
        for (_, index) in self.order {
            let term = self.terms[Int(index)]
            withUnsafeBytes(of: (term.packed.low.littleEndian, term.packed.high.littleEndian)) {
                let head = min(Int(term.byteCount), PackedTerm.byteCount)
                output.bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: $0[..<head]))
            }
            if term.byteCount > PackedTerm.byteCount {
                output.bytes.append(contentsOf: self.tail(of: term))
            }
            output.offsets.append(UInt32(output.bytes.count))
            output.counts.append(term.count)
        }
        self.movePositions(to: &output.positions)
        output.length = self.length
        self.removeAll()
    }

    /// Calls `body` with the first 16 bytes of each term, how many bytes it has, and those after the first 16.
    @inline(__always)
    func forEach(_ body: (PackedTerm, Int, ArraySlice<UInt8>) -> Void) {
        for term in self.terms {
            let isLong = Int(term.byteCount) > PackedTerm.byteCount
            body(term.packed, Int(term.byteCount), isLong ? self.tail(of: term) : [])
        }
    }

    /// Puts the occurrences in the order of the terms.
    private func movePositions(to output: inout [UInt32]) {
        var next = [UInt32](repeating: 0, count: self.terms.count)
        var start: UInt32 = 0
        for (_, index) in self.order {
            next[Int(index)] = start
            start += self.terms[Int(index)].count
        }
        output.append(contentsOf: repeatElement(0, count: self.occurrences.count))
        for (term, position) in self.occurrences {
            output[Int(next[Int(term)])] = position
            next[Int(term)] += 1
        }
    }

    private mutating func sortTerms() {
        // Taken out while the order of terms is read from `self`.
        var order = self.order
        self.order = []
        order.removeAll(keepingCapacity: true)
        for (index, term) in self.terms.enumerated() {
            order.append((term.packed.low.bigEndian, UInt32(index)))
        }
        order.sort { left, right in
            left.key != right.key ? left.key < right.key : self.precedes(left.term, right.term)
        }
        self.order = order
    }

    private func precedes(_ left: UInt32, _ right: UInt32) -> Bool {
        let left = self.terms[Int(left)]
        let right = self.terms[Int(right)]
        if left.packed != right.packed { return PackedTerm.isAscending(left.packed, right.packed) }
        return self.tail(of: left).lexicographicallyPrecedes(self.tail(of: right))
    }

    mutating func removeAll() {
        if self.slots.count > 1 << 16 {
            // One huge text made it large; a chunk needs a few hundred slots.
            self = TermTable()
            return
        }
        for term in self.terms { self.slots[Int(term.slot)] = 0 }
        self.terms.removeAll(keepingCapacity: true)
        self.tails.removeAll(keepingCapacity: true)
        self.occurrences.removeAll(keepingCapacity: true)
        self.length = 0
    }
}
