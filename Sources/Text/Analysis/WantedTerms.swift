/// Some terms that texts are looked through for, each known by its place among them.
package struct WantedTerms: Sendable {
    private let terms: [[UInt8]]
    private let packed: [PackedTerm]
    /// The place of a term plus one, or 0 where the slot is empty; at most a quarter are taken.
    private var slots: [UInt32]

    /// - Precondition: `terms` are distinct and ascend by bytes, as those of ``TermCounts`` do.
    package init(_ terms: [[UInt8]]) {
        self.terms = terms
        self.packed = terms.map { term in
            var padded = Array(term.prefix(PackedTerm.byteCount))
            padded += repeatElement(0, count: PackedTerm.byteCount)
            return padded.withUnsafeBytes { bytes in
                PackedTerm(
                    low: bytes.loadUnaligned(as: UInt64.self),
                    high: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
                )
            }
        }
        var slotCount = 16
        while slotCount < 4 * terms.count { slotCount *= 2 }
        self.slots = [UInt32](repeating: 0, count: slotCount)
        for (place, term) in self.packed.enumerated() {
            var slot = Int(truncatingIfNeeded: term.hash) & (slotCount - 1)
            while self.slots[slot] != 0 { slot = (slot + 1) & (slotCount - 1) }
            self.slots[slot] = UInt32(place + 1)
        }
    }

    package var isEmpty: Bool { self.terms.isEmpty }

    /// The place of a term; nil for one that is not wanted.
    ///
    /// - Parameter tail: Its bytes after the first 16.
    func place(of packed: PackedTerm, byteCount: Int, tail: ArraySlice<UInt8>) -> Int? {
        let mask = self.slots.count - 1
        var slot = Int(truncatingIfNeeded: packed.hash) & mask
        while self.slots[slot] != 0 {
            let place = Int(self.slots[slot]) - 1
            if self.packed[place] == packed, self.terms[place].count == byteCount,
                self.terms[place].dropFirst(PackedTerm.byteCount).elementsEqual(tail)
            {
                return place
            }
            slot = (slot + 1) & mask
        }
        return nil
    }
}

extension TermAnalyzer {
    /// Replaces `places` by those of the wanted terms that `text` has, ascending.
    ///
    /// As ``analyze(_:in:into:)`` would find them, without a table of all.
    package mutating func find(
        _ wanted: WantedTerms,
        in text: UnsafeBufferPointer<UInt8>,
        of inflections: LightStemmer? = nil,
        into places: inout [Int]
    ) {
        self.read(text, in: inflections)
        self.table.take(wanted, into: &places)
    }
}

extension TermTable {
    /// Replaces `places` by those of the wanted terms that were added, ascending, and empties the table.
    mutating func take(_ wanted: WantedTerms, into places: inout [Int]) {
        places.removeAll(keepingCapacity: true)
        self.forEach { packed, byteCount, tail in
            if let place = wanted.place(of: packed, byteCount: byteCount, tail: tail) {
                places.append(place)
            }
        }
        places.sort()
        self.removeAll()
    }
}
