/// Collects the terms of chunks and turns them into one sorted run.
///
/// A run holds, for each term by ascending bytes: the term's byte count and bytes, how many chunks
/// hold it, the last of them, and the byte count and bytes of its postings; numbers are varints.
/// A posting is `2 * (gap - 1) + once`, the gap counted from the chunk before (-1 at first) and
/// `once` 1 for a term that occurs once; otherwise its count less 2 follows.
struct PostingsAccumulator {
    private var table = TermTable()
    private var numbers: [UInt32] = []
    private var counts: [UInt32] = []
    /// The chunks, and where the terms of each end in `numbers`.
    private var chunks: [UInt32] = []
    private var ends: [Int] = []

    var isEmpty: Bool { self.chunks.isEmpty }

    /// Bytes held, twice over for the postings: making a run sorts them into a copy.
    var byteCount: Int { self.table.byteCount * 2 + self.numbers.count * 16 }

    mutating func add(_ terms: borrowing SegmentTerms, chunk: Int) {
        self.table.append(terms, to: &self.numbers)
        self.counts.append(contentsOf: terms.counts)
        self.chunks.append(UInt32(chunk))
        self.ends.append(self.numbers.count)
    }

    /// Writes the run and starts over.
    mutating func write(to run: Spill) throws {
        let order = self.table.sortedNumbers()
        let (starts, postings) = self.sorted(by: order)
        var encoded: [UInt8] = []
        for (rank, number) in order.enumerated() {
            let list = postings[Int(starts[rank])..<Int(starts[rank + 1])]
            encoded.removeAll(keepingCapacity: true)
            var previous: Int64 = -1
            for posting in list {
                encoded.append(
                    chunk: Int64(posting >> 32),
                    after: previous,
                    count: posting & 0xFFFF_FFFF
                )
                previous = Int64(posting >> 32)
            }
            var head: [UInt8] = []
            self.table.withTerm(Int(number)) {
                head.append(varint: UInt64($0.count))
                head.append(contentsOf: $0)
            }
            head.append(varint: UInt64(list.count))
            head.append(varint: UInt64(previous))
            head.append(varint: UInt64(encoded.count))
            try run.append(head)
            try run.append(encoded)
        }
        self = PostingsAccumulator()
    }

    /// The postings (chunk, count) grouped by the term's rank, chunks ascending in each group.
    private func sorted(by order: [UInt32]) -> (starts: [UInt32], postings: [UInt64]) {
        var ranks = [UInt32](repeating: 0, count: order.count)
        for (rank, number) in order.enumerated() { ranks[Int(number)] = UInt32(rank) }
        var starts = [UInt32](repeating: 0, count: order.count + 1)
        for number in self.numbers { starts[Int(ranks[Int(number)]) + 1] += 1 }
        for rank in 0..<order.count { starts[rank + 1] += starts[rank] }
        var next = starts
        let total = self.numbers.count
        let postings = [UInt64](unsafeUninitializedCapacity: total) { target, count in
            var index = 0
            for (position, chunk) in self.chunks.enumerated() {
                while index < self.ends[position] {
                    let rank = Int(ranks[Int(self.numbers[index])])
                    target[Int(next[rank])] = UInt64(chunk) << 32 | UInt64(self.counts[index])
                    next[rank] += 1
                    index += 1
                }
            }
            count = total
        }
        return (starts, postings)
    }
}

extension [UInt8] {
    @inline(__always)
    mutating func append(chunk: Int64, after previous: Int64, count: UInt64) {
        let gap = UInt64(chunk - previous - 1)
        self.append(varint: gap << 1 | (count == 1 ? 1 : 0))
        if count != 1 { self.append(varint: count - 2) }
    }
}
