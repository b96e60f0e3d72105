/// Words by their hashes (``nameWord``): one look for nearly every word that is not in it.
struct WordSet: Sendable {
    private let slots: [UInt64]
    private let mask: Int

    /// - Input: words in lower case, parted by white space.
    init(_ words: String) {
        let hashes = words.utf8.split(whereSeparator: { $0 <= .space }).map { NameTable.hash($0) }
        var capacity = 16
        while capacity < hashes.count * 4 { capacity *= 2 }
        self.mask = capacity - 1
        var slots = [UInt64](repeating: 0, count: capacity)
        for hash in hashes {
            var index = Int(truncatingIfNeeded: hash) & self.mask
            while slots[index] != 0, slots[index] != hash { index = (index + 1) & self.mask }
            slots[index] = hash
        }
        self.slots = slots
    }

    @inline(__always)
    func contains(_ hash: UInt64) -> Bool {
        self.slots.withUnsafeBufferPointer { slots in
            var index = Int(truncatingIfNeeded: hash) & self.mask
            while slots[index] != 0 {
                if slots[index] == hash { return true }
                index = (index + 1) & self.mask
            }
            return false
        }
    }
}
