/// Collects the terms of chunks and turns them into one sorted run.
///
/// A run holds, for each term by ascending bytes: the term's byte count and bytes, how many chunks
/// hold it, the last of them, and the byte count and bytes of its postings; numbers are varints.
/// Behind the postings are the byte count and bytes of the positions: for each posting the first, then the
/// steps to the next. A posting is `2 * (gap - 1) + once`, the gap counted from the chunk before (-1 at first) and
/// `once` 1 for a term that occurs once; otherwise its count less 2 follows.
struct PostingsAccumulator {
    private var table = TermTable()
    private var numbers: [UInt32] = []
    private var counts: [UInt32] = []
    /// The chunks, and where the terms of each end in `numbers`.
    private var chunks: [UInt32] = []
    private var ends: [Int] = []
    /// As steps; and where those of each of `numbers` begin.
    private var positions: [UInt32] = []
    private var positionStarts: [UInt32] = []

    var isEmpty: Bool { self.chunks.isEmpty }

    /// Bytes held, twice over for the postings: making a run sorts them into a copy.
    var byteCount: Int {
        self.table.byteCount * 2 + self.numbers.count * 24 + self.positions.count * 6
    }

    mutating func add(_ terms: borrowing SegmentTerms, chunk: Int) {
        self.table.append(terms, to: &self.numbers)
        self.counts.append(contentsOf: terms.counts)
        if !terms.positions.isEmpty { self.addPositions(of: terms) }
        self.chunks.append(UInt32(chunk))
        self.ends.append(self.numbers.count)
    }

    private mutating func addPositions(of terms: borrowing SegmentTerms) {
        var place = 0
        for count in terms.counts {
            self.positionStarts.append(UInt32(self.positions.count))
            var previous: UInt32 = 0
            for _ in 0..<count {
                let position = terms.positions[place]
                self.positions.append(position - previous)
                previous = position
                place += 1
            }
        }
    }

    /// Writes the run and starts over.
    mutating func write(to run: Spill) throws {
        let order = self.table.sortedNumbers()
        let (starts, postings, origins) = self.sorted(by: order)
        var encoded: [UInt8] = []
        var encodedPositions: [UInt8] = []
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
            encodedPositions.removeAll(keepingCapacity: true)
            if !origins.isEmpty {
                for place in Int(starts[rank])..<Int(starts[rank + 1]) {
                    let count = postings[place] & 0xFFFF_FFFF
                    self.append(Int(count), from: Int(origins[place]), to: &encodedPositions)
                }
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
            encoded.append(varint: UInt64(encodedPositions.count))
            try run.append(encoded)
            try run.append(encodedPositions)
        }
        self = PostingsAccumulator()
    }

    /// Appends the positions of one posting: `count` of them, of the term at `origin` of `numbers`.
    private func append(_ count: Int, from origin: Int, to bytes: inout [UInt8]) {
        let start = Int(self.positionStarts[origin])
        for step in self.positions[start..<start + count] { bytes.append(varint: UInt64(step)) }
    }

    /// The postings (chunk, count) grouped by the term's rank, chunks ascending in each group; and which of
    /// `numbers` each was.
    private func sorted(
        by order: [UInt32]
    ) -> (starts: [UInt32], postings: [UInt64], origins: [UInt32]) {
        var ranks = [UInt32](repeating: 0, count: order.count)
        for (rank, number) in order.enumerated() { ranks[Int(number)] = UInt32(rank) }
        var starts = [UInt32](repeating: 0, count: order.count + 1)
        for number in self.numbers { starts[Int(ranks[Int(number)]) + 1] += 1 }
        for rank in 0..<order.count { starts[rank + 1] += starts[rank] }
        var next = starts
        let total = self.numbers.count
        var origins = [UInt32](repeating: 0, count: self.positionStarts.isEmpty ? 0 : total)
        let postings = [UInt64](unsafeUninitializedCapacity: total) { target, count in
            var index = 0
            for (position, chunk) in self.chunks.enumerated() {
                while index < self.ends[position] {
                    let rank = Int(ranks[Int(self.numbers[index])])
                    target[Int(next[rank])] = UInt64(chunk) << 32 | UInt64(self.counts[index])
                    if !origins.isEmpty { origins[Int(next[rank])] = UInt32(index) }
                    next[rank] += 1
                    index += 1
                }
            }
            count = total
        }
        return (starts, postings, origins)
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
