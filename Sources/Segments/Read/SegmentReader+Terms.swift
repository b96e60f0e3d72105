internal import Bytes

/// Where a term's postings are.
package struct SegmentTermEntry: Hashable, Sendable {
    /// How many chunks hold the term.
    package let chunkCount: Int
    let postings: Range<Int>
}

/// The chunks that hold a term, ascending, and how often each does.
package struct SegmentPostings: Hashable, Sendable {
    package var chunks: [UInt32] = []
    package var counts: [UInt32] = []

    package init() {}
}

extension SegmentReader {
    /// Finds a term.
    ///
    /// - Complexity: O(log terms), then at most 63 terms of its block.
    package func term(_ term: [UInt8]) throws -> SegmentTermEntry? {
        guard self.termCount > 0 else { return nil }
        return try term.withUnsafeBytes { wanted in
            // The wanted term is in the last block whose first term is not above it.
            let above = try lowerBound(of: self.termBlockCount) { index in
                try self.withTermBlock(index) { block in
                    try block.advance()
                    return block.isAbove(wanted)
                }
            }
            guard above > 0 else { return nil }
            return try self.withTermBlock(above - 1) { block in
                while block.remaining > 0 {
                    try block.advance()
                    if block.term.elementsEqual(wanted) { return block.entry }
                    if block.isAbove(wanted) { return nil }
                }
                return nil
            }
        }
    }

    /// Replaces `target` with the postings of a term of this segment.
    package func postings(
        of entry: SegmentTermEntry,
        into target: inout SegmentPostings
    ) throws {
        target.chunks.removeAll(keepingCapacity: true)
        target.counts.removeAll(keepingCapacity: true)
        // What the entry says may be damaged; no list is longer than the chunks.
        target.chunks.reserveCapacity(min(entry.chunkCount, self.chunkCount))
        target.counts.reserveCapacity(min(entry.chunkCount, self.chunkCount))
        try self.withSection(.postings) { bytes in
            var cursor = ByteCursor(UnsafeRawBufferPointer(rebasing: bytes[entry.postings]))
            var next = 0
            let limit = self.chunkCount
            while !cursor.isAtEnd {
                guard let code = cursor.varint(), code >> 1 < UInt64(limit - next) else {
                    throw self.corrupt("postings name a chunk that is not there")
                }
                let chunk = next + Int(code >> 1)
                var count = 1
                if code & 1 == 0 {
                    guard let more = cursor.count(atMost: Int(UInt32.max) - 2) else {
                        throw self.corrupt("postings end early")
                    }
                    count = more + 2
                }
                target.chunks.append(UInt32(chunk))
                target.counts.append(UInt32(count))
                next = chunk + 1
            }
        }
        guard target.chunks.count == entry.chunkCount else {
            throw self.corrupt(
                "a term has \(target.chunks.count) postings, expected \(entry.chunkCount)"
            )
        }
    }

    /// Calls `body` with every term in ascending order.
    package func forEachTerm(
        _ body: (UnsafeRawBufferPointer, SegmentTermEntry) throws -> Void
    ) throws {
        for number in 0..<self.termBlockCount {
            try self.withTermBlock(number) { block in
                while block.remaining > 0 {
                    try block.advance()
                    try block.term.withUnsafeBytes { try body($0, block.entry) }
                }
                guard block.cursor.isAtEnd else {
                    throw self.corrupt("term block \(number) is longer than its terms")
                }
            }
        }
    }

    private var termBlockCount: Int { self.byteCount(.termIndex) / 8 - 1 }

    private func withTermBlock<Result>(
        _ number: Int,
        _ body: (inout TermBlock) throws -> Result
    ) throws -> Result {
        let (start, end) = self.withSection(.termIndex) {
            (
                Int(clamping: $0.little(UInt64.self, at: 8 * number)),
                Int(clamping: $0.little(UInt64.self, at: 8 * number + 8))
            )
        }
        guard start < end, end <= self.byteCount(.terms) else {
            throw self.corrupt("term block \(number) lies outside the file")
        }
        let inBlock = min(
            SegmentFormat.termsPerBlock,
            self.termCount - number * SegmentFormat.termsPerBlock
        )
        return try self.withSection(.terms) { bytes in
            var block = try TermBlock(
                ByteCursor(UnsafeRawBufferPointer(rebasing: bytes[start..<end])),
                termCount: inBlock,
                postingsByteCount: self.byteCount(.postings),
                damaged: self.corrupt("term block \(number) cannot be read")
            )
            return try body(&block)
        }
    }
}

/// Walks the front-coded terms of one block.
private struct TermBlock {
    var cursor: ByteCursor
    private(set) var remaining: Int
    private(set) var term: [UInt8] = []
    private(set) var entry = SegmentTermEntry(chunkCount: 0, postings: 0..<0)
    private let postingsByteCount: Int
    private let damaged: SegmentError

    init(
        _ cursor: ByteCursor,
        termCount: Int,
        postingsByteCount: Int,
        damaged: SegmentError
    ) throws {
        self.cursor = cursor
        self.remaining = termCount
        self.postingsByteCount = postingsByteCount
        self.damaged = damaged
        guard let start = self.cursor.count(atMost: postingsByteCount) else { throw damaged }
        self.entry = SegmentTermEntry(chunkCount: 0, postings: start..<start)
    }

    /// Whether the current term comes after `wanted`.
    func isAbove(_ wanted: UnsafeRawBufferPointer) -> Bool {
        self.term.withUnsafeBytes { precedes(wanted, $0) }
    }

    mutating func advance() throws {
        let start = self.entry.postings.upperBound
        guard let shared = self.cursor.count(atMost: self.term.count),
            let ownByteCount = self.cursor.count(
                atMost: SegmentFormat.termByteCountMax - shared
            ),
            let own = self.cursor.slice(ownByteCount),
            let chunkCount = self.cursor.count(atMost: Int(UInt32.max)),
            let byteCount = self.cursor.count(atMost: self.postingsByteCount - start)
        else { throw self.damaged }
        self.term.removeSubrange(shared...)
        self.term.append(contentsOf: own)
        self.entry = SegmentTermEntry(
            chunkCount: chunkCount,
            postings: start..<start + byteCount
        )
        self.remaining -= 1
    }
}
