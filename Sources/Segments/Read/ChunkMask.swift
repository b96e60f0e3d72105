internal import CKernels

/// Some of a segment's chunks, one bit each.
package struct ChunkMask: Hashable, Sendable {
    package let chunkCount: Int
    /// Chunk *i* is bit *i* mod 64 of word *i* / 64; bits beyond the last chunk are zero.
    package private(set) var words: [UInt64]

    /// The empty set.
    package init(chunkCount: Int) {
        self.chunkCount = chunkCount
        self.words = [UInt64](repeating: 0, count: (chunkCount + 63) / 64)
    }

    /// All chunks.
    package init(allOf chunkCount: Int) {
        self.init(chunkCount: chunkCount)
        for word in self.words.indices { self.words[word] = .max }
        let used = chunkCount % 64
        if used > 0, let last = self.words.indices.last {
            self.words[last] = .max >> UInt64(64 - used)
        }
    }

    /// Those that `isMember` names.
    init(_ isMember: [Bool]) {
        self.init(chunkCount: isMember.count)
        for (chunk, isIn) in isMember.enumerated() where isIn {
            self.words[chunk / 64] |= 1 << UInt64(chunk % 64)
        }
    }

    package func contains(_ chunk: Int) -> Bool {
        precondition(0..<self.chunkCount ~= chunk, "no such chunk row")
        return self.words[chunk / 64] >> UInt64(chunk % 64) & 1 == 1
    }

    package mutating func insert(_ chunks: Range<Int>) {
        precondition(0 <= chunks.lowerBound && chunks.upperBound <= self.chunkCount)
        for chunk in chunks { self.words[chunk / 64] |= 1 << UInt64(chunk % 64) }
    }

    /// - Precondition: `other` is of as many chunks.
    package mutating func formIntersection(_ other: ChunkMask) {
        precondition(self.chunkCount == other.chunkCount, "sets of different segments")
        for (word, bits) in other.words.enumerated() { self.words[word] &= bits }
    }

    /// - Precondition: `other` is of as many chunks.
    package mutating func subtract(_ other: ChunkMask) {
        precondition(self.chunkCount == other.chunkCount, "sets of different segments")
        for (word, bits) in other.words.enumerated() { self.words[word] &= ~bits }
    }

    /// Makes the values of all other chunks of a window -infinity.
    ///
    /// - Parameter start: The window's first chunk.
    /// - Precondition: `values` has one value a chunk of the window, which starts at a multiple of 64.
    package func mask(_ values: UnsafeMutableBufferPointer<Float>, from start: Int) {
        precondition(start % 64 == 0 && start + values.count <= self.chunkCount, "a window")
        self.words.withUnsafeBufferPointer { words in
            guard let bits = words.baseAddress, let target = values.baseAddress else { return }
            mr_mask_rows(bits + start / 64, 0, values.count, target)
        }
    }
}
